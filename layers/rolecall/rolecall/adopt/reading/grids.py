"""A grid: the cells of one sheet as they stand in their file, before anybody looked for a table."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple, TypeAlias

from msgspec import Struct

from rolecall.registry.cells import Unreadable

__all__ = ["MOST_GRID_CELLS", "Grid", "GridCell", "GridRow", "MergedArea"]

MOST_GRID_CELLS = 4_000_000
"""Cells that a sheet may have: what is wider or longer is no list that people keep."""

GridCell: TypeAlias = str | date | bool | Unreadable
"""A cell as its file gives it; :class:`~rolecall.registry.cells.Unreadable` says what is wrong with
one whose value its file does not have: that matters where the cell is part of the table."""


class GridRow(NamedTuple):
    """One row, as wide as its last cell.

    :ivar number: the row's number as its program shows it, counted from 1.
    """

    number: int
    cells: list[GridCell]


class MergedArea(NamedTuple):
    """Cells that are shown as one: the first and the last of its rows, by their numbers, and of
    its columns, counted from 0."""

    top: int
    left: int
    bottom: int
    right: int


class Grid(Struct):
    """The cells of one sheet of one file.

    :ivar name: the sheet's name, empty where its file has no sheets.
    :ivar is_hidden: whether its program does not show it.
    :ivar hidden: the columns that its program does not show.
    :ivar links: the addresses behind cells, by the number of the row and the column.
    :ivar is_headed: whether its first row is made of headings for certain.
    :ivar remarks: what was decided while it was read, in sentences.
    """

    file: str
    name: str
    rows: list[GridRow]
    merged: list[MergedArea] = []
    is_hidden: bool = False
    hidden: frozenset[int] = frozenset()
    links: dict[int, dict[int, str]] = {}
    remarks: list[str] = []
    is_headed: bool = False

    @property
    def spans(self) -> dict[int, int]:
        """The columns of the widest merged cell that begins in a row, by the row's number."""
        widest: dict[int, int] = {}
        for area in self.merged:
            widest[area.top] = max(widest.get(area.top, 0), area.right - area.left + 1)
        return widest

    @property
    def place(self) -> str:
        """The file and the sheet, in words."""
        return f"{self.file}, sheet {self.name}" if self.name else self.file
