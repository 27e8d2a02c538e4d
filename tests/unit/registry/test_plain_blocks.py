"""Plain rows are decoded at one go, and read as they are where one looks at each cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rolecall.errors import RegistryError
from rolecall.model import RegistryRecord
from rolecall.registry import csv_blocks
from rolecall.registry.csv_blocks import Block
from rolecall.registry.plain_blocks import BlockReader
from rolecall.registry.reading import read_registry

TODAY = date(2026, 11, 2)
HEADERS = {
    "entities": "id,name,parent_id,head_id,it_delegate_ids,email_domains",
    "people": "id,name,status,email,left_on,clearance_level,trained_on",
    "accounts": "id,entity_id,platform,handle,status,approved_by,archive,connected_apps",
    "grants": "account_id,person_id,role,granted_on,revoke_requested_at,revoked_on,delegation_ref",
    "logins": "id,account_id,storage,holder_ids,rotated_on,mfa,strength,fingerprint",
}
ROWS = {
    "entities": "e,Entity,,p-1,p-2|p-3,a.example",
    "people": "p-1,Ann,active,ann@a.example,2026-12-01,C,2026-01-31",
    "accounts": "a,e,X,@page,active,p-1|p-2,yes,buffer",
    "grants": "a,p-1,owner,2026-01-31,2026-01-31T09:30:00Z,,",
    "logins": "l,a,vault,p-1,2026-01-31,app,3,00ff",
}
CELLS = st.sampled_from(
    (
        *(
            "",
            " ",
            "p-1",
            " p-1",
            "p-1 ",
            "P-1",
            "p-2|p-1",
            "p-2;p-1",
            "p-1|p-1",
            "|",
            " | ",
            "p-9",
        ),
        *(
            "n/a",
            "N/A",
            "TBD",
            "-",
            "none",
            "(not tracked)",
            "2026-01-31",
            "2026-1-31",
            "0000-01-01",
        ),
        *("2026-02-30", "2026-01-31T09:30:00+02:00", "2026-01-31T09:30:00", "2026-01-31 09:30Z"),
        *(
            "active",
            "Active",
            "owner ",
            "yes",
            "TRUE",
            "3",
            "9",
            "6.15E+16",
            "a\\b",
            "\\",
            "\\u0041",
        ),
        *("José", "\u00a0p-1", "p-1\u2003", "ﬁ", "\u2028", "a'b", "'=1", "\ufeff", "x" * 300),
        *('"p-1"', '"a,b"', '"a\nb"', "a\tb", "\x7f", "\x1c", "a\rb", "null", "[]", "é|p-1"),
    )
)


def outcome(folder: Path, *, at_one_go: bool) -> Any:
    """Return all that comes of a registry: its snapshot and warnings, or what is wrong with it."""
    read = BlockReader.records

    def records(self: BlockReader, block: Block) -> Sequence[RegistryRecord] | None:
        return read(self, block) if at_one_go else None

    with patch.object(BlockReader, "records", records):
        try:
            found = read_registry(folder, TODAY)
        except RegistryError as error:
            return error.problems, error.count
    return found.snapshot, found.warnings, found.warning_count


def written(folder: Path, tables: Mapping[str, Sequence[str]], end: str = "\n") -> Path:
    for name, rows in tables.items():
        text = end.join((HEADERS[name], *rows, ""))
        (folder / f"{name}.csv").write_bytes(text.encode())
    return folder


def changed(table: str, column: int, cell: str) -> str:
    cells = ROWS[table].split(",")
    cells[column % len(cells)] = cell
    return ",".join(cells)


@given(
    st.sampled_from(tuple(ROWS)),
    st.lists(st.tuples(st.integers(0, 7), CELLS), min_size=1, max_size=3),
    st.sampled_from(("\n", "\r\n", "\r")),
)
@example("grants", [(2, "(not tracked)"), (5, "(not tracked)")], "\n")
@example("people", [(1, "")], "\n")
@example("accounts", [(5, "n/a|p-1")], "\n")
def test_a_block_is_read_as_cell_by_cell(
    tmp_path_factory: pytest.TempPathFactory,
    table: str,
    changes: list[tuple[int, str]],
    end: str,
) -> None:
    rows = {name: [row] for name, row in ROWS.items()}
    rows[table] = [*rows[table], *(changed(table, *change) for change in changes)]
    folder = written(tmp_path_factory.mktemp("registry"), rows, end)
    assert outcome(folder, at_one_go=True) == outcome(folder, at_one_go=False)


def test_plain_rows_are_decoded_at_one_go(tmp_path: Path) -> None:
    """The promise of speed is kept by this alone: nothing else would notice."""
    made: list[int] = []
    read = BlockReader.records

    def records(self: BlockReader, block: Block) -> Sequence[RegistryRecord] | None:
        found = read(self, block)
        made.append(-1 if found is None else len(found))
        return found

    people = [f"p-{n},José,left,,,," for n in range(2, 5_000)]
    folder = written(tmp_path, {name: [row] for name, row in ROWS.items()})
    written(folder, {"people": [ROWS["people"], *people]})
    with patch.object(BlockReader, "records", records):
        snapshot = read_registry(folder, TODAY).snapshot
    assert len(made) > len(ROWS)
    assert sum(made) == len(ROWS) - 1 + len(snapshot.people) == len(ROWS) + len(people)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("quoted", [(), (40,), (0, 99), range(0, 100, 7)])
def test_blocks_are_cut_between_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: str, quoted: Sequence[int]
) -> None:
    """A quoted cell may hold the end of a line where a block would end."""
    monkeypatch.setattr(csv_blocks, "_BYTES", 64)
    names = [f'"Ann, {n}{end}Lee"' if n in quoted else f"Ann {n}" for n in range(100)]
    people = [f"q-{n},{name},active,,,," for n, name in enumerate(names)]
    rows = {name: [row] for name, row in ROWS.items()} | {"people": [ROWS["people"], *people]}
    folder = written(tmp_path, rows, end)
    snapshot = read_registry(folder, TODAY).snapshot
    assert [one.name for one in snapshot.people[1:]] == [name.strip('"') for name in names]


@pytest.mark.parametrize("at_one_go", [True, False])
def test_a_problem_has_the_row_that_it_is_in(tmp_path: Path, at_one_go: bool) -> None:
    people = [f"q-{n},Ann,active,,,," for n in range(3_000)]
    people[1_700] = "q-1700,Ann,activ,,31/01/2026,,"
    rows = {name: [row] for name, row in ROWS.items()} | {"people": [ROWS["people"], *people]}
    problems, count = outcome(written(tmp_path, rows), at_one_go=at_one_go)
    assert count == 2
    assert [(one.row, one.column) for one in problems] == [(1_703, "status"), (1_703, "left_on")]


def test_a_reference_in_a_row_that_is_too_short_is_matched_too(tmp_path: Path) -> None:
    """Rows that have not all cells are read one by one: what they name counts as that of others."""
    rows = {name: [row] for name, row in ROWS.items()} | {"grants": ["a,P-1,owner"]}
    found = read_registry(written(tmp_path, rows), TODAY)
    assert [grant.person_id for grant in found.snapshot.grants] == ["p-1"]
    assert any("p-1, which is written otherwise" in one.message for one in found.warnings)
