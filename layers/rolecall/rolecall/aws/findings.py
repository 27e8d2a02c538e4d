"""What is known of every finding, in DynamoDB, changed in the transactions of the audit log.

| pk | sk | document |
|---|---|---|
| ``PLACE#<digit>`` | slot (4 digits), ``#``, finding | ``FindingState`` |
| ``RUNS`` | ``COUNT`` | ``n``: how many runs were completed |
| ``RUNS`` | ``POLICY`` | ``KeptPolicy``: that of the last run that was completed |
| ``RUNS`` | as_of, ``#``, number, ``#``, run id | :class:`RunRecord` |

Digits are hexadecimal; that of the partition is the first of the place's, so there are sixteen.
Two indexes: *by-entity*, all findings of an entity, those that stand first and by severity; and
*standing*, those that stand by severity, spread over sixteen partitions each.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Literal

import msgspec
from msgspec import Struct

from rolecall.aws.ledger import DynamoLog
from rolecall.aws.table import MOST_BYTES, MOST_ITEMS, DocumentTable, Write, put
from rolecall.errors import VersionConflictError
from rolecall.finding import rank
from rolecall.finding_state import FindingState
from rolecall.ledger.event import Event
from rolecall.ledger.log import append
from rolecall.lifecycle import FindingChange
from rolecall.looks import Look, latest_looks, look_of
from rolecall.model import Severity
from rolecall.ring import WHOLE, Slice, slot_of
from rolecall.run import Run, Summary
from rolecall.status import FindingStanding
from rolecall.usecases.runs.chronology import PastRuns
from rolecall.usecases.runs.last_policy import KeptPolicy

__all__ = ["DynamoFindings", "RunRecord", "of_entity", "standing_order", "standing_prefix"]

_PER_PARTITION = 4_096
_encode = msgspec.json.Encoder().encode
_POLICY = ("RUNS", "POLICY")
_read_policy = msgspec.json.Decoder(KeptPolicy).decode
_read_known = msgspec.json.Decoder(FindingState).decode


class RunRecord(Struct, frozen=True, kw_only=True):
    """A run, as ``rolecall runs`` lists it.

    :ivar look: what it looked at, once it is completed. Release 0.1.0 did not keep it.
    """

    run: Run
    state: Literal["started", "completed"]
    summary: Summary | None = None
    look: Look | None = None

    @property
    def known_look(self) -> Look | None:
        """What it looked at, as far as that is known."""
        if self.look is None and self.run.scope.is_whole:
            return Look(self.run.catalogue)
        return self.look


class DynamoFindings:
    """The findings of a stack, and its log."""

    def __init__(self, table: DocumentTable, log: DynamoLog) -> None:
        self.table = table
        self.log = log

    def known(self, part: Slice) -> Iterator[FindingState]:
        """Yield what is known of the findings of a slice, as it is now."""
        for partition in range(part.start // _PER_PARTITION, (part.stop - 1) // _PER_PARTITION + 1):
            # "$" follows "#": the last key is after every finding of the last place.
            between = f"{part.start:04x}#", f"{part.stop - 1:04x}$"
            rows = self.table.query(f"PLACE#{partition:x}", between, consistent=True)
            for row in rows:
                yield _read_known(row.data)

    def runs(self) -> int:
        """Return how many runs were completed."""
        row = self.table.get("RUNS", "COUNT")
        return row.version if row is not None else 0

    def past_runs(self) -> PastRuns:
        """Return what is known of the runs that were completed."""
        done = self._completed()
        last = done[-1].run.as_of if done else None
        return PastRuns(last, latest_looks(one.known_look for one in done))

    def record(self, shard: int, changes: Sequence[FindingChange]) -> int:
        """Append the events of changes with the states that they lead to; return how many."""
        added = 0
        weighed = [_Weighed(change, self._state(change)) for change in changes]
        for batch in _batches(weighed):
            events = [event for one in batch for event in one.change.events]
            carried = {one.change.events[-1].id: [one.write.request] for one in batch}
            added += append(self.log.carrying(carried), events, shard=shard)
        return added

    def _state(self, change: FindingChange) -> Write:
        return self._write(change.known, change.known.version - len(change.events))

    def _write(self, known: FindingState, before: int) -> Write:
        """Return the write of a state in place of the version before it."""
        finding = known.finding
        number = slot_of(finding.subject)
        indexes = {
            "entity": of_entity(finding.entity),
            "standing_order": standing_order(known),
        }
        if known.standing == "open":
            indexes["standing"] = f"{finding.severity}#{finding.id[0]}"
        return put(
            self.table.name,
            f"PLACE#{number // _PER_PARTITION:x}",
            f"{number:04x}#{finding.id}",
            _encode(known),
            version=before,
            # A run may add two events to a finding: its version, and so the item's, goes up by two.
            becomes=known.version,
            attributes=indexes,
        )

    def rebuild(self, states: Iterable[FindingState], *, dry_run: bool = False) -> int:
        """Write states that are missing or behind; return how many.

        :param states: what the log adds up to (:func:`rolecall.finding_state.fold`).
        :param dry_run: only count them.
        """
        there: dict[str, int] = {known.finding.id: known.version for known in self.known(WHOLE)}
        behind = [one for one in states if there.get(one.finding.id, 0) < one.version]
        for known in () if dry_run else behind:
            self.table.write([[self._write(known, there.get(known.finding.id, 0))]])
        return len(behind)

    def start(self, run: Run) -> None:
        """Note that a run was started, unless it was noted before."""
        write = put(
            self.table.name, "RUNS", _run_key(run), _encode(RunRecord(run=run, state="started"))
        )
        try:
            self.table.transact([write])
        except VersionConflictError:
            return

    def complete(self, run: Run, event: Event, summary: Summary, policy: KeptPolicy) -> None:
        """Append the event of a completed run, keep its policy, and count it once."""
        look = look_of(event.payload)
        record = RunRecord(run=run, state="completed", summary=summary, look=look)
        name = self.table.name
        ended = put(name, "RUNS", _run_key(run), _encode(record), version=1)
        count = {
            "Update": {
                "TableName": name,
                "Key": {"pk": {"S": "RUNS"}, "sk": {"S": "COUNT"}},
                "UpdateExpression": "ADD v :one SET doc = :none",
                "ExpressionAttributeValues": {":one": {"N": "1"}, ":none": {"S": "{}"}},
            }
        }
        append(self.log.carrying({event.id: [ended.request, count]}), [event])
        # A run that another one was faster than leaves the policy of that one.
        known = self.table.get(*_POLICY)
        if known is None or _read_policy(known.data).number < policy.number:
            version = 0 if known is None else known.version
            with suppress(VersionConflictError):
                self.table.transact([put(name, *_POLICY, _encode(policy), version=version)])

    def last_policy(self) -> KeptPolicy | None:
        """Return the policy of the last completed run, if it is the one that is on record."""
        row = self.table.get(*_POLICY)
        if row is None:
            return None
        kept = _read_policy(row.data)
        done = self._completed()
        return kept if done and done[-1].run.policy.digest == kept.digest else None

    def _completed(self) -> list[RunRecord]:
        """Return the runs that were completed, by their numbers."""
        done = (one for one in self.run_records() if one.state == "completed")
        return sorted(done, key=lambda one: one.run.number)

    def run_records(self) -> Iterator[RunRecord]:
        """Yield the runs, the latest first."""
        for row in self.table.query("RUNS", ("0", "9"), forward=False):
            yield msgspec.json.decode(row.data, type=RunRecord)


def of_entity(entity: str | None) -> str:
    """Return under what findings of an entity are listed, or those of none."""
    return entity or "-"


def standing_order(known: FindingState) -> str:
    """Return by what findings of an entity are sorted: those that stand, the worst first."""
    return f"{standing_prefix(known.standing, known.finding.severity)}{known.finding.id}"


def standing_prefix(status: FindingStanding, severity: Severity | None) -> str:
    """Return what the order of findings of one status, and of one severity, begins with."""
    # What is stored so since the first release stays so.
    word = "standing" if status == "open" else status
    return f"{word}#" if severity is None else f"{word}#{rank(severity)}#"


class _Weighed(Struct, frozen=True):
    change: FindingChange
    write: Write


def _batches(changes: Sequence[_Weighed]) -> Iterator[list[_Weighed]]:
    """Cut changes into what fits into one transaction each, every change whole.

    An event takes two items beside the state of its finding, and about as many bytes.
    """
    batch: list[_Weighed] = []
    events = items = size = 0
    for one in changes:
        count = len(one.change.events)
        weight = one.write.size + sum(
            len(_encode(event.payload)) + 700 for event in one.change.events
        )
        if batch and (
            events + count > DynamoLog.most
            or items + 2 * count + 1 > MOST_ITEMS
            or size + weight > MOST_BYTES
        ):
            yield batch
            batch, events, items, size = [], 0, 0, 0
        batch.append(one)
        events, items, size = events + count, items + 2 * count + 1, size + weight
    if batch:
        yield batch


def _run_key(run: Run) -> str:
    return f"{run.as_of.isoformat()}#{run.number:08}#{run.id}"
