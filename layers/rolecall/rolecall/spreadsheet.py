"""Keeps a cell from being read as a formula by a spreadsheet.

A spreadsheet that opens a CSV file runs a cell that starts with ``= + - @``, a tab or a carriage
return. Such a cell gets an apostrophe in front, and so does a cell that already looks guarded, so
that the reader of registries can take exactly one off again. XLSX cells are written as text and
need no guard.
"""

from __future__ import annotations

import re

__all__ = ["guarded"]

_STARTS = frozenset("'=+-@\t\r")
_FORMULA = re.compile(r"'*[=+\-@\t\r]")


def guarded(text: str) -> str:
    """Return the text of a CSV cell that no spreadsheet takes for a formula."""
    # Few cells start with one of these: the expression is for those that do.
    return f"'{text}" if text[:1] in _STARTS and _FORMULA.match(text) else text
