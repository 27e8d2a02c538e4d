"""Files of which no more is read than a reader takes: the size is looked at before the content."""

from __future__ import annotations

from pathlib import Path

__all__ = ["content_of"]


def content_of(path: Path, most: int) -> bytes:
    """Return what a file holds, and of one that is too large a byte more than it may have.

    A check of the size (:func:`rolecall.limits.check_size`) refuses it then, and its gigabytes were
    never in memory.

    :param most: bytes that it may have.
    :raises OSError: it cannot be read.
    """
    with path.open("rb") as file:
        return file.read(most + 1)
