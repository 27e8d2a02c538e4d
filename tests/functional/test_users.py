"""Users of a stack, over a user pool: made for the roster, and officers only where two say so."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from unittest import mock

import pytest
from msgspec.structs import replace

from rolecall.aws import user_pool
from rolecall.aws.user_pool import CognitoPool
from rolecall.ledger.event import Event
from rolecall.ledger.log import records
from rolecall.model import Subject
from rolecall.usecases.identity.sign_in import mark_of
from tests.api import OFFICES, bring, call, registry, who
from tests.cloud import Cloud
from tests.functional.command import rolecall
from tests.pools import Pool

REASON = ("--reason", "the chancery wrote so on paper")


class Told(NamedTuple):
    """How a command ended, and what it said, with one space between words."""

    status: int
    text: str
    lines: Sequence[str]


@pytest.fixture
def pool(sky: Cloud, monkeypatch: pytest.MonkeyPatch) -> Pool:
    """Give a stack with a user pool, as the commands find it."""
    made = Pool()
    sky.outputs |= {
        "UserPoolId": made.id,
        "Issuer": made.issuer,
        "IssuerClient": "client-1",
        "ApiUrl": "https://api.example",
        "GroupsClaim": OFFICES.claim,
        "ComplianceGroupName": OFFICES.compliance,
        "RegistrarGroupName": OFFICES.registrar,
    }
    monkeypatch.setattr("rolecall.aws.remote.find_stack", lambda *_: sky.stack())
    monkeypatch.setattr(user_pool, "client", made.client)
    return made


@pytest.fixture
def users(pool: Pool) -> Callable[..., Told]:
    """Return the command, for this stack."""
    del pool

    def run(*arguments: str) -> Told:
        asks = arguments[0] != "list" and not (
            arguments[0] == "groups" and not {"--give", "--take"} & set(arguments)
        )
        done = rolecall("users", *arguments, "--stack", "test", *(("--yes",) if asks else ()))
        said = f"{done.text} {done.stderr}"
        return Told(done.status, " ".join(said.split()), done.text.splitlines())

    return run


def log(sky: Cloud, kind: str = "") -> list[Any]:
    """Return what the log has of users and offices."""
    return [
        one
        for one in records(sky.stack().log)
        if one.action.startswith(kind or ("user.", "office."))
    ]


# -- making them ----------------------------------------------------------------------------------


@pytest.mark.parametrize("named", ["head-mid", "HEAD-MID@example.org", "HEAD-mid"])
def test_a_user_is_made_for_a_person_with_the_address_of_the_roster(
    sky: Cloud, pool: Pool, users: Callable[..., Told], named: str
) -> None:
    # The name of the person is Head-Mid: an id goes first, and a name is found in any case.
    done = users("add", named)
    assert done.status == 0, done.text
    found = pool.named("head-mid@example.org")
    assert (found["email_verified"], found["status"]) == ("true", "FORCE_CHANGE_PASSWORD")
    # They may have no account at AWS, and are told what to type.
    assert "sign in with: rolecall login --api https://" in done.text
    assert f"--issuer {pool.issuer} --client client-1" in done.text
    (record,) = log(sky)
    assert (record.action, record.subject.person, record.entity) == (
        "user.added",
        "head-mid",
        "mid",
    )
    assert "@" not in str(record.payload)
    # And the API knows them by their first token.
    function = sky.function("api")
    token = {**who("head-mid"), "iss": pool.issuer, "sub": pool.subject("head-mid@example.org")}
    assert call(function, "GET", "/v1/me", token).body["person"]["id"] == "head-mid"
    again = users("add", "head-mid")
    assert "had a user already" in again.text
    assert len(log(sky)) == 1


def test_an_invitation_is_written_once_more(
    sky: Cloud, pool: Pool, users: Callable[..., Told]
) -> None:
    users("add", "head-mid")
    assert "once more" in users("add", "head-mid", "--resend").text
    assert [one.payload["how"] for one in log(sky)] == ["invited", "invited again"]
    assert pool.mails == 48
    # Whoever has a password of their own is not written to.
    pool.named("head-mid@example.org")["status"] = "CONFIRMED"
    assert "had a user already" in users("add", "head-mid", "--resend").text
    pool.named("head-mid@example.org")["status"] = "FORCE_CHANGE_PASSWORD"
    pool.mails = 0
    done = users("add", "boss-mid")
    assert done.status == 2
    assert "50 mails a day" in done.text


@pytest.mark.parametrize(
    ("named", "why"),
    [
        ("gone", "gone does not serve"),
        ("nobody", "nobody on the roster has the id, the name or the address nobody"),
        ("nobody@example.org", "nobody on the roster"),
        ("twin-a", "is not the address of twin-a alone"),
        ("Twin", "several people are called Twin; name one by the id: twin-a, twin-b"),
        ("mute", "mute has no address"),
    ],
)
def test_nobody_else_is_made_a_user(
    sky: Cloud, pool: Pool, users: Callable[..., Told], named: str, why: str
) -> None:
    known = registry()
    twin = replace(known.people[0], id="twin-a", name="Twin", email="twin@example.org")
    people = (
        *known.people,
        twin,
        replace(twin, id="twin-b", email="TWIN@example.org"),
        replace(twin, id="mute", name="Mute", email=None),
    )
    bring(sky, replace(known, people=people))
    done = users("add", named)
    assert done.status != 0
    assert why in done.text
    assert pool.users == {}
    assert log(sky) == []


def test_who_signed_in_as_another_user_is_told_to_be_let_in_by_two(
    sky: Cloud, pool: Pool, users: Callable[..., Told]
) -> None:
    function = sky.function("api")
    assert call(function, "GET", "/v1/me", {**who("head-mid"), "iss": pool.issuer}).status == 200
    done = users("add", "head-mid")
    assert "two officers let this one in" in done.text


# -- what there is --------------------------------------------------------------------------------


def test_the_list_says_who_is_who_and_what_does_not_fit(
    sky: Cloud, pool: Pool, users: Callable[..., Told]
) -> None:
    for address in ("officer", "gone", "stranger", "head-mid", "Head-Top", "head-top"):
        pool.make(f"{address}@example.org")
    pool.make("boss-mid@example.org", is_verified=False)
    pool.make("person-mid@example.org", has_signed_in=False)
    pool.put_into("officer@example.org", "compliance")
    pool.named("stranger@example.org")["enabled"] = False
    function = sky.function("api")
    # Of the two users of one address, one has signed in.
    token = {**who("head-top"), "iss": pool.issuer, "sub": pool.subject("head-top@example.org")}
    assert call(function, "GET", "/v1/me", token).status == 200
    done = users("list")
    assert done.status == 0, done.text
    lines = done.lines
    told: dict[str, list[str]] = {}
    for line in lines[:-1]:
        if not line.startswith("    !"):
            address = line.split()[0]
        told.setdefault(address, []).append(" ".join(line.split()))
    assert told["head-mid@example.org"] == [
        "head-mid@example.org active - never - head-mid (Head-Mid)",
        "! has no second factor",
    ]
    assert told["person-mid@example.org"] == [
        "person-mid@example.org invited - never - person-mid (Person-Mid)"
    ]
    assert (
        "officer@example.org active - never compliance officer (Officer)"
        in told["officer@example.org"]
    )
    assert any("nobody gave it through Rolecall" in one for one in told["officer@example.org"])
    assert any("does not serve" in one for one in told["gone@example.org"])
    assert told["stranger@example.org"] == ["stranger@example.org disabled - never - nobody"]
    assert any("does not say that the address is" in one for one in told["boss-mid@example.org"])
    assert "signed in" in told["head-top@example.org"][0]
    other = " ".join(told["Head-Top@example.org"])
    assert "signs in as another subject" in other
    assert "one of 2 users of head-top" in other
    assert lines[-1].startswith("8 users; ")
    assert users("list", "--check").status == 1


def test_a_list_where_everything_fits(pool: Pool, users: Callable[..., Told]) -> None:
    pool.make("head-mid@example.org", has_signed_in=False)
    done = users("list", "--check")
    assert (done.status, "everything fits" in done.text) == (0, True)


def test_a_pool_that_keeps_sign_ins_says_when(pool: Pool, users: Callable[..., Told]) -> None:
    pool.make("head-mid@example.org")
    at = datetime(2026, 11, 3, 9, 30, tzinfo=UTC)
    kinds = (("SignIn", "Fail", 2), ("ForgotPassword", "Pass", 1), ("SignIn", "Pass", 0))
    pool.events = [(kind, how, at + timedelta(late)) for kind, how, late in kinds]
    assert "2026-11-03 09:30" in users("list").text


# -- ending them ----------------------------------------------------------------------------------


def test_who_is_removed_signs_in_no_more_and_comes_back_without_an_office(
    sky: Cloud, pool: Pool, users: Callable[..., Told]
) -> None:
    for address in ("officer", "clerk"):
        pool.make(f"{address}@example.org")
    pool.put_into("officer@example.org", "compliance")
    pool.put_into("clerk@example.org", "registrar")
    ended: list[str] = []
    real = CognitoPool.end_sessions

    def end(self: CognitoPool, user: Any) -> None:
        ended.append(user.email)
        real(self, user)

    with mock.patch.object(CognitoPool, "end_sessions", end):
        done = users("remove", "clerk", *REASON)
    assert done.status == 0, done.text
    assert "an hour at most" in done.text
    assert ended == ["clerk@example.org"]
    assert not pool.named("clerk@example.org")["enabled"]
    assert pool.officers() == {"compliance": {"officer@example.org"}, "registrar": set()}
    assert [one.action for one in log(sky)] == ["office.taken", "user.removed"]
    assert log(sky)[-1].payload["reason"] == REASON[1]
    assert users("add", "clerk").status == 0
    assert pool.named("clerk@example.org")["enabled"]
    assert pool.officers()["registrar"] == set()
    assert users("remove", "clerk@example.org", *REASON, "--delete").status == 0
    assert len(pool.users) == 1


def test_a_user_whom_nobody_knows_is_removed_by_the_address(
    sky: Cloud, pool: Pool, users: Callable[..., Told]
) -> None:
    pool.make("stranger@elsewhere.example")
    assert users("remove", "stranger@elsewhere.example", *REASON, "--delete").status == 0
    assert pool.users == {}
    (record,) = log(sky)
    assert (record.action, record.subject) == ("user.removed", None)
    assert users("remove", "stranger@elsewhere.example", *REASON).status == 2


def test_who_was_stopped_with_an_office_is_not_let_in_with_it(
    pool: Pool, users: Callable[..., Told]
) -> None:
    pool.make("clerk@example.org")
    pool.put_into("clerk@example.org", "registrar")
    pool.named("clerk@example.org")["enabled"] = False
    done = users("add", "clerk")
    assert done.status != 0
    assert "was stopped with an office" in done.text
    assert not pool.named("clerk@example.org")["enabled"]


def test_the_last_officer_stays_unless_somebody_means_it(
    pool: Pool, users: Callable[..., Told]
) -> None:
    pool.make("officer@example.org")
    pool.put_into("officer@example.org", "compliance")
    for command in (
        ("remove", "officer", *REASON),
        ("groups", "officer", "--take", "compliance", *REASON),
    ):
        done = users(*command)
        assert done.status != 0
        assert "no officer would be left" in done.text
    assert pool.named("officer@example.org")["enabled"]
    assert pool.officers()["compliance"] == {"officer@example.org"}
    assert users("remove", "officer", *REASON, "--leave-nobody").status == 0
    assert pool.officers()["compliance"] == set()


def test_a_second_factor_is_set_up_anew(sky: Cloud, pool: Pool, users: Callable[..., Told]) -> None:
    pool.make("head-mid@example.org")
    none = users("reset-factor", "head-mid", *REASON)
    assert (none.status != 0, "no second factor to reset" in none.text) == (True, True)
    assert log(sky) == []
    pool.named("head-mid@example.org")["factors"] = ["SOFTWARE_TOKEN_MFA"]
    assert "active code never" in users("list").text
    done = users("reset-factor", "head-mid", *REASON)
    assert done.status == 0, done.text
    assert pool.asked[-2:] == ["AdminDeleteSoftwareToken", "AdminUserGlobalSignOut"]
    assert pool.named("head-mid@example.org")["factors"] == []
    (record,) = log(sky)
    assert (record.action, record.subject.person) == ("user.factor_reset", "head-mid")


# -- offices --------------------------------------------------------------------------------------


def give(users: Callable[..., Told], person: str, office: str) -> Told:
    return users("groups", person, "--give", office, *REASON)


def ask(sky: Cloud, pool: Pool, by: str, person: str, office: str, *groups: str) -> int:
    """Have an officer ask for an office of somebody through the API."""
    token = who(by, *groups, iss=pool.issuer, sub=pool.subject(f"{by}@example.org"))
    body = {"reason": REASON[1], "office": office}
    path = f"/v1/people/{person}/sign-in"
    return call(sky.function("api"), "POST", path, token, body).status


def test_the_first_officer_is_the_operators_and_each_further_one_takes_two(
    sky: Cloud, pool: Pool, users: Callable[..., Told]
) -> None:
    for name in ("officer", "clerk", "head-mid"):
        pool.make(f"{name}@example.org")
    assert give(users, "officer", "compliance").status == 0
    assert pool.officers() == {"compliance": {"officer@example.org"}, "registrar": set()}
    assert users("list").text.count("nobody gave") == 0
    # From here on the operator alone names nobody: no other one, and no other office of the same.
    for person, office in (
        ("clerk", "registrar"),
        ("clerk", "compliance"),
        ("officer", "registrar"),
    ):
        done = give(users, person, office)
        assert done.status != 0
        assert "none of them asked" in done.text
    assert ask(sky, pool, "officer", "clerk", "registrar", "compliance") == 202
    # Another person, or another office, was not asked for.
    assert give(users, "head-mid", "registrar").status != 0
    assert give(users, "clerk", "compliance").status != 0
    done = give(users, "clerk", "registrar")
    assert done.status == 0, done.text
    assert "officer asked for it" in done.text
    assert pool.officers()["registrar"] == {"clerk@example.org"}
    given = [one for one in log(sky) if one.action == "office.given"]
    told = {one.subject.person: one.payload["asked_by"] for one in given}
    assert told == {"officer": None, "clerk": "officer"}
    assert [one.action for one in log(sky, "office.requested")] == ["office.requested"]
    # What was asked for is good once.
    assert users("groups", "clerk", "--take", "registrar", *REASON).status == 0
    assert give(users, "clerk", "registrar").status != 0
    assert pool.officers()["registrar"] == set()


def test_nobody_asks_for_their_own_and_nobody_who_is_no_officer(sky: Cloud, pool: Pool) -> None:
    for name in ("officer", "head-mid"):
        pool.make(f"{name}@example.org")
    assert ask(sky, pool, "officer", "officer", "registrar", "compliance") == 409
    assert ask(sky, pool, "head-mid", "clerk", "registrar") == 404


def test_what_was_refused_or_is_old_gives_nothing(
    sky: Cloud, pool: Pool, users: Callable[..., Told], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("officer", "clerk"):
        pool.make(f"{name}@example.org")
    give(users, "officer", "compliance")
    assert ask(sky, pool, "officer", "clerk", "registrar", "compliance") == 202
    later = datetime.now(UTC) + timedelta(days=8)
    with monkeypatch.context() as then:
        then.setattr("rolecall.cli.users.now", lambda: later)
        assert "older than 7 days" in give(users, "clerk", "registrar").text
    token = who("officer", "compliance", iss=pool.issuer, sub=pool.subject("officer@example.org"))
    path = "/v1/people/clerk/sign-in"
    function = sky.function("api")
    shown = call(function, "GET", path, token)
    assert shown.body["office"] == "registrar"
    match = {"If-Match": shown.headers["ETag"]}
    # The operator gives it, and no second officer.
    assert call(function, "POST", f"{path}/approval", token, headers=match).status == 409
    body = {"reason": REASON[1]}
    assert call(function, "POST", f"{path}/refusal", token, body).status == 200
    assert "was refused" in give(users, "clerk", "registrar").text
    assert pool.officers()["registrar"] == set()


@pytest.mark.parametrize("how", ["left", "lost the office"])
def test_whoever_is_no_officer_any_more_asked_for_nothing(
    sky: Cloud, pool: Pool, users: Callable[..., Told], how: str
) -> None:
    for name in ("officer", "clerk", "head-mid"):
        pool.make(f"{name}@example.org")
    pool.put_into("head-mid@example.org", "compliance")
    pool.put_into("officer@example.org", "compliance")
    assert ask(sky, pool, "officer", "clerk", "registrar", "compliance") == 202
    if how == "left":
        known = registry()
        people = tuple(
            replace(one, status="left") if one.id == "officer" else one for one in known.people
        )
        bring(sky, replace(known, people=people))
    else:
        taken = users("groups", "officer", "--take", "compliance", *REASON)
        assert taken.status == 0, taken.text
    assert "no officer any more" in give(users, "clerk", "registrar").text


def test_what_was_interrupted_goes_on(sky: Cloud, pool: Pool, users: Callable[..., Told]) -> None:
    pool.make("officer@example.org")
    with mock.patch.object(CognitoPool, "give", side_effect=RuntimeError):
        assert give(users, "officer", "compliance").status != 0
    assert pool.officers()["compliance"] == set()
    assert give(users, "officer", "compliance").status == 0
    assert pool.officers()["compliance"] == {"officer@example.org"}
    assert len([one for one in log(sky) if one.action == "office.given"]) == 1


def test_of_two_first_officers_one_is_refused(pool: Pool, users: Callable[..., Told]) -> None:
    """Name another one between the look at who is an officer and the record."""
    for name in ("officer", "clerk"):
        pool.make(f"{name}@example.org")
    real = CognitoPool.members
    looked: list[str] = []

    def members(self: CognitoPool, office: Any) -> frozenset[str]:
        found = real(self, office)
        looked.append(office)
        if looked == ["compliance", "registrar"]:
            assert give(users, "clerk", "registrar").status == 0
        return found

    with mock.patch.object(CognitoPool, "members", members):
        done = give(users, "officer", "compliance")
    assert done.status != 0, done.text
    assert pool.officers() == {"compliance": set(), "registrar": {"clerk@example.org"}}


@pytest.mark.parametrize("why", ["no user", "disabled", "another subject"])
def test_an_office_goes_to_who_signs_in_as_the_person(
    sky: Cloud, pool: Pool, users: Callable[..., Told], why: str
) -> None:
    if why != "no user":
        pool.make("officer@example.org")
    if why == "disabled":
        pool.named("officer@example.org")["enabled"] = False
    if why == "another subject":
        person = sky.stack().registry.person("officer")
        assert person is not None
        event = Event(
            id="bind",
            at=datetime.now(UTC),
            actor="officer",
            action="identity.bound",
            entity=None,
            subject=Subject("person", person="officer"),
            payload={},
        )
        sky.stack().sign_ins.bind(pool.issuer, "another", person, event)
        assert sky.stack().sign_ins.bound(pool.issuer, "another") == "officer"
        assert mark_of(pool.issuer, "another")
    done = give(users, "officer", "compliance")
    assert done.status != 0
    assert "has no user who signs in as them" in done.text
    assert pool.officers()["compliance"] == set()


def test_another_issuer_looks_after_its_own_users(
    sky: Cloud, pool: Pool, users: Callable[..., Told]
) -> None:
    del pool
    sky.outputs |= {"GroupsClaim": "groups", "Issuer": "https://issuer.example"}
    for command in (("list",), ("add", "officer"), ("remove", "officer", *REASON)):
        done = users(*command)
        assert done.status == 2
        assert "people sign in to this stack at https://issuer.example" in done.text


def test_the_log_holds_no_address(sky: Cloud, pool: Pool, users: Callable[..., Told]) -> None:
    users("add", "officer")
    give(users, "officer", "compliance")
    users("remove", "officer", *REASON, "--leave-nobody")
    told = " ".join(str(one.payload) for one in log(sky))
    assert len(log(sky)) == 4
    assert not re.search(r"@|officer\b(?!')", told.replace("'officer'", ""))
    del pool
