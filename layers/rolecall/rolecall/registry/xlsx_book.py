"""The registry as one XLSX workbook, one sheet a table.

A workbook is a zip archive from outside. Before the reader sees it, it is unpacked here with a
limit on what comes out and packed again without compression, so that what was measured is what is
read; links to other workbooks are refused.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum

from rolecall.model import TABLES
from rolecall.registry.cells import Cell, Unreadable
from rolecall.registry.problems import Problems, suggestion
from rolecall.registry.tables import RawTable

__all__ = ["xlsx_tables"]

MOST_UNPACKED = 1 << 30
"""Bytes that a workbook may unpack to; a full sheet of a million rows takes about half."""

_SPREADSHEET_ERRORS = frozenset(
    {"#REF!", "#N/A", "#NAME?", "#VALUE!", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!"}
)


def xlsx_tables(
    file: str, data: bytes, problems: Problems, warnings: Problems
) -> dict[str, RawTable]:
    """Return the tables of a workbook by name."""
    if not data:
        problems.add(file, "is empty")
        return {}
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(_repacked(data)))
    except _RefusedError as error:
        problems.add(file, str(error))
        return {}
    except (CalamineError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        problems.add(file, f"is not an XLSX workbook that can be read ({type(error).__name__})")
        return {}
    found: dict[str, RawTable] = {}
    for meta in book.sheets_metadata:
        name = meta.name.strip().casefold()
        if meta.typ is not SheetTypeEnum.WorkSheet:
            continue
        if name in TABLES:
            sheet = book.get_sheet_by_name(meta.name)
            if (table := _table(name, f"{file}/{name}", sheet, problems)) is not None:
                found[name] = table
        else:
            near = suggestion(name, TABLES)
            warnings.add(file, f"sheet {meta.name!r} is not a table of a registry{near}")
    return {name: found[name] for name in TABLES if name in found}


class _RefusedError(ValueError):
    """The archive is readable, and not to be trusted."""


def _repacked(data: bytes) -> bytes:
    """Return the archive without compression, after holding it to its limits.

    The sizes that an archive declares are not believed: what counts is what comes out.
    """
    left = MOST_UNPACKED
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as packed, zipfile.ZipFile(out, "w") as plain:
        for info in packed.infolist():
            if info.filename.startswith("xl/externalLinks/"):
                msg = "links to other workbooks; break the links and save it again"
                raise _RefusedError(msg)
            if info.flag_bits & 1:
                raise _RefusedError("is encrypted; save it without a password")
            with packed.open(info) as entry:
                content = entry.read(left + 1)
            left -= len(content)
            if left < 0:
                raise _RefusedError(f"unpacks to more than {MOST_UNPACKED >> 20:,} MiB")
            plain.writestr(info.filename, content)
    return out.getvalue()


def _table(name: str, file: str, sheet: CalamineSheet, problems: Problems) -> RawTable | None:
    rows = sheet.to_python(skip_empty_area=False)
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
        return ([_cell(cell) for cell in row] for row in self._rows)


def _cell(value: object) -> Cell:
    if isinstance(value, str):
        if value in _SPREADSHEET_ERRORS:
            return Unreadable("holds an error of the spreadsheet", value)
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        # A day is a day; an hour without a time zone is refused where an instant is wanted.
        is_day = value.time() == time(0)
        return value.date().isoformat() if is_day else value.isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return Unreadable("is a duration, not a date", str(value))
    return str(value)
