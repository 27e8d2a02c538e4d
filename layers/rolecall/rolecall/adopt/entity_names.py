"""Names of units as they are compared, and the paths that some of them are written as.

Two names of one ``plain_entity_key`` differ by case, space and signs that nobody sees, and are one.
Two of one ``folded_entity_key`` differ by accents, punctuation and how a word is shortened as well:
that they are one is likely, and is asked.
"""

# Apostrophes, dashes and arrows are written here as people type them.
# ruff: noqa: RUF001

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache

from rolecall.adopt.word_sets import word_set
from rolecall.keys.texts import visible

__all__ = [
    "EntityPaths",
    "entity_path",
    "folded_entity_key",
    "plain_entity_key",
    "units_above",
]

_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"))
_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe"})
_APOSTROPHES = re.compile(r"['’ʼ`´‘]")
_SHORT = {
    **dict.fromkeys(
        word_set("saint sankt sint santo santa sao sainte ste sta san sw swiety swieta"), "st"
    ),
    **dict.fromkeys(word_set("and und et y e en i"), "&"),
}
_PATH = re.compile(r"\s*[>»›→\\]\s*")


@lru_cache(maxsize=1 << 14)
def plain_entity_key(name: str) -> str:
    """Return by what a name is found, whatever its case and its blanks."""
    return visible(name).casefold()


@lru_cache(maxsize=1 << 14)
def folded_entity_key(name: str) -> str:
    """Return what two spellings of one name have in common."""
    text = _APOSTROPHES.sub("", visible(name).casefold().translate(_LETTERS).translate(_DASHES))
    plain = unicodedata.normalize("NFKD", text)
    bare = "".join(char for char in plain if not unicodedata.combining(char))
    words = re.findall(r"[^\W_]+|&", bare)
    return " ".join(_SHORT.get(word, word) for word in words)


def entity_path(name: str, above: tuple[str, ...] = ()) -> str:
    """Return by what memory knows a unit: the names from the top, each by its plain key."""
    return " > ".join(plain_entity_key(one) for one in (*reversed(above), name))


class EntityPaths:
    """Tells which cells of a column are paths.

    An arrow separates always. A slash may stand in a name ("Bridge / Pont"): it separates where
    the column has what stands before it alone, or several paths with the same beginning.
    """

    def __init__(self, cells: Iterable[str]) -> None:
        names = {plain_entity_key(cell) for cell in cells if cell}
        before = Counter(name.partition(" / ")[0] for name in names if " / " in name)
        self._tops = {name for name, count in before.items() if count > 1 or name in names}

    def split(self, cell: str) -> tuple[str, ...]:
        """Return the names in a cell, the unit first and then those above it."""
        if not cell:
            return ()
        parts = _PATH.split(cell)
        if cell.startswith("/"):
            parts = cell.split("/")
        elif plain_entity_key(cell).partition(" / ")[0] in self._tops:
            parts = [name for part in parts for name in part.split(" / ")]
        return tuple(reversed([name for part in parts if (name := visible(part))]))


def units_above(columns: Sequence[Sequence[str]]) -> list[int]:
    """Return the columns of units from the top to the bottom, each by its place among them.

    One stands above another where each unit of the other is in one of it, and it has fewer. Where
    that is so of no two of them, the first is the one: the others say something else.
    """
    order = sorted(range(len(columns)), key=lambda at: (len(_distinct(columns[at])), at))
    found = order[:1]
    for at in order[1:]:
        if _is_above(columns[found[-1]], columns[at]):
            found.append(at)
    return found if len(found) > 1 else [0][: len(columns)]


def _distinct(cells: Sequence[str]) -> set[str]:
    return {plain_entity_key(cell) for cell in cells if cell}


def _is_above(upper: Sequence[str], lower: Sequence[str]) -> bool:
    above: dict[str, str] = {}
    for one, other in zip(upper, lower, strict=True):
        if one and other:
            key = plain_entity_key(one)
            if above.setdefault(plain_entity_key(other), key) != key:
                return False
    return bool(above)
