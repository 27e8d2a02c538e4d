"""Reports to look at: of the example, of a registry with names of all kinds, of nothing wrong."""

from __future__ import annotations

import os
from itertools import cycle
from pathlib import Path

import pytest

from tests.functional.command import AS_OF, EXAMPLE, rolecall
from tests.registries import parish

KINDS = ("example", "names", "calm", "entity")
NAMES = [
    "<script>alert(1)</script>",
    "#strong[x] $ x^2 $ @y `z`",
    '=HYPERLINK("x")',
    "\u202egnp.exe",
    "\U0001f600\U0001f469\u200d\U0001f4bb",
    "x" * 300,
    "\u4e2d\u6587\u540d\u5b57 \u65e5\u672c\u8a9e \ud55c\uad6d\uc5b4",
    "\u0645\u062d\u0645\u062f \u05d3\u05d5\u05d3",
]


def need(what: bool, reason: str) -> None:
    """Skip a test, unless ``ROLECALL_REQUIRE_PAGES`` says that it may not be."""
    if not what:
        if "ROLECALL_REQUIRE_PAGES" in os.environ:
            pytest.fail(reason)
        pytest.skip(reason)


def made(kind: str, directory: Path) -> Path:
    """Write all reports of one kind, and return where they are."""
    target = directory / "reports"
    registry, more = EXAMPLE, ["--log", str(directory / "log")]
    if kind in ("names", "calm"):
        files = parish()
        if kind == "names":
            for table in ("entities", "people"):
                for row, name in zip(files.tables[table], cycle(NAMES)):
                    row["name"] = name
            for row in files.tables["accounts"]:
                row["removal_path"] = "none"
            for row in files.tables["people"]:
                row["clearance_level"] = "A"
        (directory / "registry").mkdir()
        registry = files.write(directory / "registry")
    done = rolecall(
        *("audit", registry, "--as-of", AS_OF, *more, "--report", target),
        *("--signing-key", directory / "key", "--output", directory / "findings.txt"),
    )
    assert done.status == 0, done.stderr
    if kind == "entity":
        target = directory / "entity"
        done = rolecall(
            *("report", directory / "log", "--entity", "holy-cross-high-school"),
            *("--format", "all", "--output", target),
        )
        assert done.status == 0, done.stderr
    return target
