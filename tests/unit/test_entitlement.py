"""Nobody acts by a grant that is over, or to go, neither in the API nor in the vault."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rolecall.controls.context import Context
from rolecall.entitlement import administers, entitles
from rolecall.model import Account, Entity, Grant, Person, Policy, Snapshot
from rolecall.registry.documents import AccountDocument
from rolecall.usecases.identity.permissions import Caller, roles_of
from rolecall.usecases.identity.power import Surroundings, powers_on
from rolecall.usecases.revoking.access import AccountState, effects_of
from rolecall.usecases.vault.eligibility import right_of

TODAY = date(2026, 11, 20)
AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
DAYS = st.one_of(st.none(), st.dates(TODAY - timedelta(3), TODAY + timedelta(3)))
ROLES = st.sampled_from(["owner", "admin", "manager", "editor", "analyst"])
HOLDER = Person("holder", "H", "active", clearance_level="C", clearance_expires=date.max)
OTHER = Grant("page", "other", "owner")


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, True),
        ({"expires_on": TODAY}, True),
        ({"expires_on": TODAY - timedelta(1)}, False),
        ({"revoke_requested_at": AT}, False),
        ({"revoked_on": TODAY}, False),
        # A day of removal that is still to come is an odd record: it is taken for done.
        ({"revoked_on": TODAY + timedelta(9)}, False),
    ],
)
def test_what_entitles(facts: dict[str, Any], expected: bool) -> None:
    assert entitles(Grant("page", "holder", "admin", **facts), TODAY) is expected
    assert administers(Grant("page", "holder", "manager", **facts), TODAY) is expected
    assert not administers(Grant("page", "holder", "editor", **facts), TODAY)


@given(ROLES, DAYS, DAYS, st.booleans())
def test_all_who_decide_by_a_grant_agree(
    role: Any, expires: date | None, revoked: date | None, is_going: bool
) -> None:
    grant = Grant(
        "page",
        "holder",
        role,
        expires_on=expires,
        revoked_on=revoked,
        revoke_requested_at=AT if is_going else None,
    )
    expected = administers(grant, TODAY)
    caller = Caller("holder", frozenset(), "test", TODAY)
    assert ("manager" in roles_of(caller, grants=[grant])) == expected
    account = Account("page", "unit", "facebook", "page", "active")
    snapshot = Snapshot(
        entities=(Entity("unit", "Unit"),), people=(HOLDER,), accounts=(account,), grants=(grant,)
    )
    context = Context(snapshot, Policy(clearance_levels=("A", "B", "C")), AT)
    assert (right_of(context, "page", "holder").basis == "grant") == expected
    assert bool(powers_on(grant, Surroundings(), TODAY)) == expected
    state = AccountState(AccountDocument(account, (grant, OTHER)), [], {"holder": HOLDER})
    left = effects_of(state, OTHER, TODAY).administrators
    assert (left == ("holder",)) == (expected and role != "manager")


def test_who_calls_on_no_day_has_nothing_that_ends() -> None:
    caller = Caller("holder", frozenset(), "test")
    ending = Grant("page", "holder", "admin", expires_on=date(2999, 1, 1))
    assert "manager" not in roles_of(caller, grants=[ending])
    assert "manager" in roles_of(caller, grants=[Grant("page", "holder", "admin")])
