"""The life of a finding over many runs: new, open, regressed, resolved, waived.

The audit log is the only memory: :mod:`rolecall.finding_state` reads it, :func:`reconcile` holds an
evaluation against it and returns the events to append and the findings to report. Both are pure.
Rules (each has a test):

- A finding is *new* in the first run that sees it, then *open*; *resolved* in the run that no
  longer sees it; *regressed* for one run when it fails again, then open. ``first_seen`` stays.
- A run that was interrupted told nobody anything: what it appended counts as the next run's own.
- NOT_EVALUATED resolves nothing, nor does a run that did not look (``Scope``). A finding whose
  subject is gone or closed, or whose control was disabled, is resolved with that reason.
- A waiver holds only while the evidence, and a severity no higher, is what was accepted.
- A finding whose subject moves is told to both entities: what one entity's records add up to is
  what stands there.
- What comes or goes because its rule was changed says so: it is *new*, whatever it was before,
  and not *fixed*. What still fails by a changed rule is recorded once, so that this is known.
- A run in which nothing changed appends one event.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

from rolecall.controls.audience import is_for_officers
from rolecall.controls.context import Context
from rolecall.controls.control import Control
from rolecall.controls.versions import CATALOGUE_VERSION, has_changed
from rolecall.engine import Evaluation, Scope
from rolecall.finding import Finding, identity
from rolecall.finding_facts import differs, facts_of, moved, open_by, told_to
from rolecall.finding_state import FindingState, History
from rolecall.ledger.event import Event, EventAction
from rolecall.looks import Opening, opening_of
from rolecall.resolution import Resolution, Resolver
from rolecall.status import Status, came_back, stands, status_in_run
from rolecall.waivers import Binding, Ruling, Waivers, terms_of

__all__ = [
    "CHANGES",
    "FindingChange",
    "Reconciled",
    "ReportedFinding",
    "reconcile",
]

CHANGES = frozenset({"rule-changed", "policy-changed"})
"""Reasons for which findings come and go although nobody did anything about what they say."""
_UNBOUND: Mapping[str, Binding] = {}


class ReportedFinding(Struct, frozen=True, gc=False):
    """A finding with its status in one run, ready to report.

    ``unevaluated`` tells that this run could not check it and it stands as it was; ``reason``
    says why a resolved one is, and ``opening`` why a new one is, where that is known; ``waiver`` is
    the id of the waiver that holds.
    """

    finding: Finding
    status: Status
    first_seen: datetime
    unevaluated: bool = False
    reason: Resolution | None = None
    waiver: str | None = None
    opening: Opening | None = None

    @property
    def is_by_change(self) -> bool:
        """Whether it came or went because a rule or a limit was changed, by nobody's work."""
        return (self.reason if self.status == "resolved" else self.opening) in CHANGES

    @property
    def stands(self) -> bool:
        """Whether somebody has to do something: it is neither resolved nor waived."""
        return stands(self.status)


class FindingChange(Struct, frozen=True):
    """What one run changes about one finding: the events, and what is known after them."""

    known: FindingState
    events: list[Event]


class Reconciled(Struct, frozen=True):
    """What one run makes of an evaluation: changes for the log, findings for the reports."""

    changes: Sequence[FindingChange]
    findings: Sequence[ReportedFinding]
    rulings: Mapping[str, Ruling]

    @property
    def events(self) -> list[Event]:
        """The events of all changes, in order."""
        return [event for change in self.changes for event in change.events]


def reconcile(
    history: History,
    evaluation: Evaluation,
    context: Context,
    controls: Mapping[str, Control[Any]],
    scope: Scope,
    run: str,
    *,
    remembers: bool,
) -> Reconciled:
    """Hold an evaluation against the history.

    :param history: what the log says; it is brought up to date in passing.
    :param run: the id of the run, named in every event.
    :param remembers: whether there is a log; without one a waiver cannot be bound at first sight.
    """
    waivers = Waivers(context, remembers=remembers)
    desk = _Desk(history, context, waivers, run, remembers=remembers)
    failing: dict[str, Finding] = {}
    for finding in evaluation.findings:
        if failing.setdefault(finding.id, finding) is finding:  # Of two rows of one id, the first.
            desk.fails(finding)
    judge = Resolver(evaluation, context, controls, scope)
    for known in list(history.findings.values()):
        if known.finding.id not in failing:
            desk.absent(known, judge)
    return Reconciled(desk.changes, desk.findings, waivers.rulings())


class _Desk:
    """Takes one finding after the other, and writes events and report lines."""

    def __init__(
        self, history: History, context: Context, waivers: Waivers, run: str, *, remembers: bool
    ) -> None:
        self.history = history
        self.context = context
        self.waivers = waivers
        self.run = run
        self.remembers = remembers
        self.changes: list[FindingChange] = []
        self.findings: list[ReportedFinding] = []

    def fails(self, finding: Finding) -> None:
        """Record that a finding fails in this run."""
        if not self.remembers:
            waiver, _ = self.waivers.holding(finding, _UNBOUND)
            status: Status = "waived" if waiver else "new"
            waiver_id = waiver.id if waiver else None
            at = self.context.as_of
            self.findings.append(ReportedFinding(finding, status, at, False, None, waiver_id))
            return
        known = self.history.findings.get(finding.id)
        if known is None:
            known = FindingState(
                finding, self.context.as_of, 0, "open", "opened", self.history.runs
            )
            self.history.findings[finding.id] = known
            opening = opening_of(finding.control, finding.entity, self.history.looks)
            self._write(known, "finding.opened", facts_of(finding) | open_by(known, opening))
        elif known.status == "resolved":
            facts = facts_of(finding) | told_to(known, finding)
            facts |= open_by(known, self._reopening(known, finding))
            known.finding, known.status = finding, "open"
            known.transition = came_back(known.opening)
            known.transition_run, known.reason = self.history.runs, None
            self._write(known, "finding.regressed", facts)
        elif differs(known.finding, finding) or has_changed(finding.control, known.catalogue):
            facts = facts_of(finding) | told_to(known, finding)
            if finding.entity != known.finding.entity:
                self._write(known, "finding.moved", {"to": finding.entity})
            known.finding, known.catalogue = finding, CATALOGUE_VERSION
            self._write(known, "finding.changed", facts)
        else:
            known.finding = finding
        self._report(known)

    def absent(self, known: FindingState, judge: Resolver) -> None:
        """Record what became of a known finding that does not fail in this run."""
        verdict = judge.verdict(known.finding, known.catalogue)
        if verdict == "outside":
            return
        if known.status == "resolved":
            # An interrupted run resolved it and told nobody: this run does.
            if known.transition_run == self.history.runs:
                self._report(known)
        elif verdict == "moved":
            self._move(known, judge.told(known.finding))
        elif verdict == "unevaluated" or self.history.keeps:
            if known.finding.entity and is_for_officers(known.finding.subject, self.context.policy):
                self._move(known, None)
            self._report(known, unevaluated=True)
        else:
            known.status, known.transition, known.reason = "resolved", "resolved", verdict
            known.transition_run, known.waiver = self.history.runs, None
            self._write(known, "finding.resolved", {"reason": verdict})
            self._report(known)

    def _move(self, known: FindingState, to: str | None) -> None:
        """Record that another entity is told of a finding that this run did not look at."""
        self._write(known, "finding.moved", {"to": to})
        self._write(known, "finding.changed", moved(known, to))

    def _reopening(self, known: FindingState, finding: Finding) -> Opening | None:
        """Return why a resolved finding fails again, where that is known."""
        is_alike = known.finding.evidence_digest == finding.evidence_digest
        if is_alike and known.reason != "rule-changed":
            # By the same evidence it failed under the rule of then: the facts are back.
            return None
        return opening_of(finding.control, finding.entity, self.history.looks)

    def _report(self, known: FindingState, *, unevaluated: bool = False) -> None:
        if known.status != "resolved":
            self._waive(known)
        is_of_run = known.transition_run == self.history.runs
        status = status_in_run(known.standing, known.transition, is_of_run=is_of_run)
        self.findings.append(
            ReportedFinding(
                *(known.finding, status, known.first_seen, unevaluated, known.reason),
                *(known.waiver, known.opening if status == "new" else None),
            )
        )

    def _waive(self, known: FindingState) -> None:
        """Apply the waiver that holds, or let the one that no longer does lapse."""
        waiver, lapse = self.waivers.holding(known.finding, known.bindings)
        if waiver is not None:
            if known.waiver != waiver.id:
                known.waiver = waiver.id
                finding = known.finding
                binding = Binding(finding.evidence_digest, finding.severity)
                if waiver.id in known.bindings:
                    binding = known.bindings[waiver.id]
                known.bindings = {**known.bindings, waiver.id: binding}
                self._write(known, "waiver.applied", terms_of(waiver, binding))
        elif known.waiver is not None:
            self._write(known, "waiver.lapsed", {"waiver": known.waiver, "reason": lapse})
            known.waiver = None

    def _write(self, known: FindingState, action: EventAction, facts: dict[str, Any]) -> None:
        known.version += 1
        finding = known.finding
        head = {"finding": finding.id, "version": known.version, "run": self.run}
        if not self.changes or self.changes[-1].known is not known:
            self.changes.append(FindingChange(known, []))
        self.changes[-1].events.append(
            Event(
                id=identity("finding", finding.id, str(known.version)),
                at=self.context.as_of,
                actor="audit",
                action=action,
                entity=finding.entity,
                subject=finding.subject,
                payload=head | facts,
            )
        )
