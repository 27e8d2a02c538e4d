"""Edits of the registry, committed with the log, and the changes that wait for a second officer.

A change that waits stands as ``CHANGE#<id>`` in the table of revocations; those that wait are found
in its index *by-entity*, under a name that no entity has. ``RECORD#<hash>`` names the last change
that waited for a record: that there is one at a time is in the transaction.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from rolecall.aws.address_index import indexed
from rolecall.aws.changed_sign_ins import asked_write
from rolecall.aws.invariants import RegistryInvariants
from rolecall.aws.journal import Journal
from rolecall.aws.links import LINK_DATA, record_links
from rolecall.aws.office_records import DynamoOffices
from rolecall.aws.rate_limit import DynamoRateLimit
from rolecall.aws.reader import DynamoReader
from rolecall.aws.registry import StackRegistry
from rolecall.aws.sign_in_requests import DynamoSignInRequests
from rolecall.aws.table import DocumentTable, TableItem, put
from rolecall.errors import InvalidRecordError, LogConflictError
from rolecall.finding import identity
from rolecall.ledger.event import Event
from rolecall.model import TABLES, Account, Entity, Grant, Person, RegistryRecord
from rolecall.registry.documents import (
    SETTINGS,
    AccountDocument,
    DocumentKey,
    EntityDocument,
    PersonDocument,
    Settings,
    account_key_of,
    accounts_of,
    entity_key,
    flaw_of,
    person_key,
)
from rolecall.registry.editing import with_account, with_edited_grant, with_entity, with_person
from rolecall.usecases.governance.preconditions import asker_stands
from rolecall.usecases.governance.record_validation import EditableTable
from rolecall.usecases.governance.recorded_changes import RegistryChange, StoredRecord
from rolecall.usecases.governance.stored_decisions import (
    StoredDecisions,
    stored_decision,
    stored_decisions,
)
from rolecall.usecases.governance.taking_away import MOST_TAKEN

__all__ = ["DynamoRegistrar"]

_CHANGES = "#changes"
_encode = msgspec.json.Encoder().encode
_entity = msgspec.json.Decoder(EntityDocument).decode
_person = msgspec.json.Decoder(PersonDocument).decode
_account = msgspec.json.Decoder(AccountDocument).decode


class _Token(Struct, frozen=True):
    row: TableItem
    document: AccountDocument | None = None


class DynamoRegistrar:
    """What registrars edit."""

    def __init__(
        self, registry: StackRegistry, changes: DocumentTable, journal: Journal, view: DynamoReader
    ) -> None:
        self.view = view
        self.sign_ins = DynamoSignInRequests(changes, journal, view)
        self.offices = DynamoOffices(changes, journal)
        self._registry = registry
        self._invariants = RegistryInvariants(registry)
        self._limit = DynamoRateLimit(changes, journal, most_an_hour=MOST_TAKEN, counts="TAKEN")
        self._changes = changes
        self._journal = journal

    # -- what is looked up ------------------------------------------------------------------

    def entity(self, id_: str) -> Entity | None:
        """Return an entity."""
        return next(self._registry.lineage(id_), None)

    def lineage(self, entity: str) -> Iterator[Entity]:
        """Yield an entity and those above it, nearest first."""
        return self._registry.lineage(entity)

    def height(self, entity: str) -> int:
        """Return how many levels there are from an entity down, its own among them."""
        return self._invariants.height(entity)

    def person(self, person: str) -> Person | None:
        """Return a person."""
        return self._registry.person(person)

    def by_email(self, email: str) -> Sequence[Person]:
        """Return everybody with an address."""
        return self._registry.by_email(email)

    def grants(self, account: str) -> Sequence[Grant] | None:
        """Return the grants of an account, ended ones among them; nothing where it is unknown."""
        row = self._registry.account(account)
        return None if row is None else _account(row.data).grants

    def tracked(self) -> Set[str]:
        """Return the columns that the registry has."""
        row = self._registry.table.get(*SETTINGS)
        return set() if row is None else set(msgspec.json.decode(row.data, type=Settings).tracked)

    # -- records ----------------------------------------------------------------------------

    def held(self, table: EditableTable, key: tuple[str, ...]) -> StoredRecord:
        """Return a record as it is now; of a grant the live one."""
        # This comes first: what is looked at after it is so at the commit, or that is refused.
        edits = self._invariants.edits()
        return replace(self._look(table, key), edits=edits)

    def _look(self, table: EditableTable, key: tuple[str, ...]) -> StoredRecord:
        if table in ("entities", "people"):
            where = entity_key(key[0]) if table == "entities" else person_key(key[0])
            row = self._registry.table.get(*where)
            kept = None if row is None else msgspec.json.decode(row.data, type=TABLES[table])
            return StoredRecord(kept, token=None if row is None else _Token(row))
        row = self._registry.account(key[0])
        if row is None:
            return StoredRecord(None)
        document = _account(row.data)
        if table == "accounts":
            return StoredRecord(document.account, token=_Token(row, document))
        live = (one for one in document.grants if one.is_live)
        grant = next((one for one in live if one.person_id == key[1]), None)
        return StoredRecord(grant, document.account.entity_id, _Token(row, document))

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
        :raises BrakeError: there were too many within an hour.
        :raises LogConflictError: something is not as it was read.
        :raises InvalidRecordError: the record is larger than can be stored.
        """
        writes: list[Mapping[str, Any]] = []
        if brake is not None:
            writes += self._limit.writes(brake, events[0].at)
        if record is not None and held is not None:
            writes += self._writes(held, record, events[0].at)
        if change is not None:
            moment = change.requested_at.isoformat()
            waits = {"entity": _CHANGES, "moment": moment} if change.state == "waiting" else {}
            write = put(
                self._changes.name,
                f"CHANGE#{change.id}",
                "-",
                _encode(change),
                version=change.version - 1,
                attributes=waits,
            )
            writes.append(write.request)
            if waits:
                writes.append(self._alone(change))
            elif change.state == "approved":
                writes += asked_write(self._changes, *change.asker)
        self._journal.commit(events, writes)

    def _writes(
        self, held: StoredRecord, record: RegistryRecord, at: datetime
    ) -> Iterator[Mapping[str, Any]]:
        token: _Token | None = held.token
        where, document = _placed(token, record, at)
        data = _encode(document)
        if (flaw := flaw_of(where, data)) is not None:
            raise InvalidRecordError({"id": flaw})
        name = self._registry.table.name
        version = 0 if token is None else token.row.version
        yield put(name, *where, data, version=version, attributes=indexed(where, data)).request
        yield from self._invariants.writes(held, record)
        for link in record_links(record):
            # Written again where it is there, so that nobody deletes it who saw no use of it.
            known = self._registry.table.get(*link)
            version = 0 if known is None else known.version
            yield put(name, *link, LINK_DATA, version=version).request

    # -- changes ----------------------------------------------------------------------------

    def _alone(self, change: RegistryChange) -> Mapping[str, Any]:
        """Return the write by which no other change of the same record waits.

        :raises LogConflictError: another does by now.
        """
        known = self._changes.get(where := f"RECORD#{identity(change.table, *change.key)}", "-")
        other = None if known is None else self.change(msgspec.json.decode(known.data, type=str))
        waits = other is not None and other.id != change.id and other.state == "waiting"
        # What somebody asked for who does not serve any more waits for nothing.
        if other and waits and asker_stands(self.view, *other.asker, change.requested_at):
            raise LogConflictError("another change of it waits by now")
        version = 0 if known is None else known.version
        return put(self._changes.name, where, "-", _encode(change.id), version=version).request

    def change(self, id_: str) -> RegistryChange | None:
        """Return a change; ConflictError where it cannot be read."""
        row = self._changes.get(f"CHANGE#{id_}", "-")
        return None if row is None else stored_decision(id_, row.data, RegistryChange)

    def changes(self) -> StoredDecisions[RegistryChange]:
        """Return the changes that wait."""
        places = self._changes.indexed("by-entity", "entity", _CHANGES)
        rows = (self._changes.get(*where) for where in places if where[0].startswith("CHANGE#"))
        found = stored_decisions(
            ((row.partition.removeprefix("CHANGE#"), row.data) for row in rows if row is not None),
            RegistryChange,
        )
        waiting = (one for one in found.readable if one.state == "waiting")
        return replace(found, readable=tuple(waiting))


def _placed(
    token: _Token | None, record: RegistryRecord, at: datetime
) -> tuple[DocumentKey, RegistryRecord | AccountDocument]:
    """Return where a record is kept, and the document that it makes there."""
    match record:
        case Entity():
            entity = None if token is None else _entity(token.row.data)
            return entity_key(record.id), with_entity(entity, record, at)
        case Person():
            person = None if token is None else _person(token.row.data)
            return person_key(record.id), with_person(person, record, at)
        case Account():
            where = DocumentKey(accounts_of(record.entity_id), account_key_of(record.id))
            return where, with_account(None if token is None else token.document, record, at)
        case Grant() if token is not None and token.document is not None:
            where = DocumentKey(token.row.partition, token.row.key)
            return where, with_edited_grant(token.document, record, at)
    raise AssertionError
