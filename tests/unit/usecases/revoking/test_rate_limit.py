"""Who lets somebody go on whom the limit stopped: another head or IT delegate, never themselves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from rolecall.errors import BrakeError, NotFoundError
from rolecall.lineage import lineage_of
from rolecall.model import Entity
from rolecall.usecases.identity.permissions import is_steward
from rolecall.usecases.identity.stewardship import Stewardship
from rolecall.usecases.revoking.rate_limit import LIFTED, lift_brake
from tests.api import registry
from tests.stores.memory import MemoryHouse, MemoryRateLimit
from tests.unit.usecases.revoking.test_revocations import caller

AT = datetime(2026, 11, 3, 9, tzinfo=UTC)


class Entities:
    """The entities of the registry, and whose they are."""

    def __init__(self) -> None:
        self._by_id = {one.id: one for one in registry().entities}

    def stewardship(self, person: str, most: int) -> Stewardship:
        own = [one for one in self._by_id.values() if is_steward(person, one)]
        assert most == 0
        return Stewardship(tuple(own), None)

    def lineage(self, entity: str) -> list[Entity]:
        return list(lineage_of(entity, self._by_id))


ENTITIES = Entities()


@pytest.mark.parametrize("by", ["it-mid", "head-top", "it-top"])
def test_another_of_the_entity_or_above_lifts_it_for_an_hour(by: str) -> None:
    house = MemoryHouse(registry())
    limit = MemoryRateLimit(house, 1)
    limit.count("head-mid", AT)
    until = lift_brake(limit, ENTITIES, caller(by), AT, "head-mid")
    assert until == AT + LIFTED
    limit.count("head-mid", until - timedelta(seconds=1))
    limit.count("head-mid", until)
    with pytest.raises(BrakeError):
        limit.count("head-mid", until + timedelta(seconds=1))
    assert [(event.actor, event.action) for event in house.events] == [
        (by, "revocation.brake_lifted")
    ]


@pytest.mark.parametrize("by", ["head-mid", "head-leaf", "head-sib", "boss-mid", "officer"])
def test_nobody_else_does(by: str) -> None:
    house = MemoryHouse(registry())
    with pytest.raises(NotFoundError):
        lift_brake(MemoryRateLimit(house), ENTITIES, caller(by), AT, "head-mid")
    assert house.events == []


def test_a_race_is_tried_again() -> None:
    house = MemoryHouse(registry())
    limit = MemoryRateLimit(house, 1)
    house.meanwhile = lambda: lift_brake(limit, ENTITIES, caller("it-top"), AT, "head-mid")
    later = AT + timedelta(minutes=5)
    assert lift_brake(limit, ENTITIES, caller("it-mid"), later, "head-mid") == later + LIFTED
    assert len(house.events) == 2
