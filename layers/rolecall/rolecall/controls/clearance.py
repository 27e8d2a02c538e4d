"""The policy's ladder of clearance levels: who reaches what is required."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["ClearanceLadder"]


class ClearanceLadder(dict[str | None, int]):
    """The rank of each level as people wrote it, 0 for the lowest.

    -1 for no level, and for one that is not on the ladder. A dict, for the levels of all grants
    are looked up and few of them differ.
    """

    def __init__(self, levels: Iterable[str]) -> None:
        super().__init__({None: -1})
        self._ranks = {level.casefold(): rank for rank, level in enumerate(levels)}

    def __missing__(self, level: str) -> int:
        """Find the rank of a level that was not asked for before, and keep it."""
        rank = self[level] = self._ranks.get(level.casefold(), -1)
        return rank

    def required(self, level: str) -> int:
        """Return the rank that reaches a required level: nobody reaches one not on the ladder."""
        return self._ranks.get(level.casefold(), len(self._ranks))
