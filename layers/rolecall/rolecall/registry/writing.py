"""The way back out: writes a registry in any of its three forms, and starts an empty one.

What is written reads back as the same records: only the columns that are tracked, notes as columns
of their own, lists joined by ``|``, cells of CSV guarded against formulas.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from rolecall.errors import UsageError
from rolecall.model import TABLES, Investigator, Snapshot, Waiver
from rolecall.presence import ROWS
from rolecall.provenance import UNTRACKED
from rolecall.registry.policy_template import POLICY_TEMPLATE
from rolecall.registry.schema import REQUIRED_TABLES, columns
from rolecall.registry.table_rows import present_tables, table_rows
from rolecall.spreadsheet import guarded, put_text

__all__ = [
    "registry_as_json",
    "registry_as_workbook",
    "start_registry",
    "table_as_text",
    "waiver_tables",
    "write_registry",
]

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
"""The creation date in every workbook, so that equal registries give equal bytes."""

_MOST_XLSX_CHARACTERS = 32_767
_MOST_XLSX_ROWS = 1_048_576
_NOT_IN_XLSX = re.compile(
    r"#(REF!|N/A|NAME\?|VALUE!|DIV/0!|NUM!|NULL!|SPILL!)\Z|.*[\ufffe\uffff]", re.DOTALL
)
"""Texts that come back from a workbook as an error, or as another text."""


def write_registry(snapshot: Snapshot, path: Path) -> None:
    """Write a registry: ``.xlsx`` and ``.json`` by their suffix, else a directory of CSV files.

    :raises UsageError: the path is taken, or the form cannot hold what the registry does.
    """
    if path.exists() and not (path.is_dir() and not any(path.iterdir())):
        raise UsageError(f"{path}: exists already; nothing was written")
    suffix = path.suffix.casefold()
    if suffix == ".json":
        content = registry_as_json(snapshot)
        path.write_bytes(content)
    elif suffix == ".xlsx":
        path.write_bytes(registry_as_workbook(snapshot))
    elif suffix:
        raise UsageError(f"{path}: give a directory, an .xlsx or a .json")
    else:
        files = {name: table_as_text(snapshot, name) for name in present_tables(snapshot)}
        path.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            (path / f"{name}.csv").write_text(text, encoding="utf-8", newline="")


def start_registry(directory: Path) -> None:
    """Write empty tables, a README of every column and a commented policy.

    :raises UsageError: the directory is not empty.
    """
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise UsageError(f"{directory}: is not an empty directory; nothing was written")
    directory.mkdir(parents=True, exist_ok=True)
    for table in TABLES:
        header = ",".join(columns(table))
        (directory / f"{table}.csv").write_text(f"{header}\n", encoding="utf-8", newline="\n")
    (directory / "README.md").write_text(_readme(), encoding="utf-8", newline="\n")
    (directory / "policy.toml").write_text(POLICY_TEMPLATE, encoding="utf-8", newline="\n")


def table_as_text(snapshot: Snapshot, table: str) -> str:
    """Return a table as a file of CSV."""
    buffer = io.StringIO(newline="")
    # Lines end as RFC 4180 has it: the writer quotes a cell for what its own line ends hold, and a
    # carriage return that is not quoted would end the row.
    writer = csv.writer(buffer, lineterminator="\r\n")
    for row in table_rows(snapshot, table):
        writer.writerow([guarded(_text(cell)) for cell in row])
    return buffer.getvalue()


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, datetime):
        return cell.isoformat().replace("+00:00", "Z")
    if isinstance(cell, tuple):
        return "|".join(_item(item) for item in cell)
    return str(cell)


def _item(item: Any) -> str:
    text = ":".join(item) if isinstance(item, Investigator) else str(item)
    if "|" in text or ";" in text:
        msg = f"the list item {text!r} holds a separator of lists; only a .json can hold it"
        raise UsageError(msg)
    return text


def registry_as_json(snapshot: Snapshot) -> bytes:
    """Return a registry as a document."""
    document = {table: list(_objects(snapshot, table)) for table in present_tables(snapshot)}
    return json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n"


def _objects(snapshot: Snapshot, table: str) -> Iterator[Mapping[str, Any]]:
    header, *rows = table_rows(snapshot, table)
    for row in rows:
        yield {name: _json_value(cell) for name, cell in zip(header, row, strict=True)}


def _json_value(cell: Any) -> Any:
    if isinstance(cell, tuple):
        return [":".join(item) if isinstance(item, Investigator) else item for item in cell]
    return _text(cell) if isinstance(cell, date) else cell


def registry_as_workbook(snapshot: Snapshot) -> bytes:
    """Return a registry as a workbook: the same bytes for the same registry.

    :raises UsageError: a sheet cannot hold what the registry does.
    """
    buffer = io.BytesIO()
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_date_format": "yyyy-mm-dd",
    }
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties({"created": _EPOCH.replace(tzinfo=None)})
        bold = book.add_format({"bold": True})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for table in present_tables(snapshot):
            sheet = book.add_worksheet(table)
            sheet.freeze_panes(1, 0)
            for number, row in enumerate(table_rows(snapshot, table)):
                if number >= _MOST_XLSX_ROWS:
                    raise UsageError(f"{table} has more rows than a sheet holds; use CSV or JSON")
                _write_row(sheet, number, row, bold if number == 0 else None, day)
    return buffer.getvalue()


def _write_row(sheet: Any, number: int, row: Iterable[Any], style: Any, day: Any) -> None:
    for index, cell in enumerate(row):
        if isinstance(cell, date) and not isinstance(cell, datetime) and cell.year >= 1900:
            sheet.write_datetime(number, index, cell, day)
        elif isinstance(cell, bool):
            sheet.write_boolean(number, index, cell)
        elif isinstance(cell, int):
            sheet.write_number(number, index, cell)
        elif text := _text(cell):
            if len(text) > _MOST_XLSX_CHARACTERS:
                raise UsageError("a cell is longer than a sheet holds; use CSV or JSON")
            if _NOT_IN_XLSX.match(text):
                raise UsageError(f"a sheet cannot hold the cell {text!r}; use CSV or JSON")
            put_text(sheet, number, index, text, style)


def _readme() -> str:
    parts = [
        "# The registry",
        "",
        "One CSV file a table. Fill the columns that you track and delete those that you do not:",
        "an empty cell means *none on record*, a missing column means *not tracked*, and so does",
        f"{UNTRACKED} in a cell, of its row alone. Only",
        f"{' and '.join(REQUIRED_TABLES)} are required; while {' or '.join(ROWS)} have no rows,",
        "what needs them could not be checked. Dates are written YYYY-MM-DD, instants like",
        "2026-01-31T09:30:00Z, lists with `|` between their items. Ids are yours to make up; where",
        "one is asked, the name of one person or entity alone will do, and `@handle on platform`",
        "of an account; rolecall convert writes ids for them. Never write a password here.",
    ]
    for table, struct in TABLES.items():
        required = "required" if table in REQUIRED_TABLES else "optional"
        about = (struct.__doc__ or "").splitlines()[0]
        parts += ["", f"## {table}.csv ({required})", "", about, ""]
        parts += ["| column | must be filled | what it says |", "|---|---|---|"]
        for column in columns(table).values():
            must = "yes" if column.required else ""
            choices = f" ({', '.join(column.choices)})" if column.choices else ""
            parts.append(f"| {column.name} | {must} | {column.description}{choices} |")
    return "\n".join([*parts, ""])


def waiver_tables(waivers: Iterable[Waiver]) -> str:
    """Return waivers as they stand in a policy.toml, to be put at its end."""
    return "".join(_waiver_table(waiver) for waiver in waivers)


def _waiver_table(waiver: Waiver) -> str:
    facts = {
        "control": waiver.control,
        **waiver.subject.keys(),
        "reason": waiver.reason,
        "evidence": waiver.evidence,
    }
    lines = [f"{name} = {_toml(value)}" for name, value in facts.items() if value is not None]
    approvers = ", ".join(map(_toml, waiver.approved_by))
    lines += [f"approved_by = [{approvers}]"]
    if waiver.accepted_on is not None:
        lines.append(f"accepted_on = {waiver.accepted_on.isoformat()}")
    lines.append(f"expires = {waiver.expires.isoformat()}")
    return "\n".join(["\n[[waivers]]", *lines, ""])


def _toml(text: str) -> str:
    # A string of JSON is one of TOML but for the sign DEL.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
