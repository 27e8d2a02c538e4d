"""What a change lets somebody do more: nothing that the deciding functions allow escapes it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from rolecall.controls.context import Context
from rolecall.model import Account, Entity, Grant, Person, Policy, RegistryRecord, Snapshot
from rolecall.registry.policy_toml import parse_policy
from rolecall.usecases.identity.permissions import Caller, roles_of
from rolecall.usecases.identity.power import (
    Power,
    Surroundings,
    gained,
    powers_on,
    stewards_of,
    turning_days,
)
from rolecall.usecases.vault.eligibility import right_of

TODAY = date(2026, 11, 21)
ROLES = ("analyst", "editor", "manager", "admin", "owner")
AROUND = Surroundings()
HEAD, LEFT, UNTIL = "head", date(2026, 11, 22), date(2027, 3, 1)
days = st.none() | st.dates(date(2026, 11, 1), date(2027, 1, 31))
grants = st.builds(
    Grant,
    account_id=st.just("page"),
    person_id=st.just("p-1"),
    role=st.sampled_from(ROLES),
    expires_on=days,
    revoked_on=st.none() | st.just(date(2026, 11, 2)),
)
people = st.builds(
    Person,
    id=st.just("p-1"),
    name=st.just("P"),
    status=st.sampled_from(["active", "suspended", "left"]),
    email=st.sampled_from([None, "a@x.example", "b@x.example"]),
    type=st.sampled_from([None, "employee", "contractor", "agency"]),
    left_on=days,
    clearance_level=st.sampled_from([None, "A", "B", "C"]),
    clearance_expires=days,
    contract_ends=days,
)
ids = st.sampled_from(["p-1", "p-2", "p-3"])
entities = st.builds(
    Entity,
    id=st.just("e"),
    name=st.just("E"),
    parent_id=st.sampled_from([None, "f", "g"]),
    head_id=st.none() | ids,
    it_delegate_ids=st.lists(ids, max_size=2, unique=True).map(tuple),
)
ABOVE = {
    "f": (Entity("f", "F", "top", "p-2"), Entity("top", "Top", None, "p-9")),
    "g": (Entity("g", "G", None, None, ("p-3",)),),
}
POLICIES = [
    Policy(),
    *(
        parse_policy("policy.toml", f"[controls.{one}]\nenabled = false\n".encode())
        for one in ("clearance-expired", "ineligible-manager")
    ),
]


def line_of(entity: Entity) -> tuple[Entity, ...]:
    return (entity, *ABOVE.get(entity.parent_id or "", ()))


def opens(person: Person, grant: Grant, day: date, policy: Policy) -> bool:
    """Tell whether the vault lets somebody work with the secrets of the page on a day."""
    snapshot = Snapshot(
        entities=(Entity("e", "E"),),
        people=(person,),
        accounts=(Account("page", "e", "facebook", "page", "active"),),
        grants=(grant,),
    )
    at = datetime.combine(day, time(12), UTC)
    return right_of(Context(snapshot, policy, at), "page", "p-1").basis is not None


@given(people, people, grants, st.integers(0, 80), st.sampled_from(POLICIES))
def test_whom_the_vault_lets_in_on_a_day_by_another_person_gains(
    before: Person, after: Person, grant: Grant, later: int, policy: Policy
) -> None:
    day = TODAY + timedelta(later)
    if opens(after, grant, day, policy) and not opens(before, grant, day, policy):
        assert "p-1" in {one.person for one in gained(before, after, AROUND, AROUND, TODAY)}


@given(st.none() | grants, grants, people, st.integers(0, 80))
def test_whom_the_vault_lets_in_on_a_day_by_another_grant_gains(
    before: Grant | None, after: Grant, person: Person, later: int
) -> None:
    day, old = TODAY + timedelta(later), before or replace(after, role="analyst")
    if opens(person, after, day, Policy()) and not opens(person, old, day, Policy()):
        assert "p-1" in {one.person for one in gained(before, after, AROUND, AROUND, TODAY)}


@given(people, st.integers(0, 80))
def test_who_serves_on_a_day_is_who_is_active(person: Person, later: int) -> None:
    day = TODAY + timedelta(later)
    assert (Power("p-1", "serve") in powers_on(person, AROUND, day)) == person.is_active(day)


@given(entities, entities)
def test_stewards_are_those_whom_the_table_of_permissions_has(
    before: Entity, after: Entity
) -> None:
    old, new = Surroundings(line_of(before)), Surroundings(line_of(after))
    found = {one.person for one in gained(before, after, old, new, TODAY)}
    for person in ("p-1", "p-2", "p-3", "p-9"):
        caller = Caller(person, frozenset(), "test")
        was, is_ = (roles_of(caller, lineage=one.line) for one in (old, new))
        assert (person in found) == (is_ > was)
        assert (person in stewards_of(new.line)) == ("steward" in is_)


@given(st.one_of(people, grants, entities))
def test_nothing_is_gained_by_what_stays(record: RegistryRecord) -> None:
    assert gained(record, record, AROUND, AROUND, TODAY) == frozenset()


def person(**facts: Any) -> Person:
    return Person("p-1", "P", facts.pop("status", "active"), **facts)


CONTRACTOR = {"type": "contractor", "contract_ends": LEFT}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (person(left_on=LEFT), person()),
        (person(left_on=LEFT), person(left_on=UNTIL)),
        (person(status="suspended"), person()),
        (person(status="left"), person(left_on=UNTIL)),
        (person(clearance_expires=LEFT), person(clearance_expires=UNTIL)),
        (person(), person(clearance_expires=TODAY)),
        (person(clearance_level="A"), person(clearance_level="C")),
        (person(**CONTRACTOR), person(type="contractor", contract_ends=UNTIL)),
        (person(**CONTRACTOR), person(type="contractor")),
        (person(**CONTRACTOR), person(type="employee", contract_ends=LEFT)),
        (person(type="agency", contract_ends=date(2026, 1, 1)), person(**CONTRACTOR)),
        (person(), person(email="a@x.example")),
        (Grant("a", "p-1", "manager"), Grant("a", "p-1", "owner")),
        (Grant("a", "p-1", "admin", expires_on=LEFT), Grant("a", "p-1", "admin", expires_on=UNTIL)),
        (Grant("a", "p-1", "admin", expires_on=LEFT), Grant("a", "p-1", "admin")),
        (Grant("a", "p-1", "admin", expires_on=date.max), Grant("a", "p-1", "owner")),
        (None, Grant("a", "p-1", "manager", expires_on=TODAY)),
    ],
)
def test_what_would_end_and_does_not_is_gained_and_the_other_way_round_is_not(
    before: Any, after: Any
) -> None:
    assert {one.person for one in gained(before, after, AROUND, AROUND, TODAY)} == {"p-1"}
    if before is not None and not hasattr(after, "clearance_level"):
        assert gained(after, before, AROUND, AROUND, TODAY) == frozenset()


def test_whom_nothing_names_gains_by_an_address_alone() -> None:
    unnamed = Surroundings(is_named=False)
    for after, expected in ((person(), set()), (person(email="a@x.example"), {"sign in"})):
        found = gained(None, after, AROUND, unnamed, TODAY)
        assert {one.what for one in found} == expected
        assert "serve" in {one.what for one in gained(None, after, AROUND, AROUND, TODAY)}


def test_who_may_read_somebody_gains_by_where_they_serve() -> None:
    old, new = Surroundings(readers=frozenset({"h"})), Surroundings(readers=frozenset({"h", HEAD}))
    found = gained(person(), person(entity_id="e"), old, new, TODAY)
    assert found == {Power(HEAD, "read person", "p-1")}


def test_days_are_looked_at_on_both_sides_of_what_a_record_says() -> None:
    records = person(left_on=LEFT), Grant("a", "p-1", "admin", expires_on=date.max)
    assert turning_days(None, *records, today=TODAY) == [
        TODAY,
        LEFT,
        LEFT + timedelta(1),
        date.max,
    ]
    assert turning_days(person(left_on=date(2020, 1, 1)), today=TODAY) == [TODAY]
