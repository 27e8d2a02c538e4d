"""The rows of a registry's tables, with the marks of what is not tracked for all of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from rolecall.model import TABLES, RegistryRecord, Snapshot
from rolecall.provenance import OTHERS_UNTRACKED, UNTRACKED, row_key
from rolecall.registry.schema import Column, columns

__all__ = ["present_tables", "table_rows"]


def present_tables(snapshot: Snapshot) -> list[str]:
    """Return the tables that a registry has."""
    tables = {column.partition(".")[0] for column in (*snapshot.tracked, *snapshot.filled)}
    return [name for name in TABLES if name in tables]


def _header(snapshot: Snapshot, table: str) -> tuple[list[str], list[str]]:
    """Return the columns of a table that are tracked, and the names of its notes."""
    known = snapshot.tracked | snapshot.filled.keys()
    tracked = [name for name in columns(table) if f"{table}.{name}" in known]
    notes: dict[str, None] = {}
    for record in _records(snapshot, table):
        notes.update(dict.fromkeys(record.notes or ()))
    return tracked, list(notes)


def _records(snapshot: Snapshot, table: str) -> Sequence[Any]:
    records: Sequence[RegistryRecord] = getattr(snapshot, table)
    return records


def table_rows(snapshot: Snapshot, table: str) -> Iterator[list[Any]]:
    """Yield a table as it is written: its header, and a row for each of its records."""
    tracked, notes = _header(snapshot, table)
    yield [*tracked, *notes]
    partly = {
        name: rows
        for name in tracked
        if (rows := snapshot.filled.get(column := f"{table}.{name}"))
        and column not in snapshot.tracked
    }
    keys = set(map(row_key(table), _records(snapshot, table))) if partly else set()
    for record in _records(snapshot, table):
        noted = record.notes or {}
        key = row_key(table)(record) if partly else ()
        yield [
            *(
                UNTRACKED if name in partly and key not in partly[name] else getattr(record, name)
                for name in tracked
            ),
            *(noted.get(name) for name in notes),
        ]
    if any(keys <= rows for rows in partly.values()):
        # It is tracked for all rows that there are: of those that there might be nobody knows.
        known = columns(table)
        yield [
            *(_mark_of_others(known[name], name in partly) for name in tracked),
            *(None for _ in notes),
        ]


def _mark_of_others(column: Column, is_partly: bool) -> str | None:
    """Return what stands in the row that says what is not tracked for rows that are not there."""
    if is_partly and column.required and not column.filled:
        return OTHERS_UNTRACKED
    return UNTRACKED if is_partly or column.required else None
