"""A run: one audit at one instant under one policy, what it counted, and what became of waivers.

Everything that reports, the log and the night say of a run is made of these. Pure data and sums;
how a run comes about is decided in :mod:`rolecall.usecases.runs`, how it is written in
:mod:`rolecall.reports`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from msgspec import Struct

from rolecall.engine import Coverage
from rolecall.lifecycle import CHANGES, ReportedFinding
from rolecall.model import SEVERITIES, Subject
from rolecall.status import stands
from rolecall.waivers import Ruling

__all__ = [
    "STATUSES",
    "CountedFinding",
    "Heading",
    "PolicyInfo",
    "RegistryInfo",
    "RegistryProblem",
    "RegistryProblems",
    "Run",
    "ScopeInfo",
    "Summary",
    "WaiverOutcome",
    "summarise",
    "summary_of",
    "waiver_outcome",
]

STATUSES = ("new", "open", "regressed", "resolved", "waived")


class PolicyInfo(Struct, frozen=True):
    """Which policy a run was held against."""

    name: str
    version: str | None
    digest: str


class RegistryInfo(Struct, frozen=True):
    """Which registry a run looked at: its digest, and the rows of each table."""

    digest: str
    rows: Mapping[str, int]

    def told_to(self, entity: str | None) -> RegistryInfo:
        """Return what a report says of it that is limited to an entity, or to nothing.

        How many incidents there are officers alone hear: by one more than yesterday a head would
        learn of it.
        """
        if entity is None:
            return self
        rows = {table: count for table, count in self.rows.items() if table != "incidents"}
        return RegistryInfo(self.digest, rows)


class ScopeInfo(Struct, frozen=True):
    """What a run was limited to; ``None`` for no limit."""

    entity: str | None
    controls: Sequence[str] | None

    @property
    def is_whole(self) -> bool:
        """Whether it was limited to nothing."""
        return self.entity is None and self.controls is None

    def is_like(self, other: ScopeInfo) -> bool:
        """Tell whether another run was limited to the same, so that the two can be compared."""
        mine, theirs = (
            None if one is None else sorted(one) for one in (self.controls, other.controls)
        )
        return self.entity == other.entity and mine == theirs


class Run(Struct, frozen=True, kw_only=True):
    """One audit at one instant under one policy. ``number`` counts the log's runs, from 1.

    :ivar catalogue: the version of the catalogue by which it judged.
    """

    id: str
    number: int
    as_of: datetime
    policy: PolicyInfo
    registry: RegistryInfo
    scope: ScopeInfo
    rolecall: str
    catalogue: int = 1


class Summary(Struct, frozen=True):
    """Counts of a run. ``standing`` leaves out resolved and waived findings.

    :ivar by_resolution: resolved findings by the reason: what nobody put right is no progress.
    :ivar by_opening: new findings of which it is known why they came, by the reason.
    :ivar standing_subjects: how many subjects the standing findings are about; ``None`` where an
        early release counted, which did not say these three.
    """

    findings: int
    by_severity: Mapping[str, int]
    by_status: Mapping[str, int]
    standing: Mapping[str, int]
    subjects_checked: Mapping[str, int]
    by_resolution: Mapping[str, int] = {}
    by_opening: Mapping[str, int] = {}
    standing_subjects: int | None = None

    @property
    def came_by_change(self) -> int:
        """How many findings are new because a rule was changed."""
        return sum(self.by_opening.get(name, 0) for name in CHANGES)

    @property
    def went_by_change(self) -> int:
        """How many were resolved because a rule or a limit was changed: that is nobody's work."""
        return sum(self.by_resolution.get(name, 0) for name in CHANGES)


class CountedFinding(NamedTuple):
    """What a summary counts of a finding."""

    severity: str
    status: str
    subject: Subject
    resolution: str | None
    opening: str | None


class WaiverOutcome(Struct, frozen=True):
    """What became of one waiver; the fields, in order, are those of the JSON format."""

    id: str
    control: str
    subject: Subject
    reason: str
    approved_by: Sequence[str]
    expires: date
    standing: str
    message: str = ""


class RegistryProblem(Struct, frozen=True):
    """One thing wrong with a registry that a run looked at: of which row, and what."""

    table: str
    id: str
    message: str


class RegistryProblems(Struct, frozen=True):
    """What is wrong with a registry: how much, and the first of it in the order of tables."""

    count: int
    first: tuple[RegistryProblem, ...]


class Heading(Struct, frozen=True, kw_only=True):
    """What a report says beside its findings.

    :ivar unknown_records: records of the log that may say something of findings, and that the
        release which made the report does not know: with them it may be incomplete.
    :ivar problems: what is wrong with the registry, where something is.
    """

    run: Run
    summary: Summary
    coverage: Sequence[Coverage]
    waivers: Sequence[WaiverOutcome]
    unknown_records: int = 0
    problems: RegistryProblems | None = None


def waiver_outcome(ruling: Ruling) -> WaiverOutcome:
    """Return what a report says of a waiver."""
    waiver = ruling.waiver
    return WaiverOutcome(
        waiver.id,
        waiver.control,
        waiver.subject,
        waiver.reason,
        waiver.approved_by,
        waiver.expires,
        ruling.standing,
        ruling.message,
    )


def summarise(findings: Sequence[ReportedFinding], subjects: Mapping[str, int]) -> Summary:
    """Count findings by severity and by status."""
    counted = (
        CountedFinding(t.finding.severity, t.status, t.finding.subject, t.reason, t.opening)
        for t in findings
    )
    return summary_of(counted, subjects)


def summary_of(findings: Iterable[CountedFinding], subjects: Mapping[str, int]) -> Summary:
    """Return the summary of findings."""
    pairs: Counter[tuple[str, str]] = Counter()
    resolutions: Counter[str] = Counter()
    openings: Counter[str] = Counter()
    about: set[Subject] = set()
    for severity, status, subject, resolution, opening in findings:
        pairs[severity, status] += 1
        if stands(status):
            about.add(subject)
        if status == "resolved" and resolution is not None:
            resolutions[resolution] += 1
        if opening is not None:
            openings[opening] += 1
    severities: Counter[str] = Counter()
    statuses: Counter[str] = Counter()
    standing: Counter[str] = Counter()
    for (severity, status), count in pairs.items():
        severities[severity] += count
        statuses[status] += count
        if stands(status):
            standing[severity] += count
    return Summary(
        findings=sum(pairs.values()),
        by_severity={severity: severities[severity] for severity in SEVERITIES},
        by_status={status: statuses[status] for status in STATUSES},
        standing={severity: standing[severity] for severity in SEVERITIES},
        subjects_checked=dict(sorted(subjects.items())),
        by_resolution=dict(sorted(resolutions.items())),
        by_opening=dict(sorted(openings.items())),
        standing_subjects=len(about),
    )
