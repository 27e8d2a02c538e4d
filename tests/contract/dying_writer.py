"""Appends batches to a file log and dies at the k-th call of write or fsync; run as a program.

``python dying_writer.py DIRECTORY K PORTION BATCHES SIZE``: before the K-th call of either, counted
from 0 over both, it writes PORTION percent of what it was to write, and kills itself as a power
failure would. Ids of events are printed once they were acknowledged.
"""

from __future__ import annotations

import os
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rolecall.ledger.event import Event
from rolecall.ledger.file_log import FileLog
from rolecall.ledger.log import append


def event(number: int) -> Event:
    """Return the event of a number; the same one every time."""
    return Event(
        id=f"event-{number}",
        at=datetime(2026, 11, 2, tzinfo=UTC),
        actor="test",
        action="run.completed",
        entity=None,
        subject=None,
        payload={"number": number, "filler": "x" * (number * 37 % 200)},
    )


def batches(count: int, size: int) -> list[list[Event]]:
    """Return batches of events."""
    return [[event(b * size + n) for n in range(size)] for b in range(count)]


def arm(fatal: int, portion: int) -> None:
    """Replace write and fsync by ones that die at the fatal call."""
    calls = 0
    write, fsync = os.write, os.fsync
    trace = os.open(os.environ["ROLECALL_TRACE"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def dies() -> bool:
        nonlocal calls
        calls += 1
        write(trace, b".")
        return calls - 1 == fatal

    def dying_write(descriptor: int, data: Any) -> int:
        if dies():
            write(descriptor, bytes(data)[: len(data) * portion // 100])
            os.kill(os.getpid(), signal.SIGKILL)
        # A short write is what an operating system may always do.
        return write(descriptor, bytes(data)[: max(1, len(data) * 2 // 3)])

    def dying_fsync(descriptor: int) -> None:
        if dies():
            os.kill(os.getpid(), signal.SIGKILL)
        fsync(descriptor)

    setattr(os, "write", dying_write)  # noqa: B010
    setattr(os, "fsync", dying_fsync)  # noqa: B010


def main() -> None:
    """Append, acknowledge, and die when it is time."""
    directory = Path(sys.argv[1])
    fatal, portion, count, size = map(int, sys.argv[2:])
    out = sys.stdout.fileno()
    real_write = os.write
    arm(fatal, portion)
    with FileLog.open(directory, wait=0) as log:
        for batch in batches(count, size):
            append(log, batch)
            real_write(out, "".join(f"{one.id}\n" for one in batch).encode())


if __name__ == "__main__":
    main()
