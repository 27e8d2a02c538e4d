"""A text with delimiters as a grid: which delimiter it is, its content decides.

Rows are counted as a spreadsheet counts them: a cell may go on over many lines, and a first line
``sep=;`` is none.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from itertools import islice

from rolecall.adopt.reading.encodings import decoded_text
from rolecall.adopt.reading.grids import MOST_GRID_CELLS, Grid, GridCell, GridRow
from rolecall.adopt.reading.links import target_of
from rolecall.registry.cells import MOST_CHARACTERS, Unreadable, is_shortened
from rolecall.registry.csv_blocks import csv_explained, csv_reader, text_lines
from rolecall.registry.problems import Problems
from rolecall.spreadsheet import unguarded

__all__ = ["delimited_grids"]

_DELIMITERS = ",;\t|^~\x1f\x01¦§"
_LAST = ":"
_SEP = re.compile(r'\A\s*"?sep=(\\t|[^\r\n])"?[ \t,;]*(?:\r\n|\r|\n|\Z)', re.IGNORECASE)
_SAMPLE = 200
_SAMPLE_BYTES = 1 << 20
# A number that is to stay a text: ="0017" is what makes it one.
_TEXT_FORMULA = re.compile(r'="([^"]*)"')
_FLOAT_SHORTENED = re.compile(r"-?\d(?:\.\d+)?e\+\d{2,3}", re.ASCII)
_SHORTENED = (
    "is a number in scientific notation, which leaves only the first of its digits; format the "
    "column as text where it came from, and export it again"
)


def delimited_grids(file: str, data: bytes, problems: Problems) -> list[Grid]:
    """Return the one grid of a text, none where it cannot be read."""
    decoded = decoded_text(file, data, problems)
    if decoded is None:
        return []
    text, remark = decoded
    csv.field_size_limit(MOST_CHARACTERS)
    said = _SEP.match(text)
    lines = text[said.end() if said else 0 :].encode("utf-8", errors="replace")
    delimiter = said[1].replace("\\t", "\t") if said else _delimiter(lines)
    grid = Grid(file, "", [], remarks=[remark] if remark else [])
    cells = 0
    try:
        for number, row in enumerate(csv_reader(text_lines(lines), delimiter), 1):
            cells += len(row)
            if cells > MOST_GRID_CELLS:
                problems.add(file, f"has more than {MOST_GRID_CELLS:,} cells; leave out columns")
                return []
            grid.rows.append(GridRow(number, _cells(grid, number, row)))
    except csv.Error as error:
        told = f"{csv_explained(error)}; nothing behind it can be read"
        problems.add(file, told, row=len(grid.rows) + 1)
        return []
    return [grid]


def _cells(grid: Grid, number: int, row: list[str]) -> list[GridCell]:
    cells: list[GridCell] = []
    for column, cell in enumerate(row):
        text = unguarded(cell).strip() if "'" in cell else cell.strip()
        if text.startswith("="):
            formula = _TEXT_FORMULA.fullmatch(text)
            if formula:
                text = formula[1].strip()
            elif target := target_of(text):
                grid.links.setdefault(number, {})[column] = target
                text = _label(text)
        is_cut = "+" in text and (is_shortened(text) or _FLOAT_SHORTENED.fullmatch(text))
        cells.append(Unreadable(_SHORTENED, lost=True) if is_cut else text)
    while cells and cells[-1] == "":
        cells.pop()
    return cells


def _label(formula: str) -> str:
    """Return the text that a formula of a link shows."""
    found = re.search(r'[,;]\s*"([^"]*)"\s*\)\s*\Z', formula)
    return found[1].strip() if found else ""


def _delimiter(lines: bytes) -> str:
    """Return the delimiter under which most rows have as many cells as the others."""
    sample = _beginning(lines)
    best = max(_DELIMITERS, key=lambda delimiter: _fit(sample, delimiter))
    if _fit(sample, best) > 0:
        return best
    # What stands in addresses and hours delimits only where nothing else does.
    return _LAST if b"://" not in lines and _fit(sample, _LAST) > 0.5 else ","


def _beginning(lines: bytes) -> bytes:
    """Return whole lines of a text, as many as tell its delimiter: one row may be millions."""
    if len(lines) <= _SAMPLE_BYTES:
        return lines
    return lines[: lines.rfind(b"\n", 0, _SAMPLE_BYTES) + 1] or lines[:_SAMPLE_BYTES]


def _fit(lines: bytes, delimiter: str) -> float:
    """Return how well a text is cut by a delimiter: by how regular its rows are, and how wide."""
    widths: Counter[int] = Counter()
    split = total = spaced = 0
    try:
        for row in islice(csv_reader(text_lines(lines), delimiter), _SAMPLE):
            if any(row):
                widths[len(row)] += 1
                # A quote within a cell is one that another delimiter would have taken off.
                split += sum('"' in cell[:1] + cell[-1:] for cell in row)
                spaced += all(cell.startswith(" ") for cell in row[1:])
                total += 1
    except csv.Error:
        split += 1
    wide = {width: count for width, count in widths.items() if width > 1}
    if not wide:
        return 0.0
    width, count = max(wide.items(), key=lambda item: (item[1] * (item[0] - 1), item[0]))
    regular = count / total
    rows = sum(wide.values()) / total
    # Of what is followed by a blank each time, a sentence is the likelier.
    prose = 0.6 if 2 * spaced > total else 1.0
    return float((regular * rows) ** 2 * (width - 1) ** 0.5 * prose / (1 + split))
