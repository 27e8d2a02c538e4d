"""Old workbooks: values as they are shown, links, what is hidden; and what is no workbook."""

from __future__ import annotations

import struct
from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rolecall.adopt.reading.files import read_sheets
from rolecall.errors import RegistryError
from rolecall.registry.words_for_nothing import WordsForNothing
from tests.tiers import examples
from tests.unit.adopt.reading.books import one, refusals
from tests.unit.adopt.reading.old_books import compound, old_book

HEAD = ["Page name", "Link", "Org ID"]
ROW = ["Youth", "a.example"]


@pytest.mark.parametrize(
    ("cell", "form", "value"),
    [
        (2284, "", "2284"),
        (17, "0000", "0017"),
        (14, '"P-"000', "P-014"),
        (0.5, "", "0.5"),
        (True, "", True),
        (date(2026, 1, 2), "", date(2026, 1, 2)),
        ("61550123456789012", "", "61550123456789012"),
        ("Síobhán", "", "Síobhán"),
    ],
)
def test_a_cell_is_read_as_it_is_shown(cell: Any, form: str, value: Any) -> None:
    formats = {(1, 2): form} if form else {}
    sheet = one(old_book([HEAD, [*ROW, cell]], formats=formats), "list_xls")
    assert sheet.rows[0].cells == (*ROW, value)
    assert sheet.name == "Accounts"


def test_links_and_merged_cells() -> None:
    rows: list[list[Any]] = [HEAD, ["Youth", "Facebook", 1], ["", "b.example", 2]]
    data = old_book(rows, links={(1, 1): "https://www.facebook.com/y"}, merged=[(1, 2, 0, 0)])
    assert [row.cells for row in one(data, "list_xls").rows] == [
        ("Youth", "https://www.facebook.com/y", "1"),
        ("Youth", "b.example", "2"),
    ]


def test_what_is_hidden_is_left_out_and_said() -> None:
    rows: list[list[Any]] = [HEAD, ["Youth", "canary", 1]]
    sheet = one(old_book(rows, hidden=[1], hidden_sheet=[["canary"]]), "list_xls")
    assert sheet.headings == ("Page name", "Org ID")
    assert sheet.remarks == (
        "list.xls: 1 hidden sheet left out (Old)",
        "list.xls, sheet Accounts: 1 hidden column left out",
    )
    assert "canary" not in repr(sheet)


GOOD = old_book([HEAD, [*ROW, 1]])


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (old_book([HEAD, [*ROW, 61550123456789012]]), "2:Org ID: is a number of more than 15"),
        (old_book([["Page", "Password"], ["Youth", "canary"]]), "Password: holds a secret"),
        (old_book([HEAD], more=struct.pack("<HHHH", 0x2F, 4, 0, 0)), "is encrypted"),
        (compound({"EncryptedPackage": b"x", "EncryptionInfo": b"x"}), "is encrypted"),
        (compound({"WordDocument": b"x"}), "is a text of a word processor"),
        (compound({"Contents": b"x"}), "is no workbook that is known"),
        (GOOD[:700], "list.xls: is"),
        (GOOD[:512], "list.xls: is"),
        (GOOD[:20], "is damaged"),
        (old_book([]), "has no table"),
        (
            old_book([HEAD] + [[""]] * 60_000 + [[""] * 200 + ["x"]]),
            "has a sheet that reaches too far",
        ),
    ],
)
def test_what_cannot_be_read_is_said(data: bytes, told: str) -> None:
    (problem,) = refusals(data, "list_xls")
    assert told in problem
    assert "canary" not in problem


@settings(max_examples=examples(200), deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255)), max_size=6))
def test_a_damaged_one_is_read_or_refused(changes: list[tuple[int, int]]) -> None:
    data = bytearray(GOOD)
    for at, byte in changes:
        data[at] = byte
    # Whatever else is raised fails this.
    with suppress(RegistryError):
        read_sheets([("list.xls", bytes(data))], WordsForNothing())
