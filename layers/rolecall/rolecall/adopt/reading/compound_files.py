"""A compound file, as old programs and encrypted workbooks are: a small file system of streams.

It comes from outside: each number in it is held against what there is, and no chain of sectors is
followed further than the file has sectors.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from itertools import chain

from rolecall.registry.workbook_archive import WorkbookError

__all__ = ["compound_streams"]

_DAMAGED = "is damaged; open it in a spreadsheet program and save it again"
_HEADER = 512
_LAST_SECTOR = 0xFFFFFFFA
_ENTRY = 128
_ROOT, _STREAM = 5, 2


def compound_streams(data: bytes, wanted: frozenset[str]) -> dict[str, bytes]:
    """Return the streams of a compound file by their names: those wanted whole, the others empty.

    :raises WorkbookError: it is damaged.
    """
    try:
        return _Compound(data).streams(wanted)
    except (struct.error, IndexError, ValueError) as error:
        raise WorkbookError(_DAMAGED) from error


class _Compound:
    def __init__(self, data: bytes) -> None:
        self._data = data
        shift, self._mini_shift = struct.unpack_from("<HH", data, 30)
        if shift not in (9, 12) or self._mini_shift != 6:
            raise WorkbookError(_DAMAGED)
        self._size = 1 << shift
        self._most = len(data) // self._size + 1
        count, self._directory = struct.unpack_from("<II", data, 44)
        self._cutoff, self._mini_table = struct.unpack_from("<II", data, 56)
        self._table = self._allocation(count)

    def streams(self, wanted: frozenset[str]) -> dict[str, bytes]:
        entries = self._chain(self._directory, self._table)
        found: dict[str, bytes] = {}
        packed = b""
        links: tuple[int, ...] = ()
        for at in range(0, len(entries) - _ENTRY + 1, _ENTRY):
            length, kind = struct.unpack_from("<HB", entries, at + 64)
            name = entries[at : at + min(max(length - 2, 0), 62)].decode("utf-16-le", "replace")
            start, size = struct.unpack_from("<II", entries, at + 116)
            if kind == _ROOT:
                packed = self._chain(start, self._table)
                links = _numbers(self._chain(self._mini_table, self._table))
            elif kind == _STREAM and name in wanted:
                is_mini = size < self._cutoff
                whole = (
                    self._mini(packed, links, start) if is_mini else self._chain(start, self._table)
                )
                found[name] = whole[:size]
            elif kind == _STREAM:
                found[name] = b""
        return found

    def _allocation(self, count: int) -> tuple[int, ...]:
        """Return which sector follows which."""
        listed = list(struct.unpack_from("<109I", self._data, 76))
        more, rest = struct.unpack_from("<II", self._data, 68)
        for _ in range(min(rest, self._most)):
            if more >= _LAST_SECTOR:
                break
            numbers = _numbers(self._sector(more))
            listed += numbers[:-1]
            more = numbers[-1]
        sectors = [number for number in listed if number < _LAST_SECTOR]
        parts = [_numbers(self._sector(number)) for number in sectors[: min(count, self._most)]]
        return tuple(chain.from_iterable(parts))

    def _sector(self, number: int) -> bytes:
        start = max(_HEADER, self._size) + number * self._size
        return self._data[start : start + self._size]

    def _chain(self, start: int, table: tuple[int, ...]) -> bytes:
        return b"".join(map(self._sector, self._numbers(start, table)))

    def _mini(self, packed: bytes, table: tuple[int, ...], start: int) -> bytes:
        size = 1 << self._mini_shift
        return b"".join(
            packed[number * size : (number + 1) * size] for number in self._numbers(start, table)
        )

    def _numbers(self, start: int, table: tuple[int, ...]) -> Iterator[int]:
        seen = 0
        while start < _LAST_SECTOR:
            seen += 1
            if seen > len(table):
                raise WorkbookError(_DAMAGED)
            yield start
            start = table[start]


def _numbers(data: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4])
