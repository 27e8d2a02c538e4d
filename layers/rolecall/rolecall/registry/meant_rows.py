"""Rows of a file by the ids that are meant by what names them, where they name others as people do.

A grant is named by its account and its person. A finding has their ids; the row may have a name, or
an id that is written otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from rolecall.registry.cells import Cell, Typed
from rolecall.registry.raw_table import RawTable
from rolecall.registry.row_names import MeantIds
from rolecall.registry.schema import column_name

__all__ = ["cell_text", "meant_rows"]

_TABLES = {"account_id": "accounts", "person_id": "people"}


class _Called(NamedTuple):
    """What a person or an account is called."""

    id: str
    name: str
    platform: str
    handle: str


def meant_rows(
    columns: Sequence[str],
    rows: Mapping[tuple[str, ...], int],
    opened: Callable[[str], RawTable | None],
) -> Mapping[tuple[str, ...], int]:
    """Return the numbers of rows by ids.

    :param columns: those that name a row.
    :param rows: the numbers of rows by what stands in these columns.
    :param opened: returns a table as its source gave it, if there is one.
    """
    if not _TABLES.keys() & {*columns}:
        return {}
    known = [_ids_of(_TABLES.get(column), opened) for column in columns]
    return {
        tuple(id_of(text) for id_of, text in zip(known, key, strict=True)): number
        for key, number in rows.items()
    }


def _ids_of(table: str | None, opened: Callable[[str], RawTable | None]) -> Callable[[str], str]:
    raw = None if table is None else opened(table)
    if table is None or raw is None:
        return str
    names = [column_name(text) for text in raw.header]
    at = [names.index(name) if name in names else -1 for name in _Called._fields]
    called = [_Called(*(cell_text(row, place) for place in at)) for row in raw.rows]
    return MeantIds(table, called).id_of


def cell_text(row: Sequence[Cell], place: int) -> str:
    """Return the text at a place of a row, and nothing where it has no such place."""
    cell = row[place] if 0 <= place < len(row) else ""
    if isinstance(cell, Typed):
        return cell.text
    return cell.strip() if isinstance(cell, str) else ""
