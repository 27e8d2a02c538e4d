"""What an import writes: documents, and with them all that is derived, in transactions that hold.

Each transaction raises the version of the tree (:mod:`rolecall.aws.claims`), from that which the
comparison saw. So an import does not go on once another, or an edit of the tree, came between: what
it was compared with is not there any more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import msgspec
from msgspec import Struct

from rolecall.aws.address_index import indexed
from rolecall.aws.claims import (
    CLAIMS,
    TREE,
    account_claim,
    address_claim,
    address_of,
    claims_of,
)
from rolecall.aws.links import LINKS, linked, links_of
from rolecall.aws.removals import removal
from rolecall.aws.table import MOST_ITEMS, DocumentTable, TableItem, Write, delete, packed, put
from rolecall.model import Entity, Person
from rolecall.registry.documents import (
    SETTINGS,
    AccountDocument,
    DocumentKey,
    holder_key,
)

__all__ = ["DERIVED", "Changes", "Comparison", "apply_changes", "derived", "holders_of"]

DERIVED = frozenset({*LINKS, *CLAIMS})
"""Partitions of what follows from the documents."""

_entity = msgspec.json.Decoder(Entity).decode
_person = msgspec.json.Decoder(Person).decode
_account = msgspec.json.Decoder(AccountDocument).decode
_KINDS = (
    *("CLAIMS", "STEWARDS", "CHILDREN", "ENTITIES", "PEOPLE", "HOLDERS", "ENTITY", "SEEN"),
    "SETTINGS",
)
_RANK = {kind: rank for rank, kind in enumerate(_KINDS)}
_KEPT_KINDS = frozenset({"ENTITIES", "PEOPLE", "ENTITY", "SEEN"})
"""What an import puts on record that it removed: it is in no file."""


class Changes(Struct, frozen=True):
    """What an import would change: places of documents, by what happens to each.

    An account that moves to another entity is one of ``moved``, by its old place.

    :ivar tree: the version of the tree with which it was compared.
    """

    added: Sequence[DocumentKey]
    changed: Sequence[DocumentKey]
    removed: Sequence[DocumentKey]
    moved: Mapping[DocumentKey, DocumentKey]
    writes: Sequence[Sequence[Write]]
    tree: int = 0

    def __bool__(self) -> bool:
        return bool(self.writes)


def derived(documents: Mapping[DocumentKey, bytes]) -> dict[DocumentKey, bytes]:
    """Return documents of a registry with the links and claims that follow from them."""
    return linked(documents) | claims_of(documents)


def holders_of(documents: Mapping[DocumentKey, bytes]) -> Iterator[DocumentKey]:
    """Yield where it stands, of each grant in documents of accounts, that its holder has one."""
    for where, data in documents.items():
        if _kind(where) == "ENTITY":
            for grant in _account(data).grants:
                yield holder_key(grant.person_id, grant.account_id)


class Comparison:
    """The documents that are wanted, held against those that are there."""

    def __init__(
        self,
        table: str,
        wanted: Mapping[DocumentKey, bytes],
        there: Mapping[DocumentKey, TableItem],
        tree: int,
    ) -> None:
        """Compare.

        :param table: the name of the table.
        :param wanted: documents with all that is derived.
        :param tree: the version of the tree before anything was read.
        """
        self._table = table
        self._wanted = wanted
        self._there = there
        self._tree = tree

    def changes(self) -> Changes:
        """Return what it takes to have what is wanted."""
        wanted, there = self._wanted, self._there
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
        # Of an account that was there twice one moves, and the other goes.
        leaving = {arriving[one.key]: one for one in sorted(removed) if one.key in arriving}
        moved = {old: new for new, old in leaving.items()}
        # A move is neither: its two sides are written together.
        targets = set(moved.values())
        added = [where for where in added if where not in targets]
        removed = [where for where in removed if where not in moved]
        writes = list(self._groups([*added, *changed], removed, moved))
        return Changes(added, changed, removed, moved, writes, self._tree)

    def _groups(
        self,
        present: Sequence[DocumentKey],
        removed: Sequence[DocumentKey],
        moved: Mapping[DocumentKey, DocumentKey],
    ) -> Iterator[list[Write]]:
        """Yield the writes in groups that must be done together.

        What others refer to comes first and goes last: entities and people before accounts, and
        what finds or claims something with it. The settings come at the very end: new columns count
        as tracked when they are filled, and entities as linked when they are.
        """
        done: set[DocumentKey] = set()
        left = set(present)

        def together(where: DocumentKey, *more: Write) -> Iterator[list[Write]]:
            """Yield the writes of a document with what finds it and what it claims."""
            places = [one for one in self._beside(where) if one in self._wanted]
            claims = [one for one in places if one.partition in CLAIMS]
            claims = [one for one in claims if one in left and one not in done]
            links = [one for one in places if one.partition in LINKS]
            done.update(claims, links)
            writes = [*map(self._written, (*claims, *links)), *more, self._written(where)]
            # What is too much for one transaction is written link by link, the entity at last.
            yield from [writes] if len(writes) < MOST_ITEMS else ([one] for one in writes)

        def order(where: DocumentKey) -> tuple[int, DocumentKey]:
            return _RANK[_kind(where)], where

        documents = [one for one in present if one.partition not in DERIVED and one != SETTINGS]
        for where in sorted(documents, key=order):
            yield from together(where)
        for old, new in sorted(moved.items()):
            # Noted as well: a copy that knows the former place alone tells nobody of the new one.
            yield from together(new, self._gone(old), *self._noted(old))
        for where in sorted((left - done) - set(documents) - {SETTINGS}, key=order):
            yield [self._written(where)]
        yield from self._removals(sorted(removed, key=lambda one: (-order(one)[0], one)))
        if SETTINGS in left:
            yield [self._written(SETTINGS)]

    def _removals(self, removed: Sequence[DocumentKey]) -> Iterator[list[Write]]:
        """Yield the removal of each document with that of what it claimed."""
        done: set[DocumentKey] = set()
        for where in removed:
            if where not in done:
                beside = (one for one in self._beside(where) if one in self._there)
                claims = [one for one in beside if one not in self._wanted]
                done.update(claims)
                yield [self._gone(where), *self._noted(where), *map(self._gone, claims)]

    def _beside(self, where: DocumentKey) -> list[DocumentKey]:
        """Return where that is by which a document is found, and what it claims."""
        kind = _kind(where)
        if kind == "ENTITY":
            return [account_claim(where.key.partition("#")[2])]
        if kind == "ENTITIES" and where in self._wanted:
            return links_of(_entity(self._wanted[where]))
        if kind == "PEOPLE" and where in self._wanted:
            key = address_of(_person(self._wanted[where]))
            return [] if key is None else [address_claim(key)]
        return []

    def _written(self, where: DocumentKey) -> Write:
        data = self._wanted[where]
        version = self._there[where].version if where in self._there else 0
        return put(self._table, *where, data, version=version, attributes=indexed(where, data))

    def _gone(self, where: DocumentKey) -> Write:
        return delete(self._table, *where, version=self._there[where].version)

    def _noted(self, where: DocumentKey) -> list[Write]:
        return [removal(self._table, where)] if _kind(where) in _KEPT_KINDS else []


def apply_changes(
    table: DocumentTable, changes: Changes, advance: Callable[[int], object] | None = None
) -> None:
    """Write changes, in transactions that are as large as can be.

    :param advance: called with the number of items after each transaction.
    :raises VersionConflictError: an item, or the tree, is not as it was compared.
    """
    version = changes.tree
    for batch in packed(changes.writes, MOST_ITEMS - 1):
        table.transact([put(table.name, *TREE, b"{}", version=version), *batch])
        version += 1
        if advance is not None:
            advance(len(batch))


def _kind(where: DocumentKey) -> str:
    return where.partition.partition("#")[0]
