"""Who may do what: the table once more, in other words, and how somebody comes to a role."""

from __future__ import annotations

from datetime import date
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rolecall.errors import NotFoundError
from rolecall.lineage import lineage_of
from rolecall.model import Entity, Grant, Person
from rolecall.usecases.identity.permissions import (
    ALLOWED,
    Caller,
    CallerRole,
    Permission,
    is_steward,
    may,
    need,
    need_reach,
    roles_of,
)

OFFICER_READS = {"read waivers", "read runs", "read reports", "waive", "sign"}
EXPECTED = {
    "compliance": OFFICER_READS
    | {"read entity", "read account", "read grants", "read person", "read logins"}
    | {"read findings", "read revocation", "read changes", "read log", "audit"},
    "registrar": {"read entity", "read account", "read grants", "read person", "read changes"}
    | {"edit"},
    "steward": {"read entity", "read account", "read grants", "read person", "read logins"}
    | {"read findings", "read revocation", "read log", "revoke", "audit"},
    "manager": {"read account", "read grants", "read logins", "read findings"},
    "self": {"read person", "read revocation"},
}
ENTITIES = {
    one.id: one
    for one in (
        Entity("top", "Top", None, "head-top"),
        Entity("mid", "Mid", "top", "head-mid", ("it-mid",)),
        Entity("leaf", "Leaf", "mid", "head-leaf"),
    )
}


def caller(person: str, *groups: CallerRole) -> Caller:
    return Caller(person, frozenset(groups), "test")


@pytest.mark.parametrize("permission", get_args(Permission))
@pytest.mark.parametrize("role", get_args(CallerRole))
def test_each_role_may_what_the_second_reading_says(
    permission: Permission, role: CallerRole
) -> None:
    assert may(permission, {role}) == (permission in EXPECTED[role])


@given(st.sets(st.sampled_from(get_args(CallerRole))), st.sampled_from(get_args(Permission)))
def test_roles_add_up_and_none_is_nothing(roles: set[CallerRole], permission: Permission) -> None:
    assert may(permission, roles) == any(may(permission, {role}) for role in roles)
    assert not may(permission, ())


def test_every_permission_is_in_the_table() -> None:
    assert set(ALLOWED) == set(get_args(Permission))


@pytest.mark.parametrize(
    ("person", "entity", "roles"),
    [
        ("head-top", "leaf", {"steward"}),
        ("it-mid", "leaf", {"steward"}),
        ("it-mid", "mid", {"steward"}),
        ("it-mid", "top", set()),
        ("head-leaf", "mid", set()),
        ("nobody", "leaf", set()),
    ],
)
def test_stewards_reach_down_and_never_up(person: str, entity: str, roles: set[str]) -> None:
    assert roles_of(caller(person), lineage=lineage_of(entity, ENTITIES)) == roles


@pytest.mark.parametrize(
    ("grant", "is_manager"),
    [
        (Grant("a", "p", "owner"), True),
        (Grant("a", "p", "admin"), True),
        (Grant("a", "p", "manager"), True),
        (Grant("a", "p", "editor"), False),
        (Grant("a", "p", "analyst"), False),
        (Grant("a", "other", "owner"), False),
        (Grant("a", "p", "owner", revoked_on=date(2026, 1, 1)), False),
    ],
)
def test_managers_hold_a_live_administrative_role(grant: Grant, is_manager: bool) -> None:
    assert ("manager" in roles_of(caller("p"), grants=[grant])) == is_manager


def test_groups_and_oneself_are_roles_too() -> None:
    assert roles_of(caller("p", "compliance"), person="p") == {"compliance", "self"}
    assert roles_of(caller("p", "registrar"), person="q") == {"registrar"}


@pytest.mark.parametrize(
    ("status", "left_on", "serves"),
    [
        ("active", None, True),
        ("active", date(2026, 11, 4), True),
        ("active", date(2026, 11, 3), False),
        ("suspended", None, False),
        ("left", None, False),
        ("left", date(2027, 1, 1), False),
    ],
)
def test_who_serves_on_a_day(status: str, left_on: date | None, serves: bool) -> None:
    person = Person("p", "P", status, left_on=left_on)  # type: ignore[arg-type]
    assert person.is_active(date(2026, 11, 3)) == serves


def test_the_lineage_goes_up_and_ends() -> None:
    assert [one.id for one in lineage_of("leaf", ENTITIES)] == ["leaf", "mid", "top"]
    assert list(lineage_of("nowhere", ENTITIES)) == []
    assert list(lineage_of(None, ENTITIES)) == []


def test_a_head_and_it_are_stewards() -> None:
    mid = ENTITIES["mid"]
    assert [is_steward(one, mid) for one in ("head-mid", "it-mid", "head-top", "")] == [
        True,
        True,
        False,
        False,
    ]


def test_what_is_denied_is_not_there() -> None:
    def lineage(entity: str) -> list[Entity]:
        return list(lineage_of(entity, ENTITIES))

    need(caller("officer", "compliance"), "sign", "x")
    with pytest.raises(NotFoundError, match="there are none"):
        need(caller("head-mid"), "sign", "there are none")
    need_reach(caller("officer", "compliance"), "audit", None, lineage, absent="x")
    need_reach(caller("head-top"), "audit", "leaf", lineage, absent="x")
    refusals = set()
    for entity in ("top", "nowhere"):
        with pytest.raises(NotFoundError) as refused:
            need_reach(caller("head-mid"), "audit", entity, lineage, absent="x")
        refusals.add(str(refused.value).replace(entity, "?"))
    assert len(refusals) == 1
    with pytest.raises(NotFoundError, match="no audit of all"):
        need_reach(caller("head-top"), "audit", None, lineage, absent="no audit of all")
