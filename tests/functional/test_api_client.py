"""What the commands for people do with answers of the API, and with a token."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from rolecall.cli import api_client
from rolecall.cli.api_client import ApiClient, Session, read_session, session_file, write_session
from rolecall.errors import (
    AuditError,
    ConflictError,
    DeniedError,
    InputError,
    NotFoundError,
    UsageError,
)
from rolecall.registry.reading import read_registry
from rolecall.usecases.governance.preconditions import etag
from rolecall.usecases.governance.sign_in_lists import (
    DescribedSignInList,
    ListedSignIn,
    NotListed,
    SignInList,
    SignInStanding,
)
from rolecall.usecases.governance.sign_in_requests import SignInRequest
from rolecall.usecases.identity.sign_in import mark_of
from tests.cloud_nights import EXAMPLE
from tests.functional.command import rolecall

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
SESSION = Session("https://api.example", "canary-token", "a@example.org", NOW + timedelta(hours=1))


@pytest.fixture
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setattr("rolecall.cli.people.now", lambda: NOW)
    monkeypatch.setattr("rolecall.cli.sign_in_requests.now", lambda: NOW)


class Api:
    """Answers instead of the network."""

    def __init__(self) -> None:
        self.answers: list[tuple[int, Any]] = []
        self.asked: list[tuple[str, str, Any, Any, Any]] = []

    def request(self, method: str, url: str, **given: Any) -> httpx.Response:
        self.asked.append((method, url, given["params"], given["json"], given["headers"]))
        status, body = self.answers.pop(0)
        if isinstance(body, Exception):
            raise body
        if isinstance(body, str):
            return httpx.Response(status, text=body)
        return httpx.Response(status, json=body)


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    made = Api()
    monkeypatch.setattr(httpx, "request", made.request)
    yield made
    assert not made.answers


@pytest.mark.usefixtures("_home")
def test_a_session_is_private_and_ends() -> None:
    with pytest.raises(UsageError, match="nobody is signed in"):
        read_session(NOW)
    path = write_session(SESSION)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert read_session(NOW) == SESSION
    assert "canary" not in repr(SESSION)
    with pytest.raises(UsageError, match="sign in again"):
        read_session(NOW + timedelta(hours=2))
    session_file().write_text("canary", encoding="utf-8")
    with pytest.raises(UsageError, match="cannot be read") as caught:
        read_session(NOW)
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize(
    ("status", "body", "error", "message"),
    [
        (401, {"message": "Unauthorized"}, DeniedError, "sign in again"),
        (403, {"detail": "you are gone"}, DeniedError, "you are gone"),
        (404, {"detail": "there is no x"}, NotFoundError, "there is no x"),
        (
            409,
            {"detail": "the last", "type": "urn:rolecall:problem:l", "candidates": ["p-1", "p-2"]},
            ConflictError,
            r"the last \(could be added: p-1, p-2\)",
        ),
        (
            422,
            {"detail": "see x", "fields": [{"field": "body.x", "problem": "too short"}]},
            InputError,
            "see x; body.x: too short",
        ),
        (429, {"detail": "too much"}, InputError, "too much"),
        (503, {"detail": "busy"}, AuditError, "the API failed: busy"),
        (500, ["x"], AuditError, "status 500"),
        (200, "<html>", AuditError, "https://api.example: JSONDecodeError"),
        (200, httpx.ConnectError("canary"), AuditError, "https://api.example: ConnectError"),
    ],
)
def test_answers_that_say_no(
    api: Api, status: int, body: Any, error: type[Exception], message: str
) -> None:
    api.answers = [(status, body)]
    with pytest.raises(error, match=message) as caught:
        ApiClient(SESSION).get("/v1/me")
    assert "canary" not in str(caught.value)


def test_where_a_token_is_sent(api: Api) -> None:
    api.answers = [(200, {}), (200, {})]
    ApiClient(SESSION).get("/v1/me", entity=None, limit="3")
    assert api.asked[0][:3] == ("GET", "https://api.example/v1/me", {"limit": "3"})
    assert api.asked[0][4] == {"Authorization": "Bearer canary-token"}
    local = Session("http://id.execute-api.localhost:4566", "t", "a", NOW)
    ApiClient(local).post("/v1/x", {"a": 1})
    assert api.asked[1][1] == "http://127.0.0.1:4566/v1/x"
    assert api.asked[1][4]["Host"] == "id.execute-api.localhost:4566"
    with pytest.raises(UsageError, match="over https"):
        ApiClient(Session("http://api.example", "t", "a", NOW)).get("/v1/me")


EFFECTS = {"account": "a", "person": "p", "role": "admin", "logins": [], "administrators": ["q"]}
REVOCATION = {"id": "r1", "account": "a", "person": "p", "state": "requested"}


@pytest.mark.usefixtures("_home")
def test_the_commands(api: Api) -> None:
    write_session(SESSION)
    api.answers = [(200, {"revocation": None, "effects": EFFECTS})]
    ended = rolecall("revoke", "a", "p", "--reason", "x" * 10, "--dry-run")
    assert ended.text.splitlines()[-1] == "nothing was changed"
    assert "full control then  q" in ended.text
    assert "to be rotated      nobody" in ended.text
    assert api.asked[-1][2] == {"dry_run": "true"}
    api.answers = [
        (200, {"revocation": None, "effects": EFFECTS}),
        (201, {"revocation": REVOCATION, "effects": EFFECTS}),
    ]
    ended = rolecall("revoke", "a", "p", "--reason", "x" * 10, "--override", "y" * 10, "--yes")
    assert ended.text.splitlines()[-1] == "requested    p on a  r1"
    assert api.asked[-1][3] == {"reason": "x" * 10, "override": "y" * 10}
    result = {
        "revocations": [{"revocation": REVOCATION, "effects": EFFECTS}],
        "refused": [{"account": "b", "type": "t", "detail": "the last one"}],
    }
    api.answers = [(200, result), (200, result)]
    ended = rolecall("offboard", "p", "--reason", "x" * 10, "--yes")
    assert "not on b: the last one" in ended.text
    waiting = {**REVOCATION, "state": "needs_human", "steps": ["do this", "then that"]}
    api.answers = [(200, {"items": [waiting]})]
    assert "  2. then that" in rolecall("revocations").text
    api.answers = [(200, {**REVOCATION, "state": "confirmed"})]
    ended = rolecall("confirm", "r1", "--removed-by", "q", "--note", "seen")
    assert ended.text.startswith("confirmed")
    assert api.asked[-1][3] == {"removed_by": "q", "removed_on": "2026-11-21", "note": "seen"}
    person = {"id": "p", "name": "P\x1b[31m"}
    grants = [{"role": "admin", "account_id": "a", "revoked_on": "2026-01-01"}]
    me = {"person": person, "groups": ["compliance"], "entities": [], "grants": grants}
    api.answers = [(200, me)]
    ended = rolecall("me")
    assert "\x1b" not in ended.text
    assert "admin     a  revoked" in ended.text
    one = {
        "severity": "high",
        "control": "c",
        "entity": "e",
        "subject": {"kind": "x", "account": "a"},
    }
    api.answers = [(200, {"items": [one], "next": "n"}), (200, {"items": [one], "next": None})]
    assert rolecall("findings").text.splitlines()[-1] == "2 findings"
    assert api.asked[-1][2] == {"cursor": "n"}


@pytest.mark.usefixtures("_home")
def test_findings_speak_of_people_by_name(api: Api) -> None:
    """Commands take ids, so an id stands beside the name; the sentence has names alone."""
    write_session(SESSION)
    orphaned = {
        "severity": "critical",
        "control": "orphaned-admin",
        "entity": "e",
        "subject": {"kind": "grant", "account": "a-1", "person": "p-043"},
        "evidence": {"because": "unknown"},
        "names": {"p-043": "Anna Berg"},
    }
    holders = {
        "severity": "high",
        "control": "shared-login",
        "entity": "e",
        "subject": {"kind": "login", "account": "a-1", "login": "l-1"},
        "evidence": {"holder_ids": ["p-1", "p-2", "p-3", "p-9"], "platform": "facebook"},
        "names": {"p-1": "Jo Lee", "p-2": "jo  lee", "p-3": "Mary"},
    }
    disguised = {**holders, "names": {"p-3": "Mary\x1b[2J"}}
    said = {**orphaned, "title": "Nobody", "detail": "Anna Berg is on X @brigid\x1b[2J still."}
    api.answers = [(200, {"items": [orphaned, holders, disguised, said], "next": None})]
    told = rolecall("findings").text.splitlines()
    assert told[7].strip() == "Anna Berg is on X @brigid\\x1b[2J still."
    assert "p-043 (Anna Berg)" in told[0]
    assert "Anna Berg is not on the roster" in told[1]
    assert "p-043" not in told[1]
    assert "Jo Lee (p-1), jo  lee (p-2), Mary, p-9" in told[3]
    assert "Mary" in told[5]
    assert "p-1, p-2" in told[5]
    assert "\x1b" not in "".join(told)


@pytest.mark.usefixtures("_home")
def test_without_a_session_and_without_an_answer(api: Api) -> None:
    ended = rolecall("me")
    assert (ended.status, "rolecall login does that" in ended.stderr) == (2, True)
    write_session(SESSION)
    api.answers = [(200, {"revocation": None, "effects": EFFECTS})]
    ended = rolecall("revoke", "a", "p", "--reason", "x" * 10)
    assert (ended.status, "--yes gives it" in ended.stderr) == (2, True)
    assert api_client.session_file().exists()


@pytest.mark.usefixtures("_home")
def test_another_sign_in_is_asked_for_and_approved_as_it_was_shown(api: Api) -> None:
    write_session(SESSION)
    asked = SignInRequest(
        person="p-1",
        mark="a" * 64,
        reason="made anew",
        state="waiting",
        requested_by="p-2",
        requested_at=NOW,
    )
    told = json.loads(msgspec.json.encode(asked))
    api.answers = [(202, told)]
    ended = rolecall("sign-in", "p-1", "--mark", "a" * 64, "--reason", "made anew by IT")
    assert ended.text.splitlines()[0] == f"waiting  p-1 signs in by the mark {'a' * 64}"
    assert api.asked[-1][:2] == ("POST", "https://api.example/v1/people/p-1/sign-in")
    assert api.asked[-1][3] == {"reason": "made anew by IT", "mark": "a" * 64}
    done = {**told, "mark": None, "state": "approved", "decided_by": "p-3"}
    api.answers = [(200, told), (200, done)]
    ended = rolecall("sign-in", "p-1", "--approve", "--yes")
    assert "  approved by p-3" in ended.text
    assert "by the next one with their address" in ended.text
    assert api.asked[-1][1].endswith("/v1/people/p-1/sign-in/approval")
    assert api.asked[-1][4]["If-Match"] == etag(asked)
    api.answers = [(200, told)]
    assert rolecall("sign-in", "p-1").text.splitlines()[1] == "  asked by p-2: made anew"
    api.answers = [(200, {**told, "state": "refused"})]
    assert rolecall("sign-in", "p-1", "--refuse", "--reason", "x" * 10).status == 0
    assert api.asked[-1][3] == {"reason": "x" * 10}
    api.answers = [(200, told)]
    assert rolecall("sign-in", "p-1", "--approve").status == 2
    for wrong in (
        ("--approve", "--refuse"),
        ("--approve", "--reason", "x" * 10),
        ("--approve", "--mark", "a" * 64),
        ("--refuse",),
        ("--mark", "a" * 64),
    ):
        assert rolecall("sign-in", "p-1", *wrong).status == 2


def _told(state: str = "waiting", left: int = 2, **more: Any) -> dict[str, Any]:
    """Return a list of sign-ins as the API tells it."""
    asked = SignInList(
        id="l-1",
        people=(ListedSignIn("p-1", "a" * 64, 0), ListedSignIn("p-2", None, 3)),
        left_out=(NotListed("p-3", "it is theirs"),),
        reason="a new issuer",
        state=state,  # type: ignore[arg-type]
        requested_by="p-8",
        requested_at=NOW,
        **more,
    )
    people = (
        SignInStanding("p-1", "Jo Lee", "waiting"),
        SignInStanding("p-2", "Mary", "left out", "there is no such person who serves"),
    )
    found: dict[str, Any] = json.loads(
        msgspec.json.encode(DescribedSignInList(asked, people, left))
    )
    return found


@pytest.mark.usefixtures("_home")
def test_hundreds_are_asked_for_by_the_roster_and_shown_by_name(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_session(SESSION)
    monkeypatch.setattr("rolecall.cli.sign_in_requests.MOST_LISTED", 6)
    roster = read_registry(EXAMPLE, NOW.date()).snapshot
    serve = [one for one in roster.people if one.is_active(NOW.date())]
    assert len(serve) > 6
    api.answers = [(202, _told()) for _ in range(-(-len(serve) // 6))]
    ended = rolecall("sign-ins", "ask", str(EXAMPLE), "--reason", "a new issuer", "--yes")
    assert ended.status == 0
    assert all(one.name in ended.text for one in serve)
    sent = [one["person"] for asked in api.asked for one in asked[3]["people"]]
    assert sent == [one.id for one in serve]
    assert "  left out  p-2                  Mary, by the next with their address: " in ended.text
    assert "  not asked p-3                  it is theirs" in ended.text
    # Of an entity and all below it alone.
    top = next(one for one in roster.entities if one.parent_id is not None)
    assert rolecall("sign-ins", "ask", str(EXAMPLE), "--reason", "x" * 10).status == 2
    wrong = ("sign-ins", "ask", str(EXAMPLE), "--reason", "x" * 10, "--yes", "--entity")
    assert "there is no entity nowhere" in rolecall(*wrong, "nowhere").stderr
    monkeypatch.setattr("rolecall.cli.sign_in_requests.MOST_LISTED", len(serve))
    api.answers = [(202, _told())]
    before = len(api.asked)
    assert rolecall(*wrong, top.id).status == 0
    sent = [one["person"] for asked in api.asked[before:] for one in asked[3]["people"]]
    assert (
        {one.id for one in serve if one.entity_id == top.id}
        <= set(sent)
        < {one.id for one in serve}
    )


@pytest.mark.usefixtures("_home")
def test_hundreds_are_asked_for_by_their_subjects(api: Api, tmp_path: Path) -> None:
    write_session(SESSION)
    subjects = tmp_path / "subjects.csv"
    subjects.write_text("\ufeffsubject,person\ns-1, p-1\n", encoding="utf-8")
    asking = ("sign-ins", "ask", str(subjects), "--issuer", "https://new.example", "--yes")
    api.answers = [(202, _told())]
    ended = rolecall(*asking, "--reason", "a new issuer")
    assert f"  waiting   p-1                  Jo Lee, by the mark {'a' * 64}" in ended.text
    mark = mark_of("https://new.example", "s-1")
    assert api.asked[-1][3]["people"] == [{"person": "p-1", "mark": mark}]
    assert rolecall(*asking, "--reason", "x" * 10, "--entity", "e").status == 2
    for content, told in (
        ("person;subject\np-1;s-1\n", "has no columns person and subject"),
        ("person,subject\np-1\n", "row 2: person or subject is missing"),
        ("person,subject\n", "nobody stands there"),
    ):
        subjects.write_text(content, encoding="utf-8")
        ended = rolecall(*asking, "--reason", "x" * 10)
        assert (ended.status, told in ended.stderr) == (2, True), ended.stderr
    subjects.unlink()
    assert "cannot be read" in rolecall(*asking, "--reason", "x" * 10).stderr


@pytest.mark.usefixtures("_home")
def test_a_list_is_approved_as_it_was_shown_until_nobody_is_left(api: Api) -> None:
    write_session(SESSION)
    decided = {"decided_by": "p-9", "decided_at": NOW, "version": 2}
    first, last = _told(), _told("approved", 0, **decided)
    on = _told("approved", 1, **decided)
    api.answers = [(200, first), (200, on), (200, last)]
    ended = rolecall("sign-ins", "approve", "l-1", "--yes")
    assert (ended.status, "approved by p-9" in ended.text) == (0, True)
    tags = [asked[4]["If-Match"] for asked in api.asked[-2:]]
    assert tags == [etag(msgspec.convert(one["list"], SignInList)) for one in (first, on)]
    assert api.asked[-1][1].endswith("/v1/sign-ins/l-1/approval")
    # Where nothing goes on, it ends.
    api.answers = [(200, first), (200, first)]
    assert rolecall("sign-ins", "approve", "l-1", "--yes").status == 0
    api.answers = [(200, first)]
    assert rolecall("sign-ins", "approve", "l-1").status == 2
    api.answers = [(200, _told("refused"))]
    assert rolecall("sign-ins", "refuse", "l-1", "--reason", "x" * 10).status == 0
    assert api.asked[-1][3] == {"reason": "x" * 10}
    api.answers = [(200, first)]
    assert "  asked by p-8: a new issuer" in rolecall("sign-ins", "show", "l-1").text
