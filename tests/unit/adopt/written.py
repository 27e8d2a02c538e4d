"""Sheets for tests, as they are written: a heading a column, a line a row."""

from __future__ import annotations

from rolecall.adopt.sheets import Sheet, SheetRow

__all__ = ["written"]


def written(text: str, file: str = "list.csv") -> Sheet:
    """Return the sheet that some lines are, with ``|`` between cells and ``~`` for a line break."""
    lines = [
        tuple(cell.strip().replace("~", "\n") for cell in line.split("|"))
        for line in text.strip().splitlines()
    ]
    headings = lines[0]
    rows = tuple(
        SheetRow(number, (*cells, *[""] * (len(headings) - len(cells))))
        for number, cells in enumerate(lines[1:], 2)
    )
    return Sheet(file, "", headings, 1, rows)
