"""The rows of a sheet that somebody filled in, found again wherever they stand by now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from msgspec import Struct

from rolecall.adopt.collecting_fields import ACCOUNTS, COLLECTED_FIELDS, CollectedField
from rolecall.adopt.reading.grids import Grid, GridCell, GridRow
from rolecall.adopt.sheets import SheetCell
from rolecall.errors import Problem, RegistryError
from rolecall.printable import printable
from rolecall.quantity import counted
from rolecall.registry.cells import Unreadable

__all__ = ["ReturnedRow", "SheetRows", "as_text", "heading_row", "text_at"]


class ReturnedRow(Struct, frozen=True):
    """One row of a workbook that came back.

    :ivar number: the row's number, as its program shows it.
    :ivar place: where it stands, in words.
    :ivar keys: as :class:`rolecall.adopt.collecting.AskedRow` has them; empty in a row that
        somebody added.
    :ivar was: what stood in its cells when the workbook was made.
    :ivar said: what stands there now, of the cells that say something else.
    """

    sheet: str
    number: int
    place: str
    keys: tuple[str, str]
    was: Mapping[str, str]
    said: Mapping[str, SheetCell]


class SheetRows:
    """One sheet while its rows are found again."""

    def __init__(
        self, file: str, name: str, asked: Sequence[Sequence[str]], warnings: list[str]
    ) -> None:
        self._file = file
        self._name = name
        self._fields = COLLECTED_FIELDS[name]
        self._labels = ("account",) if name == ACCOUNTS else ("account", "person")
        self._warnings = warnings
        self._asked: dict[tuple[str, ...], tuple[tuple[str, str], dict[str, str]]] = {}
        for line in asked:
            cells = dict(zip((one.name for one in self._fields), line[3:], strict=False))
            row = ((line[1], line[2]), cells)
            if self._asked.setdefault(self._key(cells), row) != row:
                message = "two of its rows are called the same, and nobody can tell them apart"
                raise RegistryError([Problem(printable(file), message)])

    def _key(self, cells: Mapping[str, SheetCell]) -> tuple[str, ...]:
        return tuple(str(cells.get(name, "")) for name in self._labels)

    def rows(self, grids: Mapping[str, Grid]) -> Iterator[ReturnedRow]:
        """Yield the rows that say anything new, and those that were added."""
        head = heading_row(grids, self._name)
        if head is None:
            self._warnings.append(
                f"{self._file}: sheet {self._name} is not there, or its headings are not; "
                "nothing of it was taken"
            )
            return
        at = {str(cell): column for column, cell in reversed(list(enumerate(head.cells)))}
        missing = [one.heading for one in self._fields if one.heading not in at]
        if missing:
            self._warnings.append(
                f"{self._file}, sheet {self._name}: there is no column {', '.join(missing)} any "
                "more; nothing of it was taken"
            )
        seen: dict[tuple[str, ...], int] = {}
        for row in grids[self._name].rows:
            if row.number > head.number:
                yield from self._row(row, at, seen)
        if gone := len(self._asked) - len(seen):
            self._warnings.append(
                f"{self._file}, sheet {self._name}: {counted(gone, 'row')} of it not there any "
                "more; the registry keeps what it has"
            )

    def _row(
        self, row: GridRow, at: Mapping[str, int], seen: dict[tuple[str, ...], int]
    ) -> Iterator[ReturnedRow]:
        place = f"{self._file}, sheet {self._name}, row {row.number}"
        cells = {
            one.name: self._cell(row, at[one.heading], one, place)
            for one in self._fields
            if one.heading in at
        }
        if all(cell == "" for cell in cells.values()):
            return
        key = self._key(cells)
        if key not in self._asked:
            yield ReturnedRow(self._name, row.number, place, ("", ""), {}, cells)
            return
        keys, was = self._asked[key]
        if key in seen:
            self._warnings.append(
                f"{place}: the same row stands in row {seen[key]}; this one was left out"
            )
            return
        seen[key] = row.number
        said = {
            one.name: cells[one.name]
            for one in self._fields
            if one.kind != "label" and one.name in cells and not _is_same(cells, was, one)
        }
        if said:
            yield ReturnedRow(self._name, row.number, place, keys, was, said)

    def _cell(self, row: GridRow, column: int, field: CollectedField, place: str) -> SheetCell:
        cell = row.cells[column] if column < len(row.cells) else ""
        if isinstance(cell, Unreadable):
            problem = Problem(printable(place), cell.message, None, field.heading)
            raise RegistryError([problem])
        return cell


def _is_same(cells: Mapping[str, SheetCell], was: Mapping[str, str], field: CollectedField) -> bool:
    cell = cells[field.name]
    return as_text(cell) == was[field.name]


def as_text(cell: GridCell) -> str:
    """Return a cell as a text, days as 2026-01-31."""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def text_at(row: GridRow, column: int) -> str:
    """Return the text of one cell of a row, which may be shorter."""
    cell = row.cells[column] if column < len(row.cells) else ""
    return as_text(cell)


def heading_row(grids: Mapping[str, Grid], name: str) -> GridRow | None:
    """Return the row of a sheet in which its headings stand, wherever that is by now."""
    if name not in grids:
        return None
    least = {one.heading for one in COLLECTED_FIELDS[name] if one.name in ("account", "person")}
    asks = {one.heading for one in COLLECTED_FIELDS[name] if one.kind != "label"}
    for row in grids[name].rows[:50]:
        found = {cell for cell in row.cells if isinstance(cell, str)}
        if found >= least and found & asks:
            return row
    return None
