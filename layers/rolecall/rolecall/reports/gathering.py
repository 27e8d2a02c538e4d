"""Adds up the findings of a run for its document: every line is looked at once.

What concerns somebody's conduct is kept apart from everything else: it is in the annex of a report
that has one, and otherwise counted and not told. Counts that name nobody hold all findings.
"""

from __future__ import annotations

from bisect import insort
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence, Set
from operator import itemgetter
from typing import Any

from msgspec import Struct

from rolecall.controls.audience import CONFIDENTIAL
from rolecall.finding import rank
from rolecall.model import SEVERITIES, Severity, Subject
from rolecall.naming import account_called
from rolecall.reports.document import AccountGroup, EntitySection, FindingRow
from rolecall.reports.facts import HeldAccount
from rolecall.reports.report import FindingLine
from rolecall.status import stands

__all__ = ["Gathering", "Interests"]

_WORST = 10


class Interests(Struct, frozen=True, kw_only=True):
    """What is to be noted of findings, beside what all have.

    :ivar names: of entities, by id; ``heads`` are the names of those who head them.
    :ivar most: rows to show one by one.
    :ivar accounts: that are known, by id.
    :ivar has_annex: whether there is an annex of what concerns somebody's conduct.
    :ivar accepted: of which controls and subjects there is a waiver.
    :ivar website: what a website is called in the language of the report.
    :ivar of_closed: ids of the controls that look at closed accounts.
    """

    names: Mapping[str, str]
    heads: Mapping[str, str]
    most: int
    accounts: Mapping[str, HeldAccount]
    has_annex: bool
    accepted: Set[tuple[str, Subject]]
    website: str
    of_closed: Set[str]


class Gathering:
    """Adds up lines, each looked at once, the worst first.

    :ivar changes: rows of findings that came, came back or went, by status.
    :ivar by_control: how many stand, by control.
    :ivar by_worst: accounts that are not closed, by the worst that stands against them.
    :ivar against: controls that fail on somebody's access, by account and person.
    :ivar annex: rows of what concerns somebody's conduct, ``more_annex`` how many there are beside.
    :ivar left_out: findings of that kind that are not told, by status.
    :ivar labels: what accepted findings are about, as people call it.
    """

    def __init__(self, interests: Interests) -> None:
        self._wanted = interests
        self._shown = 0
        self._worst: list[tuple[Any, FindingLine]] = []
        self.changes: dict[str, list[FindingRow]] = {"new": [], "regressed": [], "resolved": []}
        self.by_control: Counter[str] = Counter()
        self.by_worst: Counter[Severity] = Counter(dict.fromkeys(SEVERITIES, 0))
        self.against: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        self.annex: list[FindingRow] = []
        self.more_annex = 0
        self.left_out: Counter[str] = Counter()
        self.labels: dict[tuple[str, Subject], str] = {}
        self._touched: set[str] = set()
        self._standing: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._rows: defaultdict[str, list[tuple[FindingLine, FindingRow]]] = defaultdict(list)
        self._more: Counter[str] = Counter()

    def add(self, line: FindingLine) -> None:
        """Add a line."""
        if (line.control, line.subject) in self._wanted.accepted:
            self.labels[line.control, line.subject] = line.label
        if stands(line.status):
            self.by_control[line.control] += 1
        if line.subject.kind in CONFIDENTIAL and not self._wanted.has_annex:
            self.left_out[line.status] += 1
            return
        changes = self.changes.get(line.status)
        if changes is not None and len(changes) < self._wanted.most:
            changes.append(self._row(line))
        if not stands(line.status):
            return
        if line.subject.kind in CONFIDENTIAL:
            self._annex(line)
        else:
            self._stand(line)

    def _annex(self, line: FindingLine) -> None:
        if len(self.annex) < self._wanted.most:
            self.annex.append(self._row(line))
        else:
            self.more_annex += 1

    def _stand(self, line: FindingLine) -> None:
        """Add a line that stands, and that everybody may read who reads the report."""
        entity, account = line.entity or "", line.subject.account
        self._rank(line)
        self._standing[entity][line.severity] += 1
        if account and account not in self._touched and line.control not in self._wanted.of_closed:
            self._touched.add(account)
            self.by_worst[line.severity] += 1
        if line.subject.kind == "grant" and account in self._wanted.accounts:
            self.against[account, line.subject.person].append(line.control)
        if self._shown >= self._wanted.most:
            self._more[entity] += 1
            return
        self._shown += 1
        self._rows[entity].append((line, self._row(line)))

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
        return tuple(self._row(line) for _, line in self._worst)

    def sections(self) -> tuple[EntitySection, ...]:
        """Return the entities in which something stands, the worst first."""

        def badness(id_: str) -> tuple[list[int], str]:
            return [-self._standing[id_][severity] for severity in SEVERITIES], id_

        names = self._wanted.names
        return tuple(
            EntitySection(
                id_,
                names.get(id_, id_),
                {severity: self._standing[id_][severity] for severity in SEVERITIES},
                self._groups(self._rows[id_]),
                self._more[id_],
                self._wanted.heads.get(id_, ""),
            )
            for id_ in sorted(self._standing, key=badness)
        )

    def _groups(self, rows: Sequence[tuple[FindingLine, FindingRow]]) -> tuple[AccountGroup, ...]:
        """Return rows by the account that they are about, in the order of the worst of each.

        What is about no account comes first: the entity itself, and the people in it.
        """
        found: dict[tuple[str, ...], list[tuple[FindingLine, FindingRow]]] = {(): []}
        for line, row in rows:
            found.setdefault(_place(line.subject), []).append((line, row))
        groups = []
        for place, here in found.items():
            label, url = self._place_of(here[0][0]) if place else ("", "")
            if here:
                shown = tuple(row for _, row in here)
                groups.append(AccountGroup(label, url, shown, here[0][0].subject.account or ""))
        return tuple(groups)

    def _place_of(self, line: FindingLine) -> tuple[str, str]:
        """Return how the account of a finding is called, and where it is."""
        subject = line.subject
        if not subject.account:
            website = self._wanted.website
            return account_called(subject.platform, subject.handle, website), ""
        held = self._wanted.accounts.get(subject.account)
        named = line.names.get("accounts", {}).get(subject.account, subject.account)
        return (named, "") if held is None else (held.label, held.url)

    def _row(self, line: FindingLine) -> FindingRow:
        entity = line.entity or ""
        return FindingRow(
            line.id,
            line.severity,
            line.status,
            line.control,
            line.title,
            self._wanted.names.get(entity, entity),
            line.label,
            line.detail,
            line.remediation,
            line.first_seen.date(),
            *(line.evaluated, line.reason, line.record),
        )


def _place(subject: Subject) -> tuple[str, ...]:
    """Return by what a subject is of an account; nothing of one that is of none."""
    if subject.account:
        return (subject.account,)
    return (subject.platform, subject.handle) if subject.kind == "observation" else ()
