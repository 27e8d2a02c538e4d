"""Where an entity may lie in the tree: below one that there is, in no circle, and not too deep."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from rolecall.lineage import MOST_LEVELS
from rolecall.model import Entity

__all__ = ["EntityTree", "flaw_above"]


class EntityTree(Protocol):
    """What is above an entity, and below it."""

    def lineage(self, entity: str) -> Iterator[Entity]:
        """Yield an entity and those above it, nearest first."""
        ...

    def height(self, entity: str) -> int:
        """Return how many levels there are from an entity down, its own among them."""
        ...


def flaw_above(known: EntityTree, record: Entity, *, is_new: bool) -> str | None:
    """Return why an entity cannot lie where it says, or ``None``.

    :param is_new: whether nothing can be below it.
    """
    if record.parent_id is None:
        return None
    above = [one.id for one in known.lineage(record.parent_id)]
    if record.id in (record.parent_id, *above):
        return "the parents would go round in a circle"
    if not above:
        return f"there is no entity {record.parent_id}"
    height = 1 if is_new else known.height(record.id)
    if len(above) + height > MOST_LEVELS:
        return f"that makes {len(above) + height} levels, and {MOST_LEVELS} is the most"
    return None
