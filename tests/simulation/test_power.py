"""Power grows by two, or not at all: no sequence breaks it, and each escalation is found."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from unittest import mock

import pytest
from msgspec.structs import replace

from rolecall.model import Entity, Person
from rolecall.usecases.governance.preconditions import etag
from rolecall.usecases.governance.recorded_changes import RegistryChange
from rolecall.usecases.governance.registry_changes import approve_change, put_record
from rolecall.usecases.governance.taking_away import MOST_TAKEN
from rolecall.usecases.identity.permissions import Caller
from tests.api import description
from tests.cloud import cloud
from tests.simulation.authority import Human
from tests.simulation.cast import HUMANS
from tests.simulation.escalations import ESCALATIONS
from tests.simulation.organisation import Organisation
from tests.simulation.requests import REQUESTS, WEIGHTS
from tests.simulation.sequences import broken, performed, sequence
from tests.stores.memory import Kept, MemoryChanges
from tests.tiers import cases, some

SEQUENCES, PARTS = cases("sequences"), 8
MOST = 400
"""Sequences in which an escalation is found."""
BROKE_ONCE = (5758, 14816, 19837)
"""Sequences that were found by trying more of them than before every commit: an officer who was
seen for the first time while somebody suspended them, and what somebody asked for by a sign-in that
was let go since."""


# Over and over the same code: other tests say whether it is covered.
pytestmark = pytest.mark.no_cover


@pytest.mark.parametrize("part", range(PARTS))
def test_power_grows_by_two_or_not_at_all(part: int) -> None:
    found = broken(range(part, SEQUENCES, PARTS))
    assert found is None, str(found)


@pytest.mark.parametrize("seed", BROKE_ONCE)
def test_a_sequence_that_broke_something_once_breaks_it_no_more(seed: int) -> None:
    assert performed(sequence(seed)).wrong == []


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
    # Both were asked for by one, whose sign-in each approval writes: that would be in the way too.
    with (
        mock.patch.object(MemoryChanges, "_invariants", return_value=()),
        mock.patch("tests.stores.memory.asked_puts", return_value=()),
    ):
        asked_at_once(round_)
    assert round_.wrong == ["the entities are a circle"]


def suspension(org: Organisation, by: Human, whom: Human) -> object:
    """Have one suspend another; return what waits, or nothing."""

    def work(caller: Caller) -> RegistryChange | None:
        held = org.changes.held("people", (whom.name,)).record
        assert isinstance(held, Person)
        return put_record(
            org.changes,
            *(caller, org.at, "people", (whom.name,), replace(held, status="suspended")),
            match=etag(held),
            none_match=None,
        )[1]

    return org.serve("suspend", by, work)


def waiting(org: Organisation, by: Human, whom: Human) -> str:
    """Have somebody suspend another who has no taking away left; return the change that waits."""
    org.house.items["taken", by.name] = Kept((org.at,) * MOST_TAKEN, 1)
    found = suspension(org, by, whom)
    assert isinstance(found, RegistryChange)
    return found.id


def serving(org: Organisation) -> set[str]:
    """Return the ids of those who serve."""
    return {one.id for one in org.house.under("person") if one.is_active(org.at.date())}


def told_of(org: Organisation) -> list[str]:
    """Return who was suspended, as the log has it."""
    edits = [event for event in org.house.events if event.action == "registry.changed"]
    return [event.subject.person for event in edits if event.subject is not None]


@pytest.mark.parametrize("turn", [1, -1])
def test_of_two_who_suspend_each_other_one_goes_on(turn: int) -> None:
    """Both had signed in before either was suspended: the second learns that they are."""
    org = Organisation()
    _, _, *clerks = HUMANS[:4]
    one, other = clerks[::turn]
    org.rival = partial(suspension, org, other, one)
    suspension(org, one, other)
    assert other.name in serving(org)
    assert one.name not in serving(org)
    assert told_of(org) == [one.name]
    assert org.wrong == []
    # Who is suspended asks for nothing more, and the other can be asked for a way back.
    suspension(org, one, other)
    assert other.name in serving(org)


@pytest.mark.parametrize("approves_first", [True, False])
def test_of_an_officer_and_a_registrar_who_suspend_each_other_one_goes_on(
    approves_first: bool,
) -> None:
    """An officer approves that a registrar is suspended, who suspends the officer meanwhile."""
    org = Organisation()
    officer, second_officer, clerk, other, *_ = HUMANS
    # Where nobody else was seen in the office, that the officer is suspended waits for a second.
    org.serve("sign in", second_officer, lambda _: None)
    id_ = waiting(org, other, clerk)

    def approval() -> None:
        def work(caller: Caller) -> None:
            approve_change(org.changes, caller, org.at, id_)

        org.serve("approval", officer, work, partner=other)

    steps: list[Callable[[], object]] = [approval, partial(suspension, org, clerk, officer)]
    first, second = steps if approves_first else steps[::-1]
    # What gets between the reading and the commit of the second is done first.
    org.rival = first
    second()
    gone = {officer.name, clerk.name} - serving(org)
    assert gone == {clerk.name if approves_first else officer.name}
    assert told_of(org) == sorted(gone)
    assert org.wrong == []


def test_what_somebody_asked_for_who_is_suspended_meanwhile_is_over() -> None:
    """The proposal of a suspended registrar ends, also one that is approved at that moment."""
    org = Organisation()
    officer, _, clerk, other, *_ = HUMANS
    id_ = waiting(org, other, officer)
    org.rival = partial(suspension, org, clerk, other)
    second = HUMANS[1]

    def work(caller: Caller) -> None:
        approve_change(org.changes, caller, org.at, id_)

    org.serve("approval", second, work, partner=other)
    assert other.name not in serving(org)
    assert officer.name in serving(org)
    assert "who asked for it does not serve any more" in org.told[-1]
    assert org.wrong == []


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
