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
from tests.unit.adopt.reading.old_books import compound, old_book, record, shared_texts

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
        "1 hidden sheet left out (Old)",
        "1 hidden column left out",
    )
    assert "canary" not in repr(sheet)


def test_shared_texts_go_on_from_record_to_record() -> None:
    texts = ["Ní Bhriain", "Łódź and more", "x"]
    for cut in range(14, 60):
        cells = b"".join(
            record(0xFD, struct.pack("<HHHI", 1, at, 15, index))
            for at, index in enumerate((0, 1, 2))
        )
        data = old_book([HEAD], more=shared_texts(*texts, cut=cut), cells=cells)
        assert one(data, "list_xls").rows[0].cells == tuple(texts)


def short(value: int, style: int = 15) -> bytes:
    return struct.pack("<HI", style, value & 0xFFFFFFFF)


def test_numbers_in_their_short_forms_and_formulas() -> None:
    formula = struct.pack("<HIH", 0, 0, 0)
    behind = record(0x207, struct.pack("<H", 4) + b"\0fine")
    cells = [
        record(0x27E, struct.pack("<HH", 1, 0) + short(17 << 2 | 2)),
        record(0xBD, struct.pack("<HH", 1, 1) + short(-5 << 2 | 2) + short(250 << 2 | 3) + b"\2\0"),
        record(0x27E, struct.pack("<HH", 1, 3) + short(0x3FF80000)),
        record(0x06, struct.pack("<3H", 1, 4, 15) + struct.pack("<d", 3) + formula),
        record(0x06, struct.pack("<3H", 1, 5, 15) + b"\0\0\0\0\0\0\xff\xff" + formula) + behind,
        record(0x06, struct.pack("<3H", 1, 6, 15) + b"\1\0\1\0\0\0\xff\xff" + formula),
        record(0x06, struct.pack("<3H", 1, 7, 15) + b"\2\0\x17\0\0\0\xff\xff" + formula),
        record(0x06, struct.pack("<3H", 1, 8, 15) + b"\3\0\0\0\0\0\xff\xff" + formula),
        record(0x205, struct.pack("<3HBB", 1, 9, 15, 0x2A, 1)),
    ]
    head = [f"Admin {n}" for n in range(10)]
    sheet = one(old_book([head], cells=b"".join(cells)), "list_xls")
    assert sheet.rows[0].cells == ("17", "-5", "2.5", "1.5", "3", "fine", True, "", "", "")


@pytest.mark.parametrize(("mode", "day"), [(0, date(2026, 1, 2)), (1, date(2030, 1, 3))])
def test_both_date_systems(mode: int, day: date) -> None:
    cell = record(0x203, struct.pack("<3Hd", 1, 2, 16, 46024.5))
    data = old_book([HEAD, ROW], more=record(0x22, struct.pack("<H", mode)), cells=cell)
    assert one(data, "list_xls").rows[0].cells[2] == day


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
            old_book([HEAD, [""] * 600 + ["x"]]),
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
