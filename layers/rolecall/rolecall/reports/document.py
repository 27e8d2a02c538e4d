"""What a report for people says, from which every paged format is written.

:mod:`rolecall.reports.assembly` makes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from msgspec import Struct

from rolecall.model import Severity
from rolecall.reports.action_rows import ActionRow
from rolecall.reports.trend import TrendPoint
from rolecall.run import RegistryProblems, Run, Summary, WaiverOutcome
from rolecall.vocabulary import Language

__all__ = [
    "MOST_ENTITIES",
    "MOST_ROWS",
    "AccountRow",
    "Checks",
    "ControlSection",
    "EntitySection",
    "FindingRow",
    "FrameworkSection",
    "Holder",
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


class Checks(Struct, frozen=True):
    """How many checks passed, failed, and could not be made. One check is one control on one
    subject. Of those that passed ``reported`` did so for what was reported as not ours."""

    passed: int = 0
    failed: int = 0
    unmade: int = 0
    reported: int = 0

    @property
    def made(self) -> int:
        """How many were made."""
        return self.passed + self.failed

    @property
    def share(self) -> float | None:
        """The share that passed of those that were made, from 0 to 1; ``None`` of none."""
        return self.passed / self.made if self.made else None

    @property
    def coverage(self) -> float | None:
        """The share that was made of all that there are; ``None`` of none."""
        every = self.made + self.unmade
        return self.made / every if every else None


class EntitySection(Struct, frozen=True):
    """What is wrong in one entity. ``more`` counts the rows that are not shown."""

    id: str
    name: str
    standing: Mapping[str, int]
    rows: tuple[FindingRow, ...]
    more: int


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


class Holder(Struct, frozen=True):
    """Who has an administrative role on an account. ``against`` names the controls that fail on
    that access; nobody is eligible against whom one stands."""

    name: str
    role: str
    against: tuple[str, ...]


class AccountRow(Struct, frozen=True):
    """An account, and who holds it."""

    id: str
    label: str
    entity: str
    status: str
    holders: tuple[Holder, ...]


class ReportDocument(Struct, frozen=True, kw_only=True):
    """What a report for people says.

    :ivar most: rows that a page shows of what may be long.
    :ivar is_counted: whether checks were counted, as they are for whole runs.
    :ivar unknown_records: see :class:`~rolecall.run.Heading`, and there of ``problems``.
    :ivar more_entities: in which something stands, and that have no section.
    :ivar more_findings: that stand in those.
    :ivar accounts: all that are known; ``None`` where nobody knows who holds what.
    :ivar more_accounts: how many there are beside them.
    :ivar actions: what to do, what matters most first.
    :ivar more_actions: how many there are beside them.
    """

    run: Run
    most: int
    is_counted: bool
    scope: str
    unknown_records: int
    problems: RegistryProblems | None
    summary: Summary
    checks: Checks
    trend: tuple[TrendPoint, ...]
    changes: Mapping[str, tuple[FindingRow, ...]]
    worst: tuple[FindingRow, ...]
    entities: tuple[EntitySection, ...]
    more_entities: int
    more_findings: int
    controls: tuple[ControlSection, ...]
    frameworks: tuple[FrameworkSection, ...]
    waivers: tuple[WaiverOutcome, ...]
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

    def more_changes(self, status: str) -> int:
        """Return how many findings of a status there are beside those that are listed."""
        return self.summary.by_status[status] - len(self.changes[status])
