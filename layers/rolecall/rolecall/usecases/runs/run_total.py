"""What the batches of a run add up to."""

from __future__ import annotations

from collections import Counter

from rolecall.controls.catalogue import catalogue
from rolecall.engine import Coverage
from rolecall.model import SEVERITIES
from rolecall.run import STATUSES, Heading, Summary, WaiverOutcome
from rolecall.usecases.runs.batch import Audited, Frozen

__all__ = ["RunTotal"]


class RunTotal:
    """Adds up what the batches came to."""

    def __init__(self) -> None:
        self.findings = 0
        self.has_actions = True
        self.held = 0
        self.severities: Counter[str] = Counter()
        self.statuses: Counter[str] = Counter()
        self.standing: Counter[str] = Counter()
        self.resolutions: Counter[str] = Counter()
        self.openings: Counter[str] = Counter()
        self.standing_subjects: int | None = 0
        self.coverage: dict[str, Coverage] = {}
        self.waivers: dict[str, WaiverOutcome] = {}

    def add(self, audited: Audited) -> None:
        """Add one batch."""
        summary = audited.summary
        self.findings += summary.findings
        self.held += audited.held
        self.has_actions &= audited.actions is not None
        self.severities.update(summary.by_severity)
        self.statuses.update(summary.by_status)
        self.standing.update(summary.standing)
        self.resolutions.update(summary.by_resolution)
        self.openings.update(summary.by_opening)
        # All findings of a subject are in one batch. An early release did not count subjects.
        if summary.standing_subjects is None or self.standing_subjects is None:
            self.standing_subjects = None
        else:
            self.standing_subjects += summary.standing_subjects
        for one in audited.coverage:
            self.coverage[one.control] = _sum(self.coverage.get(one.control), one)
        for waiver in audited.waivers:
            # Every batch knows every waiver; the one with its subject knows what became of it.
            if waiver.id not in self.waivers or audited.part.holds(waiver.subject):
                self.waivers[waiver.id] = waiver

    def heading(self, frozen: Frozen) -> Heading:
        """Return the sum."""
        subjects: Counter[str] = Counter()
        for id_, one in self.coverage.items():
            kind = catalogue()[id_].subjects.kind
            subjects[kind] = max(subjects[kind], one.passed + one.failed)
        return Heading(
            run=frozen.run,
            summary=Summary(
                findings=self.findings,
                by_severity={severity: self.severities[severity] for severity in SEVERITIES},
                by_status={status: self.statuses[status] for status in STATUSES},
                standing={severity: self.standing[severity] for severity in SEVERITIES},
                subjects_checked=dict(sorted(subjects.items())),
                by_resolution=dict(sorted(self.resolutions.items())),
                by_opening=dict(sorted(self.openings.items())),
                standing_subjects=self.standing_subjects,
            ),
            coverage=list(self.coverage.values()),
            waivers=list(self.waivers.values()),
            problems=frozen.problems,
        )


def _sum(one: Coverage | None, other: Coverage) -> Coverage:
    if one is None:
        return other
    names = list(one.reasons)
    if other.reasons.keys() - one.reasons.keys():
        names = sorted({*one.reasons, *other.reasons})
    return Coverage(
        control=one.control,
        passed=one.passed + other.passed,
        failed=one.failed + other.failed,
        not_evaluated=one.not_evaluated + other.not_evaluated,
        reasons={name: one.reasons.get(name, 0) + other.reasons.get(name, 0) for name in names},
        disabled=one.disabled + other.disabled,
        reported=one.reported + other.reported,
    )
