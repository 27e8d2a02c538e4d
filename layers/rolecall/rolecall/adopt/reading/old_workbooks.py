"""The sheets of an old workbook (XLS) as grids.

Values are read by the reader that registries use; its records tell what is hidden, where links
lead and which numbers are shown with zeros before them. A formula always has a value there.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping

from msgspec import Struct
from python_calamine import SheetTypeEnum

from rolecall.adopt.reading.compound_files import compound_streams
from rolecall.adopt.reading.grids import Grid
from rolecall.adopt.reading.links import target_of
from rolecall.adopt.reading.workbooks import book_grid
from rolecall.registry.number_formats import NumberFormat, number_format
from rolecall.registry.problems import Problems
from rolecall.registry.workbook_archive import (
    MOST_CELLS,
    UNREADABLE_BOOK,
    WorkbookError,
    book_of,
)

__all__ = ["old_workbook_grids"]

_DAMAGED = "is damaged; open it in a spreadsheet program and save it again"
_STREAMS = frozenset(("Workbook", "Book"))
_OTHERS = {
    "EncryptedPackage": "is encrypted; save it without a password",
    "WordDocument": "is a text of a word processor; copy its table into a sheet and save that",
    "PowerPoint Document": "is a presentation; copy its table into a sheet and save that",
}
_EOF, _BOF, _ENCRYPTED = 0x0A, 0x809, 0x2F
_SHEET, _FORMAT, _STYLE = 0x85, 0x41E, 0xE0
_COLUMNS, _LINK = 0x7D, 0x1B8
_NUMBER, _SHORT_NUMBER, _SHORT_NUMBERS = 0x203, 0x27E, 0xBD
_CELLS = frozenset((0x06, 0x201, 0x203, 0x204, 0x205, 0x27E, 0xBD, 0xBE, 0xFD, 0xD6))
_BIFF8 = 0x600
_BUILT_IN = {2: "0.00"}
_URL = bytes.fromhex("e0c9ea79f9bace118c8200aa004ba90b")
_SHORTEST_ROW = 4


class _Marks(Struct):
    """What the records of a sheet say besides its values."""

    hidden: set[int]
    links: dict[int, dict[int, str]]
    shown: dict[tuple[int, int], NumberFormat]
    rows: int = 0
    columns: int = 0


def old_workbook_grids(file: str, data: bytes, problems: Problems) -> list[Grid]:
    """Return the grids of an old workbook, none where it cannot be read."""
    try:
        streams = compound_streams(data, _STREAMS)
        for name, told in _OTHERS.items():
            if name in streams:
                raise WorkbookError(told)
        stream = streams.get("Workbook") or streams.get("Book")
        if not stream:
            raise WorkbookError("is no workbook that is known; save it as XLSX")
        return _grids(file, data, stream)
    except WorkbookError as error:
        problems.add(file, str(error))
    except UNREADABLE_BOOK:
        problems.add(file, _DAMAGED)
    return []


def _grids(file: str, data: bytes, stream: bytes) -> list[Grid]:
    formats, sheets = _globals(stream)
    marks = [_marks(stream, offset, formats) for offset, _ in sheets]
    for mark in marks:
        if mark.rows * mark.columns > MOST_CELLS:
            raise WorkbookError("has a sheet that reaches too far; delete what lies far away")
    book = book_of(data)
    metas = book.sheets_metadata
    grids = []
    for index, meta in enumerate(metas):
        if meta.typ is not SheetTypeEnum.WorkSheet:
            continue
        grid = book_grid(file, meta.name, book)
        if len(metas) == len(sheets):
            grid.is_hidden = sheets[index][1]
            grid.hidden = frozenset(marks[index].hidden)
            grid.links = marks[index].links
            _show(grid, marks[index].shown)
        grids.append(grid)
    return grids


def _show(grid: Grid, shown: Mapping[tuple[int, int], NumberFormat]) -> None:
    """Write numbers as they are shown where that is more than the number."""
    for (row, column), form in shown.items():
        cells = grid.rows[row].cells if row < len(grid.rows) else []
        cell = cells[column] if column < len(cells) else ""
        if isinstance(cell, str) and (text := form.shown(cell)) is not None:
            cells[column] = text


def _globals(stream: bytes) -> tuple[dict[int, NumberFormat], list[tuple[int, bool]]]:
    """Return the formats that show more than a number, and where the sheets are, hidden or not."""
    codes = dict(_BUILT_IN)
    styles: list[int] = []
    sheets: list[tuple[int, bool]] = []
    is_new = True
    for kind, data in _records(stream, 0):
        if kind == _BOF:
            is_new = _number(data, 0) == _BIFF8
        elif kind == _ENCRYPTED:
            raise WorkbookError("is encrypted; save it without a password")
        elif kind == _SHEET:
            sheets.append((struct.unpack_from("<I", data)[0], bool(data[4] & 3)))
        elif kind == _FORMAT:
            codes[_number(data, 0)] = _text(data[2:], is_new=is_new)
        elif kind == _STYLE:
            styles.append(_number(data, 2))
        elif kind == _EOF:
            break
    read = {index: number_format(codes.get(style, "")) for index, style in enumerate(styles)}
    return {index: form for index, form in read.items() if form is not None}, sheets


def _marks(stream: bytes, offset: int, formats: Mapping[int, NumberFormat]) -> _Marks:
    marks = _Marks(set(), {}, {})
    depth = 0
    for kind, data in _records(stream, offset):
        # What is drawn on a sheet is a stream within it.
        depth += (kind == _BOF) - (kind == _EOF)
        if depth < 1:
            break
        if depth == 1:
            _mark(marks, kind, data, formats)
    return marks


def _mark(marks: _Marks, kind: int, data: bytes, formats: Mapping[int, NumberFormat]) -> None:
    if kind in _CELLS and len(data) > _SHORTEST_ROW:
        row, column = struct.unpack_from("<HH", data)
        last = _number(data, len(data) - 2) if kind in (_SHORT_NUMBERS, 0xBE) else column
        marks.rows, marks.columns = max(marks.rows, row + 1), max(marks.columns, last + 1)
        if kind in (_NUMBER, _SHORT_NUMBER) and (form := formats.get(_number(data, 4))):
            marks.shown[row, column] = form
        elif kind == _SHORT_NUMBERS:
            for index in range((len(data) - 6) // 6):
                if form := formats.get(_number(data, 4 + 6 * index)):
                    marks.shown[row, column + index] = form
    elif kind == _COLUMNS and _number(data, 8) & 1:
        marks.hidden |= set(range(_number(data, 0), _number(data, 2) + 1))
    elif kind == _LINK and (at := data.find(_URL)) >= 0:
        row, _, column, _ = struct.unpack_from("<4H", data)
        (size,) = struct.unpack_from("<I", data, at + 16)
        text = data[at + 20 : at + 20 + size].decode("utf-16-le", "replace").partition("\0")[0]
        if target := target_of(text):
            marks.links.setdefault(row + 1, {})[column] = target


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        yield kind, stream[at + 4 : at + 4 + size]
        at += 4 + size


def _number(data: bytes, at: int) -> int:
    (number,) = struct.unpack_from("<H", data, at)
    return int(number)


def _text(data: bytes, *, is_new: bool) -> str:
    if not is_new:
        return data[1 : 1 + data[0]].decode("latin-1")
    length, is_wide = _number(data, 0), data[2] & 1
    size = length * 2 if is_wide else length
    return data[3 : 3 + size].decode("utf-16-le" if is_wide else "latin-1", "replace")
