"""The sheets of a workbook as grids."""

from __future__ import annotations

from datetime import date, datetime

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from rolecall.adopt.reading.grids import Grid, GridCell, GridRow, MergedArea
from rolecall.registry.problems import Problems
from rolecall.registry.workbook_archive import (
    UNREADABLE_BOOK,
    WorkbookError,
    book_of,
    repacked,
)
from rolecall.registry.xlsx_book import SPREADSHEET_ERRORS, book_number

__all__ = ["workbook_grids"]


def workbook_grids(file: str, data: bytes, problems: Problems) -> list[Grid]:
    """Return the grids of an XLSX workbook."""
    try:
        book = book_of(repacked(data))
        return [
            _grid(file, meta.name, book, is_hidden=meta.visible is not SheetVisibleEnum.Visible)
            for meta in book.sheets_metadata
            if meta.typ is SheetTypeEnum.WorkSheet
        ]
    except WorkbookError as error:
        problems.add(file, str(error))
    except UNREADABLE_BOOK:
        problems.add(file, "is no workbook, or is damaged; open it and save it again")
    return []


def _grid(file: str, name: str, book: CalamineWorkbook, *, is_hidden: bool) -> Grid:
    sheet = book.get_sheet_by_name(name)
    rows = [
        GridRow(number, list(map(_cell, row)))
        for number, row in enumerate(sheet.to_python(skip_empty_area=False), 1)
    ]
    merged = [
        MergedArea(top + 1, left, bottom + 1, right)
        for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
    ]
    return Grid(file, name, rows, merged, is_hidden)


def _cell(value: object) -> GridCell:
    if isinstance(value, str):
        return "" if value in SPREADSHEET_ERRORS else value.strip()
    if isinstance(value, bool):
        return value
    if isinstance(value, float):
        return book_number(value)
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else str(value)
