"""A name is taken for an id where one row alone can be meant, and nobody becomes somebody else."""

from __future__ import annotations

import tempfile
import unicodedata
from pathlib import Path
from typing import Literal

import pytest
from msgspec.structs import replace

from rolecall.errors import PolicyError, Problem, RegistryError, UsageError
from rolecall.model import TABLES, Snapshot, Subject
from rolecall.registry.locations import Locations
from rolecall.registry.nearness import Nearness
from rolecall.registry.policy_names import policy_text_with_ids, policy_with_ids
from rolecall.registry.policy_toml import parse_policy
from rolecall.registry.problems import Problems
from rolecall.registry.reading import RegistryInput, read_registry
from rolecall.registry.row_names import MeantIds, RowNames
from rolecall.registry.schema import columns
from tests.registries import TODAY, RegistryFiles, parish

REFERRING = [
    (table, name, column.refers)
    for table in TABLES
    for name, column in columns(table).items()
    if column.refers
]
NAMES = {"entities": "Sankt Jürgen", "people": "Zoë O'Neill, Jr.", "accounts": "@page0 on Facebook"}


def named() -> RegistryFiles:
    """Return a registry whose first entity, person and account are called as NAMES has it."""
    files = parish()
    files.row("entities", 0, name=NAMES["entities"])
    files.row("people", 0, name=NAMES["people"])
    files.row("accounts", 0, platform="facebook", handle="page0")
    return files


def reading(files: RegistryFiles) -> RegistryInput:
    with tempfile.TemporaryDirectory() as name:
        return read_registry(files.write(Path(name)), TODAY)


def errors_of(files: RegistryFiles) -> tuple[Problem, ...]:
    with pytest.raises(RegistryError) as refused:
        reading(files)
    return tuple(refused.value.problems)


def told(found: RegistryInput) -> list[str]:
    return [str(one) for one in found.warnings]


def records(snapshot: Snapshot) -> dict[str, object]:
    """Return the rows of a registry by their tables."""
    return {table: getattr(snapshot, table) for table in TABLES}


@pytest.mark.parametrize(("table", "column", "target"), REFERRING)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_name_is_the_id_of_the_one_who_has_it_in_every_column(
    table: str, column: str, target: str, form: Literal["NFC", "NFD"]
) -> None:
    by_id, by_name = named(), named()
    role = ":it" if column == "investigators" else ""
    # What is no entity's parent in a circle, and no second grant: a row that names none as yet.
    index = 1 if (table, column) == ("entities", "parent_id") else 0
    known = by_id.tables[target][0]["id"]
    by_id.row(table, index, **{column: f"{known}{role}"})
    by_name.row(table, index, **{column: unicodedata.normalize(form, NAMES[target]) + role})
    found, wanted = reading(by_name), reading(by_id)
    assert records(found.snapshot) == records(wanted.snapshot)
    said = [one for one in found.warnings if "is called so" in one.message]
    (only,) = [one for one in said if one.column == column]
    assert f"was taken for {known}" in only.message
    assert (only.file, only.row) == (f"{table}.csv", index + 2)


def test_names_in_lists_and_twice_are_told_once_with_how_often() -> None:
    files = named()
    files.row("accounts", 0, approved_by=f"{NAMES['people']}|p1|p0", owner_id=NAMES["people"])
    found = reading(files)
    assert found.snapshot.accounts[0].approved_by == ("p0", "p1")
    assert [one for one in told(found) if "is called so" in one] == [
        f"accounts.csv:2:owner_id: was taken for p0, who is called so (in 2 places) "
        f"({NAMES['people']})"
    ]


@pytest.mark.parametrize(
    "written",
    [
        "zoë o'neill, jr.",
        "Zoe O'Neill, Jr.",
        "Zoë  O'Neill, Jr.",
        "Zoë O\u2019Neill, Jr.",
        "Zoë O'Neill",
        "Zo\u00eb\u200b O'Neill, Jr.",
        "Z\u043e\u00eb O'Neill, Jr.",
    ],
)
def test_a_near_name_is_nobody_and_a_suggestion(written: str) -> None:
    files, strangers = named(), Problems()
    files.row("accounts", 0, owner_id=written)
    with tempfile.TemporaryDirectory() as name:
        found = read_registry(files.write(Path(name)), TODAY, strangers=strangers)
    assert found.snapshot.accounts[0].owner_id == written
    if "\u200b" not in written:
        (only,) = strangers.kept
        assert only.message.startswith("is nobody on record; did you mean ")
        assert "whose id is p0?" in only.message


@pytest.mark.parametrize(
    "twin", ["Anna Weller", "anna weller", "Anna  Weller", "\u0410nna Weller", "Anna\u200b Weller"]
)
@pytest.mark.parametrize("table", ["people", "entities"])
def test_a_name_that_two_could_mean_is_an_error_with_both(table: str, twin: str) -> None:
    files = named()
    files.row(table, 0, name="Anna Weller")
    files.row(table, 1, name=twin)
    column = {"people": "owner_id", "entities": "entity_id"}[table]
    files.row("accounts", 0, **{column: "Anna Weller"})
    ids = [row["id"] for row in files.tables[table][:2]]
    (only,) = errors_of(files)
    assert (only.file, only.row, only.column) == ("accounts.csv", 2, column)
    assert only.message == f"could be {', '.join(ids)}, which are called alike; write the id"


def test_an_account_that_is_there_twice_has_no_name() -> None:
    files = named()
    files.row("accounts", 1, platform="facebook", handle="Page0")
    files.row("incidents", 0, account_id=NAMES["accounts"])
    (only,) = errors_of(files)
    assert only.message == "could be a0, a1, which are called alike; write the id"


@pytest.mark.parametrize("written", ["page0", "@page0", "page0 on instagram", " on facebook", "on"])
def test_a_handle_without_its_platform_is_no_account(written: str) -> None:
    files = named()
    files.row("incidents", 0, account_id=written)
    (only,) = errors_of(files)
    assert only.message.startswith("no such account")


def test_an_id_is_that_id_whatever_anybody_is_called() -> None:
    files = named()
    files.row("people", 1, name="p0")
    files.row("accounts", 0, owner_id="p0")
    found = reading(files)
    assert found.snapshot.accounts[0].owner_id == "p0"
    assert (
        "people.csv:3:name: is the id of another row, which is meant wherever it stands (p0)"
        in (told(found))
    )


def test_nobody_approves_their_own_by_their_name() -> None:
    """Whoever is named in two ways is one, wherever two are asked."""
    files = named()
    files.row("grants", 0, person_id="p0", approved_by=NAMES["people"])
    files.row("incidents", 0, investigators=f"p0:hr|{NAMES['people']}:it")
    found = reading(files).snapshot
    assert found.grants[0].approved_by == found.grants[0].person_id
    assert {one.person_id for one in found.incidents[0].investigators} == {"p0"}
    files.row("grants", 1, account_id="a0", person_id=NAMES["people"], revoked_on="")
    assert "has a live grant on this account already" in errors_of(files)[0].message


WAIVERS = """
[entities."Sankt Jürgen".controls.dormant-account]
days = 3
[[waivers]]
control = "orphaned-admin"
account = "page0 on facebook"    # the old page
person = 'Zoë O''s'
reason = "Zoë O'Neill, Jr. asked for it in person"
approved_by = [
  "p1",
  "Zoë O'Neill, Jr.",
]
expires = 2027-01-01
""".replace("Zoë O''s", "Zoë Oneill")


def test_a_policy_names_rows_as_people_do() -> None:
    files = named()
    files.row("people", 1, name="Zoë Oneill")
    snapshot = reading(files).snapshot
    by_name = parse_policy("policy.toml", WAIVERS.encode())
    text = policy_text_with_ids(WAIVERS, snapshot)
    assert '[entities."e0".controls.dormant-account]' in text
    assert 'account = "a0"    # the old page' in text
    assert 'reason = "Zoë O\'Neill, Jr. asked for it in person"' in text
    by_id = parse_policy("policy.toml", text.encode())
    meant = policy_with_ids(by_name, snapshot)
    assert replace(meant, digest="") == replace(by_id, digest="")
    (waiver,) = meant.waivers
    assert waiver.subject == Subject("grant", account="a0", person="p1")
    assert waiver.approved_by == ("p1", "p0")
    assert list(meant.entities) == ["e0"]
    assert policy_text_with_ids(text, snapshot) == text


def test_two_approvers_are_not_one_under_two_names() -> None:
    files = named()
    text = WAIVERS.replace('"p1",', '"p0",').replace("Zoë Oneill", "p1")
    meant = policy_with_ids(parse_policy("policy.toml", text.encode()), reading(files).snapshot)
    assert meant.waivers[0].approved_by == ("p0",)


def test_a_policy_that_is_not_clear_is_refused() -> None:
    files = named()
    files.row("people", 1, name=NAMES["people"].upper())
    snapshot = reading(files).snapshot
    text = WAIVERS + "[entities.e0.controls.dormant-account]\ndays = 4\n"
    with pytest.raises(PolicyError) as refused:
        policy_with_ids(parse_policy("policy.toml", text.encode()), snapshot)
    assert [(one.column, one.message) for one in refused.value.problems] == [
        ("entities.Sankt Jürgen", "is about e0, as another section is"),
        (
            "waivers[orphaned-admin].approved_by",
            "could be p0, p1, which are called alike; write the id",
        ),
    ]


def test_a_policy_that_cannot_be_rewritten_is_left_to_whoever_wrote_it() -> None:
    text = 'entities = { "Sankt Jürgen" = { controls = { dormant-account = { days = 3 } } } }\n'
    with pytest.raises(UsageError, match=r"names rows by name .*write their ids there"):
        policy_text_with_ids(text, reading(named()).snapshot)


def test_the_row_behind_a_finding_is_found_by_what_it_means(tmp_path: Path) -> None:
    files = named()
    files.row("grants", 0, account_id="page0 on facebook", person_id=NAMES["people"])
    files.row("grants", 1, person_id="P1")
    path = files.write(tmp_path)
    grants = read_registry(path, TODAY).snapshot.grants
    locations = Locations(path)
    for index in (0, 1):
        account, person = grants[index].account_id, grants[index].person_id
        found = locations.of_subject(Subject("grant", account=account, person=person))
        assert found.row == index + 2
    assert locations.of_subject(Subject("grant", account="a0", person="nobody")).row is None


def test_ids_before_ids_that_are_written_otherwise_before_names() -> None:
    people = reading(named()).snapshot.people
    ids = MeantIds("people", people)
    assert [ids.id_of(text) for text in ("p0", "P0", NAMES["people"], "x")] == [
        "p0",
        "p0",
        "p0",
        "x",
    ]
    clash = MeantIds("people", [*people, replace(people[1], id="x", name="P0")])
    assert clash.id_of("P0") == "p0"
    assert RowNames("people", [replace(people[0], name="x"), replace(people[1], id="x")]).ids_of(
        "x"
    ) == ("x",)


def test_the_nearest_of_many_is_that_of_few() -> None:
    words = [f"acc-{number:05}" for number in range(3_000)] + ["Wilhelmina Featherstone"]
    many = Nearness(words)
    assert many.nearest("wilhelmina fetherstone") == "Wilhelmina Featherstone"
    assert many.nearest("acc-01x34") in words
    assert many.nearest("nothing like it") is None
    assert Nearness([]).nearest("x") is None
