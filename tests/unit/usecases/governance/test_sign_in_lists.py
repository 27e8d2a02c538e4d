"""Hundreds are let in by two, each once, and whoever cannot be is left out by name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from rolecall.errors import (
    ConflictError,
    DeniedError,
    NotFoundError,
    PreconditionError,
    UsageError,
)
from rolecall.model import Person
from rolecall.usecases.governance import sign_in_list_decisions
from rolecall.usecases.governance.preconditions import etag
from rolecall.usecases.governance.sign_in_list_decisions import (
    MOST_LISTED,
    WantedSignIn,
    approve_sign_in_list,
    ask_sign_ins,
    refuse_sign_in_list,
)
from rolecall.usecases.governance.sign_in_lists import (
    SignInList,
    described_sign_ins,
    sign_in_list_of,
)
from rolecall.usecases.governance.sign_in_requests import approve_sign_in, ask_sign_in
from rolecall.usecases.identity.sign_in import mark_of, sign_in
from tests.api import ISSUER, OFFICES, claims, registry
from tests.stores.memory import Kept, MemoryHouse, MemoryRoster, MemorySignInRequests, MemorySignIns
from tests.unit.usecases.revoking.test_revocations import caller

AT = datetime(2026, 11, 3, 9, tzinfo=UTC)
WHY = "the organisation has a new issuer"
CLERK, OFFICER = caller("clerk", "registrar"), caller("officer", "compliance")
HEADS = ("head-mid", "head-sib", "it-mid")
OTHERS = "another request of their own was made since"


def old(person: str) -> dict[str, str]:
    return claims(f"{person}@example.org")


def new(person: str) -> dict[str, str]:
    return {**old(person), "sub": f"new {person}"}


class House:
    """A registry whose people signed in, and lists of them."""

    def __init__(self) -> None:
        self.kept = MemoryHouse(registry())
        self.store = MemorySignInRequests(self.kept)

    def signs_in(self, token: dict[str, str]) -> str:
        roster, sign_ins = MemoryRoster(self.kept), MemorySignIns(self.kept)
        return sign_in(roster, sign_ins, token, AT, OFFICES).person

    def ask(self, *people: str, by: Any = CLERK, mark: bool = False) -> SignInList:
        wanted = [
            WantedSignIn(one, mark_of(ISSUER, f"new {one}") if mark else None) for one in people
        ]
        return ask_sign_ins(self.store, by, AT, wanted, WHY)

    def approve(self, id_: str, by: Any = OFFICER, hours: int = 1) -> SignInList:
        seen, at = etag(self.store.sign_in_list(id_)), AT + timedelta(hours=hours)
        return approve_sign_in_list(self.store, by, at, id_, seen)

    def told(self, id_: str) -> dict[str, tuple[str, str]]:
        known = self.store.sign_in_list(id_)
        assert known is not None
        found = described_sign_ins(self.store, known, AT).people
        return {one.person: (one.standing, one.why) for one in found}

    def change(self, person: str, **fields: Any) -> None:
        known = self.kept.get("person", person)
        self.kept.items["person", person] = known._replace(value=replace(known.value, **fields))


@pytest.fixture
def house() -> House:
    made = House()
    for person in (*HEADS, "clerk", "officer"):
        assert made.signs_in(old(person)) == person
    made.kept.events.clear()
    return made


@pytest.mark.parametrize("mark", [False, True])
def test_two_let_in_many_each_with_a_record(house: House, mark: bool) -> None:
    made = house.ask(*HEADS, mark=mark)
    assert (made.state, made.left_out) == ("waiting", ())
    assert house.signs_in(old("head-mid")) == "head-mid"
    house.approve(made.id)
    assert {one for one, _ in house.told(made.id).values()} == {"done"}
    for person in HEADS:
        assert house.signs_in(new(person)) == person
        with pytest.raises(DeniedError):
            house.signs_in(old(person))
    seen = [(one.action, one.subject and one.subject.person) for one in house.kept.events]
    assert seen[:2] == [("identity.requested", None), ("identity.approved", None)]
    assert seen[2:5] == [("identity.approved", one) for one in HEADS]
    asked, approved, *each = house.kept.events[:5]
    assert asked.payload["digest"] == approved.payload["digest"]
    assert {one.payload["list"] for one in each} == {made.id}


def test_whoever_gains_neither_asks_nor_approves(house: House) -> None:
    made = house.ask("clerk", "officer", *HEADS)
    assert [one.person for one in made.left_out] == ["clerk"]
    with pytest.raises(ConflictError) as refused:
        house.approve(made.id, by=CLERK)
    assert refused.value.kind == "self-approval"
    house.approve(made.id)
    assert house.told(made.id)["officer"][0] == "left out"
    assert house.signs_in(old("officer")) == "officer"
    assert house.signs_in(old("clerk")) == "clerk"
    assert house.signs_in(new("head-mid")) == "head-mid"
    # Nor does another go on with what one approved.
    with pytest.raises(ConflictError) as refused:
        house.approve(made.id, by=caller("it-sib", "registrar"))
    assert refused.value.kind == "change-over"


def test_whose_sign_in_it_was_lets_nobody_in_by_it(house: House) -> None:
    other = house.ask("officer", mark=True)
    house.approve(other.id, by=caller("it-sib", "compliance"))
    assert house.signs_in(new("officer")) == "officer"
    wanted = [WantedSignIn("head-mid", mark_of(ISSUER, old("officer")["sub"]))]
    made = ask_sign_ins(house.store, CLERK, AT, wanted, WHY)
    house.approve(made.id)
    assert house.told(made.id)["head-mid"][0] == "left out"


def test_who_cannot_be_let_in_is_named_when_it_is_asked_for(house: House) -> None:
    ask_sign_in(house.store, CLERK, AT, "it-mid", None, WHY)
    taken = WantedSignIn("head-sib", mark_of(ISSUER, old("head-mid")["sub"]))
    theirs = WantedSignIn("officer", mark_of(ISSUER, old("officer")["sub"]))
    wanted = [*map(WantedSignIn, ("head-mid", "it-mid", "boss-mid", "nobody", "gone"))]
    made = ask_sign_ins(house.store, CLERK, AT, [*wanted, taken, theirs], WHY)
    assert [one.person for one in made.people] == ["head-mid"]
    assert {one.person: one.why for one in made.left_out} == {
        "it-mid": "a request of their own waits; decide that first",
        "boss-mid": "they have no sign-in; the next one with their address is theirs",
        "nobody": "there is no such person who serves",
        "gone": "there is no such person who serves",
        "head-sib": "that sign-in is another person's",
        "officer": "it is theirs",
    }
    with pytest.raises(ConflictError, match="nobody: there is no such person") as refused:
        house.ask("nobody")
    assert refused.value.kind == "nobody-listed"


def test_who_cannot_be_let_in_any_more_is_named_and_the_others_are(house: House) -> None:
    made = house.ask(*HEADS, "boss-mid", mark=True)
    house.change("head-sib", status="suspended")
    # One is let in by two meanwhile, and what they got is not taken from them.
    mark = mark_of(ISSUER, "a telephone")
    ask_sign_in(house.store, CLERK, AT, "it-mid", mark, WHY)
    seen = etag(house.store.sign_in_request("it-mid"))
    approve_sign_in(house.store, OFFICER, AT, "it-mid", seen)
    other = ask_sign_in(house.store, CLERK, AT, "person-mid", mark_of(ISSUER, "new boss-mid"), WHY)
    approve_sign_in(house.store, OFFICER, AT, "person-mid", etag(other))
    house.approve(made.id)
    assert house.told(made.id) == {
        "head-mid": ("done", ""),
        "head-sib": ("left out", "there is no such person who serves"),
        "it-mid": ("left out", OTHERS),
        "boss-mid": ("left out", "that sign-in is another person's"),
    }
    assert house.store.mark_of_person("it-mid") == mark


def test_an_approval_that_was_interrupted_goes_on_and_does_nothing_twice(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sign_in_list_decisions, "_AT_ONCE", 1)
    made = house.ask(*HEADS)
    house.approve(made.id)
    assert [one for one, _ in house.told(made.id).values()] == ["done", "waiting", "waiting"]
    # Who is let in signs in, and is let in otherwise by two: the list does not undo that.
    assert house.signs_in(new("head-mid")) == "head-mid"
    again = ask_sign_in(house.store, CLERK, AT, "head-mid", mark_of(ISSUER, "third"), WHY)
    approve_sign_in(house.store, OFFICER, AT, "head-mid", etag(again))
    for _ in range(4):
        house.approve(made.id, hours=20)
    assert house.told(made.id) == {
        "head-mid": ("left out", OTHERS),
        "head-sib": ("done", ""),
        "it-mid": ("done", ""),
    }
    assert house.store.mark_of_person("head-mid") == mark_of(ISSUER, "third")
    of_list = [one for one in house.kept.events if one.payload.get("list") == made.id]
    assert len(of_list) == 5
    with pytest.raises(ConflictError, match="over a day ago"):
        house.approve(made.id, hours=26)


def test_what_is_approved_is_what_was_read_and_what_serves(house: House) -> None:
    made = house.ask(*HEADS)
    for match in (None, '"another"'):
        with pytest.raises(PreconditionError):
            approve_sign_in_list(house.store, OFFICER, AT, made.id, match)
    house.change("clerk", status="suspended")
    with pytest.raises(ConflictError) as refused:
        house.approve(made.id)
    assert refused.value.kind == "change-over"
    assert house.signs_in(old("head-mid")) == "head-mid"


def test_a_list_ends_with_the_sign_in_by_which_it_was_asked_for(house: House) -> None:
    made = house.ask(*HEADS)
    house.kept.items["sign-in changed", "clerk"] = Kept(AT, 1)
    with pytest.raises(ConflictError) as refused:
        house.approve(made.id)
    assert refused.value.kind == "change-over"
    assert house.signs_in(old("head-mid")) == "head-mid"


def test_a_list_is_refused_or_approved(house: House) -> None:
    made = house.ask(*HEADS)
    no = refuse_sign_in_list(house.store, CLERK, AT, made.id, WHY)
    assert refuse_sign_in_list(house.store, OFFICER, AT, made.id, WHY) == no
    assert {one[0] for one in house.told(made.id).values()} == {"left out"}
    with pytest.raises(ConflictError):
        house.approve(made.id)
    wanted = [WantedSignIn("head-mid")]
    later = ask_sign_ins(house.store, CLERK, AT + timedelta(hours=1), wanted, WHY)
    house.approve(later.id)
    with pytest.raises(ConflictError, match="approved"):
        refuse_sign_in_list(house.store, OFFICER, AT, later.id, WHY)


WRONG = {
    "nobody": [],
    "too many": [WantedSignIn(f"p-{number}") for number in range(MOST_LISTED + 1)],
    "a person twice": [WantedSignIn("head-mid"), WantedSignIn("head-mid", "a" * 64)],
    "a mark twice": [WantedSignIn("head-mid", "a" * 64), WantedSignIn("it-mid", "a" * 64)],
    "no mark": [WantedSignIn("head-mid", "A" * 64)],
    "long ids": [WantedSignIn(f"{number}{'x' * 999}") for number in range(110)],
}


@pytest.mark.parametrize("wanted", WRONG.values(), ids=WRONG)
def test_a_list_is_one(house: House, wanted: list[WantedSignIn]) -> None:
    with pytest.raises(UsageError, match="people: "):
        ask_sign_ins(house.store, CLERK, AT, wanted, WHY)


@pytest.mark.parametrize("groups", [(), ("compliance",)])
def test_registrars_alone_ask_and_offices_alone_see(house: House, groups: tuple[str, ...]) -> None:
    by = caller("boss-mid", *groups)
    with pytest.raises(NotFoundError):
        house.ask(*HEADS, by=by)
    made = house.ask(*HEADS)
    if groups:
        assert sign_in_list_of(house.store, by, made.id) == made
        return
    works: tuple[Callable[[], SignInList], ...] = (
        lambda: sign_in_list_of(house.store, by, made.id),
        lambda: house.approve(made.id, by=by),
        lambda: refuse_sign_in_list(house.store, by, AT, made.id, WHY),
    )
    for work in works:
        with pytest.raises(NotFoundError):
            work()


def test_a_full_list_is_let_in_by_a_few_requests(house: House) -> None:
    like = house.kept.get("person", "boss-mid").value
    assert isinstance(like, Person)
    people = [f"p-{number}" for number in range(MOST_LISTED)]
    for one in people:
        house.kept.items["person", one] = house.kept.get("person", "boss-mid")._replace(
            value=replace(like, id=one, email=f"{one}@example.org")
        )
    made = house.ask(*people, mark=True)
    asked = 0
    while any(one == "waiting" for one, _ in house.told(made.id).values()):
        house.approve(made.id)
        asked += 1
    assert asked == 5
    assert {one for one, _ in house.told(made.id).values()} == {"done"}


def test_a_race_is_decided_anew(house: House) -> None:
    made = house.ask("head-mid", mark=True)
    store, kept = house.store, house.kept
    found = store.keep_sign_in_request
    meanwhile = iter([None])

    def overtaken(request: Any, event: Any) -> None:
        for _ in meanwhile:
            # Somebody asks for one of their own between reading and writing.
            ask_sign_in(MemorySignInRequests(kept), CLERK, AT, "head-mid", None, WHY)
        found(request, event)

    store.keep_sign_in_request = overtaken  # type: ignore[method-assign]
    house.approve(made.id)
    assert house.told(made.id) == {"head-mid": ("left out", OTHERS)}
    assert house.signs_in(old("head-mid")) == "head-mid"
