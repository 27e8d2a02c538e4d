"""The table of a grid: where its headings stand, and which of its rows say something."""

from __future__ import annotations

from collections.abc import Sequence

from rolecall.adopt.reading.grids import Grid, GridCell, GridRow
from rolecall.adopt.sheets import Sheet, SheetCell, SheetRow
from rolecall.registry.cells import Unreadable
from rolecall.registry.problems import Problems

__all__ = ["sheet_of"]

_SEARCHED = 30


def sheet_of(grid: Grid, problems: Problems) -> Sheet | None:
    """Return the table of a grid, or ``None`` where it has none."""
    rows = [row for row in grid.rows if any(cell != "" for cell in row.cells)]
    if not rows:
        return None
    at = max(range(len(rows[:_SEARCHED])), key=lambda at: (_filled(rows[at]), -at))
    width = max(len(row.cells) for row in rows[at:])
    headings = tuple(map(str, _padded(rows[at].cells, width)))
    kept = []
    for row in rows[at + 1 :]:
        cells: list[SheetCell] = []
        for index, cell in enumerate(_padded(row.cells, width)):
            if isinstance(cell, Unreadable):
                column = headings[index] or f"column {index + 1}"
                problems.add(grid.place, cell.message, row=row.number, column=column)
            else:
                cells.append(cell)
        kept.append(SheetRow(row.number, tuple(cells)))
    return Sheet(grid.file, grid.name, headings, rows[at].number, tuple(kept), tuple(grid.remarks))


def _filled(row: GridRow) -> int:
    return sum(isinstance(cell, str) and cell != "" for cell in row.cells)


def _padded(cells: Sequence[GridCell], width: int) -> list[GridCell]:
    return [*cells, *[""] * (width - len(cells))]
