"""How far a caller reaches: what they may do to something, and what their lists go over.

A list goes over entities by their ids. Whose reach is a page of entities or two has them found and
sorted; who reaches more has all entities passed by, a page at a time, and those that are not
theirs passed over. Neither reads more for an organisation that is larger.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from rolecall.errors import NotFoundError
from rolecall.lineage import MOST_LEVELS, lineage_of
from rolecall.model import Entity, Grant, Person
from rolecall.usecases.cursors import Cursor
from rolecall.usecases.identity.permissions import (
    Caller,
    Permission,
    is_steward,
    may,
    roles_of,
)
from rolecall.usecases.queries.paging import LAST, Unit
from rolecall.usecases.queries.read_store import ReadStore

__all__ = ["MOST_FOUND", "Passed", "Reach", "behind"]

MOST_FOUND = 200
"""Entities of somebody that are found one by one: each costs a reading of what is below it."""
_AT_ONCE = 200
"""Entities that are read at once, where all are passed by."""


class Passed(Struct, frozen=True):
    """An entity that a list comes by, and whether the caller reaches it."""

    entity: Entity
    is_theirs: bool


class Reach:
    """How far one caller reaches.

    :ivar known: entities that were read on the way, by id.
    """

    def __init__(self, store: ReadStore, caller: Caller) -> None:
        self.known: dict[str, Entity] = {}
        self._store = store
        self._caller = caller

    def may(
        self,
        action: Permission,
        *,
        lineage: Sequence[Entity] = (),
        grants: Sequence[Grant] = (),
        person: str | None = None,
    ) -> bool:
        """Tell whether the caller may do something to what is described so."""
        return may(action, roles_of(self._caller, lineage=lineage, grants=grants, person=person))

    def sees(self, person: Person) -> bool:
        """Tell whether the caller may read a person, by where they serve or by what they hold."""
        if may("read person", self._caller.groups):
            return True
        lineage = self._store.lineage(person.entity_id) if person.entity_id else ()
        if self.may("read person", lineage=lineage, person=person.id):
            return True
        for account in self._store.held(person.id):
            document = self._store.account(account)
            if document and self.may(
                "read person", lineage=self._store.lineage(document.account.entity_id)
            ):
                return True
        return False

    def units(
        self, action: Permission, entity: str | None, start: Cursor | None, most: int
    ) -> Iterable[Unit]:
        """Return what a list goes over, from a cursor on: one entity, or all that are reached.

        :param most: rows of a page, and so about as many entities at first.
        :raises NotFoundError: the one is not there, or not for this caller.
        """
        if entity is not None:
            lineage = self._store.lineage(entity)
            if not lineage or not self.may(action, lineage=lineage):
                raise NotFoundError(f"there is no entity {entity}")
            return [Unit(entity)]
        if start is not None and start.entity == LAST:
            return []
        first = "" if start is None else start.entity
        return (Unit(one.entity.id, one.is_theirs) for one in self.passed(action, first, most))

    def passed(self, action: Permission, first: str, most: int) -> Iterator[Passed]:
        """Yield the entities that a list comes by, by their ids, from a text on.

        :param most: how many to read at first, where all are passed by.
        """
        if may(action, self._caller.groups):
            return (Passed(one, is_theirs=True) for one in self._all(first, most))
        if may(action, {"steward"}):
            return self.stewarded(first, most)
        return iter(())

    def stewarded(self, first: str, most: int) -> Iterator[Passed]:
        """Yield the same of what the caller reaches as a steward, whatever their groups allow."""
        found = self._store.stewardship(self._caller.person, MOST_FOUND)
        if found.reached is not None:
            self.known |= {one.id: one for one in found.reached}
            return (Passed(one, is_theirs=True) for one in found.reached if one.id >= first)
        return self._sifted(first, most)

    def _all(self, first: str, most: int) -> Iterator[Entity]:
        for page in self._pages(first, most):
            yield from page

    def _pages(self, first: str, most: int) -> Iterator[Sequence[Entity]]:
        has_more = True
        while has_more:
            page, has_more = self._store.entities(first, most)
            self.known |= {one.id: one for one in page}
            yield page
            if page:
                first = behind(page[-1].id)
            # Who asks for one row, and does not find it at once, does not look at one at a time.
            most = min(2 * most, _AT_ONCE)

    def _sifted(self, first: str, most: int) -> Iterator[Passed]:
        """Yield all entities, and of each whether it or one above it names the caller."""
        above: dict[str, Entity] = {}
        for page in self._pages(first, most):
            self._complete(above, page)
            for one in page:
                lineage = lineage_of(one.id, above)
                yield Passed(one, any(is_steward(self._caller.person, each) for each in lineage))

    def _complete(self, above: dict[str, Entity], page: Sequence[Entity]) -> None:
        """Add entities and every one that is above them; what is there is complete already."""
        new = {one.id: one for one in page}
        for _ in range(MOST_LEVELS):
            above |= new
            missing = {one.parent_id for one in new.values() if one.parent_id} - above.keys()
            if not missing:
                return
            new = dict(self._store.known(missing))


def behind(id_: str) -> str:
    """Return the first text that comes after an id."""
    return f"{id_}\0"
