"""Taking all access of a person away: as far as the caller reaches, counted once."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from rolecall.errors import BrakeError, NotFoundError
from rolecall.model import Grant, Snapshot
from rolecall.usecases.revoking.offboarding import Offboarded, offboard
from tests.api import registry
from tests.stores.memory import MemoryHouse, MemoryRateLimit, MemoryRevocations
from tests.unit.usecases.revoking.test_revocations import WHY, caller

AT = datetime(2026, 11, 3, 9, tzinfo=UTC)
PAGES = ("page-top", "page-mid", "page-leaf", "page-sib")


def everywhere() -> Snapshot:
    """Return the registry in which *boss-mid* administers every page."""
    made = registry()
    others = tuple(Grant(page, "boss-mid", "admin") for page in PAGES if page != "page-mid")
    return replace(made, grants=(*made.grants, *others))


def act(by: str, whom: str = "boss-mid", *, dry: bool = False) -> tuple[MemoryHouse, Offboarded]:
    house = MemoryHouse(everywhere())
    limit = MemoryRateLimit(house)
    store = MemoryRevocations(house, limit)
    return house, offboard(store, limit, PAGES, caller(by), AT, whom, WHY, dry)


@pytest.mark.parametrize(
    ("by", "reached"),
    [
        ("head-top", PAGES),
        ("it-mid", ("page-mid", "page-leaf")),
        ("head-leaf", ("page-leaf",)),
        ("head-sib", ("page-sib",)),
    ],
)
def test_it_goes_as_far_as_the_caller_reaches(by: str, reached: tuple[str, ...]) -> None:
    house, ended = act(by)
    assert tuple(one.effects.account for one in ended.revocations) == reached
    assert ended.refused == []
    assert len(house.events) == len(reached)
    assert len(house.get("recent", by).value) == 1


def test_a_dry_run_asks_for_nothing_and_counts_nothing() -> None:
    house, ended = act("head-top", dry=True)
    assert [one.revocation for one in ended.revocations] == [None] * len(PAGES)
    assert house.events == []
    assert house.get("recent", "head-top").value is None


def test_a_guard_on_one_account_stops_none_of_the_others() -> None:
    made = everywhere()
    grants = tuple(
        one for one in made.grants if (one.account_id, one.person_id) != ("page-leaf", "head-leaf")
    )
    grants = tuple(
        one for one in grants if (one.account_id, one.person_id) != ("page-leaf", "boss-leaf")
    )
    house = MemoryHouse(replace(made, grants=grants))
    limit = MemoryRateLimit(house)
    store = MemoryRevocations(house, limit)
    ended = offboard(store, limit, PAGES, caller("it-mid"), AT, "boss-mid", WHY, False)
    assert [one.effects.account for one in ended.revocations] == ["page-mid"]
    assert [(one.account, one.type) for one in ended.refused] == [
        ("page-leaf", "last-administrator")
    ]


@pytest.mark.parametrize("by", ["boss-mid", "officer", "person-top"])
def test_who_reaches_nothing_learns_nothing(by: str) -> None:
    with pytest.raises(NotFoundError):
        act(by)


def test_too_many_within_an_hour_are_stopped_before_the_first() -> None:
    house = MemoryHouse(everywhere())
    limit = MemoryRateLimit(house, 1)
    store = MemoryRevocations(house, limit)
    limit.count("head-top", AT)
    with pytest.raises(BrakeError):
        offboard(store, limit, PAGES, caller("head-top"), AT, "boss-mid", WHY, False)
    assert house.events == []
