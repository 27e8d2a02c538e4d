"""Runs ``rolecall`` as a user does, as a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

DIOCESE = Path(__file__).parents[2] / "examples" / "diocese"
AS_OF = ("--as-of", "2026-11-02")
_CODE = "from rolecall.cli import main; main()"


def rolecall(*arguments: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", _CODE, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd=cwd,
    )
