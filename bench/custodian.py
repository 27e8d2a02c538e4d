"""Where Cloud Custodian runs, that ``engine.py`` measures against: an environment of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

__all__ = ["CUSTODIAN", "interpreter", "is_installed"]

_ROOT = Path(__file__).resolve().parents[1]
_LOCK = _ROOT / "requirements" / "custodian.txt"
_HOME = _ROOT / ".local" / "tools" / "custodian"
_MARK = ".local/tools/custodian/.python"

CUSTODIAN = next(
    line.split()[0]
    for line in _LOCK.read_text(encoding="utf-8").splitlines()
    if line.startswith("c7n==")
)
"""Its release, as it is locked."""


def is_installed() -> bool:
    """Return whether its environment is there, finished and of the release that is locked."""
    command = ["make", "--question", _MARK]
    return subprocess.run(command, cwd=_ROOT, check=False, capture_output=True).returncode == 0


def interpreter() -> Path:
    """Return a Python that has Cloud Custodian; its environment is made at first use."""
    # The Makefile knows how: what is locked, and nothing else.
    command = ["make", "--no-print-directory", _MARK, f"PYTHON={sys.executable}"]
    try:
        subprocess.run(command, cwd=_ROOT, check=True, stdout=sys.stderr)
    except (OSError, subprocess.CalledProcessError) as error:
        raise SystemExit(
            f"{CUSTODIAN} could not be installed into {_HOME}: {error}\n"
            "bench/engine.py needs it, and the package index to get it; the others do not"
        ) from error
    return _HOME / "bin" / "python"
