"""Parses the cells of a column: text in, a value out, or an error that says what to write instead.

``None`` (or an empty list) is what an empty cell means.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from rolecall.model import Investigator
from rolecall.registry.cells import (
    MOST_CHARACTERS,
    Cell,
    CellError,
    Typed,
    Unreadable,
    is_empty,
    is_shortened,
)
from rolecall.registry.problems import suggestion
from rolecall.registry.schema import Column
from rolecall.registry.words_for_nothing import WordsForNothing

__all__ = ["parser"]

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_DATE_WITH_SLASHES = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})", re.ASCII)
_NUMBER = re.compile(r"\d{1,9}", re.ASCII)
_YES_NO = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
# Day 0 of the two date systems of workbooks; which one a serial number is of, it does not say.
_EPOCHS = (date(1899, 12, 30), date(1904, 1, 1))
_EXCEL_SERIALS = range(20_000, 80_000)  # 1954 to 2119: what a date in a registry may be


def parser(column: Column, separators: str, nothing: WordsForNothing) -> Callable[[Cell], Any]:
    """Return the function that reads the cells of a column.

    :param separators: the characters that separate the items of a list written in one cell.
    :param nothing: the words for it, which are read as an empty cell or left out of a list.
    """

    def items(cell: Cell) -> tuple[str, ...]:
        return tuple(item for item in _items(cell, separators) if not nothing.say(item))

    readers: dict[str, Callable[[Cell], Any]] = {
        "text": _text,
        "word": _word,
        "date": _date,
        "instant": _instant,
        "yes/no": _yes_no,
        "choice": lambda cell: _choice(cell, column),
        "number": lambda cell: _number(cell, column),
        "list": items,
        "roles": lambda cell: tuple(map(_investigator, items(cell))),
    }
    read = readers[column.kind]
    is_typed = column.kind in ("date", "instant", "yes/no", "number")

    def parse(cell: Cell) -> Any:
        if isinstance(cell, Unreadable):
            raise CellError(cell.message)
        if column.required and is_empty(cell):
            raise CellError("must be filled")
        if isinstance(cell, str) and not _is_choice(cell, column) and nothing.say(cell):
            if column.required:
                raise CellError("must be filled, and what stands there is a word for nothing")
            return read("")
        return read(cell.text if isinstance(cell, Typed) and is_typed else cell)

    return parse


def _text(cell: Cell) -> str | None:
    if isinstance(cell, str):
        if len(cell) > MOST_CHARACTERS:
            raise CellError(f"is longer than {MOST_CHARACTERS:,} characters")
        if is_shortened(cell):
            raise CellError(
                "was shortened by a spreadsheet, which leaves the first digits of a number; format "
                "the column as text, and write it again from where it came from"
            )
        return cell.strip() or None
    if isinstance(cell, Typed):
        raise CellError(_typed(cell))
    raise CellError("must be one value, not a list")


def _word(cell: Cell) -> str | None:
    text = _text(cell)
    return text and text.casefold()


def _choice(cell: Cell, column: Column) -> str | None:
    word = _word(cell)
    if word is None:
        return None
    if _is_choice(word, column):
        return _underscored(word)
    allowed = ", ".join(column.choices)
    raise CellError(f"is not one of {allowed}{suggestion(word, column.choices)}")


def _is_choice(text: str, column: Column) -> bool:
    return bool(column.choices) and _underscored(text.strip().casefold()) in column.choices


def _underscored(word: str) -> str:
    # "encrypted file" and "encrypted-file" are what people type for encrypted_file.
    return re.sub(r"[\s-]+", "_", word)


def _yes_no(cell: Cell) -> bool | None:
    word = _word(cell)
    if word is None:
        return None
    if word not in _YES_NO:
        raise CellError("is not yes or no")
    return _YES_NO[word]


def _number(cell: Cell, column: Column) -> int | None:
    text = _text(cell)
    if text is None:
        return None
    if not _NUMBER.fullmatch(text) or not column.least <= int(text) <= column.most:
        raise CellError(f"is not a whole number from {column.least} to {column.most}")
    return int(text)


def _date(cell: Cell) -> date | None:
    text = _text(cell)
    if text is None:
        return None
    if _DATE.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise CellError("is not a day of the calendar") from None
    raise CellError(f"is not a date{_date_hint(text)}")


def _date_hint(text: str) -> str:
    if found := _DATE_WITH_SLASHES.fullmatch(text):
        first, second, year = map(int, found.groups())
        if first <= 12 and second <= 12 and first != second:
            return "; write the year first: YYYY-MM-DD (day and month are ambiguous here)"
        day, month = (first, second) if second <= 12 else (second, first)
        try:
            return f"; write {date(year, month, day)}"
        except ValueError:
            return "; write YYYY-MM-DD"
    if _NUMBER.fullmatch(text) and int(text) in _EXCEL_SERIALS:
        days = [str(epoch + timedelta(days=int(text))) for epoch in _EPOCHS]
        return (
            f" but the serial number of one ({days[0]}, or {days[1]} in a workbook that counts "
            "from 1904); format the column as YYYY-MM-DD before you export it"
        )
    if len(text) > 10 and _DATE.fullmatch(text[:10]):
        return f"; write the day alone: {text[:10]}"
    return "; write YYYY-MM-DD"


def _instant(cell: Cell) -> datetime | None:
    text = _text(cell)
    if text is None:
        return None
    example = "2026-01-31T09:30:00Z"
    if not _DATE.match(text):
        raise CellError(f"is not an instant; write it like {example}")
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise CellError(f"is not an instant; write it like {example}") from None
    if _DATE.fullmatch(text):
        raise CellError(f"is a day without an hour; write it like {example}")
    if instant.tzinfo is None:
        raise CellError(f"has no time zone; write it like {example}")
    try:
        return instant.astimezone(UTC)
    except OverflowError:
        raise CellError("is outside the calendar") from None


def _typed(cell: Typed) -> str:
    return (
        f"is {cell.kind} to the spreadsheet, and a text is meant; format the column as text and "
        "write it again"
    )


def _items(cell: Cell, separators: str) -> tuple[str, ...]:
    if isinstance(cell, Typed):
        raise CellError(_typed(cell))
    if isinstance(cell, str):
        text = _text(cell) or ""
        for other in separators[1:]:
            text = text.replace(other, separators[0])
        cell = tuple(text.split(separators[0]))
    # An item once is as good as twice; the order that the organisation wrote is kept.
    return tuple(dict.fromkeys(item for part in cell if (item := part.strip())))  # type: ignore[union-attr]


def _investigator(item: str) -> Investigator:
    person, colon, role = item.rpartition(":")
    if not colon or not person.strip() or not role.strip():
        raise CellError("must be written as person_id:role, such as p-014:compliance")
    return Investigator(person.strip(), role.strip())
