"""Which edits give power: whatever raises what somebody may do, and nothing else."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import asdict, replace

from rolecall.model import Entity, Grant, Person
from rolecall.usecases.governance.record_validation import changed_fields, gives_power
from rolecall.usecases.identity.permissions import is_steward

TODAY = date(2026, 11, 21)
ROLES = ("analyst", "editor", "manager", "admin", "owner")
days = st.none() | st.dates(date(2026, 1, 1), date(2027, 12, 31))
ids = st.sampled_from(["p-1", "p-2", "p-3"])
grants = st.builds(
    Grant,
    account_id=st.just("a"),
    person_id=st.just("p-1"),
    role=st.sampled_from(ROLES),
    expires_on=days,
)
entities = st.builds(
    Entity,
    id=st.just("e"),
    name=st.sampled_from(["E", "F"]),
    parent_id=st.sampled_from([None, "f", "g"]),
    head_id=st.none() | ids,
    it_delegate_ids=st.lists(ids, max_size=2, unique=True).map(tuple),
)
people = st.builds(
    Person,
    id=st.just("p-1"),
    name=st.sampled_from(["A", "B"]),
    status=st.sampled_from(["active", "suspended", "left"]),
    email=st.sampled_from([None, "a@x.example", "b@x.example"]),
    left_on=days,
    clearance_level=st.sampled_from([None, "A", "C"]),
    clearance_expires=days,
    trained_on=days,
)


@given(st.none() | grants, grants)
def test_a_grant_waits_when_it_lets_somebody_do_more_or_longer(
    before: Grant | None, after: Grant
) -> None:
    waits = gives_power("grants", before, after, changed_fields(before, after), TODAY)
    is_administrative = after.role in ("manager", "admin", "owner")
    more = before is None or ROLES.index(after.role) > ROLES.index(before.role)
    longer = before is not None and (
        before.expires_on is not None
        and (after.expires_on is None or after.expires_on > before.expires_on)
    )
    assert waits == (is_administrative and (more or longer))


@given(st.none() | entities, entities, ids)
def test_nobody_becomes_a_steward_unseen(before: Entity | None, after: Entity, person: str) -> None:
    waits = gives_power("entities", before, after, changed_fields(before, after), TODAY)
    if is_steward(person, after) and (before is None or not is_steward(person, before)):
        assert waits
    if before is not None and before.parent_id != after.parent_id:
        assert waits
    if before is not None and replace(before, name=after.name) == after:
        assert not waits


@given(st.none() | people, people)
def test_a_person_waits_when_it_could_let_somebody_in(before: Person | None, after: Person) -> None:
    waits = gives_power("people", before, after, changed_fields(before, after), TODAY)
    told = ("email", "clearance_level", "clearance_expires")
    differs = any(
        getattr(after, name) != (None if before is None else getattr(before, name)) for name in told
    )
    comes_back = before is not None and after.is_active(TODAY) and not before.is_active(TODAY)
    assert waits == (differs or comes_back)


@given(people, people)
def test_what_changed_is_what_differs(before: Person, after: Person) -> None:
    assert set(changed_fields(before, after)) == {
        name for name, value in asdict(after).items() if value != asdict(before)[name]
    }
    assert changed_fields(before, before) == ()
