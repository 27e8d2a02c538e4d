"""Reads one cell: text in, a value out, or an error that says what to write instead.

``None`` (or an empty list) is what an empty cell means. Readers of files hand over cells as text;
a list of a JSON document comes as a tuple of texts, and whatever no column could hold comes as an
:class:`Unreadable`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeAlias

from rolecall.model import Investigator
from rolecall.registry.problems import suggestion
from rolecall.registry.schema import Column

__all__ = [
    "MOST_CHARACTERS",
    "Cell",
    "CellError",
    "Unreadable",
    "bounded",
    "is_empty",
    "parser",
    "shown",
]

MOST_CHARACTERS = 131_072
"""The length of the longest cell; the csv module's own limit too."""

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_DATE_WITH_SLASHES = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})", re.ASCII)
_NUMBER = re.compile(r"\d{1,9}", re.ASCII)
_YES_NO = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
_EXCEL_EPOCH = date(1899, 12, 30)
_EXCEL_SERIALS = range(20_000, 80_000)  # 1954 to 2119: what a date in a registry may be


class CellError(ValueError):
    """A cell that cannot be read; the message says what is wrong, and never repeats the cell."""


class Unreadable:
    """A cell of a kind that no column holds, such as an object in a JSON document."""

    def __init__(self, message: str, text: str = "") -> None:
        self.message = message
        self.text = text


Cell: TypeAlias = str | tuple[str, ...] | Unreadable


def bounded(text: str) -> Cell:
    """Return a text as a cell, unless it is longer than a cell may be."""
    if len(text) <= MOST_CHARACTERS:
        return text
    return Unreadable(f"is longer than {MOST_CHARACTERS:,} characters", text[:MOST_CHARACTERS])


def is_empty(cell: Cell) -> bool:
    """Tell whether a cell has nothing on record."""
    return not cell.strip() if isinstance(cell, str) else cell == ()


def shown(cell: Cell) -> str:
    """Return a cell as an error message may show it, before it is shortened."""
    if isinstance(cell, Unreadable):
        return cell.text
    return cell if isinstance(cell, str) else "|".join(cell)


def parser(column: Column, separators: str) -> Callable[[Cell], Any]:
    """Return the function that reads the cells of a column.

    :param separators: the characters that separate the items of a list written in one cell.
    """
    readers: dict[str, Callable[[Cell], Any]] = {
        "text": _text,
        "word": _word,
        "date": _date,
        "instant": _instant,
        "yes/no": _yes_no,
        "choice": lambda cell: _choice(cell, column),
        "number": lambda cell: _number(cell, column),
        "list": lambda cell: _items(cell, separators),
        "roles": lambda cell: tuple(map(_investigator, _items(cell, separators))),
    }
    read = readers[column.kind]

    def parse(cell: Cell) -> Any:
        if isinstance(cell, Unreadable):
            raise CellError(cell.message)
        if column.required and is_empty(cell):
            raise CellError("must be filled")
        return read(cell)

    return parse


def _text(cell: Cell) -> str | None:
    if isinstance(cell, str):
        if len(cell) > MOST_CHARACTERS:
            raise CellError(f"is longer than {MOST_CHARACTERS:,} characters")
        return cell.strip() or None
    raise CellError("must be one value, not a list")


def _word(cell: Cell) -> str | None:
    text = _text(cell)
    return text and text.casefold()


def _choice(cell: Cell, column: Column) -> str | None:
    word = _word(cell)
    if word is None:
        return None
    # "encrypted file" and "encrypted-file" are what people type for encrypted_file.
    folded = re.sub(r"[\s-]+", "_", word)
    if folded in column.choices:
        return folded
    allowed = ", ".join(column.choices)
    raise CellError(f"is not one of {allowed}{suggestion(word, column.choices)}")


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
        day_meant = _EXCEL_EPOCH + timedelta(days=int(text))
        return (
            f" but the serial number of one ({day_meant}); "
            "format the column as YYYY-MM-DD before you export it"
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


def _items(cell: Cell, separators: str) -> tuple[str, ...]:
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
