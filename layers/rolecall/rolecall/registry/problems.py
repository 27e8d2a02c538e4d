"""Collects what is wrong with an input: all of it counted, the first of it kept."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from rolecall.model import Problem
from rolecall.printable import shorten

__all__ = ["MOST_PROBLEMS", "Problems", "suggestion"]

MOST_PROBLEMS = 1_000
"""The number of problems that are kept to be shown; the count is exact beyond it."""


class Problems:
    """Problems in reading order."""

    def __init__(self) -> None:
        self.kept: list[Problem] = []
        self.count = 0

    def add(
        self,
        file: str,
        message: str,
        *,
        row: int | None = None,
        column: str | None = None,
        value: str | None = None,
    ) -> None:
        """Add one problem; ``value`` is made printable and shortened."""
        self.count += 1
        if len(self.kept) < MOST_PROBLEMS:
            shown = None if value is None else shorten(value)
            self.kept.append(Problem(file, message, row, column, shown))


def suggestion(word: str, known: Iterable[str]) -> str:
    """Return ``"; did you mean ...?"`` where a known word is near, else nothing."""
    near = difflib.get_close_matches(word.casefold()[:100], sorted(known), n=1, cutoff=0.7)
    return f"; did you mean {near[0]}?" if near else ""
