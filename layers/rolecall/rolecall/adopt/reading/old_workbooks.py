"""The sheets of an old workbook (XLS) as grids, by its records.

They are read here and not by the reader of XLSX workbooks: that one ends the whole process where a
damaged file names more than there is. A formula that gave an empty text and one that was never
counted are the same in such a file, and both are empty.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from rolecall.adopt.reading.compound_files import compound_streams
from rolecall.adopt.reading.grids import MOST_GRID_CELLS, Grid, GridCell, GridRow, MergedArea
from rolecall.adopt.reading.links import target_of
from rolecall.adopt.reading.old_records import OldRecord, old_records, word_at
from rolecall.adopt.reading.old_values import CELL_RECORDS, OldBook, old_cells, old_text
from rolecall.registry.problems import Problems
from rolecall.registry.raw_table import MOST_COLUMNS
from rolecall.registry.workbook_archive import WorkbookError

__all__ = ["old_workbook_grids"]

_STREAMS = frozenset(("Workbook", "Book"))
_OTHERS = {
    "EncryptedPackage": "is encrypted; save it without a password",
    "WordDocument": "is a text of a word processor; copy its table into a sheet and save that",
    "PowerPoint Document": "is a presentation; copy its table into a sheet and save that",
}
_EOF, _BOF, _ENCRYPTED = 0x0A, 0x809, 0x2F
_CODE_PAGE, _DATE_MODE, _SHEET, _FORMAT, _STYLE, _TEXTS = 0x42, 0x22, 0x85, 0x41E, 0xE0, 0xFC
_COLUMNS, _LINK, _MERGED, _STRING = 0x7D, 0x1B8, 0xE5, 0x207
_BIFF8 = 0x600
_CODE_PAGES = {10000: "mac-roman", 32768: "mac-roman", 1200: "cp1252", 367: "ascii"}
_URL = bytes.fromhex("e0c9ea79f9bace118c8200aa004ba90b")
_FAR = "has a sheet that reaches too far; delete what lies far from the table"


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
        return _grids(file, stream)
    except WorkbookError as error:
        problems.add(file, str(error))
    except (struct.error, IndexError, LookupError):
        problems.add(file, "is damaged; open it in a spreadsheet program and save it again")
    return []


def _grids(file: str, stream: bytes) -> list[Grid]:
    book = OldBook(texts=[], codes={}, styles=[], forms={})
    sheets: list[tuple[str, int, bool]] = []
    for record in old_records(stream, 0):
        if record.kind == _EOF:
            break
        if record.kind == _SHEET and not record.data[5]:
            (offset,) = struct.unpack_from("<I", record.data)
            name = old_text(record, book, at=6, size=1)
            sheets.append((name, offset, bool(record.data[4] & 3)))
        else:
            _read_global(record, book)
    left = MOST_GRID_CELLS
    grids = []
    for name, offset, is_hidden in sheets:
        sheet = _Sheet(Grid(file, name, [], [], is_hidden=is_hidden, links={}), left)
        for record, behind in _of_sheet(stream, offset):
            sheet.read(record, behind, book)
        left -= sheet.taken
        grids.append(sheet.finished())
    return grids


def _read_global(record: OldRecord, book: OldBook) -> None:
    data = record.data
    if record.kind == _BOF:
        book.is_new = word_at(data, 0) == _BIFF8
    elif record.kind == _ENCRYPTED:
        raise WorkbookError("is encrypted; save it without a password")
    elif record.kind == _CODE_PAGE:
        page = word_at(data, 0)
        book.code_page = _CODE_PAGES.get(page, f"cp{page}")
        "".encode(book.code_page)
    elif record.kind == _DATE_MODE:
        book.from_1904 = bool(word_at(data, 0))
    elif record.kind == _FORMAT:
        book.codes[word_at(data, 0)] = old_text(record, book, at=2, size=2 if book.is_new else 1)
    elif record.kind == _STYLE:
        book.styles.append(word_at(data, 2))
    elif record.kind == _TEXTS:
        (count,) = struct.unpack_from("<I", data, 4)
        record.skip(8)
        while count and not record.is_over:
            count -= 1
            book.texts.append(record.text(int.from_bytes(record.skip(2), "little")))


class _Sheet:
    """A sheet while its records are read.

    :ivar taken: how many cells it takes, the empty ones of a row before the last included.
    """

    def __init__(self, grid: Grid, most: int) -> None:
        self._grid = grid
        self._most = most
        self._cells: dict[int, dict[int, GridCell]] = {}
        self._widths: dict[int, int] = {}
        self._hidden: set[int] = set()
        self.taken = 0

    def read(self, record: OldRecord, behind: OldRecord | None, book: OldBook) -> None:
        """Read one record.

        :param behind: a text that stands behind it.
        """
        data = record.data
        if record.kind in CELL_RECORDS:
            for row, column, cell in old_cells(record, behind, book):
                self._add(row, column, cell)
        elif record.kind == _COLUMNS and word_at(data, 8) & 1:
            columns = range(word_at(data, 0), min(word_at(data, 2) + 1, MOST_COLUMNS))
            if columns and not {columns[0], columns[-1]} <= self._hidden:
                self._hidden.update(columns)
        elif record.kind == _MERGED:
            for index in range(word_at(data, 0)):
                top, bottom, left, right = struct.unpack_from("<4H", data, 2 + 8 * index)
                self._grid.merged.append(MergedArea(top + 1, left, bottom + 1, right))
        elif record.kind == _LINK:
            _link(self._grid, data)

    def _add(self, row: int, column: int, cell: GridCell) -> None:
        if cell == "":
            return
        before = self._widths.get(row, 0)
        self._widths[row] = max(before, column + 1)
        self.taken += self._widths[row] - before
        if column >= MOST_COLUMNS or self.taken > self._most:
            raise WorkbookError(_FAR)
        self._cells.setdefault(row, {})[column] = cell

    def finished(self) -> Grid:
        """Return the grid."""
        for row in sorted(self._cells):
            cells = self._cells[row]
            filled = [cells.get(column, "") for column in range(self._widths[row])]
            self._grid.rows.append(GridRow(row + 1, filled))
        self._grid.hidden = frozenset(self._hidden)
        return self._grid


def _of_sheet(stream: bytes, offset: int) -> Iterator[tuple[OldRecord, OldRecord | None]]:
    """Yield the records of a sheet, each with a text that stands behind it."""
    depth = 0
    waiting: OldRecord | None = None
    for record in old_records(stream, offset):
        # What is drawn on a sheet is a stream within it.
        depth += (record.kind == _BOF) - (record.kind == _EOF)
        if depth < 1:
            break
        if depth > 1:
            continue
        if waiting is not None:
            yield waiting, record if record.kind == _STRING else None
        waiting = record
    if waiting is not None:
        yield waiting, None


def _link(grid: Grid, data: bytes) -> None:
    at = data.find(_URL)
    if at < 0:
        return
    row, _, column, _ = struct.unpack_from("<4H", data)
    (size,) = struct.unpack_from("<I", data, at + 16)
    text = data[at + 20 : at + 20 + size].decode("utf-16-le", "replace").partition("\0")[0]
    if target := target_of(text):
        grid.links.setdefault(row + 1, {})[column] = target
