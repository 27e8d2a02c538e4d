"""What stands in the audit log: the records that events become.

Invariants of a record (version 1):

- It is one JSON object in UTF-8 without a line break, encoded once; whoever checks it checks the
  stored bytes. Fields in this order: ``v``, ``id``, ``seq``, ``shard``, ``at``, ``actor``,
  ``action``, ``entity``, ``subject``, ``payload``, ``prev``.
- Values are strings, booleans, ``null``, integers below 2^53, and objects and lists of those; keys
  are ASCII; a record has at most 65,535 bytes.
- ``shard`` and ``seq`` are its place: the records of a shard are numbered from 0 without a gap.
  ``prev`` is the leaf hash (hex) of the record before it in its shard, ``null`` for the first. It
  helps to find where a log was damaged; it proves nothing by itself.
- A seal (``log.sealed``, see :mod:`rolecall.ledger.state`) is a record too, the last of its
  segment: in no shard (``null``), its ``seq`` is its epoch, from 1, and ``prev`` is ``null``.
- It carries ids, never names or e-mail addresses (that of an unregistered administrator is the
  exception), so that what must be erasable lives outside the log.
- ``at`` is the instant that the event speaks for, which for an audit is its ``as_of``: time is
  data, never order. The order is ``seq``.

How one is read back, also one that a later release wrote, is in :mod:`rolecall.ledger.reading`.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Annotated, Any, Literal, TypeAlias

import msgspec
from msgspec import Meta, Struct

from rolecall.errors import AuditLogError
from rolecall.ledger.event import ACTIONS, Event, EventAction
from rolecall.ledger.tree import leaf_hash
from rolecall.model import Subject

__all__ = ["MOST_BYTES", "Instant", "Record", "digest", "encode", "record_hash"]

MOST_BYTES = 65_535

Instant: TypeAlias = Annotated[datetime, Meta(tz=True)]
"""An instant with its time zone, as it must stand in a record."""


class Record(Struct, frozen=True):
    """An event in its place. The order of the fields is the order of the bytes."""

    v: Literal[1]
    id: str
    seq: int
    shard: int | None
    at: Instant
    actor: str
    action: EventAction
    entity: str | None
    subject: Subject | None
    payload: dict[str, Any]
    prev: str | None

    def event(self) -> Event:
        """Return the event without its place."""
        return Event(
            id=self.id,
            at=self.at,
            actor=self.actor,
            action=self.action,
            entity=self.entity,
            subject=self.subject,
            payload=self.payload,
        )


_encoder = msgspec.json.Encoder()


def encode(event: Event, *, seq: int, shard: int | None, prev: str | None) -> bytes:
    """Return the bytes of an event at its place.

    :raises AuditLogError: the record would be larger than :data:`MOST_BYTES`.
    :raises ValueError: this release does not know its action: nobody may write that.
    """
    if event.action not in ACTIONS:
        raise ValueError(f"there is no action {event.action}")
    record = _encoder.encode(
        Record(
            1,
            event.id,
            seq,
            shard,
            event.at,
            event.actor,
            event.action,
            event.entity,
            event.subject,
            event.payload,
            prev,
        )
    )
    if len(record) > MOST_BYTES:
        msg = f"event {event.id} takes {len(record):,} bytes; a record has at most {MOST_BYTES:,}"
        raise AuditLogError(msg)
    return record


def record_hash(data: bytes) -> str:
    """Return the leaf hash of a stored record, in hex: what the next one has as ``prev``."""
    return leaf_hash(data).hex()


def digest(event: Event) -> str:
    """Return the SHA-256 (hex) of what two appends of one event must agree on.

    It leaves out the place: that is the log's to give.
    """
    return hashlib.sha256(encode(event, seq=0, shard=0, prev=None)).hexdigest()
