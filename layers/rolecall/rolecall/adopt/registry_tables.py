"""The tables of a registry as their files have them, cell by cell, and back as files.

A table that is not changed is not written; of one that is, every cell that nobody changed, every
column of notes and the order of rows stay.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from rolecall.errors import RegistryError
from rolecall.registry.cells import shown
from rolecall.registry.csv_blocks import CsvRows
from rolecall.registry.csv_files import csv_table
from rolecall.registry.problems import Problems
from rolecall.registry.raw_table import RawTable
from rolecall.registry.schema import column_name, columns
from rolecall.spreadsheet import guarded

__all__ = ["RegistryTable", "table_as_csv", "table_of", "with_columns"]


class RegistryTable(Struct, frozen=True):
    """A table as its file has it.

    :ivar header: the columns as the file names them.
    :ivar rows: the cells by the names of columns (:func:`rolecall.registry.schema.column_name`).
    """

    header: tuple[str, ...]
    rows: tuple[Mapping[str, str], ...]
    delimiter: str = ","
    line_end: str = "\r\n"

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(map(column_name, self.header))


def table_of(name: str, file: str, data: bytes) -> RegistryTable:
    """Return what a file of a table holds.

    :raises RegistryError: it cannot be read.
    """
    problems = Problems()
    raw = csv_table(name, file, data, problems)
    if raw is None or problems.count:
        raise RegistryError(problems.kept, problems.count)
    header = tuple(raw.header)
    names = list(map(column_name, header))
    rows = tuple(
        {key: shown(cell).strip() for key, cell in zip(names, row, strict=False)}
        for row in raw.rows
        if any(shown(cell).strip() for cell in row)
    )
    if problems.count:
        raise RegistryError(problems.kept, problems.count)
    line_end = "\r\n" if b"\r\n" in data else "\n"
    return RegistryTable(header, rows, _delimiter(raw), line_end)


def table_as_csv(table: RegistryTable) -> bytes:
    """Return a table as a file."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=table.delimiter, lineterminator=table.line_end)
    writer.writerow(map(guarded, table.header))
    names = table.names
    writer.writerows([guarded(row.get(name, "")) for name in names] for row in table.rows)
    return text.getvalue().encode()


def with_columns(table: str, header: Sequence[str], wanted: Iterable[str]) -> tuple[str, ...]:
    """Return a header with more columns, those of the registry in its order."""
    there = set(map(column_name, header))
    missing = set(wanted) - there
    ordered = [name for name in columns(table) if name in missing]
    return (*header, *ordered, *sorted(missing - set(ordered)))


def _delimiter(raw: RawTable) -> str:
    return raw.rows.delimiter if isinstance(raw.rows, CsvRows) else ","
