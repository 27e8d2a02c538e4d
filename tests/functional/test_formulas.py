"""No cell that Rolecall writes becomes a formula, and none is changed on the way."""

from __future__ import annotations

import csv
import json
import zipfile
from datetime import date
from pathlib import Path

from msgspec.structs import replace

from rolecall.model import Snapshot
from rolecall.registry.reading import read_registry
from tests.functional.command import audit, rolecall


def snapshot(path: Path) -> Snapshot:
    return replace(read_registry(path, date(2026, 11, 2)).snapshot, digest="")


DANGEROUS = [
    "=1+1",
    "+1",
    "-1",
    "@handle",
    "'=x",
    "''@y",
    "\u2018=z",
    "\uff1d1",
    "\uff0b1",
    "\uff20x",
    "a;=1",
    "a;'=1",
]


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
    assert rolecall("convert", path, tmp_path / "csv").status == 0
    assert rolecall("convert", path, tmp_path / "r.xlsx").status == 0
    assert snapshot(tmp_path / "csv") == snapshot(tmp_path / "r.xlsx") == snapshot(path)
    with zipfile.ZipFile(tmp_path / "r.xlsx") as book:
        sheets = [name for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
        assert not [name for name in sheets if b"<f>" in book.read(name)]
    found = tmp_path / "findings.csv"
    audit(path, "--format", "csv", "--output", found)
    for name in (*(tmp_path / "csv").glob("*.csv"), found):
        with name.open(encoding="utf-8", newline="") as file:
            cells = [cell for row in csv.reader(file) for cell in row]
        assert cells
        parts = [part for cell in cells for part in cell.split(";")]
        signs = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")
        assert not [part for part in parts if part.startswith(signs)]
