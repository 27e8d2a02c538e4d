"""A reference that matches nobody is pointed out, in every column that refers to something."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from rolecall.errors import Problem, RegistryError
from rolecall.model import TABLES
from rolecall.registry.policy_toml import read_policy
from rolecall.registry.problems import Problems
from rolecall.registry.reading import read_registry
from rolecall.registry.schema import columns
from rolecall.registry.strangers import warn_of_strange_waivers
from tests.registries import TODAY, RegistryFiles, parish

REFERRING = [
    (table, name, column.refers)
    for table in TABLES
    for name, column in columns(table).items()
    if column.refers
]


def pointed_out(files: RegistryFiles) -> list[Problem]:
    """Return what is said of references, as errors and as warnings."""
    strangers = Problems()
    with tempfile.TemporaryDirectory() as name:
        try:
            read_registry(files.write(Path(name)), TODAY, strangers=strangers)
        except RegistryError as error:
            return [*error.problems, *strangers.kept]
    return list(strangers.kept)


def test_there_are_columns_that_refer_to_something() -> None:
    assert {target for _, _, target in REFERRING} == {"entities", "people", "accounts"}
    assert len(REFERRING) >= 20
    # The subject of its incident is somebody from outside.
    assert not pointed_out(parish())


@pytest.mark.parametrize(("table", "column", "target"), REFERRING)
def test_every_column_says_where_it_matches_nobody(table: str, column: str, target: str) -> None:
    files = parish()
    role = ":it" if column == "investigators" else ""
    known = files.tables[target][0]["id"]
    files.row(table, 0, **{column: f"{known}x{role}"})
    found = pointed_out(files)
    at = [one for one in found if (one.file, one.row) == (f"{table}.csv", 2)]
    (only,) = [one for one in at if one.column == column]
    assert only.value == f"{known}x"
    noun = {"entities": "no such entity", "accounts": "no such account"}
    assert only.message.startswith(noun.get(target, "is nobody on record"))
    assert f"did you mean {known}" in only.message
    assert target != "people" or f"did you mean {known} (" in only.message


@pytest.mark.parametrize(("table", "column", "target"), REFERRING)
def test_a_name_where_an_id_belongs_is_known_by_the_name(
    table: str, column: str, target: str
) -> None:
    files = parish()
    called = "handle" if target == "accounts" else "name"
    files.row(target, 0, **{called: "Wilhelmina Featherstone"})
    role = ":it" if column == "investigators" else ""
    files.row(table, 0, **{column: f"wilhelmina  fetherstone{role}"})
    known = files.tables[target][0]["id"]
    said = [one.message for one in pointed_out(files) if one.column == column and one.row == 2]
    assert f"did you mean Wilhelmina Featherstone, whose id is {known}?" in said[0]


def test_lists_name_each_and_nobody_twice() -> None:
    files = parish()
    files.row("logins", 0, holder_ids="p0|nobody-1|nobody-2")
    files.row("grants", 0, approved_by="\u0440" + "0")  # A letter of another alphabet.
    found = pointed_out(files)
    assert [(one.column, one.value) for one in found] == [
        ("holder_ids", "nobody-1"),
        ("holder_ids", "nobody-2"),
    ]


def test_waivers_of_what_is_not_there() -> None:
    files = parish()
    files.policy += """
[[waivers]]
control = "orphaned-admin"
account = "a0x"
person = "p0x"
reason = "for the test, until it ends"
approved_by = ["p1", "p1x"]
expires = 2027-01-01
[[waivers]]
control = "entity-without-head"
entity = "e0x"
reason = "for the test, until it ends"
approved_by = ["p1"]
expires = 2027-01-01
[[waivers]]
control = "account-unapproved"
account = "a0"
reason = "for the test, until it ends"
approved_by = ["somebody-else"]
expires = 2027-01-01
[[waivers]]
control = "account-unapproved"
account = "gone-long-ago"
reason = "for the test, until it ends"
approved_by = ["somebody-else"]
expires = 2027-01-01
"""
    warnings = Problems()
    with tempfile.TemporaryDirectory() as name:
        path = files.write(Path(name))
        policy = read_policy(path / "policy.toml")
        snapshot = read_registry(path, TODAY).snapshot
        warn_of_strange_waivers(policy, snapshot, "policy.toml", warnings)
    assert [(one.column, one.value) for one in warnings.kept] == [
        ("waivers[orphaned-admin].account", "a0x"),
        ("waivers[orphaned-admin].person", "p0x"),
        ("waivers[orphaned-admin].approved_by", "p1x"),
        ("waivers[entity-without-head].entity", "e0x"),
        ("waivers[account-unapproved].approved_by", "somebody-else"),
    ]
    assert all("; did you mean " in one.message for one in warnings.kept[:-1])
