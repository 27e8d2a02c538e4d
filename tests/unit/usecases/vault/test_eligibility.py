"""Who may work with the secret of an account: everybody, for each reason, on a whole registry."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from rolecall.controls.context import Context
from rolecall.errors import DeniedError, UsageError
from rolecall.model import ADMINISTRATIVE_ROLES, Entity, Grant, Policy, Snapshot
from rolecall.registry.policy_toml import parse_policy
from rolecall.usecases.vault.eligibility import right_of
from tests.vaults import AT, CLOSED, PAGE, REGISTRY, SITE, with_grant

ROLE = "has no live administrative role on"
LEVEL = "does not have clearance level C"
DATE = "has no clearance that is in date"
ROSTER = "is not an active person of the roster"

MATRIX: dict[str, dict[str, str]] = {
    PAGE: {
        "manager": "grant",
        "second": "grant",
        "editor": ROLE,
        "low": LEVEL,
        "unknown-level": LEVEL,
        "expired": DATE,
        "undated": DATE,
        "gone": ROSTER,
        "suspended": ROSTER,
        "leaving": ROLE,
        "guest": ROLE,
        "former": ROLE,
        "head": "head",
        "it": "it_delegate",
        "bishop": "head",
        "stranger": ROLE,
        "nobody": ROSTER,
    },
    SITE: {
        "manager": "grant",
        **dict.fromkeys(("second", "editor", "low", "expired", "leaving", "stranger"), ROLE),
        **dict.fromkeys(("gone", "nobody"), ROSTER),
        "head": "head",
        "it": "it_delegate",
        "bishop": "head",
    },
    CLOSED: {"manager": "grant", "second": ROLE, "head": "head", "bishop": "head"},
}


def right(
    person: str,
    account: str = PAGE,
    registry: Snapshot = REGISTRY,
    at: datetime = AT,
    policy: str = "",
) -> str:
    """Return by what right somebody may act, or why they may not."""
    rules = parse_policy("policy.toml", policy.encode()) if policy else Policy()
    found = right_of(Context(registry, rules, at), account, person)
    assert (found.basis is None) == bool(found.refusal)
    return found.basis or found.refusal


@pytest.mark.parametrize(
    ("account", "person"), [(account, person) for account, row in MATRIX.items() for person in row]
)
def test_the_matrix(account: str, person: str) -> None:
    expected = MATRIX[account][person]
    found = right(person, account)
    if expected in ("grant", "head", "it_delegate"):
        assert found == expected
    else:
        assert found.startswith(f"{person} {expected}")
        with pytest.raises(DeniedError, match=expected):
            right_of(Context(REGISTRY, Policy(), AT), account, person).need()


def test_an_account_that_there_is_not() -> None:
    with pytest.raises(UsageError, match="no account nowhere"):
        right("manager", "nowhere")


@pytest.mark.parametrize("role", ["owner", "admin", "manager", "editor", "analyst", "", "Admin"])
def test_roles_that_administer(role: Any) -> None:
    grants = (Grant(PAGE, "stranger", role),)
    registry = replace(REGISTRY, grants=grants)
    assert (right("stranger", registry=registry) == "grant") == (role in ADMINISTRATIVE_ROLES)


@pytest.mark.parametrize(
    ("facts", "live"),
    [
        ({}, True),
        ({"expires_on": AT.date()}, True),
        ({"expires_on": AT.date() - timedelta(1)}, False),
        ({"revoke_requested_at": AT}, False),
        ({"revoked_on": AT.date() + timedelta(1)}, False),
    ],
)
def test_a_role_is_live_until_it_is_to_go(facts: dict[str, Any], live: bool) -> None:
    registry = replace(REGISTRY, grants=(Grant(PAGE, "stranger", "admin", **facts),))
    assert (right("stranger", registry=registry) == "grant") is live


def test_one_live_role_is_enough() -> None:
    registry = with_grant(REGISTRY, Grant(PAGE, "former", "owner"))
    assert right("former", registry=registry) == "grant"


@pytest.mark.parametrize(("days", "allowed"), [(0, True), (1, False)])
def test_a_clearance_holds_on_its_last_day(days: int, allowed: bool) -> None:
    people = tuple(
        replace(one, clearance_expires=AT.date() - timedelta(days)) if one.id == "second" else one
        for one in REGISTRY.people
    )
    found = right("second", registry=replace(REGISTRY, people=people))
    assert (found == "grant") is allowed


def test_what_a_policy_does_not_check_it_does_not_ask_for() -> None:
    off = "[controls.{}]\nenabled = false\n".format
    assert right("low", policy=off("ineligible-manager")) == "grant"
    assert right("unknown-level", policy=off("ineligible-manager")) == "grant"
    assert right("expired", policy=off("ineligible-manager")).startswith(f"expired {DATE}")
    assert right("expired", policy=off("clearance-expired")) == "grant"
    assert right("undated", policy=off("clearance-expired")) == "grant"
    assert right("low", policy=off("clearance-expired")).startswith(f"low {LEVEL}")


def test_the_level_is_that_of_the_entity() -> None:
    lower = '[controls.ineligible-manager]\nlevel = "B"\n'
    assert right("low", policy=lower) == "grant"
    here = '[entities.parish.controls.ineligible-manager]\nlevel = "B"\n'
    elsewhere = here.replace("parish", "other")
    above = here.replace("parish", "diocese")
    assert right("low", policy=here) == right("low", policy=above) == "grant"
    assert right("low", policy=elsewhere).startswith(f"low {LEVEL}")


def test_a_level_beyond_the_ladder_is_reached_by_nobody() -> None:
    short = replace(Policy(), clearance_levels=("A", "B"))
    found = right_of(Context(REGISTRY, short, AT), PAGE, "manager")
    assert found.refusal.startswith(f"manager {LEVEL}")


def test_those_above_are_all_of_them_and_nobody_beside() -> None:
    entities = (
        Entity("top", "Top", head_id="stranger", it_delegate_ids=("former",)),
        *(
            replace(one, parent_id="top") if one.id == "diocese" else one
            for one in REGISTRY.entities
            if one.id != "other"
        ),
        Entity("below", "Below", parent_id="parish", head_id="editor", it_delegate_ids=("guest",)),
    )
    registry = replace(REGISTRY, entities=entities)
    found = {one: right(one, registry=registry) for one in ("stranger", "former", "bishop")}
    assert found == {"stranger": "head", "former": "it_delegate", "bishop": "head"}
    for person in ("editor", "guest"):
        assert right(person, registry=registry).startswith(f"{person} {ROLE}")


@pytest.mark.parametrize("status", ["left", "suspended"])
@pytest.mark.parametrize("person", ["manager", "head", "it", "bishop"])
def test_who_is_not_active_has_no_right(person: str, status: str) -> None:
    people = tuple(
        replace(one, status=status, left_on=date(2026, 10, 1)) if one.id == person else one
        for one in REGISTRY.people
    )
    found = right(person, registry=replace(REGISTRY, people=people))
    assert found.startswith(f"{person} {ROSTER}")
