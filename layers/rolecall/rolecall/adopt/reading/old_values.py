"""What the cells of an old workbook say: numbers, days, texts, by their records and formats."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from datetime import date, timedelta

from msgspec import Struct

from rolecall.adopt.reading.grids import GridCell
from rolecall.adopt.reading.old_records import OldRecord, word_at
from rolecall.registry.number_formats import NumberFormat, number_format
from rolecall.registry.xlsx_book import book_number

__all__ = ["CELL_RECORDS", "OldBook", "old_cells", "old_text"]

CELL_RECORDS = frozenset((0x06, 0x203, 0x204, 0x205, 0x27E, 0xBD, 0xFD, 0xD6))
"""The kinds of records that give cells values."""

_FORMULA, _NUMBER, _LABEL, _ANSWER = 0x06, 0x203, 0x204, 0x205
_SHORT, _SHORTS, _SHARED = 0x27E, 0xBD, 0xFD
_ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}
_DAYS = frozenset((*range(14, 18), 22, *range(27, 37), *range(50, 59)))
_HOURS = frozenset((*range(18, 22), 45, 46, 47))
_BUILT_IN = {2: "0.00"}
_UNSAID = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|[_*].', re.DOTALL)
_LAST_DAY = 2_958_465
_LOST_DAY = 60


class OldBook(Struct):
    """What the globals of an old workbook say.

    :ivar texts: the texts that cells share.
    :ivar codes: the codes of number formats, by their numbers.
    :ivar styles: the number of the format of each style.
    """

    is_new: bool = True
    from_1904: bool = False
    code_page: str = "cp1252"
    texts: list[str] = []
    codes: dict[int, str] = {}
    styles: list[int] = []
    forms: dict[int, tuple[str, NumberFormat | None]] = {}

    def form(self, style: int) -> tuple[str, NumberFormat | None]:
        """Return whether a style shows a day, an hour or a number, and what it adds to one."""
        if style not in self.forms:
            number = self.styles[style] if style < len(self.styles) else 0
            code = self.codes.get(number, _BUILT_IN.get(number, ""))
            plain = _UNSAID.sub("", code.partition(";")[0]).casefold()
            if number in _DAYS or "y" in plain or "d" in plain:
                kind = "day"
            elif number in _HOURS or "h" in plain or "s" in plain:
                kind = "hour"
            else:
                kind = "number"
            self.forms[style] = (kind, number_format(code) if kind == "number" else None)
        return self.forms[style]


def old_text(record: OldRecord, book: OldBook, *, at: int, size: int = 2) -> str:
    """Return the text of a record that begins with its length.

    :param at: where the length stands.
    :param size: of how many bytes it is.
    """
    record.skip(at)
    length = int.from_bytes(record.skip(size), "little")
    if book.is_new:
        return record.text(length)
    return record.skip(length).decode(book.code_page, "replace")


def old_cells(
    record: OldRecord, text: OldRecord | None, book: OldBook
) -> Iterator[tuple[int, int, GridCell]]:
    """Yield the cells of a record: their row and column from 0, and what they say.

    :param text: the record behind it, which has the text that a formula gives.
    """
    data = record.data
    row, column, style = struct.unpack_from("<3H", data)
    if record.kind == _SHORTS:
        for index in range((len(data) - 6) // 6):
            style, number = struct.unpack_from("<HI", data, 4 + 6 * index)
            yield row, column + index, _number(_short(number), style, book)
    elif record.kind == _SHORT:
        yield row, column, _number(_short(struct.unpack_from("<I", data, 6)[0]), style, book)
    elif record.kind == _NUMBER:
        yield row, column, _number(struct.unpack_from("<d", data, 6)[0], style, book)
    elif record.kind == _ANSWER:
        yield row, column, _answer(data[6], is_error=bool(data[7]))
    elif record.kind == _SHARED:
        (index,) = struct.unpack_from("<I", data, 6)
        yield row, column, book.texts[index].strip() if index < len(book.texts) else ""
    elif record.kind == _FORMULA:
        yield row, column, _formula(data, text, style, book)
    else:
        yield row, column, old_text(record, book, at=6).strip()


def _formula(data: bytes, text: OldRecord | None, style: int, book: OldBook) -> GridCell:
    if word_at(data, 12) != 0xFFFF:
        return _number(struct.unpack_from("<d", data, 6)[0], style, book)
    match data[6]:
        case 0:
            return "" if text is None else old_text(text, book, at=0).strip()
        case 1 | 2:
            return _answer(data[8], is_error=data[6] == 2)
    return ""


def _answer(value: int, *, is_error: bool) -> GridCell:
    return _ERRORS.get(value, "#N/A") if is_error else bool(value)


def _short(number: int) -> float:
    """Return a number of 30 bits: whole, or the first of those that one with a point has."""
    if number & 2:
        whole = number >> 2
        value = float(whole - (1 << 30) if whole >= 1 << 29 else whole)
    else:
        (value,) = struct.unpack("<d", struct.pack("<Q", (number & 0xFFFFFFFC) << 32))
    return value / 100 if number & 1 else value


def _number(value: float, style: int, book: OldBook) -> GridCell:
    kind, form = book.form(style)
    if kind != "number" and 0 <= value <= _LAST_DAY:
        return _moment(value, kind, from_1904=book.from_1904)
    if value != value or value in (float("inf"), float("-inf")):
        return "#NUM!"
    plain = book_number(value)
    if form is not None and isinstance(plain, str):
        return form.shown(plain) or plain
    return plain


def _moment(value: float, kind: str, *, from_1904: bool) -> GridCell:
    if kind == "hour" or value < 1:
        minutes = round(value % 1 * 1440)
        return f"{minutes // 60 % 24:02}:{minutes % 60:02}"
    if from_1904:
        return date(1904, 1, 1) + timedelta(days=int(value))
    # The first of the two date systems has a 29th of February 1900, which never was.
    return date(1899, 12, 30) + timedelta(days=int(value) + (value < _LOST_DAY))
