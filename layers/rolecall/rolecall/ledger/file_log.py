"""The audit log as a directory: ``records.jsonl``, ``checkpoints/<size>`` and ``key.pub``.

Invariants:

- One process at a time: the log is locked from :meth:`FileLog.open` to :meth:`FileLog.close`.
- ``records.jsonl`` holds every leaf in order, one a line: records, and the seals between them. To
  commit a seal is to write its line.
- A write is acknowledged (``put`` returns) after the bytes were written and fsynced.
- Nothing that was acknowledged is ever rewritten, and no checkpoint is ever replaced. What a crash
  left behind a last line break is moved to ``records.torn.N`` when the log is next opened: set
  aside, never parsed, never lost.
- A line that ends in a line break must parse and follow; otherwise the log is corrupt and reading
  stops there with an error.
- ``key.pub`` names the keys that signed, one a line, for whoever asks; it is never trusted.

Deliberately elsewhere: what the records mean (:mod:`rolecall.lifecycle`), what a seal says
(:mod:`rolecall.ledger.state`), and the private key, which never comes near this directory.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

import msgspec

from rolecall.durable import append, create, lock, make_directory, sync, sync_directory
from rolecall.errors import AuditLogError, LogBusyError, LogCorruptError
from rolecall.ledger.event import Event
from rolecall.ledger.head import Mark
from rolecall.ledger.log import Segment
from rolecall.ledger.log_files import LogFiles, reason
from rolecall.ledger.note import VerifierKey
from rolecall.ledger.reading import event_digest
from rolecall.ledger.state import LedgerState

__all__ = ["FileLog"]

_SHARD = 0
_TAIL = 65_536

_logger = logging.getLogger("rolecall.ledger")


class _Id(msgspec.Struct, gc=False):
    id: str


_read_id = msgspec.json.Decoder(_Id).decode


class FileLog(LogFiles):
    """An audit log in a directory, open for appending; use it as a context manager.

    :ivar most: records of one write; each write is one fsync.
    :ivar set_aside: the file to which a torn last line was moved when the log was opened.
    """

    most = 5_000

    def __init__(self, directory: Path, file: BinaryIO, held: BinaryIO) -> None:
        super().__init__(directory)
        self._file, self._held = file, held
        self._state: LedgerState | None = None
        self._offsets: dict[str, int] | None = None
        self._failed = False
        self.set_aside: Path | None = None

    @classmethod
    def open(cls, directory: Path, *, wait: float = 30.0) -> Self:
        """Open the log in a directory, which is made if there is none, and lock it.

        :param wait: seconds to wait for a process that holds the log.
        :raises LogBusyError: it was still held after that.
        :raises AuditLogError: the directory or the file cannot be used.
        """
        path = directory / "records.jsonl"
        try:
            make_directory(directory)
            fresh = not path.exists()
            file = path.open("a+b", buffering=0)
        except OSError as error:
            raise AuditLogError(
                f"{directory}: cannot open the audit log: {reason(error)}"
            ) from error
        log = cls(directory, file, _locked(path, file, wait))
        try:
            log._set_torn_line_aside()
            if fresh:
                sync_directory(directory)
        except BaseException as error:
            log.close()
            if isinstance(error, OSError):
                raise log._error("cannot open the audit log", error) from error
            raise
        return log

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Release the lock."""
        self._file.close()
        self._held.close()

    def leaves(self) -> Iterator[bytes]:
        """Yield every leaf in order.

        :raises LogCorruptError: a leaf does not follow; the message says which line.
        """
        for chunk in self.chunks():
            yield from chunk

    def chunks(self, *, whole: bool = False) -> Iterator[list[bytes]]:
        """Yield every leaf in order, many at a time, each checked as it passes.

        :raises LogCorruptError: a leaf does not follow; the message says which line.
        """
        state = LedgerState()
        lines = super().chunks(whole=whole)
        while True:
            with self._named():
                chunk = next(lines, None)
                if chunk is None:
                    break
                state.add(chunk)
            yield chunk
        if self._state is None:
            self._state = state

    def tail(self, shard: int) -> Mark:
        """Return how far the log goes; it has one shard, 0."""
        return self._read().marks.get(shard, Mark())

    def find(self, event_id: str) -> str | None:
        """Return the digest of an event on record."""
        offset = self._places().get(event_id)
        if offset is None:
            return None
        with self._path.open("rb") as lines:
            lines.seek(offset)
            return event_digest(lines.readline()[:-1])

    def put(self, shard: int, seq: int, batch: Sequence[tuple[Event, bytes]]) -> bool:
        """Write records in one go and fsync them."""
        if shard != _SHARD:
            raise ValueError(f"shard {shard}: a log in files has one, {_SHARD}")
        places = self._places()
        if self.tail(shard).next != seq or any(event.id in places for event, _ in batch):
            return False
        at = self._write([data for _, data in batch])
        for event, data in batch:
            places[event.id] = at
            at += len(data) + 1
        return True

    def state(self) -> LedgerState:
        """Return the state at the end of the log."""
        return self._read().copy()

    def after(self, marks: Mapping[int, Mark]) -> Iterator[bytes]:
        """Yield nothing: the state is at the end already, and the lock keeps it there."""
        if marks != self._read().marks:
            raise ValueError("a log in files is read from its start")
        return iter(())

    def put_segment(self, segment: Segment) -> None:
        """Do nothing: the records stand where they are; the seal's line commits them."""

    def swap_head(self, epoch: int, segment: Segment) -> bool:
        """Write the line of the seal and fsync it."""
        if self._read().head.epoch != epoch:
            return False
        self._write([segment.seal])
        return True

    def put_checkpoint(self, size: int, note: bytes, key: VerifierKey) -> bool:
        """Publish a checkpoint under its size: whole, durable, and never over another."""
        try:
            self._add_key(key)
            folder = self.directory / "checkpoints"
            make_directory(folder)
            return create(folder / str(size), note)
        except OSError as error:
            raise self._error("cannot publish a checkpoint", error) from error

    def _add_key(self, key: VerifierKey) -> None:
        if str(key).encode() not in self.keys().split(b"\n"):
            append(self.directory / "key.pub", f"{key}\n".encode())

    def _read(self) -> LedgerState:
        if self._state is None:
            for _ in self.chunks():
                pass
        assert self._state is not None  # noqa: S101 - reading to the end sets it.
        return self._state

    def _places(self) -> dict[str, int]:
        """Return where each record starts; only who appends needs to know."""
        if self._offsets is None:
            self._read()
            offset, offsets = 0, {}
            for chunk in super().chunks():
                for leaf in chunk:
                    offsets[_read_id(leaf).id] = offset
                    offset += len(leaf) + 1
            if len(offsets) != self._read().size:
                raise LogCorruptError(f"{self._path}: an event is on record twice")
            self._offsets = offsets
        return self._offsets

    @contextmanager
    def _named(self) -> Iterator[None]:
        """Say of an error in which line of which file it is."""
        try:
            yield
        except LogCorruptError as error:
            if error.leaf is None:
                raise
            raise LogCorruptError(f"{self._path}:{error.leaf + 1}: {error.message}") from error

    def _write(self, leaves: Sequence[bytes]) -> int:
        """Write leaves, fsync, and return the offset of the first."""
        if self._failed:
            raise AuditLogError(
                f"{self.directory}: an earlier write failed; open the audit log again"
            )
        state = self._read()
        descriptor = self._file.fileno()
        view = memoryview(b"".join(leaf + b"\n" for leaf in leaves))
        try:
            start = os.lseek(descriptor, 0, os.SEEK_END)
            while view:
                view = view[os.write(descriptor, view) :]
            sync(descriptor)
        except OSError as error:
            # Whether the bytes are on disk is unknown now: the next open will read what is there.
            self._failed = True
            raise self._error("cannot write", error) from error
        state.add(leaves)
        return start

    def _set_torn_line_aside(self) -> None:
        """Move what follows the last line break to a file of its own, then cut it off."""
        size = self._file.seek(0, os.SEEK_END)
        keep, torn = size, b""
        while keep and not torn.startswith(b"\n"):
            step = min(_TAIL, keep)
            keep -= step
            self._file.seek(keep)
            torn = self._file.read(step) + torn
            if (found := torn.rfind(b"\n")) >= 0:
                keep, torn = keep + found + 1, b"\n" + torn[found + 1 :]
        torn = torn.removeprefix(b"\n")
        if not torn:
            return
        self.set_aside = self._save_torn(torn)
        self._file.truncate(keep)
        sync(self._file.fileno())
        _logger.warning(
            "an interrupted write of %d bytes was moved to %s", len(torn), self.set_aside
        )

    def _save_torn(self, torn: bytes) -> Path:
        number = 1
        while not create(path := self.directory / f"records.torn.{number}", torn):
            number += 1
        return path


def _locked(path: Path, file: BinaryIO, wait: float) -> BinaryIO:
    try:
        return lock(path, file, wait=wait)
    except BaseException as error:
        file.close()
        if isinstance(error, BlockingIOError):
            raise LogBusyError(
                f"{path.parent}: another process is using the audit log; try again when it ends"
            ) from None
        if isinstance(error, OSError):
            raise AuditLogError(
                f"{path.parent}: cannot lock the audit log: {reason(error)}; docs/install.md says "
                "what a file system must give"
            ) from error
        raise
