"""Dates as people write them, and what is asked where one can be read both ways."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rolecall.adopt.dates import DateOrder, date_in, date_order, order_answered
from rolecall.adopt.questions import Question
from rolecall.adopt.sheets import Sheet, SheetCell, SheetRow
from tests.tiers import examples

DAY = date(2025, 2, 1)


def sheet(*cells: SheetCell, second: tuple[SheetCell, ...] = ()) -> Sheet:
    rows = tuple(
        SheetRow(number, (cell, second[number - 2] if second else ""))
        for number, cell in enumerate(cells, 2)
    )
    return Sheet("list.csv", "", ("Last checked", "Added"), 1, rows)


@pytest.mark.parametrize(
    "text",
    [
        *("2025-02-01", "2025/02/01", "2025/2/1", "2025.02.01", "20250201", "2025 Feb 1"),
        *("2025-02-01T09:12:33Z", "2025-02-01 09:12:33", "2025/02/01 09:12:33"),
        *("01.02.2025", "1.2.2025", "1. 2. 2025", "1.2.25", "01.02.2025 14:30", "1 Feb 2025"),
        *("1st February 2025", "Feb 1, 2025", "February 1st, 2025", "1-Feb-25", "01-FEB-2025"),
        *("Sat, 1 Feb 2025", "Saturday, February 1, 2025", "Feb. 1, 2025", "1 of February 2025"),
        *("1. Februar 2025", "Samstag, 1. Februar 2025", "1 février 2025", "1er février 2025"),
        *("sam. 1 févr. 2025", "1 de febrero de 2025", "sábado, 1 de febrero de 2025"),
        *("1 febbraio 2025", "1º febbraio 2025", "1 de fevereiro de 2025", "1 februari 2025"),
        *("1 lutego 2025", "1 II 2025", "1.II.2025", "sobota, 1 lutego 2025"),
        *("1 Feb '25", "1/Feb/2025", "1 Feb 2025 at 14:05", "sábado, 1 de fevereiro de 2025"),
    ],
)
def test_a_date_that_says_itself_what_it_is(text: str) -> None:
    assert date_in(text) == DAY
    assert date_in(f"  {text} ") == DAY


@pytest.mark.parametrize(
    "cell",
    [
        *("", "Feb 2025", "02/2025", "2025", "soon", "3/4/25", "31.2.2025", "45658", "1"),
        *("yesterday", "1 Foo 2025", "99/99/2025", "Maureen", "0", "12:30", "x" * 1_000),
        *("1/2/2025 or 3", True),
    ],
)
def test_what_is_no_date_for_sure(cell: SheetCell) -> None:
    assert date_in(cell) is None


def test_dates_of_workbooks_are_dates() -> None:
    assert date_in(DAY) == date_in(datetime(2025, 2, 1, 9, 30, tzinfo=UTC)) == DAY


@pytest.mark.parametrize(
    ("order", "day"), [("day", date(2025, 4, 3)), ("month", date(2025, 3, 4)), ("unknown", None)]
)
def test_the_order_decides_what_can_be_read_both_ways(order: DateOrder, day: date | None) -> None:
    for text in ("3/4/25", "03/04/2025", "3-4-2025", "3 / 4 / 2025", "3/4/2025 09:30"):
        assert date_in(text, order) == day
    # And nothing else.
    assert date_in("3/14/2025", order) == date(2025, 3, 14)
    assert date_in("14/3/2025", order) == date(2025, 3, 14)
    assert date_in("3/3/2025", order) == date(2025, 3, 3)


@pytest.mark.parametrize(
    ("cells", "order"),
    [
        (["3/4/25", "12/11/2025", "1 Feb 2025"], "day"),
        (["3/4/25", "Feb 1, 2025"], "month"),
        (["3/4/2025", "14/2/2025"], "day"),
        (["3/4/2025", "2/14/2025"], "month"),
        (["3/4/2025", "2/14/2025", "1 Feb 2025"], "month"),
        (["3/4/2025", "1.2.2025"], "day"),
        (["2025-01-02", "3/3/2025", "14/2/2025"], "unknown"),
        ([date(2025, 1, 2), ""], "unknown"),
    ],
)
def test_other_dates_of_the_sheet_decide(cells: list[SheetCell], order: DateOrder) -> None:
    assert date_order(sheet(*cells), [0]) == order


def test_another_column_of_the_sheet_decides() -> None:
    found = sheet("3/4/2025", "", second=("", "14/2/2025"))
    assert date_order(found, [0, 1]) == "day"
    assert isinstance(date_order(found, [0]), Question)


@pytest.mark.parametrize("cells", [["3/4/2025"], ["3/4/2025", "14/2/2025", "2/14/2025"]])
def test_what_nobody_can_decide_is_asked_once(cells: list[str]) -> None:
    question = date_order(sheet(*cells), [0, 1])
    assert isinstance(question, Question)
    assert "3/4/2025 (list.csv, row 2, column Last checked)" in question.text
    assert [choice.value for choice in question.choices] == ["day", "month", "unknown"]
    assert "2025-04-03" in question.choices[0].label
    assert "2025-03-04" in question.choices[1].label
    assert question.safest == "unknown"
    assert question == date_order(sheet(*cells), [0, 1])
    for value in ("day", "month", "unknown"):
        assert order_answered(question, {question.id: value}) == value
    assert order_answered(question, {}) == "unknown"
    assert order_answered("day", {question.id: "month"}) == "day"


@settings(max_examples=examples(400))
@given(
    st.dates(date(1970, 1, 1), date(2069, 12, 31)), st.sampled_from(["day", "month"]), st.booleans()
)
def test_what_is_written_in_an_order_is_read_in_it(
    day: date, order: DateOrder, short: bool
) -> None:
    year = f"{day:%y}" if short else f"{day:%Y}"
    first, second = (day.day, day.month) if order == "day" else (day.month, day.day)
    assert date_in(f"{first}/{second}/{year}", order) == day
    alone = date_in(f"{first}/{second}/{year}")
    assert alone == day if max(first, second) > 12 or first == second else alone is None


@settings(max_examples=examples(400))
@given(st.text(max_size=30))
def test_any_text_is_a_date_or_none(text: str) -> None:
    for order in ("day", "month", "unknown"):
        date_in(text, order)
    date_order(sheet(text), [0])
