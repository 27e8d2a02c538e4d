"""Texts for a terminal: whole words, within the width that signs take, in order."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from rolecall.model import SEVERITIES
from rolecall.reports.terminal_text import LEAST_WIDTH, TerminalText
from tests.tiers import examples

SIGNS = "abcdefgh \u00e9\u4e2d\u6587\u65e5\uac00\u05d0\u05d1\u0645\u062d-@./"
PLAIN = TerminalText(LEAST_WIDTH, colour=False)
MARK = "\u200e"


@settings(max_examples=examples(300), deadline=None)
@given(st.text(SIGNS, max_size=400), st.integers(0, 15))
def test_no_word_is_broken_that_fits_on_a_line(text: str, spaces: int) -> None:
    indent = " " * spaces
    room = LEAST_WIDTH - spaces
    lines = [line.replace(MARK, "") for line in PLAIN.wrapped(text.strip(), indent)]
    assert all(cell_len(line) <= LEAST_WIDTH for line in lines)
    assert all(line.startswith(indent) for line in lines)
    shown = [word for line in lines for word in line.split()]
    assert "".join(shown) == "".join(text.split())
    for word in text.split():
        if cell_len(word) <= room:
            assert word in shown, (word, lines)


@pytest.mark.parametrize("size", [79, 80, 81, 160, 100_000])
def test_what_is_longer_than_a_line_goes_on_in_the_next(size: int) -> None:
    lines = list(PLAIN.wrapped("x" * size, ""))
    assert "".join(lines) == "x" * size
    assert {len(line) for line in lines[:-1]} <= {LEAST_WIDTH}


def test_a_line_that_is_read_from_right_to_left_keeps_the_order_of_the_rest() -> None:
    [line] = PLAIN.wrapped("\u0645\u062d\u0645\u062f, head of St Brigid; or Ada", "  ")
    assert line == f"  {MARK}\u0645\u062d\u0645\u062f, head of St Brigid; or Ada{MARK}"
    [plain] = PLAIN.wrapped("Ada, head of St Brigid", "  ")
    assert plain == "  Ada, head of St Brigid"


def test_a_name_is_not_cut_for_what_stands_beside_it() -> None:
    beside = "8 critical, 6 high, 4 medium, 1 low"
    assert list(PLAIN.pair("St Brigid", beside)) == [f"St Brigid{beside:>71}"]
    name = "The Association of the Friends of the Youth Ministry of St Brigid"
    assert list(PLAIN.pair(name, beside)) == [name, f"{beside:>80}"]
    wide = "\u65e5\u672c\u8a9e" * 10
    [one] = PLAIN.pair(wide[:20], "1 low")
    assert cell_len(one) == LEAST_WIDTH


def test_colours_repeat_a_word_and_replace_none() -> None:
    coloured = TerminalText(LEAST_WIDTH, colour=True)
    for severity in SEVERITIES:
        assert severity in coloured.paint(severity, severity)
        assert PLAIN.paint(severity, severity) == severity
    assert len({coloured.paint("x", severity) for severity in SEVERITIES}) == len(SEVERITIES)
