"""Ids of units: readable, the same the next time, and each of one unit only."""

# Apostrophes are written here as people type them.
# ruff: noqa: RUF001

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

from rolecall.adopt.entity_names import plain_entity_key

__all__ = ["EntityIds"]

_LONGEST = 60
# Letters that are not made of a letter and a sign.
_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe"})


class EntityIds:
    """Gives ids: those that units had before, and new ones made of their names."""

    def __init__(self, known: Mapping[str, Sequence[str]]) -> None:
        """Know what was given before.

        :param known: names and paths by ids.
        """
        self._taken = set(known)
        self._given: set[str] = set()
        self._by_path = {path: id_ for id_, names in known.items() for path in names}
        by_name: dict[str, set[str]] = {}
        for id_, names in known.items():
            for path in names:
                by_name.setdefault(plain_entity_key(path.rpartition(" > ")[2]), set()).add(id_)
        self._by_name = {name: min(ids) for name, ids in by_name.items() if len(ids) == 1}

    def id_of(self, path: str, name: str, parent: str) -> str:
        """Return the id of a unit; the same for another unit only where memory has it so."""
        id_ = self._by_path.get(path)
        if id_ is None:
            id_ = self._by_name.get(plain_entity_key(name))
            if id_ is None or id_ in self._given:
                id_ = self._new(name, parent)
        self._given.add(id_)
        return id_

    def _new(self, name: str, parent: str) -> str:
        slug = _slug(name)
        above = _slug(parent.rpartition(" > ")[2]) if parent else ""
        number, found = 1, slug
        while found in self._taken:
            number += 1
            found = f"{slug}-{above}" if above and number == 2 else f"{slug}-{number}"
        self._taken.add(found)
        return found


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", plain_entity_key(name).translate(_LETTERS))
    bare = "".join(char for char in plain if not unicodedata.combining(char))
    joined = re.sub(r"['’`´]", "", bare).replace("&", " and ")
    return re.sub(r"[\W_]+", "-", joined).strip("-")[:_LONGEST].strip("-") or "unit"
