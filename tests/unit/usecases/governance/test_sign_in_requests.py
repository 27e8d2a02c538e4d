"""Who is locked out is let in by two others, and everybody else stays who they are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from rolecall.errors import ConflictError, DeniedError, NotFoundError, PreconditionError, UsageError
from rolecall.usecases.governance.preconditions import etag
from rolecall.usecases.governance.sign_in_requests import (
    SignInRequest,
    approve_sign_in,
    ask_sign_in,
    refuse_sign_in,
    sign_in_request_of,
)
from rolecall.usecases.identity.sign_in import mark_of, sign_in
from tests.api import ISSUER, OFFICES, claims, registry
from tests.stores.memory import MemoryHouse, MemoryRoster, MemorySignInRequests, MemorySignIns
from tests.unit.usecases.revoking.test_revocations import caller

AT = datetime(2026, 11, 3, 9, tzinfo=UTC)
WHY = "their telephone with the second factor was lost"
CLERK, OFFICER = caller("clerk", "registrar"), caller("officer", "compliance")
OLD = claims("head-mid@example.org")
NEW = {**OLD, "sub": "made anew"}
ELSEWHERE = {**OLD, "iss": "https://new.example", "email_verified": ""}
MARK = mark_of(ISSUER, "made anew")


class House:
    """A registry, who signed in, and what is asked for."""

    def __init__(self) -> None:
        self.kept = MemoryHouse(registry())
        self.requests = MemorySignInRequests(self.kept)
        self.at = AT

    def signs_in(self, token: dict[str, str], hours: int = 0) -> str:
        roster, sign_ins = MemoryRoster(self.kept), MemorySignIns(self.kept)
        return sign_in(roster, sign_ins, token, AT + timedelta(hours=hours), OFFICES).person

    def ask(self, by: Any = CLERK, person: str = "head-mid", mark: str | None = MARK) -> Any:
        return ask_sign_in(self.requests, by, self.at, person, mark, WHY)

    def approve(self, by: Any = OFFICER, person: str = "head-mid") -> SignInRequest:
        tag = etag(self.requests.sign_in_request(person))
        return approve_sign_in(self.requests, by, self.at, person, tag)

    def actions(self) -> list[str]:
        return [one.action.partition(".")[2] for one in self.kept.events]


@pytest.fixture
def house() -> House:
    made = House()
    assert made.signs_in(OLD) == "head-mid"
    return made


def refused_mark(house: House, token: dict[str, str]) -> str:
    """Return the mark that whoever is refused is told."""
    with pytest.raises(DeniedError) as refused:
        house.signs_in(token)
    return str(refused.value).rpartition(" ")[2]


@pytest.mark.parametrize("token", [NEW, ELSEWHERE], ids=["made anew", "an issuer without"])
def test_who_is_refused_is_told_the_mark_by_which_two_let_them_in(
    house: House, token: dict[str, str]
) -> None:
    mark = refused_mark(house, token)
    assert mark == mark_of(token["iss"], token["sub"])
    assert house.ask(mark=mark).state == "waiting"
    assert refused_mark(house, token) == mark
    assert house.signs_in(OLD) == "head-mid"
    made = house.approve()
    assert (made.state, made.decided_by) == ("approved", "officer")
    assert house.signs_in(token) == "head-mid"
    # What was theirs is nobody's by now; it is not taken for a first time.
    assert refused_mark(house, OLD) == mark_of(ISSUER, OLD["sub"])
    assert house.actions() == ["bound", "requested", "approved"]


def test_a_sign_in_is_let_go_and_the_next_one_with_the_address_is_theirs(house: House) -> None:
    house.ask(mark=None)
    house.approve()
    assert house.signs_in(NEW, 1) == "head-mid"
    assert refused_mark(house, OLD)
    # And back again, to the very sign-in that they had.
    house.ask(mark=None)
    house.approve()
    assert house.signs_in(OLD, 2) == "head-mid"
    assert house.actions().count("bound") == 3


def test_it_takes_two_and_neither_is_the_person(house: House) -> None:
    own = caller("head-mid", "registrar")
    with pytest.raises(ConflictError) as refused:
        house.ask(by=own)
    assert refused.value.kind == "self-approval"
    house.ask()
    for by in (CLERK, own, caller("head-mid", "compliance")):
        with pytest.raises(ConflictError) as refused:
            house.approve(by=by)
        assert refused.value.kind == "self-approval"
    assert refused_mark(house, NEW) == MARK
    assert house.approve(by=caller("it-sib", "registrar")).state == "approved"


def test_another_persons_sign_in_is_not_given_away(house: House) -> None:
    theirs = mark_of(ISSUER, OLD["sub"])
    with pytest.raises(ConflictError) as refused:
        house.ask(person="boss-mid", mark=theirs)
    assert refused.value.kind == "sign-in-taken"
    # Nor when it became theirs since.
    house.ask(person="boss-mid")
    house.ask()
    house.approve()
    with pytest.raises(ConflictError) as refused:
        house.approve(person="boss-mid")
    assert refused.value.kind == "sign-in-taken"
    assert house.signs_in(NEW) == "head-mid"


@pytest.mark.parametrize("groups", [(), ("compliance",)])
def test_registrars_alone_ask_and_offices_alone_see(house: House, groups: tuple[str, ...]) -> None:
    by = caller("boss-mid", *groups)
    for person in ("head-mid", "nobody"):
        with pytest.raises(NotFoundError, match=f"there is no person {person}"):
            house.ask(by=by, person=person)
    with pytest.raises(NotFoundError):
        house.ask(person="nobody")
    house.ask()
    if groups:
        return
    with pytest.raises(NotFoundError):
        sign_in_request_of(house.requests, by, "head-mid")
    with pytest.raises(NotFoundError):
        house.approve(by=by)
    with pytest.raises(NotFoundError):
        refuse_sign_in(house.requests, by, AT, "head-mid", WHY)


def test_what_is_approved_is_what_was_read(house: House) -> None:
    first = house.ask(mark=None)
    refuse_sign_in(house.requests, CLERK, AT, "head-mid", "asked for without the mark")
    house.ask()
    for match, kind in ((etag(first), "precondition-failed"), (None, "precondition-required")):
        with pytest.raises(PreconditionError) as refused:
            approve_sign_in(house.requests, OFFICER, AT, "head-mid", match)
        assert refused.value.kind == kind
    assert house.approve().mark == MARK


def test_one_request_waits_at_a_time_and_is_decided_once(house: House) -> None:
    first = house.ask()
    assert house.ask() == first
    other = caller("it-sib", "registrar")
    with pytest.raises(ConflictError) as refused:
        house.ask(by=other, mark=None)
    assert refused.value.kind == "change-waiting"
    made = refuse_sign_in(house.requests, OFFICER, AT, "head-mid", "nobody knows the caller")
    assert refuse_sign_in(house.requests, OFFICER, AT, "head-mid", WHY) == made
    with pytest.raises(ConflictError) as refused:
        house.approve()
    assert refused.value.kind == "change-over"
    assert house.ask(by=other, mark=None).version == 3
    house.approve()
    with pytest.raises(ConflictError):
        refuse_sign_in(house.requests, OFFICER, AT, "head-mid", WHY)


def test_a_request_ends_with_the_service_of_who_asked(house: House) -> None:
    house.ask()
    known = house.kept.get("person", "clerk")
    house.kept.items["person", "clerk"] = known._replace(
        value=replace(known.value, status="suspended")
    )
    with pytest.raises(ConflictError) as refused:
        house.approve()
    assert refused.value.kind == "change-over"
    assert house.ask(by=caller("it-sib", "registrar"), mark=None).mark is None


@pytest.mark.parametrize("reason", ["short", "write to head@example.org please"])
def test_a_reason_is_a_reason(house: House, reason: str) -> None:
    with pytest.raises(UsageError):
        ask_sign_in(house.requests, CLERK, AT, "head-mid", MARK, reason)


@pytest.mark.parametrize("mark", ["", "x", "A" * 64, f"{'a' * 64}\n", "head@example.org"])
def test_a_mark_is_a_mark(house: House, mark: str) -> None:
    with pytest.raises(UsageError, match="mark"):
        house.ask(mark=mark)


# -- offices --------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", [CLERK, OFFICER])
def test_an_officer_of_either_kind_asks_for_an_office_and_no_second_one_gives_it(
    house: House, by: Any
) -> None:
    made = ask_sign_in(house.requests, by, AT, "head-mid", None, WHY, "registrar")
    assert (made.state, made.office, made.requested_by) == ("waiting", "registrar", by.person)
    other = OFFICER if by is CLERK else CLERK
    with pytest.raises(ConflictError, match="given by the operator"):
        house.approve(other)
    assert house.signs_in(OLD) == "head-mid"
    refused = refuse_sign_in(house.requests, other, AT, "head-mid", WHY)
    assert (refused.state, refused.office) == ("refused", "registrar")
    last = [one.action for one in house.kept.events][-2:]
    assert last == ["office.requested", "office.refused"]
    assert house.kept.events[-1].payload["office"] == "registrar"
    assert "mark" not in house.kept.events[-1].payload


def test_an_office_is_asked_for_by_others_and_without_a_mark(house: House) -> None:
    with pytest.raises(ConflictError, match="your own"):
        ask_sign_in(house.requests, OFFICER, AT, "officer", None, WHY, "registrar")
    with pytest.raises(NotFoundError):
        ask_sign_in(house.requests, caller("head-mid"), AT, "clerk", None, WHY, "registrar")
    with pytest.raises(UsageError, match="leave it out"):
        ask_sign_in(house.requests, OFFICER, AT, "head-mid", MARK, WHY, "registrar")
    # An officer of compliance asks for no sign-in, as before.
    with pytest.raises(NotFoundError):
        ask_sign_in(house.requests, OFFICER, AT, "head-mid", MARK, WHY)


def test_an_office_holds_nobody_up_who_is_locked_out_and_takes_no_request_away(
    house: House,
) -> None:
    first = ask_sign_in(house.requests, OFFICER, AT, "head-mid", None, WHY, "registrar")
    again = ask_sign_in(house.requests, OFFICER, AT, "head-mid", None, WHY, "registrar")
    assert again.version == first.version + 1
    locked_out = house.ask()
    assert (locked_out.mark, locked_out.office) == (MARK, None)
    with pytest.raises(ConflictError, match="another request waits"):
        ask_sign_in(house.requests, OFFICER, AT, "head-mid", None, WHY, "registrar")
    assert house.approve().state == "approved"


@pytest.mark.parametrize("mark", [None, MARK], ids=["let go", "another"])
def test_what_somebody_asked_for_ends_with_the_sign_in_by_which_they_asked(
    house: House, mark: str | None
) -> None:
    """Whoever had the sign-in is not the person, two say: so the person asked for nothing."""
    assert house.signs_in(claims("clerk@example.org")) == "clerk"
    house.ask(mark=mark_of(ISSUER, "theirs"))
    other = caller("it-mid", "compliance")
    house.ask(caller("it-mid", "registrar"), "clerk", mark)
    assert house.approve(OFFICER, "clerk").state == "approved"
    for minutes in (0, 1):
        house.at = AT + timedelta(minutes=minutes)
        with pytest.raises(ConflictError) as refused:
            house.approve(other)
        assert refused.value.kind == "change-over"
    # It holds up nobody, and is asked for anew by whoever is the person.
    anew = house.ask(mark=mark_of(ISSUER, "theirs"))
    assert (anew.state, anew.requested_at) == ("waiting", house.at)
    assert house.approve(other).state == "approved"


def test_a_sign_in_that_is_let_go_meanwhile_ends_what_was_asked_for_by_it(house: House) -> None:
    assert house.signs_in(claims("clerk@example.org")) == "clerk"
    house.ask()
    house.ask(caller("it-mid", "registrar"), "clerk", None)
    house.kept.meanwhile = lambda: house.approve(OFFICER, "clerk")
    with pytest.raises(ConflictError) as refused:
        house.approve(caller("it-mid", "compliance"))
    assert refused.value.kind == "change-over"


def test_whose_sign_in_it_was_neither_asks_nor_approves(house: House) -> None:
    """Who signs in by it is the same human being, whoever they are on record by now."""
    another = caller("it-mid", "compliance")
    for officer, person, token in (("officer", "officer", "anew"), ("clerk", "clerk", "anew too")):
        assert house.signs_in(claims(f"{officer}@example.org")) == officer
        by = another if officer == "clerk" else CLERK
        house.ask(caller(by.person, "registrar"), person, mark_of(ISSUER, token))
        house.approve(OFFICER if officer == "clerk" else another, person)
    house.at += timedelta(hours=1)
    officers, clerks = (
        mark_of(ISSUER, claims(f"{one}@example.org")["sub"]) for one in ("officer", "clerk")
    )
    with pytest.raises(ConflictError) as refused:
        house.ask(CLERK, mark=clerks)
    assert refused.value.kind == "self-approval"
    house.ask(CLERK, mark=officers)
    with pytest.raises(ConflictError) as refused:
        house.approve(OFFICER)
    assert refused.value.kind == "self-approval"
    assert house.approve(another).state == "approved"
    # And that one's as long as anybody may remember.
    house.ask(CLERK, mark=None)
    house.approve(another)
    house.ask(CLERK, "head-sib", officers)
    with pytest.raises(ConflictError):
        house.approve(OFFICER, "head-sib")
