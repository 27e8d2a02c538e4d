"""Dates as people write them, and the one question that a column may leave open.

Most dates say themselves what they are: the year first, the month as a word, a day above twelve,
full stops between the numbers (which nobody writes month first). What is left, 3/4/2025, is read as
the other dates of its sheet are written; where none of them says, it is asked, and until somebody
answers such a date is none. A month without a day is no date, and neither is a number of days.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Literal, TypeAlias

from rolecall.adopt.month_names import MONTHS
from rolecall.adopt.questions import Answers, Choice, Question, answer_to
from rolecall.adopt.sheets import Sheet, SheetCell

__all__ = ["DateOrder", "date_in", "date_order", "order_answered"]

DateOrder: TypeAlias = Literal["day", "month", "unknown"]
"""What stands first in a date such as 3/4/2025; unknown is where nobody said."""

# An hour behind a date, and what may stand behind that: a fraction, a zone, a half of the day.
_HOUR = r"(?:[t, ]+(?:um |at |a |om )?\d{1,2}[:.h]\d{2}.{0,24})?"
_YEAR_FIRST = re.compile(rf"(\d{{4}})([-/. ])(\d{{1,2}})\2(\d{{1,2}})\.?{_HOUR}", re.ASCII)
_COMPACT = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)", re.ASCII)
_NUMBERS = re.compile(rf"(\d{{1,2}}) ?([-/. ]) ?(\d{{1,2}}) ?\2 ?'?(\d{{4}}|\d\d){_HOUR}", re.ASCII)
_WORD_SECOND = re.compile(
    rf"(\d{{1,2}})(?:st|nd|rd|th|er|e|o|a)?[-/., ]*(?:de |of |di |d)?[-/ ]*([a-z]+)[-/., ]*"
    rf"(?:de |of |di |del )?'?(\d{{4}}|\d\d){_HOUR}"
)
_WORD_FIRST = re.compile(rf"([a-z]+)[-/., ]*(\d{{1,2}})(?:st|nd|rd|th)?[-/., ]+'?(\d{{4}}){_HOUR}")
_WORD_AFTER_YEAR = re.compile(r"(\d{4})[-/., ]*([a-z]+)[-/., ]*(\d{1,2})")
_WEEKDAY = re.compile(
    r"^[a-z]{2,12}(?:-feira)?[., ]+(?=\d)|^[a-z]{2,12}[., ]+(?=[a-z]{3,9}[., ]+\d)"
)
_ROMAN = {
    name: number
    for number, name in enumerate(
        ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"], 1
    )
}
_LONGEST = 60
_CENTURY_TURNS = 70
_MOST_PLACES = 5


def date_order(sheet: Sheet, columns: Iterable[int]) -> DateOrder | Question:
    """Return what stands first in the dates of some columns of a sheet, or what has to be asked.

    It is ``unknown`` where it is no matter, since each date says itself what it is.
    """
    asked = set(columns)
    open_at: list[tuple[int, int, str]] = []
    orders: set[DateOrder] = set()
    habits: set[DateOrder] = set()
    for row, column, text in _texts(sheet, asked):
        if (numbers := _NUMBERS.fullmatch(text)) is None:
            habits |= _habit(text)
        elif numbers[2] != ".":
            first, second = int(numbers[1]), int(numbers[3])
            if first == second:
                continue
            if first <= 12 and second <= 12:
                open_at.append((row, column, text))
            else:
                orders.add("day" if first > 12 else "month")
        else:
            habits.add("day")
    if not open_at:
        return "unknown"
    for found in (orders, habits):
        if len(found) == 1:
            return next(iter(found))
        if found:
            break
    return _question(sheet, open_at)


def order_answered(order: DateOrder | Question, answers: Answers) -> DateOrder:
    """Return the order that the cells or an answer gave."""
    if not isinstance(order, Question):
        return order
    match answer_to(order, answers):
        case "day":
            return "day"
        case "month":
            return "month"
    return "unknown"


def date_in(cell: SheetCell, order: DateOrder = "unknown") -> date | None:
    """Return the day that a cell says, or ``None`` where it says none, or none for sure."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, bool):
        return None
    text = _plain(cell)
    for pattern in (_YEAR_FIRST, _COMPACT):
        if found := pattern.fullmatch(text):
            year, month, day = found.groups()[0], found.groups()[-2], found.groups()[-1]
            return _day(year, int(month), int(day))
    if found := _NUMBERS.fullmatch(text):
        return _numbered(found, order)
    return _worded(text)


def _texts(sheet: Sheet, columns: set[int]) -> Iterator[tuple[int, int, str]]:
    for row in sheet.rows:
        for column in sorted(columns):
            cell = row.cells[column] if column < len(row.cells) else ""
            if isinstance(cell, str) and cell:
                yield row.number, column, _plain(cell)


def _plain(text: str) -> str:
    """Return a text as the patterns have it: in lower case, without accents and weekdays."""
    if len(text) > _LONGEST:
        return ""
    spread = unicodedata.normalize("NFKD", text.strip().casefold().replace("ł", "l"))
    bare = "".join(char for char in spread if not unicodedata.combining(char))
    bare = " ".join(bare.translate({0x2019: "'", 0xB0: "", 0x2013: "-", 0x2011: "-"}).split())
    return bare if bare.split(" ")[0].rstrip(".,") in MONTHS else _WEEKDAY.sub("", bare)


def _day(year: str, month: int, day: int) -> date | None:
    whole = int(year)
    if len(year) == 2:
        whole += 2000 if whole < _CENTURY_TURNS else 1900
    try:
        return date(whole, month, day)
    except ValueError:
        return None


def _numbered(found: re.Match[str], order: DateOrder) -> date | None:
    first, second, year = int(found[1]), int(found[3]), found[4]
    day_first, month_first = _day(year, second, first), _day(year, first, second)
    if day_first is None or month_first is None or first == second:
        return day_first or month_first
    if found[2] == ".":
        return day_first
    return {"day": day_first, "month": month_first, "unknown": None}[order]


def _worded(text: str) -> date | None:
    for pattern, (year, month, day) in (
        (_WORD_SECOND, (3, 2, 1)),
        (_WORD_FIRST, (3, 1, 2)),
        (_WORD_AFTER_YEAR, (1, 2, 3)),
    ):
        found = pattern.fullmatch(text)
        number = found and (MONTHS.get(found[month]) or _ROMAN.get(found[month]))
        if found and number:
            return _day(found[year], number, int(found[day]))
    return None


def _habit(text: str) -> set[DateOrder]:
    """Return what somebody writes first who writes the month as a word."""
    if (found := _WORD_FIRST.fullmatch(text)) and found[1] in MONTHS:
        return {"month"}
    if (found := _WORD_SECOND.fullmatch(text)) and found[2] in MONTHS:
        return {"day"}
    return set()


def _question(sheet: Sheet, open_at: list[tuple[int, int, str]]) -> Question:
    row, column, sample = open_at[0]
    columns = sorted({sheet.headings[column].casefold() for _, column, _ in open_at})
    first, second, year = re.findall(r"\d+", sample)[:3]
    as_day, as_month = _day(year, int(second), int(first)), _day(year, int(first), int(second))
    return Question(
        id="/".join(("date-order", sheet.file.casefold(), sheet.name.casefold(), *columns)),
        text=f"What stands first in dates such as {sample} ({sheet.place(row, column)})?",
        choices=(
            Choice("day", f"the day: it is {as_day}"),
            Choice("month", f"the month: it is {as_month}"),
            Choice("unknown", "nobody knows: leave such dates out"),
        ),
        safest="unknown",
        places=tuple(sheet.place(row, column) for row, column, _ in open_at[:_MOST_PLACES]),
    )
