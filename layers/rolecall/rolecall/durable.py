"""Files that are there whole or not at all, and stay there when the power goes.

Each is written under another name, synced, given its own name, and the directory is synced: fsync
of a file does not cover its name. Nobody but their owner may read them.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["create", "replace", "sync_directory"]


def create(path: Path, data: bytes) -> bool:
    """Write a new file, or return ``False`` where there is one."""
    with _written(path, data) as temporary:
        try:
            # A link, unlike a rename, fails where there is a file already.
            path.hardlink_to(temporary)
        except FileExistsError:
            return False
    sync_directory(path.parent)
    return True


def replace(path: Path, data: bytes) -> None:
    """Write a file in place of the one that is there, if there is one."""
    with _written(path, data) as temporary:
        temporary.replace(path)
    sync_directory(path.parent)


def sync_directory(directory: Path) -> None:
    """Make the names in a directory durable."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _written(path: Path, data: bytes) -> Iterator[Path]:
    """Give a synced file of another name in the same directory, which is gone afterwards."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".")
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        yield temporary
    finally:
        temporary.unlink(missing_ok=True)
