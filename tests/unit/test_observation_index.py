"""Looks at accounts: what a name means is asked once for all its rows, whatever their order."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import permutations

import pytest

from rolecall.controls import observation_index
from rolecall.controls.context import Context
from rolecall.controls.observation_index import listed_administrator
from rolecall.keys.accounts import match_key
from rolecall.model import Account, Entity, Observation, Person, Policy, Snapshot

TODAY = date(2026, 11, 2)
NAMES = ("@Page", "page", "https://www.facebook.com/page")
"""One account, as three people write it."""


def seen(handle: str, days: int, email: str | None, role: str | None) -> Observation:
    return Observation("facebook", handle, TODAY - timedelta(days), None, email, None, role)


ROWS = [
    seen(NAMES[0], 9, "ann@example.org", "admin"),
    seen(NAMES[0], 2, "Ann <ann@example.org>", "editor"),
    seen(NAMES[1], 2, "ANN@example.org", "owner"),
    seen(NAMES[2], 2, "b***@example.org", "admin"),
    seen(NAMES[2], -3, "ben@example.org", "admin"),
]


def context(rows: list[Observation]) -> Context:
    people = tuple(
        Person(name, name, "active", email=f"{name}@example.org") for name in ("ann", "ben")
    )
    snapshot = Snapshot(
        entities=(Entity("e", "E"),),
        people=people,
        accounts=(Account("a", "e", "facebook", "page", "active"),),
        grants=(),
        observations=tuple(rows),
    )
    return Context(snapshot, Policy(), datetime(2026, 11, 2, tzinfo=UTC))


def test_neither_the_order_of_rows_nor_the_name_they_write_shows() -> None:
    first = context(ROWS)
    for rows in permutations(ROWS):
        other = context(list(rows))
        assert other.seen_people == first.seen_people
        assert other.seen_on_account == first.seen_on_account
        assert other.observed_keys == first.observed_keys
        assert {name: Counter(map(repr, found)) for name, found in other.observations.items()} == {
            name: Counter(map(repr, found)) for name, found in first.observations.items()
        }


@pytest.mark.parametrize("person", ["ann", "ben", "nobody"])
@pytest.mark.parametrize("count", range(len(ROWS) + 1))
def test_the_last_listing_is_that_of_any_name_and_no_day_to_come(person: str, count: int) -> None:
    shown = [
        row.observed_on
        for row in ROWS[:count]
        if listed_administrator(row, TODAY) == f"{person}@example.org"
    ]
    assert context(ROWS[:count]).last_listed("a", person) == max(shown, default=None)
    assert context(ROWS[:count]).last_listed("b", person) is None


def test_what_a_name_means_is_asked_once_for_all_its_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: Counter[tuple[str, str]] = Counter()

    def counted(platform: str, handle: str) -> tuple[str, str]:
        asked[platform, handle] += 1
        return match_key(platform, handle)

    monkeypatch.setattr(observation_index, "match_key", counted)
    index = context(ROWS * 20)
    assert index.seen_people
    assert index.seen_on_account
    assert index.observations
    assert index.observed_keys
    assert index.last_listed("a", "ann")
    assert asked == {("facebook", name): 1 for name in NAMES}
