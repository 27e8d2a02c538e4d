"""What a log says of findings: their state, folded from the records one after the other.

The audit log is the only memory. Pure; what a run makes of it is decided in
:mod:`rolecall.lifecycle`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

import msgspec
from msgspec import Struct

from rolecall.finding import Finding
from rolecall.ledger.reading import AnyRecord, UnknownRecord
from rolecall.ledger.record import Record
from rolecall.looks import Look, Opening, latest_looks, look_of
from rolecall.model import Subject
from rolecall.resolution import Resolution
from rolecall.status import FindingStanding, Transition, came_back, standing_of
from rolecall.waivers import Binding

__all__ = ["FindingState", "History", "apply", "fold"]

_OURS = ("finding.", "waiver.")


class FindingState(Struct, gc=False):
    """A finding as the log has it. ``transition_run`` counts the runs completed before it.

    :ivar catalogue: the version of the catalogue by which it was last judged to fail.
    :ivar opening: why it came when it last did, where that is known.
    """

    finding: Finding
    first_seen: datetime
    version: int
    status: Literal["open", "resolved"]
    transition: Transition
    transition_run: int
    reason: Resolution | None = None
    waiver: str | None = None
    bindings: dict[str, Binding] = {}
    catalogue: int = 1
    opening: Opening | None = None

    @property
    def standing(self) -> FindingStanding:
        """How it stands between runs."""
        return standing_of(self.status, self.waiver)


class History(Struct):
    """Everything the log says: the findings by id, and how many runs were completed.

    :ivar last: the instant of the last run that was completed; ``None`` before the first.
    :ivar keeps: whether nothing is resolved: the run is dated before what it is held against.
    :ivar unknown: records that may say something of findings, and that this release does not know.
    :ivar looks: what the completed runs looked at, as far as it counts.
    """

    findings: dict[str, FindingState] = {}
    runs: int = 0
    unknown: int = 0
    last: datetime | None = None
    keeps: bool = False
    looks: tuple[Look, ...] = ()


def fold(records: Iterable[AnyRecord]) -> History:
    """Return the state that the records of a log add up to."""
    history = History()
    for record in records:
        if isinstance(record, UnknownRecord):
            history.unknown += record.may_concern_findings
        elif record.action == "run.completed":
            history.runs += 1
            history.last = record.at
            history.looks = latest_looks((*history.looks, look_of(record.payload)))
        elif record.action.startswith(_OURS):
            apply(history, record)
    return history


def apply(history: History, record: Record) -> None:
    """Bring a history up to date with the record of a finding or of a waiver."""
    payload = record.payload
    known = history.findings.get(payload["finding"])
    if record.action in ("finding.opened", "finding.changed", "finding.regressed"):
        finding = _stored_finding(record)
        if known is None:
            # Somebody who has the records of one entity may see it first as it comes there.
            first_seen = datetime.fromisoformat(payload.get("first_seen", record.at.isoformat()))
            known = FindingState(finding, first_seen, 0, "open", "opened", history.runs)
            known.waiver = payload.get("waiver")
            history.findings[finding.id] = known
        known.finding, known.catalogue = finding, payload.get("catalogue", 1)
        if record.action != "finding.changed":
            known.opening = payload.get("opening")
        if record.action == "finding.regressed":
            known.status, known.transition = "open", came_back(known.opening)
            known.transition_run, known.reason = history.runs, None
    elif known is None:
        return
    elif record.action == "finding.resolved":
        known.status, known.transition = "resolved", "resolved"
        known.transition_run, known.reason = history.runs, payload["reason"]
        known.waiver = None
    elif record.action == "waiver.applied":
        known.waiver = payload["waiver"]
        binding = Binding(payload["evidence_digest"], payload["severity"])
        known.bindings = {**known.bindings, payload["waiver"]: binding}
    elif record.action == "waiver.lapsed":
        known.waiver = None
    known.version = payload["version"]


def _stored_finding(record: Record) -> Finding:
    payload = record.payload
    evidence = payload["evidence"]
    return Finding(
        payload["finding"],
        payload["control"],
        payload["severity"],
        record.entity,
        record.subject or Subject("policy"),
        msgspec.json.encode(evidence, order="sorted"),
        payload["evidence_digest"],
    )
