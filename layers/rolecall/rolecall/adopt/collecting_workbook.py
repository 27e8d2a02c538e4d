"""The workbook that a head fills in: sheets for people, and a hidden one for ``rolecall adopt``.

The hidden sheet holds a version, the ids of the rows, and what stood in their cells when it was
made: so it is seen afterwards what somebody changed, whatever was sorted, moved or taken out.
Every text is written as one, whatever it looks like; the same registry gives the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from rolecall.adopt.collecting import AskedRow, CollectionBook
from rolecall.adopt.collecting_fields import (
    ACCESS,
    ACCOUNTS,
    COLLECTED_FIELDS,
    HIDDEN_SHEET,
    NOT_ASKED,
    READ_ME,
    CollectedField,
)
from rolecall.adopt.collecting_languages import BookTexts, book_texts
from rolecall.errors import UsageError
from rolecall.printable import shorten
from rolecall.quantity import counted
from rolecall.spreadsheet import put_text

__all__ = ["COLLECTION_MARK", "COLLECTION_VERSION", "collection_workbook"]

COLLECTION_MARK, COLLECTION_VERSION = "rolecall collect", "1"
"""What the first row of the hidden sheet holds."""

_MADE = datetime(2000, 1, 1)  # noqa: DTZ001 - a workbook knows no zones.
_FIRST_DAY, _LAST_DAY = datetime(1990, 1, 1), datetime(2199, 12, 31)  # noqa: DTZ001
_MOST_ROWS = 1_000_000
_MOST_CHARACTERS = 32_767
_MORE_ROWS = 50


def collection_workbook(book: CollectionBook) -> bytes:
    """Return a workbook; the same bytes each time.

    :raises UsageError: there is more than a workbook can hold.
    """
    _check(book)
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as made:
        made.set_properties({"created": _MADE})
        _Maker(made, book, book_texts(book.language)).fill()
    return out.getvalue()


def _check(book: CollectionBook) -> None:
    if len(book.rows) > _MOST_ROWS:
        raise UsageError(
            f"{book.file}: {counted(len(book.rows), 'row')}, more than a sheet can hold; give "
            "--entity, and collect unit by unit"
        )
    for row in book.rows:
        for text in (*row.keys, *row.cells.values()):
            if len(text) > _MOST_CHARACTERS:
                raise UsageError(
                    f"{book.file}: a cell of account {shorten(row.keys[0])} is longer than a "
                    f"workbook can hold ({_MOST_CHARACTERS:,} characters); shorten it first"
                )


class _Maker:
    """Fills one workbook."""

    def __init__(self, made: Any, book: CollectionBook, said: BookTexts) -> None:
        self._made = made
        self._book = book
        self._said = said
        self._words = said.words
        self._head = made.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        self._title = made.add_format({"bold": True, "font_size": 14})
        self._label = made.add_format({"bg_color": "#ECECEC", "num_format": "@"})
        self._text = made.add_format({"num_format": "@"})
        self._day = made.add_format({"num_format": "yyyy-mm-dd"})
        self._empty = made.add_format({"bg_color": "#FFF2AB", "border": 3})
        self._field = made.add_format({"num_format": "@", "border": 1})
        self._field_day = made.add_format({"num_format": "yyyy-mm-dd", "border": 1})

    def fill(self) -> None:
        """Write every sheet."""
        self._read_me()
        for name in (ACCOUNTS, ACCESS):
            self._sheet(name, [row for row in self._book.rows if row.sheet == name])
        hidden = self._made.add_worksheet(HIDDEN_SHEET)
        hidden.hide()
        hidden.write_string(0, 0, COLLECTION_MARK)
        hidden.write_string(0, 1, COLLECTION_VERSION)
        lines: list[tuple[str, ...]] = [("unit", *unit) for unit in self._book.units]
        for row in self._book.rows:
            asked = [row.cells.get(one.name, NOT_ASKED) for one in COLLECTED_FIELDS[row.sheet]]
            lines.append((row.sheet, *row.keys, *asked))
        for number, line in enumerate(lines, 1):
            for column, text in enumerate(line):
                put_text(hidden, number, column, text)

    def _read_me(self) -> None:
        words = self._words
        page = self._made.add_worksheet(self._said.sheet(READ_ME))
        page.set_column(0, 0, 30)
        page.set_column(1, 1, 70)
        units = ", ".join(name for _, name in self._book.units)
        page.write_string(
            0, 0, shorten(words["accounts_of"].format(units=units), 1_000), self._title
        )
        page.write_string(1, 0, words["whom"])
        put_text(page, 1, 1, self._book.head or words["no_head"])
        page.write_string(3, 0, words["filled_by"], self._head)
        page.write_blank(3, 1, None, self._field)
        page.write_string(4, 0, words["filled_on"], self._head)
        page.write_blank(4, 1, None, self._field_day)
        page.data_validation(4, 1, 4, 1, _days(words["filled_on"], words["a_day"]))
        empty = {"type": "blanks", "format": self._empty}
        page.conditional_format(3, 1, 4, 1, empty)
        about = words["about"].format(
            filled_by=words["filled_by"],
            filled_on=words["filled_on"],
            accounts=self._said.sheet(ACCOUNTS),
            access=self._said.sheet(ACCESS),
        )
        for number, line in enumerate(about.split("\n"), 6):
            page.write_string(number, 0, line)

    def _sheet(self, name: str, rows: Sequence[AskedRow]) -> None:
        sheet = self._made.add_worksheet(self._said.sheet(name))
        fields = COLLECTED_FIELDS[name]
        sheet.freeze_panes(1, 2)
        sheet.set_row(0, 32)
        last = len(rows) + (_MORE_ROWS if name == ACCESS else 0)
        for column, field in enumerate(fields):
            shape = self._day if field.kind == "date" else self._text
            sheet.set_column(column, column, 32 if field.kind in ("label", "text") else 24, shape)
            sheet.write_string(0, column, self._said.heading(field), self._head)
            if last and (rule := _rule(field, self._said)) is not None:
                sheet.data_validation(1, column, last, column, rule)
            if rows and field.kind != "label" and field.is_due:
                empty = {"type": "blanks", "format": self._empty}
                sheet.conditional_format(1, column, len(rows), column, empty)
        sheet.set_column(len(fields), len(fields), 16)
        sheet.write_string(0, len(fields), self._words["empty_cells"], self._head)
        for number, row in enumerate(rows, 1):
            for column, field in enumerate(fields):
                self._cell(sheet, number, column, field, row.cells)
            self._count(sheet, number, fields, row)
        if rows:
            sheet.autofilter(0, 0, len(rows), len(fields))

    def _cell(
        self, sheet: Any, row: int, column: int, field: CollectedField, cells: Mapping[str, str]
    ) -> None:
        text = cells.get(field.name)
        if field.kind == "label":
            put_text(sheet, row, column, self._said.cell(field, text or ""), self._label)
        elif text is None:
            sheet.write_string(row, column, self._said.cell(field, NOT_ASKED), self._label)
        elif text and field.kind == "date":
            day = datetime.combine(date.fromisoformat(text), time())
            if day < _FIRST_DAY:
                # A workbook has no days before its own first one.
                put_text(sheet, row, column, text, self._text)
            else:
                sheet.write_datetime(row, column, day, self._day)
        elif text:
            put_text(sheet, row, column, self._said.cell(field, text), self._text)

    def _count(
        self, sheet: Any, number: int, fields: Sequence[CollectedField], row: AskedRow
    ) -> None:
        """Say in words how many cells are empty, as the program that shows the sheet counts."""
        due = [at for at, one in enumerate(fields) if one.kind != "label" and one.is_due]
        first, last = xl_rowcol_to_cell(number, due[0]), xl_rowcol_to_cell(number, due[-1])
        count = sum(row.cells.get(fields[at].name) == "" for at in due)
        told = self._words["to_fill_in"]
        formula = f'=COUNTBLANK({first}:{last})&"{told}"'
        sheet.write_formula(number, len(fields), formula, None, f"{count}{told}")


def _rule(field: CollectedField, said: BookTexts) -> dict[str, Any] | None:
    """Return what a cell may hold, as the program that shows the sheet checks it."""
    if field.kind == "date":
        return _days(said.heading(field), said.words["a_day"])
    if field.kind == "choice":
        words = said.choices(field)
        told = said.words["one_of"].format(words=", ".join(words))
        return {
            "validate": "list",
            "source": words,
            "error_title": said.heading(field)[:32],
            "error_message": told[:255],
        }
    return None


def _days(heading: str, told: str) -> dict[str, Any]:
    return {
        "validate": "date",
        "criteria": "between",
        "minimum": _FIRST_DAY,
        "maximum": _LAST_DAY,
        "error_title": heading[:32],
        "error_message": told,
    }
