"""Texts with delimiters: which it is, their content tells; rows are counted as programs do."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tiers import examples
from tests.unit.adopt.reading.books import one, refusals

HEADINGS = ("Page name", "Link", "Admin(s)")
ROWS = (
    ("Youth; and friends", "https://www.instagram.com/youth", "Doyle, Jim"),
    ('The "Mass" page', "https://youtube.com/@mass", "Nolan, Peter | Kelly, Maureen"),
    ("Two\nlines", "https://x.example/a:b", "O'Brien, Tom"),
)


def text(delimiter: str, **options: int) -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n", **options)  # type: ignore[arg-type]
    writer.writerows([HEADINGS, *ROWS])
    return out.getvalue()


@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "^", "~", "\x1f", "¦"])
def test_any_delimiter(delimiter: str, quoting: int) -> None:
    sheet = one(text(delimiter, quoting=quoting))
    assert sheet.headings == HEADINGS
    assert tuple(row.cells for row in sheet.rows) == ROWS
    assert [row.number for row in sheet.rows] == [2, 3, 4]


@pytest.mark.parametrize("line", ["sep=;\n", "SEP=;\r\n", '"sep=;"\n', "sep=;;;\n"])
def test_a_line_that_names_the_delimiter_is_no_row(line: str) -> None:
    sheet = one(f"{line}Page name;Link, or address\nYouth;a, b, c\n")
    assert sheet.headings == ("Page name", "Link, or address")
    assert sheet.rows[0].number == 2


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_it_is_named_in_any_encoding(encoding: str) -> None:
    assert one("sep=\t\nName\tTräger\nA\tü\n".encode(encoding)).headings == ("Name", "Träger")


def test_a_delimiter_in_texts_is_none() -> None:
    lines = ["Page\tAdmin\tNotes"] + [f"Page {n}\tDoyle, Jim\tone, two, three" for n in range(9)]
    assert one("\n".join(lines)).headings == ("Page", "Admin", "Notes")
    lines = ["Page;Admin"] + [f"Page {n};Doyle, Jim, Mr" for n in range(9)]
    assert one("\n".join(lines)).headings == ("Page", "Admin")
    lines = ["Link", "https://a.example/x:y", "https://b.example/x:z"]
    assert [row.cells[0] for row in one("\n".join(lines)).rows] == lines[1:]


def test_titles_and_short_rows_do_not_hide_the_delimiter() -> None:
    sheet = one("Our pages, as of May\n\nPage;Link;Admin\nYouth;a.example\nMass;b.example;Jim\n")
    assert sheet.headings == ("Page", "Link", "Admin")
    assert sheet.titles == ("Our pages, as of May",)
    assert sheet.heading_row == 3
    assert [row.number for row in sheet.rows] == [4, 5]
    assert sheet.rows[0].cells == ("Youth", "a.example", "")


def test_all_ends_of_lines() -> None:
    for end in ("\n", "\r\n", "\r"):
        assert [row.number for row in one(end.join(["Page,Link", "a,b", "c,d"])).rows] == [2, 3]


def test_guards_and_formulas_that_keep_a_text() -> None:
    sheet = one(
        "Page,Org ID,Link,Phone\n"
        'Youth,"=""0017""",'
        '"=HYPERLINK(""https://www.facebook.com/youth"",""Facebook"")",\'+49 123\n'
    )
    assert sheet.rows[0].cells == ("Youth", "0017", "https://www.facebook.com/youth", "+49 123")


@pytest.mark.parametrize("number", ["6.15501E+16", "6,15501E+16", "1E+15", "6.15501e+16"])
def test_scientific_notation_is_named(number: str) -> None:
    (told,) = refusals(f'Page,Org ID\nYouth,"{number}"\n')
    assert told.startswith("list.csv:2:Org ID: is a number in scientific notation")
    assert number not in told


def test_long_numbers_and_zeros_keep_every_digit() -> None:
    sheet = one("Page,Org ID,No\nYouth,61550123456789012345,0017\n")
    assert sheet.rows[0].cells == ("Youth", "61550123456789012345", "0017")


def test_the_decimals_of_an_export_are_none() -> None:
    sheet = one("Page,Org ID,Version,Score\nA,2284.0,1.0,2.5\nB,,1.1,2.0\nC,301,2.0,\nD,12.0,3.0,1")
    assert [row.cells[1] for row in sheet.rows] == ["2284", "", "301", "12"]
    assert [row.cells[2] for row in sheet.rows] == ["1.0", "1.1", "2.0", "3.0"]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (
            'Page,Link\nYouth,"never closed\nMass,x\n',
            "list.csv:2: a quote that was opened is",
        ),
        (
            'Page,Link\na,b\nYouth,"x" y\n',
            "list.csv:3: a quote inside a quoted cell",
        ),
        ("", "list.csv: is empty"),
        ("\n \n\t\n", "list.csv: is empty"),
        (",,,\n,,\n", "list.csv: has no table: nothing stands in it"),
        ("%PDF-1.7 ...", "is a PDF"),
        ("<!DOCTYPE html><html><table>", "is a web page"),
        ("<html><table><tr><td>Page</td></tr></table>", "is a web page"),
        ("\x1f\x8b\x08 ...", "list.csv: is packed"),
    ],
)
def test_what_cannot_be_read_is_said(data: str, told: str) -> None:
    (problem,) = refusals(data.encode("latin-1"))
    assert told in problem


CELL = st.text('ab ,;|\t\n"éß€=-()', max_size=8)


@settings(max_examples=examples(200), deadline=None)
@given(st.sampled_from(",;\t|"), st.lists(st.tuples(CELL, CELL, CELL), min_size=2, max_size=6))
def test_what_is_written_is_read(delimiter: str, table: list[tuple[str, str, str]]) -> None:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerow(["Page name", "Link", "Admin"])
    for number, cells in enumerate(table):
        writer.writerow([f"{cells[0]} row {number}", f"b{cells[1]}b", f"c{cells[2]}c"])
    sheet = one(out.getvalue())
    assert sheet.headings == ("Page name", "Link", "Admin")
    assert len(sheet.rows) == len(table)
    assert [row.cells[1] for row in sheet.rows] == [f"b{cells[1]}b" for cells in table]
