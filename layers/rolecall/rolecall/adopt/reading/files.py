"""The way in: files in bytes, the sheets in them out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from rolecall.adopt.reading.delimited import delimited_grids
from rolecall.adopt.reading.emptying import Emptying
from rolecall.adopt.reading.grids import Grid
from rolecall.adopt.reading.objects import looks_like_objects, object_grids
from rolecall.adopt.reading.old_workbooks import old_workbook_grids
from rolecall.adopt.reading.opendocument import OPEN_DOCUMENT, opendocument_grids
from rolecall.adopt.reading.secret_texts import tells_secret
from rolecall.adopt.reading.tables import tables_of
from rolecall.adopt.reading.workbooks import workbook_grids
from rolecall.adopt.sheets import Sheet
from rolecall.errors import RegistryError
from rolecall.quantity import counted
from rolecall.registry.problems import Problems
from rolecall.registry.words_for_nothing import WordsForNothing
from rolecall.registry.workbook_archive import OLE

__all__ = ["read_sheets"]

_ZIP = b"PK\x03\x04"
_MOST_BYTES = 1 << 25
_SAVE = "open it in a spreadsheet program and save it as XLSX or CSV"
_OTHERS = {
    b"%pdf": "is a PDF, in which nobody can tell a table; ask for the sheet that it was made of",
    b"<!doctype html": f"is a web page, whatever it is called; {_SAVE}",
    b"<html": f"is a web page, whatever it is called; {_SAVE}",
    b"<table": f"is a web page, whatever it is called; {_SAVE}",
    b"<?xml": f"is XML, and no list that is known; {_SAVE}",
    b"{\\rtf": f"is a text of a word processor; {_SAVE}",
    b"\x89png": "is a picture, in which nobody can tell a table; ask for the sheet",
    b"\xff\xd8\xff": "is a picture, in which nobody can tell a table; ask for the sheet",
    b"\x1f\x8b": "is packed; unpack it first",
    b"7z\xbc\xaf": "is packed; unpack it first",
    b"rar!": "is packed; unpack it first",
}
"""How files begin that are something else, in lower case, and what is said of them."""


_CALLED = (
    "has a secret in its name, and no registry may have one; rename it, and change the secret "
    "where it is used, as it was stored in the open"
)
_VERSION = re.compile(r"\(\d+\)|\b(?:v|q|sheet|tabelle|final|copy)\d+\b", re.IGNORECASE)


def read_sheets(
    files: Sequence[tuple[str, bytes]], nothing: WordsForNothing
) -> tuple[tuple[Sheet, ...], Mapping[str, int]]:
    """Return the sheets of some files, and which words in them were taken for nothing, how often.

    :param files: the name of each without its folder, and what it holds.
    :raises RegistryError: one cannot be read, or holds secrets; each problem says where.
    """
    problems = Problems()
    emptying = Emptying(nothing)
    sheets: list[Sheet] = []
    for number, (file, data) in enumerate(files, 1):
        if _is_called_secret(file):
            problems.add(f"file {number}", _CALLED)
            continue
        sheets += _sheets(file, data, emptying, problems)
    if problems.count:
        raise RegistryError(problems.kept, problems.count)
    return tuple(sheets), emptying.empties


def _is_called_secret(name: str) -> bool:
    """Tell whether a name says a secret; what says of when or which list it is does not."""
    words = _VERSION.sub(" ", re.sub(r"\.\w{2,4}$", "", name).replace("_", " "))
    return tells_secret(words)


def _sheets(file: str, data: bytes, emptying: Emptying, problems: Problems) -> list[Sheet]:
    """Return the sheets of a file; those that are hidden are named beside its first."""
    before = problems.count
    grids = _grids(file, data, problems)
    for number, grid in enumerate(grids, 1):
        if _is_called_secret(grid.name):
            problems.add(f"{file}, sheet {number}", _CALLED)
    if problems.count > before:
        return []
    found = [sheet for grid in grids for sheet in tables_of(grid, emptying, problems)]
    hidden = [grid.name for grid in grids if grid.is_hidden]
    if not found:
        if problems.count == before:
            problems.add(file, "has no table: nothing stands in it")
    elif hidden:
        told = f"{counted(len(hidden), 'hidden sheet')} left out ({', '.join(hidden)})"
        found[0] = replace(found[0], remarks=(told, *found[0].remarks))
    return found


def _grids(file: str, data: bytes, problems: Problems) -> list[Grid]:
    """Return the grids of a file, by what it is and whatever it is called."""
    if not data.strip(b" \t\r\n\0\xef\xbb\xbf"):
        problems.add(file, "is empty")
        return []
    if len(data) > _MOST_BYTES:
        problems.add(
            file, f"is larger than {_MOST_BYTES >> 20} MiB, which no list of people or accounts is"
        )
        return []
    if data.startswith(_ZIP) and data[30:200].startswith(OPEN_DOCUMENT):
        return opendocument_grids(file, data, problems)
    if data.startswith(_ZIP):
        return workbook_grids(file, data, problems)
    if data.startswith(OLE):
        return old_workbook_grids(file, data, problems)
    for begins, told in _OTHERS.items():
        if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:200].lower().startswith(begins):
            problems.add(file, told)
            return []
    if looks_like_objects(file, data):
        return object_grids(file, data, problems)
    return delimited_grids(file, data, problems)
