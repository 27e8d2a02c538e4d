"""Editing the registry one record at a time. What gives power waits for a second officer.

A registrar puts a whole record in place of the one there is, and names the one that they saw
(:func:`etag`): nobody overwrites what they did not read. These wait until another registrar or a
compliance officer approves them, for whoever makes them could otherwise make themselves a head:

- an entity's head, IT delegates, and what is above it;
- a person's e-mail address and clearance, and that somebody who was gone serves again;
- an administrative role on an account that was not there, was lower, or had an end.

Taking power away does not wait. Access is taken away by revocations, not here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal, Protocol, TypeAlias

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from rolecall.errors import (
    ConflictError,
    NotFoundError,
    PreconditionError,
)
from rolecall.finding import identity
from rolecall.ledger.event import Action, Event
from rolecall.model import TABLES, Account, Entity, Person, RegistryRecord, Subject
from rolecall.usecases.governance.record_validation import (
    EditableTable,
    Lookup,
    changed_fields,
    checked,
    gives_power,
)
from rolecall.usecases.identity.permissions import Caller, is_steward, may
from rolecall.usecases.reasons import reason_of
from rolecall.usecases.retry import retried

__all__ = [
    "ChangeState",
    "ChangeStore",
    "RegistryChange",
    "StoredRecord",
    "approve_change",
    "change_of",
    "changes_for",
    "etag",
    "put_record",
    "record_of",
    "refuse_change",
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
_encode = msgspec.json.Encoder(order="sorted").encode


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


class StoredRecord(Struct, frozen=True):
    """A record as it was read.

    :ivar entity: of the account that a grant belongs to.
    :ivar token: the storage's own.
    """

    record: RegistryRecord | None
    entity: str | None = None
    token: Any = None


class ChangeStore(Lookup, Protocol):
    """Where records and changes of them are kept, with the log that goes with them."""

    def held(self, table: EditableTable, key: tuple[str, ...]) -> StoredRecord:
        """Return a record as it is now; of a grant the live one."""
        ...

    def change(self, id_: str) -> RegistryChange | None:
        """Return a change."""
        ...

    def changes(self) -> Sequence[RegistryChange]:
        """Return the changes that wait."""
        ...

    def keep(
        self,
        events: Sequence[Event],
        *,
        held: StoredRecord | None = None,
        record: RegistryRecord | None = None,
        change: RegistryChange | None = None,
    ) -> None:
        """Record events with the record and the change that they make, or nothing at all.

        :raises LogConflictError: something is not as it was read; look again.
        :raises InvalidRecordError: the record is larger than can be stored.
        """
        ...


def etag(record: RegistryRecord | None) -> str:
    """Return what names the content of a record, as HTTP has it; empty for no record."""
    if record is None:
        return ""
    return f'"{hashlib.sha256(_encode(record)).hexdigest()[:32]}"'


@retried
def put_record(
    registrar: ChangeStore,
    caller: Caller,
    at: datetime,
    table: EditableTable,
    key: tuple[str, ...],
    given: RegistryRecord,
    *,
    match: str | None,
    none_match: str | None,
) -> tuple[RegistryRecord, RegistryChange | None, bool]:
    """Put a record in place of another, or make it; or let it wait.

    :param given: the record, with its key in it.
    :param match: the ``If-Match`` of the request.
    :param none_match: its ``If-None-Match``: ``*`` where there must be no record yet.
    :returns: the record as it is now on record or would be, what waits, and whether it is new.
    :raises NotFoundError: the caller edits nothing.
    :raises PreconditionError: it is not as the caller saw it, or they do not say how they saw it.
    :raises InvalidRecordError: the record cannot be; field by field.
    :raises ConflictError: another change of it waits.
    """
    if not may("edit", caller.groups):
        raise NotFoundError(f"there is no such thing in {table}")
    held = registrar.held(table, key)
    _check_match(held, match, none_match)
    record = checked(registrar, at.date(), table, held.record, given)
    changed = changed_fields(held.record, record)
    if held.record is not None and not changed:
        return record, None, False
    if not gives_power(table, held.record, record, changed, at.date()):
        event = _changed_event(table, key, record, changed, caller, at, held)
        registrar.keep([event], held=held, record=record)
        return record, None, held.record is None
    was = etag(held.record)
    id_ = identity("change", table, *key, was, etag(record), caller.person)
    for other in registrar.changes():
        if (other.table, other.key) == (table, key):
            if other.id == id_:
                return record, other, held.record is None
            raise ConflictError(
                "change-waiting", "another change of it waits; decide that first", change=other.id
            )
    before = registrar.change(id_)
    change = RegistryChange(
        id=id_,
        table=table,
        key=key,
        fields=changed,
        was=was,
        record=msgspec.to_builtins(record),
        state="waiting",
        requested_by=caller.person,
        requested_at=at,
        # It was refused, or things changed back and forth: it is asked for once more.
        version=1 if before is None else before.version + 1,
    )
    event = _event(change, caller, at, "change.requested", fields=changed)
    registrar.keep([event], change=change)
    return record, change, held.record is None


def changes_for(registrar: ChangeStore, caller: Caller) -> Sequence[RegistryChange]:
    """Return the changes that wait, the oldest first.

    :raises NotFoundError: they are not for this caller.
    """
    if not may("read changes", caller.groups):
        raise NotFoundError("there are no changes")
    return sorted(registrar.changes(), key=lambda one: (one.requested_at, one.id))


def change_of(registrar: ChangeStore, caller: Caller, id_: str) -> RegistryChange:
    """Return a change.

    :raises NotFoundError: there is none, or not for this caller.
    """
    found = registrar.change(id_) if may("read changes", caller.groups) else None
    if found is None:
        raise NotFoundError(f"there is no change {id_}")
    return found


@retried
def approve_change(
    registrar: ChangeStore, caller: Caller, at: datetime, id_: str
) -> RegistryChange:
    """Put what waits on record.

    :raises NotFoundError: there is no such change, or not for this caller.
    :raises ConflictError: the caller asked for it, or it is about them; or the record is not what
        it was by now.
    :raises InvalidRecordError: it cannot be any more, such as when an entity is gone.
    """
    known = change_of(registrar, caller, id_)
    if known.state == "approved":
        return known
    if known.state != "waiting" or known.record is None:
        raise ConflictError("change-over", f"the change was {known.state}")
    held = registrar.held(known.table, known.key)
    given = record_of(known)
    if caller.person == known.requested_by or _is_about(caller.person, known, given):
        raise ConflictError("self-approval", "it takes another officer, whom it is not about")
    if etag(held.record) != known.was:
        raise ConflictError(
            "record-changed", "the record is not what it was; refuse this and ask for it anew"
        )
    record = checked(registrar, at.date(), known.table, held.record, given)
    made = _decided(known, caller, at, "approved")
    events = [
        _event(made, caller, at, "change.approved"),
        _changed_event(
            known.table, known.key, record, known.fields, caller, at, held, change=known.id
        ),
    ]
    registrar.keep(events, held=held, record=record, change=made)
    return made


@retried
def refuse_change(
    registrar: ChangeStore, caller: Caller, at: datetime, id_: str, reason: str
) -> RegistryChange:
    """Refuse what waits; whoever asked for it may take it back so.

    :raises NotFoundError: there is no such change, or not for this caller.
    :raises ConflictError: it was approved.
    """
    said = reason_of(reason)
    known = change_of(registrar, caller, id_)
    if known.state == "refused":
        return known
    if known.state == "approved":
        raise ConflictError("change-over", "the change was approved")
    made = _decided(known, caller, at, "refused", note=said)
    registrar.keep([_event(made, caller, at, "change.refused", reason=said)], change=made)
    return made


def record_of(change: RegistryChange) -> RegistryRecord:
    """Return the record of a change that waits."""
    return msgspec.convert(change.record, TABLES[change.table])


def _check_match(held: StoredRecord, match: str | None, none_match: str | None) -> None:
    if match is None and none_match is None:
        raise PreconditionError(
            "precondition-required",
            "say what you saw: If-Match with its ETag, or If-None-Match: * for a new record",
        )
    if none_match is not None and (none_match != "*" or held.record is not None):
        raise PreconditionError("precondition-failed", "there is such a record already")
    if match is not None and (held.record is None or match != etag(held.record)):
        raise PreconditionError(
            "precondition-failed", "the record is not what you saw; read it again"
        )


def _is_about(person: str, change: RegistryChange, record: RegistryRecord) -> bool:
    if isinstance(record, Entity):
        return is_steward(person, record)
    return change.table in ("people", "grants") and change.key[-1] == person


# -- events -------------------------------------------------------------------------------------


def _decided(
    known: RegistryChange, caller: Caller, at: datetime, state: ChangeState, note: str | None = None
) -> RegistryChange:
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


def _event(
    change: RegistryChange, caller: Caller, at: datetime, action: Action, **facts: Any
) -> Event:
    return Event(
        id=f"change/{identity(change.id, str(change.version), str(at))}",
        at=at,
        actor=caller.person,
        action=action,
        entity=None,
        subject=_subject(change.table, change.key),
        payload={"change": change.id, "via": caller.via, **facts},
    )


def _changed_event(
    table: EditableTable,
    key: tuple[str, ...],
    record: RegistryRecord,
    changed: Sequence[str],
    caller: Caller,
    at: datetime,
    held: StoredRecord,
    **facts: Any,
) -> Event:
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
