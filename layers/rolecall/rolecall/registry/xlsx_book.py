"""The registry as one XLSX workbook, one sheet a table.

A workbook is a zip archive from outside. Before the reader sees it, it is unpacked here with a
limit on what comes out and packed again without compression, so that what was measured is what is
read; links to other workbooks are refused.

A number that is shown with zeros before it, or a text, is read as it is shown (``number_formats``).
What a workbook cannot hold is refused and never guessed: of a number it keeps fifteen digits, and
where a text is meant that a spreadsheet took for a date, nobody can tell any more what it was.
"""

from __future__ import annotations

import io
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta

from python_calamine import (
    CalamineError,
    CalamineWorkbook,
    SheetTypeEnum,
    WorksheetNotFound,
    XmlError,
    ZipError,
)

from rolecall.model import TABLES
from rolecall.printable import shorten
from rolecall.registry.cells import Cell, Typed, Unreadable, bounded
from rolecall.registry.number_formats import as_shown, formats_of
from rolecall.registry.problems import Problems, suggestion
from rolecall.registry.raw_table import RawTable

__all__ = ["MOST_CELLS", "MOST_UNPACKED", "xlsx_tables"]

MOST_UNPACKED = 1 << 27
"""Bytes that a workbook may unpack to; what is larger can be a directory of CSV files."""

_MOST_MARKS = 8_000_000
"""Beginnings and ends of elements that a workbook may have: a cell with a value has four."""

MOST_CELLS = 1 << 23
"""Cells that a sheet may span, the empty ones included: the reader takes memory for each."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_UNREADABLE = (
    CalamineError,
    XmlError,
    ZipError,
    WorksheetNotFound,
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    ValueError,
)
_MOST_DIGITS = 12
_MOST_WHOLE = 10**15
"""Whole numbers from here on may have lost digits: a workbook keeps fifteen of them."""

_STYLES = "xl/styles.xml"
# Positions of cells beyond column Z or row 99,999.
_FAR = re.compile(rb"""r\s*=\s*["'](?:[A-Za-z]{2,}|[A-Za-z]?[0-9]{6,})""")
_POSITION = re.compile(rb"""r\s*=\s*["']([A-Za-z]*)([0-9]+)""")

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
    if data.startswith(_OLE):
        problems.add(file, "is encrypted, or an old .xls; save it as .xlsx without a password")
        return {}
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(_repacked(data)))
    except _RefusedError as error:
        problems.add(file, str(error))
        return {}
    except _UNREADABLE:
        problems.add(file, "is not an XLSX workbook, or is damaged; open it and save it again")
        return {}
    found: dict[str, RawTable] = {}
    for meta in book.sheets_metadata:
        name = meta.name.strip().casefold()
        if meta.typ is not SheetTypeEnum.WorkSheet:
            continue
        if name in found:
            problems.add(f"{file}/{name}", "this table appears twice")
        elif name not in TABLES:
            near = suggestion(name, TABLES)
            warnings.add(f"{file}/{shorten(meta.name)}", f"is not a table of a registry{near}")
        elif (table := _table(name, f"{file}/{name}", book, meta.name, problems)) is not None:
            found[name] = table
    return {name: found[name] for name in TABLES if name in found}


class _RefusedError(ValueError):
    """The archive is readable, and not to be trusted."""


def _repacked(data: bytes) -> bytes:
    """Return the archive without compression, after holding it to its limits.

    The sizes that an archive declares are held to the limit before anything is unpacked; no entry
    gives more than it declared, and one that lies about it does not fit its checksum.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as packed, zipfile.ZipFile(out, "w") as plain:
        infos = packed.infolist()
        if sum(info.file_size for info in infos) > MOST_UNPACKED:
            msg = f"unpacks to more than {MOST_UNPACKED >> 20:,} MiB; save the sheets as CSV files"
            raise _RefusedError(msg)
        if len({info.filename for info in infos}) < len(infos):
            raise _RefusedError("holds two parts of one name; open it and save it again")
        styles = next((info for info in infos if info.filename.casefold() == _STYLES), None)
        formats = formats_of(_content(packed, styles)) if styles is not None else {}
        marks = 0
        for info in infos:
            if info.filename.casefold().startswith("xl/externallinks/"):
                msg = "links to other workbooks; break the links and save it again"
                raise _RefusedError(msg)
            if info.flag_bits & 1:
                raise _RefusedError("is encrypted; save it without a password")
            content = _content(packed, info)
            marks += content.count(b"<")
            if marks > _MOST_MARKS:
                raise _RefusedError(
                    f"holds more than {_MOST_MARKS:,} elements; save it as CSV files"
                )
            _check_span(content)
            if info.filename.casefold().startswith("xl/worksheets/"):
                content = as_shown(content, formats)
            plain.writestr(info.filename, content)
    return out.getvalue()


def _content(packed: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    with packed.open(info) as entry:
        return entry.read(info.file_size + 1)


def _check_span(content: bytes) -> None:
    """Refuse a sheet with a cell far away from the others."""
    if _FAR.search(content) is None:
        return
    column, row = b"", 0
    for match in _POSITION.finditer(content):
        column = max(column, match[1].upper(), key=lambda name: (len(name), name))
        row = max(row, int(match[2].lstrip(b"0")[:_MOST_DIGITS] or b"0"))
    width = 0
    for letter in column[:_MOST_DIGITS]:
        width = width * 26 + letter - 64
    if width * row > MOST_CELLS:
        where = f"column {shorten(column.decode())} and row {row:,}"
        msg = f"has a sheet that reaches to {where}; delete what lies far from the table"
        raise _RefusedError(msg)


def _table(
    name: str, file: str, book: CalamineWorkbook, sheet: str, problems: Problems
) -> RawTable | None:
    try:
        rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    except _UNREADABLE:
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
        return ([_cell(cell) for cell in row] for row in self._rows)


def _cell(value: object) -> Cell:
    if isinstance(value, str):
        if value in _SPREADSHEET_ERRORS:
            return Unreadable("holds an error of the spreadsheet", value)
        return bounded(value)
    if isinstance(value, bool):
        return Typed("yes" if value else "no", "yes or no")
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, datetime):
        # A day is a day; an hour without a time zone is refused where an instant is wanted.
        is_day = value.time() == time(0)
        return Typed(value.date().isoformat() if is_day else value.isoformat(), "a date")
    if isinstance(value, date | time):
        return Typed(value.isoformat(), "a date" if isinstance(value, date) else "an hour")
    if isinstance(value, timedelta):
        return Unreadable("is a duration, not a date", str(value))
    return str(value)


def _number(value: float) -> Cell:
    if abs(value) >= _MOST_WHOLE:
        return Unreadable(
            "is a number of more than 15 digits, of which a workbook keeps no more; format the "
            "column as text, and write it again from where it came from",
            lost=True,
        )
    # Fifteen digits are what a workbook shows: 0.1 + 0.2 is 0.3 there.
    return str(int(value)) if value.is_integer() else f"{value:.15g}"
