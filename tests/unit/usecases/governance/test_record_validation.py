"""Which edits wait for a second officer: what gives somebody more, and what nobody takes alone."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import asdict, replace

from rolecall.model import Account, Entity, Person
from rolecall.usecases.governance.record_validation import changed_fields, takes_two
from rolecall.usecases.identity.involvement import Involvement, RecordChange
from rolecall.usecases.identity.power import Power
from tests.unit.usecases.identity.test_power import entities, people

NOBODY = Involvement()
gains = st.sampled_from([NOBODY, Involvement(gains=frozenset([Power("p", "serve")]))])


@given(st.none() | entities, entities, gains)
def test_who_answers_for_an_entity_takes_two(
    before: Entity | None, after: Entity, found: Involvement
) -> None:
    waits = takes_two(RecordChange(before, after), found)
    named = ("head_id", "parent_id", "it_delegate_ids")
    told = [set(x) if isinstance(x := getattr(after, name), tuple) else x for name in named]
    were = [set(x) if isinstance(x := getattr(before, name, None), tuple) else x for name in named]
    assert waits == (bool(found.gains) or (before is not None and told != were))
    assert not takes_two(RecordChange(after, replace(after, name="Another")), NOBODY)


@given(st.none() | people, people, gains)
def test_an_address_takes_two(before: Person | None, after: Person, found: Involvement) -> None:
    waits = takes_two(RecordChange(before, after), found)
    is_other = before is not None and before.email != after.email
    assert waits == (bool(found.gains) or is_other)


def test_what_gives_nobody_anything_waits_for_nobody() -> None:
    account = Account("a", "e", "facebook", "a", "active")
    assert not takes_two(RecordChange(None, account), NOBODY)


@given(people, people)
def test_what_changed_is_what_differs(before: Person, after: Person) -> None:
    assert set(changed_fields(before, after)) == {
        name for name, value in asdict(after).items() if value != asdict(before)[name]
    }
    assert changed_fields(before, before) == ()
