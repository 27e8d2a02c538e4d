"""Writes the reports of a night with more than a million findings: memory, disk, time.

Usage: python bench/report.py [--batches 1100] [--findings 1261]

The lines of the example's findings are repeated for other accounts, as many to each batch; they are
made while they are read, so that nothing but the report takes memory. Exits with 1 when a promise
is not kept.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from rolecall.run import Run
from rolecall.usecases.reporting.from_night import write_reports
from tests.nights import Documents, MemoryFiles, MemoryFindings, night
from tests.registries import AS_OF, read

__all__: list[str] = []

EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "diocese"
MOST_BYTES = 2**30
MOST_SECONDS = 900
"""What a function has."""
ENTITIES = 500
"""Copies of the example's entities: more than a night writes reports of."""


class Many(MemoryFiles):
    """The files of a night whose batches have many findings each."""

    def __init__(self, files: dict[str, bytes], lines: Sequence[bytes], count: int) -> None:
        super().__init__()
        self.files = files
        self.lines = lines
        self.count = count

    def get_all(self, names: Sequence[str]) -> Iterator[bytes]:
        """Yield what each batch found, or who holds its accounts."""
        for batch, name in enumerate(names):
            if "/held/" in name:
                yield self.files[name.replace(f"{batch:06}", "000000")]
                continue
            whole = -(-self.count // len(self.lines))
            made = (
                line.replace(b'"account":"', b'"account":"%d-%d-' % (batch, again)).replace(
                    b'"entity":"', b'"entity":"%d-' % (batch % ENTITIES), 1
                )
                for again in range(whole)
                for line in self.lines
            )
            yield b"\n".join(islice(made, self.count))


def main() -> int:
    """Write the reports, and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--batches", type=int, default=1_100)
    parser.add_argument("--findings", type=int, default=1_261)
    arguments = parser.parse_args()
    snapshot, _ = read(EXAMPLE)
    policy = (EXAMPLE / "policy.toml").read_text(encoding="utf-8")
    files = MemoryFiles()
    night(Documents(snapshot, policy), MemoryFindings(), files, AS_OF)
    prefix = next(iter(files.files)).rsplit("/", 2)[0]
    found = files.files[f"{prefix}/findings/000000.json"].splitlines()
    frozen = msgspec.json.decode(files.files[f"{prefix}/run.json"])
    frozen["batches"] = arguments.batches
    files.files[f"{prefix}/run.json"] = msgspec.json.encode(frozen)
    lines = [line for line in found if b'"account":"' in line]
    many = Many(files.files, lines, arguments.findings)
    sizes: dict[str, int] = {}

    def publish(_: Run, name: str, __: str, pieces: Iterable[bytes]) -> None:
        sizes[name] = sum(map(len, pieces))

    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as scratch:
        without = write_reports(many, prefix, Path(scratch), publish, each=["report.pdf"])
        disk = sum(path.stat().st_size for path in Path(scratch).iterdir())
    taken = time.perf_counter() - began
    peak: Any = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(f"{arguments.batches * arguments.findings:,} findings in {arguments.batches:,} batches")
    for name, size in sizes.items():
        if "/" not in name:
            print(f"{name:<20}{size / 1e6:10,.1f} MB")
    each = [size for name, size in sizes.items() if name.endswith("/report.pdf")]
    print(f"{len(each):,} reports of entities, {sum(each) / 1e6:,.1f} MB; of {without:,} none")
    print(f"time {taken:.0f} s, peak {peak / 2**20:.0f} MiB, disk {disk / 1e9:.2f} GB")
    kept = peak < MOST_BYTES and taken < MOST_SECONDS
    print("every promise is kept" if kept else "a promise is not kept")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
