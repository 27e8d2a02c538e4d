"""Says what the benchmarks need beside the environment of ``make test``, before they begin.

Exits with 2 where this machine has not what they cannot do without; what can be left out is said.

Usage: python bench/needs.py
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from bench.audit import PROMISED_BYTES
from bench.custodian import CUSTODIAN, is_installed

__all__: list[str] = []

_ROOT = Path(__file__).resolve().parents[1]
_GB = 2**30
DISK_BYTES = 4 * _GB
"""Room for the reports of a large night (2.7 GB, bench/README.md) or the largest registry."""


def missing() -> Iterator[str]:
    """Yield what is missing without which the benchmarks cannot run."""
    for module in ("boto3", "cryptography", "moto", "typst", "rolecall"):
        if importlib.util.find_spec(module) is None:
            yield f"the package {module}: run this by make bench, or make test first"
    if not hasattr(os, "wait4"):
        yield "os.wait4, which tells what a process took: Linux or macOS"
        return
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    if memory < PROMISED_BYTES:
        yield (
            f"{PROMISED_BYTES / _GB:.0f} GB of memory, here are {memory / _GB:.1f}: "
            "bench/audit.py without --scale takes a tenth"
        )
    temporary = Path(tempfile.gettempdir())
    free = shutil.disk_usage(temporary).free
    if free < DISK_BYTES:
        yield (
            f"{DISK_BYTES / _GB:.0f} GB of disk in {temporary}, free are {free / _GB:.1f}: "
            "TMPDIR names another place"
        )


def left_out() -> Iterator[str]:
    """Yield what will not be measured here, and why."""
    if not (_ROOT / ".local" / "sam").is_dir():
        yield "cold starts (bench/cloud.py, bench/api.py): make up builds the layers"


def main() -> None:
    """Print what is needed, and exit with 2 where it is not there."""
    print("make bench has ten benchmarks, some of minutes each; it wants two quiet cores,")
    print(f"{PROMISED_BYTES / _GB:.0f} GB of memory and {DISK_BYTES / _GB:.0f} GB of disk")
    if not is_installed():
        print(f"{CUSTODIAN} is installed below .local/ first, which needs the package index")
    for what in left_out():
        print(f"not measured: {what}")
    found = list(missing())
    for what in found:
        print(f"missing: {what}", file=sys.stderr)
    if hasattr(os, "getloadavg") and (load := os.getloadavg()[0]) > 1:
        print(f"the load of this machine is {load:.1f}: figures will be high, and vary")
    sys.stdout.flush()
    sys.exit(2 if found else 0)


if __name__ == "__main__":
    main()
