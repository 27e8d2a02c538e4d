"""The runs of a log, and the report that its records add up to.

With what a completed run leaves (:mod:`rolecall.usecases.runs.completion`), every number of a
report follows from the records alone.

The records of a log need not be in the order of the runs: a segment holds one shard after the
other. So an event counts for the run that it names; where that run was interrupted, for the next
that was completed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from contextlib import suppress
from heapq import nlargest

import msgspec

from rolecall.errors import UsageError
from rolecall.finding_state import FindingState, History, apply
from rolecall.ledger.event import SEAL
from rolecall.ledger.reading import AnyRecord, UnknownRecord
from rolecall.lifecycle import ReportedFinding
from rolecall.reports.report import ordered
from rolecall.reports.trend import TrendPoint
from rolecall.run import Run, ScopeInfo
from rolecall.status import status_in_run
from rolecall.usecases.runs.completion import Ended, ended

__all__ = ["TREND", "Runs", "findings_of_entity", "trend_before"]

TREND = 12
"""Runs that a trend shows."""
_SHORTEST = 6
"""Characters of an id that may stand for all of it."""


def trend_before(run: Run, points: Iterable[tuple[ScopeInfo, TrendPoint]]) -> list[TrendPoint]:
    """Return the last :data:`TREND` of the runs before one, the oldest first.

    Those of the same scope: what stands in one parish is no point of all of them. The number of a
    run says how many were completed when it began, so that of two that ran at the same time neither
    is before the other.
    """
    earlier = (
        point for scope, point in points if point.number < run.number and scope.is_like(run.scope)
    )
    return nlargest(TREND, earlier, key=lambda point: (point.number, point.as_of))[::-1]


class Runs:
    """The completed runs of a log.

    :ivar ended: those of which a report can be made, the oldest first. An early release said less
        of a run than a report counts.
    """

    def __init__(self, records: Iterable[AnyRecord]) -> None:
        self.ended: list[Ended] = []
        self._places: dict[str, int] = {}
        self._points: list[tuple[ScopeInfo, TrendPoint]] = []
        for record in records:
            if isinstance(record, UnknownRecord) or record.action != "run.completed":
                continue
            place = self._places.setdefault(record.payload["run"], len(self._places))
            standing = record.payload["summary"].get("standing")
            if standing is not None:
                number = record.payload.get("number", place + 1)
                scope = record.payload.get("scope") or {}
                limits = ScopeInfo(scope.get("entity"), scope.get("controls"))
                catalogue = record.payload.get("catalogue", 1)
                point = TrendPoint(number, record.at, standing, catalogue)
                self._points.append((limits, point))
            # An early release said less of a run than a report counts.
            with suppress(msgspec.ValidationError):
                self.ended.append(ended(record))

    def named(self, name: str | None) -> Ended:
        """Return a run: by its id, the start of one, or its number; by default the last.

        :raises UsageError: there is no such run, or more than one.
        """
        if not self.ended:
            raise UsageError("the log has no completed run of which a report can be made")
        if name is None:
            return self.ended[-1]
        runs = [one for one in self.ended if name in (one.run.id, str(one.run.number))]
        if not runs and len(name) >= _SHORTEST:
            runs = [one for one in self.ended if one.run.id.startswith(name)]
        if len(runs) != 1:
            what = "more than one run is" if runs else "no completed run is"
            raise UsageError(f"{what} named {name}; give its number or its id")
        return runs[0]

    def before(self, run: Ended) -> list[TrendPoint]:
        """Return what stood after the runs of its scope before one, the oldest first."""
        return trend_before(run.run, self._points)

    def before_of_any_scope(self, run: Ended) -> list[TrendPoint]:
        """Return what early releases took for that: the runs before, whatever their scope."""
        scope = run.run.scope
        return trend_before(run.run, [(scope, point) for _, point in self._points])

    def findings(self, records: Iterable[AnyRecord], run: Ended) -> list[ReportedFinding]:
        """Return what a run reported, in the order of every report, from the records alone."""
        return self.told(records, run)[0]

    def told(self, records: Iterable[AnyRecord], run: Ended) -> tuple[list[ReportedFinding], int]:
        """Return what a run reported, and how many records up to its end nobody here knows.

        Which findings a run could not check is not on record, but for those of controls that it
        could not check at all.

        :param records: all of the log, or at least up to the end of the run.
        :raises UsageError: the run was limited to more entities than a record has room for.
        """
        scope = run.run.scope
        if scope.entity is not None and run.entities is None:
            raise UsageError(f"run {run.run.number} was limited to too many entities to tell them")
        controls = None if scope.controls is None else frozenset(scope.controls)
        place = self._places[run.run.id]
        unchecked = {one.control for one in run.heading.coverage if not one.passed + one.failed}
        found = []
        history = self.history(records, place)
        for known in history.findings.values():
            finding = known.finding
            if run.entities is not None and finding.entity not in run.entities:
                continue
            if controls is not None and finding.control not in controls:
                continue
            tracked = _tracked(known, known.transition_run == place, unchecked)
            if tracked is not None:
                found.append(tracked)
        return ordered(found), history.unknown

    def history(self, records: Iterable[AnyRecord], last: int | None = None) -> History:
        """Return what the records add up to, whatever the order of the shards.

        :param last: the place among the completed runs of the last one that counts, from 0;
            ``None`` for all. In what is returned ``transition_run`` is such a place.
        """
        history = History()
        ended = sealed = 0
        for record in records:
            if not _is_ours(record):
                if record.action == SEAL:
                    sealed = ended
                elif record.action == "run.completed":
                    ended += 1
                continue
            place = self._places.get(record.payload.get("run", ""))
            if place is None:
                # It was interrupted, and the next run told of it. Runs end in the first shard.
                place = sealed if record.shard else ended
            if last is not None and place > last:
                continue
            if isinstance(record, UnknownRecord):
                history.unknown += 1
            else:
                history.runs = place
                apply(history, record)
        return history


def findings_of_entity(
    records: Iterable[AnyRecord], entity: str, run: str
) -> list[ReportedFinding]:
    """Return what stands in one entity, and what a run changed there, from its own records alone.

    What an interrupted run had recorded counts as its own: the entity's records do not tell.

    :param records: up to the end of the run; those that are not of the entity are passed over.
    :param run: the id of the run.
    """
    history = History()
    told: dict[str, str] = {}
    for record in records:
        if isinstance(record, UnknownRecord):
            continue
        if record.entity == entity and _is_ours(record):
            if record.action == "finding.moved":
                history.findings.pop(record.payload["finding"], None)
                continue
            apply(history, record)
            if record.action in ("finding.opened", "finding.regressed", "finding.resolved"):
                told[record.payload["finding"]] = record.payload["run"]
    states = (_tracked(known, told.get(id_) == run, ()) for id_, known in history.findings.items())
    return ordered([tracked for tracked in states if tracked is not None])


def _is_ours(record: AnyRecord) -> bool:
    if isinstance(record, UnknownRecord):
        return record.may_concern_findings
    return record.action.startswith(("finding.", "waiver."))


def _tracked(
    known: FindingState, is_of_run: bool, unchecked: Collection[str]
) -> ReportedFinding | None:
    """Return a finding as a run tells it, or ``None`` where it was resolved before."""
    status = status_in_run(known.standing, known.transition, is_of_run=is_of_run)
    if status == "resolved" and not is_of_run:
        return None
    is_unevaluated = status != "resolved" and known.finding.control in unchecked
    return ReportedFinding(
        *(known.finding, status, known.first_seen, is_unevaluated, known.reason, known.waiver),
        known.opening if status == "new" else None,
    )
