"""The command line: parses arguments, calls a use case, shows what came of it."""

from __future__ import annotations

from rolecall.garbage import uncollected

with uncollected():
    from rolecall.cli.app import main

__all__ = ["main"]
