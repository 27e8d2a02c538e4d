"""A text with delimiters as a grid: which delimiter it is, its content decides."""

from __future__ import annotations

import csv
from itertools import islice

from rolecall.adopt.reading.encodings import decoded_text
from rolecall.adopt.reading.grids import Grid, GridCell, GridRow
from rolecall.registry.cells import MOST_CHARACTERS
from rolecall.registry.csv_blocks import csv_reader, text_lines
from rolecall.registry.problems import Problems
from rolecall.spreadsheet import unguarded

__all__ = ["delimited_grids"]

_DELIMITERS = ",;\t|"
_SAMPLE = 100


def delimited_grids(file: str, data: bytes, problems: Problems) -> list[Grid]:
    """Return the one grid of a text, none where it cannot be read."""
    text, remark = decoded_text(data)
    csv.field_size_limit(MOST_CHARACTERS)
    lines = text.encode()
    delimiter = max(_DELIMITERS, key=lambda delimiter: _fit(lines, delimiter))
    rows: list[GridRow] = []
    number = 0
    try:
        for number, row in enumerate(csv_reader(text_lines(lines), delimiter), 1):
            cells: list[GridCell] = [unguarded(cell).strip() for cell in row]
            rows.append(GridRow(number, cells))
    except csv.Error as error:
        problems.add(file, f"is not CSV: {error}", row=number + 1)
        return []
    return [Grid(file, "", rows, remarks=[f"{file} {remark}"] if remark else [])]


def _fit(lines: bytes, delimiter: str) -> tuple[int, int]:
    """Return how many rows have the width that most have, and that width."""
    widths: dict[int, int] = {}
    try:
        for row in islice(csv_reader(text_lines(lines), delimiter), _SAMPLE):
            if len(row) > 1:
                widths[len(row)] = widths.get(len(row), 0) + 1
    except csv.Error:
        pass
    return max(((count, width) for width, count in widths.items()), default=(0, 0))
