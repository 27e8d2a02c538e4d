"""Workbooks of Excel 97 for tests: as few records as a reader needs, in one compound file."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

__all__ = ["compound", "old_book", "record", "shared_texts"]

_SECTOR = 512
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_GENERAL, _DATE = 15, 16
_URL_MONIKER = bytes.fromhex("e0c9ea79f9bace118c8200aa004ba90b")
_HYPERLINK = bytes.fromhex("d0c9ea79f9bace118c8200aa004ba90b")


def record(kind: int, data: bytes = b"") -> bytes:
    """Return a record."""
    return struct.pack("<HH", kind, len(data)) + data


def _text(text: str, length: str = "<H") -> bytes:
    return struct.pack(length, len(text)) + b"\1" + text.encode("utf-16-le")


def _xf(form: int) -> bytes:
    return record(0xE0, struct.pack("<HHHBBBBIIH", 0, form, 0, 0, 0, 0, 0, 0, 0, 0))


def _link(row: int, column: int, target: str) -> bytes:
    url = f"{target}\0".encode("utf-16-le")
    data = struct.pack("<4H", row, row, column, column) + _HYPERLINK
    data += struct.pack("<II", 2, 3) + _URL_MONIKER + struct.pack("<I", len(url)) + url
    return record(0x1B8, data)


def _cell(row: int, column: int, value: Any, form: int) -> bytes:
    place = struct.pack("<3H", row, column, form)
    if isinstance(value, bool):
        return record(0x205, place + bytes([value, 0]))
    if isinstance(value, date):
        place = struct.pack("<3H", row, column, _DATE)
        return record(0x203, place + struct.pack("<d", (value - date(1899, 12, 30)).days))
    if isinstance(value, int | float):
        return record(0x203, place + struct.pack("<d", value))
    return record(0x204, place + _text(value))


def old_book(
    rows: Sequence[Sequence[Any]],
    *,
    formats: Mapping[tuple[int, int], str] | None = None,
    links: Mapping[tuple[int, int], str] | None = None,
    merged: Sequence[tuple[int, int, int, int]] = (),
    hidden: Sequence[int] = (),
    hidden_sheet: Sequence[Sequence[Any]] = (),
    more: bytes = b"",
    cells: bytes = b"",
) -> bytes:
    """Return a workbook with one sheet, and perhaps another that is hidden.

    :param formats: the number formats of cells, by row and column from 0.
    :param merged: the first and the last row, the first and the last column of merged cells.
    :param more: records that stand in the globals, before the sheets.
    :param cells: records that stand in the first sheet, behind its cells.
    """
    codes = sorted(set((formats or {}).values()))
    forms = b"".join(
        record(0x41E, struct.pack("<H", 164 + number) + _text(code))
        for number, code in enumerate(codes)
    )
    xfs = _xf(0) * 16 + _xf(14) + b"".join(_xf(164 + number) for number in range(len(codes)))
    used = {place: 17 + codes.index(code) for place, code in (formats or {}).items()}
    first = _sheet(rows, used, links or {}, merged, hidden, cells)
    second = _sheet(hidden_sheet, {}, {}, (), ()) if hidden_sheet else b""
    names = ["Accounts", *(["Old"] if hidden_sheet else [])]
    head = record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0)) + more + forms + xfs
    size = len(head) + sum(4 + 8 + 2 * len(name) for name in names) + 4
    bounds, offset = b"", size
    for name, part in zip(names, (first, second), strict=False):
        state = int(name == "Old")
        bounds += record(0x85, struct.pack("<IBB", offset, state, 0) + _text(name, "<B"))
        offset += len(part)
    return compound({"Workbook": head + bounds + record(0x0A) + first + second})


def shared_texts(*texts: str, cut: int) -> bytes:
    """Return the texts that cells share, in records of so many bytes at most."""
    out, here = b"", struct.pack("<II", len(texts), len(texts))
    kind = 0xFC
    for text in texts:
        here += struct.pack("<H", len(text)) + b"\1"
        for letter in text:
            if len(here) + 2 > cut:
                # A text that goes on begins with how wide its letters are.
                out += record(kind, here)
                kind, here = 0x3C, b"\1"
            here += letter.encode("utf-16-le")
    return out + record(kind, here)


def _sheet(
    rows: Sequence[Sequence[Any]],
    used: Mapping[tuple[int, int], int],
    links: Mapping[tuple[int, int], str],
    merged: Sequence[tuple[int, int, int, int]],
    hidden: Sequence[int],
    cells: bytes = b"",
) -> bytes:
    out = record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0))
    width = max((len(row) for row in rows), default=0)
    for column in hidden:
        out += record(0x7D, struct.pack("<6H", column, column, 2000, 15, 1, 0))
    out += record(0x200, struct.pack("<IIHHH", 0, len(rows), 0, width, 0))
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if value != "":
                out += _cell(number, column, value, used.get((number, column), _GENERAL))
    for (row_number, column), target in links.items():
        out += _link(row_number, column, target)
    if merged:
        areas = b"".join(struct.pack("<4H", *area) for area in merged)
        out += record(0xE5, struct.pack("<H", len(merged)) + areas)
    return out + cells + record(0x0A)


def compound(streams: Mapping[str, bytes]) -> bytes:
    """Return a compound file, each of whose streams lies in sectors of its own."""
    table: list[int] = []
    body = b""
    entries = _entry("Root Entry", 5, _END, 0, child=1)
    for number, (name, data) in enumerate(streams.items(), 1):
        data = data.ljust(4096, b"\0")
        count = -(-len(data) // _SECTOR)
        start = len(table)
        table += [*range(start + 1, start + count), _END]
        body += data.ljust(count * _SECTOR, b"\0")
        right = number + 1 if number < len(streams) else _FREE
        entries += _entry(name, 2, start, len(data), right=right)
    entries = entries.ljust(-(-len(entries) // _SECTOR) * _SECTOR, b"\0")
    directory = len(table)
    count = len(entries) // _SECTOR
    table += [*range(directory + 1, directory + count), _END]
    fats = 1
    while (len(table) + fats) * 4 > fats * _SECTOR:
        fats += 1
    first_fat = len(table)
    table += [_FAT] * fats
    fat = struct.pack(f"<{len(table)}I", *table).ljust(fats * _SECTOR, b"\xff")
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16)
    header += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, fats, directory, 0, 4096, _END, 0, _END, 0)
    header += struct.pack("<109I", *range(first_fat, first_fat + fats), *[_FREE] * (109 - fats))
    return header + body + entries + fat


def _entry(
    name: str, kind: int, start: int, size: int, *, right: int = _FREE, child: int = _FREE
) -> bytes:
    text = f"{name}\0".encode("utf-16-le")
    data = text.ljust(64, b"\0") + struct.pack("<HBB", len(text), kind, 1)
    data += struct.pack("<III", _FREE, right, child) + bytes(36)
    return data + struct.pack("<IQ", start, size)
