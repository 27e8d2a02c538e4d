"""The entities of a stack, and which somebody reaches, at a cost that follows what is read.

From a person their links lead to the entities that they head or help, and from those to all below,
level by level. Each entity is then read, and says itself whether it is what the link says. A
registry without links (:mod:`rolecall.aws.links`) is read whole.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from heapq import merge
from itertools import islice
from operator import attrgetter
from typing import Any

import msgspec

from rolecall.aws.links import child_link, far_end, steward_link
from rolecall.aws.table import DocumentTable, TableItem
from rolecall.lineage import children_of, descendants, height_of
from rolecall.model import Entity
from rolecall.registry.documents import ENTITIES, SETTINGS, DocumentKey, Settings, entity_key
from rolecall.usecases.identity.permissions import is_steward
from rolecall.usecases.identity.stewardship import Stewardship

__all__ = ["DynamoEntities"]

_PARALLEL = 16
_SPARE = 4
"""Rows read of a partition beyond its share: ids are spread over them, and not evenly."""
_NO_LIMIT = 1_000_000
_entity = msgspec.json.Decoder(Entity).decode


class DynamoEntities:
    """The entities of a stack, to read."""

    def __init__(self, table: DocumentTable) -> None:
        self._table = table

    def known(self, ids: Collection[str]) -> Mapping[str, Entity]:
        """Return those of some entities that there are, by id, as they are now."""
        rows = self._table.get_many([entity_key(id_) for id_ in ids])
        return {row.key: _entity(row.data) for row in rows}

    def page(self, first: str, most: int) -> tuple[list[Entity], bool]:
        """Return entities by id from a text on, and whether there are more."""
        limit = most // len(ENTITIES) + _SPARE

        def read(partition: str) -> list[TableItem]:
            return self._table.rows(self._from(partition, first), limit)

        with ThreadPoolExecutor(_PARALLEL) as pool:
            pages = list(pool.map(read, ENTITIES))
        streams = [
            self._behind(partition, page, limit)
            for partition, page in zip(ENTITIES, pages, strict=True)
        ]
        rows = list(islice(merge(*streams, key=attrgetter("key")), most + 1))
        return [_entity(row.data) for row in rows[:most]], len(rows) > most

    def _behind(self, partition: str, rows: list[TableItem], limit: int) -> Iterator[TableItem]:
        """Yield rows of a partition, and those that follow them where somebody wants them."""
        while True:
            yield from rows
            if len(rows) < limit:
                return
            # Nothing stands between a key and itself with the least sign more.
            rows = self._table.rows(self._from(partition, f"{rows[-1].key}\0"), limit)

    def _from(self, partition: str, first: str) -> dict[str, Any]:
        condition, values = "pk = :pk", {":pk": {"S": partition}}
        if first:
            condition, values = f"{condition} AND sk >= :first", {**values, ":first": {"S": first}}
        return {
            "TableName": self._table.name,
            "KeyConditionExpression": condition,
            "ExpressionAttributeValues": values,
        }

    # -- whom they have as a steward --------------------------------------------------------

    def stewardship(self, person: str, most: int) -> Stewardship:
        """Return the entities that a person heads or helps, and all below if they are not many.

        :param most: links of no use are counted too; more are more than so many all the same.
        """
        if not self._is_linked():
            return self._read_whole(person, most)
        named_in = self._follow([steward_link(person)], _NO_LIMIT) or []
        own = [one for one in self.known(named_in).values() if is_steward(person, one)]
        reached = {one.id: one for one in own}
        try:
            for _ in descendants(list(reached), lambda ids: self._below(ids, reached, most)):
                continue
        except _TooManyError:
            return _stewardship(own, None)
        return _stewardship(own, reached)

    def height(self, entity: str) -> int:
        """Return how many levels there are from an entity down, its own among them."""
        if not self._is_linked():
            return height_of(entity, self._children())
        reached: dict[str, Entity] = {}
        return height_of(entity, lambda ids: self._below(ids, reached, _NO_LIMIT))

    def _below(
        self, ids: Collection[str], reached: dict[str, Entity], most: int
    ) -> Collection[str]:
        """Return the ids directly below some, and add the entities to those that were reached.

        :raises _TooManyError: there are more than so many by then.
        """
        room = most - len(reached)
        links = None if room < 0 else self._follow([child_link(id_) for id_ in ids], room)
        if links is None:
            raise _TooManyError
        new = self.known(set(links) - reached.keys()).values()
        level = {one.id: one for one in new if one.parent_id in ids}
        reached |= level
        if len(reached) > most:
            raise _TooManyError
        return level

    def has_below(self, id_: str) -> bool:
        """Tell whether an entity names another as the one above it, be that there or not."""
        if not self._is_linked():
            return any(_entity(data).parent_id == id_ for data in self._table.documents(ENTITIES))
        links = self._follow([child_link(id_)], _NO_LIMIT) or []
        return any(one.parent_id == id_ for one in self.known(links).values())

    def _is_linked(self) -> bool:
        row = self._table.get(*SETTINGS)
        return row is not None and msgspec.json.decode(row.data, type=Settings).linked

    def _follow(self, starts: Sequence[DocumentKey], most: int) -> list[str] | None:
        """Return the ids to which links lead; nothing where there are more than so many."""

        def ends(start: DocumentKey) -> list[str]:
            arguments = {
                "TableName": self._table.name,
                "KeyConditionExpression": "pk = :pk AND begins_with(sk, :start)",
                "ExpressionAttributeValues": {
                    ":pk": {"S": start.partition},
                    ":start": {"S": start.key},
                },
                # Who was made a head a moment ago is one.
                "ConsistentRead": True,
            }
            return [far_end(row.key) for row in self._table.rows(arguments, most + 1)]

        if len(starts) == 1:
            found = ends(starts[0])
            return found if len(found) <= most else None
        found = []
        with ThreadPoolExecutor(_PARALLEL) as pool:
            for number in range(0, len(starts), _PARALLEL):
                for part in pool.map(ends, starts[number : number + _PARALLEL]):
                    found += part
                if len(found) > most:
                    return None
        return found

    def _read_whole(self, person: str, most: int) -> Stewardship:
        """Return the same from a registry that has no links yet."""
        every = {one.id: one for one in map(_entity, self._table.documents(ENTITIES))}
        own = [one for one in every.values() if is_steward(person, one)]
        levels = descendants([one.id for one in own], children_of(every.values()))
        reached = {id_: every[id_] for level in levels for id_ in level}
        return _stewardship(own, reached if len(reached) <= most else None)

    def _children(self) -> Callable[[Collection[str]], Iterable[str]]:
        return children_of(map(_entity, self._table.documents(ENTITIES)))


class _TooManyError(Exception):
    """Somebody reaches more than is found one by one."""


def _stewardship(own: Sequence[Entity], reached: Mapping[str, Entity] | None) -> Stewardship:
    by_id = attrgetter("id")
    every = None if reached is None else tuple(sorted(reached.values(), key=by_id))
    return Stewardship(tuple(sorted(own, key=by_id)), every)
