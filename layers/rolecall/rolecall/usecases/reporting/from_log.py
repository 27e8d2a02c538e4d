"""Reports of a run from the records of a log, with the names of a registry where one is at hand.

The log says what was found, counted and accepted. It holds no names, and not who holds what: those
come from the registry, and who holds what only from the very registry that the run looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date
from itertools import islice

from msgspec import Struct
from msgspec.structs import replace

from rolecall.controls.catalogue import catalogue
from rolecall.controls.context import Context
from rolecall.frameworks.citations import Citations
from rolecall.ledger.reading import AnyRecord, UnknownRecord
from rolecall.lifecycle import ReportedFinding
from rolecall.model import Policy, Snapshot, Subject
from rolecall.reports.facts import Facts, Holders
from rolecall.reports.material import Lines
from rolecall.reports.named_action import ToldActions
from rolecall.reports.report import wording
from rolecall.reports.trend import TrendPoint
from rolecall.reports.typesetter import TYPESETTER
from rolecall.run import Heading, Run, Summary, WaiverOutcome, summarise
from rolecall.usecases.reporting.actions_from_log import actions_of_log
from rolecall.usecases.reporting.per_entity import run_of_entity
from rolecall.usecases.runs.completion import Ended
from rolecall.usecases.runs.history import Runs, findings_of_entity
from rolecall.usecases.runs.role_holders import holders_of, spoken_of
from rolecall.vocabulary import Language

__all__ = ["LogReport", "Recounted", "recount", "recount_entity", "report_of_log"]


class Recounted(Struct, frozen=True, kw_only=True):
    """What the records alone say: all that a report counts.

    :ivar trend: the runs before, of the same scope; ``early_trend``, of any, is that of early
        releases.
    :ivar typesetter: the release of Typst by which the run's reports were typeset.
    :ivar unknown: records that may say something of findings, and that this release does not know.
    :ivar citations: the digest of what the policy of the run says beside references; ``None`` for
        nothing, or where the records are those of one entity.
    :ivar actions: the digest of what was to be done, likewise.
    """

    heading: Heading
    findings: Sequence[ReportedFinding]
    trend: Sequence[TrendPoint]
    early_trend: Sequence[TrendPoint] = ()
    typesetter: str = TYPESETTER
    unknown: int
    citations: str | None = None
    actions: str | None = None


class LogReport(Struct, frozen=True, kw_only=True):
    """A report to write in any format (:func:`~rolecall.usecases.reporting.files.files_of`).

    :ivar size: of the log at the seal after the run.
    :ivar actions: what is to be done; ``None`` where nobody knows.
    """

    size: int
    heading: Heading
    lines: Lines
    facts: Facts
    actions: ToldActions | None = None


def recount(
    records: Callable[[], Iterable[AnyRecord]], runs: Runs, run: Ended, entity: str | None
) -> Recounted:
    """Count what a run reported, of all or of one entity, without what is below it.

    Checks are counted for whole runs alone, and so are the runs before.

    :param records: gives those of the log, as often as asked.
    """
    if entity is None:
        found, unknown = runs.told(records(), run)
        return Recounted(
            heading=run.heading,
            findings=found,
            trend=runs.before(run),
            early_trend=runs.before_of_any_scope(run),
            typesetter=run.typesetter or TYPESETTER,
            unknown=unknown,
            citations=run.citations,
            actions=run.actions,
        )
    alone = recount_entity(records(), run.heading, entity)
    return replace(alone, typesetter=run.typesetter or TYPESETTER, citations=run.citations)


def recount_entity(records: Iterable[AnyRecord], heading: Heading, entity: str) -> Recounted:
    """Count what stands in one entity from its own records.

    :param heading: of the run, or of a report of it: what identifies the run is taken from it.
    """
    run = heading.run
    ours = [record for record in records if record.entity == entity]
    found = findings_of_entity(ours, entity, run.id)
    return Recounted(
        heading=Heading(
            run=run_of_entity(run, entity),
            summary=_summary(run, found),
            coverage=(),
            waivers=_applied(ours, {one.waiver for one in found}),
        ),
        findings=found,
        trend=(),
        unknown=sum(isinstance(one, UnknownRecord) and one.may_concern_findings for one in ours),
    )


def _summary(run: Run, found: Sequence[ReportedFinding]) -> Summary:
    """Count what was found as the release of the run did: that of the first catalogue says less.

    That a run went by the first catalogue, its record says, and the seal after it.
    """
    summary = summarise(found, {})
    if run.catalogue > 1:
        return summary
    return replace(summary, by_resolution={}, by_opening={}, standing_subjects=None)


def _applied(records: Iterable[AnyRecord], accepted: Collection[str | None]) -> list[WaiverOutcome]:
    """Return the waivers under which findings are accepted, as they were applied, by id."""
    found = {}
    for record in records:
        terms = record.payload
        if isinstance(record, UnknownRecord):
            continue
        if record.action == "waiver.applied" and terms["waiver"] in accepted:
            found[terms["waiver"]] = WaiverOutcome(
                *(terms["waiver"], terms["control"], record.subject or Subject("policy"), ""),
                *(terms["approved_by"], date.fromisoformat(terms["expires"]), "applied"),
            )
    return [found[id_] for id_ in sorted(found)]


def report_of_log(
    records: Callable[[], Iterable[AnyRecord]],
    name: str | None,
    entity: str | None,
    registry: Callable[[Ended], Context] | None,
    sealed: Callable[[Ended], tuple[int, bytes]],
    language: Language | None = None,
) -> LogReport:
    """Return the report of a run.

    :param records: gives those of the log, as often as asked.
    :param name: the number or the id of a run; ``None`` for the last one.
    :param entity: only what its own records say; ``None`` for all.
    :param registry: gives what has the names; called with the run.
    :param sealed: gives the size at the seal after a run, and the note that was signed then.
    :param language: in which to say it; by default that of the policy that comes with the names.
    :raises UsageError: there is no such run.
    """
    runs = Runs(records())
    run = runs.named(name)
    size, checkpoint = sealed(run)
    counted = recount(lambda: islice(records(), size), runs, run, entity)
    context = _context(run, registry, language)
    heading = replace(
        counted.heading,
        waivers=_told(counted.heading.waivers, context.policy),
        # What this release does not know, it may have counted wrong, whatever the run knew.
        unknown_records=max(counted.heading.unknown_records, counted.unknown),
    )
    line = wording(catalogue(), context)
    told = actions_of_log(lambda: islice(records(), size), runs, run, context)
    return LogReport(
        size=size,
        heading=heading,
        lines=lambda: map(line, counted.findings),
        facts=_facts(run, context, entity, counted, heading, checkpoint),
        actions=told.narrowed(entity) if told and entity else told,
    )


def _facts(
    run: Ended,
    context: Context,
    entity: str | None,
    counted: Recounted,
    heading: Heading,
    checkpoint: bytes,
) -> Facts:
    return Facts(
        holders=_holders(run, context, entity, heading),
        trend=counted.trend,
        checkpoint=checkpoint.decode(),
        citations=context.policy.citations,
        language=context.policy.language,
    )


def _context(
    run: Ended, registry: Callable[[Ended], Context] | None, language: Language | None
) -> Context:
    """Return what gives names, and the language in which people are told."""
    context = _nameless(run) if registry is None else _as_cited(run, registry(run))
    if language is None:
        return context
    return Context(context.snapshot, replace(context.policy, language=language), context.as_of)


def _nameless(run: Ended) -> Context:
    """Return a context that gives no names: ids stand in for them."""
    return Context(Snapshot(), Policy(name=run.run.policy.name), run.run.as_of)


def _as_cited(run: Ended, context: Context) -> Context:
    """Return a context that cites what the policy of the run did, or nothing of a policy."""
    policy = context.policy
    if policy.citations.digest == run.citations:
        return context
    uncited = replace(policy, citations=Citations())
    return Context(context.snapshot, uncited, context.as_of)


def _told(waivers: Iterable[WaiverOutcome], policy: Policy) -> list[WaiverOutcome]:
    """Return waivers with the reasons that were given for them."""
    reasons = {waiver.id: waiver.reason for waiver in policy.waivers}
    return [replace(one, reason=reasons.get(one.id, "")) for one in waivers]


def _holders(run: Ended, context: Context, entity: str | None, heading: Heading) -> Holders:
    entities = run.entities if entity is None else {entity}
    found = holders_of(context, entities)
    found = replace(found, names=spoken_of(found.names, heading.waivers))
    if context.snapshot.digest != run.run.registry.digest:
        return replace(found, accounts=None, more=0)
    return found
