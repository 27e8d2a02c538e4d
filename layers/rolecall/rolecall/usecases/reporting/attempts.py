"""Formats that are tried: one that fails takes none of the others along.

What a writer makes goes into a file first, and out of it when all of it is there, so that half a
report is nobody's. Whoever asked is told of a failure with what was raised: nothing is swallowed
here. That a broad ``except`` stands here is decided in ADR 109.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator
from typing import IO, TypeAlias

from rolecall.reports.formats import ReportFormat
from rolecall.reports.material import Material

__all__ = ["Attempt", "Failed", "attempted"]

_PIECE = 1 << 20
_IN_MEMORY = 1 << 22
_AT_ONCE = 1 << 16

Failed: TypeAlias = Callable[[str, Exception], object]
"""Called with the name of a report that could not be made, and what was raised."""


class Attempt:
    """What a writer made, all of it."""

    def __init__(self, name: str, file: IO[bytes]) -> None:
        """Take what was made."""
        self.name = name
        self._file = file

    def pieces(self) -> Iterator[bytes]:
        """Yield it, once."""
        with self._file as file:
            file.seek(0)
            while piece := file.read(_PIECE):
                yield piece

    def close(self) -> None:
        """Let go of what nobody wants any more."""
        self._file.close()


def attempted(one: ReportFormat, material: Material, failed: Failed | None) -> Attempt | None:
    """Return what a writer makes, or nothing where it fails.

    :param failed: is told; without it what is raised goes on.
    :raises ModuleNotFoundError: what it needs is not installed: that is no failure of the report.
    """
    # It is closed by whoever takes it (Attempt.pieces, Attempt.close).
    file = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115
    try:
        for piece in _larger(one.make(material)):
            file.write(piece)
    except ModuleNotFoundError:
        file.close()
        raise
    except Exception as error:
        file.close()
        if failed is None:
            raise
        failed(one.name, error)
        return None
    return Attempt(one.name, file)


def _larger(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield pieces put together: many writers have one for each finding."""
    held, size = list[bytes](), 0
    for piece in pieces:
        held.append(piece)
        size += len(piece)
        if size >= _AT_ONCE:
            yield b"".join(held)
            held.clear()
            size = 0
    yield b"".join(held)
