"""Workbooks for heads: words that are said as they are read, names that are one's alone, files."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rolecall.adopt.collecting import AskedRows, collection_books
from rolecall.adopt.collecting_changes import CollectedChange, changed_tables
from rolecall.adopt.collecting_fields import (
    COLLECTED_FIELDS,
    RowLabels,
    from_plain_words,
    in_plain_words,
    plain_choices,
)
from rolecall.adopt.collecting_reading import looks_collected, returned_book
from rolecall.adopt.collecting_workbook import collection_workbook
from rolecall.adopt.registry_tables import RegistryTable
from rolecall.model import Account, Entity, Grant, Login, Person, Snapshot
from rolecall.registry.words_for_nothing import WordsForNothing
from rolecall.vocabulary import AccountStatus, SecondFactor, Storage
from tests.filled import changed

VOCABULARIES = {"status": AccountStatus, "mfa": SecondFactor, "storage": Storage}
NAMES = st.text(st.characters(codec="utf-8"), max_size=12)


@pytest.mark.parametrize("field", VOCABULARIES)
def test_every_word_is_said_plainly_and_read_again(field: str) -> None:
    words = get_args(VOCABULARIES[field])
    assert len(plain_choices(field)) == len(words)
    for word in words:
        assert from_plain_words(field, in_plain_words(field, word)) == word
        assert from_plain_words(field, word.upper()) == word
    # A list of a workbook is written with commas, in 255 characters.
    assert len(",".join(plain_choices(field))) <= 255
    assert not any("," in word for word in plain_choices(field))


@pytest.mark.parametrize(
    ("field", "text", "word"),
    [
        ("needed", "Ja", "yes"),
        ("needed", "non", "no"),
        ("needed", "perhaps", ""),
        ("status", "no", ""),
        ("status", "gelöscht", "closed"),
        ("mfa", "Authenticator", "app"),
        ("mfa", "nein", "none"),
        ("storage", "Bitwarden", "password_manager"),
        ("storage", "swordfish", ""),
    ],
)
def test_words_of_ones_own_are_understood(field: str, text: str, word: str) -> None:
    assert from_plain_words(field, text) == word


def test_headings_and_names_of_fields_are_told_apart() -> None:
    for fields in COLLECTED_FIELDS.values():
        assert len({one.heading for one in fields}) == len({one.name for one in fields})
        assert len({one.heading for one in fields}) == len(fields)


def snapshot(names: list[str], handles: list[str]) -> Snapshot:
    people = tuple(Person(f"p-{n}", name, "active") for n, name in enumerate(names))
    accounts = tuple(
        Account(f"a-{n}", "e/1" if n % 2 else "E.1", "facebook", handle, "active", owner_id="p-0")
        for n, handle in enumerate(handles)
    )
    return Snapshot(
        entities=(Entity("e/1", "One", head_id="p-0"), Entity("E.1", "Two")),
        people=people,
        accounts=accounts,
        grants=tuple(
            Grant(one.id, who.id, "admin")
            for one in accounts
            for who in (*people, Person("p-x", "", "left"))
        ),
        logins=tuple(
            Login(f"l-{n}-{one.id}", one.id, holder_ids=("p-0",))
            for one in accounts
            for n in (1, 2)
        ),
    )


def filled(text: str) -> str:
    """Return a name as a registry has it: trimmed, and never empty."""
    return " ".join(text.split()) or "x"


@given(
    st.lists(NAMES.map(filled), min_size=1, max_size=4),
    st.lists(NAMES.map(filled), min_size=1, max_size=4),
)
def test_whatever_names_are_what_nobody_filled_in_changes_nothing(
    names: list[str], handles: list[str]
) -> None:
    registry = snapshot(names, handles)
    book = collection_books(registry)[-1]
    data = changed(collection_workbook(book), lambda _: None)
    assert looks_collected(data)
    back = returned_book(book.file, data, WordsForNothing())
    assert back is not None
    assert back.rows == ()
    assert back.warnings == ()
    assert all(RowLabels(registry).is_account(*one) for one in back.accounts.items())


def test_people_who_look_alike_have_their_ids_behind_their_names() -> None:
    labels = RowLabels(snapshot(["Ann  Lee", "Ann Lee", "Änn Lee", "Bo"], ["x", "x"]))
    assert [labels.person(f"p-{n}") for n in range(5)] == [
        *("Ann Lee (p-0)", "Ann Lee (p-1)", "Änn Lee", "Bo", "p-4")
    ]
    assert labels.people_called("Ann Lee (p-1)") == ("p-1",)
    assert set(labels.people_called("Ann Lee")) == {"p-0", "p-1"}
    assert [labels.account(one) for one in ("a-0", "a-1")] == [
        *("@x on Facebook (a-0)", "@x on Facebook (a-1)")
    ]


@pytest.mark.parametrize(
    ("ids", "files"),
    [
        (["../../etc/passwd", "CON", "com1.x"], ["etc-passwd", "unit-con", "unit-com1.x"]),
        (["St Ann", "st-ann", "..."], ["st-ann", "st-ann-2", "unit"]),
        (["ä" * 9, "a" * 300], ["unit", "a" * 80]),
    ],
)
def test_files_have_names_that_every_system_takes(ids: list[str], files: list[str]) -> None:
    registry = Snapshot(
        entities=tuple(Entity(id_, id_) for id_ in ids),
        accounts=tuple(
            Account(f"a{n}", id_, "facebook", f"h{n}", "active") for n, id_ in enumerate(ids)
        ),
    )
    assert [book.file for book in collection_books(registry)] == [f"{one}.xlsx" for one in files]


def test_what_concerns_others_is_in_no_workbook() -> None:
    registry = snapshot(["Ann"], ["x", "y"])
    one, two = collection_books(registry)
    assert {row.keys[0] for row in one.rows} == {"a-1"}
    assert {row.keys[0] for row in two.rows} == {"a-0"}
    assert (one.head, two.head) == ("Ann", "")
    assert [row.keys for row in AskedRows(registry).about(())] == []


def test_a_table_that_is_not_there_is_begun() -> None:
    change = CollectedChange(
        "logins", ("log-a",), {"id": "log-a", "account_id": "a", "mfa": "app"}, "", is_new=True
    )
    made = changed_tables([change], {}, Snapshot())["logins"].table
    assert made.names == ("id", "account_id", "mfa")
    assert made.rows == ({"id": "log-a", "account_id": "a", "mfa": "app"},)


def test_cells_that_nobody_changed_stay_as_they_are_written() -> None:
    table = RegistryTable(
        ("ID", "Handle", "Owner ID", "Our notes"),
        ({"id": "a", "handle": "X", "owner_id": "N/A", "our_notes": " kept "},),
        ";",
        "\n",
    )
    change = CollectedChange("accounts", ("a",), {"owner_id": "p"}, "")
    made = changed_tables([change], {"accounts": table}, Snapshot())["accounts"].table
    assert made.header[:4] == table.header
    assert (made.delimiter, made.line_end) == (";", "\n")
    assert made.rows[0]["our_notes"] == " kept "
    assert made.rows[0]["owner_id"] == "p"
