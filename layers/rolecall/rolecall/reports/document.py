"""What a report for people says, from which every paged format is written.

:mod:`rolecall.reports.assembly` makes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import chain

from msgspec import Struct

from rolecall.controls.audience import CONFIDENTIAL
from rolecall.model import Severity, Subject
from rolecall.reports.account_rows import AccountRow
from rolecall.reports.action_rows import ActionRow
from rolecall.reports.counts import AccountTally, Checks
from rolecall.reports.trend import TrendPoint
from rolecall.run import RegistryProblems, Run, Summary
from rolecall.status import stands
from rolecall.vocabulary import Language

__all__ = [
    "MOST_ENTITIES",
    "MOST_ROWS",
    "AcceptedFinding",
    "AccountGroup",
    "ControlSection",
    "EntitySection",
    "FindingRow",
    "FrameworkSection",
    "ReportDocument",
    "Requirement",
]

MOST_ROWS = 1_000
"""Findings, and accounts, that a report for people shows one by one."""
MOST_ENTITIES = 250
"""Entities that have a section of their own."""


class FindingRow(Struct, frozen=True):
    """One finding, as a page shows it. ``reason`` says why it is resolved or new, if known."""

    id: str
    severity: Severity
    status: str
    control: str
    title: str
    entity: str
    label: str
    detail: str
    remediation: str
    first_seen: date
    evaluated: bool
    reason: str | None = None
    record: str = ""


class AccountGroup(Struct, frozen=True):
    """What is wrong on one account, the worst first.

    :ivar label: the account as people call it; empty for what is about no account.
    :ivar url: where it is; empty where nobody said.
    :ivar id: of the account; empty for what is about none that is on record.
    """

    label: str
    url: str
    rows: tuple[FindingRow, ...]
    id: str = ""


class EntitySection(Struct, frozen=True):
    """What is wrong in one entity, folded by account. ``more`` counts the rows that are not shown;
    ``head`` is the name of who heads it, empty where nobody knows."""

    id: str
    name: str
    standing: Mapping[str, int]
    groups: tuple[AccountGroup, ...]
    more: int
    head: str = ""

    @property
    def rows(self) -> tuple[FindingRow, ...]:
        """All that are shown."""
        return tuple(chain.from_iterable(group.rows for group in self.groups))


class AcceptedFinding(Struct, frozen=True):
    """A finding that was accepted, or one whose acceptance does not hold any more.

    :ivar title: of the control; ``label`` is what it is about, as people call it, and ``subject``
        by its ids.
    :ivar approved_by: the names of those who did.
    :ivar standing: whether it holds; ``told`` says that in words, and why not.
    """

    control: str
    title: str
    label: str
    subject: Subject
    reason: str
    approved_by: tuple[str, ...]
    expires: date
    standing: str
    told: str


class ControlSection(Struct, frozen=True):
    """What one control found, and what to do. ``checks``: ``None`` where they were not counted."""

    id: str
    title: str
    severity: Severity
    rationale: str
    remediation: str
    standing: int
    checks: Checks | None
    reasons: Mapping[str, int]
    record: str = ""


class Requirement(Struct, frozen=True):
    """One requirement: the controls that give evidence for a part of it, and how many findings
    stand. ``title`` is what it is called, or a few words of ours."""

    name: str
    title: str
    controls: tuple[str, ...]
    failing: tuple[str, ...]
    standing: int


class FrameworkSection(Struct, frozen=True):
    """The requirements of a framework that the controls of a run serve, in their natural order.
    ``notice`` says where titles are from, ``column`` is the word over them."""

    name: str
    notice: str
    column: str
    requirements: tuple[Requirement, ...]


class ReportDocument(Struct, frozen=True, kw_only=True):
    """What a report for people says.

    :ivar organisation: whose audit it is; empty where nobody knows.
    :ivar most: rows that a page shows of what may be long.
    :ivar is_counted: whether checks were counted, as they are for whole runs.
    :ivar is_first: whether there was no run before, so that nothing can have changed.
    :ivar unknown_records: see :class:`~rolecall.run.Heading`, and there of ``problems``.
    :ivar more_entities: in which something stands, and that have no section.
    :ivar more_findings: that stand in those.
    :ivar has_annex: whether it tells of what concerns somebody's conduct: ``incidents``, and
        ``more_incidents`` that are not shown.
    :ivar left_out: how many findings of that kind there are and are not told, by status.
    :ivar unmade: names of the reports of the run that could not be made.
    :ivar accounts: all that are known; ``None`` where nobody knows who holds what.
    :ivar more_accounts: how many there are beside them.
    :ivar actions: what to do, what matters most first.
    :ivar more_actions: how many there are beside them.
    """

    run: Run
    organisation: str
    most: int
    is_counted: bool
    is_first: bool
    scope: str
    unknown_records: int
    problems: RegistryProblems | None
    summary: Summary
    tally: AccountTally
    checks: Checks
    trend: tuple[TrendPoint, ...]
    changes: Mapping[str, tuple[FindingRow, ...]]
    worst: tuple[FindingRow, ...]
    entities: tuple[EntitySection, ...]
    more_entities: int
    more_findings: int
    has_annex: bool
    incidents: tuple[FindingRow, ...]
    more_incidents: int
    left_out: Mapping[str, int]
    unmade: tuple[str, ...]
    controls: tuple[ControlSection, ...]
    frameworks: tuple[FrameworkSection, ...]
    accepted: tuple[AcceptedFinding, ...]
    accounts: tuple[AccountRow, ...] | None
    more_accounts: int
    checkpoint: str
    digest: str
    actions: tuple[ActionRow, ...] = ()
    more_actions: int = 0
    language: Language = "en"

    @property
    def standing(self) -> int:
        """How many findings stand."""
        return sum(self.summary.standing.values())

    @property
    def is_judged_differently(self) -> bool:
        """Whether the runs of the trend went by more than one version of the catalogue."""
        return len({point.catalogue for point in self.trend}) > 1

    def tells_of(self, subject: Subject) -> bool:
        """Tell whether findings about a subject are told one by one."""
        return self.has_annex or subject.kind not in CONFIDENTIAL

    def more_changes(self, status: str) -> int:
        """Return how many findings of a status there are beside those that are listed, and those
        that the report leaves out."""
        listed = len(self.changes[status]) + self.left_out.get(status, 0)
        return self.summary.by_status[status] - listed

    @property
    def left_out_standing(self) -> int:
        """How many findings stand that the report leaves out."""
        return sum(count for status, count in self.left_out.items() if stands(status))
