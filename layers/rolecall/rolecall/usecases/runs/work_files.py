"""Where the steps of a run leave files for each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

__all__ = ["Files", "file_name"]


class Files(Protocol):
    """A place for the files of a run."""

    def put(self, name: str, data: bytes) -> None:
        """Write a file, in place of another of that name."""
        ...

    def put_all(self, files: Iterable[tuple[str, bytes]]) -> None:
        """Write many files, some of them at the same time."""
        ...

    def get(self, name: str) -> bytes:
        """Return a file."""
        ...

    def get_all(self, names: Sequence[str]) -> Iterator[bytes]:
        """Yield files in the order of their names."""
        ...

    def put_stream(self, name: str, pieces: Iterable[bytes]) -> None:
        """Write a file that need not fit into memory."""
        ...


def file_name(prefix: str, kind: str, number: int) -> str:
    """Return the name of a batch's file."""
    return f"{prefix}/{kind}/{number:06}.json"
