"""A table as its source gave it, and which of its columns are those of the registry."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from msgspec import Struct

from rolecall.registry.cells import Cell
from rolecall.registry.csv_blocks import Block, Chunk, CsvRows
from rolecall.registry.problems import Problems, nearest, suggestion
from rolecall.registry.schema import Column, column_name, columns
from rolecall.registry.secret_columns import SecretColumns

__all__ = ["MOST_COLUMNS", "Place", "RawTable", "chunks_of", "holds_secrets", "places_of"]

_CHUNK = 1_000

MOST_COLUMNS = 500
"""Columns that a table may have; the widest of the registry's own has some thirty."""


class RawTable(Struct, frozen=True, kw_only=True):
    """A table as its source gave it.

    ``file`` names it in messages, ``header`` holds the column names as written, ``rows`` the cells
    of each row (a blank row is an empty list), ``first_row`` the number of the first of them, and
    ``separators`` what separates the items of a list in one cell.
    """

    name: str
    file: str
    header: Sequence[str]
    rows: Iterable[Sequence[Cell]] | CsvRows
    first_row: int = 2
    separators: str = "|;"


class Place(Struct, frozen=True):
    """Where a column of the source goes: to a column of the table, or to the notes."""

    index: int
    name: str
    column: Column | None


def chunks_of(raw: RawTable, *, as_rows: bool) -> Iterator[Chunk]:
    """Yield the rows of a table, some hundred at a time.

    :param as_rows: whether each of them is looked at: no blocks of rows are wanted.
    """
    if isinstance(raw.rows, CsvRows) and not as_rows:
        yield from raw.rows.chunks()
        return
    rows = iter(raw.rows)
    while chunk := list(islice(rows, _CHUNK)):
        yield chunk


def holds_secrets(raw: RawTable, secrets: SecretColumns, chunk: Chunk, problems: Problems) -> bool:
    """Tell whether some rows show that a column holds secrets, and report each that does."""
    if not isinstance(chunk, Block):
        secrets.read(chunk)
    for name in (found := secrets.refused()):
        problems.add(
            raw.file,
            "a registry must never hold secrets; delete this column, and change what it held, "
            "as it was stored in the open",
            column=name,
        )
    return bool(found)


def places_of(raw: RawTable, problems: Problems, warnings: Problems) -> list[Place] | None:
    """Hold a header against the columns of the table."""
    if len(raw.header) > MOST_COLUMNS:
        # Each row would be made as wide as the header.
        problems.add(raw.file, f"has {len(raw.header):,} columns; at most {MOST_COLUMNS} are read")
        return None
    known = columns(raw.name)
    names = list(map(column_name, raw.header))
    before = problems.count
    first = {name: index for index, name in reversed(list(enumerate(names)))}
    places = []
    for index, name in enumerate(names):
        if name and first[name] != index:
            problems.add(raw.file, "this column appears twice", column=name)
        elif name not in known:
            near = suggestion(name, known)
            label = name or f"column_{index + 1}"
            if name or raw.rows:
                warnings.add(raw.file, f"unknown column, kept as a note{near}", column=label)
            places.append(Place(index, label, None))
        else:
            places.append(Place(index, name, known[name]))
    for column in known.values():
        if column.required and column.name not in names:
            found = nearest(column.name, (name for name in names if name not in known))
            hint = f"; is it the one that is called {found}?" if found else ""
            problems.add(raw.file, f"the column {column.name} is missing{hint}")
    return places if problems.count == before else None
