"""Editing the registry one record at a time. What gives power waits for a second officer.

A registrar puts a whole record in place of the one there is, and names the one that they saw
(:func:`~rolecall.usecases.governance.preconditions.etag`): nobody overwrites what they did not
read. What lets somebody do more, or do it for longer, waits until another registrar or a compliance
officer approves it. Two people take part in it, and neither of them gains by it
(:mod:`rolecall.usecases.identity.involvement`): nobody asks for what is theirs, and nobody approves
what is about them. What is approved is looked at once more at that moment.

Taking power away does not wait, up to a brake; access is taken away by revocations, not here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from rolecall.errors import ConflictError, NotFoundError, PreconditionError
from rolecall.finding import identity
from rolecall.ledger.event import Event
from rolecall.model import RegistryRecord
from rolecall.usecases.governance.preconditions import asker_stands, check_seen, check_serving, etag
from rolecall.usecases.governance.record_validation import (
    EditableTable,
    Lookup,
    changed_fields,
    checked,
    takes_two,
)
from rolecall.usecases.governance.recorded_changes import (
    RegistryChange,
    StoredRecord,
    change_event,
    decided_change,
    edit_event,
    record_of,
)
from rolecall.usecases.governance.sign_in_lists import SignInListStore
from rolecall.usecases.governance.stored_decisions import StoredDecisions
from rolecall.usecases.governance.taking_away import HoldingView, kept_at_once
from rolecall.usecases.identity.involvement import Involvement, RecordChange, involvement
from rolecall.usecases.identity.permissions import Caller, may
from rolecall.usecases.reasons import reason_of
from rolecall.usecases.retry import retried

__all__ = [
    "ChangeStore",
    "approve_change",
    "change_of",
    "changes_for",
    "put_record",
    "refuse_change",
]


class ChangeStore(Lookup, Protocol):
    """Where records and changes of them are kept, with the log that goes with them."""

    @property
    def view(self) -> HoldingView:
        """The registry, as far as it tells whom a change is about, and what it leaves."""
        ...

    @property
    def sign_ins(self) -> SignInListStore:
        """Requests for another sign-in."""
        ...

    def held(self, table: EditableTable, key: tuple[str, ...]) -> StoredRecord:
        """Return a record as it is now; of a grant the live one."""
        ...

    def change(self, id_: str) -> RegistryChange | None:
        """Return a change."""
        ...

    def changes(self) -> StoredDecisions[RegistryChange]:
        """Return the changes that wait."""
        ...

    def keep(
        self,
        events: Sequence[Event],
        *,
        held: StoredRecord | None = None,
        record: RegistryRecord | None = None,
        change: RegistryChange | None = None,
        brake: str | None = None,
    ) -> None:
        """Record events with the record and the change that they make, or nothing at all.

        :param brake: of whose edits it counts as one that takes something away.
        :raises LogConflictError: something is not as it was read; look again.
        :raises InvalidRecordError: the record is larger than can be stored.
        """
        ...


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
    :raises NotFoundError: the caller edits nothing; DeniedError: they do not serve any more.
    :raises PreconditionError: it is not as the caller saw it, or they do not say how they saw it.
    :raises InvalidRecordError: the record cannot be; field by field.
    :raises ConflictError: another change of it waits, or the caller gains by this one.
    """
    if not may("edit", caller.groups):
        raise NotFoundError(f"there is no such thing in {table}")
    held = _held(registrar, caller, at, table, key)
    _check_match(held, match, none_match)
    record = checked(registrar, at.date(), table, held.record, given)
    changed = changed_fields(held.record, record)
    if held.record is not None and not changed:
        return record, None, False
    edit = RecordChange(held.record, record)
    found = involvement(edit, registrar.view, at.date())
    event = edit_event(table, key, record, changed, caller, at, held)
    if not takes_two(edit, found) and kept_at_once(registrar, event, held, record):
        return record, None, held.record is None
    _check_asker(caller.person, found)
    id_ = identity("change", table, *key, etag(held.record), etag(record), caller.person)
    known = _waiting(registrar, at, table, key, id_)
    if known is None:
        known = _asked(registrar.change(id_), id_, caller, at, table, key, held, record)
        event = change_event(known, caller, at, "change.requested", fields=changed)
        registrar.keep([event], change=known)
    return record, known, held.record is None


def _held(
    registrar: ChangeStore, caller: Caller, at: datetime, table: EditableTable, key: tuple[str, ...]
) -> StoredRecord:
    """Return a record for a caller who serves at the moment for which it is decided."""
    held = registrar.held(table, key)
    check_serving(registrar.view.person(caller.person), at.date())
    return held


def _check_asker(person: str, found: Involvement) -> None:
    if person in found.gainers:
        raise ConflictError(
            "self-approval", "it lets whoever asks for it do more; another registrar must ask"
        )


def _waiting(
    registrar: ChangeStore, at: datetime, table: EditableTable, key: tuple[str, ...], id_: str
) -> RegistryChange | None:
    """Return the change that waits, if it is asked for again; another one is a conflict."""
    for other in registrar.changes().readable:
        if (other.table, other.key) == (table, key):
            if not asker_stands(registrar.view, *other.asker, at):
                continue
            if other.id == id_:
                return other
            raise ConflictError(
                "change-waiting", "another change of it waits; decide that first", change=other.id
            )
    return None


def _asked(
    before: RegistryChange | None,
    id_: str,
    caller: Caller,
    at: datetime,
    table: EditableTable,
    key: tuple[str, ...],
    held: StoredRecord,
    record: RegistryRecord,
) -> RegistryChange:
    return RegistryChange(
        id=id_,
        table=table,
        key=key,
        fields=changed_fields(held.record, record),
        was=etag(held.record),
        record=msgspec.to_builtins(record),
        state="waiting",
        requested_by=caller.person,
        requested_at=at,
        # It was refused, or things changed back and forth: it is asked for once more.
        version=1 if before is None else before.version + 1,
    )


def changes_for(registrar: ChangeStore, caller: Caller) -> StoredDecisions[RegistryChange]:
    """Return the changes that wait, the oldest first; NotFoundError for others."""
    if not may("read changes", caller.groups):
        raise NotFoundError("there are no changes")
    return registrar.changes().ordered(lambda one: (one.requested_at, one.id))


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
    :raises DeniedError: the caller was suspended since they signed in.
    :raises ConflictError: the caller asked for it, or it is about them; whoever asked for it does
        not serve any more, or gains by it; or the record is not what it was by now.
    :raises InvalidRecordError: it cannot be any more, such as when an entity is gone.
    """
    known = change_of(registrar, caller, id_)
    if known.state == "approved":
        return known
    if known.state != "waiting" or known.record is None:
        raise ConflictError("change-over", f"the change was {known.state}")
    held = _held(registrar, caller, at, known.table, known.key)
    if etag(held.record) != known.was:
        raise ConflictError(
            "record-changed", "the record is not what it was; refuse this and ask for it anew"
        )
    record = checked(registrar, at.date(), known.table, held.record, record_of(known))
    _check_pair(registrar, caller, at, known, RecordChange(held.record, record))
    made = decided_change(known, caller, at, "approved")
    events = [
        change_event(made, caller, at, "change.approved"),
        edit_event(known.table, known.key, record, known.fields, caller, at, held, change=known.id),
    ]
    registrar.keep(events, held=held, record=record, change=made)
    return made


def _check_pair(
    registrar: ChangeStore, caller: Caller, at: datetime, known: RegistryChange, edit: RecordChange
) -> None:
    """Hold a change to two people who serve at this moment, and of whom neither gains.

    :raises ConflictError: they are not.
    """
    found = involvement(edit, registrar.view, at.date())
    approver = registrar.view.person(caller.person)
    if not asker_stands(registrar.view, *known.asker, at):
        raise ConflictError(
            "change-over", "who asked for it does not serve any more, or as another sign-in"
        )
    _check_asker(known.requested_by, found)
    if caller.person == known.requested_by or approver is None or found.concerns(approver):
        raise ConflictError("self-approval", "it takes another officer, whom it is not about")


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
    made = decided_change(known, caller, at, "refused", note=said)
    registrar.keep([change_event(made, caller, at, "change.refused", reason=said)], change=made)
    return made


def _check_match(held: StoredRecord, match: str | None, none_match: str | None) -> None:
    if match is None and none_match is None:
        raise PreconditionError(
            "precondition-required",
            "say what you saw: If-Match with its ETag, or If-None-Match: * for a new record",
        )
    if none_match is not None and (none_match != "*" or held.record is not None):
        raise PreconditionError("precondition-failed", "there is such a record already")
    if match is not None:
        check_seen(match, etag(held.record))
