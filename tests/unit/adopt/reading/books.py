"""Workbooks for tests, as programs write them."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import Any

import pytest
import xlsxwriter

from rolecall.adopt.reading.files import read_sheets
from rolecall.adopt.sheets import Sheet
from rolecall.errors import RegistryError
from rolecall.registry.words_for_nothing import WordsForNothing

__all__ = ["book", "one", "refusals", "sheets"]


def book(
    rows: Sequence[Sequence[Any]],
    more: Callable[[Any, Any], None] | None = None,
    *,
    name: str = "Accounts",
    **options: Any,
) -> bytes:
    """Return an XLSX workbook with one sheet.

    :param more: what is done to the book and its sheet besides.
    """
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, **options}) as made:
        sheet = made.add_worksheet(name)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        if more is not None:
            more(made, sheet)
    return out.getvalue()


def sheets(**files: bytes | str) -> tuple[Sheet, ...]:
    """Return the sheets of files, by names whose last underscore is a full stop."""
    given = [
        (".".join(name.rsplit("_", 1)), data.encode() if isinstance(data, str) else data)
        for name, data in files.items()
    ]
    return read_sheets(given, WordsForNothing())[0]


def one(data: bytes | str, name: str = "list_csv") -> Sheet:
    """Return the only sheet of a file."""
    (sheet,) = sheets(**{name: data})
    return sheet


def refusals(data: bytes | str, name: str = "list_csv") -> list[str]:
    """Return what is said of a file that is refused."""
    with pytest.raises(RegistryError) as caught:
        sheets(**{name: data})
    assert caught.value.count == len(caught.value.problems)
    return list(map(str, caught.value.problems))
