"""Tables that say what they do not know: of accounts of whose people no sheet spoke.

A list of websites says nothing of who administers them. Beside a sheet that does, their accounts
would seem to have nobody; the table of grants says instead that of others nothing is known.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from rolecall.adopt.adopted import Adopted
from rolecall.adopt.reconciling import MergedTable
from rolecall.adopt.registry_tables import RegistryTable
from rolecall.provenance import OTHERS_UNTRACKED
from rolecall.registry.schema import columns

__all__ = ["with_silence"]


def with_silence(
    merged: Mapping[str, MergedTable], there: Mapping[str, RegistryTable], adopted: Adopted
) -> tuple[Mapping[str, MergedTable], tuple[str, ...]]:
    """Return tables with a row that says so where it is so, and the names of those that have one.

    :param there: the tables as they are: one that nothing is put into may have to say it as well.
    """
    tables, others = dict(merged), []
    for name in ("grants", "logins"):
        table = tables.get(name) or (MergedTable(there[name]) if name in there else None)
        if table is None:
            continue
        says = [row for row in table.table.rows if _is_of_others(row)]
        if _is_silent(name, table.table, adopted):
            others.append(name)
            if not says:
                tables[name] = _with_row(name, table)
        elif says and name in adopted.others:
            rows = tuple(row for row in table.table.rows if not _is_of_others(row))
            tables[name] = replace(table, table=replace(table.table, rows=rows), changed=1)
    return tables, tuple(others)


def _is_silent(name: str, table: RegistryTable, adopted: Adopted) -> bool:
    """Tell whether there is an account of which no sheet says what the table would say."""
    told = {row.get("account_id") for row in table.rows}
    return any(
        name in row.silent and row.key[0] not in told for row in adopted.tables.get("accounts", ())
    )


def _is_of_others(row: Mapping[str, str]) -> bool:
    return row.get("account_id") == OTHERS_UNTRACKED


def _with_row(name: str, merged: MergedTable) -> MergedTable:
    required = [column.name for column in columns(name).values() if column.required]
    row = dict.fromkeys(required, OTHERS_UNTRACKED)
    table = replace(merged.table, rows=(*merged.table.rows, row))
    return replace(merged, table=table, changed=merged.changed or 1)
