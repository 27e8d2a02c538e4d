"""A table as its source gave it, and which of its columns are those of the registry."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from rolecall.registry.cells import Cell
from rolecall.registry.problems import Problems, nearest, suggestion
from rolecall.registry.schema import Column, column_name, columns

__all__ = ["Place", "RawTable", "places_of"]


class RawTable(Struct, frozen=True, kw_only=True):
    """A table as its source gave it.

    ``file`` names it in messages, ``header`` holds the column names as written, ``rows`` the cells
    of each row (a blank row is an empty list), ``first_row`` the number of the first of them, and
    ``separators`` what separates the items of a list in one cell.
    """

    name: str
    file: str
    header: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    first_row: int = 2
    separators: str = "|;"


class Place(Struct, frozen=True):
    """Where a column of the source goes: to a column of the table, or to the notes."""

    index: int
    name: str
    column: Column | None


def places_of(raw: RawTable, problems: Problems, warnings: Problems) -> list[Place] | None:
    """Hold a header against the columns of the table."""
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
