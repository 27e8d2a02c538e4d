"""The way in: files in bytes, the sheets in them out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from rolecall.adopt.reading.delimited import delimited_grids
from rolecall.adopt.reading.tables import sheet_of
from rolecall.adopt.reading.workbooks import workbook_grids
from rolecall.adopt.sheets import Sheet, SheetRow
from rolecall.errors import RegistryError
from rolecall.registry.problems import Problems
from rolecall.registry.words_for_nothing import WordsForNothing

__all__ = ["read_sheets"]

_ZIP = b"PK\x03\x04"


def read_sheets(
    files: Sequence[tuple[str, bytes]], nothing: WordsForNothing
) -> tuple[tuple[Sheet, ...], Mapping[str, int]]:
    """Return the sheets of some files, and which words in them were taken for nothing, how often.

    :param files: the name of each without its folder, and what it holds.
    :raises RegistryError: one cannot be read, or holds secrets; each problem says where.
    """
    problems = Problems()
    sheets: list[Sheet] = []
    empties: Counter[str] = Counter()
    for file, data in files:
        grids = (workbook_grids if data.startswith(_ZIP) else delimited_grids)(file, data, problems)
        found = [sheet for grid in grids if (sheet := sheet_of(grid, problems)) is not None]
        sheets += [_emptied(sheet, nothing, empties) for sheet in found]
    if problems.count:
        raise RegistryError(problems.kept, problems.count)
    return tuple(sheets), empties


def _emptied(sheet: Sheet, nothing: WordsForNothing, empties: Counter[str]) -> Sheet:
    rows = []
    for row in sheet.rows:
        words = [cell for cell in row.cells if isinstance(cell, str) and nothing.say(cell)]
        empties.update(words)
        cells = tuple("" if cell in words else cell for cell in row.cells)
        rows.append(SheetRow(row.number, cells))
    return Sheet(
        sheet.file, sheet.name, sheet.headings, sheet.heading_row, tuple(rows), sheet.remarks
    )
