"""The sheets of a workbook as grids: XLSX here, and what is shown of the old XLS.

Values are read by the reader that registries use, within the same limits; what is hidden, where
links lead and which formulas never got a value, its XML tells (``workbook_marks``). Comments of
cells, properties of the document and whatever else a workbook has are never looked at.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from rolecall.adopt.reading.grids import Grid, GridCell, GridRow, MergedArea
from rolecall.adopt.reading.workbook_marks import SheetMarks, sheet_marks
from rolecall.quantity import counted
from rolecall.registry.cells import MOST_CHARACTERS, Unreadable
from rolecall.registry.problems import Problems
from rolecall.registry.workbook_archive import (
    UNREADABLE_BOOK,
    WorkbookError,
    book_of,
    entry_names,
    repacked,
)
from rolecall.registry.xlsx_book import book_number

__all__ = ["book_grid", "workbook_grids"]

_SAVE_AGAIN = "open it in a spreadsheet program and save it again"
_MOST_ROWS = 200_000
_VALUELESS = (
    "is a formula whose value was never stored: open the workbook in a spreadsheet program, and "
    "save it"
)
_PARTS = {
    "word/": "is a text of a word processor; copy its table into a sheet and save that",
    "ppt/": "is a presentation; copy its table into a sheet and save that",
    "index/document.iwa": "is a document of Numbers or Pages; export it as XLSX or CSV",
    "index.zip": "is a document of Numbers or Pages; export it as XLSX or CSV",
    "xl/workbook.bin": "is a binary workbook (XLSB); save it as XLSX",
}


def workbook_grids(file: str, data: bytes, problems: Problems) -> list[Grid]:
    """Return the grids of an XLSX workbook, none where it cannot be read."""
    try:
        plain = repacked(data)
        names = [name.casefold() for name in entry_names(plain)]
        for part, told in _PARTS.items():
            if any(name.startswith(part) for name in names):
                problems.add(file, told)
                return []
        if "xl/workbook.xml" not in names:
            problems.add(file, "is packed, and no workbook; unpack it first")
            return []
        return _grids(file, book_of(plain), sheet_marks(plain))
    except WorkbookError as error:
        problems.add(file, str(error))
    except UNREADABLE_BOOK:
        problems.add(file, f"is damaged; {_SAVE_AGAIN}")
    return []


def _grids(file: str, book: CalamineWorkbook, marks: Mapping[str, SheetMarks]) -> list[Grid]:
    grids = []
    for meta in book.sheets_metadata:
        if meta.typ is not SheetTypeEnum.WorkSheet:
            continue
        grid = book_grid(file, meta.name, book)
        grid.is_hidden = meta.visible is not SheetVisibleEnum.Visible
        if (marked := marks.get(meta.name)) is not None:
            _mark(grid, marked)
        grids.append(grid)
    return grids


def book_grid(file: str, name: str, book: CalamineWorkbook) -> Grid:
    """Return the values of one sheet."""
    sheet = book.get_sheet_by_name(name)
    rows = [
        GridRow(number, _trimmed(row))
        for number, row in enumerate(sheet.to_python(skip_empty_area=False), 1)
    ]
    merged = [
        MergedArea(top + 1, left, bottom + 1, right)
        for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
    ]
    return Grid(file, name, rows, merged)


def _trimmed(row: Sequence[object]) -> list[GridCell]:
    cells = list(map(_cell, row))
    while cells and cells[-1] == "":
        cells.pop()
    return cells


def _cell(value: object) -> GridCell:
    if isinstance(value, str):
        if len(value) > MOST_CHARACTERS:
            return Unreadable(f"is longer than {MOST_CHARACTERS:,} characters")
        return value.strip()
    if isinstance(value, bool):
        return value
    if isinstance(value, float | int):
        return book_number(float(value))
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    return _hour(value)


def _hour(value: object) -> str:
    """Return an hour or a duration as it is shown."""
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, timedelta):
        minutes = int(value.total_seconds()) // 60
        return f"{minutes // 60}:{minutes % 60:02}"
    return str(value)


def _mark(grid: Grid, marks: SheetMarks) -> None:
    """Write what is said of a sheet into its grid."""
    grid.links = marks.links
    grid.hidden = marks.hidden
    for row, column in marks.valueless:
        # The reader ends where values do, and formulas without any may stand below.
        if row <= max(_MOST_ROWS, len(grid.rows)):
            grid.rows += [GridRow(number, []) for number in range(len(grid.rows) + 1, row + 1)]
            cells = grid.rows[row - 1].cells
            cells += [""] * (column + 1 - len(cells))
            cells[column] = Unreadable(_VALUELESS)
    if marks.hidden_rows:
        told = (
            f"{counted(marks.hidden_rows, 'hidden row is', 'hidden rows are')} read as others are"
        )
        grid.remarks.append(told)
