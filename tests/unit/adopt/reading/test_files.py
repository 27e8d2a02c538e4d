"""The way in: whatever a file is, its sheets come out, or a sentence."""

from __future__ import annotations

from rolecall.adopt.reading.files import read_sheets
from rolecall.registry.words_for_nothing import WordsForNothing
from tests.unit.adopt.reading.books import book, one

ROWS = [["Page name", "Link"], ["Youth", "https://www.instagram.com/youth"], ["Mass", "n/a"]]


def test_a_text_and_a_workbook_give_the_same_table() -> None:
    text = one("\n".join(",".join(row) for row in ROWS))
    sheet = one(book(ROWS), "list_xlsx")
    assert text.headings == sheet.headings == ("Page name", "Link")
    assert text.rows == sheet.rows
    assert [row.number for row in text.rows] == [2, 3]
    assert text.rows[1].cells == ("Mass", "")
    assert sheet.place(3, 1) == "list.xlsx, sheet Accounts, row 3, column Link"


def test_words_for_nothing_are_counted() -> None:
    data = b"Page,Link,Notes\nYouth,n/a,-\nMass,n/a,TBD\n"
    _, empties = read_sheets([("list.csv", data)], WordsForNothing())
    assert empties == {"n/a": 2, "-": 1, "TBD": 1}


def test_the_headings_stand_under_a_title() -> None:
    sheet = one(book([["Our pages 2026"], [], *ROWS]), "list_xlsx")
    assert (sheet.headings, sheet.heading_row) == (("Page name", "Link"), 3)
