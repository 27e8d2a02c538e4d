"""The sheets of an OpenDocument spreadsheet (ODS) as grids.

Its XML says of each cell both the value and what is shown of it, so that zeros that a format adds
are read as they are shown. Comments of cells stand within them and are left out; a document type,
which could name entities without end, is refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from xml.parsers import expat

from msgspec import Struct

from rolecall.adopt.reading.grids import MOST_GRID_CELLS, Grid, GridCell, GridRow, MergedArea
from rolecall.adopt.reading.links import target_of
from rolecall.quantity import counted
from rolecall.registry.cells import MOST_CHARACTERS, Unreadable
from rolecall.registry.problems import Problems
from rolecall.registry.raw_table import MOST_COLUMNS
from rolecall.registry.workbook_archive import (
    UNREADABLE_BOOK,
    WorkbookError,
    entry_of,
    repacked,
)
from rolecall.registry.xlsx_book import book_number

__all__ = ["OPEN_DOCUMENT", "opendocument_grids"]

OPEN_DOCUMENT = b"mimetypeapplication/vnd.oasis.opendocument."
"""What stands behind the first bytes of an OpenDocument file: its first part, not compressed."""

_SPREADSHEET = b"application/vnd.oasis.opendocument.spreadsheet"
_VALUELESS = (
    "is a formula whose value was never stored: open the sheet in a spreadsheet program, and save "
    "it"
)
_ERROR = re.compile(r"#\S{1,12}[!?]|#N/A|Err:\d{3}")
_ZEROS = re.compile(r"\D*0\d+(?:[.,]\d+)?\D*|\D+\d+\D*", re.ASCII)
_MOST_BLANKS = 1_000


class _Cell(Struct):
    """A cell while it is read."""

    values: Mapping[str, str]
    repeated: int
    paragraphs: list[str]
    target: str = ""


def opendocument_grids(file: str, data: bytes, problems: Problems) -> list[Grid]:
    """Return the grids of an OpenDocument spreadsheet, none where it cannot be read."""
    try:
        plain = repacked(data, is_opendocument=True)
        if not entry_of(plain, "mimetype").startswith(_SPREADSHEET):
            problems.add(file, "is no spreadsheet; copy its table into one and save that")
            return []
        if b"encryption-data" in entry_of(plain, "META-INF/manifest.xml"):
            problems.add(file, "is encrypted; save it without a password")
            return []
        return _Reader(file).read(entry_of(plain, "content.xml"))
    except WorkbookError as error:
        problems.add(file, str(error))
    except (*UNREADABLE_BOOK, expat.ExpatError):
        problems.add(file, "is damaged; open it in a spreadsheet program and save it again")
    return []


class _Reader:
    """Goes through the XML of a document once."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._grids: list[Grid] = []
        self._hidden_styles: set[str] = set()
        self._style = ""
        self._skipped = 0
        self._cell: _Cell | None = None
        self._row: list[GridCell] = []
        self._row_times = 1
        self._row_is_hidden = False
        self._number = 0
        self._blank = 0
        self._column = 0
        self._cells = 0
        self._hidden_rows = 0

    def read(self, content: bytes) -> list[Grid]:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._refuse
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.Parse(content, True)
        return self._grids

    def _refuse(self, *_: object) -> None:
        raise WorkbookError("has a document type, which no spreadsheet program writes")

    def _start(self, name: str, values: dict[str, str]) -> None:
        if self._skipped or name in ("office:annotation", "table:shapes", "table:tracked-changes"):
            self._skipped += 1
        elif name == "style:style":
            self._style = values.get("style:name", "")
        elif name == "style:table-properties" and values.get("table:display") == "false":
            self._hidden_styles.add(self._style)
        elif name == "table:table":
            is_hidden = values.get("table:style-name", "") in self._hidden_styles
            sheet = values.get("table:name", "")
            self._grids.append(Grid(self._file, sheet, [], [], is_hidden=is_hidden, links={}))
            self._number = self._column = self._hidden_rows = 0
        elif name == "table:table-column":
            times = _times(values, "table:number-columns-repeated")
            is_hidden = values.get("table:visibility") in ("collapse", "filter")
            if is_hidden and self._column < MOST_COLUMNS:
                last = min(self._column + times, MOST_COLUMNS)
                self._grids[-1].hidden |= frozenset(range(self._column, last))
            self._column += times
        elif name == "table:table-row":
            self._row, self._blank = [], 0
            self._row_times = _times(values, "table:number-rows-repeated")
            self._row_is_hidden = values.get("table:visibility") in ("collapse", "filter")
        elif name in ("table:table-cell", "table:covered-table-cell"):
            self._cell = _Cell(values, _times(values, "table:number-columns-repeated"), [])
        elif self._cell is not None:
            self._inner(name, values, self._cell)

    def _inner(self, name: str, values: dict[str, str], cell: _Cell) -> None:
        if name == "text:p":
            cell.paragraphs.append("")
        elif name == "text:a":
            cell.target = cell.target or target_of(values.get("xlink:href", ""))
        elif name == "text:s":
            self._text(" " * min(_times(values, "text:c"), _MOST_BLANKS))
        elif name in ("text:tab", "text:line-break"):
            self._text("\t" if name == "text:tab" else "\n")

    def _text(self, text: str) -> None:
        if self._cell is not None and self._cell.paragraphs and not self._skipped:
            self._cell.paragraphs[-1] += text

    def _end(self, name: str) -> None:
        if self._skipped:
            self._skipped -= 1
        elif name in ("table:table-cell", "table:covered-table-cell") and self._cell is not None:
            self._add(self._cell, is_covered=name == "table:covered-table-cell")
            self._cell = None
        elif name == "table:table-row":
            self._end_row()
        elif name == "table:table" and self._hidden_rows:
            hidden = counted(self._hidden_rows, "hidden row is", "hidden rows are")
            grid = self._grids[-1]
            grid.remarks.append(f"{hidden} read as others are")

    def _add(self, cell: _Cell, *, is_covered: bool) -> None:
        """Add a cell to its row, as often as it stands there; blanks wait for what follows."""
        value = "" if is_covered else _value(cell)
        if value == "":
            self._blank += cell.repeated
            return
        column = len(self._row) + self._blank
        if column + cell.repeated > MOST_COLUMNS:
            raise WorkbookError(f"has more than {MOST_COLUMNS} columns; delete what lies far away")
        self._row += [*[""] * self._blank, *[value] * cell.repeated]
        self._blank = 0
        grid = self._grids[-1]
        if cell.target:
            grid.links.setdefault(self._number + 1, {})[column] = cell.target
        width = _times(cell.values, "table:number-columns-spanned")
        height = _times(cell.values, "table:number-rows-spanned")
        if width > 1 or height > 1:
            top = self._number + 1
            right = min(column + width, MOST_COLUMNS) - 1
            grid.merged.append(MergedArea(top, column, top + height - 1, right))

    def _end_row(self) -> None:
        first, self._number = self._number + 1, self._number + self._row_times
        if not self._row:
            return
        self._hidden_rows += self._row_times if self._row_is_hidden else 0
        self._cells += len(self._row) * self._row_times
        if self._cells > MOST_GRID_CELLS:
            raise WorkbookError(f"has more than {MOST_GRID_CELLS:,} cells; leave out columns")
        for number in range(first, self._number + 1):
            self._grids[-1].rows.append(GridRow(number, list(self._row)))


def _times(values: Mapping[str, str], name: str) -> int:
    text = values.get(name, "1")
    return max(1, int(text)) if text.isdecimal() and len(text) < 10 else 1


def _value(cell: _Cell) -> GridCell:
    values = cell.values
    kind = values.get("office:value-type", "")
    shown = "\n".join(cell.paragraphs).strip()
    if len(shown) > MOST_CHARACTERS:
        return Unreadable(f"is longer than {MOST_CHARACTERS:,} characters")
    if _ERROR.fullmatch(shown):
        return shown
    if kind == "date":
        try:
            return date.fromisoformat(values.get("office:date-value", "")[:10])
        except ValueError:
            return shown
    if kind == "boolean":
        return values.get("office:boolean-value") == "true"
    if kind in ("float", "currency", "percentage"):
        return _number(values.get("office:value", ""), shown)
    if "table:formula" in values:
        cell.target = cell.target or target_of(values["table:formula"])
        if not kind and not shown and not cell.target:
            return Unreadable(_VALUELESS)
        return shown or cell.target
    return shown or values.get("office:string-value", "").strip()


def _number(text: str, shown: str) -> GridCell:
    """Return a number, as it is shown where that is more: zeros before it, or a text."""
    try:
        number = float(text)
    except ValueError:
        return shown
    plain = book_number(number)
    if isinstance(plain, Unreadable) or not _ZEROS.fullmatch(shown):
        return plain
    digits = re.sub(r"\D", "", shown)
    is_padded = digits.lstrip("0") == plain.lstrip("0") and len(digits) > len(plain)
    return shown if is_padded else plain
