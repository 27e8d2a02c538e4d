"""What a completed run leaves in the log, and the report that the records of a log add up to.

``run.completed`` carries everything that a report counts and the events of findings do not: the
coverage of each control, the rows of the registry, what became of each waiver. With it, every
number of a report follows from the records alone.

The records of a log need not be in the order of the runs: a segment holds one shard after the
other. So an event counts for the run that it names; where that run was interrupted, for the next
that was completed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from heapq import nlargest

import msgspec
from msgspec import Struct

from rolecall.engine import Coverage
from rolecall.errors import UsageError
from rolecall.finding import identity
from rolecall.ledger.record import SEAL, Event, Record
from rolecall.lifecycle import FindingState, History, ReportedFinding, apply
from rolecall.model import Subject
from rolecall.reports.document import TrendPoint
from rolecall.reports.report import ordered
from rolecall.run import Heading, PolicyInfo, RegistryInfo, Run, ScopeInfo, Summary, WaiverOutcome
from rolecall.status import status_in_run

__all__ = ["TREND", "Ended", "Runs", "completed", "findings_of_entity", "trend_before"]

TREND = 12
"""Runs that a trend shows."""
_ROOM = 48_000
"""Bytes of a record for what may be long: waivers, and the entities of a run."""
_SHORTEST = 6
"""Characters of an id that may stand for all of it."""
_encode = msgspec.json.Encoder().encode


class _Waiver(Struct, frozen=True):
    """What became of a waiver. Its reason is what people wrote, which a log does not take."""

    id: str
    control: str
    subject: Subject
    approved_by: Sequence[str]
    expires: date
    standing: str
    message: str


class _Scope(Struct, frozen=True):
    """What a run was limited to; ``below`` are the ids of the entity and of those below it."""

    entity: str | None
    controls: Sequence[str] | None
    below: Sequence[str] | None = None


class _Completed(Struct, frozen=True, kw_only=True):
    """The payload of ``run.completed``.

    :ivar accounts: those that are not closed.
    :ivar waivers: ``None`` where there are more than a record has room for.
    """

    run: str
    number: int
    rolecall: str
    policy: PolicyInfo
    registry: RegistryInfo
    scope: _Scope
    accounts: int
    summary: Summary
    coverage: Sequence[Coverage]
    waivers: Sequence[_Waiver] | None = None


class Ended(Struct, frozen=True, kw_only=True):
    """A completed run, as the log has it.

    :ivar heading: of its report; its waivers have no reasons.
    :ivar entities: to which it was limited; ``None`` for all.
    :ivar accounts: that were not closed.
    :ivar event: the id of its record.
    """

    heading: Heading
    entities: frozenset[str] | None
    accounts: int
    event: str

    @property
    def run(self) -> Run:
        """Return what identifies it."""
        return self.heading.run


def completed(heading: Heading, accounts: int, entities: Collection[str] | None = None) -> Event:
    """Return the event that ends a run.

    :param accounts: how many are not closed.
    :param entities: ids of those to which the run was limited.
    """
    run = heading.run
    waivers: Sequence[_Waiver] | None = [
        _Waiver(*(getattr(one, name) for name in _Waiver.__struct_fields__))
        for one in heading.waivers
    ]
    below = None if entities is None else sorted(entities)
    if len(_encode(below)) > _ROOM // 2:
        below = None
    if len(_encode(waivers)) > _ROOM // 2:
        waivers = None
    payload = _Completed(
        run=run.id,
        number=run.number,
        rolecall=run.rolecall,
        policy=run.policy,
        registry=run.registry,
        scope=_Scope(run.scope.entity, run.scope.controls, below),
        accounts=accounts,
        summary=heading.summary,
        coverage=heading.coverage,
        waivers=waivers,
    )
    return Event(
        id=identity("run.completed", run.id),
        at=run.as_of,
        actor="audit",
        action="run.completed",
        entity=None,
        subject=None,
        payload=msgspec.to_builtins(payload),
    )


def trend_before(run: Run, points: Iterable[TrendPoint]) -> list[TrendPoint]:
    """Return the last :data:`TREND` of the runs before one, the oldest first.

    The number of a run says how many were completed when it began, so that of two that ran at the
    same time neither is before the other.
    """
    earlier = (point for point in points if point.number < run.number)
    return nlargest(TREND, earlier, key=lambda point: (point.number, point.as_of))[::-1]


class Runs:
    """The completed runs of a log.

    :ivar ended: those of which a report can be made, the oldest first. An early release said less
        of a run than a report counts.
    """

    def __init__(self, records: Iterable[Record]) -> None:
        self.ended: list[Ended] = []
        self._places: dict[str, int] = {}
        self._points: list[TrendPoint] = []
        for record in records:
            if record.action != "run.completed":
                continue
            place = self._places.setdefault(record.payload["run"], len(self._places))
            standing = record.payload["summary"].get("standing")
            if standing is not None:
                number = record.payload.get("number", place + 1)
                self._points.append(TrendPoint(number, record.at, standing))
            try:
                told = msgspec.convert(record.payload, _Completed)
            except msgspec.ValidationError:
                continue
            self.ended.append(_ended(record, told))

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
        """Return what stood after the runs before one, the oldest first."""
        return trend_before(run.run, self._points)

    def findings(self, records: Iterable[Record], run: Ended) -> list[ReportedFinding]:
        """Return what a run reported, in the order of every report, from the records alone.

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
        for known in self.history(records, place).findings.values():
            finding = known.finding
            if run.entities is not None and finding.entity not in run.entities:
                continue
            if controls is not None and finding.control not in controls:
                continue
            tracked = _tracked(known, known.transition_run == place, unchecked)
            if tracked is not None:
                found.append(tracked)
        return ordered(found)

    def history(self, records: Iterable[Record], last: int | None = None) -> History:
        """Return what the records add up to, whatever the order of the shards.

        :param last: the place among the completed runs of the last one that counts, from 0;
            ``None`` for all. In what is returned ``transition_run`` is such a place.
        """
        history = History()
        ended = sealed = 0
        for record in records:
            if record.action == SEAL:
                sealed = ended
            elif record.action == "run.completed":
                ended += 1
            elif _is_ours(record):
                place = self._places.get(record.payload["run"])
                if place is None:
                    # It was interrupted, and the next run told of it. Runs end in the first shard.
                    place = sealed if record.shard else ended
                if last is None or place <= last:
                    history.runs = place
                    apply(history, record)
        return history


def findings_of_entity(records: Iterable[Record], entity: str, run: str) -> list[ReportedFinding]:
    """Return what stands in one entity, and what a run changed there, from its own records alone.

    What an interrupted run had recorded counts as its own: the entity's records do not tell.

    :param records: up to the end of the run; those that are not of the entity are passed over.
    :param run: the id of the run.
    """
    history = History()
    told: dict[str, str] = {}
    for record in records:
        if record.entity == entity and _is_ours(record):
            if record.action == "finding.moved":
                history.findings.pop(record.payload["finding"], None)
                continue
            apply(history, record)
            if record.action in ("finding.opened", "finding.regressed", "finding.resolved"):
                told[record.payload["finding"]] = record.payload["run"]
    states = (_tracked(known, told.get(id_) == run, ()) for id_, known in history.findings.items())
    return ordered([tracked for tracked in states if tracked is not None])


def _ended(record: Record, told: _Completed) -> Ended:
    scope = told.scope
    run = Run(
        id=told.run,
        number=told.number,
        as_of=record.at,
        policy=told.policy,
        registry=told.registry,
        scope=ScopeInfo(scope.entity, scope.controls),
        rolecall=told.rolecall,
    )
    waivers = [
        WaiverOutcome(**msgspec.structs.asdict(one), reason="") for one in told.waivers or ()
    ]
    return Ended(
        heading=Heading(run=run, summary=told.summary, coverage=told.coverage, waivers=waivers),
        entities=None if scope.below is None else frozenset(scope.below),
        accounts=told.accounts,
        event=record.id,
    )


def _is_ours(record: Record) -> bool:
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
        known.finding, status, known.first_seen, is_unevaluated, known.reason, known.waiver
    )
