"""The row behind a finding or a problem, in each of the three forms."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rolecall.errors import Problem
from rolecall.location import Location
from rolecall.model import Subject, SubjectKind
from rolecall.registry.json_document import object_lines
from rolecall.registry.locations import Locations
from rolecall.registry.reading import read_registry
from rolecall.registry.writing import write_registry
from tests.registries import TODAY, RegistryFiles, parish
from tests.unit.registry.forms import csv_text, small_csv, small_json, small_xlsx, write

EXAMPLE = Path(__file__).parents[3] / "examples" / "diocese"


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def filled() -> RegistryFiles:
    """A registry with names of several lines, and with rows of one name."""
    files = parish()
    files.row("people", 0, name="Ann\nDoe")
    files.row("people", 1, name="Two\r\nLines")
    files.row("accounts", 0, url="https://x.example/\n\n\n")
    # The grant that was taken away is not the one that a finding is about.
    files.tables["grants"].insert(0, {**files.tables["grants"][1], "revoked_on": "2026-01-01"})
    # Of an administrator that was seen twice the later row decides.
    later = {**files.tables["observations"][0], "observed_on": "2030-01-01"}
    files.tables["observations"].append(later)
    return files


def subjects(files: RegistryFiles) -> list[tuple[Subject, str, dict[str, str]]]:
    """Subjects of every kind, with the table and the row that each is about."""
    tables = files.tables
    grant, seen = tables["grants"][2], tables["observations"][-1]
    keys = {"platform": seen["platform"].upper(), "handle": f"@{seen['handle']}"}
    login = tables["logins"][1]
    return [
        (Subject("entity", entity="e1"), "entities", tables["entities"][1]),
        (Subject("person", person="p1"), "people", tables["people"][1]),
        (Subject("person", person="p4"), "people", tables["people"][2]),
        (Subject("account", account="a1"), "accounts", tables["accounts"][1]),
        (
            Subject("grant", account=grant["account_id"], person=grant["person_id"]),
            "grants",
            grant,
        ),
        (
            Subject("login", account=login["account_id"], login=login["id"]),
            "logins",
            login,
        ),
        (Subject("observation", **keys), "observations", seen),
        (
            Subject("observation", **keys, email=seen["person_email"].upper()),
            "observations",
            seen,
        ),
        (
            Subject("incident", incident=tables["incidents"][0]["id"]),
            "incidents",
            tables["incidents"][0],
        ),
        (Subject("content", account="a0", content="c0"), "contents", tables["contents"][0]),
    ]


def test_a_csv_row_is_the_line_where_it_begins(tmp_path: Path) -> None:
    files = filled()
    (tmp_path / "a registry").mkdir()
    registry = files.write(tmp_path / "a registry")
    locations = Locations(registry)
    for subject, table, row in subjects(files):
        place = locations.of_subject(subject)
        assert place.uri == f"a%20registry/{table}.csv"
        assert place.table is None
        index = next(n for n, one in enumerate(files.tables[table]) if one is row)
        assert place.row == index + 2
        assert place.line is not None
        with (registry / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            rest = file.read().splitlines(keepends=True)[place.line - 1 :]
        header = csv.DictReader([",".join(files.columns[table]) + "\n", *rest])
        assert next(header) == {name: row[name] for name in files.columns[table]}


def test_a_row_of_a_workbook_has_a_table_and_no_line(tmp_path: Path) -> None:
    files = filled()
    (tmp_path / "r").mkdir()
    snapshot = read_registry(files.write(tmp_path / "r"), TODAY).snapshot
    write_registry(snapshot, tmp_path / "r.xlsx")
    locations = Locations(tmp_path / "r.xlsx")
    for subject, table, row in subjects(files):
        index = next(n for n, one in enumerate(files.tables[table]) if one is row)
        assert locations.of_subject(subject) == Location("r.xlsx", table, index + 2)


def test_a_row_of_a_document_is_the_line_where_its_object_begins(tmp_path: Path) -> None:
    files = filled()
    (tmp_path / "r").mkdir()
    snapshot = read_registry(files.write(tmp_path / "r"), TODAY).snapshot
    write_registry(snapshot, tmp_path / "r.json")
    text = (tmp_path / "r.json").read_text(encoding="utf-8")
    locations = Locations(tmp_path / "r.json")
    for subject, table, row in subjects(files):
        index = next(n for n, one in enumerate(files.tables[table]) if one is row)
        place = locations.of_subject(subject)
        assert (place.uri, place.table, place.row) == ("r.json", table, index + 1)
        assert place.line is not None
        rest = "".join(text.splitlines(keepends=True)[place.line - 1 :])
        found, _ = json.JSONDecoder().raw_decode(rest[rest.index("{") :])
        assert found == json.loads(text)[table][index]


def test_what_is_in_no_file_is_located_by_the_file(tmp_path: Path) -> None:
    (tmp_path / "r").mkdir()
    registry = parish().drop("incidents").write(tmp_path / "r")
    locations = Locations(registry)
    assert locations.of_subject(Subject("person", person="gone")) == Location("r/people.csv")
    assert locations.of_subject(Subject("incident", incident="i0")) == Location("r")
    assert locations.of_subject(Subject("policy")) == Location("r/policy.toml")
    (registry / "people.csv").unlink()
    (registry / "policy.toml").unlink()
    fresh = Locations(registry)
    assert fresh.of_subject(Subject("person", person="p0")) == Location("r")
    assert fresh.of_subject(Subject("policy")) == Location("r")
    assert Locations(tmp_path / "no.xlsx").of_subject(Subject("person", person="p0")) == Location(
        "no.xlsx"
    )


def test_no_path_of_the_machine_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("r", "elsewhere", "policies"):
        (tmp_path / name).mkdir()
    registry = parish().write(tmp_path / "r")
    policy = (registry / "policy.toml").rename(tmp_path / "policies" / "policy.toml")
    subject, rules = Subject("person", person="p0"), Subject("policy")
    monkeypatch.chdir(tmp_path / "elsewhere")
    locations = Locations(Path("..") / "r", policy)
    assert locations.of_subject(subject).uri == "r/people.csv"
    assert locations.of_subject(rules).uri == "policies/policy.toml"
    monkeypatch.chdir(registry)
    assert Locations(Path()).of_subject(subject).uri == "people.csv"


@pytest.mark.parametrize(
    ("people", "line"),
    [
        ('id,name,status\np-1,"Ann\n\nDoe",active\np-2,Bob,gone\n', 5),
        ("id,name,status\r\n\r\np-1,Ann,gone\r\n", 3),
        ("\ufeffid;name;status\np-1;Ann;active\n\np-2;Bob;gone\n", 4),
        # What is not text has lines and no rows; from a broken quote on nobody can tell.
        (b"id,name,status\np-1,Ann,active\np-2,B\xfcb,active\n", 3),
        (b"id,name,status\np-1,Ann,active\np-2,\0,active\n", 3),
        ('id,name,status\np-1,"Ann\n",active\np-2,"Bob" Doe,active\n', 4),
    ],
)
def test_a_problem_is_at_its_line(tmp_path: Path, people: str | bytes, line: int) -> None:
    registry = write(tmp_path, small_csv(people=people))
    [problem] = found(registry)
    place = Locations(registry).of_problem(problem)
    assert (place.uri, place.line) == ("people.csv", line)


def test_problems_of_the_other_forms(tmp_path: Path) -> None:
    bad = [["id", "name", "status"], ["p-1", "Ann", "active"], ["p-2", "Bob", "gone"]]
    book = write(tmp_path, {"r.xlsx": small_xlsx(people=bad)})
    [problem] = found(book)
    assert Locations(book).of_problem(problem) == Location("r.xlsx", "people", 3)
    rows = [dict(zip(bad[0], row, strict=True)) for row in bad[1:]]
    text = json.dumps(json.loads(small_json(people=rows)), indent=1)
    document = write(tmp_path, {"r.json": text})
    [problem] = found(document)
    place = Locations(document).of_problem(problem)
    assert (place.table, place.row) == ("people", 2)
    assert place.line is not None
    assert text.splitlines()[place.line].strip() == '"id": "p-2",'


def test_problems_without_a_row(tmp_path: Path) -> None:
    registry = write(tmp_path, small_csv(entities=None))
    (tmp_path / "policy.toml").write_text("x", encoding="utf-8")
    locations = Locations(registry)
    [problem] = found(registry)
    assert locations.of_problem(problem).line is None
    assert locations.of_problem(Problem("policy.toml", "x")) == Location("policy.toml")
    assert locations.of_problem(Problem("no.csv", "x")).line is None
    for name in ("none.json", "none"):
        assert Locations(tmp_path / name).of_problem(Problem(name, "x")) == Location(name)


def found(registry: Path) -> list[Problem]:
    from rolecall.errors import RegistryError

    with pytest.raises(RegistryError) as refused:
        read_registry(registry, TODAY)
    return list(refused.value.problems)


def test_places_as_people_read_them() -> None:
    assert str(Location("r/people.csv", None, 3, 5)) == "r/people.csv:5"
    assert str(Location("r.xlsx", "people", 3000)) == "r.xlsx, table people, row 3,000"
    assert str(Location("policy.toml")) == "policy.toml"


@given(
    st.dictionaries(
        st.text(max_size=5),
        st.lists(st.dictionaries(st.text(max_size=3), st.text(max_size=9) | st.integers())),
        max_size=4,
    ),
    st.sampled_from((None, 0, 1)),
    st.booleans(),
)
def test_every_object_is_found(
    tables: dict[str, list[dict[str, object]]], indent: int | None, has_mark: bool
) -> None:
    names = [name.strip().casefold() for name in tables]
    if len(set(names)) < len(names):
        return
    text = json.dumps({"before": '[{"a": 1}]', **tables}, indent=indent)
    data = ("\ufeff" if has_mark else "").encode() + text.encode()
    lines = object_lines(data)
    for name, rows in tables.items():
        at = lines[name.strip().casefold()]
        assert len(at) == len(rows)
        for row, line in zip(rows, at, strict=True):
            rest = "".join(text.splitlines(keepends=True)[line - 1 :])
            assert json.dumps(row, indent=indent).split("\n", 1)[0] in rest.split("\n", 1)[0]
            assert rest.lstrip() if indent is None else rest.lstrip().startswith("{")


def test_what_is_no_document_has_no_objects() -> None:
    for data in (b"", b"{", b"[]", b'{"people": 3}', b"\xff"):
        assert object_lines(data) == {}


def test_the_example_is_found_whole() -> None:
    """Every finding of the example has a line: no key was forgotten."""
    from rolecall.registry.policy_toml import read_policy
    from rolecall.usecases.runs.local import run_audit
    from tests.registries import AS_OF

    snapshot = read_registry(EXAMPLE, TODAY).snapshot
    policy = read_policy(EXAMPLE / "policy.toml")
    locations = Locations(EXAMPLE)
    kinds = set()
    for tracked in run_audit(snapshot, policy, AS_OF, lambda _: None).findings:
        subject = tracked.finding.subject
        if subject.kind != "policy":
            kinds.add(subject.kind)
            place = locations.of_subject(subject)
            assert place.line is not None, subject
            assert place.row == place.line
    assert kinds == set(get_args(SubjectKind)) - {"policy"}


def test_columns_in_any_order_and_spelling(tmp_path: Path) -> None:
    people = csv_text([["Status", " Name ", "ID"], ["left", "Ann", " p-1 "]])
    registry = write(tmp_path, small_csv(people=people))
    assert Locations(registry).of_subject(Subject("person", person="p-1")).line == 2
