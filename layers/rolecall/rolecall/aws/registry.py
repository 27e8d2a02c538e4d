"""The registry in DynamoDB: read once a night, written by imports."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

import msgspec

from rolecall.aws.address_index import people_by_address
from rolecall.aws.claims import CLAIMS, TREE, account_claim, claimed, claims_of
from rolecall.aws.importing import (
    DERIVED,
    Changes,
    Comparison,
    apply_changes,
    derived,
    holders_of,
)
from rolecall.aws.links import LINKS, linked
from rolecall.aws.table import DocumentTable, TableItem
from rolecall.errors import UsageError, VersionConflictError
from rolecall.lineage import lineage
from rolecall.model import Entity, Person
from rolecall.registry.documents import (
    ENTITIES,
    HOLDERS,
    PEOPLE,
    SEEN,
    SETTINGS,
    DocumentKey,
    Settings,
    StoredDocument,
    account_key_of,
    accounts_of,
    entity_key,
    holder_key,
    person_key,
)
from rolecall.registry.key_parts import unquoted
from rolecall.registry.merging import merged
from rolecall.usecases.governance.decisions import AcceptedWaivers, WaiverDecision, accepted_waivers
from rolecall.usecases.governance.stored_decisions import StoredDecisions, stored_decisions

__all__ = ["WAIVERS", "StackRegistry"]

WAIVERS = "WAIVERS"
"""The partition of what was accepted: a document a finding. No import touches it."""

_entity = msgspec.json.Decoder(Entity).decode
_person = msgspec.json.Decoder(Person).decode
_Documents: TypeAlias = Mapping[DocumentKey, bytes]


class StackRegistry:
    """The registry of a stack, as documents."""

    def __init__(self, table: DocumentTable) -> None:
        self.table = table

    def settings(self) -> Settings:
        """Return what holds for the whole; UsageError where nothing was imported yet."""
        row = self.table.get(*SETTINGS)
        if row is None:
            raise UsageError("the stack has no registry yet; rolecall import brings one in")
        return msgspec.json.decode(row.data, type=Settings)

    def waiver_decisions(self) -> StoredDecisions[WaiverDecision]:
        """Return what was decided of findings: by officers, beside the policy."""
        rows = self.table.query(WAIVERS, consistent=True)
        return stored_decisions(((row.key, row.data) for row in rows), WaiverDecision)

    def accepted(self) -> AcceptedWaivers:
        """Return the waivers that come of it, and of what it cannot be read."""
        found = self.waiver_decisions()
        return accepted_waivers(found.readable, found.unreadable)

    def entities(self) -> Iterator[bytes]:
        """Yield every entity."""
        return self.table.documents(ENTITIES)

    def people(self) -> Iterator[bytes]:
        """Yield every person."""
        return self.table.documents(PEOPLE)

    def seen(self) -> Iterator[bytes]:
        """Yield every document of observations."""
        return self.table.documents(SEEN)

    def accounts(self, entities: Sequence[str]) -> Iterator[bytes]:
        """Yield the account documents of entities."""
        return self.table.documents(map(accounts_of, entities))

    def rows(self, entities: Iterable[str] = ()) -> Iterator[TableItem]:
        """Yield every item of the registry as it is now.

        :param entities: ids of entities whose accounts to look for, beside those on record.
        """
        if (settings := self.table.get(*SETTINGS)) is not None:
            yield settings
        known = set(entities)
        # Claims and links come before what they are about: their modules say why.
        for partition in CLAIMS:
            for row in self._whole(partition):
                if row.key.startswith("account#"):
                    # An entity that there is not has accounts all the same, if somebody lost it.
                    known.update(claimed(row.data))
                yield row
        for partition in (*LINKS, *HOLDERS):
            yield from self._whole(partition)
        for partition in ENTITIES:
            for row in self._whole(partition):
                known.add(_entity(row.data).id)
                yield row
        for partition in (*PEOPLE, *SEEN, *map(accounts_of, sorted(known))):
            yield from self._whole(partition)

    def _whole(self, partition: str) -> Iterator[TableItem]:
        return self.table.query(partition, consistent=True)

    def documents(self) -> Iterator[StoredDocument]:
        """Yield every document as it is now, without the links between them."""
        for row in self.rows():
            if row.partition not in DERIVED:
                yield StoredDocument(DocumentKey(row.partition, row.key), row.data.encode())

    def account(self, account: str) -> TableItem | None:
        """Return the document of an account: that of the entity to which it belongs."""
        key = account_key_of(account)
        claim = self.table.get(*account_claim(account))
        for entity in () if claim is None else claimed(claim.data):
            if (row := self.table.get(accounts_of(entity), key)) is not None:
                return row
        # A table of an earlier format has no claims, and one of an earlier release moved it.
        homes = [one for one in self.table.partitions(key) if one.startswith(accounts_of(""))]
        found = (self.table.get(partition, key) for partition in homes)
        return next((row for row in found if row is not None), None)

    def home_of(self, account: str) -> str | None:
        """Return the entity to which an account belongs."""
        row = self.account(account)
        return None if row is None else row.partition.removeprefix(accounts_of(""))

    def lineage(self, entity: str) -> Iterator[Entity]:
        """Yield an entity and those above it, nearest first."""

        def find(id_: str) -> Entity | None:
            row = self.table.get(*entity_key(id_))
            return None if row is None else _entity(row.data)

        return lineage(entity, find)

    def person(self, person: str) -> Person | None:
        """Return a person."""
        row = self.table.get(*person_key(person))
        return None if row is None else _person(row.data)

    def by_email(self, email: str) -> list[Person]:
        """Return everybody on the roster with an address; by an index that follows in moments."""
        return people_by_address(self.table, email)

    def held(self, person: str) -> list[str]:
        """Return the ids of the accounts on which a person has a grant, live or not."""
        where = holder_key(person)
        rows = self.table.query(where.partition, (where.key, f"{where.key}\uffff"))
        return [unquoted(row.key.partition("#")[2]) for row in rows]

    def compare(self, wanted: Mapping[DocumentKey, bytes]) -> Changes:
        """Return what it takes to make the registry what is wanted.

        What was done here since the last import is not in the files, and stays
        (:mod:`rolecall.registry.merging`).

        :raises UsageError: the files and what was done here do not fit together.
        """
        entities = {
            _entity(data).id for where, data in wanted.items() if where.partition in ENTITIES
        }
        tree = self.tree()
        there = {DocumentKey(row.partition, row.key): row for row in self.rows(entities)}
        stored = (
            StoredDocument(where, row.data.encode())
            for where, row in there.items()
            if where.partition not in DERIVED
        )
        return Comparison(self.table.name, derived(merged(wanted, stored)), there, tree).changes()

    def relinked(self) -> Changes:
        """Return what it takes to have every entity found by its links, and by no others."""
        rows = [row for partition in (*LINKS, *ENTITIES) for row in self._whole(partition)]
        if (settings := self.table.get(*SETTINGS)) is not None:
            rows.append(settings)
        return self._derived(rows, linked)

    def reclaimed(self) -> Changes:
        """Return what it takes to have everything claimed that a registry has once."""
        rows = [row for row in self.rows() if row.partition not in LINKS]
        return self._derived(rows, lambda documents: {**documents, **claims_of(documents)})

    def completed(
        self,
        there: Mapping[DocumentKey, TableItem],
        more: Mapping[DocumentKey, bytes],
        tree: int,
    ) -> Changes:
        """Return what it takes to have more documents, and all that follows from each there is.

        :param there: every item as it is.
        :param tree: the version of the tree before they were read.
        """
        wanted = derived({**_kept(there), **more})
        holders = dict.fromkeys(holders_of(wanted), b"{}")
        # What follows from a document that is lost still stays: a claim says where it was.
        kept = {where: row.data.encode() for where, row in there.items()}
        changes = Comparison(self.table.name, {**kept, **holders, **wanted}, there, tree)
        return changes.changes()

    def _derived(
        self, rows: Sequence[TableItem], made: Callable[[_Documents], _Documents]
    ) -> Changes:
        there = {DocumentKey(row.partition, row.key): row for row in rows}
        return Comparison(self.table.name, made(_kept(there)), there, self.tree()).changes()

    def tree(self) -> int:
        """Return the version of the tree: who changes what is above what raises it."""
        row = self.table.get(*TREE)
        return 0 if row is None else row.version

    def apply(self, changes: Changes, advance: Callable[[int], object] | None = None) -> None:
        """Write changes. One that is interrupted goes on where it was when it is made again.

        :raises VersionConflictError: somebody else changed an item since it was compared.
        """
        try:
            apply_changes(self.table, changes, advance)
        except VersionConflictError as error:
            raise VersionConflictError(
                "the registry was changed by somebody else meanwhile; import again to see what is "
                "left to do",
                error.places,
            ) from error


def _kept(there: Mapping[DocumentKey, TableItem]) -> _Documents:
    """Return the documents among items, without what follows from them."""
    return {
        where: row.data.encode() for where, row in there.items() if where.partition not in DERIVED
    }
