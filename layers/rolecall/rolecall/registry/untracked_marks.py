"""The marks of what nobody keeps track of: in a cell, and in a row that is no record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from rolecall.provenance import OTHERS_UNTRACKED, TABLES_BY_ROW, UNTRACKED
from rolecall.registry.cells import Cell
from rolecall.registry.problems import Problems
from rolecall.registry.raw_table import RawTable
from rolecall.registry.schema import Column

__all__ = ["is_untracked", "refuse_mark", "unmarked", "untracked_of_others"]


def is_untracked(cell: Cell) -> bool:
    """Tell whether a cell says that it is not tracked."""
    return isinstance(cell, str) and cell.strip() == UNTRACKED


def unmarked(
    by_index: Sequence[Sequence[Cell]], indexes: Iterable[int]
) -> Sequence[Sequence[Cell]]:
    """Return columns of cells without the marks that some of them have."""
    cells = list(by_index)
    for index in indexes:
        cells[index] = ["" if cell == UNTRACKED else cell for cell in cells[index]]
    return cells


def refuse_mark(raw: RawTable, row: int, column: str | None, problems: Problems) -> None:
    """Add the problem of a mark, if it stands in a table of which nothing is tracked by row."""
    if raw.name in TABLES_BY_ROW:
        return
    problems.add(
        raw.file,
        f"{raw.name} are tracked by column, not row by row: leave the cell empty where nothing is "
        "on record, or leave the column out",
        row=row,
        column=column,
        value=UNTRACKED if column else OTHERS_UNTRACKED,
    )


def untracked_of_others(
    cells: Mapping[str, Cell], known: Mapping[str, Column]
) -> frozenset[str] | None:
    """Return of which columns a row says that they are not tracked for rows that are not there.

    :returns: ``None`` for a record: a row of which a cell that must be filled has no mark.
    """
    marked = {name for name, cell in cells.items() if is_untracked(cell)}
    others = {name for name, cell in cells.items() if _is_of_others(cell)}
    if any(known[name].required and name not in marked | others for name in cells):
        return None
    # What must be filled is marked in any such row, so the mark of one cell says no more there.
    own = {name for name in marked if known[name].filled or not known[name].required}
    return frozenset(own | others)


def _is_of_others(cell: Cell) -> bool:
    return isinstance(cell, str) and cell.strip() == OTHERS_UNTRACKED
