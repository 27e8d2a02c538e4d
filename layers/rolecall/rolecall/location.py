"""Where something stands in a registry, as a pipeline points at it: a file, a table, a row, a line.

A row is counted as a spreadsheet does, a line as an editor does: a cell may hold several lines, so
the two are not the same number. A workbook has rows and no lines.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from msgspec import Struct

from rolecall.errors import Problem
from rolecall.model import Subject

__all__ = ["LocateProblem", "LocateSubject", "Location"]


class Location(Struct, frozen=True):
    """A place in an input.

    ``uri`` is relative to the directory in which the program runs, percent-encoded; ``table`` names
    the table where one file holds several; ``row`` and ``line`` count from 1, and ``line`` is the
    one at which the row begins.
    """

    uri: str
    table: str | None = None
    row: int | None = None
    line: int | None = None

    def __str__(self) -> str:
        """Return it as compilers and linters write a place: what editors and people can follow."""
        if self.line is not None:
            return f"{self.uri}:{self.line}"
        parts = [self.uri]
        if self.table is not None:
            parts.append(f"table {self.table}")
        if self.row is not None:
            parts.append(f"row {self.row:,}")
        return ", ".join(parts)


LocateSubject: TypeAlias = Callable[[Subject], Location]
"""Returns the place of the row behind a subject; without a row, of the file it would be in."""

LocateProblem: TypeAlias = Callable[[Problem], Location]
"""Returns the place of a problem of an input."""
