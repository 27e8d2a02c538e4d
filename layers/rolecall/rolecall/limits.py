"""What an input may be at most: checked on its bytes, before anything is built of them.

A few hundred kilobytes can name millions of empty lists, or tables within tables; what a program
builds of them takes a hundred times their size. So each reader says what it takes at most, and asks
here first. The marks of a text are counted wherever they stand, within quotes too: the count is
never too small, and what people write stays far below.
"""

from __future__ import annotations

import re

from rolecall.errors import OverLimitError

__all__ = [
    "MOST_DEPTH",
    "MOST_TOML",
    "check_json",
    "check_marks",
    "check_size",
    "check_toml",
]

MOST_DEPTH = 64
"""Lists and objects within each other."""

MOST_TOML = 1_000_000
"""Bytes of a policy, and of what else people write as TOML."""
_MOST_TOML_VALUES = 100_000
_MOST_PARTS = 32
_LONG_KEY = re.compile(
    rb"(?:(?:\"[^\"\n]*+\"|'[^'\n]*+'|[\w-]++)[ \t]*+\.[ \t]*+){%d}" % _MOST_PARTS
)
# A text, which may go on to the end where its quote is missing, or a mark of a list or an object.
_NESTING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\Z)|[\[\]{}]', re.DOTALL)


def check_size(data: bytes, most: int) -> None:
    """Refuse what is larger than it may be.

    :raises OverLimitError: it is.
    """
    if len(data) > most:
        raise OverLimitError(f"is larger than {most:,} bytes")


def check_marks(data: bytes, marks: bytes, most: int) -> None:
    """Refuse a text in which some marks stand more often than they may.

    :raises OverLimitError: they do.
    """
    count = sum(data.count(mark) for mark in marks)
    if count > most:
        raise OverLimitError(f"holds {count:,} values or more; at most {most:,} are read")


def check_json(data: bytes, *, size: int, values: int, depth: int = MOST_DEPTH) -> None:
    """Refuse a JSON text that is larger, fuller or deeper than it may be.

    :param values: how many values it may hold.
    :raises OverLimitError: it is; the message says what, and quotes nothing.
    """
    check_size(data, size)
    check_marks(data, b"[{,", values)
    if data.count(b"[") + data.count(b"{") > depth and _depth(data) > depth:
        raise OverLimitError(f"is nested too deeply: at most {depth} levels are read")


def check_toml(data: bytes) -> None:
    """Refuse a TOML text that is larger, fuller or deeper than what people write.

    A key of many parts is a table within a table, and so on; TOML's reader takes the square of
    their number.

    :raises OverLimitError: it is.
    """
    check_size(data, MOST_TOML)
    check_marks(data, b"[{,=", _MOST_TOML_VALUES)
    if _LONG_KEY.search(data):
        raise OverLimitError(f"is nested too deeply: a key has more than {_MOST_PARTS} parts")


def _depth(data: bytes) -> int:
    """Return how many lists and objects lie within each other, texts left out."""
    deepest = level = 0
    for found in _NESTING.finditer(data):
        mark = found[0]
        if mark in (b"[", b"{"):
            level += 1
            deepest = max(deepest, level)
        elif mark in (b"]", b"}"):
            level -= 1
    return deepest
