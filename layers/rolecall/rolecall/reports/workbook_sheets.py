"""Sheets of a workbook, written from top to bottom: headings, rows as high as they must be, paper.

Every text of a cell is written as one, whatever it looks like: no formula and no link comes of
data. Links are those that are given as links, and no more of them than a sheet may have. Rows go
to disk as they come.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypeAlias

from msgspec import Struct

from rolecall.model import SEVERITIES, Severity
from rolecall.printable import printable
from rolecall.reports.workbook_cells import BLANK_CELL, CellText, fitting, number_in_cell, put_row
from rolecall.spreadsheet import is_like_markup, put_text

__all__ = ["BookCell", "CellLink", "SheetColumn", "SheetWords", "SheetWriter", "ToFill"]

_MOST_ROWS = 1_000_000
_MOST_LINKS = 65_000
_MOST_ADDRESS = 2_000
_LEAST_HIGH = 18
_A4 = 9
_COLOURS: Mapping[Severity, str] = {
    "critical": "#F6D5DA",
    "high": "#FBE3D3",
    "medium": "#F7EFCF",
    "low": "#DCEFE7",
}
_YELLOW = "#FFF9DB"
_NOTHING = CellText("", 0, BLANK_CELL)
_ADDRESSES = ("https://", "http://")


class CellLink(Struct, frozen=True):
    """A text that leads somewhere, where the address is one that may be followed."""

    text: str
    url: str


class ToFill(Struct, frozen=True):
    """A cell that whoever has the workbook fills in."""


BookCell: TypeAlias = "str | int | date | Severity | CellLink | ToFill | None"


class SheetColumn(Struct, frozen=True, kw_only=True):
    """A column of a sheet.

    :ivar width: in characters.
    :ivar rule: what its cells may hold, as the program that shows the sheet checks it.
    :ivar is_beside: it stands on no paper.
    :ivar is_id: it is not for reading: it has one line, and makes no row higher.
    :ivar is_severity: it holds severities, which sort by rank.
    """

    heading: str
    width: int
    rule: Mapping[str, Any] | None = None
    is_beside: bool = False
    is_id: bool = False
    is_severity: bool = False


class SheetWords(Struct, frozen=True, kw_only=True):
    """What every sheet says, in the language of a report.

    :ivar title: over each sheet on paper.
    :ivar page: with ``{number}`` and ``{of}``.
    :ivar cut: with ``{count}``, at the end of a text of which a row cannot show all.
    :ivar more: with ``{count}``, below a sheet that has no room for all.
    :ivar day: how days are shown, as workbooks have it.
    :ivar severities: their names.
    """

    title: str
    page: str
    cut: str
    more: str
    day: str
    severities: Mapping[Severity, str]

    @property
    def ranked(self) -> Mapping[str, str]:
        """Severities as cells have them: sorted as texts, the worst come first."""
        return {one: f"{rank} {self.severities[one]}" for rank, one in enumerate(SEVERITIES, 1)}


class SheetWriter:
    """Writes the sheets of a workbook, one after the other."""

    def __init__(self, book: Any, phrases: SheetWords) -> None:
        """Take a workbook of XlsxWriter.

        :param phrases: what every sheet says.
        """
        self._book = book
        self._words = phrases
        self._ranked, self._fit = phrases.ranked, fitting(phrases.cut)
        top = {"valign": "top", "text_wrap": True}
        line = {**top, "bottom": 4, "bottom_color": "#C9CFD8"}
        self._head = book.add_format({**top, "bold": True, "bg_color": "#DFE5EE", "bottom": 1})
        self._text = book.add_format(line)
        self._id = book.add_format({**line, "text_wrap": False})
        self._number = book.add_format({**line, "num_format": "#,##0", "align": "left"})
        self._day = book.add_format({**line, "num_format": phrases.day, "align": "left"})
        self._link = book.add_format({**line, "font_color": "#0B57A4", "underline": 1})
        self._fill = book.add_format({**line, "bg_color": _YELLOW, "num_format": "@"})
        self._fill_day = book.add_format({**line, "bg_color": _YELLOW, "num_format": phrases.day})
        self._title = book.add_format({"bold": True, "font_size": 18})
        self._bold = book.add_format({**line, "bold": True})
        self._tints = {
            phrases.ranked[severity]: book.add_format({**line, "bg_color": colour})
            for severity, colour in _COLOURS.items()
        }

    def facts(self, name: str, title: str, facts: Sequence[tuple[str, BookCell]]) -> None:
        """Write a sheet of names with what there is to say of each."""
        columns = (SheetColumn(heading="", width=34), SheetColumn(heading="", width=90))
        sheet = self._sheet(name, columns)
        sheet.set_row(0, 26)
        sheet.write_string(0, 0, printable(title), self._title)
        for row, (told, value) in enumerate(facts, 2):
            self._row(sheet, row, columns, (told, value), [self._bold, self._text])
        self._paper(sheet, len(facts) + 1, columns)

    def table(
        self, name: str, columns: Sequence[SheetColumn], rows: Iterable[Sequence[BookCell]]
    ) -> None:
        """Write a sheet with a row of headings, and every row that there is room for."""
        sheet = self._sheet(name, columns)
        heads = [SheetColumn(heading=one.heading, width=one.width) for one in columns]
        self._row(sheet, 0, heads, [one.heading for one in heads], [self._head] * len(heads))
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)
        shapes = [self._shape(column) for column in columns]
        last = beyond = 0
        for values in rows:
            if last < _MOST_ROWS:
                last += 1
                self._row(sheet, last, columns, values, shapes)
            else:
                beyond += 1
        if beyond:
            sheet.write_string(last + 1, 0, self._words.more.format(count=f"{beyond:,}"))
        for number, column in enumerate(columns):
            if column.rule is not None and column.rule["validate"] != "any" and last:
                sheet.data_validation(1, number, last, number, dict(column.rule))
        sheet.autofilter(0, 0, max(last, 1), len(columns) - 1)
        self._paper(sheet, max(last, 1), columns)

    def _sheet(self, name: str, columns: Sequence[SheetColumn]) -> Any:
        sheet = self._book.add_worksheet(name[:31])
        for number, column in enumerate(columns):
            sheet.set_column(number, number, column.width)
        return sheet

    def _shape(self, column: SheetColumn) -> Any:
        if column.is_id:
            return self._id
        if column.rule is None:
            return self._text
        return self._fill_day if column.rule["validate"] == "date" else self._fill

    def _row(
        self,
        sheet: Any,
        row: int,
        columns: Sequence[SheetColumn],
        values: Sequence[BookCell],
        shapes: Sequence[Any],
    ) -> None:
        """Write a row that is as high as the highest of its cells."""
        fitted = [
            self._fitted(column, value) for column, value in zip(columns, values, strict=False)
        ]
        high = max(_LEAST_HIGH, *(cell.high for cell in fitted))
        cells = [
            self._kept(value, cell, shape)
            for value, cell, shape in zip(values, fitted, shapes, strict=False)
        ]
        if put_row(sheet, row, high, cells):
            return
        sheet.set_row(row, high)
        # What is on disk needs no height any more: of very many rows that would be much.
        for kept in (sheet.row_info, sheet.row_sizes):
            kept.pop(row - 3, None)
        for number, (value, cell) in enumerate(zip(values, fitted, strict=True)):
            self._cell(sheet, row, number, value, cell.text, cells[number][0])

    def _fitted(self, column: SheetColumn, value: BookCell) -> CellText:
        """Return the text of a cell, or nothing for what is no text."""
        if column.is_severity:
            told = self._ranked.get(value, value) if isinstance(value, str) else ""
            return self._fit(told, column.width)
        if isinstance(value, CellLink):
            value = value.text
        if not isinstance(value, str):
            return _NOTHING
        return self._fit(value, 0 if column.is_id else column.width)

    def _kept(self, value: BookCell, cell: CellText, shape: Any) -> tuple[Any, str]:
        """Return the format of a cell, and what stands in the file; nothing for what is a link."""
        if isinstance(value, int):
            return self._number, number_in_cell(value)
        if isinstance(value, date):
            return self._day, number_in_cell(value)
        body = "" if isinstance(value, CellLink) else cell.body
        return self._tints.get(cell.text, shape), body

    def _cell(
        self, sheet: Any, row: int, column: int, value: BookCell, text: str, shape: Any
    ) -> None:
        if isinstance(value, int):
            sheet.write_number(row, column, value, shape)
        elif isinstance(value, date):
            day = datetime(value.year, value.month, value.day)  # noqa: DTZ001 - no zones there.
            sheet.write_datetime(row, column, day, shape)
        elif isinstance(value, CellLink) and self._may_link(sheet, value.url):
            sheet.write_url(row, column, value.url, self._link, text)
            if is_like_markup(text):
                put_text(sheet, row, column, text, self._link)
        elif text:
            put_text(sheet, row, column, text, shape)
        else:
            sheet.write_blank(row, column, None, shape)

    def _may_link(self, sheet: Any, url: str) -> bool:
        """Tell whether there is room for one more address, and it is one to follow."""
        is_address = url.lower().startswith(_ADDRESSES) and printable(url) == url
        return is_address and len(url) <= _MOST_ADDRESS and sheet.hlink_count < _MOST_LINKS

    def _paper(self, sheet: Any, last: int, columns: Sequence[SheetColumn]) -> None:
        """Make a sheet fit for paper: all that is to be read, on as many pages as it takes."""
        shown = [number for number, column in enumerate(columns) if not column.is_beside]
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.7)
        sheet.fit_to_pages(1, 0)
        sheet.print_area(0, 0, last, shown[-1])
        title = printable(self._words.title)[:180].replace("&", "&&")
        sheet.set_header(f"&L{title}&R&A")
        page = self._words.page.replace("&", "&&").format(number="&P", of="&N")
        sheet.set_footer(f"&R{page}")
