"""A change of a record that waits for a second officer, and what the log says of changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal, TypeAlias

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from rolecall.finding import identity
from rolecall.ledger.event import Event, EventAction
from rolecall.model import TABLES, Account, Entity, Person, RegistryRecord, Subject
from rolecall.usecases.governance.preconditions import etag
from rolecall.usecases.governance.record_validation import EditableTable
from rolecall.usecases.identity.permissions import Caller

__all__ = [
    "ChangeState",
    "RegistryChange",
    "StoredRecord",
    "change_event",
    "decided_change",
    "edit_event",
    "record_of",
]

ChangeState: TypeAlias = Literal["waiting", "approved", "refused"]
_KINDS: dict[EditableTable, Literal["entity", "person", "account", "grant"]] = {
    "entities": "entity",
    "people": "person",
    "accounts": "account",
    "grants": "grant",
}
_TOLD = {
    *("head_id", "it_delegate_ids", "parent_id", "entity_id", "clearance_level"),
    *("clearance_expires", "status", "left_on", "role", "expires_on"),
}
"""Fields whose values the log may hold: ids, words and days. Of the others it says that they
changed, for what must be erasable one day may not be in it."""


class RegistryChange(Struct, frozen=True, kw_only=True):
    """A change of a record that waits for a second officer, or did.

    :ivar key: what names the record: an id; of a grant the account and the person.
    :ivar fields: those that differ from what was there.
    :ivar was: the :func:`etag` of what was there, empty for nothing.
    :ivar record: the new record as JSON, until it is decided.
    :ivar version: rises with every change.
    """

    id: str
    table: EditableTable
    key: tuple[str, ...]
    fields: tuple[str, ...]
    was: str
    record: dict[str, Any] | None
    state: ChangeState
    requested_by: str
    requested_at: datetime
    decided_by: str | None = None
    decided_at: datetime | None = None
    note: str | None = None
    version: int = 1

    @property
    def asker(self) -> tuple[str, datetime]:
        """Who asked for it, and when."""
        return self.requested_by, self.requested_at


class StoredRecord(Struct, frozen=True):
    """A record as it was read.

    :ivar entity: of the account that a grant belongs to.
    :ivar token: the storage's own.
    :ivar edits: how many edits there were of any record when it was read: a decision looks at
        others too, and holds if there was none since.
    """

    record: RegistryRecord | None
    entity: str | None = None
    token: Any = None
    edits: int = 0


def decided_change(
    known: RegistryChange, caller: Caller, at: datetime, state: ChangeState, note: str | None = None
) -> RegistryChange:
    """Return a change that somebody decided."""
    # What was asked for may hold what must be erasable: the registry has it, or nobody.
    return replace(
        known,
        state=state,
        record=None,
        decided_by=caller.person,
        decided_at=at,
        note=note,
        version=known.version + 1,
    )


def _subject(table: EditableTable, key: tuple[str, ...]) -> Subject:
    if table == "grants":
        return Subject("grant", account=key[0], person=key[1])
    kind = _KINDS[table]
    return Subject(kind, **{kind: key[0]})


def change_event(
    change: RegistryChange, caller: Caller, at: datetime, action: EventAction, **facts: Any
) -> Event:
    """Return the event of a change that waits, or was decided."""
    return Event(
        id=f"change/{identity(change.id, str(change.version), str(at))}",
        at=at,
        actor=caller.person,
        action=action,
        entity=None,
        subject=_subject(change.table, change.key),
        payload={"change": change.id, "via": caller.via, **facts},
    )


def edit_event(
    table: EditableTable,
    key: tuple[str, ...],
    record: RegistryRecord,
    changed: Sequence[str],
    caller: Caller,
    at: datetime,
    held: StoredRecord,
    **facts: Any,
) -> Event:
    """Return the event of an edit of a record.

    :param held: the record as it was.
    """
    told = {name: getattr(record, name) for name in changed if name in _TOLD}
    return Event(
        id=f"registry/{identity(table, *key, etag(held.record), etag(record), at.isoformat())}",
        at=at,
        actor=caller.person,
        action="registry.changed",
        entity=_entity(held, record),
        subject=_subject(table, key),
        payload={"fields": changed, "now": told, "via": caller.via, **facts},
    )


def _entity(held: StoredRecord, record: RegistryRecord) -> str | None:
    match record:
        case Entity():
            return record.id
        case Person() | Account():
            return record.entity_id
    return held.entity


def record_of(change: RegistryChange) -> RegistryRecord:
    """Return the record of a change that waits."""
    return msgspec.convert(change.record, TABLES[change.table])
