"""Names without what stands before and behind them: forms of address, dignities, degrees."""

# Signs are written here as people write them.
# ruff: noqa: RUF001

from __future__ import annotations

from collections.abc import Sequence

from rolecall.adopt.given_names import is_given_name
from rolecall.adopt.name_keys import word_key
from rolecall.adopt.people_words import SUFFIXES, TITLES

__all__ = ["EDGES", "without_titles"]

EDGES = " \t\n.,:;?!*'\"“”„«»‹›=_~#–—-+&/\\"
"""Signs at the ends of a name that are no part of it."""


def without_titles(name: str) -> str:
    """Return a name without forms of address before it and degrees behind it."""
    words = name.split()
    while len(words) > 1 and _is_title(words):
        words = words[1:]
    while len(words) > 1 and word_key(words[-1]) in SUFFIXES and not _is_plain(words):
        words = words[:-1]
    return " ".join(words).strip(EDGES + ".") if words else ""


def _is_title(words: Sequence[str]) -> bool:
    first = words[0]
    key = word_key(first)
    if key in TITLES:
        # "Dean Murphy" and "Don Byrne" may be called so: an address of all names has a full stop.
        return not (is_given_name(first) and "." not in first and len(words) == 2)
    if first.endswith(("ª", "º")):
        return True
    letter = len(key) == 1 and first.endswith(".")
    # "P. Ludwig Maier", "S. Maria": one letter before a whole name; "M. Kelly" is one.
    return letter and key in ("h", "p", "s", "o", "d", "m") and len(words) > 2


def _is_plain(words: Sequence[str]) -> bool:
    """Tell whether the last word is written as a name: "Tom Ma" is, and "Tom Lee MA" is not."""
    last = words[-1].strip(".,")
    return len(words) == 2 and last[1:].islower()
