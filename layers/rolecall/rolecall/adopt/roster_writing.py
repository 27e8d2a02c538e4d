"""The people of a registry in the form that the registry has, to be changed and written back.

A document keeps everything else that it has as it is. A workbook is written anew as a whole, and so
only one of which that loses nothing: one that Rolecall wrote and nobody changed since.
"""

from __future__ import annotations

import json

from msgspec.structs import replace

from rolecall.adopt.registry_tables import RegistryTable, table_as_csv, table_of
from rolecall.errors import RegistryError
from rolecall.model import Snapshot
from rolecall.registry.csv_files import csv_table
from rolecall.registry.distinct_cells import CellTexts
from rolecall.registry.problems import Problems
from rolecall.registry.tables import convert_table
from rolecall.registry.words_for_nothing import WordsForNothing
from rolecall.registry.writing import (
    registry_as_json,
    registry_as_workbook,
    table_as_text,
)

__all__ = ["document_with_people", "is_rewritable", "people_table", "with_people"]

_PEOPLE = "people"


def people_table(snapshot: Snapshot) -> RegistryTable:
    """Return the people of a registry as a table of texts; an empty one where it has none."""
    if not any(name.startswith(f"{_PEOPLE}.") for name in snapshot.tracked):
        return RegistryTable(("id", "name", "status"), ())
    return table_of(_PEOPLE, f"{_PEOPLE}.csv", table_as_text(snapshot, _PEOPLE).encode())


def with_people(snapshot: Snapshot, table: RegistryTable, nothing: WordsForNothing) -> Snapshot:
    """Return a registry with other people.

    :raises RegistryError: they cannot be read back: nothing may be written then.
    """
    problems = Problems()
    raw = csv_table(_PEOPLE, f"{_PEOPLE}.csv", table_as_csv(table), problems)
    made = None if raw is None else convert_table(raw, CellTexts(nothing), problems, Problems())
    if made is None or problems.count:
        raise RegistryError(problems.kept, problems.count)
    own = f"{_PEOPLE}."
    tracked = {name for name in snapshot.tracked if not name.startswith(own)}
    filled = {name: rows for name, rows in snapshot.filled.items() if not name.startswith(own)}
    return replace(
        snapshot,
        people=tuple(made.records),
        tracked=frozenset({*tracked, *(own + name for name in made.tracked_columns())}),
        filled=filled | {own + name: rows for name, rows in made.filled().items() if rows},
    )


def document_with_people(data: bytes, snapshot: Snapshot) -> bytes:
    """Return a document with the people of a registry in place of its own."""
    document = json.loads(data.decode("utf-8-sig"))
    name = next((key for key in document if key.strip().casefold() == _PEOPLE), _PEOPLE)
    document[name] = json.loads(registry_as_json(snapshot))[_PEOPLE]
    return json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n"


def is_rewritable(data: bytes, snapshot: Snapshot) -> bool:
    """Tell whether a workbook is as Rolecall wrote it, so that another one loses nothing of it."""
    return registry_as_workbook(snapshot) == data
