"""The registry as one JSON document: the tables as arrays of objects."""

from __future__ import annotations

import codecs
import json
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from rolecall.errors import OverLimitError
from rolecall.limits import check_json
from rolecall.model import TABLES
from rolecall.printable import shorten
from rolecall.registry.cells import Cell, Unreadable, bounded
from rolecall.registry.problems import Problems, suggestion, undecodable
from rolecall.registry.raw_table import MOST_COLUMNS, RawTable
from rolecall.registry.schema import columns

__all__ = ["json_tables", "object_lines"]


_TOO_LARGE = Unreadable("is too large a number", lost=True)


_MOST_BYTES = 1 << 27
_MOST_VALUES = 4_000_000


class _RefusedError(ValueError):
    """The document is JSON, but says something that cannot be taken as it is."""


def json_tables(
    file: str, data: bytes, problems: Problems, warnings: Problems
) -> dict[str, RawTable]:
    """Return the tables of a JSON document by name."""
    document = _parsed(file, data, problems)
    if document is None:
        return {}
    found: dict[str, RawTable] = {}
    for key, value in document.items():
        name = key.strip().casefold()
        if name in found:
            problems.add(f"{file}/{name}", "this table appears twice")
        elif name not in TABLES:
            near = suggestion(name, TABLES)
            warnings.add(f"{file}/{shorten(key)}", f"is not a table of a registry{near}")
        elif not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
            problems.add(f"{file}/{name}", "must be an array of objects")
        else:
            found[name] = _table(name, f"{file}/{name}", value)
    return {name: found[name] for name in TABLES if name in found}


def object_lines(data: bytes) -> Mapping[str, Sequence[int]]:
    """Return the line at which each object of each table begins; nothing where there is no JSON.

    The parts of a document are taken out as the bytes that they are, and looked for in their order.
    """
    text = data.removeprefix(codecs.BOM_UTF8)
    found: dict[str, list[int]] = {}
    at, line = 0, 1
    try:
        for key, value in msgspec.json.decode(text, type=dict[str, msgspec.Raw]).items():
            if not bytes(value).startswith(b"["):
                continue
            lines = found[key.strip().casefold()] = []
            # The array first: an earlier part of the document may look like the object.
            start = text.index(bytes(value), at)
            line += text.count(b"\n", at, start)
            at = start
            for row in msgspec.json.decode(value, type=list[msgspec.Raw]):
                start = text.index(bytes(row), at)
                line += text.count(b"\n", at, start)
                lines.append(line)
                at = start
                line += bytes(row).count(b"\n")
                at += len(bytes(row))
    except (msgspec.DecodeError, ValueError):
        return {}
    return found


def _parsed(file: str, data: bytes, problems: Problems) -> Mapping[str, Any] | None:
    if not data.strip():
        problems.add(file, "is empty")
        return None
    try:
        check_json(data, size=_MOST_BYTES, values=_MOST_VALUES)
        document = json.loads(
            data.decode("utf-8-sig"), object_pairs_hook=_unique, parse_constant=_refuse
        )
    except OverLimitError as error:
        problems.add(file, str(error))
    except UnicodeDecodeError as error:
        problems.add(file, f"is not UTF-8 {undecodable(error)}; save it as UTF-8")
    except json.JSONDecodeError as error:
        message = f"is not JSON: {error.msg} (line {error.lineno}, column {error.colno})"
        problems.add(file, message)
    except _RefusedError as error:
        problems.add(file, str(error))
    except RecursionError:
        problems.add(file, "is nested too deeply")
    except ValueError:
        # Python refuses to read whole numbers of thousands of digits.
        problems.add(file, "holds a number that is too long")
    else:
        if isinstance(document, dict):
            return document
        problems.add(file, "must be an object with the tables as arrays of objects")
    return None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise _RefusedError("an object has the same key twice")
    return made


def _refuse(constant: str) -> None:
    raise _RefusedError(f"is not JSON: {constant} is not a number")


def _table(name: str, file: str, objects: Sequence[Mapping[str, Any]]) -> RawTable:
    # The columns in the order in which they are first seen. An empty table has the required ones:
    # it is there, so that they are tracked.
    header = list(dict.fromkeys(key for row in objects for key in row)) or [
        column.name for column in columns(name).values() if column.required
    ]
    if len(header) > MOST_COLUMNS:
        # Each row would be made as wide as the header, which says that it is too wide.
        return RawTable(name=name, file=file, header=header, rows=[], first_row=1)
    rows = [[_cell(row.get(key)) for key in header] for row in objects]
    return RawTable(name=name, file=file, header=header, rows=rows, first_row=1)


def _cell(value: Any) -> Cell:
    if value is None:
        return ""
    if isinstance(value, str):
        return bounded(value) if _is_text(value) else Unreadable("is not valid text", "")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return str(value) if abs(value) < 2**53 else _TOO_LARGE
    if isinstance(value, float):
        if abs(value) >= 2**53:
            return _TOO_LARGE
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, list) and all(map(_is_item, value)):
        items = tuple(item if isinstance(item, str) else str(item) for item in value)
        return items if all(map(_is_text, items)) else Unreadable("is not valid text")
    kind = "an object" if isinstance(value, dict) else "a list of anything else"
    return Unreadable(f"must be one value or a list of texts, not {kind}")


def _is_item(value: Any) -> bool:
    if isinstance(value, str):
        return True
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**53


def _is_text(value: str) -> bool:
    # "\\ud800" is JSON, but half of a character: it could never be written again.
    return value.isascii() or not any("\ud800" <= char <= "\udfff" for char in value)
