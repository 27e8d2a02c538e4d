"""What always holds of people out of cells, and of who is who, whatever stands there."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from rolecall.adopt.mentions import PersonMention, RosterEntry
from rolecall.adopt.name_keys import are_near, name_key, name_keys
from rolecall.adopt.people import MOST_PEOPLE, people_in
from rolecall.adopt.people_found import Party, People
from rolecall.adopt.persons import who_is_who
from tests.tiers import examples

FIRST = ("Maureen", "Jim", "Tom", "Síobhán", "Jürgen", "Łukasz", "José", "Ann", "Peter", "Zbyszko")
LAST = (
    "Kelly",
    "Doyle",
    "O'Brien",
    "Ní Bhriain",
    "Müller",
    "Nowak",
    "García López",
    "van der Berg",
)
SEPARATORS = (" / ", "\n", "; ", " & ", " and ", " und ", " et ", "|", "\r\n", " / \n")
NAMES = st.builds("{} {}".format, st.sampled_from(FIRST), st.sampled_from(LAST))
WORDS = st.sampled_from(
    [
        *(
            "Maureen",
            "Kelly",
            "Jim",
            "Fr.",
            "IT",
            "office",
            "(admin)",
            "- editor",
            ",",
            ";",
            "/",
            "&",
        ),
        *(
            "and",
            "y",
            "e",
            "<m@x.example>",
            "info@x.example",
            "?",
            "left",
            "Ltd",
            "\n",
            "•",
            "M.",
            "me",
        ),
        *("don't know", "(", ")", "<", "087 123 4567", ":", "\u200b", "van", "de"),
    ]
)


def read(cell: str) -> list[PersonMention]:
    return people_in(cell, "administrator", "sheet.csv, row 2, column Admin")


@settings(max_examples=examples(300))
@given(st.text(max_size=200) | st.lists(WORDS, max_size=14).map(" ".join))
def test_any_cell_can_be_read(cell: str) -> None:
    found = read(cell)
    assert len(found) <= MOST_PEOPLE
    for mention in found:
        assert mention.name or mention.email
        assert "\n" not in mention.name
        assert mention.kind != "mailbox" or mention.email
        for part in mention.parts:
            assert part.name or part.email
    assert read(cell) == found


@settings(max_examples=examples(200))
@given(st.lists(NAMES, min_size=1, max_size=5, unique=True), st.sampled_from(SEPARATORS))
def test_whole_names_are_found_whatever_stands_between_them(
    names: list[str], separator: str
) -> None:
    assert [mention.name for mention in read(separator.join(names))] == names


@settings(max_examples=examples(200))
@given(NAMES, st.randoms(use_true_random=False))
def test_a_name_is_one_in_any_order_and_case(name: str, shuffled: random.Random) -> None:
    words = name.split()
    shuffled.shuffle(words)
    other = " ".join(words).upper().replace("'", "\u2019")
    if "van der" not in name and "Ní" not in name:
        assert name_key(other) == name_key(name)
    assert name_keys(name) & name_keys(name.upper())
    assert are_near(name, f"{name} Anne") == are_near(f"{name} Anne", name)


def who(cells: list[str], roster: list[str], seed: int = 1) -> tuple[People, list[Party]]:
    parties = [
        Party(f"Unit {row % 2}", tuple(people_in(cell, "administrator", f"s.csv, row {row}")))
        for row, cell in enumerate(cells)
    ]
    entries = [
        RosterEntry(name, f"p{row}@x.example", f"r.csv, row {row}", status="active")
        for row, name in enumerate(roster)
    ]
    source = random.Random(seed)  # noqa: S311 - the same ids each time.
    return who_is_who(parties, entries, (), {}, {}, source.randbytes), parties


CELLS = st.lists(st.lists(WORDS | NAMES, max_size=5).map(" ".join), max_size=8)


@settings(max_examples=examples(200))
@given(CELLS, st.lists(NAMES, max_size=6, unique_by=name_key))
def test_whoever_is_meant_is_one_of_the_people(cells: list[str], roster: list[str]) -> None:
    found, parties = who(cells, roster)
    ids = [person.id for person in found.people]
    assert len(set(ids)) == len(ids)
    assert found.known.keys() == set(ids)
    for party in parties:
        for mention in party.people:
            meant = found.of(mention, party.entity)
            assert set(meant) <= set(ids)
            assert not meant or mention.kind not in ("mailbox",)
    # Nobody of the roster is lost, and nobody of it became two.
    on_roster = [person for person in found.people if person.on_roster]
    assert sorted(name_key(person.name) for person in on_roster) == sorted(map(name_key, roster))
    assert all(person.status == "active" for person in found.people)
    again, _ = who(cells, roster)
    assert again == found


@settings(max_examples=examples(200))
@given(CELLS, st.lists(NAMES, max_size=6, unique_by=name_key))
def test_what_is_remembered_gives_everybody_the_same_id(
    cells: list[str], roster: list[str]
) -> None:
    found, parties = who(cells, roster)
    entries = [
        RosterEntry(name, f"p{row}@x.example", f"r.csv, row {row}", status="active")
        for row, name in enumerate(roster)
    ]
    other = random.Random(2)  # noqa: S311 - other ids, if any were made.
    again = who_is_who(parties, entries, (), found.known, {}, other.randbytes)
    assert again == found
