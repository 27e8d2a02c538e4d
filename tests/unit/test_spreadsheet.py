"""The formula guard, and that the reader takes off what the writer puts on."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rolecall.registry.csv_files import _unguarded
from rolecall.spreadsheet import guarded


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
    ],
)
def test_guard(text: str, cell: str) -> None:
    assert guarded(text) == cell


@given(st.text(alphabet="'=+-@ab\t\r "))
def test_the_reader_takes_off_exactly_what_the_writer_put_on(text: str) -> None:
    # Cells are trimmed by the reader, so that blanks in front never reach the writer.
    text = text.strip()
    assert not guarded(text).startswith(("=", "+", "-", "@", "\t", "\r"))
    assert list(_unguarded([guarded(text)])) == [text]
