"""What a workbook's XML says of a sheet besides its values: links, what is hidden, formulas.

Patterns here run over sheets from outside, unpacked and within their limits: none can look at a
byte more than a few times. What does not fit them is not there: a link that is not found is none.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from html import unescape
from typing import NamedTuple

from rolecall.adopt.reading.links import target_of
from rolecall.registry.raw_table import MOST_COLUMNS
from rolecall.registry.workbook_archive import entry_of

__all__ = ["SheetMarks", "sheet_marks"]

_SHEET = re.compile(rb"<(?:\w+:)?sheet\b([^<>]*)>")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b([^<>]*)>")
_COLUMN = re.compile(rb"<(?:\w+:)?col\b([^<>]*)>")
_LINK = re.compile(rb"<(?:\w+:)?hyperlink\b([^<>]*)>")
_ROW = re.compile(rb"<(?:\w+:)?row\b([^<>]*)>")
_FORMULA = re.compile(
    rb"<(?:\w+:)?c\b(?P<cell>[^<>]*)>\s*<(?:\w+:)?f\b(?:[^<>]*/>|[^<>]*>(?P<formula>[^<]*)"
    rb"</(?:\w+:)?f>)\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v\b[^<>]*>(?P<value>[^<]{0,64}))?"
)
_ATTRIBUTE = re.compile(rb"""([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_RECALCULATED = re.compile(rb"""<(?:\w+:)?calcPr\b[^<>]*\bfullCalcOnLoad\s*=\s*["'](?:1|true)""")
_POSITION = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})(?::\$?([A-Z]{1,3})\$?(\d{1,7}))?")
_MOST_LINKED = 1_000
_MOST_LINKS = 200_000


class SheetMarks(NamedTuple):
    """What is said of the cells of one sheet.

    :ivar links: the addresses behind cells, by the number of the row and the column.
    :ivar hidden: the columns that are not shown.
    :ivar hidden_rows: how many rows with cells are not shown.
    :ivar valueless: the cells whose formula never got a value.
    """

    links: dict[int, dict[int, str]]
    hidden: frozenset[int]
    hidden_rows: int
    valueless: list[tuple[int, int]]


def sheet_marks(plain: bytes) -> Mapping[str, SheetMarks]:
    """Return what is said of each sheet of a workbook, by its name.

    :param plain: the workbook, packed again by :func:`rolecall.registry.workbook_archive.repacked`.
    """
    folder = "xl"
    book = entry_of(plain, f"{folder}/workbook.xml")
    paths = _relations(entry_of(plain, f"{folder}/_rels/workbook.xml.rels"), folder)
    is_recalculated = _RECALCULATED.search(book) is not None
    found = {}
    for sheet in _SHEET.finditer(book):
        attributes = _attributes(sheet[1])
        path = paths.get(_relation_id(attributes), "")
        if path:
            name = attributes.get("name", "")
            found[name] = _marks(plain, path, is_recalculated=is_recalculated)
    return found


def _marks(plain: bytes, path: str, *, is_recalculated: bool) -> SheetMarks:
    content = entry_of(plain, path)
    directory, _, file = path.rpartition("/")
    targets = _relations(entry_of(plain, f"{directory}/_rels/{file}.rels"), "")
    links: dict[int, dict[int, str]] = {}
    count = 0
    for found in _LINK.finditer(content):
        attributes = _attributes(found[1])
        target = targets.get(_relation_id(attributes), "")
        if target and attributes.get("location"):
            target = f"{target}#{attributes['location']}"
        if target_of(target) and count < _MOST_LINKS:
            for row, column in _cells(attributes.get("ref", "")):
                count += 1
                _add(links, row, column, target)
    valueless = []
    for found in _FORMULA.finditer(content):
        attributes = _attributes(found["cell"])
        cell = next(_cells(attributes.get("r", "")), None)
        if cell is None:
            continue
        target = target_of(unescape((found["formula"] or b"").decode("utf-8", errors="replace")))
        _add(links, *cell, target)
        value = (found["value"] or b"").strip()
        # A program that lets values be counted when it is opened writes 0, or nothing.
        is_counted = value and not (is_recalculated and value == b"0")
        if not is_counted and not target and attributes.get("t") not in ("str", "inlineStr"):
            valueless.append(cell)
    hidden_rows = sum(_is_on(_attributes(row[1]), "hidden") for row in _ROW.finditer(content))
    return SheetMarks(links, frozenset(_hidden(content)), hidden_rows, valueless)


def _hidden(content: bytes) -> set[int]:
    hidden: set[int] = set()
    for found in _COLUMN.finditer(content):
        attributes = _attributes(found[1])
        first, last = attributes.get("min", ""), attributes.get("max", "")
        if _is_on(attributes, "hidden") and first.isdecimal() and last.isdecimal():
            columns = range(int(first) - 1, min(int(last), MOST_COLUMNS))
            if columns and not {columns[0], columns[-1]} <= hidden:
                hidden.update(columns)
    return hidden


def _is_on(attributes: Mapping[str, str], name: str) -> bool:
    return attributes.get(name) in ("1", "true")


def _add(links: dict[int, dict[int, str]], row: int, column: int, target: str) -> None:
    if target_of(target):
        links.setdefault(row, {}).setdefault(column, target)


def _cells(text: str) -> Iterator[tuple[int, int]]:
    """Yield the cells of a position such as ``B2`` or ``B2:B9``, as number and column."""
    found = _POSITION.fullmatch(text)
    if found is None:
        return
    left, top = _column(found[1]), int(found[2])
    right, bottom = (_column(found[3]), int(found[4])) if found[3] else (left, top)
    if (right - left + 1) * (bottom - top + 1) > _MOST_LINKED:
        return
    for row in range(top, bottom + 1):
        for column in range(left, right + 1):
            yield row, column


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _relations(content: bytes, folder: str) -> dict[str, str]:
    """Return the targets of a part's relations by their ids, those within as paths."""
    found = {}
    for relation in _RELATION.finditer(content):
        attributes = _attributes(relation[1])
        target = attributes.get("Target", "")
        if attributes.get("TargetMode") != "External" and folder:
            within = target.lstrip("/") if target.startswith("/") else f"{folder}/{target}"
            target = posixpath.normpath(within)
        found[attributes.get("Id", "")] = target
    return found


def _relation_id(attributes: Mapping[str, str]) -> str:
    return next((value for name, value in attributes.items() if name.endswith(":id")), "")


def _attributes(text: bytes) -> dict[str, str]:
    return {
        found[1].decode("utf-8", errors="replace"): unescape(
            (found[2] or found[3] or b"").decode("utf-8", errors="replace")
        )
        for found in _ATTRIBUTE.finditer(text)
    }
