"""Small registries in the three forms, for the tests of the readers."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeAlias

import xlsxwriter

TODAY = date(2026, 11, 1)

Rows: TypeAlias = Sequence[Sequence[Any]]
Content: TypeAlias = bytes | str

SMALL: Mapping[str, Rows] = {
    "entities": [["id", "name"], ["e-1", "St. Brigid"]],
    "people": [["id", "name", "status"], ["p-1", "Ann Doe", "active"]],
    "accounts": [
        ["id", "entity_id", "platform", "handle", "status"],
        ["a-1", "e-1", "facebook", "StBrigid", "active"],
    ],
    "grants": [["account_id", "person_id", "role"], ["a-1", "p-1", "owner"]],
}
"""The smallest valid registry: one row in each of the required tables."""


def csv_text(rows: Rows, **dialect: Any) -> str:
    """Return rows as the text of a CSV file."""
    out = io.StringIO(newline="")
    csv.writer(out, **dialect).writerows(rows)
    return out.getvalue()


def small_csv(**changed: Content | None) -> dict[str, Content]:
    """Return the small registry's files with some replaced or, if ``None``, left out."""
    files: dict[str, Content | None] = {
        f"{name}.csv": csv_text(rows) for name, rows in SMALL.items()
    }
    files |= {f"{name}.csv": content for name, content in changed.items()}
    return {name: content for name, content in files.items() if content is not None}


def small_json(**changed: Any) -> bytes:
    """Return the small registry as JSON with some tables replaced or, if ``None``, left out."""
    tables: dict[str, Any] = {
        name: [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
        for name, rows in SMALL.items()
    }
    tables |= changed
    return json.dumps({name: rows for name, rows in tables.items() if rows is not None}).encode()


def small_xlsx(**changed: Rows | None) -> bytes:
    """Return the small registry as a workbook with some sheets replaced or, if ``None``, left out.

    A cell that is a text starting with ``=`` is written as a formula.
    """
    out = io.BytesIO()
    options = {"in_memory": True, "default_date_format": "yyyy-mm-dd"}
    with xlsxwriter.Workbook(out, options) as book:
        hours = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        for name, rows in {**SMALL, **changed}.items():
            if rows is None:
                continue
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for index, cell in enumerate(row):
                    if isinstance(cell, datetime):
                        sheet.write_datetime(number, index, cell, hours)
                    else:
                        sheet.write(number, index, cell)
    return out.getvalue()


def write(directory: Path, files: Mapping[str, Content | None]) -> Path:
    """Write files into a directory; ``None`` makes a directory of that name.

    :returns: where the registry is: the one file, unless it is a CSV file, else the directory.
    """
    for name, content in files.items():
        path = directory / name
        if content is None:
            path.mkdir()
        else:
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
    only = next(iter(files), "x.csv")
    return directory if len(files) != 1 or only.endswith(".csv") else directory / only
