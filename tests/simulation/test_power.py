"""Power grows by two, or not at all: no sequence breaks it, and each escalation is found."""

from __future__ import annotations

from functools import partial
from unittest import mock

import pytest
from msgspec.structs import replace

from rolecall.model import Entity
from rolecall.usecases.governance.preconditions import etag
from rolecall.usecases.governance.recorded_changes import RegistryChange
from rolecall.usecases.governance.registry_changes import approve_change, put_record
from rolecall.usecases.identity.permissions import Caller
from tests.api import description
from tests.cloud import cloud
from tests.simulation.cast import HUMANS
from tests.simulation.escalations import ESCALATIONS
from tests.simulation.organisation import Organisation
from tests.simulation.requests import REQUESTS, WEIGHTS
from tests.simulation.sequences import broken, performed, sequence
from tests.stores.memory import MemoryChanges
from tests.tiers import cases, some

SEQUENCES, PARTS = cases("sequences"), 8
MOST = 400
"""Sequences in which an escalation is found."""


# Over and over the same code: other tests say whether it is covered.
pytestmark = pytest.mark.no_cover


@pytest.mark.parametrize("part", range(PARTS))
def test_power_grows_by_two_or_not_at_all(part: int) -> None:
    found = broken(range(part, SEQUENCES, PARTS))
    assert found is None, str(found)


def test_a_sequence_follows_from_its_seed() -> None:
    one, two = (performed(sequence(7)) for _ in range(2))
    assert one.told == two.told
    assert [event.id for event in one.house.events] == [event.id for event in two.house.events]
    assert sequence(7) != sequence(8)


def asked_at_once(org: Organisation) -> None:
    """Have two approvals meet, of which each alone makes no circle."""
    officer, _, clerk, *_ = HUMANS

    def approval(id_: str) -> None:
        def work(caller: Caller) -> None:
            approve_change(org.changes, caller, org.at, id_)

        org.serve("approval", officer, work, partner=clerk)

    def moved(entity: str, parent: str) -> str:
        def work(caller: Caller) -> RegistryChange | None:
            held = org.changes.held("entities", (entity,)).record
            assert isinstance(held, Entity)
            made = replace(held, parent_id=parent)
            seen = etag(held)
            return put_record(
                org.changes,
                *(caller, org.at, "entities", (entity,), made),
                match=seen,
                none_match=None,
            )[1]

        found: RegistryChange | None = org.serve("move", clerk, work)
        assert found is not None
        return found.id

    one, two = moved("sib", "leaf"), moved("leaf", "sib")
    org.rival = partial(approval, two)
    approval(one)


def test_a_circle_would_be_seen() -> None:
    sound, round_ = Organisation(), Organisation()
    asked_at_once(sound)
    assert sound.wrong == []
    with mock.patch.object(MemoryChanges, "_invariants", return_value=()):
        asked_at_once(round_)
    assert round_.wrong == ["the entities are a circle"]


def test_every_request_that_writes_is_asked() -> None:
    with cloud() as sky:
        about = description(sky.function("api"))["paths"]
    writing = {
        f"{method.upper()} {path}"
        for path, methods in about.items()
        for method in methods
        if method != "get"
    }
    assert writing == {name for name in REQUESTS if " /v1/" in name}
    assert set(WEIGHTS) == set(REQUESTS)


@pytest.mark.parametrize("name", some(ESCALATIONS))
def test_each_escalation_that_is_put_back_is_found(name: str) -> None:
    escalation = ESCALATIONS[name]
    with escalation.put_back():
        found = broken(range(MOST), escalation.kinds)
    assert found is not None
    assert any(escalation.sign in one for one in found.wrong), str(found)
    # It is what was put back that broke it: the same steps break nothing without.
    assert broken([found.seed], escalation.kinds) is None
