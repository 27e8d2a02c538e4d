"""The files of an audit log, to read: no lock, nothing moved, nothing written.

``records.jsonl`` only grows, so what is read here is a state that the log had. A last line that is
not finished is a write that goes on or was interrupted, and is not read.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from rolecall.bounded_reading import content_of
from rolecall.errors import AuditLogError, LogForkError
from rolecall.ledger.checkpoint import published_checkpoint
from rolecall.ledger.lines import read_lines

__all__ = ["LogFiles", "reason"]


_MOST_NOTE = 1 << 20
"""Bytes that are read of a checkpoint: far more than a hundred signatures take."""
_DIGITS = 16
"""Digits of a size at most."""


class LogFiles:
    """An audit log in a directory.

    :ivar directory: where it is.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._path = directory / "records.jsonl"

    def leaves(self) -> Iterator[bytes]:
        """Yield every leaf in order, as it is stored."""
        for chunk in self.chunks():
            yield from chunk

    def chunks(self, *, whole: bool = False) -> Iterator[list[bytes]]:
        """Yield every leaf in order, many at a time.

        :param whole: whether a last line that is not finished is an error.
        :raises LogCorruptError: a line cannot be a record.
        """
        try:
            with self._path.open("rb", buffering=0) as file:
                yield from read_lines(file.read, whole=whole)
        except OSError as error:
            raise self._error("cannot read records.jsonl", error) from error

    def is_torn(self) -> bool:
        """Return whether the last line is not finished: being written, interrupted, or cut."""
        try:
            with self._path.open("rb") as file:
                size = file.seek(0, os.SEEK_END)
                file.seek(max(0, size - 1))
                return file.read(1) not in (b"", b"\n")
        except OSError as error:
            raise self._error("cannot read records.jsonl", error) from error

    def sizes(self) -> list[int]:
        """Return the sizes that have a checkpoint, ascending."""
        return sorted(int(name) for name in self._numbers() if _is_exact(name))

    def misnamed(self) -> list[str]:
        """Return the names that would be those of checkpoints, and that no checkpoint has."""
        return sorted(name for name in self._numbers() if not _is_exact(name))

    def _numbers(self) -> list[str]:
        """Return the names of digits; others, such as what a crash leaves, are nothing of ours."""
        try:
            names = [path.name for path in (self.directory / "checkpoints").iterdir()]
        except FileNotFoundError:
            return []
        except OSError as error:
            raise self._error("cannot read the checkpoints", error) from error
        return [name for name in names if name.isascii() and name.isdigit()]

    def highest(self) -> bytes | None:
        """Return the published checkpoint of the largest size.

        :raises LogForkError: a name and what stands under it do not fit together.
        """
        folder = self.directory / "checkpoints"
        for name in self.misnamed():
            raise LogForkError(f"{folder / name}: no checkpoint has such a name; delete it")
        sizes = self.sizes()
        if not sizes:
            return None
        size = sizes[-1]
        return published_checkpoint(str(folder / str(size)), self.checkpoint(size), size)

    def checkpoint(self, size: int) -> bytes | None:
        """Return the published checkpoint of a size."""
        try:
            with (self.directory / "checkpoints" / str(size)).open("rb") as file:
                return file.read(_MOST_NOTE)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise self._error("cannot read a checkpoint", error) from error

    def keys(self) -> bytes:
        """Return the keys that signed, one a line; to show, never to trust."""
        try:
            return content_of(self.directory / "key.pub", _MOST_NOTE)
        except (FileNotFoundError, NotADirectoryError):
            return b""
        except OSError as error:
            raise self._error("cannot read key.pub", error) from error

    def _error(self, what: str, error: OSError) -> AuditLogError:
        return AuditLogError(f"{self.directory}: {what}: {reason(error)}")


def _is_exact(name: str) -> bool:
    return str(int(name[:_DIGITS])) == name


def reason(error: OSError) -> str:
    """Return what the system says of an error."""
    return error.strerror or type(error).__name__
