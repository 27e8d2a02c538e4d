"""A workbook as its XML has it, read without the library that wrote it and without calamine.

What is looked at is what a program that opens it goes by: widths, heights, rules, paper, and how a
cell is stored.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from typing import NamedTuple
from xml.etree import ElementTree

__all__ = ["BookXml", "CellXml", "SheetXml", "column_of"]

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINKS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


class CellXml(NamedTuple):
    """A cell: how it is stored, what it holds, and the number of its style."""

    kind: str
    text: str
    style: int


class SheetXml:
    """One sheet."""

    def __init__(self, data: bytes, links: bytes | None) -> None:
        self.root = _parsed(data)
        self.cells: dict[tuple[int, int], CellXml] = {}
        self.heights: dict[int, float] = {}
        self.formulas = [one.text for one in self.root.iter(f"{_MAIN}f")]
        for row in self.root.iter(f"{_MAIN}row"):
            number = int(row.get("r", "0"))
            if row.get("customHeight") == "1":
                self.heights[number] = float(row.get("ht", "0"))
            for cell in row.iter(f"{_MAIN}c"):
                text = "".join(one.text or "" for one in (*cell.iter(f"{_MAIN}t"),))
                value = cell.find(f"{_MAIN}v")
                told = text if value is None else value.text or ""
                at = number, column_of(cell.get("r", ""))
                self.cells[at] = CellXml(cell.get("t", "n"), told, int(cell.get("s", "0")))
        self.widths: dict[int, float] = {}
        for column in self.root.iter(f"{_MAIN}col"):
            for number in range(int(column.get("min", "0")), int(column.get("max", "0")) + 1):
                self.widths[number - 1] = float(column.get("width", "0"))
        self.links = self._links(links)

    def _links(self, relations: bytes | None) -> Mapping[str, str]:
        """Return addresses by the cells that lead to them."""
        if relations is None:
            return {}
        targets = {one.get("Id"): one.get("Target") for one in _parsed(relations)}
        return {
            one.get("ref", ""): targets[one.get(f"{_LINKS}id")] or ""
            for one in self.root.iter(f"{_MAIN}hyperlink")
        }

    def named(self, tag: str) -> list[ElementTree.Element]:
        """Return the elements of a name."""
        return list(self.root.iter(f"{_MAIN}{tag}"))

    def row(self, number: int) -> list[str]:
        """Return what the cells of a row hold."""
        return [self.cells[at].text for at in sorted(self.cells) if at[0] == number]

    def column(self, heading: str) -> list[CellXml]:
        """Return the cells below a heading."""
        (at,) = [key[1] for key, cell in self.cells.items() if key[0] == 1 and cell.text == heading]
        return [self.cells[key] for key in sorted(self.cells) if key[1] == at and key[0] > 1]


class BookXml:
    """A workbook."""

    def __init__(self, data: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            book = _parsed(archive.read("xl/workbook.xml"))
            self.styles = _parsed(archive.read("xl/styles.xml"))
            self.sheets: dict[str, SheetXml] = {}
            self.hidden = []
            for number, one in enumerate(book.iter(f"{_MAIN}sheet"), 1):
                name, links = one.get("name", ""), f"xl/worksheets/_rels/sheet{number}.xml.rels"
                self.sheets[name] = SheetXml(
                    archive.read(f"xl/worksheets/sheet{number}.xml"),
                    archive.read(links) if links in names else None,
                )
                if one.get("state"):
                    self.hidden.append(name)
            self.names = {
                (one.get("name"), int(one.get("localSheetId", "-1"))): one.text
                for one in book.iter(f"{_MAIN}definedName")
            }

    def format_of(self, style: int) -> str | None:
        """Return how cells of a style show numbers, where it is no format that programs have."""
        formats = {
            one.get("numFmtId"): one.get("formatCode") for one in self.styles.iter(f"{_MAIN}numFmt")
        }
        (shapes,) = self.styles.iter(f"{_MAIN}cellXfs")
        return formats.get(list(shapes)[style].get("numFmtId"))


def _parsed(data: bytes) -> ElementTree.Element:
    return ElementTree.fromstring(data)  # noqa: S314 - of what was just written.


def column_of(reference: str) -> int:
    """Return the column of a cell such as ``AB12``, counted from 0."""
    number = 0
    for letter in re.match("[A-Z]+", reference)[0]:  # type: ignore[index]
        number = number * 26 + ord(letter) - 64
    return number - 1
