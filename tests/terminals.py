"""A terminal for tests: what a command leaves on the screen, as a person sees it."""

from __future__ import annotations

import os
import pty
import re
import select
import sys
from collections.abc import Iterable

from tests.functional.command import SCRIPT

__all__ = ["at_terminal", "screen"]

_SIGN = re.compile(r"\x1b\[\??(\d*)(?:;\d+)*([A-Za-z])|([\r\n])|([^\x1b\r\n]+)")


def screen(written: str) -> list[str]:
    """Return the lines that stand on a screen after something was written to it."""
    lines, row, column = [""], 0, 0
    for count, command, motion, text in _SIGN.findall(written):
        if motion == "\r":
            column = 0
        elif motion == "\n":
            row, column = row + 1, 0
            lines += [""] * (row + 1 - len(lines))
        elif command == "A":
            row = max(0, row - int(count or 1))
        elif command == "K":
            lines[row] = "" if count == "2" else lines[row][:column]
        elif text:
            line = lines[row].ljust(column)
            lines[row] = line[:column] + text + line[column + len(text) :]
            column += len(text)
    return lines


def at_terminal(arguments: Iterable[object], **environment: str) -> str:
    """Run a command whose two streams are a terminal; return what it wrote."""
    pid, shown = pty.fork()
    if pid == 0:
        os.environ.update(environment)
        os.execv(sys.executable, [sys.executable, "-c", SCRIPT, *map(str, arguments)])  # noqa: S606
    written = b""
    while True:
        ready, _, _ = select.select([shown], [], [], 60)
        assert ready, f"the command waits for something: {written!r}"
        try:
            piece = os.read(shown, 1 << 16)
        except OSError:
            break
        if not piece:
            break
        written += piece
    os.waitpid(pid, 0)
    os.close(shown)
    return written.decode()
