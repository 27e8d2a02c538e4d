"""The records of an old workbook (BIFF5 and BIFF8): a kind, a length, and bytes.

A record that is too long goes on in others, within a text with a byte that says anew how wide its
letters are. Nothing here trusts a length: what is not there is not read.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from msgspec import Struct

__all__ = ["OldRecord", "old_records", "word_at"]

_CONTINUED = 0x3C
_WIDE, _EXTENDED, _RICH = 1, 4, 8


class OldRecord(Struct):
    """One record, with those in which it goes on.

    :ivar parts: its bytes, a part a record.
    """

    kind: int
    parts: list[bytes]
    part: int = 0
    at: int = 0

    @property
    def data(self) -> bytes:
        """The bytes of the first part: all, of most records."""
        return self.parts[0]

    def skip(self, count: int) -> bytes:
        """Return the next bytes, as many as there are."""
        out = b""
        while count and self.part < len(self.parts):
            taken = self.parts[self.part][self.at : self.at + count]
            out += taken
            count -= len(taken)
            self.at += len(taken)
            if self.at >= len(self.parts[self.part]):
                self.part, self.at = self.part + 1, 0
        return out

    @property
    def is_over(self) -> bool:
        """Whether all of it was read."""
        return self.part >= len(self.parts)

    def text(self, length: int) -> str:
        """Return the next text of BIFF8, whose length was read.

        :param length: how many letters it has.
        """
        begun = self.part
        flags = (self.skip(1) or b"\0")[0]
        runs = int.from_bytes(self.skip(2), "little") if flags & _RICH else 0
        extended = int.from_bytes(self.skip(4), "little") if flags & _EXTENDED else 0
        if length and self.part != begun and not self.at:
            # Its letters begin in the next record, which says anew how wide they are.
            flags = flags & ~_WIDE | ((self.skip(1) or b"\0")[0] & _WIDE)
        text = self._letters(length, is_wide=bool(flags & _WIDE))
        self.skip(4 * runs + extended)
        return text

    def _letters(self, length: int, *, is_wide: bool) -> str:
        out = ""
        while length and self.part < len(self.parts):
            size = 2 if is_wide else 1
            here = self.parts[self.part][self.at : self.at + length * size]
            here = here[: len(here) // size * size]
            out += here.decode("utf-16-le" if is_wide else "latin-1", "replace")
            length -= len(here) // size
            self.at += len(here)
            if self.at >= len(self.parts[self.part]) or (length and not here):
                self.part, self.at = self.part + 1, 0
                if length and self.part < len(self.parts):
                    is_wide = bool((self.skip(1) or b"\0")[0] & _WIDE)
        return out


def old_records(stream: bytes, at: int) -> Iterator[OldRecord]:
    """Yield the records of a stream from a place on."""
    record: OldRecord | None = None
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        data = stream[at + 4 : at + 4 + size]
        at += 4 + size
        if kind == _CONTINUED and record is not None:
            record.parts.append(data)
            continue
        if record is not None:
            yield record
        record = OldRecord(kind, [data])
    if record is not None:
        yield record


def word_at(data: bytes, at: int) -> int:
    """Return a number of two bytes."""
    (number,) = struct.unpack_from("<H", data, at)
    return int(number)
