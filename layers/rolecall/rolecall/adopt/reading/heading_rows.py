"""Where the headings of a table stand: under titles and notes, in one row or in two.

A row of headings says what columns mean (the dictionary of
:mod:`rolecall.adopt.heading_lookup` knows its words), or at least no address, date or number
stands in it and none of its words again below it. A group over several columns is the beginning of
their headings. A table without headings begins at once; nobody knows what it means but by content.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from rolecall.adopt.dates import date_in
from rolecall.adopt.heading_lookup import HEADING_TABLES, HeadingMeaning, heading_meaning
from rolecall.adopt.reading.grids import GridCell, GridRow, MergedArea

__all__ = [
    "Headings",
    "first_headings",
    "headings_of",
    "is_known_heading",
    "is_value",
    "meaning_in_any",
    "said",
    "typical_width",
]

_LANGUAGES = tuple(HEADING_TABLES)
_SEARCHED = 60
_VALUE = re.compile(
    r"(?:https?://|www\.)\S+|[^\s@]+@[^\s@]+\.[^\s@]+|@\w[\w.]*"
    r"|(?:[\w-]+\.)+[a-z]{2,}(?:/\S*)?|[-+]?[\d.,\s%€$£/-]+",
    re.IGNORECASE,
)
_LONGEST_HEADING = 80
_MOST_WORDS = 14


class Headings(NamedTuple):
    """The headings of a table.

    :ivar at: the index of the (lower) row in which they stand, -1 where there are none.
    :ivar first: the index of the first of their rows.
    """

    at: int
    first: int
    names: tuple[str, ...]


def said(row: GridRow) -> list[str]:
    """Return what the cells of a row say, the same once: a merged cell is one."""
    return list(
        dict.fromkeys(str(cell) for cell in row.cells if cell != "" and not _is_unsaid(cell))
    )


def typical_width(rows: Sequence[GridRow]) -> int:
    """Return how many cells the fuller rows of a table have filled."""
    widths = sorted(len(said(row)) for row in rows)
    return widths[len(widths) * 6 // 10] if widths else 0


def is_value(cell: GridCell) -> bool:
    """Tell whether a cell is something that stands below a heading, and is none."""
    if not isinstance(cell, str):
        return True
    text = cell.strip()
    if len(text) > _LONGEST_HEADING or len(text.split()) > _MOST_WORDS:
        return True
    return _VALUE.fullmatch(text) is not None or date_in(text, "day") is not None


def meaning_in_any(text: str) -> HeadingMeaning:
    """Return what a heading says, in whichever language: which it is, its sheet tells later."""
    return heading_meaning(text, _LANGUAGES)


def is_known_heading(text: str) -> bool:
    """Tell whether the dictionary understands all that a text says as a heading."""
    if len(text) > _LONGEST_HEADING:
        return False
    meaning = meaning_in_any(text)
    return bool(meaning.field) and meaning.is_whole


def headings_of(rows: Sequence[GridRow], merged: Sequence[MergedArea]) -> Headings:
    """Return the headings of a table.

    :param rows: the rows in which anything stands.
    """
    width = max((len(row.cells) for row in rows), default=0)
    at = _row_of(rows)
    if at < 0:
        return Headings(-1, 0, ("",) * width)
    upper, lower = at, at
    if at + 1 < len(rows) and _is_group(rows[at], rows[at + 1], merged):
        lower = at + 1
    elif at and _is_group(rows[at - 1], rows[at], merged):
        upper = at - 1
    names = _joined(rows[upper], rows[lower], merged) if upper < lower else _texts(rows[at])
    return Headings(lower, upper, (*names, *[""] * (width - len(names))))


def first_headings(rows: Sequence[GridRow]) -> Headings:
    """Return the first row as headings."""
    return Headings(0, 0, tuple(_texts(rows[0])))


def _row_of(rows: Sequence[GridRow]) -> int:
    typical = typical_width(rows)
    searched = rows[:_SEARCHED]
    for at, row in enumerate(searched):
        texts = said(row)
        known = sum(map(is_known_heading, texts))
        values = sum(map(is_value, row.cells)) - row.cells.count("")
        is_wide = len(texts) >= max(min(typical, 2), typical / 2)
        if is_wide and known >= min(2, typical) and 2 * known >= len(texts) and not values:
            return at
    for at, row in enumerate(searched):
        texts = said(row)
        if len(texts) < max(min(typical, 2), 0.6 * typical):
            continue
        # The first row that is as wide as the table: its headings, or there are none.
        values = sum(is_value(cell) for cell in row.cells if cell != "")
        return -1 if values or _recurs(row, rows[at + 1 :]) else at
    return -1


def _recurs(row: GridRow, below: Sequence[GridRow]) -> bool:
    """Tell whether a word of a row stands again in its column: then it is no heading."""
    for column, cell in enumerate(row.cells):
        words = Counter(
            str(other.cells[column]).casefold() for other in below if column < len(other.cells)
        )
        again = words[str(cell).casefold()] if cell != "" else 0
        if again and not any(_same(row, other) for other in below):
            return True
    return False


def _same(row: GridRow, other: GridRow) -> bool:
    return [str(cell).casefold() for cell in row.cells if cell != ""] == [
        str(cell).casefold() for cell in other.cells if cell != ""
    ]


def _is_group(upper: GridRow, lower: GridRow, merged: Sequence[MergedArea]) -> bool:
    """Tell whether a row of headings is over another row of them."""
    if lower.number != upper.number + 1 or any(is_value(cell) for cell in lower.cells if cell):
        return False
    below = _texts(lower)
    above = _texts(upper)
    filled = [column for column, text in enumerate(below) if text]
    known = sum(is_known_heading(below[column]) for column in filled)
    spans = [
        area
        for area in merged
        if area.top == area.bottom == upper.number and area.right > area.left
    ]
    width = max(len(above), len(below))
    if any(width <= area.right - area.left + 1 for area in spans) and len(said(upper)) == 1:
        # A title over the whole of the table.
        return False
    if spans:
        under = [c for area in spans for c in range(area.left, area.right + 1) if c in filled]
        return bool(under) and known >= 1
    begun = [column for column, text in enumerate(above) if text]
    if any(above[column].endswith(":") or is_value(above[column]) for column in begun):
        return False
    # Two cells beside each other are what something is called and what it is.
    is_pair = begun == [begun[0], begun[0] + 1] if begun else True
    gaps = [c for c in filled if c > begun[0] and c not in begun] if begun else []
    return bool(gaps) and not is_pair and len(begun) > 1 and known >= min(2, len(filled))


def _joined(upper: GridRow, lower: GridRow, merged: Sequence[MergedArea]) -> list[str]:
    """Return headings of two rows, each group before the headings that stand under it."""
    below, above = _texts(lower), _texts(upper)
    width = max(len(below), len(above))
    below += [""] * (width - len(below))
    above += [""] * (width - len(above))
    spans = [a for a in merged if a.top == a.bottom == upper.number and a.right > a.left]
    names = []
    group = ""
    for column in range(width):
        over = next((a for a in spans if a.left <= column <= a.right), None)
        if over is not None:
            group = above[over.left]
        elif above[column] or spans or not below[column]:
            group = above[column]
        same = group.casefold() == below[column].casefold()
        names.append(below[column] if same or not group else f"{group} {below[column]}".strip())
    return names


def _texts(row: GridRow) -> list[str]:
    return ["" if _is_unsaid(cell) else " ".join(str(cell).split()) for cell in row.cells]


def _is_unsaid(cell: GridCell) -> bool:
    return not isinstance(cell, str | bool) and hasattr(cell, "message")
