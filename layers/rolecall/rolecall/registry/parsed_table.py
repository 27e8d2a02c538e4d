"""A table as records, with what is tracked of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from typing import Any

from msgspec import Struct

from rolecall.model import RowKey
from rolecall.provenance import row_key

__all__ = ["ParsedTable"]


class ParsedTable(Struct, frozen=True, kw_only=True):
    """A table as records; ``numbers[i]`` is the row of ``records[i]`` in the source.

    :ivar tracked: its columns.
    :ivar untracked: by column, the indexes of records whose cells say that they are not tracked.
    :ivar partly: columns of which it says that they are not tracked for rows that it does not have.
    """

    name: str
    file: str
    records: Sequence[Any]
    numbers: Sequence[int]
    tracked: frozenset[str]
    untracked: Mapping[str, Set[int]] = {}
    partly: Set[str] = frozenset()

    def tracked_columns(self) -> frozenset[str]:
        """Return the columns that are tracked for all rows."""
        return self.tracked - self.untracked.keys() - self.partly

    def filled(self) -> Mapping[str, frozenset[RowKey]]:
        """Return the rows for which the others are tracked."""
        columns = self.untracked.keys() | self.partly
        if not columns:
            return {}
        keys = list(map(row_key(self.name), self.records))
        found = {}
        for name in columns:
            out = self.untracked.get(name, frozenset())
            found[name] = frozenset(key for index, key in enumerate(keys) if index not in out)
        return found
