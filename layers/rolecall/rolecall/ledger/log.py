"""The interface of an audit log, and the one that lives in memory.

Two implementations of one small interface share a contract test suite; a further storage (a
table in a cloud) implements the same three operations.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Protocol

from rolecall.errors import LogConflictError
from rolecall.ledger.record import Event, Record, decode, encode, record_hash

__all__ = ["AuditLog", "MemoryLog", "new_events"]


class AuditLog(Protocol):
    """An append-only sequence of records."""

    def records(self) -> Iterator[Record]:
        """Yield every record, oldest first.

        :raises LogCorruptError: a stored record cannot be parsed or does not follow.
        """
        ...

    def append(self, events: Sequence[Event]) -> int:
        """Append events in order and return how many were new.

        When it returns, every one of them is on stable storage. An event that is on record
        already is skipped.

        :raises LogConflictError: an id is on record with a different content; nothing was written.
        :raises AuditLogError: storage failed; a prefix of the events may be on record.
        """
        ...


def new_events(events: Iterable[Event], find: Callable[[str], Event | None]) -> list[Event]:
    """Return the events that are not on record, each once.

    :param find: returns the event on record under an id, or ``None``.
    :raises LogConflictError: an id is taken by a different event.
    """
    fresh: dict[str, Event] = {}
    for event in events:
        seen = fresh.get(event.id) or find(event.id)
        if seen is None:
            fresh[event.id] = event
        elif _content(seen) != _content(event):
            raise LogConflictError(f"event {event.id} is on record with a different content")
    return list(fresh.values())


def _content(event: Event) -> bytes:
    """Return what two appends of one event must agree on, wherever they would stand."""
    return encode(event, seq=0, shard=0, prev=None)


class MemoryLog:
    """An audit log that ends with the process; for audits without a log directory, and tests."""

    def __init__(self) -> None:
        self._records: list[bytes] = []
        self._seqs: dict[str, int] = {}

    def records(self) -> Iterator[Record]:
        """Yield every record, oldest first."""
        return map(decode, self._records)

    def append(self, events: Sequence[Event]) -> int:
        """Append events in order and return how many were new."""
        fresh = new_events(events, self._find)
        for event in fresh:
            prev = record_hash(self._records[-1]) if self._records else None
            seq = len(self._records)
            self._records.append(encode(event, seq=seq, shard=0, prev=prev))
            self._seqs[event.id] = seq
        return len(fresh)

    def _find(self, event_id: str) -> Event | None:
        seq = self._seqs.get(event_id)
        return None if seq is None else decode(self._records[seq]).event()
