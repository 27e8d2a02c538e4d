"""Measures a whole audit, from the files to the report, and how it grows.

The floor is a program that only reads the same CSV files with ``csv.DictReader``. The two take
turns; CPU time (user and system) of the whole process, start of Python included, with modules
compiled beforehand as from the second run on; the ratios of several rounds and their spread. With
``--scale`` also: user CPU and peak memory of audits of 10,000, 100,000 and 1,000,000 accounts.
Exits with 1 when a promise is not kept, which the spread decides (:mod:`bench.spread`).

Usage: python bench/audit.py [--accounts 100000] [--rounds 5] [--scale]
"""

from __future__ import annotations

import argparse
import math
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from bench.bytecode import keeping_bytecode
from bench.spread import paired

__all__: list[str] = []

# Nothing is imported that takes memory: a process that starts another passes its peak on to it.
_AS_OF = "2026-11-02"
_SIZES = (10_000, 100_000, 1_000_000)
_GENERATE = str(Path(__file__).with_name("generate.py"))
_ROLECALL = str(Path(sys.executable).with_name("rolecall"))
_FLOOR = """\
import csv, pathlib, sys
for path in sorted(pathlib.Path(sys.argv[1]).glob("*.csv")):
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            pass
"""

PROMISED_RATIOS = {"json": 3.2, "table": 3.5, "csv": 4.0}
PROMISED_EXPONENT = 1.1
PROMISED_BYTES = 8 * 2**30


class _Use(NamedTuple):
    """What a process took: seconds of CPU, and bytes of memory at its peak."""

    user: float
    system: float
    memory: int

    @property
    def cpu(self) -> float:
        return self.user + self.system


def _run(command: Sequence[str], environment: Mapping[str, str] | None = None) -> _Use:
    """Run a command to its end and return what it took, itself alone."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environment)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"{' '.join(command)}: exit status {process.returncode}")
    return _Use(usage.ru_utime, usage.ru_stime, usage.ru_maxrss * 1024)


def _generate(accounts: int, folder: Path) -> Path:
    directory = folder / f"registry-{accounts}"
    _run([sys.executable, _GENERATE, str(accounts), str(directory)])
    return directory


def _audit(directory: Path, format_: str) -> _Use:
    output = directory.with_name(f"{directory.name}.out")
    options = ["--as-of", _AS_OF, "--format", format_, "--output", str(output)]
    use = _run([_ROLECALL, "audit", str(directory), *options], keeping_bytecode(directory.parent))
    if not output.stat().st_size:
        raise SystemExit("the audit wrote nothing")
    output.unlink()
    return use


def _compile(folder: Path) -> None:
    """Run each format once, over a small registry: whatever a run imports is compiled then."""
    small = _generate(100, folder)
    for format_ in PROMISED_RATIOS:
        _audit(small, format_)


def _against_floor(accounts: int, rounds: int, folder: Path) -> bool:
    directory = _generate(accounts, folder)
    _compile(folder)
    floors: list[_Use] = []
    audits: dict[str, list[_Use]] = {format_: [] for format_ in PROMISED_RATIOS}
    for _ in range(rounds):
        floor = [sys.executable, "-c", _FLOOR, str(directory)]
        floors.append(_run(floor, keeping_bytecode(folder)))
        for format_ in PROMISED_RATIOS:
            audits[format_].append(_audit(directory, format_))
    print(f"{accounts:,} accounts, {rounds} rounds, CPU seconds (medians)")
    print(f"{'':24}{'user':>7}{'system':>8}{'all':>7}{'ratio':>20}{'promised':>10}")
    _row("csv.DictReader alone", floors)
    kept = True
    for format_, promised in PROMISED_RATIOS.items():
        uses = audits[format_]
        spread = paired([use.cpu for use in uses], [floor.cpu for floor in floors])
        _row(f"rolecall audit, {format_}", uses, f"{spread!s:>20}{promised:>9.1f}x")
        kept = kept and spread.at_most(promised)
    print(f"the ratios that are promised: {'kept' if kept else 'NOT KEPT'}\n")
    return kept


def _row(name: str, uses: Sequence[_Use], told: str = "") -> None:
    user = statistics.median(use.user for use in uses)
    system = statistics.median(use.system for use in uses)
    cpu = statistics.median(use.cpu for use in uses)
    print(f"{name:24}{user:>7.2f}{system:>8.2f}{cpu:>7.2f}{told}")


def _scale(folder: Path) -> bool:
    print("how a whole audit with JSON grows")
    print(f"{'accounts':>12}{'user s':>9}{'exponent':>10}{'peak MB':>9}{'KB an account':>15}")
    kept = True
    before: tuple[int, _Use] | None = None
    for accounts in _SIZES:
        directory = _generate(accounts, folder)
        # The small ones are short: the median of several runs; the memory is the worst of them.
        runs = [_audit(directory, "json") for _ in range(max(1, 300_000 // accounts))][:9]
        user = statistics.median(use.user for use in runs)
        use = _Use(user, 0.0, max(use.memory for use in runs))
        exponent = None
        if before is not None:
            exponent = math.log(use.user / before[1].user) / math.log(accounts / before[0])
            kept = kept and exponent <= PROMISED_EXPONENT
            kept = kept and use.memory / accounts <= before[1].memory / before[0]
        shown = "" if exponent is None else f"{exponent:.2f}"
        print(
            f"{accounts:>12,}{use.user:>9.2f}{shown:>10}{use.memory / 2**20:>9,.0f}"
            f"{use.memory / accounts / 1024:>15.1f}",
            flush=True,
        )
        before = accounts, use
    kept = kept and before is not None and before[1].memory <= PROMISED_BYTES
    print(
        f"promised: an exponent of {PROMISED_EXPONENT} at most, memory per account that does not "
        f"grow, {_SIZES[-1]:,} accounts within {PROMISED_BYTES // 2**30} GB: "
        f"{'kept' if kept else 'NOT KEPT'}"
    )
    return kept


def main() -> None:
    """Measure and print; exit with 1 where a promise is not kept."""
    parser = argparse.ArgumentParser(description="A whole audit beside csv.DictReader.")
    parser.add_argument("--accounts", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--scale", action="store_true", help="also audit up to 1,000,000 accounts")
    arguments = parser.parse_args()
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    with tempfile.TemporaryDirectory() as name:
        kept = _against_floor(arguments.accounts, arguments.rounds, Path(name))
        if arguments.scale:
            kept = _scale(Path(name)) and kept
    if own > 2**26:
        raise SystemExit("this process is large itself: the peaks above may be its own")
    sys.exit(not kept)


if __name__ == "__main__":
    main()
