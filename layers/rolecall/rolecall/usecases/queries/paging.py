"""Pages of lists that are read entity by entity, and the cursors between them."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import TypeAlias

import msgspec
from msgspec import Struct

from rolecall.errors import UsageError

__all__ = ["LAST", "MOST_READ", "Cursor", "Page", "Part", "cursor_text", "paged", "read_cursor"]

LAST = "\uffff"
"""Where a cursor is when it is past every entity, among what belongs to none."""
MOST_READ = 2_000
"""Rows that one request looks at, however many a filter lets through."""
Part: TypeAlias = tuple[list[msgspec.Raw], str | None, int]
"""Rows, where more are, and how many were looked at."""


class Page(Struct, frozen=True):
    """Some rows of a list, and the cursor of the next."""

    items: list[msgspec.Raw]
    next: str | None = None


class Cursor(Struct, frozen=True, array_like=True):
    """Where a page ended: at which entity, and after what in it."""

    entity: str
    after: str | None


def paged(
    units: Sequence[str | None],
    start: Cursor | None,
    most: int,
    read: Callable[[str | None, str | None, int], Part],
) -> Page:
    """Return one page of what is read unit by unit.

    A page may have fewer rows than it could, where a filter leaves little of what was looked at.

    :param units: ids of entities from that of the cursor on; ``None`` for what belongs to none.
    """
    rows: list[msgspec.Raw] = []
    looked = 0
    for number, unit in enumerate(units, 1):
        here = LAST if unit is None else unit
        after = start.after if start and start.entity == here else None
        while True:
            found, after, seen = read(unit, after, most - len(rows))
            rows += found
            looked += seen
            is_full = len(rows) >= most or looked >= MOST_READ
            if after is None or is_full:
                break
        if after is not None:
            return Page(rows, cursor_text(Cursor(here, after)))
        if is_full and number < len(units):
            following = units[number]
            return Page(rows, cursor_text(Cursor(LAST if following is None else following, None)))
    return Page(rows)


def cursor_text(cursor: Cursor) -> str:
    """Return a cursor as it is handed out."""
    return base64.urlsafe_b64encode(msgspec.json.encode(cursor)).decode().rstrip("=")


def read_cursor(text: str | None) -> Cursor | None:
    """Return a cursor that was handed out.

    :raises UsageError: it was not.
    """
    if text is None:
        return None
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        return msgspec.json.decode(data, type=Cursor)
    except (binascii.Error, ValueError, msgspec.MsgspecError):
        raise UsageError("cursor: not one that this list gave") from None
