"""Workbooks: numbers, dates, formulas, links and what is hidden; and what is no workbook."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from typing import Any

import pytest

from tests.unit.adopt.reading.books import book, one, refusals, sheets

HEAD = ["Page name", "Link", "Org ID"]


def read(cell: Any, form: str = "", **options: Any) -> Any:
    """Return what is read of one cell."""

    def more(made: Any, sheet: Any) -> None:
        sheet.write(1, 2, cell, made.add_format({"num_format": form}) if form else None)

    return one(book([HEAD, ["Youth", "a.example"]], more, **options), "list_xlsx").rows[0].cells[2]


def refused(cell: Any, form: str = "") -> str:
    def more(made: Any, sheet: Any) -> None:
        sheet.write(1, 2, cell, made.add_format({"num_format": form}) if form else None)

    (told,) = refusals(book([HEAD, ["Youth", "a.example"]], more), "list_xlsx")
    return told


@pytest.mark.parametrize(
    ("cell", "form", "shown"),
    [
        (2284, "", "2284"),
        (17, "0000", "0017"),
        (14, '"P-"000', "P-014"),
        (0.5, "", "0.5"),
        (999_999_999_999_999, "0", "999999999999999"),
        ("61550123456789012", "", "61550123456789012"),
        (True, "", True),
        (0.25, "hh:mm", "06:00"),
        (0.25, "[h]:mm", "6:00"),
    ],
)
def test_a_cell_is_read_as_it_is_shown(cell: Any, form: str, shown: Any) -> None:
    assert read(cell, form) == shown


@pytest.mark.parametrize("number", [10**15, 61550123456789012, -6.155e16])
def test_numbers_that_lost_digits_are_refused_with_their_place(number: float) -> None:
    told = refused(number)
    assert told.startswith("list.xlsx, sheet Accounts:2:Org ID: is a number of more than 15 digits")
    assert "6155" not in told


def test_one_outside_of_the_table_is_no_matter() -> None:
    rows: list[list[Any]] = [HEAD, ["Youth", "a.example", "1"], ["Total", "", 10**16]]
    assert len(one(book(rows), "list_xlsx").rows) == 1


@pytest.mark.parametrize("from_1904", [False, True])
def test_both_date_systems(from_1904: bool) -> None:
    day = read(datetime(2026, 1, 2, 9, 30), "dd/mm/yyyy hh:mm", date_1904=from_1904)  # noqa: DTZ001
    assert type(day) is date
    assert day == date(2026, 1, 2)


def formula(text: str, value: Any) -> Any:
    def more(_made: Any, sheet: Any) -> None:
        sheet.write_formula(1, 2, text, None, value)

    return book([HEAD, ["Youth", "a.example"]], more)


@pytest.mark.parametrize("value", ["", 0])
def test_a_formula_without_a_value_is_named(value: Any) -> None:
    (told,) = refusals(formula("=A1&B1", value), "list_xlsx")
    assert told.startswith("list.xlsx, sheet Accounts:2:Org ID: is a formula whose value was never")


def test_a_row_of_formulas_without_values_is_named_too() -> None:
    def more(_made: Any, sheet: Any) -> None:
        for column in range(3):
            sheet.write_formula(4, column, "=A2&B2", None, "")

    told = refusals(book([HEAD, ["Youth", "a.example", "1"]], more), "list_xlsx")
    assert len(told) == 3
    assert all(":5:" in one and "formula" in one for one in told)


def test_a_formula_with_one_is_its_value() -> None:
    assert one(formula("=A1&B1", "x"), "list_xlsx").rows[0].cells[2] == "x"
    assert one(formula("=1+1", 2), "list_xlsx").rows[0].cells[2] == "2"
    assert one(formula("=1/0", "#DIV/0!"), "list_xlsx").rows[0].cells[2] == ""


def test_a_formula_without_a_value_in_a_row_of_totals_is_no_matter() -> None:
    def more(_made: Any, sheet: Any) -> None:
        sheet.write_formula(2, 2, "=COUNTA(A2:A2)", None, "")

    rows = [HEAD, ["Youth", "a.example", "1"], ["Total", "", ""]]
    assert len(one(book(rows, more), "list_xlsx").rows) == 1


def linked(heading: str, text: str, target: str) -> tuple[tuple[str, ...], tuple[Any, ...]]:
    def more(_made: Any, sheet: Any) -> None:
        sheet.write_url(1, 2, target, string=text)

    head = ["Department", "Admin", heading]
    sheet = one(book([head, ["Youth office", "Jim Doyle", ""]], more), "list_xlsx")
    return sheet.headings[2:], sheet.rows[0].cells[2:]


FACEBOOK = "https://www.facebook.com/staidan"


@pytest.mark.parametrize(
    ("heading", "text", "want"),
    [
        ("Link", "Facebook", FACEBOOK),
        ("Link", "our page", FACEBOOK),
        ("Facebook", "St Lucy Primary", FACEBOOK),
        ("Facebook", "yes", FACEBOOK),
        ("Page name", "Facebook", FACEBOOK),
        ("Notes", "click here", FACEBOOK),
        ("Notes", "hier", FACEBOOK),
        ("Link", "facebook.com/staid...", FACEBOOK),
        ("Link", "https://www.facebook.com/staidan", FACEBOOK),
        ("Link", "https://x.com/other", "https://x.com/other"),
    ],
)
def test_behind_a_label_is_what_is_meant(heading: str, text: str, want: str) -> None:
    assert linked(heading, text, FACEBOOK) == ((heading,), (want,))


def test_a_name_keeps_standing_beside_what_is_behind_it() -> None:
    assert linked("Page name", "St Aidan Parish", FACEBOOK) == (
        ("Page name", "Page name link"),
        ("St Aidan Parish", FACEBOOK),
    )


def test_an_address_to_write_to_stands_behind_a_name() -> None:
    assert linked("Contact", "Jim Doyle", "mailto:jim@x.example")[1] == (
        "Jim Doyle <jim@x.example>",
    )
    assert linked("Contact", "jim@x.example", "mailto:jim@x.example")[1] == ("jim@x.example",)


@pytest.mark.parametrize("target", ["internal:Accounts!A1", "file:///c:/x.doc"])
def test_other_links_are_none(target: str) -> None:
    assert linked("Link", "Facebook", target)[1] == ("Facebook",)


def test_a_formula_of_a_link_is_a_link() -> None:
    for value in ("Facebook", ""):
        data = formula(f'=HYPERLINK("{FACEBOOK}","Facebook")', value)
        assert one(data, "list_xlsx").rows[0].cells[2] == FACEBOOK


def test_what_is_hidden_is_left_out_and_said() -> None:
    def more(_made: Any, sheet: Any) -> None:
        sheet.set_column(1, 1, None, None, {"hidden": True})
        sheet.set_row(2, None, None, {"hidden": True})
        sheet.write_comment("A2", "canary of a comment")

    rows = [["Page name", "canary", "Org ID"], ["Youth", "canary", "1"], ["Mass", "canary", "2"]]
    sheet = one(book(rows, more), "list_xlsx")
    assert sheet.headings == ("Page name", "Org ID")
    assert [row.cells for row in sheet.rows] == [("Youth", "1"), ("Mass", "2")]
    assert "canary" not in repr(sheet)
    assert sheet.remarks == (
        "1 hidden row is read as others are",
        "1 hidden column left out",
    )


def test_a_secret_in_a_hidden_column_stops_it() -> None:
    def more(_made: Any, sheet: Any) -> None:
        sheet.set_column(1, 1, None, None, {"hidden": True})

    rows = [["Page name", "Password", "Org ID"], ["Youth", "canary", "1"]]
    assert "Password: holds a secret" in refusals(book(rows, more), "list_xlsx")[0]


def test_properties_of_the_document_are_never_read() -> None:
    def more(made: Any, _sheet: Any) -> None:
        made.set_properties({"title": "canary", "author": "canary", "comments": "pw: canary"})

    assert "canary" not in repr(one(book([HEAD, ["Youth", "a.example", "1"]], more), "list_xlsx"))


def test_several_sheets() -> None:
    def more(made: Any, _sheet: Any) -> None:
        other = made.add_worksheet("Staff")
        other.write_row(0, 0, ["Surname", "First name"])
        other.write_row(1, 0, ["Doyle", "Jim"])
        made.add_worksheet("Blank")
        chart = made.add_chart({"type": "line"})
        chart.add_series({"values": "=Staff!$A$2:$A$2"})
        made.add_chartsheet("Chart").set_chart(chart)

    found = sheets(list_xlsx=book([HEAD, ["Youth", "a.example", "1"]], more))
    assert [sheet.name for sheet in found] == ["Accounts", "Staff"]


def packed(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), data)
    return out.getvalue()


GOOD = book([HEAD, ["Youth", "a.example", "1"]])


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (GOOD[:900], "is damaged"),
        (GOOD[:40] + bytes(200) + GOOD[240:], "is damaged"),
        (b"PK\x03\x04", "is damaged"),
        (packed(a=b"x"), "is packed, and no workbook"),
        (packed(word__document_xml=b"x"), "is a text of a word processor"),
        (packed(Index__Document=b"x", index__document__iwa=b"x"), "is packed, and no workbook"),
        (packed(xl__workbook_xml=b"<", xl__big=bytes(200 << 20)), "unpacks to more than 128 MiB"),
        (packed(xl__workbook_xml=b"<", xl__big=b"<" * 9_000_000), "elements"),
        (book([]), "has no table"),
    ],
)
def test_what_cannot_be_read_is_said(data: bytes, told: str) -> None:
    (problem,) = refusals(data, "list_xlsx")
    assert problem.startswith("list.xlsx: ")
    assert told in problem


def test_far_cells_are_refused() -> None:
    def more(_made: Any, sheet: Any) -> None:
        sheet.write(1_000_000, 16_000, "x")

    assert "has a sheet that reaches to" in refusals(book([HEAD], more), "list_xlsx")[0]
