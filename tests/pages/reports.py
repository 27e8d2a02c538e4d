"""Reports to look at: of the example, of a registry with names of all kinds, of nothing wrong; and
pages alone, with what to do first, in another language, and as long as a page can be."""

from __future__ import annotations

import os
from itertools import cycle
from pathlib import Path

import pytest
from msgspec.structs import replace

from rolecall.controls.catalogue import catalogue
from rolecall.model import SEVERITIES
from rolecall.reports.assembly import document_of
from rolecall.reports.document import MOST_ROWS, ReportDocument
from rolecall.reports.facts import Facts
from rolecall.reports.html_report import html_report
from rolecall.usecases.reporting.files import lines_of
from rolecall.usecases.runs.role_holders import holders_of
from tests.functional.command import AS_OF, EXAMPLE, rolecall
from tests.functional.test_reports_for_people import audited, document
from tests.registries import parish
from tests.sample_actions import SAMPLE_ACTIONS, with_actions

KINDS = ("example", "names", "calm", "entity")
PAGES = ("actions", "spanish", "huge")
"""Pages that are made of a document, without any other report."""
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


def page(kind: str, directory: Path) -> Path:
    """Write the page of one kind, and return where it is."""
    if kind not in PAGES:
        return made(kind, directory) / "report.html"
    target = directory / "report.html"
    target.write_bytes(b"".join(html_report(_document(kind))))
    return target


def _document(kind: str) -> ReportDocument:
    told = document()
    if kind == "huge":
        told = _huge()
    elif kind == "spanish":
        told = replace(told, language="es")
    rows = [row.id for entity in told.entities for row in entity.rows]
    # Each ends some that are on the page, and some that are not.
    actions = [
        replace(
            SAMPLE_ACTIONS[number % 3],
            id=f"{number:016x}",
            findings=(*rows[number * 9 : number * 9 + 9], "0" * 32),
        )
        for number in range(14)
    ]
    return replace(with_actions(told, more=5), actions=tuple(actions))


def _huge() -> ReportDocument:
    """Return a document of as many findings as a page shows; names have 200 signs."""
    report = audited()
    every = [line for line in lines_of(report)() if line.subject.kind != "incident"]
    lines = [
        replace(
            every[number % len(every)],
            id=f"{number:032x}",
            entity=f"e-{number % 40}",
            label=f"{'n' * 200}{number}",
            status="open",
        )
        for number in range(MOST_ROWS)
    ]
    name = "\u05d0" * 100 + "E" * 100
    holders = replace(
        holders_of(report.context),
        entities={f"e-{number}": f"{name}{number}" for number in range(40)},
    )
    lines.sort(key=lambda line: SEVERITIES.index(line.severity))
    return document_of(report.heading(), lines, catalogue(), Facts(holders=holders))
