"""How far a caller reaches: what they may do to something, and what their lists go over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rolecall.errors import NotFoundError
from rolecall.model import Entity, Grant
from rolecall.usecases.identity.permissions import (
    Caller,
    Permission,
    is_steward,
    lineage_of,
    may,
    roles_of,
)
from rolecall.usecases.queries.paging import Cursor
from rolecall.usecases.queries.read_store import ReadStore

__all__ = ["Reach"]


class Reach:
    """How far one caller reaches."""

    def __init__(self, store: ReadStore, caller: Caller) -> None:
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

    def entities(self, action: Permission, entity: str | None, start: Cursor | None) -> list[str]:
        """Return the ids of the entities to list, from a cursor on."""
        if entity is not None:
            lineage = self._store.lineage(entity)
            if not lineage or not self.may(action, lineage=lineage):
                raise NotFoundError(f"there is no entity {entity}")
            return [entity]
        reach = self.of(action, self._store.entities())
        return [id_ for id_ in reach if start is None or id_ >= start.entity]

    def of(self, action: Permission, known: Mapping[str, Entity]) -> list[str]:
        """Return the ids of the entities with which the caller may do something."""
        if may(action, self._caller.groups):
            return sorted(known)
        own = {id_ for id_, entity in known.items() if is_steward(self._caller.person, entity)}
        reach = {id_ for id_ in known if any(above.id in own for above in lineage_of(id_, known))}
        return sorted(reach) if may(action, {"steward"}) else []

    def stewarded(self) -> tuple[str, ...]:
        """Return the ids of the entities of which the caller is a steward."""
        own = Caller(self._caller.person, frozenset(), self._caller.via)
        known = self._store.entities()
        return tuple(Reach(self._store, own).of("read entity", known))
