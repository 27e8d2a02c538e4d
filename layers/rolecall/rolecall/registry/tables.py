"""Turns a raw table into records, a thousand rows and one column at a time.

Reading is fast because a column is converted as a whole and the few distinct dates, words and
references of it are parsed once. Only where something is wrong are the rows of that thousand read
again cell by cell, for the messages. A row with a bad cell still becomes a record (the bad cell
reads as empty), so that other tables' references to it are not reported as errors of their own;
the registry as a whole is refused all the same.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice, repeat
from typing import Any

from msgspec import Struct

from rolecall.model import TABLES, RegistryRecord
from rolecall.registry.cells import Cell, CellError, is_empty, parser, shown
from rolecall.registry.problems import Problems, nearest, suggestion
from rolecall.registry.schema import Column, column_name, columns

__all__ = ["ParsedTable", "RawTable", "Texts", "convert_table"]

_CHUNK = 1_000
# "Pass-Phrase", "userPassword" and "PIN (old)" are secrets; "secretary" and "shipping" are not.
_SECRET = re.compile(
    r"pass[\W_]*(word|phrase|code)|passwd|(?<![^\W_])(pwd|pin|secret)s?(?![^\W_])|secret\b|^pass$"
)


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


class ParsedTable(Struct, frozen=True, kw_only=True):
    """A table as records; ``numbers[i]`` is the row of ``records[i]`` in the source."""

    name: str
    file: str
    records: Sequence[Any]
    numbers: Sequence[int]
    tracked: frozenset[str]


class _Place(Struct, frozen=True):
    """Where a column of the source goes: to a column of the table, or to the notes."""

    index: int
    name: str
    column: Column | None


def convert_table(
    raw: RawTable, texts: Texts, problems: Problems, warnings: Problems
) -> ParsedTable | None:
    """Return a raw table as records, or ``None`` where its header cannot be used.

    :param texts: the texts that the tables of the registry share.

    Bad cells go to ``problems``; the table that is returned then is fit for reference checks only.
    """
    places = _places(raw, problems, warnings)
    if places is None:
        return None
    reader = _Reader(raw, places, texts, problems)
    for chunk in _chunks(raw.rows):
        reader.read(chunk)
    return ParsedTable(
        name=raw.name,
        file=raw.file,
        records=tuple(reader.records),
        numbers=reader.numbers,
        tracked=frozenset(place.name for place in places if place.column is not None),
    )


def _chunks(rows: Iterable[Sequence[Cell]]) -> Iterator[list[Sequence[Cell]]]:
    iterator = iter(rows)
    while chunk := list(islice(iterator, _CHUNK)):
        yield chunk


def _places(raw: RawTable, problems: Problems, warnings: Problems) -> list[_Place] | None:
    """Hold a header against the columns of the table."""
    known = columns(raw.name)
    names = list(map(column_name, raw.header))
    before = problems.count
    for name in filter(_SECRET.search, names):
        problems.add(
            raw.file,
            "a registry must never hold secrets; delete this column, and change what it held, "
            "as it was stored in the open",
            column=name,
        )
    if problems.count > before:
        return None
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
            places.append(_Place(index, label, None))
        else:
            places.append(_Place(index, name, known[name]))
    for column in known.values():
        if column.required and column.name not in names:
            found = nearest(column.name, (name for name in names if name not in known))
            hint = f"; is it the one that is called {found}?" if found else ""
            problems.add(raw.file, f"the column {column.name} is missing{hint}")
    return places if problems.count == before else None


class _Cache(dict[Cell, Any]):
    """Parses each distinct cell of a column once."""

    def __init__(self, parse: Callable[[Cell], Any]) -> None:
        super().__init__()
        self._parse = parse

    def __missing__(self, cell: Cell) -> Any:
        value = self[cell] = self._parse(cell)
        return value


class Texts(dict[str, str | None]):
    """All records that share a text share one object: it is kept once, and quickly compared.

    The ids of people and accounts recur in many columns: one such cache serves a whole registry.
    """

    def __init__(self) -> None:
        super().__init__({"": None})

    def column(self, cells: Sequence[Cell]) -> list[str | None]:
        """Return a column of cells, trimmed; raises ``TypeError`` for a cell that is no text."""
        texts = list(map(str.strip, cells))  # type: ignore[arg-type]  # others raise TypeError
        return list(map(self.setdefault, texts, texts))


class _Lists(_Cache):
    """Reads each distinct list of a column once; most lists have one item or none."""

    def __missing__(self, cell: Cell) -> Any:
        if isinstance(cell, str) and "|" not in cell and ";" not in cell:
            item = cell.strip()
            value = self[cell] = (item,) if item else ()
            return value
        return super().__missing__(cell)


class _Reader:
    """Reads one table's rows into records."""

    def __init__(
        self, raw: RawTable, places: Sequence[_Place], texts: Texts, problems: Problems
    ) -> None:
        self.raw = raw
        self.problems = problems
        self.width = len(raw.header)
        self.struct: type[RegistryRecord] = TABLES[raw.name]
        self.places = places
        self.by_name = {place.name: place for place in places if place.column is not None}
        self.noted = [place for place in places if place.column is None]
        self.parsers = {
            name: parser(column, raw.separators) for name, column in columns(raw.name).items()
        }
        self.texts = texts
        self.caches = {
            name: (_Lists if column.kind == "list" else _Cache)(self.parsers[name])
            for name, column in columns(raw.name).items()
        }
        self.records: list[Any] = []
        self.numbers = array("L")
        self.next_row = raw.first_row
        # Rows with too many cells: their cells stand in the wrong columns, and are not reported.
        self.shifted: set[int] = set()

    def read(self, rows: Sequence[Sequence[Cell]]) -> None:
        """Add the records of some rows."""
        numbers: Sequence[int] = range(self.next_row, self.next_row + len(rows))
        self.next_row += len(rows)
        try:
            if not all(map(self.width.__eq__, map(len, rows))):
                raise CellError
            made = self._convert(rows)
        except (CellError, TypeError, AttributeError):
            kept = [
                (number, cells)
                for number, row in zip(numbers, rows, strict=True)
                if (cells := self._squared(number, row)) is not None
            ]
            numbers = [number for number, _ in kept]
            made = self._convert_cell_by_cell(kept)
        self.records += made
        self.numbers.extend(numbers)

    def _convert(self, rows: Sequence[Sequence[Cell]]) -> Iterable[RegistryRecord]:
        """Convert rows of full width, column by column; any bad cell raises."""
        by_index = list(zip(*rows, strict=True))
        values: list[Iterable[Any]] = []
        for name, column in columns(self.raw.name).items():
            place = self.by_name.get(name)
            if place is None:
                values.append(repeat(() if column.kind in ("list", "roles") else None))
            elif column.shared and column.kind == "text":
                shared = self.texts.column(by_index[place.index])
                if column.required and None in shared:
                    raise CellError
                values.append(shared)
            elif column.kind == "text":
                values.append(_texts(by_index[place.index], column.required))
            else:
                values.append(map(self.caches[name].__getitem__, by_index[place.index]))
        if self.noted:
            values.append(map(self._notes, rows))
        return list(map(self.struct, *values))

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
        made = []
        for number, row in rows:
            values: dict[str, Any] = {}
            for name, column in columns(self.raw.name).items():
                values[name] = () if column.kind in ("list", "roles") else None
                place = self.by_name.get(name)
                if place is not None:
                    cell = row[place.index]
                    try:
                        values[name] = self.parsers[name](cell)
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
                values["notes"] = self._notes(row)
            made.append(self.struct(**values))
        return made

    def _notes(self, row: Sequence[Cell]) -> dict[str, str] | None:
        notes = {
            place.name: text for place in self.noted if (text := shown(row[place.index]).strip())
        }
        return notes or None


def _texts(cells: Sequence[Cell], required: bool) -> list[Any]:
    """Return a column of texts; raises for a cell that is not a text, or empty but required.

    Every source refuses cells that are too long before they come here.
    """
    texts = list(map(str.strip, cells))  # type: ignore[arg-type]  # others raise TypeError
    if all(texts):
        return texts
    if required:
        raise CellError
    return [text or None for text in texts]
