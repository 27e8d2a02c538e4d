"""Rows without quotes are cut by hand; what comes of a file is what :mod:`csv` makes of it."""

from __future__ import annotations

import csv
import io
from itertools import zip_longest

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rolecall.registry.cells import MOST_CHARACTERS
from rolecall.registry.csv_files import csv_table
from rolecall.registry.problems import Problems

HEADER = "id,name,parent_id\n"
PARTS = st.sampled_from(
    [
        "a",
        "b c",
        ",",
        ",",
        ",",
        '"',
        '""',
        "\n",
        "\r\n",
        "\r",
        " ",
        "\t",
        "é",
        "\u2028",
        "\x0b",
        "'=",
    ]
)


def read(text: str) -> tuple[list[list[str]], int]:
    """Return the rows of a file as the registry reads them, and how many problems it has."""
    problems = Problems()
    table = csv_table("entities", "entities.csv", text.encode(), problems)
    assert table is not None
    return [list(map(str, row)) for row in table.rows], problems.count


def expected(text: str) -> tuple[list[list[str]], int]:
    rows = []
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for row in reader:
            rows.append(row)
    except csv.Error:
        return rows[1:], 1
    return rows[1:], 0


@given(st.lists(PARTS, max_size=30).map("".join))
@example('a,"b\r\nc",d\n,,\n\n"x"y')
@example('a,b"c,d\ne,"f,g')
def test_rows_are_those_of_the_standard_library(body: str) -> None:
    text = HEADER + body
    found, problems = read(text.replace("'=", "="))
    rows, errors = expected(text.replace("'=", "="))
    assert problems == errors
    for ours, theirs in zip_longest(found, rows):
        # A blank line has no cells, or one that is empty: neither is a record.
        assert (ours or [""]) == (theirs or [""])


@pytest.mark.parametrize("quote", ["", '"'])
@pytest.mark.parametrize("over", [0, 1])
def test_a_cell_may_be_as_long_as_it_may_be(quote: str, over: int) -> None:
    cell = "x" * (MOST_CHARACTERS + over)
    _, problems = read(f"{HEADER}e,{quote}{cell}{quote},\n")
    assert problems == over
