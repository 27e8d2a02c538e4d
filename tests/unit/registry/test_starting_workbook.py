"""The workbook to fill: every column, drop-downs that the registry accepts, an example left out."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from rolecall.errors import RegistryError
from rolecall.model import TABLES
from rolecall.registry.problems import Problems
from rolecall.registry.reading import read_registry
from rolecall.registry.schema import REQUIRED_TABLES, columns
from rolecall.registry.starting_workbook import starting_workbook
from rolecall.registry.xlsx_book import xlsx_tables
from tests.functional.command import rolecall

TODAY = date(2026, 11, 26)


def test_it_has_every_column_and_no_row() -> None:
    problems, warnings = Problems(), Problems()
    tables = xlsx_tables("registry.xlsx", starting_workbook(), problems, warnings)
    assert not problems.kept
    assert not warnings.kept
    assert {name: set(table.header) for name, table in tables.items()} == {
        name: set(columns(name)) for name in TABLES
    }
    for table in tables.values():
        assert list(table.rows) == [[]]
        required = [columns(table.name)[name].required for name in table.header]
        assert required == sorted(required, reverse=True)


def test_it_is_the_same_each_time() -> None:
    assert starting_workbook() == starting_workbook()


def test_words_are_chosen_from_those_that_a_registry_accepts() -> None:
    with zipfile.ZipFile(io.BytesIO(starting_workbook())) as archive:
        pages = [
            archive.read(f"xl/worksheets/sheet{n}.xml").decode() for n in range(2, 2 + len(TABLES))
        ]
        comments = [name for name in archive.namelist() if "comments" in name]
    assert len(comments) == len(TABLES)
    for table, page in zip(TABLES, pages, strict=True):
        lists = set(re.findall(r"<formula1>\"([^\"]*)\"</formula1>", page))
        wanted = {",".join(column.choices) for column in columns(table).values() if column.choices}
        answers = {"yes,no"} if any(c.kind == "yes/no" for c in columns(table).values()) else set()
        assert lists == wanted | answers


def test_a_filled_one_is_audited_without_its_example(tmp_path: Path) -> None:
    path = tmp_path / "registry.xlsx"
    sheets: dict[str, list[tuple[str, ...]]] = {
        "entities": [("id", "name"), ("(example)", "St Brigid"), ("e", "E")],
        "accounts": [
            ("id", "entity_id", "platform", "handle", "status"),
            ("(Example)", "nobody", "facebook", "x", "wrong"),
            ("a", "e", "facebook", "a", "actve"),
        ],
    }
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("Read Me").write(0, 0, "Fill the sheets.")
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    with pytest.raises(RegistryError) as caught:
        read_registry(path, TODAY)
    (problem,) = caught.value.problems
    # The row is that which people see, the example counted.
    assert (problem.row, problem.column) == (3, "status")


def test_the_command_writes_one_and_replaces_none(tmp_path: Path) -> None:
    path = tmp_path / "registry.xlsx"
    assert rolecall("init", path).status == 0
    assert path.read_bytes() == starting_workbook()
    again = rolecall("init", path)
    assert again.status == 2
    assert "exists already" in again.stderr
    told = rolecall("validate", path)
    assert told.status == 2
    assert all(f"registry.xlsx/{name}: has no rows" in told.stderr for name in REQUIRED_TABLES)
