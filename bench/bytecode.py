"""Whole processes are measured as from the second run on: with modules that are compiled already.

Where Python is told to keep no compiled modules, as in containers, each run would compile some five
hundred of them: half a second that no user pays twice, and a tenth of an audit.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

__all__ = ["keeping_bytecode"]


def keeping_bytecode(folder: Path) -> Mapping[str, str]:
    """Return the environment of processes that keep what they compile, in a folder of ours."""
    kept = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPYCACHEPREFIX": str(folder / "bytecode")}
