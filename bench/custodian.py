"""Where Cloud Custodian is: in an environment of its own, as it needs other releases than we do."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

__all__ = ["CUSTODIAN", "interpreter", "is_installed"]

CUSTODIAN = "c7n==0.9.53"

_HOME = Path(__file__).resolve().parents[1] / ".local" / "bench" / "c7n"


def is_installed() -> bool:
    """Tell whether an earlier run made the environment."""
    return (_HOME / CUSTODIAN).exists()


def interpreter() -> Path:
    """Return a Python that has Cloud Custodian; its environment is made at first use."""
    python = _HOME / "bin" / "python"
    if not is_installed():
        print(f"installing {CUSTODIAN} into an environment of its own ...", file=sys.stderr)
        pip = [str(python), "-m", "pip", "--quiet", "--disable-pip-version-check"]
        try:
            subprocess.run([sys.executable, "-m", "venv", "--clear", str(_HOME)], check=True)
            subprocess.run([*pip, "install", CUSTODIAN], check=True)
        except (OSError, subprocess.CalledProcessError) as error:
            raise SystemExit(
                f"{CUSTODIAN} could not be installed into {_HOME}: {error}\n"
                "bench/engine.py needs it, and the package index to get it; the others do not"
            ) from error
        (_HOME / CUSTODIAN).touch()
    return python
