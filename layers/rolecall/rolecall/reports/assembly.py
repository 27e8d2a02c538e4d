"""Makes the document of a run: every line is looked at once, and counted.

Everything in it comes from the lines of one run (:class:`~rolecall.reports.report.Line`), its
heading, and what the registry said beside; nothing is looked up again. A report of very many
findings shows the worst and says how many there are: the table has them all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from rolecall.controls.audience import CONFIDENTIAL
from rolecall.controls.context import Context
from rolecall.controls.control import Control
from rolecall.controls.populations import CLOSED_ACCOUNTS
from rolecall.engine import Coverage
from rolecall.finding import rank
from rolecall.model import Policy, Snapshot, Subject
from rolecall.naming import Called, GivenNames, Spoken
from rolecall.reports.account_rows import AccountRow, Holder
from rolecall.reports.counts import AccountTally, Checks
from rolecall.reports.document import (
    MOST_ENTITIES,
    MOST_ROWS,
    AcceptedFinding,
    ControlSection,
    EntitySection,
    ReportDocument,
)
from rolecall.reports.facts import Facts, HeldAccount, Holders, RoleHolder, ShownPerson
from rolecall.reports.framework_sections import framework_sections
from rolecall.reports.gathering import Gathering, Interests
from rolecall.reports.labels import label
from rolecall.reports.reasons import waiver_in_words
from rolecall.reports.report import FindingLine
from rolecall.reports.trend import trend_point
from rolecall.run import Heading, Run
from rolecall.texts import Texts, texts_of

__all__ = ["document_of"]


def document_of(
    heading: Heading,
    lines: Iterable[FindingLine],
    controls: Mapping[str, Control[Any]],
    facts: Facts,
    *,
    most: int = MOST_ROWS,
) -> ReportDocument:
    """Return what a report of a run says.

    :param lines: in the order of every report: the worst first.
    :param most: rows to show one by one.
    """
    holders, run = facts.holders, heading.run
    gathered = Gathering(_interests(heading, controls, facts, most))
    for line in lines:
        gathered.add(line)
    sections, entity = gathered.sections(), run.scope.entity
    counted = {one.control: one for one in heading.coverage}
    stand = texts_of(facts.language), counted, controls, gathered.by_control
    return ReportDocument(
        run=run,
        organisation=holders.organisation,
        most=most,
        is_counted=bool(counted),
        is_first=run.number == 1,
        scope="" if entity is None else holders.entities.get(entity, entity),
        unknown_records=heading.unknown_records,
        problems=heading.problems,
        summary=heading.summary,
        tally=AccountTally(heading.summary.subjects_checked.get("account"), gathered.by_worst),
        checks=_sum(heading.coverage),
        trend=(*facts.trend, trend_point(run, heading.summary)),
        changes={name: tuple(rows) for name, rows in gathered.changes.items()},
        worst=gathered.worst,
        **_by_entity(sections),
        **_apart(gathered, facts),
        controls=_controls(*stand),
        frameworks=framework_sections(*stand, facts.citations),
        accepted=_accepted(heading, controls, gathered, facts),
        **_held(stand[0], holders, gathered.against),
        checkpoint=facts.checkpoint,
        digest=facts.digest,
        language=facts.language,
    )


def _interests(
    heading: Heading, controls: Mapping[str, Control[Any]], facts: Facts, most: int
) -> Interests:
    return Interests(
        names=facts.holders.entities,
        heads=facts.holders.heads,
        most=most,
        accounts={account.id: account for account in facts.holders.accounts or ()},
        has_annex=facts.with_incidents,
        website=texts_of(facts.language).words("reports")["website"],
        accepted={(one.control, one.subject) for one in heading.waivers},
        of_closed={id_ for id_, one in controls.items() if one.subjects is CLOSED_ACCOUNTS},
    )


def _by_entity(sections: Sequence[EntitySection]) -> dict[str, Any]:
    hidden = sections[MOST_ENTITIES:]
    return {
        "entities": tuple(sections[:MOST_ENTITIES]),
        "more_entities": len(hidden),
        "more_findings": sum(sum(section.standing.values()) for section in hidden),
    }


def _apart(gathered: Gathering, facts: Facts) -> dict[str, Any]:
    """Return what a report says of what it has, and has not."""
    return {
        "has_annex": facts.with_incidents,
        "incidents": tuple(gathered.annex),
        "more_incidents": gathered.more_annex,
        "left_out": dict(gathered.left_out),
        "unmade": facts.unmade,
    }


def _accepted(
    heading: Heading,
    controls: Mapping[str, Control[Any]],
    gathered: Gathering,
    facts: Facts,
) -> tuple[AcceptedFinding, ...]:
    """Return what was accepted, by the names of things and people, as far as they are known."""
    texts, names = texts_of(facts.language), facts.holders.names
    found = []

    def called(id_: str) -> str:
        return names.get("people", {}).get(id_, id_)

    for one in heading.waivers:
        if one.subject.kind in CONFIDENTIAL and not facts.with_incidents:
            continue
        control = controls.get(one.control)
        found.append(
            AcceptedFinding(
                one.control,
                texts.control(control).title if control else one.control,
                gathered.labels.get((one.control, one.subject))
                or _named(one.subject, names, heading.run, texts),
                one.subject,
                one.reason,
                tuple(map(called, one.approved_by)),
                one.expires,
                one.standing,
                waiver_in_words(texts, one, called),
            )
        )
    return tuple(found)


def _named(subject: Subject, names: Called, run: Run, texts: Texts) -> str:
    """Return what a subject is called of which no finding tells."""
    keys = Spoken(subject, GivenNames(names)).keys
    context = Context(Snapshot(), Policy(name=run.policy.name), run.as_of)
    return label(subject, keys, context, texts.words("reports"))


def _held(
    texts: Texts, holders: Holders, against: Mapping[tuple[str, str], Sequence[str]]
) -> dict[str, Any]:
    roles = texts.groups("values")["role"]
    rows = tuple(_account(one, holders.entities, roles, against) for one in holders.accounts or ())
    return {
        "accounts": None if holders.accounts is None else rows,
        "more_accounts": holders.more,
    }


def _sum(coverage: Sequence[Coverage]) -> Checks:
    return Checks(
        sum(one.passed for one in coverage),
        sum(one.failed for one in coverage),
        sum(one.not_evaluated for one in coverage),
        sum(one.reported for one in coverage),
    )


def _controls(
    texts: Texts,
    counted: Mapping[str, Coverage],
    controls: Mapping[str, Control[Any]],
    standing: Mapping[str, int],
) -> tuple[ControlSection, ...]:
    """Return the controls that ran, those under which most stands first."""
    found = []
    for id_ in {*counted, *standing}:
        control, one = controls.get(id_), counted.get(id_)
        if control is None:
            continue
        told = texts.control(control)
        found.append(
            ControlSection(
                control.id,
                told.title,
                control.severity,
                told.rationale,
                told.remediation,
                standing.get(control.id, 0),
                Checks(one.passed, one.failed, one.not_evaluated) if one else None,
                one.reasons if one else {},
                told.record,
            )
        )
    return tuple(sorted(found, key=lambda c: (not c.standing, rank(c.severity), -c.standing, c.id)))


def _account(
    held: HeldAccount,
    names: Mapping[str, str],
    roles: Mapping[str, str],
    against: Mapping[tuple[str, str], Sequence[str]],
) -> AccountRow:
    def role_of(one: RoleHolder | ShownPerson) -> str:
        # A platform may have words of its own.
        return roles.get(one.role, one.role)

    holders = tuple(
        Holder(one.name, role_of(one), tuple(sorted(set(against.get((held.id, one.person), ())))))
        for one in held.holders
    )
    observed = tuple(replace(one, role=role_of(one)) for one in held.observed)
    return AccountRow(
        held.id,
        held.label,
        names.get(held.entity, held.entity),
        held.status,
        holders,
        *(held.url, observed, held.seen_on),
    )
