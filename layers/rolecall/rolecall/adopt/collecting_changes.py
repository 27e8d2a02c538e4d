"""Changes that answers make, in sentences, and the tables of a registry with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct
from msgspec.structs import replace

from rolecall.adopt.adopted import KEYS
from rolecall.adopt.proposal import ProposedRow
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
    fresh: dict[str, dict[tuple[str, ...], dict[str, str]]] = {}
    settled: dict[str, dict[tuple[str, ...], dict[str, str]]] = {}
    for change in changes:
        is_new = change.is_new or change.key in fresh.get(change.table, ())
        rows = (fresh if is_new else settled).setdefault(change.table, {})
        rows.setdefault(change.key, {}).update(change.cells)
    return {
        name: merged_table(
            name,
            _by_ids(name, there[name], snapshot) if name in there else None,
            [ProposedRow(cells) for cells in fresh.get(name, {}).values()],
            (),
            settled.get(name, {}),
        )
        for name in KEYS
        if name in fresh or name in settled
    }


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
