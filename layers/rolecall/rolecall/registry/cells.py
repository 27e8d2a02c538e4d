"""What a cell is when it comes from a source.

Readers of files hand over cells as text; a list of a JSON document comes as a tuple of texts, a
date of a workbook as :class:`Typed`, and whatever no column could hold as an :class:`Unreadable`.
"""

from __future__ import annotations

import re
from typing import NamedTuple, TypeAlias

__all__ = [
    "MOST_CHARACTERS",
    "Cell",
    "CellError",
    "Typed",
    "Unreadable",
    "bounded",
    "is_empty",
    "is_shortened",
    "shown",
]

MOST_CHARACTERS = 131_072
"""The length of the longest cell; the csv module's own limit too."""

_SHORTENED = re.compile(r"-?\d(?:[.,]\d+)?E\+\d{2,3}", re.ASCII)


class CellError(ValueError):
    """A cell that cannot be read; the message says what is wrong, and never repeats the cell."""


class Unreadable:
    """A cell of a kind that no column holds, such as an object in a JSON document.

    :ivar lost: its source no longer has all that was written: not even a note can keep it.
    """

    def __init__(self, message: str, text: str = "", *, lost: bool = False) -> None:
        self.message = message
        self.text = text
        self.lost = lost


class Typed(NamedTuple):
    """A cell that its source says is a date, an hour or yes or no, where only such are read.

    A text that a spreadsheet took for one cannot be told from what was meant: a policy's version
    ``2026-1`` is January there, and the handle ``true`` is a yes.
    """

    text: str
    kind: str


Cell: TypeAlias = str | tuple[str, ...] | Typed | Unreadable


def bounded(text: str) -> Cell:
    """Return a text as a cell, unless it is longer than a cell may be."""
    if len(text) <= MOST_CHARACTERS:
        return text
    return Unreadable(f"is longer than {MOST_CHARACTERS:,} characters", text[:MOST_CHARACTERS])


def is_shortened(text: str) -> bool:
    """Tell whether a text is a long number as a spreadsheet writes it into a CSV file."""
    return "E+" in text and _SHORTENED.fullmatch(text.strip()) is not None


def is_empty(cell: Cell) -> bool:
    """Tell whether a cell has nothing on record."""
    return not cell.strip() if isinstance(cell, str) else cell == ()


def shown(cell: Cell) -> str:
    """Return a cell as an error message may show it, before it is shortened."""
    if isinstance(cell, Unreadable | Typed):
        return cell.text
    return cell if isinstance(cell, str) else "|".join(cell)
