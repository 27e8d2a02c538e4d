"""Runs lists of commands at once, each list in its order: for continuous integration.

``python -m infra.lanes`` reads a command a line; an empty line ends a list. What a command said is
shown in one piece when it ended, so that nobody has to tell two of them apart. Where one fails its
list ends, the others are stopped, and so the run is a failure.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Lock
from types import FrameType
from typing import BinaryIO

__all__ = ["Lanes", "lists_of", "main"]


def lists_of(lines: Iterable[str]) -> list[list[str]]:
    """Return the lists of a text; a line that begins with # is a remark."""
    found: list[list[str]] = [[]]
    for line in map(str.strip, lines):
        if line and not line.startswith("#"):
            found[-1].append(line)
        elif not line and found[-1]:
            found.append([])
    return [one for one in found if one]


class Lanes:
    """Lists of commands that run at once.

    :ivar failed: the commands that did.
    """

    def __init__(self, out: BinaryIO) -> None:
        self.failed: list[str] = []
        self._out = out
        self._lock = Lock()
        self._running: set[subprocess.Popen[bytes]] = set()
        self._stopped = False

    def run(self, lists: Sequence[Sequence[str]]) -> None:
        """Run all of them, or until one fails."""
        with ThreadPoolExecutor(max(1, len(lists))) as pool:
            try:
                for lane in [pool.submit(self._lane, one) for one in lists]:
                    lane.result()
            finally:
                self.stop()

    def stop(self) -> None:
        """Begin nothing more, and end what runs, with what it has started."""
        with self._lock:
            self._stopped = True
            for process in self._running:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGTERM)

    def _lane(self, commands: Sequence[str]) -> None:
        for command in commands:
            if not self._command(command):
                self.stop()
                return

    def _command(self, command: str) -> bool:
        """Run a command, show what it said, and return whether the next one may run."""
        began = time.monotonic()
        with tempfile.TemporaryFile() as log:
            with self._lock:
                if self._stopped:
                    return False
                process = subprocess.Popen(
                    ["/usr/bin/env", "bash", "-euo", "pipefail", "-c", command],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
                self._running.add(process)
            status = process.wait()
            with self._lock:
                self._running.discard(process)
                how = "done" if status == 0 else "stopped" if self._stopped else "FAILED"
                if how == "FAILED":
                    self.failed.append(command)
                log.seek(0)
                seconds = f"{time.monotonic() - began:.0f} s"
                self._out.write(f"== {command}: {how} after {seconds}\n".encode() + log.read())
                self._out.flush()
        return status == 0


def _end(number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + number)


def main() -> None:
    """Run what standard input says."""
    signal.signal(signal.SIGTERM, _end)
    lanes = Lanes(sys.stdout.buffer)
    lanes.run(lists_of(sys.stdin))
    if lanes.failed:
        sys.exit(f"failed: {', '.join(lanes.failed)}")


if __name__ == "__main__":
    main()
