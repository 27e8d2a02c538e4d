"""The formula guard, and that the reader takes off what the writer puts on."""

from __future__ import annotations

import io
import re

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from rolecall.spreadsheet import GUARDED_BYTES, guarded, put_text, unguarded


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("", ""),
        ("plain", "plain"),
        ("=1+1", "'=1+1"),
        ("@handle", "'@handle"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        ("'=x", "''=x"),
        ("'quoted'", "'quoted'"),
        ("a=b", "a=b"),
        # In the other width, as keyboards of Japan write them.
        ("\uff1d1+1", "'\uff1d1+1"),
        ("\uff0b1", "'\uff0b1"),
        ("\uff0d1", "'\uff0d1"),
        ("\uff20x", "'\uff20x"),
        ("''\uff1dx", "'''\uff1dx"),
        # Behind what nobody sees.
        ("\u00a0=1", "'\u00a0=1"),
        ("\ufeff\u200b@x", "'\ufeff\u200b@x"),
        ("\n=1", "'\n'=1"),
        # Where another separator cuts the cell.
        ("a;=1+1", "a;'=1+1"),
        ("a;'=1", "a;''=1"),
        ("a\t@x", "a\t'@x"),
        ("a\n-1", "a\n'-1"),
        ("=a;=b;c", "'=a;'=b;c"),
        (";=1", ";'=1"),
        ("\uff1b\uff1d1", "\uff1b'\uff1d1"),
        ("a; b, -c", "a; b, -c"),
    ],
)
def test_guard(text: str, cell: str) -> None:
    assert guarded(text) == cell


SIGNS = "=+-@\uff1d\uff0b\uff0d\uff20"


@given(st.text(alphabet=f"'{SIGNS}ab;\uff1b\t\r\n\u00a0\u200b "))
def test_the_reader_takes_off_exactly_what_the_writer_put_on(text: str) -> None:
    # Cells are trimmed by the reader, so that blanks in front never reach the writer.
    text = text.strip()
    cell = guarded(text)
    for part in re.split("[;\uff1b\t\r\n]", cell):
        assert not part.startswith(tuple(SIGNS))
    assert not cell.startswith(("\t", "\r"))
    assert unguarded(cell) == text
    assert cell == text or GUARDED_BYTES.search(cell.encode()) or ";'" in cell or "\uff1b'" in cell


@pytest.mark.parametrize("in_rows", [True, False])
def test_a_text_that_looks_like_markup_is_a_text(in_rows: bool) -> None:
    texts = [
        *("<r></r>", "<r><t>x</t></r>", "<r><t>never closed</r>", "<r>a & b</r>", "<r>", "plain"),
        *("<r>\u4e2d\n\u6587 \U0001f511</r>", "<r> _x000D_ _x003C_</r>", "<r>__x000D__</r>"),
    ]
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": in_rows}) as book:
        sheet, bold = book.add_worksheet(), book.add_format({"bold": True})
        for number, text in enumerate(texts):
            put_text(sheet, number, 0, text)
            put_text(sheet, number, 1, text, bold)
    read = CalamineWorkbook.from_filelike(io.BytesIO(out.getvalue())).get_sheet_by_index(0)
    assert read.to_python() == [[text, text] for text in texts]
