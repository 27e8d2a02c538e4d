"""The audit log as a directory: ``records.jsonl``, one record a line.

Invariants:

- One process at a time: the file is locked from :meth:`FileLog.open` to :meth:`FileLog.close`.
- An append is acknowledged (``append`` returns) after the bytes were written and fsynced.
- Nothing that was acknowledged is ever rewritten. What a crash left behind a last line break is
  moved to ``records.torn.N`` when the log is next opened: set aside, never parsed, never lost.
- A line that ends in a line break must parse, carry the next number and the hash of the line
  before it; otherwise the log is corrupt and reading stops there with an error.

Deliberately elsewhere: what the records mean (:mod:`rolecall.lifecycle`).
"""

from __future__ import annotations

import fcntl
import logging
import os
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from rolecall.errors import AuditLogError, LogBusyError, LogCorruptError
from rolecall.ledger.log import new_events
from rolecall.ledger.record import Event, Record, decode, encode, record_hash

__all__ = ["FileLog"]

_SHARD = 0
_TAIL = 65_536

_logger = logging.getLogger("rolecall.ledger")


class FileLog:
    """An audit log in a directory; use it as a context manager.

    :ivar set_aside: the file to which a torn last line was moved when the log was opened.
    """

    def __init__(self, directory: Path, file: BinaryIO) -> None:
        self._directory = directory
        self._file = file
        self._offsets: dict[str, int] = {}
        self._end = 0
        self._next = 0
        self._prev: str | None = None
        self._scanned = False
        self._failed = False
        self.set_aside: Path | None = None

    @classmethod
    def open(cls, directory: Path, *, wait: float = 30.0) -> Self:
        """Open the log in a directory, which is made if there is none, and lock it.

        :param wait: seconds to wait for a process that holds the log.
        :raises LogBusyError: it was still held after that.
        :raises AuditLogError: the directory or the file cannot be used.
        """
        try:
            _make_directory(directory)
            path = directory / "records.jsonl"
            fresh = not path.exists()
            file = path.open("a+b", buffering=0)
        except OSError as error:
            raise AuditLogError(f"{directory}: cannot open the audit log: {_why(error)}") from error
        try:
            _lock(file, directory, wait)
            log = cls(directory, file)
            log._set_torn_line_aside()
            if fresh:
                _sync_directory(directory)
        except OSError as error:
            file.close()
            raise AuditLogError(f"{directory}: cannot open the audit log: {_why(error)}") from error
        except BaseException:
            file.close()
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

    def records(self) -> Iterator[Record]:
        """Yield every record, oldest first.

        :raises LogCorruptError: a line is not a record or does not follow; the message says which.
        """
        offset, seq, prev = 0, 0, None
        offsets: dict[str, int] = {}
        with (self._directory / "records.jsonl").open("rb") as lines:
            for line in lines:
                data = line[:-1]
                record = self._checked(data, seq, prev)
                offsets[record.id] = offset
                offset, seq, prev = offset + len(line), seq + 1, record_hash(data)
                yield record
        if not self._scanned:
            self._offsets, self._end, self._next, self._prev = offsets, offset, seq, prev
            self._scanned = True

    def append(self, events: Sequence[Event]) -> int:
        """Append events in order and return how many were new; they are then on stable storage.

        :raises LogConflictError: an id is on record with a different content; nothing was written.
        :raises AuditLogError: the disk failed; a prefix of the events may be on record.
        """
        if self._failed:
            msg = f"{self._directory}: an earlier write failed; open the audit log again"
            raise AuditLogError(msg)
        if not self._scanned:
            for _ in self.records():
                pass
        fresh = new_events(events, self._find)
        lines, places, prev, end = [], {}, self._prev, self._end
        for number, event in enumerate(fresh, self._next):
            data = encode(event, seq=number, shard=_SHARD, prev=prev)
            prev = record_hash(data)
            places[event.id] = end
            end += len(data) + 1
            lines.append(data + b"\n")
        if lines:
            self._write(b"".join(lines))
        self._offsets |= places
        self._prev, self._end, self._next = prev, end, self._next + len(fresh)
        return len(fresh)

    def _write(self, data: bytes) -> None:
        descriptor = self._file.fileno()
        view = memoryview(data)
        try:
            while view:
                view = view[os.write(descriptor, view) :]
            os.fsync(descriptor)
        except OSError as error:
            # Whether the bytes are on disk is unknown now: the next open will read what is there.
            self._failed = True
            raise AuditLogError(f"{self._directory}: cannot write: {_why(error)}") from error

    def _find(self, event_id: str) -> Event | None:
        offset = self._offsets.get(event_id)
        if offset is None:
            return None
        with (self._directory / "records.jsonl").open("rb") as lines:
            lines.seek(offset)
            return decode(lines.readline()[:-1]).event()

    def _checked(self, data: bytes, seq: int, prev: str | None) -> Record:
        where = f"{self._directory / 'records.jsonl'}:{seq + 1}"
        try:
            record = decode(data)
        except LogCorruptError as error:
            raise LogCorruptError(f"{where}: {error}") from error
        if record.seq != seq or record.shard != _SHARD:
            raise LogCorruptError(f"{where}: has number {record.seq}, expected {seq}")
        if record.prev != prev:
            raise LogCorruptError(f"{where}: does not follow from the record before it")
        return record

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
        os.fsync(self._file.fileno())
        _logger.warning(
            "an interrupted write of %d bytes was moved to %s", len(torn), self.set_aside
        )

    def _save_torn(self, torn: bytes) -> Path:
        number = 1
        while True:
            path = self._directory / f"records.torn.{number}"
            try:
                with path.open("xb") as file:
                    file.write(torn)
                    file.flush()
                    os.fsync(file.fileno())
            except FileExistsError:
                number += 1
            else:
                _sync_directory(self._directory)
                return path


def _make_directory(directory: Path) -> None:
    if not directory.is_dir():
        directory.mkdir(parents=True, mode=0o700)
        _sync_directory(directory.parent)


def _sync_directory(directory: Path) -> None:
    """Make the names in a directory durable: fsync of a file does not cover its name."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _lock(file: object, directory: Path, wait: float) -> None:
    deadline = time.monotonic() + wait
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)  # type: ignore[arg-type]
        except BlockingIOError:
            if time.monotonic() >= deadline:
                msg = f"{directory}: another process is using the audit log; try again when it ends"
                raise LogBusyError(msg) from None
            time.sleep(0.05)
        else:
            return


def _why(error: OSError) -> str:
    return error.strerror or type(error).__name__
