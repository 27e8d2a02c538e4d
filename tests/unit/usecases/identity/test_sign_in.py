"""Who a token makes somebody: a person of the roster who serves at this moment, or nobody."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from msgspec.structs import replace

from rolecall.errors import DeniedError
from rolecall.model import Snapshot
from rolecall.usecases.identity.sign_in import sign_in
from tests.api import OFFICES, claims, person, registry
from tests.stores.memory import MemoryHouse, MemoryRoster, MemorySignIns

AT = datetime(2026, 11, 3, 9, tzinfo=UTC)


def stores(snapshot: Snapshot | None = None) -> tuple[MemoryHouse, MemoryRoster, MemorySignIns]:
    house = MemoryHouse(snapshot or registry())
    return house, MemoryRoster(house), MemorySignIns(house)


def changed(id_: str, **changes: object) -> Snapshot:
    made = registry()
    people = tuple(replace(one, **changes) if one.id == id_ else one for one in made.people)
    return replace(made, people=people)


def test_the_first_time_the_address_finds_the_person_and_binds_them() -> None:
    house, roster, sign_ins = stores()
    found = sign_in(roster, sign_ins, claims("HEAD-mid@example.org", "compliance"), AT, OFFICES)
    assert (found.person, found.groups) == ("head-mid", frozenset({"compliance"}))
    assert found.via.startswith("oidc:")
    assert [event.action for event in house.events] == ["identity.bound"]
    again = sign_in(roster, sign_ins, claims("HEAD-mid@example.org"), AT, OFFICES)
    assert again == replace(found, groups=frozenset())
    assert len(house.events) == 1


def test_afterwards_the_subject_is_the_person_whatever_happens_to_addresses() -> None:
    house, roster, sign_ins = stores()
    token = claims("head-mid@example.org")
    sign_in(roster, sign_ins, token, AT, OFFICES)
    moved = {**token, "email": "boss-mid@example.org"}
    assert sign_in(roster, sign_ins, moved, AT, OFFICES).person == "head-mid"
    unverified = {**token, "email_verified": "false"}
    assert sign_in(roster, sign_ins, unverified, AT, OFFICES).person == "head-mid"
    with pytest.raises(DeniedError):
        sign_in(roster, sign_ins, {**token, "sub": "another subject"}, AT, OFFICES)
    assert len(house.events) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"token_use": "access"},
        {"token_use": ""},
        {"email_verified": "false"},
        {"email_verified": ""},
        {"email": ""},
        {"email": "nobody@example.org"},
        {"iss": ""},
        {"sub": ""},
    ],
)
def test_what_names_nobody_is_denied(changes: dict[str, str]) -> None:
    house, roster, sign_ins = stores()
    with pytest.raises(DeniedError):
        sign_in(roster, sign_ins, {**claims("head-mid@example.org"), **changes}, AT, OFFICES)
    assert house.events == []


@pytest.mark.parametrize(
    "changes",
    [{"status": "suspended"}, {"status": "left"}, {"left_on": date(2026, 11, 3)}],
)
def test_who_does_not_serve_is_nobody_before_and_after_binding(changes: dict[str, object]) -> None:
    _, roster, sign_ins = stores(changed("head-mid", **changes))
    with pytest.raises(DeniedError, match="not an active person"):
        sign_in(roster, sign_ins, claims("head-mid@example.org"), AT, OFFICES)
    house, roster, sign_ins = stores()
    sign_in(roster, sign_ins, claims("head-mid@example.org"), AT, OFFICES)
    kept = house.get("person", "head-mid")
    house.items["person", "head-mid"] = kept._replace(value=replace(kept.value, **changes))
    with pytest.raises(DeniedError, match="not an active person"):
        sign_in(roster, sign_ins, claims("head-mid@example.org"), AT, OFFICES)


def test_an_address_of_two_who_serve_is_the_address_of_nobody() -> None:
    made = registry()
    twin = replace(person("twin", "mid"), email="head-mid@example.org")
    _, roster, sign_ins = stores(replace(made, people=(*made.people, twin)))
    with pytest.raises(DeniedError):
        sign_in(roster, sign_ins, claims("head-mid@example.org"), AT, OFFICES)


def test_other_issuers_need_no_kind_of_token() -> None:
    _, roster, sign_ins = stores()
    token = claims("head-mid@example.org")
    del token["token_use"]
    assert sign_in(roster, sign_ins, token, AT, OFFICES, kind=None).person == "head-mid"
