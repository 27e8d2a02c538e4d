"""``init``, ``validate``, ``convert``, ``controls`` from the outside."""

from __future__ import annotations

import csv
import json
import zipfile
from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from rolecall.controls.catalogue import catalogue
from rolecall.model import TABLES, Snapshot
from rolecall.registry import read_registry
from rolecall.registry.schema import columns
from tests.functional.commands import AS_OF, DIOCESE, rolecall
from tests.functional.test_audit import small

FORMS = ("csv", "xlsx.xlsx", "json.json")


def snapshot(path: Path) -> Snapshot:
    return replace(read_registry(path, date(2026, 11, 2)).snapshot, digest="")


def test_init_then_validate(tmp_path: Path) -> None:
    new = tmp_path / "new"
    assert rolecall("init", new).returncode == 0
    readme = (new / "README.md").read_text(encoding="utf-8")
    for table in TABLES:
        assert f"## {table}.csv" in readme
        assert all(f"| {column} |" in readme for column in columns(table))
    done = rolecall("validate", new)
    assert done.returncode == 2
    for table in ("entities", "people", "accounts", "grants"):
        assert f"error: {table}.csv: has no rows" in done.stderr
    again = rolecall("init", new)
    assert (again.returncode, "is not an empty directory" in again.stderr) == (2, True)


def test_a_filled_start_audits(tmp_path: Path) -> None:
    new = tmp_path / "new"
    rolecall("init", new)
    for name in ("entities", "people", "accounts", "grants"):
        text = small(tmp_path / "small").joinpath(f"{name}.csv").read_text()
        with (new / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(text.splitlines()))
            writer = csv.DictWriter(file, list(columns(name)))
            writer.writeheader()
            writer.writerows(rows)
    done = rolecall("audit", new, *AS_OF)
    assert (done.returncode, "orphaned-admin" in done.stdout) == (0, True)


def test_validate_says_everything(tmp_path: Path) -> None:
    registry = small(
        tmp_path / "r",
        people="id,name,status,left_on\np-1,Ann,actve,31/12/2026\n",
        grants="account_id,person_id,role\na-9,p-1,owner\n",
    )
    (registry / "policy.toml").write_text("[controls.orphand-admin]\n")
    done = rolecall("validate", registry)
    assert done.returncode == 2
    for part in ("people.csv:2:status", "people.csv:2:left_on", "write 2026-12-31", "(a-9)"):
        assert part in done.stderr
    assert "did you mean orphaned-admin?" in done.stderr
    data = json.loads(rolecall("validate", registry, "--format", "json").stdout)
    assert data["error_count"] == len(data["errors"]) == 4
    assert rolecall("validate", DIOCESE).stdout.startswith("valid: ")


@pytest.mark.parametrize("source", FORMS)
@pytest.mark.parametrize("target", FORMS)
def test_convert_between_all_forms(source: str, target: str, tmp_path: Path) -> None:
    first, second = tmp_path / "1" / source, tmp_path / "2" / target
    for path in (first, second):
        path.parent.mkdir()
    assert rolecall("convert", DIOCESE, first).returncode == 0
    assert rolecall("convert", first, second).returncode == 0
    assert snapshot(first) == snapshot(second) == snapshot(DIOCESE)
    beside = second if second.is_dir() else second.parent
    assert (beside / "policy.toml").read_bytes() == (DIOCESE / "policy.toml").read_bytes()
    again = rolecall("convert", first, second)
    assert (again.returncode, "exists already" in again.stderr) == (2, True)


DANGEROUS = ["=1+1", "+1", "-1", "@handle", "'=x", "''@y", "\u2018=z"]


def test_no_cell_becomes_a_formula_and_none_is_changed(tmp_path: Path) -> None:
    document = {
        "entities": [{"id": "e-1", "name": "=cmd|' /C calc'!A0"}],
        "people": [{"id": "p-1", "name": "@Ann", "status": "left"}],
        "accounts": [
            {
                "id": f"a-{n}",
                "entity_id": "e-1",
                "platform": "web",
                "handle": text,
                "status": "active",
            }
            for n, text in enumerate(DANGEROUS)
        ],
        "grants": [{"account_id": "a-1", "person_id": "p-1", "role": "owner"}],
    }
    path = tmp_path / "r.json"
    path.write_text(json.dumps(document))
    assert rolecall("convert", path, tmp_path / "csv").returncode == 0
    assert rolecall("convert", path, tmp_path / "r.xlsx").returncode == 0
    assert snapshot(tmp_path / "csv") == snapshot(tmp_path / "r.xlsx") == snapshot(path)
    with zipfile.ZipFile(tmp_path / "r.xlsx") as book:
        sheets = [name for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
        assert not [name for name in sheets if b"<f>" in book.read(name)]
    found = tmp_path / "findings.csv"
    rolecall("audit", path, *AS_OF, "--format", "csv", "--output", found)
    for name in (*(tmp_path / "csv").glob("*.csv"), found):
        with name.open(encoding="utf-8", newline="") as file:
            cells = [cell for row in csv.reader(file) for cell in row]
        assert cells
        assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_controls() -> None:
    listed = rolecall("controls").stdout
    assert all(f"  {id_} " in listed for id_ in catalogue())
    shown = rolecall("controls", "show", "shared-login").stdout
    assert "individual_roles = facebook, linkedin, website, youtube" in shown
    missing = rolecall("controls", "show", "shared-logn")
    assert (missing.returncode, "did you mean shared-login?" in missing.stderr) == (2, True)
