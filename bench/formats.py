"""Measures each format of a report of 100,000 findings: CPU, size, memory.

Usage: python bench/formats.py [--findings 100000] [--rounds 3]

The floor of the table is ``csv.writer`` over the same rows, made beforehand, and encoding what it
wrote. Pages for people have fixed limits: they show the worst and say where the rest is. The
workbook is made twice, of a tenth of the findings and of all, in processes of their own: its memory
may not grow with them. Exits with 1 when a promise is not kept.
"""

from __future__ import annotations

import argparse
import csv
import gc
import io
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from msgspec.structs import replace

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from rolecall.controls.catalogue import catalogue
from rolecall.controls.versions import CATALOGUE_VERSION
from rolecall.reports.assembly import document_of
from rolecall.reports.csv_report import csv_document
from rolecall.reports.document import ReportDocument
from rolecall.reports.facts import Facts, Holders
from rolecall.reports.formats import KEPT
from rolecall.reports.report import FindingLine
from rolecall.run import Heading
from rolecall.usecases.reporting.files import files_of, lines_of
from rolecall.usecases.runs.local import run_audit
from rolecall.usecases.runs.role_holders import holders_of
from tests.registries import AS_OF, read

__all__: list[str] = []

EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "diocese"
CSV_RATIO = 2.0
MOST_SECONDS = 10.0
MOST_BYTES = 5_000_000
MOST_GROWTH = 1.25
PAGES = ("report.pdf", "report.html", "report.md")


class Many:
    """The findings of the example, again and again for other accounts, the worst first."""

    def __init__(self, count: int) -> None:
        report = run_audit(*read(EXAMPLE), AS_OF, lambda _: None)
        self.heading: Heading = report.heading()
        self.facts = Facts(holders=holders_of(report.context))
        self.found = list(lines_of(report)())
        self.count = count

    def __call__(self) -> Iterator[FindingLine]:
        """Yield them."""
        each, rest = divmod(self.count, len(self.found))
        for place, line in enumerate(self.found):
            for again in range(each + (place < rest)):
                # As many entities as a large organisation has, and as many sections at most.
                yield replace(
                    line,
                    id=f"{again:04}{line.id[4:]}",
                    label=f"{line.label} {again}",
                    entity=f"{line.entity}-{again % 10}",
                )

    def document(self) -> ReportDocument:
        """Return what pages say of them."""
        return document_of(self.heading, self(), catalogue(), self.facts)


def cpu(function: Callable[[], object], rounds: int) -> float:
    """Return the median of the CPU seconds of a call."""
    taken = []
    for _ in range(rounds):
        gc.collect()
        began = time.process_time()
        function()
        taken.append(time.process_time() - began)
    return statistics.median(taken)


def consume(pieces: Iterable[bytes]) -> int:
    """Take everything; return how many bytes there were."""
    return sum(map(len, pieces))


def csv_ratio(many: Many, rounds: int) -> float:
    """Return what the table takes, over csv.writer of the same rows."""
    findings = list(many())
    text = b"".join(csv_document(findings, CATALOGUE_VERSION, Holders())).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline="")))

    def floor() -> bytes:
        buffer = io.StringIO(newline="")
        csv.writer(buffer).writerows(rows)
        return buffer.getvalue().encode()

    if floor().decode() != text:
        raise ValueError("the floor writes another table")
    ours = cpu(lambda: consume(csv_document(findings, CATALOGUE_VERSION, Holders())), rounds)
    return ours / cpu(floor, rounds)


def made(many: Many, name: str) -> int:
    """Make one report as it is made for a user; return its size."""
    sizes = {
        made: consume(pieces) for made, pieces in files_of(many.heading, many, many.facts, [name])
    }
    return sizes[name]


def own_peak() -> int:
    """Return the peak memory of this process: getrusage would tell that of who started it."""
    found = re.search(r"VmHWM:\s*(\d+) kB", Path("/proc/self/status").read_text())
    if found is None:
        raise OSError("this system does not tell the peak memory of a process")
    return int(found[1]) * 1024


def peak(count: int, name: str) -> int:
    """Return the peak memory of a process that makes one report, in bytes."""
    command = [sys.executable, __file__, "--findings", str(count), "--only", name]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return int(done.stdout)


def main() -> int:
    """Measure, print, and tell whether every promise is kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--findings", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    many = Many(arguments.findings)
    if arguments.only:
        made(many, arguments.only)
        print(own_peak())
        return 0
    ratio = csv_ratio(many, arguments.rounds)
    kept = ratio <= CSV_RATIO
    print(f"{arguments.findings:,} findings")
    print(f"findings.csv over csv.writer of the same rows: {ratio:.2f}x (promised {CSV_RATIO}x)")
    gathering = cpu(many.document, arguments.rounds)
    print(f"reading them for a page: {gathering:.2f} s of what follows")
    for name in KEPT:
        if name == "facts.json":
            continue
        size = 0

        def make(name: str = name) -> None:
            nonlocal size
            size = made(many, name)

        seconds = cpu(make, 1 if name not in PAGES else arguments.rounds)
        print(f"{name:<20}{seconds:6.2f} s{size / 1e6:9.2f} MB")
        if name in PAGES:
            kept = kept and seconds <= MOST_SECONDS and size <= MOST_BYTES
    small, large = (
        peak(count, "report.xlsx") for count in (arguments.findings // 10, arguments.findings)
    )
    print(f"report.xlsx: peak {small / 2**20:.0f} MiB of a tenth, {large / 2**20:.0f} MiB of all")
    kept = kept and large <= MOST_GROWTH * small
    print("every promise is kept" if kept else "a promise is not kept")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
