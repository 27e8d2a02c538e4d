"""By what people, entities and accounts are called where an id is asked.

An id is what names a row. Who fills a table by hand writes a name instead, and where one row alone
has it nobody can be mistaken: the row is meant. Invariants:

- What is an id of some row is that id, whatever anybody is called.
- A name is taken as it is written, composed and without blanks around it; what is merely near is a
  suggestion. An account is called by its handle and where it is, ``@parish on instagram``, and two
  such are one where the platform finds one account by them.
- A name that two rows have, or that no reader could tell from another row's, is nobody's.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from rolecall.keys.accounts import match_key
from rolecall.keys.texts import identifier_key, look, visible

__all__ = ["NAMED_TABLES", "MeantIds", "RowNames", "composed", "shown_choice"]

NAMED_TABLES = ("entities", "people", "accounts")
"""The tables whose rows others name."""
_ON = " on "
_MOST_SHOWN = 5


class RowNames:
    """What the rows of a table are called. Nothing is made before somebody asks."""

    def __init__(self, table: str, records: Iterable[Any]) -> None:
        """Take the rows of one of the tables that others name."""
        self._table = table
        self._records = {record.id: record for record in records if record.id}

    def ids_of(self, text: str) -> Sequence[str]:
        """Return the rows that a text means: by their id, or else by their name.

        One where it is clear; several, sorted, where it is not; none where nobody is called so.
        """
        if text in self._records:
            return (text,)
        if self._table == "accounts":
            handle, _, platform = text.rpartition(_ON)
            is_whole = bool(handle.strip() and platform.strip())
            return self._accounts.get(_account(platform, handle), ()) if is_whole else ()
        # Who is called so is meant only where nobody else could be.
        return self._looks[_look(text)] if composed(text) in self._names else ()

    @cached_property
    def _names(self) -> frozenset[str]:
        return frozenset(composed(one.name) for one in self._records.values() if one.name)

    @cached_property
    def _looks(self) -> Mapping[str, Sequence[str]]:
        return _grouped((id_, _look(one.name or "")) for id_, one in self._records.items())

    @cached_property
    def _accounts(self) -> Mapping[tuple[str, str], Sequence[str]]:
        return _grouped(
            (id_, _account(one.platform, one.handle))
            for id_, one in self._records.items()
            if one.platform and one.handle
        )


class MeantIds:
    """What references to rows of a table mean: ids, ids that are written otherwise, and names."""

    def __init__(self, table: str, records: Iterable[Any]) -> None:
        """Take the rows of one of the tables that others name."""
        rows = list(records)
        self._ids = {record.id for record in rows}
        self._names = RowNames(table, rows)
        self._written = _grouped((id_, identifier_key(id_)) for id_ in sorted(self._ids))

    def id_of(self, text: str) -> str:
        """Return the id that a text means, or the text itself where it means none."""
        if text in self._ids:
            return text
        found = self._written.get(identifier_key(text), ())
        found = found if len(found) == 1 else self._names.ids_of(text)
        return found[0] if len(found) == 1 else text


def composed(text: str) -> str:
    """Return a name as names are compared."""
    text = text.strip()
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def shown_choice(ids: Sequence[str]) -> str:
    """Return rows of whom nobody can tell which is meant."""
    more = f" and {len(ids) - _MOST_SHOWN:,} more" if len(ids) > _MOST_SHOWN else ""
    return f"{', '.join(ids[:_MOST_SHOWN])}{more}"


def _grouped(keys: Iterable[tuple[str, Any]]) -> Mapping[Any, Sequence[str]]:
    found: defaultdict[Any, list[str]] = defaultdict(list)
    for id_, key in keys:
        found[key].append(id_)
    return {key: sorted(ids) for key, ids in found.items()}


def _look(name: str) -> str:
    return look(visible(name))


def _account(platform: str, handle: str) -> tuple[str, str]:
    return match_key(platform.strip(), handle.strip())
