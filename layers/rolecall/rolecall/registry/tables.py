"""Turns a raw table into records, some rows and one column at a time.

Plain rows are decoded at one go (:mod:`rolecall.registry.plain_blocks`). Of others a column is
converted as a whole, and its few distinct dates, words and references are parsed once. Only where
something is wrong are these rows read again cell by cell, for the messages. A row with a bad cell
still becomes a record (the bad cell reads as empty), so that other tables' references to it are not
reported as errors of their own; the registry as a whole is refused all the same.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from itertools import repeat
from typing import Any

from rolecall.model import TABLES, RegistryRecord
from rolecall.provenance import OTHERS_UNTRACKED, TABLES_BY_ROW, UNTRACKED
from rolecall.registry.cell_parsing import parser
from rolecall.registry.cells import Cell, CellError, Unreadable, is_empty, shown
from rolecall.registry.csv_blocks import Block, Chunk
from rolecall.registry.distinct_cells import CellTexts, caches_of, own_texts
from rolecall.registry.parsed_table import ParsedTable
from rolecall.registry.plain_blocks import BlockReader
from rolecall.registry.problems import Problems
from rolecall.registry.raw_table import Place, RawTable, chunks_of, holds_secrets, places_of
from rolecall.registry.schema import columns
from rolecall.registry.secret_columns import SecretColumns
from rolecall.registry.untracked_marks import (
    is_untracked,
    refuse_mark,
    unmarked,
    untracked_of_others,
)

__all__ = ["convert_table"]


def convert_table(
    raw: RawTable, texts: CellTexts, problems: Problems, warnings: Problems
) -> ParsedTable | None:
    """Return a raw table as records, or ``None`` where its header cannot be used.

    :param texts: the texts that the tables of the registry share.

    Bad cells go to ``problems``; the table that is returned then is fit for reference checks only.
    """
    secrets = SecretColumns(raw.header, list(columns(raw.name)))
    chunks = chunks_of(raw, as_rows=secrets.are_looked_for)
    first = next(chunks, [])
    # Before anything else of a row is looked at: a message may show a cell.
    if holds_secrets(raw, secrets, first, problems):
        return None
    places = places_of(raw, problems, warnings)
    if places is None:
        return None
    reader = _Reader(raw, places, texts, problems)
    if first:
        reader.read(first)
    for chunk in chunks:
        if holds_secrets(raw, secrets, chunk, problems):
            return None
        reader.read(chunk)
    return ParsedTable(
        name=raw.name,
        file=raw.file,
        records=tuple(reader.records),
        numbers=reader.numbers,
        tracked=frozenset(place.name for place in places if place.column is not None),
        untracked=reader.untracked,
        partly=reader.partly,
    )


class _Reader:
    """Reads one table's rows into records."""

    def __init__(
        self, raw: RawTable, places: Sequence[Place], texts: CellTexts, problems: Problems
    ) -> None:
        self.raw = raw
        self.problems = problems
        self.width = len(raw.header)
        self.struct: type[RegistryRecord] = TABLES[raw.name]
        self.places = places
        self.by_name = {place.name: place for place in places if place.column is not None}
        self.noted = [place for place in places if place.column is None]
        self.parsers = {
            name: parser(column, raw.separators, texts.nothing)
            for name, column in columns(raw.name).items()
        }
        self.texts = texts
        self.caches = caches_of(columns(raw.name), self.parsers, texts)
        self.blocks = BlockReader(raw.name, list(self.by_name), texts, self.caches)
        self.records: list[Any] = []
        self.numbers = array("L")
        self.next_row = raw.first_row
        self.untracked: defaultdict[str, set[int]] = defaultdict(set)
        self.partly: set[str] = set()
        self.shifted: set[int] = set()  # Too many cells: they stand in the wrong columns.

    def read(self, chunk: Chunk) -> None:
        """Add the records of some rows."""
        if isinstance(chunk, Block):
            if (made := self.blocks.records(chunk)) is not None:
                self.records += made
                self.next_row += len(made)
                self.numbers.extend(range(self.next_row - len(made), self.next_row))
                return
            chunk = chunk.rows()
        self._read_rows(chunk)

    def _read_rows(self, rows: Sequence[Sequence[Cell]]) -> None:
        numbers: Sequence[int] = range(self.next_row, self.next_row + len(rows))
        self.next_row += len(rows)
        try:
            if not all(map(self.width.__eq__, map(len, rows))):
                raise CellError
            by_index = list(zip(*rows, strict=True))
            try:
                made = self._convert(rows, by_index)
            except (CellError, TypeError, AttributeError):
                marks = self._marks(by_index)
                made = self._convert(
                    rows,
                    unmarked(by_index, [self.by_name[one].index for one in marks]),
                    is_marked=True,
                )
                for name, indexes in marks.items():
                    self.untracked[name].update(len(self.records) + one for one in indexes)
        except (CellError, TypeError, AttributeError):
            kept = [
                (number, cells)
                for number, row in zip(numbers, rows, strict=True)
                if (cells := self._squared(number, row)) is not None
                and not self._says_partial(number, cells)
            ]
            numbers = [number for number, _ in kept]
            made = self._convert_cell_by_cell(kept)
        self.records += made
        self.numbers.extend(numbers)

    def _marks(self, by_index: Sequence[Sequence[Cell]]) -> Mapping[str, Sequence[int]]:
        """Return the cells that say that they are not tracked, by column; raises for none."""
        found = {
            name: [index for index, cell in enumerate(by_index[place.index]) if cell == UNTRACKED]
            for name, place in self.by_name.items()
            if place.column is not None
            if UNTRACKED in by_index[place.index]
        }
        is_by_row = self.raw.name in TABLES_BY_ROW
        if not is_by_row or not found or any(columns(self.raw.name)[one].required for one in found):
            raise CellError
        return found

    def _convert(
        self,
        rows: Sequence[Sequence[Cell]],
        by_index: Sequence[Sequence[Cell]],
        *,
        is_marked: bool = False,
    ) -> Iterable[RegistryRecord]:
        """Convert rows of full width, column by column; any bad cell raises, and any mark."""
        values: list[Iterable[Any]] = []
        for name, column in columns(self.raw.name).items():
            place = self.by_name.get(name)
            if place is None:
                values.append(repeat(() if column.kind in ("list", "roles") else None))
            elif column.shared and column.kind == "text":
                shared = self.texts.column(by_index[place.index], are_ids=name == "id")
                if column.required and (None in shared or OTHERS_UNTRACKED in shared):
                    raise CellError
                values.append(shared)
            elif column.kind == "text":
                values.append(own_texts(by_index[place.index], column.required, self.texts.nothing))
            else:
                values.append(map(self.caches[name].__getitem__, by_index[place.index]))
        if self.noted:
            values.append(map(self._notes, rows))
        made = list(map(self.struct, *values))
        if not is_marked and any(UNTRACKED in cells for cells in self._marking(by_index)):
            raise CellError
        return made

    def _marking(self, by_index: Sequence[Sequence[Cell]]) -> Iterator[Container[Any]]:
        """Yield where the mark of what is not tracked would be; other columns cannot read it."""
        for name, column in columns(self.raw.name).items():
            place = self.by_name.get(name)
            if place is not None and column.kind in ("text", "list"):
                is_text = column.kind == "text"
                kept = self.texts if column.shared else by_index[place.index]
                yield kept if is_text else self.caches[name]

    def _squared(self, number: int, row: Sequence[Cell]) -> Sequence[Cell] | None:
        """Return a row at full width, or ``None`` for a blank one.

        Spreadsheets drop empty cells at the end of a row, and add some; neither loses anything.
        """
        if all(map(is_empty, row)):
            return None
        if len(row) > self.width and not all(map(is_empty, row[self.width :])):
            self.shifted.add(number)
            self.problems.add(
                self.raw.file,
                f"has {len(row)} cells, but only {self.width} columns have a name; "
                "in a CSV file, put quotes round a cell that holds the delimiter",
                row=number,
            )
        return [*row[: self.width], *repeat("", self.width - len(row))]

    def _convert_cell_by_cell(
        self, rows: Sequence[tuple[int, Sequence[Cell]]]
    ) -> list[RegistryRecord]:
        made: list[RegistryRecord] = []
        for number, row in rows:
            values: dict[str, Any] = {}
            for name, column in columns(self.raw.name).items():
                values[name] = () if column.kind in ("list", "roles") else None
                place = self.by_name.get(name)
                if place is not None:
                    cell = row[place.index]
                    if not column.required and is_untracked(cell):
                        self.untracked[name].add(len(self.records) + len(made))
                        refuse_mark(self.raw, number, name, self.problems)
                        continue
                    try:
                        values[name] = self.parsers[name](cell)
                        self.texts.note(values[name])
                    except CellError as error:
                        if number not in self.shifted:
                            self.problems.add(
                                self.raw.file,
                                str(error),
                                row=number,
                                column=name,
                                value=shown(cell),
                            )
            if self.noted:
                try:
                    values["notes"] = self._notes(row)
                except CellError as error:
                    message, name = error.args
                    self.problems.add(self.raw.file, message, row=number, column=name)
            made.append(self.struct(**values))
        return made

    def _says_partial(self, number: int, row: Sequence[Cell]) -> bool:
        """Tell whether a row is no record, but says what is not tracked for those that are not."""
        cells = {name: row[place.index] for name, place in self.by_name.items()}
        of_others = untracked_of_others(cells, columns(self.raw.name))
        if of_others is not None:
            refuse_mark(self.raw, number, None, self.problems)
        self.partly |= of_others or set()
        return of_others is not None

    def _notes(self, row: Sequence[Cell]) -> dict[str, str] | None:
        """Return what a row says in columns of no table; raises for what its source lost."""
        for place in self.noted:
            cell = row[place.index]
            if isinstance(cell, Unreadable) and cell.lost:
                raise CellError(cell.message, place.name)
        notes = {
            place.name: text for place in self.noted if (text := shown(row[place.index]).strip())
        }
        return notes or None
