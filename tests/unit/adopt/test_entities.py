"""Units: which spellings are one, what stands above what, and ids that stay."""

# Names are written here as people write them.
# ruff: noqa: RUF001

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rolecall.adopt.entities import Entities, entities_of
from rolecall.adopt.entity_domains import PUBLIC_DOMAINS, proven_domains
from rolecall.adopt.entity_names import folded_entity_key, plain_entity_key
from rolecall.adopt.mentions import EntityMention

ONE = [
    ("Harbour Office", "Harbour  Office"),
    ("Harbour Office", "HARBOUR OFFICE"),
    ("Harbour Office", "Harbour\u00a0Office"),
    ("Harbour Office", "Harbour Off\u00adice"),
    ("Harbour Office", "Harbour\u200b Office"),
    ("École", "E\u0301cole"),
]
ASKED = [
    ("St. Mark's  Academy", "St Marks Academy"),
    ("St Mary", "Saint Mary"),
    ("St. Anna", "Sankt Anna"),
    ("Sainte-Anne", "Ste Anne"),
    ("Santa Maria", "Sta. Maria"),
    ("Parks & Trails", "Parks and Trails"),
    ("Kirche & Welt", "Kirche und Welt"),
    ("École Notre-Dame", "Ecole Notre Dame"),
    ("Łódź Office", "Lodz Office"),
    ("Harbour Office", "Harbor Office"),
    ("Communications", "Comunications"),
    ("St Mary’s", "St Mary's"),
    ("Müller-Schule", "Muller Schule"),
    ("Św. Anna", "sw Anna"),
]
APART = [
    ("St Mary", "St Mark"),
    ("School 12", "School 13"),
    ("Parish A", "Parish B"),
    ("Holy Cross High", "Holy Cross Primary"),
    ("North Office", "South Office"),
]


def found(*names: str, answers: dict[str, str] | None = None) -> Entities:
    mentions = [EntityMention(name, f"row {n}") for n, name in enumerate(names)]
    return entities_of(mentions, {}, answers)


@pytest.mark.parametrize(("one", "other"), ONE)
def test_names_that_nobody_can_tell_apart_are_one(one: str, other: str) -> None:
    entities = found(one, other)
    assert len(entities.units) == 1
    assert entities.questions == ()
    assert entities.id_of(one) == entities.id_of(other) == entities.units[0].id


@pytest.mark.parametrize(("one", "other"), ASKED)
def test_names_that_are_likely_one_are_asked_and_apart(one: str, other: str) -> None:
    entities = found(one, other, other)
    assert len(entities.units) == 2
    (question,) = entities.questions
    assert question.safest == "apart"
    assert question.places == ("row 1", "row 2", "row 0")
    merged = found(one, other, other, answers={question.id: "one"})
    assert [unit.name for unit in merged.units] == [" ".join(other.split())]
    assert merged.id_of(one) == merged.id_of(other) != ""
    assert merged.units[0].places == ("row 1", "row 2", "row 0")


@pytest.mark.parametrize(("one", "other"), APART)
def test_names_of_others_are_not_asked(one: str, other: str) -> None:
    assert found(one, other).questions == ()


def test_several_spellings_are_one_question() -> None:
    entities = found("St Mary", "St. Mary", "Saint Mary")
    (question,) = entities.questions
    merged = found("St Mary", "St. Mary", "Saint Mary", answers={question.id: "one"})
    assert len(merged.units) == 1
    assert set(merged.units[0].names) == {"St Mary", "St. Mary", "Saint Mary"}


def test_a_tree() -> None:
    mentions = [
        EntityMention("Library", "r1", ("Beta County",)),
        EntityMention("Library", "r2", ("Gamma County",)),
        EntityMention("Beta County", "r3"),
    ]
    entities = entities_of(mentions, {})
    assert {unit.id: unit.parent_id for unit in entities.units} == {
        "beta-county": "",
        "library": "beta-county",
        "gamma-county": "",
        "library-gamma-county": "gamma-county",
    }
    assert entities.id_of("Library", ("Gamma County",)) == "library-gamma-county"
    assert entities.id_of("Library") == ""


def test_a_unit_that_stands_alone_is_the_one_that_stands_below_another() -> None:
    mentions = [EntityMention("St Mary", "r1"), EntityMention("St Mary", "r2", ("Diocese",))]
    entities = entities_of(mentions, {})
    assert entities.id_of("St Mary") == entities.id_of("St Mary", ("Diocese",)) == "st-mary"
    assert entities.assumptions == ("St Mary is the one that stands below Diocese elsewhere",)
    two = [*mentions, EntityMention("St Mary", "r3", ("Other diocese",))]
    assert entities_of(two, {}).assumptions == ()


def test_ids_stay() -> None:
    first = found("St Mary", "St. Mary", "Choir")
    again = entities_of(
        [EntityMention("Choir", "r"), EntityMention("St. Mary", "r"), EntityMention("New", "r")],
        first.kept,
    )
    assert again.id_of("Choir") == first.id_of("Choir")
    assert again.id_of("St. Mary") == first.id_of("St. Mary")
    assert again.id_of("New") not in first.kept
    # A unit that a tree now places is the same unit.
    placed = entities_of([EntityMention("Choir", "r", ("Diocese",))], first.kept)
    assert placed.id_of("Choir", ("Diocese",)) == first.id_of("Choir")


def test_ids_of_a_registry_are_taken_by_name() -> None:
    entities = entities_of([EntityMention("St. Brigid", "r")], {"e-1": ("St. Brigid",)})
    assert entities.id_of("St. Brigid") == "e-1"


NAMES = st.one_of(
    st.sampled_from([name for pair in (*ONE, *ASKED, *APART) for name in pair]),
    st.text(min_size=1, max_size=12).filter(lambda name: bool(name.strip())),
)


@given(st.lists(NAMES, max_size=12))
def test_each_name_is_one_unit_with_an_id_of_its_own(names: list[str]) -> None:
    entities = found(*names)
    ids = [unit.id for unit in entities.units]
    assert len(set(ids)) == len(ids)
    assert len(ids) == len({plain_entity_key(name) for name in names})
    for name in names:
        assert entities.id_of(name) in ids
    again = entities_of([EntityMention(name, "r") for name in reversed(names)], entities.kept)
    assert {name: again.id_of(name) for name in names} == {n: entities.id_of(n) for n in names}


@given(st.text(max_size=30))
def test_folding_a_name_twice_is_folding_it_once(name: str) -> None:
    assert plain_entity_key(plain_entity_key(name)) == plain_entity_key(name)
    assert folded_entity_key(folded_entity_key(name)) == folded_entity_key(name)


def test_a_domain_is_proven_by_a_website_and_an_address() -> None:
    assert proven_domains(["a@x.example"], ["x.example"]) == ("x.example",)
    assert proven_domains(["A <a@X.example>"], ["www.x.example/news"]) == ("x.example",)
    assert proven_domains(["a@x.example"], ["school.x.example"]) == ("x.example",)
    assert proven_domains(["a@mail.x.example"], ["x.example"]) == ("mail.x.example",)
    assert proven_domains(["a@x.example"], ["y.example"]) == ()
    assert proven_domains(["a@x.example"], ["notx.example"]) == ()
    assert proven_domains(["a@x.example"], []) == ()
    assert proven_domains(["a"], ["x.example"]) == ()
    assert proven_domains(["a@münchen.example"], ["xn--mnchen-3ya.example"]) != ()


@pytest.mark.parametrize("domain", sorted(PUBLIC_DOMAINS))
def test_a_domain_of_everybody_proves_nothing(domain: str) -> None:
    assert proven_domains([f"a@{domain}"], [domain, f"a.{domain}"]) == ()
