"""The table of a grid: where its headings stand, and which of its rows say something."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from rolecall.adopt.platform_words import platform_named
from rolecall.adopt.reading.emptying import Emptying
from rolecall.adopt.reading.grids import MOST_GRID_CELLS, Grid, GridCell, GridRow
from rolecall.adopt.reading.heading_rows import (
    Headings,
    first_headings,
    headings_of,
    is_known_heading,
    is_value,
    said,
    typical_width,
)
from rolecall.adopt.reading.links import linked_column
from rolecall.adopt.reading.row_kinds import is_section, notes_from, row_kind
from rolecall.adopt.reading.secret_search import SecretSearch
from rolecall.adopt.sheets import Sheet, SheetCell, SheetRow
from rolecall.quantity import counted
from rolecall.registry.cells import Unreadable
from rolecall.registry.problems import Problems

__all__ = ["tables_of"]

_LEFT_OUT = {
    "total": "row of totals",
    "headings": "row that repeats the headings",
    "comment": "row of comments",
    "numbers": "row that numbers the columns",
    "note": "row of notes",
}
_MOST_NUMBERS = 5


class _Body(Struct):
    """The rows of a table, and what was left out of them."""

    rows: list[GridRow]
    sections: list[str]
    remarks: list[str]


class _Column(Struct):
    heading: str
    cells: list[GridCell]


def tables_of(grid: Grid, emptying: Emptying, problems: Problems) -> list[Sheet]:
    """Return the tables of a grid, mostly one: none of a sheet that is blank or hidden."""
    rows = [row for row in grid.rows if any(cell != "" for cell in row.cells)]
    found: list[Sheet] = []
    while rows:
        headings = first_headings(rows) if grid.is_headed else headings_of(rows, grid.merged)
        end = len(rows) if grid.is_headed else _next_table(rows, headings)
        part, rows = rows[:end], rows[end:]
        sheet = _table(grid, part, headings, emptying, problems)
        if sheet is not None and not grid.is_hidden:
            found.append(sheet)
    return found


def _next_table(rows: Sequence[GridRow], headings: Headings) -> int:
    """Return the index at which another table begins on the sheet, behind a blank row."""
    for at in range(headings.at + 2, len(rows)):
        if rows[at].number - rows[at - 1].number < 2:
            continue
        texts = said(rows[at])
        head = at + 1 if len(texts) == 1 else at
        if head + 1 < len(rows) and _is_heading_row(rows[head], headings):
            return at
    return len(rows)


def _is_heading_row(row: GridRow, headings: Headings) -> bool:
    """Tell whether a row has headings for certain, and others than those above."""
    names = said(row)
    if len(names) < 2 or any(is_value(cell) for cell in row.cells if cell != ""):
        return False
    known = sum(map(is_known_heading, names))
    is_again = row_kind(row, headings.names, is_first=False) == "headings"
    return known > 1 and 2 * known >= len(names) and not is_again


def _table(
    grid: Grid,
    rows: Sequence[GridRow],
    headings: Headings,
    emptying: Emptying,
    problems: Problems,
) -> Sheet | None:
    below = rows[headings.at + 1 :]
    search = SecretSearch(grid, problems, emptying.nothing)
    search.texts(headings.names, rows)
    search.pairs(headings.names, [*rows[: headings.first], *below])
    left_out = search.columns(headings.names, below)
    if grid.is_hidden:
        return None
    body = _body(grid, below, headings.names)
    columns, remarks = _columns(grid, headings, body, left_out)
    kept = [_checked(grid, column, body.rows, emptying, problems) for column in columns]
    cells = zip(*kept, strict=True) if kept else iter(())
    sheet_rows = tuple(
        SheetRow(row.number, shown)
        for row, shown in zip(body.rows, cells, strict=False)
        if any(cell != "" for cell in shown)
    )
    if headings.at < 0:
        remarks = [
            *remarks,
            "it has no row of headings: its columns are known by content",
        ]
    return Sheet(
        grid.file,
        grid.name,
        tuple(column.heading for column in columns),
        rows[headings.at].number if headings.at >= 0 else 0,
        sheet_rows,
        (*grid.remarks, *remarks, *body.remarks),
        tuple(" ".join(said(row)) for row in rows[: headings.first]),
    )


def _body(grid: Grid, below: Sequence[GridRow], names: Sequence[str]) -> _Body:
    """Return the rows that are the table's, with what is merged filled."""
    typical = typical_width(below)
    left_out: dict[str, list[int]] = {}
    kept = []
    for index, row in enumerate(below):
        kind = row_kind(row, names, is_first=index == 0)
        if kind == "table":
            kept.append(row)
        else:
            left_out.setdefault(kind, []).append(row.number)
    spans = grid.spans
    end = notes_from(kept, typical, spans)
    if end < len(kept):
        left_out["note"] = [row.number for row in kept[end:]]
    body = _Body([], [], [])
    section = ""
    for row in kept[:end]:
        if is_section(row, spans.get(row.number, 0), len(names), typical):
            section = said(row)[0].rstrip(": ")
            continue
        body.rows.append(row)
        body.sections.append(section)
    for what, numbers in left_out.items():
        shown = ", ".join(map(str, numbers[:_MOST_NUMBERS]))
        more = ", ..." if len(numbers) > _MOST_NUMBERS else ""
        many = _LEFT_OUT[what].replace("row", "rows", 1)
        told = counted(len(numbers), _LEFT_OUT[what], many)
        body.remarks.append(f"{told} left out ({shown}{more})")
    _fill(grid, body.rows, len(names))
    return body


def _fill(grid: Grid, rows: Sequence[GridRow], width: int) -> None:
    """Write what stands in a merged cell into all that it covers."""
    if not grid.merged or not rows:
        return
    at = {row.number: row.cells for row in rows}
    filled = 0
    for area in grid.merged:
        cells = at.get(area.top, [])
        value = cells[area.left] if area.left < len(cells) else ""
        right = min(area.right, width - 1)
        if value == "" or right < area.left:
            continue
        for number in range(area.top, min(area.bottom, rows[-1].number) + 1):
            filled += right - area.left + 1
            if filled > MOST_GRID_CELLS:
                # No program writes merged cells over each other: nobody can say what it shows.
                return
            if (covered := at.get(number)) is not None:
                covered += [""] * (right + 1 - len(covered))
                covered[area.left : right + 1] = [value] * (right - area.left + 1)


def _columns(
    grid: Grid, headings: Headings, body: _Body, left_out: frozenset[int]
) -> tuple[list[_Column], list[str]]:
    """Return the columns that the table has, and which were left out."""
    remarks = [
        f"the column {headings.names[column]} is left out: it would hold secrets, and holds none"
        for column in sorted(left_out)
    ]
    hidden = sorted(grid.hidden & set(range(len(headings.names))))
    if hidden:
        remarks.append(f"{counted(len(hidden), 'hidden column')} left out")
    links: dict[int, dict[int, str]] = {}
    for index, row in enumerate(body.rows):
        for column, target in grid.links.get(row.number, {}).items():
            links.setdefault(column, {})[index] = target
    columns = []
    for column, heading in enumerate(headings.names):
        if column in left_out or column in grid.hidden:
            continue
        cells = [row.cells[column] if column < len(row.cells) else "" for row in body.rows]
        found = linked_column(heading, cells, links.get(column, {}))
        if heading or any(cell != "" for cell in found.cells):
            columns.append(_Column(heading, found.cells))
        if any(found.beside):
            columns.append(_Column(f"{heading} link".strip(), found.beside))
    if any(body.sections):
        is_platform = all(platform_named(text) for text in body.sections if text)
        heading = "Platform" if is_platform else "Section"
        columns.append(_Column(heading, list(body.sections)))
        remarks.append(f"titles between its rows are read as a column {heading}")
    return columns, remarks


def _checked(
    grid: Grid,
    column: _Column,
    rows: Sequence[GridRow],
    emptying: Emptying,
    problems: Problems,
) -> list[SheetCell]:
    """Return the cells of a column, with a problem for each that its file does not have."""
    cells: list[SheetCell] = []
    for row, cell in zip(rows, column.cells, strict=True):
        if isinstance(cell, Unreadable):
            problems.add(grid.place, cell.message, row=row.number, column=column.heading)
            cells.append("")
        else:
            cells.append(cell)
    return emptying.column(column.heading, cells)
