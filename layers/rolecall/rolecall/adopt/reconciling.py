"""A proposal and a registry that is there become one registry.

What somebody edited in the registry since the last adoption stays; what the sheets say otherwise
than last time is taken; what they no longer say is asked (:mod:`rolecall.adopt.vanishing`). Nothing
is deleted because a sheet is silent, and what no sheet and no edit says of a row stays untracked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from rolecall.adopt.adopted import KEYS, AdoptedRow
from rolecall.adopt.proposal import ProposedRow
from rolecall.adopt.registry_tables import RegistryTable, with_columns
from rolecall.provenance import UNTRACKED
from rolecall.registry.schema import columns

__all__ = ["MergedTable", "merged_table", "row_name"]


class MergedTable(Struct, frozen=True):
    """A table as it is to be.

    :ivar table: the very table that was there, where nothing changes.
    :ivar added: how many rows are new.
    :ivar changed: how many rows say something new.
    :ivar kept: what the registry says otherwise than the sheets, and goes on saying, in sentences.
    :ivar conflicts: the cells of which that is said, each by the key of its row and its column.
    """

    table: RegistryTable
    added: int = 0
    changed: int = 0
    kept: tuple[str, ...] = ()
    conflicts: frozenset[tuple[tuple[str, ...], str]] = frozenset()


def row_name(table: str, key: Sequence[str]) -> str:
    """Return a row as a sentence names it."""
    return f"{table} {' '.join(key)}"


def merged_table(
    name: str,
    current: RegistryTable | None,
    proposed: Sequence[ProposedRow],
    adopted: Iterable[AdoptedRow],
    settled: Mapping[tuple[str, ...], Mapping[str, str]],
) -> MergedTable:
    """Return a table of a registry with what is proposed.

    :param current: the table as it is, ``None`` where there is none.
    :param adopted: its rows as they were last adopted.
    :param settled: cells that answers about vanished rows set, by the keys of the rows.
    """
    before = {row.key: row.cells for row in adopted}
    work = _Work(name, current or RegistryTable((), ()))
    for row in proposed:
        key = tuple(row.cells.get(part, "") for part in KEYS[name])
        work.take(key, row.cells, before.get(key))
    for key, cells in settled.items():
        work.settle(key, cells)
    return work.done(current)


class _Work:
    """One table while rows are put into it."""

    def __init__(self, name: str, current: RegistryTable) -> None:
        self.name = name
        self.current = current
        self.rows: list[dict[str, str]] = [dict(row) for row in current.rows]
        self.at = {self._key(row): index for index, row in self._by_life(self.rows)}
        self.fresh: set[int] = set()
        self.changed: set[int] = set()
        self.kept: list[str] = []
        self.conflicts: set[tuple[tuple[str, ...], str]] = set()

    def _key(self, row: Mapping[str, str]) -> tuple[str, ...]:
        return tuple(row.get(part, "") for part in KEYS[self.name])

    def _by_life(
        self, rows: Sequence[Mapping[str, str]]
    ) -> Iterator[tuple[int, Mapping[str, str]]]:
        """Yield rows so that of a person's grants on an account the live one comes last."""
        return iter(sorted(enumerate(rows), key=lambda one: not one[1].get("revoked_on")))

    def take(
        self, key: tuple[str, ...], cells: Mapping[str, str], before: Mapping[str, str] | None
    ) -> None:
        """Put a proposed row in, or what it says that is new into the row that is there."""
        index = self.at.get(key)
        if index is not None:
            self._update(index, key, cells, before or {})
        elif before is not None:
            self.kept.append(f"{row_name(self.name, key)} was taken out by hand, and stays out")
        else:
            self.at[key] = len(self.rows)
            self.fresh.add(len(self.rows))
            self.rows.append(dict(cells))

    def _update(
        self,
        index: int,
        key: tuple[str, ...],
        cells: Mapping[str, str],
        before: Mapping[str, str],
    ) -> None:
        row = self.rows[index]
        for column, said in cells.items():
            now = row.get(column, UNTRACKED)
            if said == now or (not said and column not in before and now != UNTRACKED):
                continue
            was = before.get(column, UNTRACKED)
            if now in (was, UNTRACKED) or (not now and column not in before):
                row[column] = said
                self.changed.add(index)
            elif said != was:
                self.conflicts.add((key, column))
                self.kept.append(
                    f"{row_name(self.name, key)}, {column}: the registry says {now or 'nothing'}, "
                    f"the sheets {said or 'nothing'}; the registry was kept"
                )

    def settle(self, key: tuple[str, ...], cells: Mapping[str, str]) -> None:
        """Set what an answer decided about a row."""
        index = self.at.get(key)
        if index is None:
            return
        row = self.rows[index]
        for column, value in cells.items():
            if row.get(column) != value:
                row[column] = value
                self.changed.add(index)

    def done(self, current: RegistryTable | None) -> MergedTable:
        """Return the table."""
        if not (self.fresh or self.changed) and current is not None:
            return MergedTable(current, kept=tuple(self.kept), conflicts=frozenset(self.conflicts))
        required = [name for name, column in columns(self.name).items() if column.required]
        said = {column for row in self.rows for column in row}
        header = with_columns(self.name, self.current.header, {*required, *said})
        # Of whom nobody says anything in a column, nobody says that there is nothing.
        names = RegistryTable(header, ()).names
        optional = [name for name in names if name in columns(self.name) and name not in required]
        rows = [
            {**dict.fromkeys((n for n in optional if n not in row), UNTRACKED), **row}
            for row in self.rows
        ]
        table = RegistryTable(header, tuple(rows), self.current.delimiter, self.current.line_end)
        return MergedTable(
            table,
            len(self.fresh),
            len(self.changed),
            tuple(self.kept),
            frozenset(self.conflicts),
        )
