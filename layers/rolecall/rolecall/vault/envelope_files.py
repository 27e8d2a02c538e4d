"""Envelopes in a directory, each a file named by its content digest.

Invariants: a file is there whole or not at all, and durable when :meth:`EnvelopeFiles.put` returns.
Which of them are in force is not known here: the audit log says. Lines of it that are not sealed
may be anybody's, so a name that is no digest is refused: it would be a path to somewhere else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rolecall.durable import make_directory, replace, sync_directory
from rolecall.errors import StorageError
from rolecall.vault.envelope import content_digest

__all__ = ["EnvelopeFiles"]

_SUFFIX = ".rclv"
_DIGEST = re.compile("[0-9a-f]{64}")


class EnvelopeFiles:
    """A directory of envelopes; it is made when the first one comes."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def put(self, envelope: bytes) -> None:
        """Store an envelope; one of the same content, under whatever key, is replaced.

        :raises StorageError: it cannot be written.
        """
        with self._named("cannot write"):
            make_directory(self.directory)
            replace(self._path(content_digest(envelope)), envelope)

    def get(self, digest: str) -> bytes | None:
        """Return an envelope, ``None`` where there is none.

        :raises StorageError: it cannot be read.
        """
        with self._named("cannot read"):
            try:
                return self._path(digest).read_bytes()
            except FileNotFoundError:
                return None

    def remove(self, digest: str) -> None:
        """Delete an envelope, if it is there.

        :raises StorageError: it cannot be deleted.
        """
        with self._named("cannot delete"):
            path = self._path(digest)
            if path.exists():
                path.unlink()
                sync_directory(self.directory)

    def is_empty(self) -> bool:
        """Tell whether no envelope is there."""
        with self._named("cannot read"):
            return not any(self.directory.glob(f"*{_SUFFIX}"))

    def _path(self, digest: str) -> Path:
        if not _DIGEST.fullmatch(digest):
            raise StorageError(
                f"{self.directory}: the log names an envelope {digest!r}, which is no digest: "
                "verify the log"
            )
        return self.directory / f"{digest}{_SUFFIX}"

    @contextmanager
    def _named(self, what: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise StorageError(f"{self.directory}: {what}: {error.strerror}") from error
