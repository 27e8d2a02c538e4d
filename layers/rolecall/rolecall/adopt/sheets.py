"""A sheet as it was read: headings, numbered rows, and where a cell stands."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple, TypeAlias

from msgspec import Struct

__all__ = ["Sheet", "SheetCell", "SheetRow"]

SheetCell: TypeAlias = str | date | bool
"""A cell: a text as its program shows it, trimmed, empty where nothing was written; or what only a
workbook can tell apart from a text, a date and a yes or no."""


class SheetRow(NamedTuple):
    """One row below the headings, as wide as they are.

    :ivar number: the row's number as its program shows it, counted from 1.
    """

    number: int
    cells: tuple[SheetCell, ...]


class Sheet(Struct, frozen=True):
    """One table of one file.

    Titles above the headings, blank rows and totals are left out; merged cells are filled.

    :ivar file: the file's name without its folder.
    :ivar name: the sheet's name, empty where its file has no sheets.
    :ivar heading_row: the number of the row in which the headings stand.
    :ivar remarks: what was decided while it was read, in sentences for the page of assumptions.
    :ivar titles: what stands above the headings, a text a row.
    """

    file: str
    name: str
    headings: tuple[str, ...]
    heading_row: int
    rows: tuple[SheetRow, ...]
    remarks: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()

    def place(self, row: int | None = None, column: int | None = None) -> str:
        """Return where a cell stands, in words: the file, the sheet, the row and the heading."""
        parts = [self.file]
        if self.name:
            parts.append(f"sheet {self.name}")
        if row is not None:
            parts.append(f"row {row}")
        if column is not None:
            heading = self.headings[column] if column < len(self.headings) else ""
            parts.append(f"column {heading or column + 1}")
        return ", ".join(parts)
