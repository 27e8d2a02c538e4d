"""The published checkpoints of a log, in the locked bucket: each under its size, in 20 digits.

A name is a claim like any other: what stands under it must say the same size, and the latest is the
one of the largest size. Nothing else below ``checkpoints/`` is ever read.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rolecall.errors import LogForkError

if TYPE_CHECKING:
    from rolecall.aws.objects import LockedBucket, Retention

    # It loads cryptography, which who appends has no use for.
    from rolecall.ledger.note import VerifierKey

__all__ = ["PublishedCheckpoints", "checkpoint_name"]

_FOLDER = "checkpoints/"
_NUMBER = re.compile(f"{_FOLDER}[0-9]+")
_WIDTH = 20


class PublishedCheckpoints:
    """Checkpoints in a bucket, and beside them the keys that signed."""

    def __init__(self, bucket: LockedBucket) -> None:
        self._bucket = bucket

    def highest(self, after: int) -> bytes | None:
        """Return the one of the largest size, of those that are larger than ``after``.

        :raises LogForkError: a name and what stands under it do not fit together.
        """
        from rolecall.ledger.checkpoint import published_checkpoint

        listed = self._bucket.names(_FOLDER, checkpoint_name(after))
        # What is no number nobody would take for a checkpoint.
        numbers = [name for name in listed if _NUMBER.fullmatch(name)]
        if not numbers:
            return None
        name = max(numbers, key=lambda one: int(one.removeprefix(_FOLDER)))
        size, where = int(name.removeprefix(_FOLDER)), f"{self._bucket.name}/{name}"
        if name != checkpoint_name(size):
            raise LogForkError(f"{where}: no checkpoint has such a name; delete it")
        return published_checkpoint(where, self._bucket.get(name), size)

    def of_size(self, size: int) -> bytes | None:
        """Return that of a size."""
        return self._bucket.get(checkpoint_name(size))

    def add(self, size: int, note: bytes, key: VerifierKey, retention: Retention | None) -> bool:
        """Publish one, unless that size has one; return whether it was done."""
        name = key.name.replace("/", "_")
        self._bucket.add(f"keys/{name}+{key.id.hex()}", [f"{key}\n".encode()], retention)
        return self._bucket.add(checkpoint_name(size), [note], retention)


def checkpoint_name(size: int) -> str:
    """Return the name of the checkpoint of a size."""
    return f"{_FOLDER}{size:0{_WIDTH}}"
