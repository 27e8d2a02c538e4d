"""Audit a registry: evaluate, hold against the log, publish, and only then call the run done.

The order of effects: (1) the events of findings are appended to the log, (2) the report is
published, (3) ``run.completed`` is appended, (4) the log is sealed. A run that dies in between told
nobody, or did not say that it had: the next run reports the same findings as its own, and its seal
covers what this one left unsealed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec import Struct

from rolecall import __version__
from rolecall.controls.catalogue import catalogue
from rolecall.controls.context import Context
from rolecall.controls.versions import CATALOGUE_VERSION
from rolecall.engine import Evaluation, Scope, evaluate
from rolecall.errors import PolicyError, Problem, UsageError
from rolecall.finding import identity
from rolecall.finding_state import History, fold
from rolecall.ledger.event import Event
from rolecall.ledger.log import AuditLog, ReadableLog, append, records
from rolecall.ledger.reading import AnyRecord
from rolecall.lifecycle import Reconciled, reconcile
from rolecall.model import TABLES, Policy, Snapshot
from rolecall.registry.problems import suggestion
from rolecall.reports.report import Report, ordered
from rolecall.reports.typesetter import other_typesetter
from rolecall.run import PolicyInfo, RegistryInfo, Run, ScopeInfo, summarise
from rolecall.usecases.runs.chronology import Chronology, clock_corrected, is_backwards
from rolecall.usecases.runs.completion import completed
from rolecall.usecases.runs.role_holders import is_held
from rolecall.usecases.runs.told_actions import actions_told
from rolecall.vault.life import lives
from rolecall.vault.overlay import with_vault

if TYPE_CHECKING:
    from rolecall.ledger.note import Signer

__all__ = ["Limits", "check_entities", "run_audit", "subjects_checked"]


class Limits(Struct, frozen=True):
    """What an audit is limited to: an entity and everything below it, and certain controls."""

    entity: str | None = None
    controls: Sequence[str] = ()


def run_audit(
    snapshot: Snapshot,
    policy: Policy,
    as_of: datetime,
    publish: Callable[[Report], None],
    *,
    log: AuditLog | None = None,
    signer: Signer | None = None,
    limits: Limits | None = None,
    advance: Callable[[int], object] | None = None,
    past: ReadableLog | None = None,
    chronology: Chronology = "forward",
) -> Report:
    """Run one audit and return its report.

    :param publish: called with the report after its events are on record and before the run is;
        an exception from it leaves the run incomplete, and the next one says the same again.
    :param log: remembers the findings of earlier runs; without one every finding is new. What it
        says of the vault counts for more than the registry's logins.
    :param signer: seals the log at the end; without one the next seal will.
    :param past: in place of a log, one that is read and not written: what would be if it were.
    :param chronology: how it stands to the runs of the log.
    :raises UsageError: the limits name an entity or a control that there is not, or it is dated
        before the log's last run.
    :raises PolicyError: the policy overrides an entity that there is not.
    :raises AuditLogError: the log cannot be read or written.
    """
    limits = limits or Limits()
    secrets: list[AnyRecord] = []
    read = past if log is None else log
    history = History() if read is None else fold(_noted(records(read), secrets))
    history.keeps = is_backwards(as_of, history.last, "what-if" if log is None else chronology)
    context = Context(with_vault(snapshot, lives(secrets)), policy, as_of)
    check_entities(policy, context.entities)
    scope = _scope(limits, context)
    run = _run(context, limits, history.runs)
    evaluation = evaluate(context, catalogue().values(), scope, advance)
    outcome = reconcile(
        history, evaluation, context, catalogue(), scope, run.id, remembers=read is not None
    )
    report = _reported(run, context, evaluation, outcome, history.unknown)
    if log is None:
        publish(report)
        return report
    append(log, [*_correction(run, history), *outcome.events])
    publish(report)
    _end(log, _completed(report, scope), signer)
    return report


def _completed(report: Report, scope: Scope) -> Event:
    """Return the event that ends a run."""
    context = report.context
    held = sum(is_held(one, scope.entities) for one in context.accounts.values())
    digests = context.policy.citations.digest, report.actions_digest
    return completed(report.heading(), held, scope.entities, other_typesetter(), *digests)


def _correction(run: Run, history: History) -> list[Event]:
    if history.last is None or not history.keeps:
        return []
    return [clock_corrected(run, history.last)]


def _reported(
    run: Run, context: Context, evaluation: Evaluation, outcome: Reconciled, unknown: int
) -> Report:
    return Report(
        run=run,
        summary=summarise(outcome.findings, subjects_checked(evaluation)),
        coverage=list(evaluation.coverage.values()),
        waivers=list(outcome.rulings.values()),
        findings=ordered(outcome.findings),
        controls=catalogue(),
        context=context,
        unknown_records=unknown,
        actions=actions_told(outcome.findings, context),
    )


def _end(log: AuditLog, event: Event, signer: Signer | None) -> None:
    """Put the end of a run on record, and seal the log."""
    append(log, [event])
    if signer is not None:
        # It loads cryptography, which the audit of a batch has no use for.
        from rolecall.ledger.sealing import seal

        seal(log, signer)


def _noted(log: Iterable[AnyRecord], secrets: list[AnyRecord]) -> Iterator[AnyRecord]:
    """Pass the records of a log on, and note those of the vault: a log is read once."""
    for record in log:
        if record.action.startswith("secret."):
            secrets.append(record)
        yield record


def check_entities(policy: Policy, entities: Collection[str]) -> None:
    """Hold the overrides of a policy against the ids of a registry's entities.

    :raises PolicyError: it overrides an entity that there is not.
    """
    unknown = [id_ for id_ in policy.entities if id_ not in entities]
    if unknown:
        raise PolicyError(
            [
                Problem(
                    "policy.toml",
                    f"the registry has no such entity{suggestion(id_, entities)}",
                    column=f"entities.{id_}",
                )
                for id_ in unknown
            ]
        )


def _scope(limits: Limits, context: Context) -> Scope:
    for id_ in limits.controls:
        if id_ not in catalogue():
            raise UsageError(f"there is no control {id_}{suggestion(id_, catalogue())}")
    entities = None
    if limits.entity is not None:
        if limits.entity not in context.entities:
            near = suggestion(limits.entity, context.entities)
            raise UsageError(f"the registry has no entity {limits.entity}{near}")
        entities = context.below(limits.entity)
    return Scope(frozenset(limits.controls) or None, entities)


def _run(context: Context, limits: Limits, runs: int) -> Run:
    policy, snapshot = context.policy, context.snapshot
    controls = sorted(set(limits.controls)) or None
    parts = [context.as_of.isoformat(), policy.digest, snapshot.digest, limits.entity or ""]
    return Run(
        id=identity("run", str(runs), *parts, *(controls or ())),
        number=runs + 1,
        as_of=context.as_of,
        policy=PolicyInfo(policy.name, policy.version, policy.digest),
        registry=RegistryInfo(
            snapshot.digest, {table: len(getattr(snapshot, table)) for table in TABLES}
        ).told_to(limits.entity),
        scope=ScopeInfo(limits.entity, controls),
        rolecall=__version__,
        catalogue=CATALOGUE_VERSION,
    )


def subjects_checked(evaluation: Evaluation) -> dict[str, int]:
    """Count the subjects that were looked at, by kind: the largest population of each."""
    checked: Counter[str] = Counter()
    for id_, coverage in evaluation.coverage.items():
        kind = catalogue()[id_].subjects.kind
        checked[kind] = max(checked[kind], coverage.passed + coverage.failed)
    return dict(checked)
