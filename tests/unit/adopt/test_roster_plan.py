"""A roster brought into a registry: who joins, leaves, moves and changes, and what stays."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import date

import pytest

from rolecall.adopt.adopted import Adopted
from rolecall.adopt.memory import KnownPerson, Memory
from rolecall.adopt.mentions import RosterEntry
from rolecall.adopt.registry_tables import RegistryTable
from rolecall.adopt.roster_changes import stop_serving
from rolecall.adopt.roster_plan import RosterPlan, RosterRegistry, plan_roster
from rolecall.model import Entity, Person, Snapshot

TODAY = date(2026, 11, 26)
FIELDS = frozenset({"name", "status", "email", "left_on", "entity_id"})
HEADER = ("id", "name", "status", "email", "left_on", "entity_id", "clearance_level", "shoe")
ROWS = (
    ("p-1", "Tom O'Brien", "active", "tom@x.example", "", "e-1", "C", "44"),
    ("p-2", "Maureen Kelly", "active", "", "", "e-1", "B", ""),
    ("p-3", "Jim Doyle", "left", "jim@x.example", "2025-06-30", "", "A", ""),
)
ENTITIES = (Entity(id="e-1", name="St Aidan"), Entity(id="e-2", name="St. Mary"))


def registry(
    rows: Sequence[Sequence[str]] = ROWS,
    memory: Memory | None = None,
    adopted: Adopted | None = None,
    types: Mapping[str, str] | None = None,
) -> RosterRegistry:
    table = RegistryTable(HEADER, tuple(dict(zip(HEADER, row, strict=True)) for row in rows))
    people = tuple(
        Person(
            id=row["id"],
            name=row["name"],
            status=row["status"],  # type: ignore[arg-type]
            email=row["email"] or None,
            type=(types or {}).get(row["id"]),  # type: ignore[arg-type]
        )
        for row in table.rows
    )
    snapshot = Snapshot(entities=ENTITIES, people=people)
    return RosterRegistry(snapshot, table, memory or Memory(), adopted or Adopted())


def entry(name: str, email: str = "", status: str = "active", **more: object) -> RosterEntry:
    return RosterEntry(name, email, f"staff.csv, row of {name}", status=status, **more)  # type: ignore[arg-type]


TOM = entry("Tom O'Brien", "tom@x.example", entity="St Aidan", number="1001")
MAUREEN = entry("Maureen Kelly", "maureen@x.example", entity="St Aidan", number="1002")


def plan(
    *entries: RosterEntry,
    there: RosterRegistry | None = None,
    answers: Mapping[str, str] | None = None,
    missing_left: bool = False,
    fields: frozenset[str] = FIELDS,
) -> RosterPlan:
    return plan_roster(
        entries,
        fields,
        there or registry(),
        answers or {},
        TODAY,
        random.Random(1).randbytes,  # noqa: S311 - the same ids each time.
        missing_left=missing_left,
    )


def told(found: RosterPlan) -> set[tuple[str, str, str, str]]:
    return {
        (one.kind, one.name, one.column, one.after) for one in found.changes if one.kind != "joined"
    }


def row_of(found: RosterPlan, name: str) -> Mapping[str, str]:
    (row,) = (row for row in found.merged.table.rows if row["name"] == name)
    return row


def after(found: RosterPlan) -> RosterRegistry:
    """Return the registry that a plan makes."""
    rows = [[row.get(name, "") for name in HEADER] for row in found.merged.table.rows]
    return registry(rows, found.memory, found.adopted)


def test_who_joins_leaves_moves_and_changes_is_told_by_name() -> None:
    found = plan(
        entry("Tom O'Brien", "tom@x.example", entity="St Mary"),
        entry("Maureen Kelly", "maureen@x.example", "left", left_on=date(2026, 11, 1)),
        entry("Una New", "una@x.example", entity="St Aidan"),
    )
    assert [one.name for one in found.changes if one.kind == "joined"] == ["Una New"]
    assert told(found) == {
        ("moved", "Tom O'Brien", "entity_id", "St. Mary"),
        ("left", "Maureen Kelly", "status", "left"),
        ("changed", "Maureen Kelly", "left_on", "2026-11-01"),
        ("changed", "Maureen Kelly", "email", "maureen@x.example"),
    }
    assert row_of(found, "Una New")["entity_id"] == "e-1"
    assert row_of(found, "Una New")["id"].startswith("p-")


def test_what_the_roster_does_not_say_stays() -> None:
    found = plan(TOM, MAUREEN)
    assert row_of(found, "Tom O'Brien")["clearance_level"] == "C"
    assert row_of(found, "Tom O'Brien")["shoe"] == "44"
    assert found.merged.table.header == HEADER


def test_the_same_roster_again_changes_nothing() -> None:
    entries = (TOM, MAUREEN, entry("Una New", "una@x.example"))
    there = after(plan(*entries))
    again = plan(*entries, there=there)
    assert not again.changes
    assert again.merged.table is there.people
    assert (again.memory, again.adopted) == (there.memory, there.adopted)


def test_an_edit_stays_until_the_roster_says_something_new() -> None:
    there = after(plan(TOM, MAUREEN))
    edited = [
        [{"email": "parish.priest@x.example"}.get(name, row[name]) for name in HEADER]
        if row["id"] == "p-1"
        else [row[name] for name in HEADER]
        for row in there.people.rows
    ]
    there = registry(edited, there.memory, there.adopted)
    again = plan(TOM, MAUREEN, there=there)
    assert not again.changes
    newer = plan(entry("Tom O'Brien", "tom.new@x.example", number="1001"), MAUREEN, there=there)
    assert row_of(newer, "Tom O'Brien")["email"] == "tom.new@x.example"


def test_whoever_is_missing_stays_and_is_asked_about() -> None:
    found = plan(TOM)
    assert found.missing == ("Maureen Kelly",)
    assert row_of(found, "Maureen Kelly")["status"] == "active"
    (question,) = found.questions
    assert question.safest == "keep"
    gone = plan(TOM, answers={question.id: "left"})
    assert row_of(gone, "Maureen Kelly")["status"] == "left"
    assert row_of(gone, "Maureen Kelly")["left_on"] == TODAY.isoformat()
    # Who is missing next month is asked again.
    assert question.id not in gone.memory.answers


def test_whoever_is_missing_left_where_the_command_says_so() -> None:
    found = plan(TOM, missing_left=True)
    assert ("left", "Maureen Kelly", "status", "left") in told(found)
    assert not found.missing
    assert not found.questions


@pytest.mark.parametrize("type_", ["agency", "partner", "contractor"])
def test_nobody_from_outside_is_missing(type_: str) -> None:
    found = plan(TOM, there=registry(types={"p-2": type_}), missing_left=True)
    assert row_of(found, "Maureen Kelly")["status"] == "active"


def test_nobody_is_missing_of_whom_sheets_alone_spoke() -> None:
    memory = Memory(people={"p-2": KnownPerson(names=("Maureen Kelly",))})
    found = plan(TOM, there=registry(memory=memory), missing_left=True)
    assert row_of(found, "Maureen Kelly")["status"] == "active"


def test_whoever_comes_back_is_the_same_person() -> None:
    found = plan(TOM, MAUREEN, entry("Jim Doyle", "jim@x.example", number="2044"))
    assert ("returned", "Jim Doyle", "status", "active") in told(found)
    assert row_of(found, "Jim Doyle")["id"] == "p-3"
    assert row_of(found, "Jim Doyle")["left_on"] == ""


def test_whoever_comes_back_has_not_left_though_the_roster_has_no_such_column() -> None:
    found = plan(entry("Jim Doyle", "jim@x.example"), fields=frozenset({"name", "status"}))
    assert row_of(found, "Jim Doyle")["left_on"] == ""


def test_a_new_name_is_the_same_person_by_the_number() -> None:
    there = after(plan(TOM, MAUREEN))
    found = plan(TOM, entry("Maureen Byrne", "m.byrne@x.example", number="1002"), there=there)
    assert ("changed", "Maureen Byrne", "name", "Maureen Byrne") in told(found)
    assert not found.missing


def test_a_near_name_of_somebody_missing_is_asked() -> None:
    found = plan(TOM, entry("Mary Maureen Kelly"))
    assert [one.name for one in found.changes if one.kind == "joined"] == ["Mary Maureen Kelly"]
    question = next(one for one in found.questions if one.id.startswith("renamed:"))
    one = plan(TOM, entry("Mary Maureen Kelly"), answers={question.id: "one"})
    assert row_of(one, "Mary Maureen Kelly")["id"] == "p-2"
    assert not one.missing


def test_how_a_name_is_written_is_the_registrys() -> None:
    found = plan(entry("O\u2019BRIEN Tom", "tom@x.example"), MAUREEN)
    assert row_of(found, "Tom O'Brien")["id"] == "p-1"


def test_an_empty_cell_does_not_take_away_what_the_registry_has() -> None:
    found = plan(entry("Tom O'Brien", "", number="1001"), MAUREEN)
    assert row_of(found, "Tom O'Brien")["email"] == "tom@x.example"
    assert row_of(found, "Tom O'Brien")["entity_id"] == "e-1"


def test_a_department_that_is_no_entity_moves_nobody() -> None:
    found = plan(entry("Tom O'Brien", "tom@x.example", entity="Finance"), MAUREEN)
    assert row_of(found, "Tom O'Brien")["entity_id"] == "e-1"
    assert any("Finance" in said for said in found.warnings)


def test_who_stops_serving_is_counted_once() -> None:
    found = plan(
        entry("Tom O'Brien", "tom@x.example", "suspended"),
        entry("Maureen Kelly", "maureen@x.example", "left"),
    )
    assert stop_serving(found.changes) == ["Tom O'Brien", "Maureen Kelly"]
