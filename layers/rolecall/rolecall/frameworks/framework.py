"""What a framework is here: its name, its release, and the ids and titles of its requirements."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence, Set

from msgspec import Struct

__all__ = ["Framework", "in_natural_order"]

_NUMBER = re.compile(r"(\d+)")


class Framework(Struct, frozen=True, kw_only=True):
    """A public framework that references name.

    :ivar key: by which references, policies and ``titles.csv`` name it.
    :ivar name: as people call it.
    :ivar release: the name with the release that the ids are of.
    :ivar notice: where the titles are from, and whose the name is.
    :ivar titles: what requirements are called, by id.
    :ivar is_verbatim: whether the titles are the framework's own; otherwise they are our words.
    :ivar ids: every requirement that may be named.
    :ivar note: what whoever reads the mapping should know beside.
    """

    key: str
    name: str
    release: str
    notice: str
    titles: Mapping[str, str]
    is_verbatim: bool
    ids: Set[str]
    note: str = ""

    def check(self, ids: Sequence[str]) -> None:
        """Refuse ids that the framework does not have, and any order but the natural one.

        :raises ValueError: the message says which.
        """
        for id_ in ids:
            if id_ not in self.ids or id_ not in self.titles:
                raise ValueError(f"the table of {self.name} has no {id_}")
        if list(ids) != in_natural_order(set(ids)):
            wanted = ", ".join(in_natural_order(set(ids)))
            raise ValueError(f"{self.name}: in their natural order, each once: {wanted}")


def in_natural_order(names: Iterable[str]) -> list[str]:
    """Return names in the order in which people look for them: A.5.9 before A.5.10."""
    return sorted(names, key=_natural)


def _natural(name: str) -> tuple[tuple[int, int | str], ...]:
    # Numbers by their value, and before letters where a name has the one and another the other.
    return tuple(
        (0, int(part)) if part.isdecimal() else (1, part.casefold())
        for part in _NUMBER.split(name)
        if part
    )
