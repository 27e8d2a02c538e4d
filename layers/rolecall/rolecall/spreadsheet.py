"""Keeps a cell from being read as a formula by a spreadsheet.

A spreadsheet that opens a CSV file runs a cell that starts with ``= + - @``, in either width, a tab
or a carriage return. Signs that nobody sees may stand before it. Such a cell gets an apostrophe in
front, and so does a cell that already looks guarded, so that the reader of registries can take
exactly one off again. XLSX cells are written as text and need no guard.

Where a semicolon or a tab separates cells, a file with commas is cut inside of its cells too: its
quotes stand where that spreadsheet does not look for them. So what follows a separator or a line
break within a cell is guarded like the beginning of one.

XlsxWriter takes a text that begins and ends like a rich one for markup, and writes it as it is: a
name could break the file, or show something else than it is. So texts of data go through
:func:`put_text`.
"""

from __future__ import annotations

import re
from typing import Any

__all__ = [
    "GUARDED_BYTES",
    "REPORT_MARK",
    "REPORT_SHEET",
    "REPORT_VERSION",
    "guarded",
    "is_like_markup",
    "put_text",
    "unguarded",
]

REPORT_SHEET, REPORT_MARK, REPORT_VERSION = "rolecall-report", "rolecall report", "1"
"""The hidden sheet by which the workbook of a report is known, and what its first row holds."""

_SIGNS = "=+\\-@\uff1d\uff0b\uff0d\uff20"
_UNSEEN = "[\\t\\r\\n\\x0b\\x0c\\x00\\u00a0\\u200b-\\u200f\\u2060\\u3000\\ufeff]"
_SEPARATORS = "[;\\t\\r\\n\uff1b]"
_RUN = f"(?:{_UNSEEN}*[{_SIGNS}]|[\\t\\r])"
_RISKY = re.compile(f"^'*{_RUN}|{_SEPARATORS}'*[{_SIGNS}]")
_FIRST = re.compile(f"'*{_RUN}")
_INNER = re.compile(f"({_SEPARATORS})(?='*[{_SIGNS}])")
_GUARDED_FIRST = re.compile(f"'+{_RUN}")
_GUARDED_INNER = re.compile(f"({_SEPARATORS})'(?='*[{_SIGNS}])")
_ESCAPE = re.compile("(?<=_)(?=x[0-9a-fA-F]{4}_)")

GUARDED_BYTES = re.compile(rb"'[=+\-@\t\r\n\x0b\x0c\x00\xc2\xe2\xe3\xef]")
"""Where a text in UTF-8 may hold a guard; where it does not, there is none."""


def guarded(text: str) -> str:
    """Return the text of a CSV cell that no spreadsheet takes for a formula."""
    if _RISKY.search(text) is None:
        return text
    first = f"'{text}" if _FIRST.match(text) else text
    return _INNER.sub(r"\1'", first)


def unguarded(text: str) -> str:
    """Return the text of a cell without the guards that :func:`guarded` put on it."""
    first = _GUARDED_INNER.sub(r"\1", text)
    bare = first.lstrip(" ")
    return bare[1:] if _GUARDED_FIRST.match(bare) else first


def is_like_markup(text: str) -> bool:
    """Tell whether XlsxWriter would take a text for markup and write it as it is."""
    return text.startswith("<r>") and text.endswith("</r>")


def put_text(sheet: Any, row: int, column: int, text: str, style: Any = None) -> None:
    """Write a cell of a workbook that shows a text as it is, whatever it looks like.

    :param sheet: of XlsxWriter.
    :param style: a format of it.
    """
    if is_like_markup(text):
        # In runs that have no format of their own each sign is escaped, and an escape twice.
        parts = "<", "r>", *_ESCAPE.split(text[3:])
        sheet.write_rich_string(row, column, *parts, *([] if style is None else [style]))
    else:
        sheet.write_string(row, column, text, style)
