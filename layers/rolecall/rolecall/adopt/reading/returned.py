"""Workbooks that were made here and come back, as whichever program saved them."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence

from rolecall.adopt.reading.grids import Grid
from rolecall.adopt.reading.opendocument import opendocument_grids
from rolecall.adopt.reading.workbooks import workbook_grids
from rolecall.registry.problems import Problems
from rolecall.registry.workbook_archive import MOST_UNPACKED, UNREADABLE_BOOK

__all__ = ["names_of_sheets", "returned_grids"]

_OPEN_DOCUMENT = "content.xml"
_LISTS = ("xl/workbook.xml", _OPEN_DOCUMENT)


def names_of_sheets(data: bytes) -> frozenset[str]:
    """Return what the sheets of a workbook are called; nothing of what is none.

    Whoever reads it as a sheet says what is wrong with one that is damaged.
    """
    if not data.startswith(b"PK\x03\x04"):
        return frozenset()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in _LISTS:
                if name in archive.namelist() and archive.getinfo(name).file_size < MOST_UNPACKED:
                    listed = archive.read(name)
                    names = set(re.findall(rb'\b(?:table:)?name="([^"]{1,40})"', listed))
                    return frozenset(one.decode("utf-8", "replace") for one in names)
    except UNREADABLE_BOOK:
        return frozenset()
    return frozenset()


def returned_grids(file: str, data: bytes, problems: Problems) -> Sequence[Grid]:
    """Return the cells of each sheet, the hidden ones too."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        is_open_document = _OPEN_DOCUMENT in archive.namelist()
    read = opendocument_grids if is_open_document else workbook_grids
    return read(file, data, problems)
