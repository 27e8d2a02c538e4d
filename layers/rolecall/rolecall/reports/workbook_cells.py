"""Cells of a workbook as they stand in its file, for sheets of very many rows.

XlsxWriter keeps each cell, looks at it several times and writes it by itself; the findings of a
night have millions. A row of ordinary cells is put together here, each text that recurs once for
all, and goes into the file where XlsxWriter would have written it, with the same bytes. Whatever
is not ordinary it writes itself: links, signs that are escaped, formats that have no number yet.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from xlsxwriter.utility import xl_col_to_name

from rolecall.printable import printable
from rolecall.reports.cell_lines import cut_to_row, line_height, lines_of_cell

__all__ = ["BLANK_CELL", "CellText", "fitting", "number_in_cell", "put_row"]

_RECURRING = 500
_MOST_KEPT = 1 << 12
_MOST_CHARACTERS = 32_000
_LONGEST = 16_000
_FIRST_DAY, _DAY_ZERO = date(1900, 3, 1), date(1899, 12, 30)
_letters = lru_cache(None)(xl_col_to_name)
BLANK_CELL = "/>"
"""What stands in the file for a cell with nothing in it, behind its format."""

# What XlsxWriter escapes or marks, and what it takes for markup: such texts it writes itself.
_SPECIAL = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]|_x[0-9a-fA-F]{4}_|\A\s|\s\Z|\A<r>")


class CellText(NamedTuple):
    """A text that a cell has room for.

    :ivar high: points that it takes; 0 where it makes no row higher.
    :ivar body: what stands in the file behind the format; empty where XlsxWriter is to write it.
    """

    text: str
    high: int
    body: str


def fitting(note: str) -> Callable[[str, float], CellText]:
    """Return the function that fits a text into a column of some width, or 0 for one line of it.

    :param note: see :func:`~.cell_lines.cut_to_row`.
    """

    def fitted(text: str, width: float) -> CellText:
        safe = text if text.isascii() and text.isprintable() else _safe(text)
        if not width:
            shown = safe[:_MOST_CHARACTERS]
            return CellText(shown, 0, _body(shown))
        shown = cut_to_row(safe, width, note)
        return CellText(shown, lines_of_cell(shown, width) * line_height(shown), _body(shown))

    kept = lru_cache(_MOST_KEPT)(fitted)
    return lambda text, width: (kept if len(text) <= _RECURRING else fitted)(text, width)


def number_in_cell(value: int | date) -> str:
    """Return what stands in the file for a number or a day, behind its format; empty for none."""
    if not isinstance(value, date):
        return f"><v>{value:.16G}</v></c>"
    # Workbooks count the days of a year that had one more than there was.
    return f"><v>{(value - _DAY_ZERO).days:.16G}</v></c>" if value >= _FIRST_DAY else ""


def put_row(sheet: Any, row: int, high: int, cells: Sequence[tuple[Any, str]]) -> bool:
    """Write a row into the file of a sheet; tell whether it could be done.

    :param sheet: of a workbook of XlsxWriter that keeps one row at a time.
    :param high: in points.
    :param cells: format and body of each.
    """
    number = row + 1
    parts = []
    for column, (shape, body) in enumerate(cells):
        if not body or shape.xf_index is None:
            return False
        parts.append(f'<c r="{_letters(column)}{number}" s="{shape.xf_index}"{body}')
    # The row before goes to the file now, and this one is all that is left of the table.
    for end in (0, len(cells) - 1):
        sheet.write_blank(row, end, None, cells[end][0])
    sheet.table.clear()
    pixels = int(high * 4.0 / 3.0 + 0.5)
    tag = f'<row r="{number}" ht="{pixels * 0.75:.16g}" customHeight="1">'
    sheet.fh.write(f"{tag}{''.join(parts)}</row>")
    return True


def _safe(text: str) -> str:
    """Return a text with no sign that nobody sees, but line breaks, which are our own."""
    return "\n".join(map(printable, text.split("\n")))


def _body(text: str) -> str:
    if not text:
        return BLANK_CELL
    if len(text) > _LONGEST or _SPECIAL.search(text):
        return ""
    safe = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f' t="inlineStr"><is><t>{safe}</t></is></c>'
