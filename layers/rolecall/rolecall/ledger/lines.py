"""Leaves as lines: each ends in a line break, which is not part of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from rolecall.errors import LogCorruptError
from rolecall.ledger.record import MOST_BYTES

__all__ = ["read_lines"]

_BLOCK = 1 << 17


def read_lines(read: Callable[[int], bytes], *, whole: bool) -> Iterator[list[bytes]]:
    """Yield lines without their breaks, some at a time: what fits a processor's cache.

    :param read: returns that many bytes at most, and none at the end.
    :param whole: whether a last line without a break is an error; otherwise it is left out.
    :raises LogCorruptError: a line is longer than a record can be, or not finished.
    """
    rest, count = b"", 0
    while block := read(_BLOCK):
        *lines, rest = (rest + block).split(b"\n")
        if len(rest) > MOST_BYTES or (lines and max(map(len, lines)) > MOST_BYTES):
            at = next((n for n, line in enumerate(lines) if len(line) > MOST_BYTES), len(lines))
            raise LogCorruptError("longer than a record can be", leaf=count + at)
        count += len(lines)
        yield lines
    if rest and whole:
        raise LogCorruptError("not finished: a write was interrupted, or a cut", leaf=count)
