"""What the two streams of a command can show: signs and colours."""

from __future__ import annotations

import io
import os
import sys
from typing import TextIO

__all__ = ["prepare_streams", "shows_colour"]


def prepare_streams() -> None:
    """Show a sign that a stream has no code for by its number, instead of failing over it.

    A pipe on Windows takes what its code page has (cp1252), a C locale may take ASCII alone, and
    people have other names.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def shows_colour(stream: TextIO) -> bool:
    """Return whether to write colours to a stream.

    ``NO_COLOR`` decides before ``FORCE_COLOR``; either counts when it is not empty
    (no-color.org, force-color.org). Without them a terminal gets colours, unless it is a dumb one
    or an old console of Windows, which would print their codes.
    """
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    if not stream.isatty() or os.environ.get("TERM") == "dumb":
        return False
    from rich.console import detect_legacy_windows

    return not detect_legacy_windows()
