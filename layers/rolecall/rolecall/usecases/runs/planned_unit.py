"""What the plan of a run needs of an entity."""

from __future__ import annotations

from msgspec import Struct

from rolecall.model import Entity, Subject
from rolecall.registry.schema import names_in
from rolecall.ring import slot_of

__all__ = ["PlannedUnit", "planned_unit"]

_people = {"entities": names_in("entities", "people")}


class PlannedUnit(Struct, frozen=True):
    """What the plan needs of an entity.

    :ivar people: whom it names.
    :ivar place: on the ring.
    """

    parent: str | None
    people: tuple[str, ...]
    place: int
    data: bytes


def planned_unit(entity: Entity, data: bytes) -> PlannedUnit:
    """Return what the plan needs of an entity.

    :param data: its document.
    """
    people = tuple(sorted(_people["entities"]((entity,))))
    place = slot_of(Subject("entity", entity=entity.id))
    return PlannedUnit(entity.parent_id, people, place, data)
