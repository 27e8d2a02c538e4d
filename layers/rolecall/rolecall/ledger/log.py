"""The audit log over a small storage interface: append and read. How it is sealed is next door.

A storage has two sides. Records go to *shards*: numbered without gaps, each event id once. Seals
move a *head* over them and publish checkpoints that nobody can replace
(:mod:`rolecall.ledger.sealing`). Three storages share one contract test suite: in files, in memory,
and one that a scheduler interrupts between any two effects.

Invariants of :func:`append`:

- When it returns, every event is on stable storage, once, whoever else appends, and however often
  the same events come again.
- An event that is on record is acknowledged only after its content was compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct

from rolecall.errors import LogBusyError, LogConflictError, LogCorruptError
from rolecall.ledger.entities import Tally
from rolecall.ledger.event import SEAL, Event
from rolecall.ledger.head import Head, Mark
from rolecall.ledger.reading import AnyRecord, decode
from rolecall.ledger.record import digest, encode, record_hash
from rolecall.ledger.state import LedgerState

if TYPE_CHECKING:
    # It loads cryptography, which who appends has no use for.
    from rolecall.ledger.note import VerifierKey

__all__ = [
    "MOST_ATTEMPTS",
    "AuditLog",
    "ReadableLog",
    "Segment",
    "append",
    "records",
    "stored_records",
]

MOST_ATTEMPTS = 50
"""How often an append or a seal that lost against another tries again."""


class Segment(Struct, frozen=True, kw_only=True):
    """What one seal adds to the sealed log.

    ``records`` are those that :meth:`AuditLog.after` gave, ``seal`` is the leaf after them,
    ``head`` and ``tallies`` are what the log adds up to with it. The root in ``head`` commits to
    all leaves, so it can name the segment.
    """

    records: Sequence[bytes]
    seal: bytes
    head: Head
    tallies: Sequence[Tally]


class ReadableLog(Protocol):
    """A log to read."""

    def leaves(self) -> Iterator[bytes]:
        """Yield every leaf in order: what is sealed, then the records that are not, by shard.

        :raises LogCorruptError: a leaf does not follow from those before it.
        """
        ...

    def checkpoint(self, size: int) -> bytes | None:
        """Return the published checkpoint of a size."""
        ...


class AuditLog(ReadableLog, Protocol):
    """Where an audit log is stored. Every read sees every write that was acknowledged before it.

    All methods may raise :class:`~rolecall.errors.AuditLogError` when the storage fails.

    :ivar most: records that one :meth:`put` takes at most.
    """

    most: int

    def tail(self, shard: int) -> Mark:
        """Return how far a shard goes."""
        ...

    def find(self, event_id: str) -> str | None:
        """Return the digest (:func:`~rolecall.ledger.record.digest`) of an event on record."""
        ...

    def put(self, shard: int, seq: int, batch: Sequence[tuple[Event, bytes]]) -> bool:
        """Store records from a number on, all or nothing; return whether it was done.

        ``False``: a number or an event id is taken, and nothing was written.
        """
        ...

    def state(self) -> LedgerState:
        """Return the state at the head, or further on where the storage has read it already."""
        ...

    def after(self, marks: Mapping[int, Mark]) -> Iterator[bytes]:
        """Yield the records after some marks, shard by shard, by number, without a gap.

        A storage may stop early to bound a segment: the next seal takes the rest.
        """
        ...

    def put_segment(self, segment: Segment) -> None:
        """Store a segment under its root, unless it is there already."""
        ...

    def swap_head(self, epoch: int, segment: Segment) -> bool:
        """Make a segment's head the head, if the epoch is still this; return whether it was."""
        ...

    def highest(self) -> bytes | None:
        """Return the published checkpoint of the largest size."""
        ...

    def put_checkpoint(self, size: int, note: bytes, key: VerifierKey) -> bool:
        """Publish a checkpoint, unless that size has one; return whether it was done.

        :param key: verifies it; kept beside the checkpoints for whoever asks which keys signed.
        """
        ...


def records(log: ReadableLog) -> Iterator[AnyRecord]:
    """Yield every leaf of a log as a record, oldest first, seals among them.

    :raises LogCorruptError: a stored record cannot be parsed or does not follow.
    """
    return (record for _, record in stored_records(log))


def stored_records(log: ReadableLog) -> Iterator[tuple[bytes, AnyRecord]]:
    """Yield every leaf of a log as it is stored, and as a record.

    :raises LogCorruptError: a stored record cannot be parsed or does not follow.
    """
    for index, leaf in enumerate(log.leaves()):
        try:
            record = decode(leaf)
        except LogCorruptError as error:
            raise LogCorruptError(error.message, leaf=index) from error
        yield leaf, record


def append(log: AuditLog, events: Sequence[Event], *, shard: int = 0) -> int:
    """Append events in order and return how many were new.

    :raises LogConflictError: an id is on record with a different content; nothing was written,
        unless another wrote it at the same moment.
    :raises LogBusyError: others kept appending to the shard.
    :raises AuditLogError: a record is too large, or storage failed; a prefix may be on record.
    """
    fresh = _distinct(events)
    if len(fresh) > log.most:
        # What goes in one put is compared where the put finds it; what goes in several, before.
        fresh = _missing(log, fresh)
    added = 0
    for start in range(0, len(fresh), log.most):
        added += _append(log, shard, fresh[start : start + log.most])
    return added


def _distinct(events: Iterable[Event]) -> list[Event]:
    distinct: dict[str, Event] = {}
    for event in events:
        if event.action == SEAL or event.id.startswith("seal/"):
            raise ValueError("a seal is not an event: the log makes its own")
        first = distinct.setdefault(event.id, event)
        if first is not event and digest(first) != digest(event):
            raise _conflict(event)
    return list(distinct.values())


def _missing(log: AuditLog, events: Sequence[Event]) -> list[Event]:
    """Return the events that are not on record, after comparing those that are."""
    missing = []
    for event in events:
        known = log.find(event.id)
        if known is None:
            missing.append(event)
        elif known != digest(event):
            raise _conflict(event)
    return missing


def _append(log: AuditLog, shard: int, batch: Sequence[Event]) -> int:
    for _ in range(MOST_ATTEMPTS):
        mark = log.tail(shard)
        prev, placed = mark.prev, []
        for seq, event in enumerate(batch, mark.next):
            data = encode(event, seq=seq, shard=shard, prev=prev)
            prev = record_hash(data)
            placed.append((event, data))
        if log.put(shard, mark.next, placed):
            return len(placed)
        # Another append came first: to the same place, or with the same events.
        batch = _missing(log, batch)
        if not batch:
            return 0
    raise LogBusyError(f"shard {shard}: other appends came first {MOST_ATTEMPTS} times")


def _conflict(event: Event) -> LogConflictError:
    return LogConflictError(f"event {event.id} is on record with a different content")
