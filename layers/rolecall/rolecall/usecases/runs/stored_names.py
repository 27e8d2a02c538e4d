"""What those are called of whom a batch speaks, and whom neither it nor the plan knew of.

A finding of an earlier run may speak of anybody: its row may have gone, and with it whatever named
them in the batch. The plan leaves all names in a few files, cut by place on the ring; those that
somebody's name is in are read when it is asked for, once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property

import msgspec

from rolecall.model import Subject
from rolecall.named_keys import NamedTable
from rolecall.naming import Called, Names
from rolecall.ring import shard_of, slot_of
from rolecall.usecases.runs.batch import Frozen

__all__ = ["StoredNames", "login_place", "name_files"]

_MOST_FILES = 256
_PLACED: Mapping[str, Callable[[str], Subject]] = {
    "people": lambda id_: Subject("person", person=id_),
    "accounts": lambda id_: Subject("account", account=id_),
    # Evidence has the id of a login alone, not that of its account.
    "logins": lambda id_: Subject("person", person=id_),
}
_decode = msgspec.json.Decoder(dict[str, dict[str, str]]).decode


def name_files(batches: int) -> int:
    """Return into how many files the names of a registry go that is cut into so many batches."""
    return min(batches, _MOST_FILES)


def login_place(id_: str) -> int:
    """Return where the name of a login is kept."""
    return slot_of(_PLACED["logins"](id_))


class StoredNames:
    """The names of a batch, and of all others where the plan left them."""

    def __init__(self, get: Callable[[str], bytes], frozen: Frozen, own: Names) -> None:
        """Take what gives names.

        :param get: gives a file of the run, by its name.
        :param own: of the batch.
        """
        self._own = own
        # A run that an earlier release planned has none.
        self._count = frozen.names
        self._get, self._prefix = get, frozen.prefix
        self._read: dict[int, Called] = {}

    def find(self, table: NamedTable, id_: str) -> str | None:
        """Return a name, wherever it stands."""
        if (name := self._own.find(table, id_)) is not None or not self._count:
            return name
        if table == "entities":
            return self._entities.get(id_)
        place = slot_of(_PLACED[table](id_))
        return self._named(shard_of(place, self._count)).get(table, {}).get(id_)

    @cached_property
    def _entities(self) -> Mapping[str, str]:
        return msgspec.json.decode(self._get(f"{self._prefix}/entities.json"), type=dict[str, str])

    def _named(self, number: int) -> Called:
        if number not in self._read:
            self._read[number] = _decode(self._get(f"{self._prefix}/names/{number:06}.json"))
        return self._read[number]
