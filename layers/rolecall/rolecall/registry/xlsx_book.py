"""The registry as one XLSX workbook, one sheet a table.

A workbook is a zip archive from outside, which is unpacked within limits before the reader sees it
(``workbook_archive``); links to other workbooks are refused.

A number that is shown with zeros before it, or a text, is read as it is shown (``number_formats``).
What a workbook cannot hold is refused and never guessed: of a number it keeps fifteen digits, and
where a text is meant that a spreadsheet took for a date, nobody can tell any more what it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta

from python_calamine import CalamineWorkbook, SheetTypeEnum

from rolecall.model import TABLES
from rolecall.printable import shorten
from rolecall.registry.cells import Cell, Typed, Unreadable, bounded
from rolecall.registry.problems import Problems, suggestion
from rolecall.registry.raw_table import RawTable
from rolecall.registry.workbook_archive import (
    OLE,
    UNREADABLE_BOOK,
    WorkbookError,
    book_of,
    entry_names,
    repacked,
)

__all__ = ["EXAMPLE", "README_SHEET", "SPREADSHEET_ERRORS", "book_number", "xlsx_tables"]

README_SHEET = "read me"
"""The sheet of a workbook that is for people alone, in any case."""

EXAMPLE = "(example)"
"""What the first cell of a row holds that shows how to fill a table, and is none of its rows."""

_MOST_WHOLE = 10**15
"""Whole numbers from here on may have lost digits: a workbook keeps fifteen of them."""

SPREADSHEET_ERRORS = frozenset(
    {"#REF!", "#N/A", "#NAME?", "#VALUE!", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!"}
)
"""What stands in a cell whose formula failed."""


def xlsx_tables(
    file: str, data: bytes, problems: Problems, warnings: Problems
) -> dict[str, RawTable]:
    """Return the tables of a workbook by name."""
    if not data:
        problems.add(file, "is empty")
        return {}
    if data.startswith(OLE):
        problems.add(file, "is encrypted, or an old .xls; save it as .xlsx without a password")
        return {}
    try:
        book = book_of(_unlinked(repacked(data)))
    except WorkbookError as error:
        problems.add(file, str(error))
        return {}
    except UNREADABLE_BOOK:
        problems.add(file, "is not an XLSX workbook, or is damaged; open it and save it again")
        return {}
    found: dict[str, RawTable] = {}
    for meta in book.sheets_metadata:
        name = meta.name.strip().casefold()
        if meta.typ is not SheetTypeEnum.WorkSheet or name == README_SHEET:
            continue
        if name in found:
            problems.add(f"{file}/{name}", "this table appears twice")
        elif name not in TABLES:
            near = suggestion(name, TABLES)
            warnings.add(f"{file}/{shorten(meta.name)}", f"is not a table of a registry{near}")
        elif (table := _table(name, f"{file}/{name}", book, meta.name, problems)) is not None:
            found[name] = table
    return {name: found[name] for name in TABLES if name in found}


def _unlinked(plain: bytes) -> bytes:
    """Return a workbook unless it has values of others, which nobody could hold against them."""
    if any(name.casefold().startswith("xl/externallinks/") for name in entry_names(plain)):
        raise WorkbookError("links to other workbooks; break the links and save it again")
    return plain


def _table(
    name: str, file: str, book: CalamineWorkbook, sheet: str, problems: Problems
) -> RawTable | None:
    try:
        rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    except UNREADABLE_BOOK:
        problems.add(file, "this sheet is damaged; open the workbook and save it again")
        return None
    if not rows or not any(str(cell).strip() for cell in rows[0]):
        problems.add(file, "is empty; the first row must name the columns")
        return None
    header = [str(cell) for cell in rows[0]]
    while not header[-1].strip():
        header.pop()
    return RawTable(name=name, file=file, header=header, rows=_Rows(rows[1:]))


class _Rows:
    """The rows of a sheet with their cells as text, converted as they are read."""

    def __init__(self, rows: Sequence[Sequence[object]]) -> None:
        self._rows = rows

    def __iter__(self) -> Iterator[Sequence[Cell]]:
        # An example keeps its place, so that the rows below it have the numbers that people see.
        return ([] if _is_example(row) else list(map(_cell, row)) for row in self._rows)


def _is_example(row: Sequence[object]) -> bool:
    return bool(row) and isinstance(row[0], str) and row[0].strip().casefold() == EXAMPLE


def _cell(value: object) -> Cell:
    if isinstance(value, str):
        if value in SPREADSHEET_ERRORS:
            return Unreadable("holds an error of the spreadsheet", value)
        return bounded(value)
    if isinstance(value, bool):
        return Typed("yes" if value else "no", "yes or no")
    if isinstance(value, float):
        return book_number(value)
    if isinstance(value, datetime):
        # A day is a day; an hour without a time zone is refused where an instant is wanted.
        is_day = value.time() == time(0)
        return Typed(value.date().isoformat() if is_day else value.isoformat(), "a date")
    if isinstance(value, date | time):
        return Typed(value.isoformat(), "a date" if isinstance(value, date) else "an hour")
    if isinstance(value, timedelta):
        return Unreadable("is a duration, not a date", str(value))
    return str(value)


def book_number(value: float) -> str | Unreadable:
    """Return a number of a workbook as it is shown there, unless it may have lost digits."""
    if abs(value) >= _MOST_WHOLE:
        return Unreadable(
            "is a number of more than 15 digits, of which a workbook keeps no more; format the "
            "column as text, and write it again from where it came from",
            lost=True,
        )
    # Fifteen digits are what a workbook shows: 0.1 + 0.2 is 0.3 there.
    return str(int(value)) if value.is_integer() else f"{value:.15g}"
