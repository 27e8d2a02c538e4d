"""What somebody is a steward of, and what has to be known to tell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from msgspec import Struct

from rolecall.model import Entity

__all__ = ["EntityStore", "Stewardship"]


class Stewardship(Struct, frozen=True):
    """What somebody heads or helps as IT.

    :ivar own: the entities that name them, by id.
    :ivar reached: these and all below, by id, each once; ``None`` where they are too many.
    """

    own: tuple[Entity, ...]
    reached: tuple[Entity, ...] | None


class EntityStore(Protocol):
    """What tells whom an entity has as a steward."""

    def stewardship(self, person: str, most: int) -> Stewardship:
        """Return the entities that a person heads or helps, and at most so many below."""
        ...

    def lineage(self, entity: str) -> Sequence[Entity]:
        """Return an entity and those above it, nearest first."""
        ...
