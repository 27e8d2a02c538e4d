"""Who was seen in an office is known, for a while; nothing is noted of whoever holds none."""

from __future__ import annotations

from datetime import date, timedelta

from rolecall.usecases.identity.permissions import Caller, CallerRole
from rolecall.usecases.identity.seen_offices import (
    KNOWN_FOR,
    SeenOfficer,
    holders_seen,
    note_offices,
)
from tests.api import registry
from tests.stores.memory import MemoryHouse, MemoryRegistryView, MemorySignIns

DAY = date(2026, 11, 3)


def seen(person: str, *offices: CallerRole) -> Caller:
    return Caller(person, frozenset(offices), "oidc:x", DAY)


def test_an_office_is_noted_once_a_day_and_replaces_what_was_noted() -> None:
    house = MemoryHouse(registry())
    store, view = MemorySignIns(house), MemoryRegistryView(house)
    note_offices(store, seen("boss-mid"), DAY)
    assert view.seen_officers() == []
    for _ in range(2):
        note_offices(store, seen("officer", "compliance"), DAY)
    first = SeenOfficer(person="officer", days={"compliance": DAY}, version=1)
    assert view.seen_officers() == [first]
    later = DAY + timedelta(1)
    note_offices(store, seen("officer", "registrar"), later)
    (now,) = view.seen_officers()
    assert (now.days, now.version) == ({"registrar": later}, 2)
    # Somebody else was faster: theirs stays.
    store.note_officer(first)
    assert view.seen_officers() == [now]


def test_whoever_was_not_seen_for_long_holds_nothing_that_is_known() -> None:
    both = [
        SeenOfficer(person="a", days={"compliance": DAY, "registrar": DAY - KNOWN_FOR}),
        SeenOfficer(person="b", days={"compliance": DAY - KNOWN_FOR - timedelta(1)}),
    ]
    assert holders_seen(both, DAY) == {"compliance": {"a"}, "registrar": {"a"}}
    assert holders_seen([], DAY) == {}
