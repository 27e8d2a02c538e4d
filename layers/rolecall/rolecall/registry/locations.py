"""Finds the rows behind findings and problems, for formats that point at them.

A snapshot does not know where its records came from, and an audit does not pay for it: only when a
format asks, the tables that it asks for are read once more, and of each row only what names it.
A row is found by its key and not by its number, so that a file that was changed since is never
pointed at in the wrong row; what is there no more is located by its file alone.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from msgspec.structs import replace

from rolecall.errors import Problem
from rolecall.keys.subjects import account_key, email_key
from rolecall.location import Location
from rolecall.model import Subject
from rolecall.printable import printable
from rolecall.registry.csv_files import csv_table, row_lines, table_files
from rolecall.registry.json_document import json_tables, object_lines
from rolecall.registry.meant_rows import cell_text, meant_rows
from rolecall.registry.policy_toml import find_policy
from rolecall.registry.problems import Problems
from rolecall.registry.raw_table import RawTable
from rolecall.registry.schema import column_name
from rolecall.registry.titles_csv import TITLES
from rolecall.registry.xlsx_book import xlsx_tables

__all__ = ["Key", "Locations"]

Key = tuple[str, ...]


class _Naming(NamedTuple):
    """Which table holds the rows of a kind of subject, and which columns name one of it.

    Where several rows have one name, the one with the greatest text in ``latest`` is meant, or the
    one with nothing in ``live``.
    """

    table: str
    columns: tuple[str, ...]
    latest: str = ""
    live: str = ""


_OBSERVED = ("platform", "handle", "person_email")
_NAMINGS: Mapping[str, _Naming] = {
    "account": _Naming("accounts", ("id",)),
    "grant": _Naming("grants", ("account_id", "person_id"), live="revoked_on"),
    "login": _Naming("logins", ("account_id", "id")),
    "entity": _Naming("entities", ("id",)),
    "observation": _Naming("observations", _OBSERVED, latest="observed_on"),
    "incident": _Naming("incidents", ("id",)),
    "person": _Naming("people", ("id",)),
    "content": _Naming("contents", ("account_id", "id")),
}


class _Source(NamedTuple):
    """A table as it lies in a file, and the line at which each row begins, from its first on."""

    raw: RawTable
    path: Path
    lines: Sequence[int]


class Locations:
    """The places of one registry and its policy. Files are read when a place in them is asked for.

    Nothing here fails: what cannot be read any more is located by its file.
    """

    def __init__(self, registry: Path, policy: Path | None = None) -> None:
        """Take the paths as they were audited.

        :param policy: by default the one in or beside the registry.
        """
        self._registry = registry
        self._policy = policy or find_policy(registry)
        self._rows: dict[str, Mapping[Key, int]] = {}
        self._meanings: dict[str, Mapping[Key, int]] = {}
        self._sources: dict[str, _Source | None] = {}

    def of_subject(self, subject: Subject) -> Location:
        """Return the place of the row behind a subject."""
        naming = _NAMINGS.get(subject.kind)
        if naming is None:
            return Location(self._uri(self._policy or self._registry))
        if subject.kind == "observation":
            platform, handle = account_key(subject.platform, subject.handle)
            key: Key = (platform, handle, email_key(subject.email))
        else:
            key = subject.values()
        rows = self._rows.get(naming.table)
        if rows is None:
            rows = self._rows[naming.table] = self._named(naming)
        number = rows.get(key)
        if number is None:
            # The row may name its account, or its person, as people do.
            number = self._meant(naming, rows).get(key)
        return self._at(naming.table, number)

    def of_problem(self, problem: Problem) -> Location:
        """Return the place that a problem names."""
        if self._policy is not None and problem.file == printable(self._policy.name):
            return Location(self._uri(self._policy))
        if self._policy is not None and problem.file == TITLES:
            path = self._policy.parent / TITLES
            return Location(self._uri(path), row=problem.row, line=problem.row)
        if self._registry.is_dir():
            if problem.file not in self._tables.values():
                return Location(self._uri(self._registry))
            name = next(name for name, file in self._tables.items() if file == problem.file)
        else:
            name = problem.file.removeprefix(printable(self._registry.name)).removeprefix("/")
            if name not in self._tables:
                return Location(self._uri(self._registry))
        return self._at(name, problem.row)

    def _at(self, table: str, row: int | None) -> Location:
        source = self._source(table)
        if source is None:
            return Location(self._uri(self._registry))
        inside = None if self._registry.is_dir() else table
        index = None if row is None else row - source.raw.first_row + 1
        # The header is the row before the first; the rows of a JSON document have none.
        known = index is not None and 0 <= index < len(source.lines)
        line = source.lines[index] if known and index is not None else None
        return Location(self._uri(source.path), inside, row, line)

    # -- what lies where ------------------------------------------------------------------------

    @cached_property
    def _tables(self) -> Mapping[str, str]:
        """The tables of the registry, and how problems name their files."""
        if self._registry.is_dir():
            return {name: printable(path.name) for name, path in self._files.items()}
        return {name: raw.file for name, raw in self._book.items()}

    @cached_property
    def _files(self) -> Mapping[str, Path]:
        try:
            return table_files(self._registry, Problems(), Problems())
        except OSError:
            return {}

    @cached_property
    def _data(self) -> bytes:
        return _content(self._registry)

    @cached_property
    def _book(self) -> Mapping[str, RawTable]:
        readers = {".xlsx": xlsx_tables, ".json": json_tables}
        reader = readers.get(self._registry.suffix.casefold())
        if reader is None or not self._data:
            return {}
        return reader(self._registry.name, self._data, Problems(), Problems())

    @cached_property
    def _lines(self) -> Mapping[str, Sequence[int]]:
        is_json = self._registry.suffix.casefold() == ".json"
        return object_lines(self._data) if is_json else {}

    def _source(self, table: str) -> _Source | None:
        if table not in self._sources:
            # Rows are gone through by themselves, and for those that name them.
            one = self._opened(table)
            self._sources[table] = one and one._replace(raw=replace(one.raw, rows=[*one.raw.rows]))
        return self._sources[table]

    def _opened(self, table: str) -> _Source | None:
        if self._registry.is_dir():
            path = self._files.get(table)
            if path is None:
                return None
            data = _content(path)
            raw = csv_table(table, path.name, data, Problems())
            # A file that cannot be read is still where its problem is: rows are lines there.
            unread = RawTable(name=table, file=path.name, header=(), rows=())
            return _Source(raw or unread, path, row_lines(table, data))
        raw = self._book.get(table)
        if raw is None:
            return None
        # Where rows have no lines, the header of none is left out of the count as well.
        lines = self._lines.get(table, ())
        return _Source(raw, self._registry, [lines[0], *lines] if lines else ())

    def _named(self, naming: _Naming) -> Mapping[Key, int]:
        """Return the number of each row of a table by what names it."""
        source = self._source(naming.table)
        if source is None:
            return {}
        names = [column_name(text) for text in source.raw.header]
        places = [names.index(column) if column in names else -1 for column in naming.columns]
        preferred = naming.latest or naming.live
        at = names.index(preferred) if preferred in names else -1
        found: dict[Key, tuple[str, int]] = {}
        for number, row in enumerate(source.raw.rows, source.raw.first_row):
            key = _normal(naming, tuple(cell_text(row, place) for place in places))
            text = cell_text(row, at)
            rank = text if naming.latest else "" if text else "live"
            for one in _keys(naming, key):
                if one not in found or found[one][0] < rank:
                    found[one] = rank, number
        return {key: number for key, (_, number) in found.items()}

    def _meant(self, naming: _Naming, rows: Mapping[Key, int]) -> Mapping[Key, int]:
        def opened(table: str) -> RawTable | None:
            source = self._source(table)
            return None if source is None else source.raw

        if naming.table not in self._meanings:
            self._meanings[naming.table] = meant_rows(naming.columns, rows, opened)
        return self._meanings[naming.table]

    def _uri(self, path: Path) -> str:
        """Return a path as a consumer has it, who never learns where this machine keeps things."""
        absolute = Path(os.path.abspath(path))  # noqa: PTH100 - a link stays what it is called.
        for base in (Path.cwd(), Path(os.path.abspath(self._registry)).parent):  # noqa: PTH100
            if absolute.is_relative_to(base):
                return quote(absolute.relative_to(base).as_posix())
        return quote(absolute.name)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _normal(naming: _Naming, key: Key) -> Key:
    if naming.table != "observations":
        return key
    platform, handle, email = key
    return (*account_key(platform, handle), email_key(email))


def _keys(naming: _Naming, key: Key) -> tuple[Key, ...]:
    """Return what a row is found by: an observed account has no administrator in its name."""
    if naming.table != "observations" or not key[2]:
        return (key,)
    return key, (*key[:2], "")
