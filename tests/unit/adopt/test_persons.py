"""Who is who: mentions, rosters and people of a registry are matched, and what is near is asked."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

import pytest

from rolecall.adopt.memory import KnownPerson
from rolecall.adopt.mentions import RosterEntry
from rolecall.adopt.people import people_in
from rolecall.adopt.people_found import AdoptedPerson, Party, People
from rolecall.adopt.persons import who_is_who
from rolecall.model import Person

STAFF = (
    ("Tom O'Brien", "fr.tom@aidan.example", "active"),
    ("Maureen Kelly", "maureen@aidan.example", "active"),
    ("Jim Doyle", "jim@aidan.example", "left"),
    ("Peter Nolan", "peter@aidan.example", "active"),
    ("Síobhán Ní Bhriain", "siobhan@aidan.example", "active"),
    ("Jürgen Müller", "", "active"),
)


def entry(name: str, email: str = "", status: str = "active", **more: object) -> RosterEntry:
    return RosterEntry(name, email, f"staff.csv, row of {name}", status=status, **more)  # type: ignore[arg-type]


ROSTER = tuple(entry(*one) for one in STAFF)


class Found:
    """People and whom each cell means, by names."""

    def __init__(self, people: People, parties: Sequence[Party]) -> None:
        self.people = people
        self.names = {person.id: person.name for person in people.people}
        self.meant = [
            [self.names[id_] for one in party.people for id_ in people.of(one, party.entity)]
            for party in parties
        ]
        self.questions = [question.id for question in people.questions]

    def person(self, name: str) -> AdoptedPerson:
        (found,) = (person for person in self.people.people if person.name == name)
        return found


def find(
    *cells: str,
    entries: Sequence[RosterEntry] = ROSTER,
    known: Sequence[Person] = (),
    memory: Mapping[str, KnownPerson] | None = None,
    answers: Mapping[str, str] | None = None,
    entities: Sequence[str] = (),
    part: str = "administrator",
    seed: int = 1,
) -> Found:
    """Return whom cells mean, each the cell of a row of its own."""
    parties = [
        Party(
            entities[row] if row < len(entities) else "St Aidan",
            tuple(people_in(cell, part, f"sheet.csv, row {row}, column Admin")),  # type: ignore[arg-type]
        )
        for row, cell in enumerate(cells)
    ]
    source = random.Random(seed)  # noqa: S311 - the same ids each time.
    people = who_is_who(parties, entries, known, memory or {}, answers or {}, source.randbytes)
    return Found(people, parties)


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("Maureen Kelly", "Maureen Kelly"),
        ("MAUREEN KELLY", "Maureen Kelly"),
        ("Kelly Maureen", "Maureen Kelly"),
        ("Kelly, Maureen", "Maureen Kelly"),
        ("Mrs. Maureen Kelly", "Maureen Kelly"),
        ("Tom O\u2019Brien", "Tom O'Brien"),
        ("Tom OBrien", "Tom O'Brien"),
        ("Fr. Tom O Brien", "Tom O'Brien"),
        ("Siobhan Ni Bhriain", "Síobhán Ní Bhriain"),
        ("Ní Bhriain, Síobhán", "Síobhán Ní Bhriain"),
        ("Juergen Mueller", "Jürgen Müller"),
        ("Jurgen Muller", "Jürgen Müller"),
        ("maureen@aidan.example", "Maureen Kelly"),
        ("MAUREEN@AIDAN.EXAMPLE", "Maureen Kelly"),
        ("Mo <maureen@aidan.example>", "Maureen Kelly"),
        ("Maureen Byrne <maureen@aidan.example>", "Maureen Kelly"),
        ("M. Kelly", "Maureen Kelly"),
        ("Kelly M.", "Maureen Kelly"),
        ("Maureen K.", "Maureen Kelly"),
        ("Maureen", "Maureen Kelly"),
        ("Mrs Kelly", "Maureen Kelly"),
        ("Father O'Brien", "Tom O'Brien"),
    ],
)
def test_one_person_of_the_roster_is_meant(cell: str, name: str) -> None:
    found = find(cell)
    assert found.meant == [[name]]
    assert not found.questions
    assert len(found.people.people) == len(STAFF)


@pytest.mark.parametrize(
    "cell", ["Maureen Kely", "Maureen Kelley", "Tommy O'Brien", "Maureen Anne Kelly", "James Doyle"]
)
def test_a_near_name_is_asked_and_stays_apart(cell: str) -> None:
    found = find(cell)
    assert found.meant == [[cell]]
    assert found.person(cell).status == "active"
    assert any(question.startswith("person:") for question in found.questions)


def test_an_answer_makes_a_near_name_somebody() -> None:
    question = next(q for q in find("Maureen Kely").people.questions if q.id.startswith("person:"))
    value = next(c.value for c in question.choices if c.label.startswith("Maureen Kelly"))
    found = find("Maureen Kely", answers={question.id: value})
    assert found.meant == [["Maureen Kelly"]]
    assert not found.questions


def test_an_address_with_the_name_of_another_is_asked() -> None:
    found = find("Peter Nolan <maureen@aidan.example>")
    assert found.meant == [["Peter Nolan"]]
    (question,) = found.people.questions
    values = [choice.value for choice in question.choices]
    for value, name in ((values[1], "Peter Nolan"), (values[2], "Maureen Kelly")):
        answered = find("Peter Nolan <maureen@aidan.example>", answers={question.id: value})
        assert answered.meant == [[name]]


def test_an_answer_makes_a_name_nobody() -> None:
    (question, *_) = find("Maureen Kely").people.questions
    assert find("Maureen Kely", answers={question.id: "nobody"}).meant == [[]]


def test_a_first_name_is_that_of_its_row_before_anybody_else() -> None:
    entries = (*ROSTER, entry("Jim Smith", "smith@aidan.example"))
    assert find("Jim Doyle; Jim", entries=entries).meant == [["Jim Doyle", "Jim Doyle"]]


def test_a_first_name_is_that_of_its_unit_before_anybody_else() -> None:
    entries = (entry("Jim Doyle", entity="St Aidan"), entry("Jim Smith", entity="St Mary"))
    found = find("Jim", "Jim", entries=entries, entities=["St Aidan", "St Mary"])
    assert found.meant == [["Jim Doyle"], ["Jim Smith"]]
    assert any("Jim" in said for said in found.people.assumptions)


def test_a_first_name_of_two_is_asked() -> None:
    entries = (*ROSTER, entry("Jim Smith", "smith@aidan.example"))
    found = find("Jim", entries=entries)
    assert found.meant == [["Jim"]]
    assert found.questions[0].startswith("person:")
    choices = [choice.label for choice in found.people.questions[0].choices]
    assert any("Jim Doyle" in label for label in choices)
    assert any("Jim Smith" in label for label in choices)


def test_one_name_of_two_people_is_asked_unless_the_unit_tells() -> None:
    entries = (
        entry("Mary Murphy", "mary.a@x.example", entity="St Aidan"),
        entry("Mary Murphy", "mary.m@x.example", entity="St Mary", number="7"),
    )
    answers = {"same-person:mary murphy:7:mary.a@x.example": "two"}
    found = find("Mary Murphy", entries=entries, entities=["St Mary"], answers=answers)
    (id_,) = (i for i in found.people.ids.values() if i)
    assert found.people.people[1].id == id_[0]
    asked = find("Mary Murphy", entries=entries, entities=["St Peter"], answers=answers)
    assert any(question.startswith("person:") for question in asked.questions)


def test_whoever_is_not_on_the_roster_serves_until_somebody_says_otherwise() -> None:
    found = find("Una Gone")
    assert found.person("Una Gone").status == "active"
    (question,) = found.people.questions
    assert question.safest == "active"
    assert find("Una Gone", answers={question.id: "left"}).person("Una Gone").status == "left"
    outside = find("Una Gone", answers={question.id: "contractor"}).person("Una Gone")
    assert (outside.status, outside.type) == ("active", "contractor")


def test_without_a_roster_nobody_is_missing_on_it() -> None:
    found = find("Una Gone; Maureen Kelly", entries=())
    assert found.meant == [["Una Gone", "Maureen Kelly"]]
    assert not found.questions


@pytest.mark.parametrize("cell", ["Una Gone (left)", "Una Gone (retired)", "former: Una Gone"])
def test_that_a_sheet_says_somebody_left_is_asked(cell: str) -> None:
    found = find(cell, entries=())
    assert found.person("Una Gone").status == "active"
    assert [q.safest for q in found.people.questions] == ["active"]


def test_the_roster_says_who_left() -> None:
    assert find("Jim").person("Jim Doyle").status == "left"


@pytest.mark.parametrize(
    "cell",
    ["Maureen?", "maybe Maureen", "Maureen Kelly (?)", "was Maureen", "Maureen Kelly until 2023"],
)
def test_a_doubt_gives_nobody_access_until_somebody_says_so(cell: str) -> None:
    found = find(cell)
    assert found.meant == [[]]
    (question,) = found.people.questions
    assert find(cell, answers={question.id: "yes"}).meant == [["Maureen Kelly"]]


@pytest.mark.parametrize(
    "cells",
    [
        ("WebFix Ltd (agency)", "WebFix, Maureen Kelly"),
        ("WebFix Ltd", "WEBFIX LTD."),
        ("Webfix GmbH", "Web Fix"),
        ("WebFix (agency)", "WebFix Ltd"),
    ],
)
def test_a_firm_is_one_agency_however_it_is_written(cells: tuple[str, ...]) -> None:
    found = find(*cells)
    firms = [person for person in found.people.people if person.type == "agency"]
    assert len(firms) == 1
    assert firms[0].status == "active"
    assert all(firms[0].name in meant for meant in found.meant)
    assert not found.questions


@pytest.mark.parametrize(
    ("cell", "entity"),
    [
        ("lucy@schools.example", "St Lucy Primary"),
        ("stlucy@schools.example", "St Lucy"),
        ("office@schools.example", "St Lucy"),
        ("holycross@schools.example", "Holy Cross High"),
        ("st.marks@schools.example", "St. Mark's Academy"),
    ],
)
def test_a_mailbox_of_an_office_or_a_unit_is_no_person(cell: str, entity: str) -> None:
    found = find(cell, entries=(), entities=[entity])
    assert found.meant == [[]]
    assert not found.people.people
    assert any("mailbox" in said for said in found.people.assumptions)


def test_a_contact_is_nobody_of_the_registry_unless_a_roster_has_them() -> None:
    assert not find("Una Gone", entries=(), part="contact").people.people
    assert find("Maureen Kelly", part="contact").meant == [["Maureen Kelly"]]


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("Kelly, Maureen", ["Maureen Kelly"]),
        ("Maureen, Jim", ["Maureen Kelly", "Jim Doyle"]),
        ("Kelly, Nolan", ["Maureen Kelly", "Peter Nolan"]),
        ("Nolan, Peter", ["Peter Nolan"]),
        ("Doyle, Kelly and Nolan", ["Jim Doyle", "Maureen Kelly", "Peter Nolan"]),
        ("José Ortega y Gasset", ["José Ortega y Gasset"]),
    ],
)
def test_who_is_known_decides_what_commas_and_letters_divide(cell: str, names: list[str]) -> None:
    entries = (*ROSTER, entry("José Ortega y Gasset"))
    found = find(cell, entries=entries)
    assert sorted(found.meant[0]) == sorted(names)
    assert len(found.people.people) == len(entries)


def test_a_person_who_came_back_is_one() -> None:
    entries = (
        entry("Jim Doyle", "jim@aidan.example", "left", number="3"),
        entry("Jim Doyle", "jim@aidan.example", "active", number="88"),
    )
    found = find("Jim Doyle", entries=entries)
    (jim,) = found.people.people
    assert jim.status == "active"
    assert found.people.known[jim.id].numbers == ("3", "88")


@pytest.mark.parametrize("is_reversed", [False, True])
def test_a_person_who_came_back_without_an_address_is_one(is_reversed: bool) -> None:
    entries = [entry("Jim Doyle", "", "left", number="3"), entry("Jim Doyle", "", number="88")]
    found = find(entries=entries[::-1] if is_reversed else entries)
    assert [person.status for person in found.people.people] == ["active"]


def test_two_of_one_name_who_serve_at_once_stay_two() -> None:
    entries = (entry("Mary Murphy", number="1"), entry("Mary Murphy", number="2"))
    assert len(find(entries=entries).people.people) == 2


def test_two_who_share_a_mailbox_are_two() -> None:
    entries = (entry("Ann Head", "office@x.example"), entry("Bo Second", "office@x.example"))
    assert len(find(entries=entries).people.people) == 2


def test_an_id_tells_nothing_of_a_person_and_is_kept() -> None:
    first = find("Maureen Kelly; Una Gone; WebFix Ltd")
    for person in first.people.people:
        words = f"{person.name} {person.email}".casefold().replace("@", " ").replace(".", " ")
        assert all(len(word) < 3 or word not in person.id for word in words.split())
    again = find("Maureen Kelly; Una Gone; WebFix Ltd", memory=first.people.known, seed=2)
    assert again.names == first.names
    assert again.people == first.people


def test_the_same_sheets_ask_the_same_again_once_they_are_adopted() -> None:
    cells = ("Maureen Kely", "Jim Doyle; Jim", "Una Gone", "WebFix Ltd", "una.gone@x.example")
    first = find(*cells)
    known = [
        Person(id=p.id, name=p.name, status=p.status, email=p.email or None, type=p.type)
        for p in first.people.people
    ]
    again = find(*cells, known=known, memory=first.people.known, seed=2)
    assert again.questions == first.questions
    assert again.people == first.people


def test_a_new_name_keeps_its_id_by_its_number_or_its_address() -> None:
    first = find(entries=[entry("Maureen Kelly", "m@x.example", number="12")])
    ((id_, kept),) = first.people.known.items()
    for changed in (
        entry("Maureen Byrne", "other@x.example", number="12"),
        entry("Maureen Byrne", "m@x.example", number="99"),
    ):
        again = find(entries=[changed], memory={id_: kept}, seed=2)
        assert [person.id for person in again.people.people] == [id_]


def test_a_sheet_may_still_have_the_name_and_the_address_of_before() -> None:
    first = find("Maureen Kelly", entries=[entry("Maureen Kelly", "m@x.example", number="12")])
    married = [entry("Maureen Byrne", "m.byrne@x.example", number="12")]
    cells = ("Maureen Kelly", "m@x.example", "Maureen Byrne")
    again = find(*cells, entries=married, memory=first.people.known, seed=2)
    assert again.meant == [["Maureen Byrne"]] * 3
    assert not again.questions
    assert again.person("Maureen Byrne").email == "m.byrne@x.example"
    # Somebody new who is called so is not taken for her, nor she for them.
    new = [*married, entry("Maureen Kelly", "other@x.example", number="40")]
    asked = find("Maureen Kelly", entries=new, memory=first.people.known, seed=2)
    assert [question.partition(":")[0] for question in asked.questions][:1] == ["person"]


def test_an_address_or_a_number_that_is_somebody_elses_now_is_not_the_same_person() -> None:
    first = find(entries=[entry("Maureen Kelly", "info@x.example", number="12")])
    ((id_, kept),) = first.people.known.items()
    for changed in (
        entry("Bo Second", "info@x.example", number="77"),
        entry("Bo Second", "bo@x.example", number="12"),
    ):
        again = find(entries=[changed], memory={id_: kept}, seed=2)
        assert [person.id for person in again.people.people] != [id_]


def test_the_people_of_a_registry_are_known_without_a_roster() -> None:
    known = [
        Person(id="p-1", name="Maureen Kelly", status="active", email="maureen@aidan.example"),
        Person(id="p-2", name="Jim Doyle", status="left"),
    ]
    found = find("Maureen", "Jim", "maureen@aidan.example", entries=(), known=known)
    assert found.meant == [["Maureen Kelly"], ["Jim Doyle"], ["Maureen Kelly"]]
    assert found.person("Jim Doyle").status == "left"
    assert found.person("Jim Doyle").id == "p-2"


def test_a_supervisor_is_found_by_number_address_or_name() -> None:
    boss = entry("Ann Head", "head@x.example", number="1")
    for text in ("1", "head@x.example", "Ann Head", "Head, Ann"):
        found = find(entries=[boss, entry("Bo Second", supervisor=text)])
        assert found.person("Bo Second").supervisor_id == found.person("Ann Head").id
    odd = find(entries=[boss, entry("Bo Second", supervisor="Nobody Known")])
    assert odd.person("Bo Second").supervisor_id == ""
    assert odd.people.warnings
