"""The registry that benches measure is one: every row fits the columns of today."""

from __future__ import annotations

import csv
from pathlib import Path

from bench.generate import AS_OF, generate
from rolecall.model import TABLES
from rolecall.registry.reading import read_registry


def test_a_generated_registry_has_no_errors(tmp_path: Path) -> None:
    generate(2_000, tmp_path)
    snapshot = read_registry(tmp_path, AS_OF).snapshot
    assert len(snapshot.accounts) == 2_000
    assert snapshot.incidents
    for table in TABLES:
        with (tmp_path / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file)
        assert {len(row) for row in rows} <= {len(header)}, table
