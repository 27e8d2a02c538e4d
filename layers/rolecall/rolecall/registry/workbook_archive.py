"""A workbook as the zip archive that it is: unpacked within limits before a reader sees it.

It comes from outside. So it is unpacked here with a limit on what comes out and packed again
without compression: what was measured is what is read.
"""

from __future__ import annotations

import io
import lzma
import re
import struct
import zipfile
import zlib

from python_calamine import (
    CalamineError,
    CalamineWorkbook,
    WorksheetNotFound,
    XmlError,
    ZipError,
)

from rolecall.printable import shorten
from rolecall.registry.number_formats import as_shown, formats_of

__all__ = [
    "MOST_CELLS",
    "MOST_MARKS",
    "MOST_UNPACKED",
    "OLE",
    "UNREADABLE_BOOK",
    "WorkbookError",
    "book_of",
    "entry_names",
    "entry_of",
    "repacked",
]

MOST_UNPACKED = 1 << 27
"""Bytes that a workbook may unpack to; what is larger can be a directory of CSV files."""

MOST_MARKS = 8_000_000
"""Beginnings and ends of elements that a workbook may have: a cell with a value has four."""

MOST_CELLS = 1 << 23
"""Cells that a sheet may span, the empty ones included: the reader takes memory for each."""

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How the files of old programs begin, and workbooks that are encrypted."""

UNREADABLE_BOOK = (
    CalamineError,
    XmlError,
    ZipError,
    WorksheetNotFound,
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    ValueError,
)
"""What is raised of a workbook that is damaged, or none; what is refused (:class:`WorkbookError`)
is a ``ValueError`` too, and is caught first."""

_MOST_DIGITS = 12
_STYLES = "xl/styles.xml"
# Positions of cells beyond column Z or row 99,999.
_FAR = re.compile(rb"""r\s*=\s*["'](?:[A-Za-z]{2,}|[A-Za-z]?[0-9]{6,})""")
_POSITION = re.compile(rb"""r\s*=\s*["']([A-Za-z]*)([0-9]+)""")


class WorkbookError(ValueError):
    """The archive is readable, and not to be trusted; the message goes after its name."""


def book_of(data: bytes) -> CalamineWorkbook:
    """Return what reads a workbook.

    :raises UNREADABLE_BOOK: it is damaged, or none.
    """
    return CalamineWorkbook.from_filelike(io.BytesIO(data))


def entry_names(plain: bytes) -> list[str]:
    """Return the names of the parts of a workbook."""
    with zipfile.ZipFile(io.BytesIO(plain)) as archive:
        return archive.namelist()


def entry_of(plain: bytes, name: str) -> bytes:
    """Return a part of a workbook that was packed again, nothing where it has none of the name."""
    with zipfile.ZipFile(io.BytesIO(plain)) as archive:
        try:
            return archive.read(name)
        except KeyError:
            return b""


def repacked(data: bytes, *, is_opendocument: bool = False) -> bytes:
    """Return the archive without compression, after holding it to its limits.

    The sizes that an archive declares are held to the limit before anything is unpacked; no entry
    gives more than it declared, and one that lies about it does not fit its checksum. Numbers that
    show more than themselves are texts in it (:mod:`rolecall.registry.number_formats`).

    :param is_opendocument: its cells do not say where they are, and who reads them counts them.
    :raises WorkbookError: it is not to be trusted.
    :raises UNREADABLE_BOOK: it is damaged, or none.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as packed, zipfile.ZipFile(out, "w") as plain:
        infos = packed.infolist()
        if sum(info.file_size for info in infos) > MOST_UNPACKED:
            msg = f"unpacks to more than {MOST_UNPACKED >> 20:,} MiB; save the sheets as CSV files"
            raise WorkbookError(msg)
        if len({info.filename for info in infos}) < len(infos):
            raise WorkbookError("holds two parts of one name; open it and save it again")
        styles = next((info for info in infos if info.filename.casefold() == _STYLES), None)
        formats = formats_of(_content(packed, styles)) if styles is not None else {}
        marks = 0
        for info in infos:
            if info.flag_bits & 1:
                raise WorkbookError("is encrypted; save it without a password")
            content = _content(packed, info)
            marks += content.count(b"<")
            if marks > MOST_MARKS:
                raise WorkbookError(
                    f"holds more than {MOST_MARKS:,} elements; save it as CSV files"
                )
            if not is_opendocument:
                _check_span(content)
            if info.filename.casefold().startswith("xl/worksheets/"):
                content = as_shown(content, formats)
            plain.writestr(info.filename, content)
    return out.getvalue()


def _content(packed: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    with packed.open(info) as entry:
        return entry.read(info.file_size + 1)


def _check_span(content: bytes) -> None:
    """Refuse a sheet with a cell far away from the others."""
    if _FAR.search(content) is None:
        return
    column, row = b"", 0
    for match in _POSITION.finditer(content):
        column = max(column, match[1].upper(), key=lambda name: (len(name), name))
        row = max(row, int(match[2].lstrip(b"0")[:_MOST_DIGITS] or b"0"))
    width = 0
    for letter in column[:_MOST_DIGITS]:
        width = width * 26 + letter - 64
    if width * row > MOST_CELLS:
        where = f"column {shorten(column.decode())} and row {row:,}"
        msg = f"has a sheet that reaches to {where}; delete what lies far from the table"
        raise WorkbookError(msg)
