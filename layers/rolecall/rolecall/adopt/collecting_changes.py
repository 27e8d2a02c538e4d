"""Changes that answers make, in sentences, and the tables of a registry with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from rolecall.adopt.adopted import KEYS
from rolecall.adopt.reconciling import MergedTable, merged_table
from rolecall.adopt.registry_tables import RegistryTable
from rolecall.model import Snapshot
from rolecall.registry.row_names import MeantIds
from rolecall.registry.schema import columns

__all__ = ["CollectedChange", "changed_tables"]


class CollectedChange(Struct, frozen=True):
    """Cells of one row that get other texts, or a row that is new.

    :ivar key: what names the row in its table.
    :ivar sentence: the change as people read it.
    """

    table: str
    key: tuple[str, ...]
    cells: Mapping[str, str]
    sentence: str
    is_new: bool = False


def changed_tables(
    changes: Iterable[CollectedChange], there: Mapping[str, RegistryTable], snapshot: Snapshot
) -> Mapping[str, MergedTable]:
    """Return the tables that changes concern, as they are to be.

    :param there: the tables as their files have them; rows may be named by names there.
    """
    new: dict[str, list[tuple[str, ...]]] = {}
    settled: dict[str, dict[tuple[str, ...], dict[str, str]]] = {}
    for change in changes:
        rows = settled.setdefault(change.table, {})
        if change.is_new and change.key not in new.setdefault(change.table, []):
            new[change.table].append(change.key)
        rows.setdefault(change.key, {}).update(change.cells)
    return {
        name: merged_table(
            name, _with_rows(name, there.get(name), snapshot, new.get(name, ())), (), (), cells
        )
        for name, cells in settled.items()
    }


def _with_rows(
    name: str,
    table: RegistryTable | None,
    snapshot: Snapshot,
    keys: Sequence[tuple[str, ...]],
) -> RegistryTable:
    """Return a table with new rows at its end, which have nothing yet but what names them.

    Somebody whose access was taken away once may have it again: that is a row beside the old one.
    """
    known = _by_ids(name, table, snapshot) if table is not None else RegistryTable((), ())
    rows = [dict(zip(KEYS[name], key, strict=True)) for key in keys]
    return replace(known, rows=(*known.rows, *rows))


def _by_ids(name: str, table: RegistryTable, snapshot: Snapshot) -> RegistryTable:
    """Return a table whose rows are named by ids, for a name is as good as an id in a file."""
    meant = {
        part: MeantIds(target, getattr(snapshot, target))
        for part in KEYS[name]
        if (target := columns(name)[part].refers) is not None
    }
    if not meant:
        return table
    rows = (
        {**row, **{part: ids.id_of(row.get(part, "")) for part, ids in meant.items()}}
        for row in table.rows
    )
    return replace(table, rows=tuple(rows))
