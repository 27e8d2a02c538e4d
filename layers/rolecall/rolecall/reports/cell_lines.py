"""How many lines a text takes in a cell, so that a row is as high as what stands in it.

A program that opens a workbook guesses heights when it feels like it: one does when the file is
opened, another when somebody edits the cell. So they are written, and what is written is enough
wherever it is shown: a text is taken to be no narrower than Calibri or Carlito set it, to break at
spaces alone, and within a word only where nothing else is left.

A row is no higher than :data:`MOST_HIGH`, by what workbooks are. A text that would need more is cut
where the row ends, and says so.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from functools import lru_cache
from itertools import accumulate

__all__ = ["LINE", "MOST_HIGH", "cut_to_row", "has_room", "line_height", "lines_of_cell"]

MOST_HIGH = 409
"""Points that a row may have."""
LINE, _TALL_LINE = 15, 20
"""Points of a line; letters that no font of offices has are set in another, with taller lines."""
_PIXELS = 7
"""Of a column that is one character wide; what is left at its sides comes on top."""
_RECURRING = 1_000
_MARGIN = 1.02
"""How much wider another program may set a text."""

# Pixels at 11 points, by what has them; what is not named here has the last.
_NARROW = {4: " ',.:Iijl", 5: "!()-J[]`f{}rt", 6: '"/\\Lcsz'}
_WIDE = {9: "ACDGHUVX", 10: "&NOPQR", 12: "Mmw", 13: "%@W"}
_ASCII = {sign: width for table in (_NARROW, _WIDE) for width, row in table.items() for sign in row}
_USUAL, _OTHER, _LARGE, _SQUARE, _WIDEST = 8, 15, 13, 16, 20
_PICTURES = "\U0001f000"
_PLAIN = re.compile("[\\x20-\\u052f\\u1e00-\\u1fff\\u2010-\\u2026\\u20a0-\\u20bf]*")


def line_height(text: str) -> int:
    """Return how high each line of a text is, in points."""
    return LINE if text.isascii() or _PLAIN.fullmatch(text.replace("\n", "")) else _TALL_LINE


def lines_of_cell(text: str, width: float) -> int:
    """Return how many lines a text takes at most in a column.

    :param width: of the column, in characters, as workbooks have it.
    """
    return _recurring(text, width) if len(text) <= _RECURRING else _counted(text, width)


def _counted(text: str, width: float) -> int:
    room = _room(width)
    return sum(_lines_of(part, room) for part in text.split("\n"))


# What a control says recurs in row after row, and each text is asked for twice; long ones do not.
_recurring = lru_cache(1 << 12)(_counted)


def has_room(text: str, width: float) -> bool:
    """Tell whether a row is high enough for all of a text."""
    return lines_of_cell(text, width) * line_height(text) <= MOST_HIGH


def cut_to_row(text: str, width: float, note: str) -> str:
    """Return a text that a row is high enough for; where it was cut the note stands at its end.

    :param note: what to say, with ``{count}`` for the number of signs that are left out.
    """
    most = MOST_HIGH // line_height(text + note)
    # Most texts are short: of those nothing is measured.
    if len(text) * _WIDEST <= _room(width) or lines_of_cell(text, width) <= most:
        return text
    low, high = 0, len(text)
    while low < high - 1:
        middle = (low + high) // 2
        if lines_of_cell(_cut(text, middle, note), width) <= most:
            low = middle
        else:
            high = middle
    return _cut(text, low, note)


def _cut(text: str, kept: int, note: str) -> str:
    return f"{text[:kept].rstrip()} {note.format(count=len(text) - kept)}"


def _room(width: float) -> float:
    """Return how many pixels of a column a line has."""
    return max(_WIDEST, width * _PIXELS / _MARGIN)


def _lines_of(text: str, room: float) -> int:
    """Return how many lines a text without line breaks takes."""
    if len(text) * _LARGE <= room and text.isascii():
        return 1
    ends = list(accumulate(map(_WIDTHS.__getitem__, text)))
    lines, start, before = 1, 0, 0.0
    while ends and ends[-1] - before > room:
        stop = bisect_right(ends, before + room, start)
        space = text.rfind(" ", start, stop + 1)
        # A space hangs at the end of a line; a word that is wider than a line is broken.
        start = max(stop, start + 1) if space <= start else space + 1
        if start >= len(text):
            break
        lines, before = lines + 1, ends[start - 1]
    return lines


class _Widths(dict[str, int]):
    """How wide signs are, in pixels, looked at once each."""

    def __missing__(self, sign: str) -> int:
        self[sign] = width = _width_of(sign)
        return width


def _width_of(sign: str) -> int:
    if sign.isascii():
        return _ASCII.get(sign, _USUAL)
    if unicodedata.combining(sign):
        return 0
    if unicodedata.east_asian_width(sign) in "WF":
        return _SQUARE if sign < _PICTURES else _WIDEST
    base = unicodedata.normalize("NFD", sign)[0]
    return _ASCII.get(base, _USUAL) if base.isascii() else _OTHER


_WIDTHS = _Widths()
