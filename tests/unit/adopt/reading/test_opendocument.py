"""OpenDocument spreadsheets: values as they are shown, what is hidden, and what is none."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.unit.adopt.reading.books import one, refusals
from tests.unit.adopt.reading.open_documents import open_cell, open_document

HEAD = ["Page name", "Link", "Org ID"]
ROW = ["Youth", "a.example"]
COMMENT = "<office:annotation><text:p>canary</text:p></office:annotation>"
TEXT = "application/vnd.oasis.opendocument.text"


def read(cell: Any) -> Any:
    return one(open_document([HEAD, [*ROW, cell]]), "list_ods").rows[0].cells[2]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (2284, "2284"),
        (2284.0, "2284"),
        (0.5, "0.5"),
        (True, True),
        (date(2026, 1, 2), date(2026, 1, 2)),
        ("61550123456789012", "61550123456789012"),
        ("two\nlines", "two\nlines"),
        ("a & b <c>", "a & b <c>"),
        (open_cell(17, "0017"), "0017"),
        (open_cell(14, "P-014"), "P-014"),
        (open_cell(1234567, "1,234,567"), "1234567"),
        (open_cell(1.5, "1,50 €"), "1.5"),
        (open_cell("", "#REF!", 'table:formula="of:=#REF!"'), ""),
        (open_cell(0, "Err:502", 'table:formula="of:=A1"'), ""),
        (
            open_cell("x", inner="<office:annotation><text:p>canary</text:p></office:annotation>"),
            "x",
        ),
        (
            '<table:table-cell office:value-type="string"><text:p>two<text:s text:c="2"/>'
            "blanks<text:line-break/>x</text:p></table:table-cell>",
            "two  blanks\nx",
        ),
    ],
)
def test_a_cell_is_read_as_it_is_shown(cell: Any, value: Any) -> None:
    found = read(cell)
    assert found == value
    assert type(found) is type(value)


def test_a_link_behind_a_label() -> None:
    link = (
        '<table:table-cell office:value-type="string"><text:p><text:a '
        'xlink:href="https://www.facebook.com/youth">Facebook</text:a></text:p></table:table-cell>'
    )
    sheet = one(open_document([HEAD, ["Youth", link, 1]]), "list_ods")
    assert sheet.rows[0].cells[1] == "https://www.facebook.com/youth"


def test_repeated_and_blank_cells_and_rows_are_counted() -> None:
    rows = [
        [*HEAD, *["Admin 1", "Admin 2"]],
        ["Youth", "a.example", open_cell("x", more='table:number-columns-repeated="3"')],
        ['<table:table-cell table:number-columns-repeated="1024"/>'],
        ["Mass", "", '<table:table-cell table:number-columns-repeated="2"/>', "Jim"],
    ]
    data = open_document(
        rows,
        more='<table:table-row table:number-rows-repeated="1048570"><table:table-cell '
        'table:number-columns-repeated="16384"/></table:table-row>',
    )
    sheet = one(data, "list_ods")
    assert [(row.number, row.cells) for row in sheet.rows] == [
        (2, ("Youth", "a.example", "x", "x", "x")),
        (4, ("Mass", "", "", "", "Jim")),
    ]


def test_merged_cells_are_filled() -> None:
    rows: list[list[Any]] = [
        ["Parish", *HEAD],
        [open_cell("St Aidan", more='table:number-rows-spanned="2"'), *ROW, 1],
        ["<table:covered-table-cell/>", "Mass", "b.example", 2],
    ]
    sheet = one(open_document(rows), "list_ods")
    assert [row.cells[0] for row in sheet.rows] == ["St Aidan", "St Aidan"]


def test_what_is_hidden_is_left_out_and_said() -> None:
    columns = '<table:table-column/><table:table-column table:visibility="collapse"/>'
    hidden = (
        '</table:table><table:table table:name="Old" table:style-name="ta2"><table:table-row>'
        f"{open_cell('canary')}</table:table-row>"
    )
    styles = (
        '<style:style style:name="ta2">'
        '<style:table-properties table:display="false"/></style:style>'
    )
    rows: list[list[Any]] = [HEAD, ["Youth", "canary", 1]]
    sheet = one(open_document(rows, columns=columns, more=hidden, styles=styles), "list_ods")
    assert sheet.headings == ("Page name", "Org ID")
    assert sheet.remarks == (
        "1 hidden sheet left out (Old)",
        "1 hidden column left out",
    )
    assert "canary" not in repr(sheet)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (
            open_document([HEAD, [*ROW, 61550123456789012]]),
            "sheet Accounts:2:Org ID: is a number of more than 15 digits",
        ),
        (
            open_document([HEAD, [*ROW, '<table:table-cell table:formula="of:=A1"/>']]),
            "sheet Accounts:2:Org ID: is a formula whose value was never stored",
        ),
        (open_document([["Page", "Password"], ["Youth", "canary"]]), "Password: holds a secret"),
        (
            open_document([HEAD], mimetype=TEXT),
            "no spreadsheet",
        ),
        (open_document([HEAD], manifest="<manifest:encryption-data/>"), "is encrypted"),
        (open_document([HEAD], before="<!DOCTYPE x [<!ENTITY a 'b'>]>"), "has a document type"),
        (open_document([HEAD])[:600], "is damaged"),
        (open_document([["<table:broken", "x"]]), "is damaged"),
        (
            open_document([HEAD, [open_cell("x", more='table:number-columns-repeated="99999"')]]),
            "has more than 500 columns",
        ),
        (
            open_document(
                [HEAD],
                more='<table:table-row table:number-rows-repeated="999999">'
                + open_cell("x", more='table:number-columns-repeated="400"')
                + "</table:table-row>",
            ),
            "has more than 4,000,000 cells",
        ),
        (open_document([]), "has no table"),
    ],
)
def test_what_cannot_be_read_is_said(data: bytes, told: str) -> None:
    (problem,) = refusals(data, "list_ods")
    assert told in problem
    assert "canary" not in problem
