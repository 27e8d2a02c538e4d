"""What stands in the audit log: events, and the records they become.

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
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Annotated, Any, Literal, TypeAlias

import msgspec
from msgspec import Meta, Struct

from rolecall.errors import AuditLogError, LogCorruptError
from rolecall.ledger.tree import leaf_hash
from rolecall.model import Subject

__all__ = [
    "ACTIONS",
    "MOST_BYTES",
    "SEAL",
    "Action",
    "Event",
    "Instant",
    "Record",
    "decode",
    "digest",
    "encode",
    "record_hash",
]

Action: TypeAlias = Literal[
    "finding.opened",
    "finding.changed",
    "finding.moved",
    "finding.regressed",
    "finding.resolved",
    "waiver.applied",
    "waiver.lapsed",
    "acceptance.proposed",
    "acceptance.approved",
    "acceptance.withdrawn",
    "registry.changed",
    "change.requested",
    "change.approved",
    "change.refused",
    "run.requested",
    "report.signed",
    "run.completed",
    "secret.stored",
    "secret.amended",
    "secret.rotated",
    "secret.revealed",
    "secret.code_given",
    "secret.history_shown",
    "secret.destroyed",
    "secret.refused",
    "vault.rewrapped",
    "identity.bound",
    "revocation.requested",
    "revocation.overridden",
    "revocation.handed_over",
    "revocation.confirmed",
    "revocation.failed",
    "revocation.cancelled",
    "revocation.brake_lifted",
    "report.downloaded",
    "log.sealed",
]

ACTIONS: dict[Action, str] = {
    "finding.opened": "A control fails on a subject for the first time",
    "finding.changed": "An open finding has other evidence, severity or entity than before",
    "finding.moved": "An open finding counts under another entity from now on, which is named",
    "finding.regressed": "A resolved finding fails again",
    "finding.resolved": "An open finding is gone; the payload says why",
    "waiver.applied": "A finding is accepted under a waiver, bound to its evidence and severity",
    "waiver.lapsed": "A waiver no longer holds for its finding; the payload says why",
    "acceptance.proposed": "Somebody proposes a waiver that takes a second approver",
    "acceptance.approved": "A waiver is approved; it applies from the next run on",
    "acceptance.withdrawn": "A waiver, or the proposal of one, was taken back",
    "registry.changed": "A record of the registry was edited; the payload says which fields",
    "change.requested": "Somebody asks for an edit that gives power; it waits for a second officer",
    "change.approved": "A second officer approved an edit that gives power",
    "change.refused": "An edit that gives power was refused, or taken back",
    "run.requested": "Somebody asked for an audit now",
    "report.signed": "An officer signed off a report, by its digest",
    "run.completed": "An audit ended; the payload says what it covered and counted",
    "secret.stored": "A secret was put into the vault where there was none",
    "secret.amended": "What is beside the password of a secret was changed",
    "secret.rotated": "A login got another password",
    "secret.revealed": "Somebody read a secret; the payload says why, and by what right",
    "secret.code_given": "Somebody got a one-time code, without the seed that makes it",
    "secret.history_shown": "Somebody asked who has known which version of a secret",
    "secret.destroyed": "All that was kept of a login's secret was deleted",
    "secret.refused": "Somebody asked for something of a secret that they may not have",
    "vault.rewrapped": "The keys of the vault's secrets were wrapped anew",
    "identity.bound": "Somebody signed in for the first time; from then on as this subject alone",
    "revocation.requested": "Somebody asked that a person's access to an account be removed",
    "revocation.overridden": "A head removes access although a guard is against it, and says why",
    "revocation.handed_over": "No program can remove the access; people were told how",
    "revocation.confirmed": "The access is removed; the payload says by whom and when",
    "revocation.failed": "The access could not be removed; the payload says why",
    "revocation.cancelled": "The access stays: the request was taken back before it was done",
    "revocation.brake_lifted": "Somebody let another go on who revoked very much in an hour",
    "report.downloaded": "Somebody got an address from which to download a report",
    "log.sealed": "Everything before it was sealed; the payload says what each entity has by then",
}
"""The closed list of what can stand in the log, with what each means."""

SEAL: Action = "log.sealed"

MOST_BYTES = 65_535

Instant: TypeAlias = Annotated[datetime, Meta(tz=True)]
"""An instant with its time zone, as it must stand in a record."""


class Event(Struct, frozen=True, kw_only=True):
    """Something that happened, before it has a place in the log.

    ``id`` makes appending idempotent: the same event twice is one record, a different event under
    the same id is an error.
    """

    id: str
    at: datetime
    actor: str
    action: Action
    entity: str | None
    subject: Subject | None
    payload: dict[str, Any]


class Record(Struct, frozen=True):
    """An event in its place. The order of the fields is the order of the bytes."""

    v: Literal[1]
    id: str
    seq: int
    shard: int | None
    at: Instant
    actor: str
    action: Action
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
_decoder = msgspec.json.Decoder(Record, strict=True)


def encode(event: Event, *, seq: int, shard: int | None, prev: str | None) -> bytes:
    """Return the bytes of an event at its place.

    :raises AuditLogError: the record would be larger than :data:`MOST_BYTES`.
    """
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


def decode(data: bytes) -> Record:
    """Return the record that was stored as ``data``.

    :raises LogCorruptError: the bytes are not a record.
    """
    try:
        return _decoder.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise LogCorruptError(f"not a record: {error}") from error


def record_hash(data: bytes) -> str:
    """Return the leaf hash of a stored record, in hex: what the next one has as ``prev``."""
    return leaf_hash(data).hex()


def digest(event: Event) -> str:
    """Return the SHA-256 (hex) of what two appends of one event must agree on.

    It leaves out the place: that is the log's to give.
    """
    return hashlib.sha256(encode(event, seq=0, shard=0, prev=None)).hexdigest()
