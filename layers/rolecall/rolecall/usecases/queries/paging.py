"""Pages of lists that are read entity by entity."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple, TypeAlias

import msgspec
from msgspec import Struct

from rolecall.usecases.cursors import Cursor, Listing

__all__ = [
    "LAST",
    "MOST_READ",
    "MOST_VISITED",
    "Page",
    "Part",
    "Unit",
    "paged",
]

LAST = "\uffff"
"""Where a cursor is when it is past every entity, among what belongs to none."""
MOST_READ = 2_000
"""Rows that one request looks at, however many a filter lets through."""
MOST_VISITED = 200
"""Entities in which one request looks for rows, however few it finds."""
Part: TypeAlias = tuple[list[msgspec.Raw], str | None, int]
"""Rows, where more are, and how many were looked at."""


class Unit(NamedTuple):
    """What a list goes over: an entity, or ``None`` for what belongs to none.

    :ivar is_theirs: whether the caller sees what is in it; if not, it is passed over.
    """

    entity: str | None
    is_theirs: bool = True


class Page(Struct, frozen=True):
    """Some rows of a list, and the cursor of the next."""

    items: list[msgspec.Raw]
    next: str | None = None


def paged(
    listing: Listing,
    units: Iterable[Unit],
    start: Cursor | None,
    most: int,
    read: Callable[[str | None, str | None, int], Part],
) -> Page:
    """Return one page of what is read unit by unit.

    A page may have fewer rows than it could, or none, where a filter leaves little of what was
    looked at, or little is to be found in what was visited.

    :param listing: what was asked for.
    :param units: from that of the cursor on.
    """
    rows: list[msgspec.Raw] = []
    looked = visited = 0
    ahead = iter(units)
    unit = next(ahead, None)
    while unit is not None:
        here = LAST if unit.entity is None else unit.entity
        if unit.is_theirs:
            visited += 1
            after = start.after if start and start.entity == here else None
            while True:
                found, after, seen = read(unit.entity, after, most - len(rows))
                rows += found
                looked += seen
                if after is None or len(rows) >= most or looked >= MOST_READ:
                    break
            if after is not None:
                return Page(rows, listing.cursor_text(here, after))
        else:
            looked += 1
        unit = next(ahead, None)
        is_full = len(rows) >= most or looked >= MOST_READ or visited >= MOST_VISITED
        if is_full and unit is not None:
            following = LAST if unit.entity is None else unit.entity
            return Page(rows, listing.cursor_text(following))
    return Page(rows)
