"""The CSV report: no cell of it is a formula, whatever stands in the registry."""

from __future__ import annotations

import csv
import io

import pytest

from rolecall.reports.csv_report import COLUMNS, csv_report
from rolecall.reports.report import Report
from rolecall.spreadsheet import guarded
from rolecall.usecases.runs.local import run_audit
from tests.registries import AS_OF, RegistryFiles, parish

DANGEROUS = ("=1+1", "+1", "-2+3", "@SUM(A1)", "'=1", "=cmd|' /C calc'!A0", '=1","=2', "=1\r\n=2")


def report(files: RegistryFiles) -> Report:
    return run_audit(*files.read(), AS_OF, lambda _: None)


def rows(found: Report) -> list[list[str]]:
    text = b"".join(csv_report(found, found.findings)).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_cell_is_a_formula(text: str) -> None:
    files = parish()
    files.policy = files.policy.replace('version = "2026-1"', 'version = "2020-1"')
    files.policy = files.policy.replace("2027-01-31", "2020-01-31")
    files.row("entities", 0, id=text, name=text, head_id="p5")
    files.row("entities", 1, parent_id=text)
    for table, column in (("people", "entity_id"), ("accounts", "entity_id")):
        for row in files.tables[table]:
            row[column] = text if row[column] == "e0" else row[column]
    for row in files.tables["observations"]:
        row["entity_id"] = ""
    files.row("observations", 0, handle=text, person_email=text, platform=text)
    files.row("people", 0, name=text, status="left")
    files.row("accounts", 0, handle=text, platform=text, removal_path="none", owner_id=text)
    header, *cells = rows(report(files))
    assert header == list(COLUMNS)
    assert len(cells) > 10
    found = [cell for row in cells for cell in row]
    assert not [cell for cell in found if cell[:1] in tuple("=+-@\t\r")]
    bare = text.removeprefix("'")  # the reader takes a guard for a guard
    assert any(cell in (guarded(bare), guarded(bare.casefold())) for cell in found)
    assert guarded(bare) != bare


def test_a_row_says_what_the_other_formats_say() -> None:
    files = parish()
    files.row("accounts", 0, removal_path="none")
    [row] = [dict(zip(COLUMNS, row, strict=True)) for row in rows(report(files))[1:]]
    assert row["severity"] == "critical"
    assert row["control"] == "no-removal-path"
    assert (row["subject"], row["account"], row["person"]) == ("account", "a0", "")
    assert (row["status"], row["evaluated"], row["resolution"]) == ("new", "yes", "")


def test_many_findings_are_written_in_pieces() -> None:
    found = report(parish())
    one = report(broken()).findings[0]
    pieces = list(csv_report(found, [one] * 2_500))
    assert len(pieces) == 4
    assert b"".join(pieces).count(b"\r\n") == 2_501


def broken() -> RegistryFiles:
    files = parish()
    files.row("accounts", 0, removal_path="none")
    return files
