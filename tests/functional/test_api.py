"""The API in this process: who somebody is, and what becomes of a revocation."""

from __future__ import annotations

import gc
from datetime import UTC, date, datetime, timedelta
from types import ModuleType
from typing import Any
from unittest import mock

import boto3
import msgspec
import pytest
from msgspec.structs import replace

from rolecall.aws import caller
from rolecall.aws.table import put
from rolecall.ledger.log import records
from rolecall.model import Grant, Observation
from rolecall.registry.documents import snapshot_of
from tests.api import (
    OFFICES,
    REASON,
    Answer,
    after_their_night,
    bring,
    call,
    claims,
    registry,
    token_of,
    who,
)
from tests.cloud import Cloud, Invocation, begins
from tests.remote import Lambda, Sts


def test_garbage_is_collected_once_everything_is_loaded(sky: Cloud) -> None:
    before = gc.get_freeze_count()
    sky.function("api")
    assert gc.isenabled()
    # What was loaded is not looked at again.
    assert gc.get_freeze_count() > before


# -- who somebody is -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "token",
    [
        None,
        {},
        who("head-mid", token_use="access"),
        who("head-mid", email_verified="false"),
        who("head-mid", email_verified=""),
        who("head-mid", email=""),
        who("head-mid", sub=""),
        who("head-mid", iss=""),
        who("gone"),
        who("unknown"),
        claims("HEAD-MID@other.example"),
    ],
)
def test_other_tokens_are_refused(function: ModuleType, token: dict[str, str] | None) -> None:
    answer = call(function, "GET", "/v1/me", token)
    assert (answer.status, answer.body["type"]) == (403, "urn:rolecall:problem:denied")


@pytest.mark.parametrize("name", ["legal/compliance", "not:registrar", "compliance", "registrar"])
@pytest.mark.parametrize("claim", ["cognito:groups", "groups"])
def test_a_group_that_only_holds_the_word_gives_no_office(
    function: ModuleType, claim: str, name: str
) -> None:
    seen = call(function, "GET", "/v1/me", who("boss-mid", **{claim: f"[{name}]"}))
    assert (seen.status, seen.body["groups"]) == (200, [])


def test_the_token_tells_one_group_of_three_words_from_three(
    function: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(function, "OFFICES", replace(OFFICES, claim="groups"))
    text = f"[Parish {OFFICES.compliance} newsletter]"
    for groups, offices in (
        ([text[1:-1]], []),
        (["Parish", OFFICES.compliance, "newsletter"], ["compliance"]),
    ):
        token = token_of({**who("boss-mid"), "groups": groups})
        header = {"authorization": f"Bearer {token}"}
        seen = call(function, "GET", "/v1/me", who("boss-mid", groups=text), headers=header)
        assert (seen.status, seen.body["groups"]) == (200, offices)
    lost = {"authorization": "Bearer else"}
    seen = call(function, "GET", "/v1/me", who("boss-mid", groups=text), headers=lost)
    assert (seen.status, seen.body["type"]) == (403, "urn:rolecall:problem:denied")


def test_a_subject_is_one_person_for_good(sky: Cloud, function: ModuleType) -> None:
    assert call(function, "GET", "/v1/me", who("head-mid")).body["person"]["id"] == "head-mid"
    # The address does not matter from now on, nor how it is written before.
    moved = who("head-mid", email="head-sib@example.org")
    assert call(function, "GET", "/v1/me", moved).body["person"]["id"] == "head-mid"
    other = who("head-mid", sub="somebody-else")
    assert call(function, "GET", "/v1/me", other).status == 403
    upper = who("head-sib", email="HEAD-SIB@Example.org")
    assert call(function, "GET", "/v1/me", upper).body["person"]["id"] == "head-sib"
    bound = [one for one in records(sky.stack().log) if one.action == "identity.bound"]
    assert [one.actor for one in bound] == ["head-mid", "head-sib"]
    assert "example.org" not in repr(bound)


def test_who_left_yesterday_is_nobody(sky: Cloud, function: ModuleType) -> None:
    assert call(function, "GET", "/v1/me", who("head-mid")).status == 200
    yesterday = datetime.now(UTC).date() - timedelta(1)
    before = registry()
    people = tuple(
        replace(one, left_on=yesterday) if one.id == "head-mid" else one for one in before.people
    )
    bring(sky, replace(before, people=people))
    assert call(function, "GET", "/v1/me", who("head-mid")).status == 403


def test_two_people_of_one_address_are_nobody(sky: Cloud, function: ModuleType) -> None:
    before = registry()
    people = tuple(
        replace(one, email="same@example.org") if one.id in ("head-mid", "head-sib") else one
        for one in before.people
    )
    bring(sky, replace(before, people=people))
    assert call(function, "GET", "/v1/me", claims("same@example.org")).status == 403


def test_nobody_is_who_called_before(function: ModuleType) -> None:
    assert call(function, "GET", "/v1/entities/mid", who("head-mid")).status == 200
    assert call(function, "GET", "/v1/entities/mid", who("boss-sib")).status == 404
    assert call(function, "GET", "/v1/entities/mid", None).status == 403


# -- revocations -----------------------------------------------------------------------------------


def ask(function: ModuleType, id_: str = "boss-mid", by: str = "head-mid", **more: Any) -> Answer:
    unit = id_.partition("-")[2]
    query = more.pop("query", {})
    path = f"/v1/accounts/page-{unit}/grants/{id_}/revocation"
    return call(function, "POST", path, who(by), {**REASON, **more}, query)


def grant_of(sky: Cloud, id_: str = "boss-mid") -> Grant:
    snapshot, _ = snapshot_of(sky.stack().registry.documents())
    (found,) = [one for one in snapshot.grants if one.person_id == id_]
    return found


def actions(sky: Cloud) -> list[str]:
    return [one.action for one in records(sky.stack().log) if one.action != "identity.bound"]


def test_a_dry_run_changes_nothing(sky: Cloud, function: ModuleType) -> None:
    answer = ask(function, query={"dry_run": "true"})
    assert answer.status == 200
    assert answer.body == {
        "revocation": None,
        "effects": {
            "account": "page-mid",
            "person": "boss-mid",
            "role": "admin",
            "logins": ["login-mid"],
            "administrators": ["head-mid"],
        },
    }
    assert grant_of(sky).revoke_requested_at is None
    assert actions(sky) == []


def test_a_revocation_from_end_to_end(sky: Cloud, function: ModuleType) -> None:
    made = ask(function).body["revocation"]
    assert (made["state"], made["requested_by"]) == ("requested", "head-mid")
    assert grant_of(sky).revoke_requested_at is not None
    # Asked again, by whomever: the same one.
    again = ask(function, by="it-mid").body["revocation"]
    assert again["id"] == made["id"]
    carry_out(sky, made["id"])
    where = f"/v1/revocations/{made['id']}"
    told = call(function, "GET", where, who("head-mid")).body
    assert told["state"] == "needs_human"
    assert any("Page access" in step for step in told["steps"])
    body = {"removed_by": "it-mid", "removed_on": "2026-11-20", "note": "removed in page access"}
    for by in ("it-mid", "head-mid"):
        done = call(function, "POST", f"{where}/confirmation", who(by), body)
        if by == "it-mid":
            assert done.status == 200
        assert done.body["state"] == "confirmed"
    assert grant_of(sky).revoked_on == date(2026, 11, 20)
    assert actions(sky) == [
        *("revocation.requested", "revocation.handed_over", "revocation.confirmed"),
    ]
    assert ask(function).status == 404
    # An import of the same files as before does not bring the access back.
    bring(sky, registry())
    assert grant_of(sky).revoked_on == date(2026, 11, 20)


def carry_out(sky: Cloud, id_: str) -> None:
    """Send what the table's stream would."""
    keys = {"pk": {"S": f"REVOCATION#{id_}"}, "sk": {"S": "-"}}
    record = {
        "eventID": "1",
        "eventName": "INSERT",
        "eventSource": "aws:dynamodb",
        "dynamodb": {"Keys": keys, "SequenceNumber": "1"},
    }
    other = {
        **record,
        "dynamodb": {"Keys": {"pk": {"S": "BRAKE#x"}, "sk": {"S": "y"}}, "SequenceNumber": "2"},
    }
    revoke = sky.function("revoke")
    for _ in range(2):
        answer = revoke.handler({"Records": [record, other]}, Invocation())
        assert answer == {"batchItemFailures": []}


def test_a_revocation_is_taken_back(sky: Cloud, function: ModuleType) -> None:
    made = ask(function).body["revocation"]
    where = f"/v1/revocations/{made['id']}/cancellation"
    assert call(function, "POST", where, who("boss-sib"), REASON).status == 404
    # Another's is taken back by two: one alone would give access that somebody took away.
    for _ in range(2):
        first = call(function, "POST", where, who("it-mid"), REASON)
        assert (first.status, first.body["state"]) == (202, "requested")
        assert first.body["objectors"] == ["it-mid"]
    assert grant_of(sky).revoke_requested_at is not None
    second = call(function, "POST", where, who("head-top"), REASON)
    assert (second.status, second.body["state"]) == (200, "cancelled")
    assert grant_of(sky).revoke_requested_at is None
    confirmation = {"removed_by": "it-mid", "removed_on": "2026-11-20", "note": "x"}
    late = call(
        function,
        "POST",
        where.replace("cancellation", "confirmation"),
        who("it-mid"),
        confirmation,
    )
    assert (late.status, late.body["type"]) == (409, "urn:rolecall:problem:revocation-over")
    assert actions(sky) == [
        *("revocation.requested", "revocation.objected", "revocation.cancelled"),
    ]


def test_who_asked_takes_it_back_alone(sky: Cloud, function: ModuleType) -> None:
    made = ask(function).body["revocation"]
    where = f"/v1/revocations/{made['id']}/cancellation"
    back = call(function, "POST", where, who("head-mid"), REASON)
    assert (back.status, back.body["state"]) == (200, "cancelled")
    assert grant_of(sky).revoke_requested_at is None


def test_whose_access_it_was_cannot_confirm(sky: Cloud, function: ModuleType) -> None:
    made = ask(function, "person-mid").body["revocation"]
    where = f"/v1/revocations/{made['id']}/confirmation"
    body = {"removed_by": "person-mid", "removed_on": "2026-11-20", "note": "x"}
    answer = call(function, "POST", where, who("head-mid"), body)
    assert answer.body["type"] == "urn:rolecall:problem:self-confirmation"
    answer = call(function, "POST", where, who("head-mid"), {**body, "removed_by": "a@b.example"})
    assert (answer.status, "it takes an id" in answer.body["detail"]) == (422, True)
    tomorrow = (datetime.now(UTC).date() + timedelta(2)).isoformat()
    answer = call(
        function,
        "POST",
        where,
        who("head-mid"),
        {**body, "removed_by": "it-mid", "removed_on": tomorrow},
    )
    assert answer.status == 422
    assert grant_of(sky, "person-mid").revoked_on is None


def test_reasons_stay_in_the_log_and_name_no_addresses(function: ModuleType) -> None:
    answer = ask(function, reason="asked by jane@example.org today")
    assert (answer.status, "e-mail" in answer.body["detail"]) == (422, True)


def test_an_import_that_ended_the_access_already(sky: Cloud, function: ModuleType) -> None:
    made = ask(function).body["revocation"]
    desk = function.stack.revocations
    state = desk.account("page-mid")
    document = replace(state.document, revoking=())
    row = sky.stack().registry.account("page-mid")
    assert row is not None
    target = sky.stack().registry.table
    data = msgspec.json.encode(document)
    target.transact([put(target.name, row.partition, row.key, data, version=row.version)])
    before = registry()
    grants = tuple(one for one in before.grants if one.person_id != "boss-mid")
    bring(sky, replace(before, grants=grants))
    where = f"/v1/revocations/{made['id']}/confirmation"
    body = {"removed_by": "it-mid", "removed_on": "2026-11-20", "note": "gone already"}
    assert call(function, "POST", where, who("head-mid"), body).body["state"] == "confirmed"


def test_a_listing_that_spells_the_account_otherwise_bounds_a_removal(
    sky: Cloud, function: ModuleType
) -> None:
    known = registry()
    page = next(one for one in known.accounts if one.id == "page-mid")
    seen = datetime.now(UTC).date() - timedelta(2)
    listing = Observation(
        "Facebook Page",
        f"https://www.facebook.com/{page.handle}/",
        seen,
        person_email="boss-mid@example.org",
        role="admin",
    )
    bring(sky, replace(known, observations=(listing,)))
    made = ask(function).body["revocation"]
    where = f"/v1/revocations/{made['id']}/confirmation"
    body = {"removed_by": "it-mid", "note": "seen"}
    before = call(
        function,
        "POST",
        where,
        who("head-mid"),
        {**body, "removed_on": str(seen - timedelta(1))},
    )
    assert before.status == 422
    assert "the last listing of the platform that shows it" in before.body["detail"]
    done = call(function, "POST", where, who("head-mid"), {**body, "removed_on": str(seen)})
    assert (done.status, done.body["state"]) == (200, "confirmed")


# -- guards ----------------------------------------------------------------------------------------


def test_the_head_keeps_access(function: ModuleType) -> None:
    answer = ask(function, "head-mid", by="it-mid")
    assert (answer.status, answer.body["type"]) == (409, "urn:rolecall:problem:head-access")
    # Nor can it be overridden.
    answer = ask(function, "head-mid", by="head-top", override="because I head the one above")
    assert answer.status == 409


def without_head(sky: Cloud) -> None:
    """Leave the account with one administrator."""
    before = registry()
    grants = tuple(
        one for one in before.grants if (one.account_id, one.person_id) != ("page-mid", "head-mid")
    )
    bring(sky, replace(before, grants=grants))


def test_the_last_administrator(sky: Cloud, function: ModuleType) -> None:
    without_head(sky)
    answer = ask(function)
    assert (answer.status, answer.body["type"]) == (
        409,
        "urn:rolecall:problem:last-administrator",
    )
    assert answer.body["candidates"] == ["head-mid", "it-mid"]
    assert answer.body["may_override"] is True
    # IT may not override; the head may, alone, and that is on record.
    assert ask(function, by="it-mid", override="the account is abandoned").status == 409
    made = ask(function, override="the account is abandoned")
    assert made.status == 201
    assert actions(sky) == ["revocation.requested", "revocation.overridden"]


def test_who_is_gone_is_nobodys_administrator(sky: Cloud, function: ModuleType) -> None:
    before = registry()
    grants = tuple(
        replace(one, person_id=gone)
        if (one.account_id, one.person_id) == ("page-mid", old)
        else one
        for one in before.grants
        for old, gone in [("boss-mid", "gone")]
        if (one.account_id, one.person_id) != ("page-mid", "head-mid")
    )
    bring(sky, replace(before, grants=grants))
    path = "/v1/accounts/page-mid/grants/gone/revocation"
    answer = call(function, "POST", path, who("head-mid"), REASON)
    assert answer.status == 201
    assert answer.body["effects"]["administrators"] == []


def test_two_who_revoke_the_last_two_at_once(sky: Cloud, function: ModuleType) -> None:
    before = registry()
    grants = tuple(
        replace(one, person_id="boss-leaf", role="owner")
        if (one.account_id, one.person_id) == ("page-mid", "head-mid")
        else one
        for one in before.grants
    )
    bring(sky, replace(before, grants=grants))
    desk = function.stack.revocations
    commit = desk.commit
    other: list[bool] = []

    def meanwhile(*arguments: Any, **named: Any) -> None:
        if not other:
            other.append(True)
            path = "/v1/accounts/page-mid/grants/boss-leaf/revocation"
            second = call(sky.function("api"), "POST", path, who("it-mid"), REASON)
            other.append(second.status == 201)
        commit(*arguments, **named)

    with mock.patch.object(desk, "commit", meanwhile):
        first = ask(function)
    assert other == [True, True]
    assert (first.status, first.body["type"]) == (
        409,
        "urn:rolecall:problem:last-administrator",
    )
    assert actions(sky) == ["revocation.requested"]


def test_the_brake(function: ModuleType) -> None:
    function.stack.rate_limit.most = 2
    for id_ in ("boss-mid", "person-mid"):
        assert ask(function, id_).status == 201
    # Asking for what is under way already does not count.
    assert ask(function, "boss-mid").status == 201
    answer = ask(function, "boss-leaf")
    assert (answer.status, answer.body["type"]) == (429, "urn:rolecall:problem:brake")
    assert ask(function, "boss-leaf", by="it-mid").status == 201


def test_offboarding(sky: Cloud, function: ModuleType) -> None:
    before = registry()
    more = (
        Grant("page-leaf", "boss-mid", "owner"),
        Grant("page-sib", "boss-mid", "admin"),
        Grant("page-top", "boss-mid", "admin", revoked_on=date(2026, 2, 1)),
    )
    bring(sky, replace(before, grants=(*before.grants, *more)))
    function.stack.rate_limit.most = 1
    path = "/v1/people/boss-mid/offboarding"
    dry = call(function, "POST", path, who("head-mid"), REASON, {"dry_run": "true"})
    assert [one["effects"]["account"] for one in dry.body["revocations"]] == [
        "page-leaf",
        "page-mid",
    ]
    assert actions(sky) == []
    assert call(function, "POST", path, who("head-mid"), REASON).status == 200
    # Two at once, as far as the head reaches; for the brake it is one.
    assert actions(sky) == ["revocation.requested"] * 2
    assert call(function, "POST", path, who("boss-sib"), REASON).status == 404
    refused = call(function, "POST", "/v1/people/head-leaf/offboarding", who("it-mid"), REASON)
    assert [one["type"] for one in refused.body["refused"]] == ["head-access"]


def test_the_brake_is_lifted_by_another(sky: Cloud, function: ModuleType) -> None:
    function.stack.rate_limit.most = 1
    assert ask(function).status == 201
    assert ask(function, "person-mid").status == 429
    lift = "/v1/people/head-mid/brake-lift"
    assert call(function, "POST", lift, who("head-mid")).status == 404
    assert call(function, "POST", lift, who("head-sib")).status == 404
    assert call(function, "POST", lift, who("head-top")).status == 200
    assert ask(function, "person-mid").status == 201
    # Events of different subjects may stand in different shards.
    assert sorted(actions(sky)) == ["revocation.brake_lifted", *["revocation.requested"] * 2]


# -- officers --------------------------------------------------------------------------------------


@begins(after_their_night)
def test_officers_read_runs_reports_and_checkpoints(sky: Cloud, function: ModuleType) -> None:
    officer = who("officer", "compliance")
    runs = call(function, "GET", "/v1/runs", officer).body["items"]
    assert [one["state"] for one in runs] == ["completed"]
    reports = call(function, "GET", "/v1/reports", officer).body
    assert reports["items"]
    one = reports["items"][0]
    found = call(function, "GET", f"/v1/reports/{one['id']}/download", officer).body
    assert one["name"] in found["url"]
    assert "Expires" in found["url"]
    last = next(one for one in records(sky.stack().log) if one.action == "report.downloaded")
    assert last.actor == "officer"
    assert last.payload["report"] == one["id"].replace("_", "/")
    checkpoint = call(function, "GET", "/v1/log/checkpoint", officer).body["checkpoint"]
    assert checkpoint.startswith("test/audit/")
    for other in ("..", "x", one["id"] + "x", "%2e%2e_checkpoints_1", one["id"].replace("_", "/")):
        answer = call(function, "GET", f"/v1/reports/{other}/download", officer)
        assert answer.status == 404, other


def test_before_anything_was_sealed_there_is_no_checkpoint(function: ModuleType) -> None:
    officer = who("officer", "compliance")
    assert call(function, "GET", "/v1/log/checkpoint", officer).status == 404
    assert call(function, "GET", "/v1/reports", officer).body["items"] == []


# -- the vault -------------------------------------------------------------------------------------


def test_the_vault_through_the_api(
    sky: Cloud, function: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(caller, "URLLib3Session", Sts)
    function.stack.vault_service._functions = Lambda(sky.function("credential"))
    here = "/v1/accounts/page-mid/logins/login-mid"
    head = who("head-mid")
    body = {"username": "comms", "password": "kestrel-Anvil-0-plum", "totp": "JBSWY3DPEHPK3PXP"}
    stored = call(function, "PUT", f"{here}/secret", head, body)
    assert (stored.status, stored.body["login"]) == (200, "login-mid")
    # The same request twice is on record once, and its answer is kept nowhere.
    key = {"idempotency-key": "reveal-1"}
    first = call(function, "POST", f"{here}/reveal", head, REASON, headers=key)
    shown = call(function, "POST", f"{here}/reveal", head, REASON, headers=key)
    assert shown.body == first.body
    answers = boto3.client("dynamodb").scan(TableName=sky.outputs["AnswersTable"])
    assert answers["Items"] == []
    assert shown.body == {"username": "comms", "password": "kestrel-Anvil-0-plum"}
    assert shown.headers["Cache-Control"] == "no-store"
    assert call(function, "POST", f"{here}/code", head).status == 200
    rotated = call(
        function, "PUT", f"{here}/secret", head, {"password": "Heron-Thimble-77", "rotate": True}
    )
    assert rotated.body["version"]["number"] == 2
    key = {"idempotency-key": "rotate-1"}
    for word, status in (("Cedar", 200), ("Cedar", 200), ("Otter", 409)):
        given = {"password": f"{word}-lamp-99-x", "rotate": True}
        again = call(function, "PUT", f"{here}/secret", head, given, headers=key)
        assert again.status == status
    assert again.body["type"] == "urn:rolecall:problem:idempotency-mismatch"
    history = call(function, "GET", f"{here}/history", head)
    assert len(history.body["versions"]) == 3
    listed = call(function, "GET", "/v1/accounts/page-mid/logins", head)
    assert listed.body["items"][0]["storage"] == "vault"
    assert "fingerprint" not in listed.body["items"][0]
    assert call(function, "POST", f"{here}/reveal", who("person-mid"), REASON).status == 404
    assert call(function, "POST", f"{here}/reveal", who("boss-mid"), REASON).status == 403
    destroyed = call(function, "DELETE", f"{here}/secret", head)
    assert destroyed.status == 200
    # The log has fingerprints, for the vault remembers by it; nobody is shown one.
    marks = [
        one.payload[name]
        for one in records(sky.stack().log)
        for name in ("fingerprint", "request")
        if name in one.payload
    ]
    assert len(marks) == 6
    for reader in (head, who("officer", "compliance")):
        page = call(function, "GET", "/v1/log", reader, query={"entity": "mid", "limit": "200"})
        told = [row for row in page.body["items"] if row["action"] == "secret.stored"]
        assert told[0]["payload"].keys() >= {"strength", "basis"}
        shown_ = (stored.body, rotated.body, history.body, destroyed.body, page.body)
        assert not any(str(mark) in repr(shown_) for mark in marks)
    assert call(function, "POST", f"{here}/reveal", head, REASON).status == 422
    done = [one for one in actions(sky) if one.startswith("secret.")]
    assert done == [
        *("secret.stored", "secret.revealed", "secret.code_given", "secret.rotated"),
        *("secret.rotated", "secret.history_shown", "secret.refused", "secret.destroyed"),
    ]
    assert "kestrel" not in repr(list(records(sky.stack().log)))
