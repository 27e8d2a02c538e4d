"""Reads a whole registry, from whichever of the three forms it has."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from msgspec import Struct

from rolecall.bounded_reading import content_of
from rolecall.errors import PolicyError, Problem, RegistryError
from rolecall.model import Snapshot
from rolecall.presence import ROWS
from rolecall.printable import shorten
from rolecall.registry.csv_files import csv_table, table_files
from rolecall.registry.distinct_cells import CellTexts
from rolecall.registry.json_document import json_tables
from rolecall.registry.name_matching import match_names, named_in_roles
from rolecall.registry.neighbours import match_references, warn_of_neighbours
from rolecall.registry.parsed_table import ParsedTable
from rolecall.registry.policy_toml import find_policy, read_policy
from rolecall.registry.problems import Problems, nearest
from rolecall.registry.references import check_contradictions, check_references
from rolecall.registry.schema import REQUIRED_TABLES
from rolecall.registry.strangers import warn_of_strangers
from rolecall.registry.tables import convert_table
from rolecall.registry.words_for_nothing import WordsForNothing
from rolecall.registry.xlsx_book import xlsx_tables
from rolecall.staged_files import unfinished
from rolecall.vocabulary import Language

__all__ = ["RegistryInput", "read_registry"]

_SHOWN = 12
_UNCHECKED = "what needs it could not be checked"
_MOST_BYTES = 1 << 29


class RegistryInput(Struct, frozen=True):
    """A valid registry: its snapshot, and the warnings that did not keep it from being read.

    ``language`` is that of its policy, in which people are told.
    """

    snapshot: Snapshot
    warnings: tuple[Problem, ...]
    warning_count: int
    language: Language = "en"


def read_registry(
    path: Path, today: date, policy: Path | None = None, strangers: Problems | None = None
) -> RegistryInput:
    """Read and validate the registry at a path.

    :param path: a directory of CSV files, an ``.xlsx`` workbook or a ``.json`` document.
    :param today: the day of the audit; some warnings depend on it, nothing else does.
    :param policy: where the policy is, if not beside the registry: it has words for nothing.
    :param strangers: takes a warning of each reference to a person who is not on the roster.
    :raises RegistryError: with every problem found; nothing is imported then.
    """
    problems, warnings = Problems(), Problems()
    hasher = hashlib.sha256()
    words, language = _words(policy or find_policy(path))
    texts = CellTexts(words)
    tables = _tables(path, texts, hasher, problems, warnings)
    _check_presence(path, tables, problems, warnings)
    tables = _with_ids(tables, texts, warnings, problems)
    warn_of_strangers(tables, warnings, strangers)
    if problems.count:
        raise RegistryError(problems.kept, problems.count, language)
    check_contradictions(tables, today, warnings)
    warn_of_neighbours(tables, warnings)
    _warn_of_words(path, list(texts.nothing.read), warnings)
    snapshot = Snapshot(
        **{name: table.records for name, table in tables.items()},  # type: ignore[arg-type]
        tracked=frozenset(
            f"{name}.{column}"
            for name, table in tables.items()
            for column in table.tracked_columns()
        ),
        filled={
            f"{name}.{column}": rows
            for name, table in tables.items()
            for column, rows in table.filled().items()
            if rows
        },
        digest=hasher.hexdigest(),
    )
    return RegistryInput(snapshot, tuple(warnings.kept), warnings.count, language)


def _with_ids(
    tables: Mapping[str, ParsedTable], texts: CellTexts, warnings: Problems, problems: Problems
) -> Mapping[str, ParsedTable]:
    """Return tables in which references are ids, and report those that do not hold."""
    referred = texts.referred | named_in_roles(tables)
    tables = match_references(tables, referred, warnings)
    tables, unclear = match_names(tables, referred, warnings, problems)
    check_references(tables, problems, unclear)
    return tables


def _warn_of_words(path: Path, words: Sequence[str], warnings: Problems) -> None:
    if words:
        rest = f" and {len(words) - _SHOWN:,} more" if len(words) > _SHOWN else ""
        shown = ", ".join(map(shorten, words[:_SHOWN]))
        message = f"has words for nothing, which are read as empty cells: {shown}{rest}"
        warnings.add(path.name or str(path), message)


def _words(policy: Path | None) -> tuple[WordsForNothing, Language]:
    """Return the words of a policy, and its language.

    Of one that cannot be read its own reader says so.
    """
    try:
        rules = read_policy(policy)
    except PolicyError as error:
        return WordsForNothing(), error.language
    return WordsForNothing(rules.words_for_nothing, rules.words_for_something), rules.language


def _tables(
    path: Path, texts: CellTexts, hasher: hashlib._Hash, problems: Problems, warnings: Problems
) -> Mapping[str, ParsedTable]:
    if path.is_dir():
        return _from_directory(path, texts, hasher, problems, warnings)
    readers = {".xlsx": xlsx_tables, ".json": json_tables}
    reader = readers.get(path.suffix.casefold())
    if not path.exists():
        problems.add(str(path), "does not exist")
    elif reader is None:
        problems.add(
            str(path), "is not a registry: give a directory of CSV files, an .xlsx or a .json"
        )
    elif (data := _content(path, hasher, problems)) is not None:
        raws = reader(path.name, data, problems, warnings)
        return {
            name: table
            for name, raw in raws.items()
            if (table := convert_table(raw, texts, problems, warnings)) is not None
        }
    return {}


def _from_directory(
    path: Path, texts: CellTexts, hasher: hashlib._Hash, problems: Problems, warnings: Problems
) -> Mapping[str, ParsedTable]:
    tables: dict[str, ParsedTable] = {}
    if unfinished(path):
        problems.add(
            str(path), "is half written: rolecall adopt was interrupted; run it again to end it"
        )
        return tables
    try:
        files = table_files(path, problems, warnings)
    except OSError as error:
        problems.add(str(path), f"cannot be read: {error.strerror}")
        return tables
    for name, file in files.items():
        if (data := _content(file, hasher, problems)) is not None:
            raw = csv_table(name, file.name, data, problems)
            if raw and (table := convert_table(raw, texts, problems, warnings)) is not None:
                tables[name] = table
    return tables


def _content(path: Path, hasher: hashlib._Hash, problems: Problems) -> bytes | None:
    """Read a file once: what is validated, digested and imported are the same bytes."""
    if not path.is_file():
        problems.add(path.name, "is not a file")
        return None
    try:
        data = content_of(path, _MOST_BYTES)
    except OSError as error:
        problems.add(path.name, f"cannot be read: {error.strerror}")
        return None
    if len(data) > _MOST_BYTES:
        problems.add(path.name, f"is larger than {_MOST_BYTES >> 20:,} MiB")
        return None
    hasher.update(f"{path.name}\0{len(data)}\0".encode())
    hasher.update(data)
    return data


def _check_presence(
    path: Path, tables: Mapping[str, ParsedTable], problems: Problems, warnings: Problems
) -> None:
    """Report required tables that are missing or have no rows, and warn of others.

    A table that has problems of its own is neither: they were reported.
    """
    reported = {file.rsplit("/")[-1].casefold().removesuffix(".csv") for file in problems.files}
    is_readable = path.is_dir() or bool(tables) or not problems.count
    strangers = {
        file.rsplit("/")[-1].casefold().removesuffix(".csv"): file for file in warnings.files
    }
    for name in (*REQUIRED_TABLES, *ROWS):
        if name in tables:
            if tables[name].records or name in reported:
                continue
            if name in ROWS:
                warnings.add(tables[name].file, f"has no rows; {_UNCHECKED}")
            else:
                problems.add(tables[name].file, "has no rows; a registry needs at least one")
        elif name not in reported and is_readable:
            near = nearest(name, strangers)
            hint = f"; is it the one that is called {strangers[near]}?" if near else ""
            # A table under another name is a slip, also where a registry can do without it.
            found = warnings if name in ROWS and not near else problems
            needs = "a registry needs it" if name not in ROWS else _UNCHECKED
            found.add(path.name or str(path), f"the table {name} is missing; {needs}{hint}")
