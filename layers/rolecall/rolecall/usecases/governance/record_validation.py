"""What a record that is edited by hand can be, and which edits take two people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from datetime import date
from typing import Any, Literal, Protocol, TypeAlias

import msgspec
from msgspec.structs import asdict, replace

from rolecall.errors import InvalidRecordError
from rolecall.keys.addresses import bare_address
from rolecall.model import Account, Entity, Grant, Person, RegistryRecord
from rolecall.provenance import FILLED_COLUMNS
from rolecall.registry.editing import said_in_vain
from rolecall.registry.schema import referring
from rolecall.usecases.governance.entity_tree import EntityTree, flaw_above
from rolecall.usecases.governance.free_fields import free_fields
from rolecall.usecases.governance.twins import TwinLookup, nearest_id, twin_of
from rolecall.usecases.identity.involvement import Involvement, RecordChange

__all__ = ["EditableTable", "Lookup", "changed_fields", "checked", "takes_two"]

EditableTable: TypeAlias = Literal["entities", "people", "accounts", "grants"]


class Lookup(EntityTree, TwinLookup, Protocol):
    """What a record refers to."""

    def entity(self, id_: str) -> Entity | None:
        """Return an entity."""
        ...

    def person(self, person: str) -> Person | None:
        """Return a person."""
        ...

    def by_email(self, email: str) -> Sequence[Person]:
        """Return everybody with an address."""
        ...

    def grants(self, account: str) -> Sequence[Grant] | None:
        """Return the grants of an account, ended ones among them; nothing where it is unknown."""
        ...

    def tracked(self) -> Set[str]:
        """Return the columns that the registry has, as ``table.column``."""
        ...


# -- what can be --------------------------------------------------------------------------------


def checked(
    known: Lookup,
    today: date,
    table: EditableTable,
    before: RegistryRecord | None,
    given: RegistryRecord,
) -> RegistryRecord:
    """Return a record as it is kept.

    :raises InvalidRecordError: it cannot be.
    """
    record = _tidy(given)
    wrong = dict(_shape(record)) | dict(said_in_vain(table, before, record))
    tracked = known.tracked()
    wrong |= dict(_untracked(table, record, tracked)) | dict(free_fields(table, before, record))
    # An import may name people whom nobody knows; here it is a slip.
    for name in referring(table, "people"):
        value = getattr(record, name)
        if before is not None and value == getattr(before, name):
            # An import may have named somebody whom nobody knows: that is a finding, not a slip.
            continue
        for id_ in value if isinstance(value, tuple) else (value,):
            if id_ is not None and known.person(id_) is None:
                near = nearest_id(known, Person, id_)
                hint = f"; did you mean {near}?" if near else ""
                wrong[name] = f"there is no person {id_}{hint}"
    match record:
        case Entity():
            wrong |= dict(_check_entity(known, before, record))
        case Person():
            wrong |= dict(_check_person(known, before, record))
        case Account():
            wrong |= dict(_check_account(known, before, record))
        case Grant():
            record = _kept(before, record, today if "grants.granted_on" in tracked else None)
            wrong |= dict(_check_grant(known, before, record))
    wrong = dict(twin_of(known, before, record)) | wrong
    if wrong:
        raise InvalidRecordError(wrong)
    return record


def _tidy(record: RegistryRecord) -> RegistryRecord:
    """Return a record without spaces around its texts; one that is empty is none."""
    changes: dict[str, Any] = {}
    for name, value in asdict(record).items():
        if isinstance(value, str):
            changes[name] = value.strip() or None
        elif isinstance(value, tuple):
            changes[name] = tuple(dict.fromkeys(text.strip() for text in value if text.strip()))
    if isinstance(record, Account):
        changes["platform"] = record.platform.strip().casefold()
    return replace(record, **changes)


def _shape(record: RegistryRecord) -> Iterator[tuple[str, str]]:
    for field in msgspec.structs.fields(record):
        value = getattr(record, field.name)
        texts = value if isinstance(value, tuple) else (value,)
        if field.required and value is None:
            yield field.name, "must be filled"
        if not all(text.isprintable() for text in texts if isinstance(text, str)):
            yield field.name, "has signs that cannot be shown"


def _untracked(
    table: EditableTable, record: RegistryRecord, tracked: Set[str]
) -> Iterator[tuple[str, str]]:
    """Yield what fills a column that the registry does not have.

    With the first value the column would count as tracked, and everybody else as without one. Not
    so those that programs fill: they are tracked row by row.
    """
    empty = {field.name: field.default for field in msgspec.structs.fields(record)}
    for name, value in asdict(record).items():
        column = f"{table}.{name}"
        is_known = column in tracked or column in FILLED_COLUMNS or name == "notes"
        if not is_known and value != empty[name]:
            yield name, "the registry has no such column; import one with it first"


def _check_entity(
    known: Lookup, before: RegistryRecord | None, record: Entity
) -> Iterator[tuple[str, str]]:
    is_moved = not isinstance(before, Entity) or before.parent_id != record.parent_id
    if is_moved and (flaw := flaw_above(known, record, is_new=before is None)) is not None:
        yield "parent_id", flaw


def _check_person(
    known: Lookup, before: RegistryRecord | None, record: Person
) -> Iterator[tuple[str, str]]:
    if record.entity_id is not None and known.entity(record.entity_id) is None:
        yield "entity_id", f"there is no entity {record.entity_id}"
    is_new = not isinstance(before, Person) or before.email != record.email
    if record.email is not None and record.status == "active" and is_new:
        # An import may have brought a mailbox that people share; nobody shares one by a slip here.
        others = (
            one for one in known.by_email(bare_address(record.email)) if one.status == "active"
        )
        if any(one.id != record.id for one in others):
            yield "email", "is the address of another active person"


def _check_account(
    known: Lookup, before: RegistryRecord | None, record: Account
) -> Iterator[tuple[str, str]]:
    if known.entity(record.entity_id) is None:
        yield "entity_id", f"there is no entity {record.entity_id}"
    if isinstance(before, Account) and before.entity_id != record.entity_id:
        yield "entity_id", "an account goes to another entity by an import"


def _kept(before: RegistryRecord | None, record: Grant, today: date | None) -> Grant:
    """Return a grant with what only a revocation changes as it was."""
    if isinstance(before, Grant):
        return replace(
            record,
            granted_on=record.granted_on or before.granted_on,
            revoke_requested_at=before.revoke_requested_at,
            revoked_on=before.revoked_on,
        )
    return replace(
        record,
        granted_on=record.granted_on or today,
        revoke_requested_at=None,
        revoked_on=None,
    )


def _check_grant(
    known: Lookup, before: RegistryRecord | None, record: Grant
) -> Iterator[tuple[str, str]]:
    grants = known.grants(record.account_id)
    if grants is None:
        yield "account_id", f"there is no account {record.account_id}"
    if isinstance(before, Grant) and before.revoke_requested_at is not None:
        yield "person_id", "this access is being taken away; cancel that first"
    for other in grants or ():
        is_same = (other.person_id, other.granted_on) == (record.person_id, record.granted_on)
        if is_same and not other.is_live:
            # An import could not tell the two apart, and would end this one as well.
            yield "granted_on", "access that was given on this day was taken away; name a later one"


# -- what takes two ------------------------------------------------------------------------------


def changed_fields(before: RegistryRecord | None, record: RegistryRecord) -> tuple[str, ...]:
    """Return the fields that differ; of a new record those that are filled."""
    if before is None:
        empty = {one.name: one.default for one in msgspec.structs.fields(record)}
        return tuple(name for name, value in asdict(record).items() if value != empty[name])
    old = asdict(before)
    return tuple(name for name, value in asdict(record).items() if value != old[name])


def takes_two(change: RecordChange, found: Involvement) -> bool:
    """Tell whether an edit waits for a second officer: somebody can do more by it, or for longer.

    Who answers for an entity, and by which address somebody signs in, takes two in any case: it is
    no less when it is taken away.
    """
    match change.before, change.after:
        case Entity() as before, Entity() as after:
            named = (before.head_id, before.parent_id, set(before.it_delegate_ids))
            moves = named != (after.head_id, after.parent_id, set(after.it_delegate_ids))
        case Person() as before, Person() as after:
            moves = before.email != after.email
        case _:
            moves = False
    return moves or bool(found.gains)
