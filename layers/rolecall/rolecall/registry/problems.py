"""Collects what is wrong with an input: all of it counted, the first of it kept."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from rolecall.bounded_reading import content_of
from rolecall.errors import PolicyError, Problem
from rolecall.printable import printable, shorten

__all__ = ["MOST_PROBLEMS", "Problems", "nearest", "policy_file", "suggestion", "undecodable"]

MOST_PROBLEMS = 1_000
"""The number of problems that are kept to be shown; the count is exact beyond it."""


class Problems:
    """Problems in reading order.

    ``files`` holds every file with a problem, ``cut`` those that could not be read to their end.
    """

    def __init__(self) -> None:
        self.kept: list[Problem] = []
        self.count = 0
        self.files: set[str] = set()
        self.cut: set[str] = set()

    def add(
        self,
        file: str,
        message: str,
        *,
        row: int | None = None,
        column: str | None = None,
        value: str | None = None,
    ) -> None:
        """Add one problem, made printable; ``value`` and ``column`` are shortened too.

        A value that is blank is not shown.
        """
        self.count += 1
        self.files.add(file)
        if len(self.kept) < MOST_PROBLEMS:
            place = None if column is None else shorten(column, 100)
            shown = shorten(value.strip()) if value and value.strip() else None
            self.kept.append(Problem(printable(file), printable(message), row, place, shown))


def suggestion(word: str, known: Iterable[str]) -> str:
    """Return ``"; did you mean ...?"`` where a known word is near, else nothing."""
    near = nearest(word, known)
    return f"; did you mean {near}?" if near else ""


def undecodable(error: UnicodeDecodeError) -> str:
    """Return where a text stops being UTF-8, for a message."""
    line = error.object.count(b"\n", 0, error.start) + 1
    return f"(byte {error.object[error.start]:#04x} in line {line})"


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that a word was meant to be, or ``None`` where none is near."""
    return _nearest(word.casefold()[:100], tuple(sorted(known)))


@lru_cache(maxsize=1_000)
def _nearest(word: str, known: tuple[str, ...]) -> str | None:
    near = difflib.get_close_matches(word, known, n=1, cutoff=0.7)
    return near[0] if near else None


def policy_file(path: Path, most: int) -> bytes:
    """Return what a file of a policy holds, of one that is too large a byte more than it may have.

    :param most: bytes that it may have.
    :raises PolicyError: it cannot be read.
    """
    try:
        return content_of(path, most)
    except OSError as error:
        problems = Problems()
        problems.add(path.name, f"cannot be read: {error.strerror}")
        raise PolicyError(problems.kept) from error
