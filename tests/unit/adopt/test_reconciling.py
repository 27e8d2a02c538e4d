"""A proposal and a registry become one: edits stay, news is taken, what vanished is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rolecall.adopt.adopted import Adopted, AdoptedRow, SheetSource, adopted_as_json, adopted_of
from rolecall.adopt.memory import KnownPerson, Memory, memory_as_toml, memory_of, new_person_id
from rolecall.adopt.proposal import ProposedRow
from rolecall.adopt.reconciling import MergedTable, merged_table
from rolecall.adopt.registry_tables import RegistryTable, table_as_csv, table_of
from rolecall.adopt.silence import with_silence
from rolecall.adopt.vanishing import vanished
from rolecall.errors import RegistryError
from rolecall.provenance import OTHERS_UNTRACKED, UNTRACKED

TODAY = date(2026, 11, 26)
Row = Mapping[str, str]


def accounts(*rows: Row) -> RegistryTable:
    header = tuple(dict.fromkeys(name for row in rows for name in row))
    return RegistryTable(header, tuple(rows))


def account(id_: str, **cells: str) -> dict[str, str]:
    return {
        "id": id_,
        "entity_id": "e",
        "platform": "x",
        "handle": id_,
        "status": "active",
        **cells,
    }


def merged(
    current: RegistryTable | None, proposed: Sequence[Row], before: Sequence[Row] = ()
) -> MergedTable:
    return merged_table(
        "accounts",
        current,
        [ProposedRow(row) for row in proposed],
        [AdoptedRow((row["id"],), row) for row in before],
        {},
    )


def test_a_new_table_tracks_what_its_sheets_say_row_by_row() -> None:
    made = merged(None, [account("a", owner_id="p"), account("b"), account("c", owner_id="")])
    owners = [row["owner_id"] for row in made.table.rows]
    assert owners == ["p", UNTRACKED, ""]
    assert made.table.header[-1] == "owner_id"
    assert made.added == 3


def test_the_same_again_is_the_very_table() -> None:
    rows = [account("a", owner_id="p"), account("b")]
    first = merged(None, rows).table
    again = merged(first, rows, rows)
    assert again.table is first
    assert (again.added, again.changed, again.kept) == (0, 0, ())


def test_what_was_edited_stays_and_what_a_sheet_says_anew_is_taken() -> None:
    before = [account("a", owner_id="p"), account("b", owner_id="p"), account("c", owner_id="p")]
    there = accounts(
        account("a", owner_id="edited"), account("b", owner_id="p"), account("c", owner_id="edited")
    )
    now = [account("a", owner_id="p"), account("b", owner_id="q"), account("c", owner_id="r")]
    made = merged(there, now, before)
    assert [row["owner_id"] for row in made.table.rows] == ["edited", "q", "edited"]
    # Where both changed, somebody is told.
    (told,) = made.kept
    assert "accounts c, owner_id" in told
    assert "edited" in told
    assert made.conflicts == {(("c",), "owner_id")}


def test_a_row_that_was_taken_out_by_hand_stays_out() -> None:
    rows = [account("a"), account("b")]
    made = merged(accounts(account("a")), rows, rows)
    assert [row["id"] for row in made.table.rows] == ["a"]
    assert made.kept == ("accounts b was taken out by hand, and stays out",)


def test_an_empty_cell_of_a_registry_that_no_sheet_made_is_filled_and_no_other() -> None:
    there = accounts(account("a", owner_id=""), account("b", owner_id="known"))
    made = merged(there, [account("a", owner_id="p"), account("b", owner_id="")])
    assert [row["owner_id"] for row in made.table.rows] == ["p", "known"]
    assert not made.kept


def test_the_live_grant_of_two_is_the_one() -> None:
    grants = RegistryTable(
        ("account_id", "person_id", "role", "revoked_on"),
        (
            {"account_id": "a", "person_id": "p", "role": "editor", "revoked_on": ""},
            {"account_id": "a", "person_id": "p", "role": "admin", "revoked_on": "2025-01-01"},
        ),
    )
    row = {"account_id": "a", "person_id": "p", "role": "admin"}
    old = {"account_id": "a", "person_id": "p", "role": "editor"}
    made = merged_table("grants", grants, [ProposedRow(row)], [AdoptedRow(("a", "p"), old)], {})
    assert [one["role"] for one in made.table.rows] == ["admin", "admin"]


CELLS = st.sampled_from(["", "one", "two"])


@given(st.lists(st.tuples(CELLS, CELLS, CELLS, st.booleans()), max_size=6))
def test_no_edit_is_ever_lost(rows: list[tuple[str, str, str, bool]]) -> None:
    """Whatever a cell was, became by hand, and is in the sheet: an edit stays."""
    before = [account(str(at), url=was) for at, (was, _, _, _) in enumerate(rows)]
    there = [account(str(at), url=now) for at, (_, now, _, _) in enumerate(rows)]
    sheet = [account(str(at), url=said) for at, (_, _, said, is_in) in enumerate(rows) if is_in]
    made = merged(accounts(*there) if there else None, sheet, before)
    found = {row["id"]: row["url"] for row in made.table.rows}
    for at, (was, now, said, is_in) in enumerate(rows):
        assert found[str(at)] == (said if is_in and now == was else now)


# -- what vanished --------------------------------------------------------------------------------


def adopted(**tables: tuple[AdoptedRow, ...]) -> Adopted:
    return Adopted(
        sources=(SheetSource("sheet", ("a",)), SheetSource("roster", ("b",))), tables=tables
    )


BEFORE = adopted(
    accounts=(AdoptedRow(("a",), account("a"), (0,)), AdoptedRow(("b",), account("b"), (0, 1))),
    grants=(
        AdoptedRow(("a", "p"), {}, (0,)),
        AdoptedRow(("c", "p"), {}, (0,)),
    ),
    people=(AdoptedRow(("p",), {}, (1,)),),
)
THERE = {
    "accounts": accounts(account("a"), account("b")),
    "grants": RegistryTable(
        ("account_id", "person_id", "role"),
        (
            {"account_id": "a", "person_id": "p", "role": "admin"},
            {"account_id": "c", "person_id": "p", "role": "admin"},
        ),
    ),
    "people": RegistryTable(
        ("id", "name", "status"), ({"id": "p", "name": "P", "status": "active"},)
    ),
}


def test_what_vanished_is_asked_once_and_with_what_hangs_on_it() -> None:
    asked = vanished(BEFORE, {0}, {}, THERE, {}, TODAY)
    # Of account a its access is part; b may stand in the other sheet; the roster was not read.
    assert [one.id for one in asked.questions] == ["vanished:accounts:a", "vanished:grants:c:p"]
    assert asked.settled == {}
    assert all(one.safest == "keep" for one in asked.questions)


@pytest.mark.parametrize(
    ("question", "answer", "table", "cells"),
    [
        ("vanished:accounts:a", "closed", "accounts", {"status": "closed"}),
        ("vanished:accounts:a", "keep", "accounts", {}),
        ("vanished:grants:c:p", "revoked", "grants", {"revoked_on": "2026-11-26"}),
    ],
)
def test_an_answer_settles_it(question: str, answer: str, table: str, cells: Row) -> None:
    asked = vanished(BEFORE, {0}, {}, THERE, {question: answer}, TODAY)
    assert question not in [one.id for one in asked.questions]
    assert list(asked.settled[table].values()) == [cells]


def test_access_that_vanished_is_told_by_names_and_not_by_ids() -> None:
    there = {**THERE, "accounts": accounts(account("c", handle="parish", platform="facebook"))}
    (question,) = vanished(BEFORE, {0}, {"accounts": {("a",)}}, there, {}, TODAY).questions[-1:]
    assert question.text.startswith("the access of P to parish on facebook stood in the sheet")


def test_nothing_is_asked_of_what_is_over_or_stands_in_a_sheet() -> None:
    over = {**THERE, "accounts": accounts(account("a", status="closed"), account("b"))}
    standing = {"grants": {("c", "p")}}
    assert not vanished(BEFORE, {0}, standing, over, {}, TODAY).questions


# -- what is not known of others -----------------------------------------------------------------


def test_accounts_of_whose_people_no_sheet_speaks_are_said_to_be_unknown() -> None:
    grants = merged_table(
        "grants",
        None,
        [ProposedRow({"account_id": "a", "person_id": "p", "role": "admin"})],
        (),
        {},
    )
    silent = adopted(
        accounts=(
            AdoptedRow(("a",), {}, (0,)),
            AdoptedRow(("w",), {}, (1,), silent=("grants", "logins")),
        )
    )
    made, others = with_silence({"grants": grants}, {}, silent)
    assert others == ("grants",)
    last = made["grants"].table.rows[-1]
    assert set(last.values()) == {OTHERS_UNTRACKED}
    # Once somebody says it, the row goes; one that somebody wrote by hand stays.
    told = adopted(accounts=(AdoptedRow(("a",), {}, (0,)), AdoptedRow(("w",), {}, (1,))))
    there = {"grants": made["grants"].table}
    again, others = with_silence(
        {}, there, Adopted(told.version, told.sources, told.tables, others)
    )
    assert len(again["grants"].table.rows) == 1
    assert others == ()
    by_hand, _ = with_silence({}, there, told)
    assert by_hand == {}


# -- what is kept in files ---------------------------------------------------------------------


def test_memory_comes_back_and_is_the_same_for_the_same() -> None:
    memory = Memory(
        headings={"who knows the password": "holder", 'a "quoted" \\ heading': "url"},
        answers={"dates:x": "day"},
        people={
            "p-2": KnownPerson(("Ann",), ("a@b.example",), ("7",)),
            "p-1": KnownPerson(("Bo",)),
        },
        entities={"e": ("St Brigid", "E / F")},
        accounts={"a": ("x", "handle")},
    )
    data = memory_as_toml(memory)
    assert memory_of("mapping.toml", data) == memory
    shuffled = Memory(
        **{
            name: dict(reversed(getattr(memory, name).items()))
            for name in ("headings", "answers", "people", "entities", "accounts")
        }
    )
    assert memory_as_toml(shuffled) == data
    assert memory_as_toml(Memory()) == memory_as_toml(memory_of("m", memory_as_toml(Memory())))


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"version = 9", "version 9"),
        (b"version = 1\nheading = {}", "cannot be read"),
        (b"version = 1\n[headings]\na = 7", "cannot be read"),
        (b"\xff\xfe", "cannot be read"),
        (b"version = [", "cannot be read"),
    ],
)
def test_a_memory_that_is_none_is_refused(data: bytes, says: str) -> None:
    with pytest.raises(RegistryError) as caught:
        memory_of("mapping.toml", data)
    (problem,) = caught.value.problems
    assert problem.file == "mapping.toml"
    assert says in problem.message


def test_what_was_adopted_comes_back() -> None:
    assert adopted_of("adopted.json", adopted_as_json(BEFORE)) == BEFORE
    with pytest.raises(RegistryError, match="1 error"):
        adopted_of("adopted.json", b"{")
    with pytest.raises(RegistryError, match="1 error"):
        adopted_of("adopted.json", b'{"version": 2}')


def test_an_id_of_a_person_says_nothing_and_is_nobody_elses() -> None:
    drawn = iter([bytes(8), bytes(8), bytes([1] * 8)])
    taken = {new_person_id(lambda _: False, lambda _: bytes(8))}
    made = new_person_id(taken.__contains__, lambda _: next(drawn))
    assert made == "p-bbbbbbbb"


@pytest.mark.parametrize(
    "text", ['id,name\r\na,"x, y"\r\n', "id;name\na;x|y\n", "id\tname\na\t'=1+1\n"]
)
def test_a_table_is_written_as_it_was_read(text: str) -> None:
    table = table_of("entities", "entities.csv", text.encode())
    assert table_as_csv(table) == text.encode()
