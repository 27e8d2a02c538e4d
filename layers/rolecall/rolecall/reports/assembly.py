"""Makes the document of a run: every line is looked at once, and counted.

Everything in it comes from the lines of one run (:class:`~rolecall.reports.report.Line`), its
heading, and what the registry said beside; nothing is looked up again. A report of very many
findings shows the worst and says how many there are: the table has them all.
"""

from __future__ import annotations

from bisect import insort
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from operator import itemgetter
from typing import Any

from rolecall.controls.control import Control
from rolecall.engine import Coverage
from rolecall.finding import rank
from rolecall.model import SEVERITIES
from rolecall.reports.document import (
    MOST_ENTITIES,
    MOST_ROWS,
    AccountRow,
    Checks,
    ControlSection,
    EntitySection,
    FindingRow,
    Holder,
    ReportDocument,
)
from rolecall.reports.facts import Facts, HeldAccount
from rolecall.reports.framework_sections import framework_sections
from rolecall.reports.report import FindingLine
from rolecall.reports.trend import trend_point
from rolecall.run import Heading
from rolecall.status import stands
from rolecall.texts import Texts, texts_of

__all__ = ["document_of"]

_WORST = 10


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
    names, accounts = facts.holders.entities, facts.holders.accounts or ()
    gathered = _Gathered(names, most, {account.id for account in accounts})
    gathered.add_all(lines)
    run, entity = heading.run, heading.run.scope.entity
    sections = gathered.sections()
    rows = tuple(_account(one, names, gathered.against) for one in accounts)
    counted = {one.control: one for one in heading.coverage}
    stand = texts_of(facts.language), counted, controls, gathered.by_control
    return ReportDocument(
        run=run,
        most=most,
        is_counted=bool(counted),
        scope="" if entity is None else names.get(entity, entity),
        unknown_records=heading.unknown_records,
        problems=heading.problems,
        summary=heading.summary,
        checks=_sum(heading.coverage),
        trend=(*facts.trend, trend_point(run, heading.summary)),
        changes={name: tuple(rows) for name, rows in gathered.changes.items()},
        worst=gathered.worst,
        entities=sections[:MOST_ENTITIES],
        more_entities=len(sections[MOST_ENTITIES:]),
        more_findings=sum(sum(one.standing.values()) for one in sections[MOST_ENTITIES:]),
        controls=_controls(*stand),
        frameworks=framework_sections(*stand, facts.citations),
        waivers=tuple(heading.waivers),
        accounts=None if facts.holders.accounts is None else rows,
        more_accounts=facts.holders.more,
        checkpoint=facts.checkpoint,
        digest=facts.digest,
        language=facts.language,
    )


class _Gathered:
    """Adds up lines, each looked at once."""

    def __init__(self, names: Mapping[str, str], most: int, accounts: Set[str]) -> None:
        self.names = names
        self.most = most
        self.accounts = accounts
        self.shown = 0
        self._worst: list[tuple[Any, FindingLine]] = []
        self.changes: dict[str, list[FindingRow]] = {"new": [], "regressed": [], "resolved": []}
        self.by_control: Counter[str] = Counter()
        self.against: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        self._standing: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._rows: defaultdict[str, list[FindingRow]] = defaultdict(list)
        self._more: Counter[str] = Counter()

    def add_all(self, lines: Iterable[FindingLine]) -> None:
        """Add all lines of a run."""
        for line in lines:
            self.add(line)

    def add(self, line: FindingLine) -> None:
        """Add a line."""
        entity = line.entity or ""
        is_standing = stands(line.status)
        is_change = len(self.changes.get(line.status, ())) < self.most
        is_shown = is_standing and self.shown < self.most
        row = None
        if is_shown or (line.status in self.changes and is_change):
            row = _row(line, self.names)
        if row is not None and line.status in self.changes and is_change:
            self.changes[line.status].append(row)
        if not is_standing:
            return
        self.by_control[line.control] += 1
        self._rank(line)
        self._standing[entity][line.severity] += 1
        if line.subject.kind == "grant" and line.subject.account in self.accounts:
            self.against[line.subject.account, line.subject.person].append(line.control)
        if row is None or not is_shown:
            self._more[entity] += 1
            return
        self.shown += 1
        self._rows[entity].append(row)

    def _rank(self, line: FindingLine) -> None:
        """Keep a line if it is one of the worst so far."""
        known = self._worst
        least = known[-1][0] if len(known) == _WORST else None
        severity = rank(line.severity)
        if least is not None and severity > least[0]:
            return
        key = severity, line.status != "regressed", line.first_seen, line.id
        if least is None or key < least:
            insort(known, (key, line), key=itemgetter(0))
            del known[_WORST:]

    @property
    def worst(self) -> tuple[FindingRow, ...]:
        """Return the worst: by severity, then what came back, then what has stood longest."""
        return tuple(_row(line, self.names) for _, line in self._worst)

    def sections(self) -> tuple[EntitySection, ...]:
        """Return the entities in which something stands, the worst first."""

        def badness(id_: str) -> tuple[list[int], str]:
            return [-self._standing[id_][severity] for severity in SEVERITIES], id_

        return tuple(
            EntitySection(
                id_,
                self.names.get(id_, id_),
                {severity: self._standing[id_][severity] for severity in SEVERITIES},
                tuple(self._rows[id_]),
                self._more[id_],
            )
            for id_ in sorted(self._standing, key=badness)
        )


def _row(line: FindingLine, names: Mapping[str, str]) -> FindingRow:
    entity = line.entity or ""
    return FindingRow(
        line.id,
        line.severity,
        line.status,
        line.control,
        line.title,
        names.get(entity, entity),
        line.label,
        line.detail,
        line.remediation,
        line.first_seen.date(),
        *(line.evaluated, line.reason, line.record),
    )


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
    held: HeldAccount, names: Mapping[str, str], against: Mapping[tuple[str, str], Sequence[str]]
) -> AccountRow:
    holders = tuple(
        Holder(one.name, one.role, tuple(sorted(set(against.get((held.id, one.person), ())))))
        for one in held.holders
    )
    return AccountRow(
        held.id, held.label, names.get(held.entity, held.entity), held.status, holders
    )
