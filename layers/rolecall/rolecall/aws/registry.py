"""The registry in DynamoDB: read once a night, written by imports."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import msgspec
from msgspec import Struct

from rolecall.aws.address_index import indexed, people_by_address
from rolecall.aws.links import LINKS, linked, links_of
from rolecall.aws.table import MOST_ITEMS, DocumentTable, TableItem, Write, delete, put
from rolecall.errors import UsageError, VersionConflictError
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
    unquoted,
)
from rolecall.registry.merging import merged
from rolecall.usecases.governance.decisions import AcceptedWaivers, WaiverDecision, accepted_waivers

__all__ = ["WAIVERS", "Changes", "StackRegistry"]

WAIVERS = "WAIVERS"
"""The partition of what was accepted: a document a finding. No import touches it."""

_entity = msgspec.json.Decoder(Entity).decode
_person = msgspec.json.Decoder(Person).decode
_waiver_decision = msgspec.json.Decoder(WaiverDecision).decode


class Changes(Struct, frozen=True):
    """What an import would change: places of documents, by what happens to each.

    An account that moves to another entity is one of ``moved``, by its old place.
    """

    added: Sequence[DocumentKey]
    changed: Sequence[DocumentKey]
    removed: Sequence[DocumentKey]
    moved: Mapping[DocumentKey, DocumentKey]
    writes: Sequence[Sequence[Write]]

    def __bool__(self) -> bool:
        return bool(self.writes)


class StackRegistry:
    """The registry of a stack, as documents."""

    def __init__(self, table: DocumentTable) -> None:
        self.table = table

    def settings(self) -> Settings:
        """Return what holds for the registry as a whole.

        :raises UsageError: nothing was imported yet.
        """
        row = self.table.get(*SETTINGS)
        if row is None:
            raise UsageError("the stack has no registry yet; rolecall import brings one in")
        return msgspec.json.decode(row.data, type=Settings)

    def waiver_decisions(self) -> list[WaiverDecision]:
        """Return what was decided of findings: by officers, beside the policy."""
        return [_waiver_decision(row.data) for row in self.table.query(WAIVERS, consistent=True)]

    def accepted(self) -> AcceptedWaivers:
        """Return the waivers that come of it."""
        return accepted_waivers(self.waiver_decisions())

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
        """Yield every item as it is now.

        :param entities: ids of entities whose accounts to look for, beside those on record.
        """
        if (settings := self.table.get(*SETTINGS)) is not None:
            yield settings
        known = set(entities)
        # Links come before what they find: the module of links says why.
        for partition in (*LINKS, *HOLDERS):
            yield from self.table.query(partition, consistent=True)
        for partition in ENTITIES:
            for row in self.table.query(partition, consistent=True):
                known.add(_entity(row.data).id)
                yield row
        for partition in (*PEOPLE, *SEEN, *map(accounts_of, sorted(known))):
            yield from self.table.query(partition, consistent=True)

    def documents(self) -> Iterator[StoredDocument]:
        """Yield every document as it is now, without the links between them."""
        for row in self.rows():
            if row.partition not in LINKS:
                yield StoredDocument(DocumentKey(row.partition, row.key), row.data.encode())

    def account(self, account: str) -> TableItem | None:
        """Return the document of an account, wherever it is."""
        key = account_key_of(account)
        found = (self.table.get(partition, key) for partition in self.table.partitions(key))
        return next((row for row in found if row is not None), None)

    def lineage(self, entity: str) -> Iterator[Entity]:
        """Yield an entity and those above it, nearest first."""
        above: str | None = entity
        while above is not None and (row := self.table.get(*entity_key(above))) is not None:
            found = _entity(row.data)
            yield found
            above = found.parent_id

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
        there = {DocumentKey(row.partition, row.key): row for row in self.rows(entities)}
        stored = (
            StoredDocument(where, row.data.encode())
            for where, row in there.items()
            if where.partition not in LINKS
        )
        return self._compared(linked(merged(wanted, stored)), there)

    def relinked(self) -> Changes:
        """Return what it takes to have every entity found by its links, and by no others."""
        rows = [
            row
            for partition in (*LINKS, *ENTITIES)
            for row in self.table.query(partition, consistent=True)
        ]
        if (settings := self.table.get(*SETTINGS)) is not None:
            rows.append(settings)
        there = {DocumentKey(row.partition, row.key): row for row in rows}
        kept = {where: row.data.encode() for where, row in there.items()}
        return self._compared(
            linked({where: kept[where] for where in kept if where.partition not in LINKS}), there
        )

    def _compared(
        self, wanted: Mapping[DocumentKey, bytes], there: Mapping[DocumentKey, TableItem]
    ) -> Changes:
        added = [where for where in wanted if where not in there]
        removed = [where for where in there if where not in wanted and where != SETTINGS]
        changed = [
            where
            for where, row in there.items()
            if where in wanted
            and (
                row.data.encode() != wanted[where]
                # An item of an earlier release is not in the index yet.
                or indexed(where, wanted[where]).get("email") != row.email
            )
        ]
        arriving = {where.key: where for where in added if where.key.startswith("ACCOUNT#")}
        moved = {where: arriving[where.key] for where in removed if where.key in arriving}
        # A move is neither: its two sides are written together.
        targets = set(moved.values())
        added = [where for where in added if where not in targets]
        removed = [where for where in removed if where not in moved]
        writes = self._writes(wanted, there, [*added, *changed], removed, moved)
        return Changes(added, changed, removed, moved, writes)

    def _writes(
        self,
        wanted: Mapping[DocumentKey, bytes],
        there: Mapping[DocumentKey, TableItem],
        present: Sequence[DocumentKey],
        removed: Sequence[DocumentKey],
        moved: Mapping[DocumentKey, DocumentKey],
    ) -> list[list[Write]]:
        """Return the writes in groups that must be done together.

        What others refer to comes first and goes last: entities and people before accounts, and
        what finds something before it. The settings come at the very end: new columns count as
        tracked when they are filled, and entities as linked when they are.
        """
        name = self.table.name
        grouped = {
            link
            for where in present
            if where.partition in ENTITIES
            for link in links_of(_entity(wanted[where]))
        }

        def written(where: DocumentKey) -> Write:
            version = there[where].version if where in there else 0
            attributes = indexed(where, wanted[where])
            return put(name, *where, wanted[where], version=version, attributes=attributes)

        def gone(where: DocumentKey) -> Write:
            return delete(name, *where, version=there[where].version)

        def group(where: DocumentKey) -> Iterator[list[Write]]:
            """Yield the writes of a document with those of the links that find it."""
            links = links_of(_entity(wanted[where])) if where.partition in ENTITIES else []
            writes = [written(place) for place in (*links, where)]
            # What is too much for one transaction is written link by link, the entity at last.
            yield from [writes] if len(writes) <= MOST_ITEMS else ([one] for one in writes)

        def order(where: DocumentKey) -> tuple[int, DocumentKey]:
            return _RANK[_kind(where)], where

        alone = [where for where in present if where != SETTINGS and where not in grouped]
        return [
            *(part for where in sorted(alone, key=order) for part in group(where)),
            *([gone(old), written(new)] for old, new in sorted(moved.items())),
            *([gone(where)] for where in sorted(removed, key=lambda w: (-order(w)[0], w))),
            *([written(where)] for where in present if where == SETTINGS),
        ]

    def apply(self, changes: Changes, advance: Callable[[int], object] | None = None) -> None:
        """Write changes. One that is interrupted goes on where it was when it is made again.

        :raises VersionConflictError: somebody else changed an item since it was compared.
        """
        try:
            self.table.write(changes.writes, advance)
        except VersionConflictError as error:
            raise VersionConflictError(
                "the registry was changed by somebody else meanwhile; import again to see what is "
                "left to do",
                error.places,
            ) from error


_KINDS = ("STEWARDS", "CHILDREN", "ENTITIES", "PEOPLE", "HOLDERS", "ENTITY", "SEEN", "SETTINGS")
_RANK = {kind: rank for rank, kind in enumerate(_KINDS)}


def _kind(where: DocumentKey) -> str:
    return where.partition.partition("#")[0]
