"""Lists of a program as grids: JSON, such as the answer of a directory (SCIM), an object a row.

An object within an object is columns of its own (``name.givenName``), a list of values one cell,
and a list of objects with values too: the primary one first. Whole numbers keep every digit.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rolecall.adopt.reading.encodings import decoded_text
from rolecall.adopt.reading.grids import MOST_GRID_CELLS, Grid, GridCell, GridRow
from rolecall.errors import OverLimitError
from rolecall.limits import check_json
from rolecall.quantity import counted
from rolecall.registry.cells import MOST_CHARACTERS, Unreadable
from rolecall.registry.problems import Problems
from rolecall.registry.raw_table import MOST_COLUMNS

__all__ = ["looks_like_objects", "object_grids"]

_MOST_BYTES = 1 << 25
_MOST_VALUES = 2_000_000
_SHORTENED = (
    "is a number in scientific notation, which leaves only the first of its digits; write it as a "
    "text where it comes from"
)
# What stands before the attributes of an extension in SCIM, and says nothing of them.
_URN = "urn:"
_NOT_COLUMNS = frozenset(("schemas", "meta"))


class _JsonError(ValueError):
    """A document is none that can be read; the message goes after its name."""


def looks_like_objects(file: str, data: bytes) -> bool:
    """Tell whether a file is JSON, by its name or by how it begins."""
    begins = data[:200].lstrip(b"\xef\xbb\xbf\xff\xfe").replace(b"\0", b"").lstrip()
    is_begun = begins[:1] == b"{" or (
        begins[:1] == b"[" and begins[1:].lstrip()[:1] in (b"{", b"]", b"")
    )
    return is_begun or file.casefold().endswith((".json", ".jsonl", ".ndjson"))


def object_grids(file: str, data: bytes, problems: Problems) -> list[Grid]:
    """Return a grid for each list of objects of a JSON document."""
    decoded = decoded_text(file, data, problems)
    if decoded is None:
        return []
    text, remark = decoded
    try:
        check_json(text.encode("utf-8", errors="replace"), size=_MOST_BYTES, values=_MOST_VALUES)
        lists = _lists(_document(text))
    except (_JsonError, OverLimitError) as error:
        problems.add(file, str(error))
        return []
    named = len(lists) > 1
    grids = [
        _grid(file, name if named else "", objects, problems)
        for name, objects in lists.items()
        if objects
    ]
    for grid in grids[:1]:
        grid.remarks += [remark] if remark else []
    return grids


def _document(text: str) -> Any:
    try:
        return _loaded(text)
    except json.JSONDecodeError as error:
        lines = [line for line in text.splitlines() if line.strip()]
        if error.msg == "Extra data" and len(lines) > 1:
            # An object a line.
            try:
                return [_loaded(line) for line in lines]
            except json.JSONDecodeError as broken:
                raise _JsonError(f"is not JSON: {broken.msg} in one of its lines") from broken
        told = f"is not JSON: {error.msg} (line {error.lineno}, column {error.colno})"
        raise _JsonError(told) from error


def _loaded(text: str) -> Any:
    return json.loads(
        text, parse_float=str, parse_int=str, parse_constant=str, object_pairs_hook=_unique
    )


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _JsonError("has an object with the same key twice")
    return found


def _lists(document: Any) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """Return the lists of objects of a document, by their names."""
    if isinstance(document, list):
        document = {"": document}
    if not isinstance(document, dict):
        raise _JsonError("must be a list of objects, or an object with such lists")
    lists = {
        name: value
        for name, value in document.items()
        if isinstance(value, list) and all(isinstance(item, dict) for item in value)
    }
    if not any(lists.values()):
        # An object an id, or one object alone.
        values = list(document.values())
        if values and all(isinstance(value, dict) for value in values):
            return {"": [{"key": key, **value} for key, value in document.items()]}
        if not lists and document and "" not in document:
            return {"": [document]}
        if document.get(""):
            raise _JsonError("must be a list of objects")
    return lists


def _grid(file: str, name: str, objects: Sequence[Mapping[str, Any]], problems: Problems) -> Grid:
    rows = [dict(_flat(item)) for item in objects]
    heads = list(dict.fromkeys(key for row in rows for key in row))
    grid = Grid(file, name, [])
    if len(heads) > MOST_COLUMNS or len(heads) * len(rows) > MOST_GRID_CELLS:
        told = (
            f"has {counted(len(heads), 'column')} in {counted(len(rows), 'row')}, which is more "
            "than is read"
        )
        problems.add(grid.place, told)
        return grid
    # The row of headings is none of the file's: objects are counted from 1.
    grid.rows.append(GridRow(0, list(heads)))
    grid.rows += [
        GridRow(number, [row.get(head, "") for head in heads]) for number, row in enumerate(rows, 1)
    ]
    grid.is_headed = True
    return grid


def _flat(value: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, GridCell]]:
    for key, item in value.items():
        if not before and key in _NOT_COLUMNS:
            continue
        name = f"{before}{key}"
        if isinstance(item, dict):
            inner = "" if key.casefold().startswith(_URN) else f"{name}."
            yield from _flat(item, inner)
        else:
            yield name, _cell(item)


def _cell(value: Any) -> GridCell:
    if value is None:
        return ""
    if isinstance(value, bool):
        return value
    if isinstance(value, list):
        ordered = sorted(value, key=lambda item: not _is_primary(item))
        texts = [text for item in ordered if isinstance(text := _cell(_told(item)), str) and text]
        return "; ".join(dict.fromkeys(texts))
    if isinstance(value, dict):
        return _cell(_told(value))
    text = str(value).strip()
    if len(text) > MOST_CHARACTERS:
        return Unreadable(f"is longer than {MOST_CHARACTERS:,} characters")
    if "e+" in text.casefold() and text[:1].isdigit() and text.casefold().split("e+")[1].isdigit():
        return Unreadable(_SHORTENED, lost=True)
    return text


def _is_primary(item: Any) -> bool:
    return isinstance(item, dict) and item.get("primary") in (True, "true", "True")


def _told(item: Any) -> Any:
    """Return what says most of an object in a list."""
    if not isinstance(item, dict):
        return item
    for key in ("value", "address", "email", "display", "displayName", "name", "id"):
        if isinstance(item.get(key), str):
            return item[key]
    return next((part for part in item.values() if isinstance(part, str)), "")
