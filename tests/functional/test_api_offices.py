"""What officers and registrars do through the API: accept, edit, sign, audit, take proofs."""

from __future__ import annotations

import hashlib
import io
import tempfile
import zipfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest.mock import patch

import boto3
import pytest
from msgspec.structs import replace

from rolecall.ledger.log import records
from rolecall.registry.documents import snapshot_of
from tests.api import NIGHT, REASON, Answer, after_their_night, bring, call, registry, who
from tests.cloud import SIGNER, Cloud, Invocation, begins
from tests.cloud_nights import finish, items, night, plan

TODAY = datetime.now(UTC).date()
OFFICER, SECOND = who("officer", "compliance"), who("person-leaf", "compliance")
CLERK, OTHER_CLERK = who("clerk", "registrar"), who("person-sib", "registrar")
HEAD = who("head-mid")


def events(sky: Cloud, *kinds: str) -> list[Any]:
    return [one for one in records(sky.stack().log) if one.action.partition(".")[0] in kinds]


# -- waivers ---------------------------------------------------------------------------------------


def finding(function: ModuleType, severity: str, unit: str = "mid") -> dict[str, Any]:
    query = {"entity": unit, "severity": severity}
    found: dict[str, Any] = call(function, "GET", "/v1/findings", OFFICER, query=query).body[
        "items"
    ][0]
    return found


def waive(
    function: ModuleType, href: str, by: dict[str, str] = OFFICER, days: int = 30, **more: Any
) -> Answer:
    """Accept a finding as it is there to be seen."""
    body = {**REASON, "expires": str(TODAY + timedelta(days)), **more}
    seen = {"If-Match": call(function, "GET", href, OFFICER).headers["ETag"]}
    return call(function, "POST", f"{href}/waiver", by, body, headers=seen)


def approve(function: ModuleType, href: str, by: dict[str, str] = SECOND) -> Answer:
    """Approve a proposal as it is there to be seen."""
    seen = {"If-Match": call(function, "GET", f"{href}/waiver", OFFICER).headers["ETag"]}
    return call(function, "POST", f"{href}/waiver/approval", by, headers=seen)


def status(report: dict[str, Any], id_: str) -> str:
    (found,) = [one for one in report["findings"] if one["id"] == id_]
    text: str = found["status"]
    return text


@begins(after_their_night)
def test_a_waiver_holds_from_the_next_run_until_it_is_withdrawn(
    sky: Cloud, function: ModuleType
) -> None:
    one = finding(function, "medium")
    made = waive(function, one["href"])
    assert made.status == 201
    assert (made.body["state"], made.body["approved_by"]) == ("approved", ["officer"])
    report = night(sky, NIGHT + timedelta(hours=1))
    assert status(report, one["id"]) == "waived"
    (told,) = [row for row in report["waivers"] if row["standing"] == "applied"]
    assert told["reason"] == REASON["reason"]
    waived = call(function, "GET", "/v1/findings", OFFICER, query={"status": "waived"}).body
    assert [row["id"] for row in waived["items"]] == [one["id"]]
    assert waive(function, one["href"]).body["type"].endswith("waiver-exists")
    back = call(function, "POST", f"{one['href']}/waiver/withdrawal", SECOND, REASON)
    assert (back.status, back.body["state"]) == (200, "withdrawn")
    again = call(function, "POST", f"{one['href']}/waiver/withdrawal", SECOND, REASON)
    assert again.body == back.body
    assert status(night(sky, NIGHT + timedelta(hours=2)), one["id"]) == "open"
    # The same may be accepted anew, with other words.
    assert waive(function, one["href"], reason="accepted for another month").status == 201
    assert status(night(sky, NIGHT + timedelta(hours=3)), one["id"]) == "waived"
    assert [one.action for one in events(sky, "acceptance")] == [
        "acceptance.approved",
        "acceptance.withdrawn",
        "acceptance.approved",
    ]
    assert [row["state"] for row in call(function, "GET", "/v1/waivers", OFFICER).body["items"]]


@begins(after_their_night)
def test_an_import_leaves_waivers_alone(sky: Cloud, function: ModuleType) -> None:
    one = finding(function, "medium")
    waive(function, one["href"])
    bring(sky, registry())
    assert status(night(sky, NIGHT + timedelta(hours=1)), one["id"]) == "waived"


@begins(after_their_night)
def test_a_critical_finding_takes_two_officers(sky: Cloud, function: ModuleType) -> None:
    one = finding(function, "critical")
    here = f"{one['href']}/waiver"
    assert waive(function, one["href"]).body["state"] == "proposed"
    assert status(night(sky, NIGHT + timedelta(hours=1)), one["id"]) == "open"
    own = approve(function, one["href"], OFFICER)
    assert (own.status, own.body["type"]) == (409, "urn:rolecall:problem:self-approval")
    unseen = call(function, "POST", f"{here}/approval", SECOND)
    assert (unseen.status, unseen.body["type"]) == (
        428,
        "urn:rolecall:problem:precondition-required",
    )
    made = approve(function, one["href"])
    assert made.body["approved_by"] == ["officer", "person-leaf"]
    assert call(function, "GET", here, OFFICER).body == made.body
    assert approve(function, one["href"], OFFICER).body == made.body
    assert status(night(sky, NIGHT + timedelta(hours=2)), one["id"]) == "waived"
    assert [one.action for one in events(sky, "acceptance")] == [
        "acceptance.proposed",
        "acceptance.approved",
    ]


@begins(after_their_night)
def test_what_changed_since_it_was_proposed_is_not_approved(
    sky: Cloud, function: ModuleType
) -> None:
    (one,) = [
        row
        for row in call(function, "GET", "/v1/findings", OFFICER, query={"entity": "mid"}).body[
            "items"
        ]
        if row["control"] == "ineligible-manager" and row["subject"]["person"] == "boss-mid"
    ]
    assert waive(function, one["href"]).body["state"] == "proposed"
    before = registry()
    people = tuple(
        replace(row, clearance_level="A", clearance_expires=TODAY) if row.id == "boss-mid" else row
        for row in before.people
    )
    bring(sky, replace(before, people=people))
    night(sky, NIGHT + timedelta(hours=1))
    late = approve(function, one["href"])
    assert (late.status, late.body["type"]) == (409, "urn:rolecall:problem:evidence-changed")


@begins(after_their_night)
def test_nobody_accepts_what_is_about_them(sky: Cloud, function: ModuleType) -> None:
    listed = call(function, "GET", "/v1/findings", OFFICER, query={"entity": "mid"}).body["items"]
    mine = next(one for one in listed if one["subject"].get("person") == "boss-mid")
    boss = who("boss-mid", "compliance")
    assert waive(function, mine["href"], by=boss).status == 403
    assert events(sky, "acceptance") == []


@begins(after_their_night)
def test_who_read_two_days_does_not_approve_a_year(sky: Cloud, function: ModuleType) -> None:
    one = finding(function, "critical")
    here = f"{one['href']}/waiver"
    assert waive(function, one["href"], days=2).status == 201
    read = {"If-Match": call(function, "GET", here, SECOND).headers["ETag"]}
    assert call(function, "POST", f"{here}/withdrawal", OFFICER, REASON).status == 200
    assert waive(function, one["href"], days=365).status == 201
    late = call(function, "POST", f"{here}/approval", SECOND, headers=read)
    assert (late.status, late.body["type"]) == (412, "urn:rolecall:problem:precondition-failed")
    assert call(function, "GET", here, SECOND).body["state"] == "proposed"
    assert [one.action for one in events(sky, "acceptance")][-1] == "acceptance.proposed"


@pytest.mark.parametrize("days", [0, -1, 367])
@begins(after_their_night)
def test_a_waiver_ends_within_a_year(function: ModuleType, days: int) -> None:
    answer = waive(function, finding(function, "medium")["href"], days=days)
    assert (answer.status, answer.body["type"]) == (422, "urn:rolecall:problem:invalid")


@begins(after_their_night)
def test_what_is_resolved_is_not_waived(sky: Cloud, function: ModuleType) -> None:
    one = finding(function, "medium")
    path = one["href"]
    before = registry()
    bring(sky, replace(before, accounts=(), grants=(), logins=()))
    night(sky, NIGHT + timedelta(hours=1))
    assert call(function, "GET", path, OFFICER).body["status"] == "resolved"
    assert waive(function, path).body["type"].endswith("finding-resolved")


# -- editing ---------------------------------------------------------------------------------------


def body_of(answer: Answer, **changes: Any) -> dict[str, Any]:
    """Return what was read as it is put again, with changes."""
    keys = ("id", "account_id", "person_id", "revoke_requested_at", "revoked_on")
    return {
        **{name: value for name, value in answer.body.items() if name not in keys},
        **changes,
    }


def edit(function: ModuleType, path: str, by: dict[str, str] = CLERK, **changes: Any) -> Answer:
    seen = call(function, "GET", path, by)
    tag = {"If-Match": seen.headers["ETag"]}
    return call(function, "PUT", path, by, body_of(seen, **changes), headers=tag)


def test_a_record_is_edited_by_who_saw_it(sky: Cloud, function: ModuleType) -> None:
    seen = call(function, "GET", "/v1/accounts/page-mid", CLERK)
    tag = {"If-Match": seen.headers["ETag"]}
    body = body_of(seen, url="https://example.org/mid ", owner_id="boss-mid")
    made = call(function, "PUT", "/v1/accounts/page-mid", CLERK, body, headers=tag)
    assert made.status == 200
    now = call(function, "GET", "/v1/accounts/page-mid", CLERK)
    assert now.body == made.body["record"]
    assert (now.body["url"], now.body["owner_id"]) == ("https://example.org/mid", "boss-mid")
    assert now.headers["ETag"] == made.headers["ETag"] != seen.headers["ETag"]
    # Who saw what was there before overwrites nothing; the same again changes nothing.
    late = call(function, "PUT", "/v1/accounts/page-mid", CLERK, body, headers=tag)
    assert (late.status, late.body["type"]) == (412, "urn:rolecall:problem:precondition-failed")
    blind = call(function, "PUT", "/v1/accounts/page-mid", CLERK, body)
    assert (blind.status, blind.body["type"]) == (
        428,
        "urn:rolecall:problem:precondition-required",
    )
    assert edit(function, "/v1/accounts/page-mid").status == 200
    (event,) = events(sky, "registry")
    assert event.entity == "mid"
    assert event.subject.account == "page-mid"
    assert event.payload["fields"] == ["url", "owner_id"]
    # The grants and logins of the account stay.
    snapshot, _ = snapshot_of(sky.stack().registry.documents())
    assert len(snapshot.grants) == len(registry().grants)
    assert len(snapshot.logins) == len(registry().logins)


@pytest.mark.parametrize(
    ("path", "changes"),
    [
        ("/v1/entities/mid", {"head_id": "boss-sib"}),
        ("/v1/entities/mid", {"it_delegate_ids": ["boss-sib"]}),
        ("/v1/entities/mid", {"parent_id": None}),
        ("/v1/people/boss-mid", {"email": "clerk@example.org2"}),
        ("/v1/people/boss-mid", {"clearance_level": "C"}),
        ("/v1/people/boss-mid", {"clearance_expires": "2027-01-01"}),
        ("/v1/people/gone", {"status": "active"}),
        ("/v1/accounts/page-mid/grants/person-mid", {"role": "admin"}),
    ],
)
def test_what_gives_power_waits(
    sky: Cloud, function: ModuleType, path: str, changes: dict[str, Any]
) -> None:
    before = call(function, "GET", path, CLERK)
    made = edit(function, path, **changes)
    assert made.status == 202, made
    assert call(function, "GET", path, CLERK).body == before.body
    where = made.headers["Location"]
    (waits,) = call(function, "GET", "/v1/changes", OFFICER).body["items"]
    assert where == f"/v1/changes/{waits['id']}"
    assert waits["fields"] == list(changes)
    # The same again is the same; anything else waits for this one.
    assert edit(function, path, **changes).body["change"]["id"] == waits["id"]
    assert call(function, "POST", f"{where}/approval", CLERK).status == 409
    assert call(function, "POST", f"{where}/approval", HEAD).status == 404
    done = call(function, "POST", f"{where}/approval", OTHER_CLERK)
    assert (done.status, done.body["state"]) == (200, "approved")
    now = call(function, "GET", path, CLERK).body
    for name, value in changes.items():
        assert now.get(name) == value, name
    # What was asked for is not kept beside the registry.
    assert done.body["record"] is None
    assert call(function, "GET", "/v1/changes", OFFICER).body == {"items": [], "unreadable": []}
    assert sorted(one.action for one in events(sky, "change", "registry")) == [
        "change.approved",
        "change.requested",
        "registry.changed",
    ]
    assert "@example" not in repr(events(sky, "change", "registry"))


@pytest.mark.parametrize(
    ("path", "changes"),
    [
        ("/v1/people/boss-mid", {"status": "left"}),
        ("/v1/people/boss-mid", {"left_on": "2026-01-01"}),
        ("/v1/entities/mid", {"name": "St. Mid"}),
        ("/v1/accounts/page-mid/grants/boss-mid", {"role": "editor"}),
        ("/v1/accounts/page-mid/grants/boss-mid", {"expires_on": "2026-12-01"}),
        ("/v1/accounts/page-mid/grants/person-mid", {"role": "editor"}),
    ],
)
def test_what_takes_power_away_does_not_wait(
    function: ModuleType, path: str, changes: dict[str, Any]
) -> None:
    made = edit(function, path, **changes)
    assert made.status == 200, made
    for name, value in changes.items():
        assert made.body["record"][name] == value


def test_new_records(sky: Cloud, function: ModuleType) -> None:
    new = {"If-None-Match": "*"}
    unit = {"name": "New parish", "parent_id": "mid"}
    made = call(function, "PUT", "/v1/entities/new", CLERK, unit, headers=new)
    assert (made.status, made.body["record"]["id"]) == (201, "new")
    again = call(function, "PUT", "/v1/entities/new", CLERK, unit, headers=new)
    assert again.status == 412
    person = {"name": "Somebody", "status": "active", "entity_id": "new"}
    assert call(function, "PUT", "/v1/people/p-new", CLERK, person, headers=new).status == 201
    named = {**person, "email": "new@example.org"}
    waits = call(function, "PUT", "/v1/people/p-two", CLERK, named, headers=new)
    assert waits.status == 202
    page = {"entity_id": "new", "platform": " FaceBook", "handle": "new", "status": "active"}
    made = call(function, "PUT", "/v1/accounts/page-new", CLERK, page, headers=new)
    assert (made.status, made.body["record"]["platform"]) == (201, "facebook")
    grant = {"role": "editor", "approved_by": "head-mid"}
    path = "/v1/accounts/page-new/grants/p-new"
    made = call(function, "PUT", path, CLERK, grant, headers=new)
    assert (made.status, made.body["record"]["granted_on"]) == (201, str(TODAY))
    # All of it is what an import would have brought, and is found by who holds it.
    assert [one["id"] for one in call(function, "GET", "/v1/accounts", HEAD).body["items"]] == [
        "page-leaf",
        "page-mid",
        "page-new",
    ]
    assert sky.stack().registry.held("p-new") == ["page-new"]
    admin = call(
        function,
        "PUT",
        "/v1/accounts/page-new/grants/person-mid",
        CLERK,
        {"role": "admin"},
        headers=new,
    )
    assert admin.status == 202
    done = call(function, "POST", f"{admin.headers['Location']}/approval", OFFICER)
    assert done.status == 200
    assert sky.stack().registry.held("person-mid") == ["page-mid", "page-new"]
    night(sky, NIGHT)


@pytest.mark.parametrize(
    ("path", "body", "fields"),
    [
        ("entities/x", {"name": "X", "parent_id": "nowhere"}, {"parent_id"}),
        ("entities/x", {"name": "X", "head_id": "nobody"}, {"head_id"}),
        ("entities/x", {"name": "X", "it_delegate_ids": ["it-mid", "nobody"]}, {"it_delegate_ids"}),
        ("entities/x", {"name": "X", "parent_id": "x"}, {"parent_id"}),
        ("entities/x", {"name": "a\x00b"}, {"name"}),
        ("entities/x", {"name": " "}, {"name"}),
        (
            "people/x",
            {"name": "X", "status": "active", "entity_id": "z", "supervisor_id": "z"},
            {"entity_id", "supervisor_id"},
        ),
        ("people/x", {"name": "X", "status": "active", "email": "Boss-Mid@example.org"}, {"email"}),
        (
            "accounts/x",
            {"entity_id": "z", "platform": "x", "handle": "x", "status": "active"},
            {"entity_id"},
        ),
        ("accounts/none/grants/boss-mid", {"role": "editor"}, {"account_id"}),
        ("accounts/page-mid/grants/nobody", {"role": "editor"}, {"person_id"}),
    ],
)
def test_records_that_cannot_be(
    sky: Cloud, function: ModuleType, path: str, body: dict[str, Any], fields: set[str]
) -> None:
    answer = call(function, "PUT", f"/v1/{path}", CLERK, body, headers={"If-None-Match": "*"})
    assert answer.status == 422, answer
    assert {one["field"] for one in answer.body["fields"]} == {f"body.{one}" for one in fields}
    assert events(sky, "registry", "change") == []


def test_a_circle_of_parents_cannot_be(function: ModuleType) -> None:
    answer = edit(function, "/v1/entities/top", parent_id="leaf")
    assert (answer.status, answer.body["fields"][0]["field"]) == (422, "body.parent_id")


def test_an_account_stays_in_its_entity(function: ModuleType) -> None:
    answer = edit(function, "/v1/accounts/page-mid", entity_id="leaf")
    assert (answer.status, answer.body["fields"][0]["field"]) == (422, "body.entity_id")


def test_a_column_that_the_registry_does_not_have_is_not_begun_by_one_edit(
    sky: Cloud, function: ModuleType
) -> None:
    before = registry()
    tracked = before.tracked - {"people.contract_ref"}
    bring(sky, replace(before, tracked=tracked))
    answer = edit(function, "/v1/people/boss-mid", contract_ref="C-1")
    assert (answer.status, answer.body["fields"][0]["field"]) == (422, "body.contract_ref")


def test_what_is_edited_survives_an_import_and_is_tracked_for_its_row(
    sky: Cloud, function: ModuleType
) -> None:
    files = registry()
    files = replace(files, tracked=files.tracked - {"people.trained_on"})
    bring(sky, files)
    assert edit(function, "/v1/people/boss-mid", trained_on="2026-01-01").status == 200
    path = "/v1/accounts/page-mid/grants/boss-mid"
    assert edit(function, path, role="editor").status == 200
    bring(sky, files)
    now, _ = snapshot_of(sky.stack().registry.documents())
    assert {one.id: one.trained_on for one in now.people}["boss-mid"] == date(2026, 1, 1)
    assert now.filled == {"people.trained_on": {("boss-mid",)}}
    roles = {(one.account_id, one.person_id): one.role for one in now.grants}
    assert roles["page-mid", "boss-mid"] == "editor"
    # It is edited once more, and says so.
    assert edit(function, "/v1/people/boss-mid", trained_on="2026-02-02").status == 200


def test_access_that_is_being_taken_away_is_not_edited(function: ModuleType) -> None:
    path = "/v1/accounts/page-mid/grants/boss-mid"
    made = call(function, "POST", f"{path}/revocation", HEAD, REASON)
    assert made.status == 201
    assert edit(function, path, role="editor").status == 422


def test_a_change_is_refused_or_overtaken(function: ModuleType) -> None:
    path = "/v1/entities/mid"
    where = edit(function, path, head_id="boss-mid").headers["Location"]
    # Whoever gets the office does not decide of it.
    boss = who("boss-mid", "compliance")
    assert call(function, "POST", f"{where}/approval", boss).body["type"].endswith("self-approval")
    no = call(function, "POST", f"{where}/refusal", OFFICER, REASON)
    assert (no.status, no.body["state"]) == (200, "refused")
    assert call(function, "POST", f"{where}/refusal", OFFICER, REASON).body == no.body
    assert call(function, "POST", f"{where}/approval", OFFICER).body["type"].endswith("change-over")
    # It may be asked for again, and again be overtaken by another edit.
    again = edit(function, path, head_id="boss-mid").headers["Location"]
    assert again == where
    assert edit(function, path, name="Renamed").status == 200
    late = call(function, "POST", f"{where}/approval", OFFICER)
    assert late.body["type"].endswith("record-changed")
    assert call(function, "GET", path, CLERK).body["head_id"] == "head-mid"


def test_what_would_give_power_to_two_offices_at_once_waits_once(function: ModuleType) -> None:
    path = "/v1/entities/mid"
    first = edit(function, path, head_id="boss-mid")
    other = edit(function, path, head_id="person-mid")
    assert (other.status, other.body["type"]) == (409, "urn:rolecall:problem:change-waiting")
    assert other.body["change"] == first.body["change"]["id"]


def test_a_record_is_not_larger_than_can_be_stored(function: ModuleType) -> None:
    answer = edit(function, "/v1/people/boss-mid", notes={"x": "y" * 400_000})
    assert answer.status == 422
    assert "can be stored" in answer.body["detail"]


def test_a_user_who_was_made_anew_is_let_in_by_two(sky: Cloud, function: ModuleType) -> None:
    assert call(function, "GET", "/v1/me", HEAD).status == 200
    anew = {**HEAD, "sub": "made anew"}
    no = call(function, "GET", "/v1/me", anew)
    assert (no.status, no.body["type"]) == (403, "urn:rolecall:problem:denied")
    mark = no.body["detail"].rpartition(" ")[2]
    path = "/v1/people/head-mid/sign-in"
    asked = call(function, "POST", path, CLERK, {**REASON, "mark": mark})
    assert (asked.status, asked.body["state"]) == (202, "waiting")
    assert call(function, "GET", "/v1/me", anew).status == 403
    seen = call(function, "GET", path, OFFICER)
    tag = {"If-Match": seen.headers["ETag"]}
    own = call(function, "POST", f"{path}/approval", CLERK, headers=tag)
    assert (own.status, own.body["type"]) == (409, "urn:rolecall:problem:self-approval")
    assert call(function, "POST", f"{path}/approval", OFFICER).status == 428
    assert call(function, "POST", f"{path}/approval", OFFICER, headers=tag).status == 200
    assert call(function, "GET", "/v1/me", anew).body["person"]["id"] == "head-mid"
    assert call(function, "GET", "/v1/me", HEAD).status == 403
    mine = [one.action for one in events(sky, "identity") if one.subject.person == "head-mid"]
    assert mine == ["identity.bound", "identity.requested", "identity.approved"]
    late = call(function, "POST", f"{path}/refusal", OFFICER, REASON)
    assert (late.status, late.body["type"]) == (409, "urn:rolecall:problem:change-over")
    again = call(function, "POST", path, CLERK, REASON)
    assert again.body["version"] == 3
    assert call(function, "POST", f"{path}/refusal", CLERK, REASON).body["state"] == "refused"


def test_hundreds_are_let_in_by_two_after_a_new_issuer(sky: Cloud, function: ModuleType) -> None:
    wanted = [{"person": one} for one in ("clerk", "head-mid", "officer", "nobody")]
    for one in (CLERK, HEAD, OFFICER):
        assert call(function, "GET", "/v1/me", one).status == 200
    asked = call(function, "POST", "/v1/sign-ins", CLERK, {**REASON, "people": wanted})
    assert (asked.status, asked.body["left"]) == (202, 2)
    assert [one["person"] for one in asked.body["list"]["left_out"]] == ["clerk", "nobody"]
    path = asked.headers["Location"]
    seen = call(function, "GET", path, OFFICER)
    assert seen.body == asked.body
    assert {one["name"] for one in seen.body["people"]} >= {
        call(function, "GET", "/v1/people/head-mid", OFFICER).body["name"]
    }
    tag = {"If-Match": seen.headers["ETag"]}
    assert call(function, "POST", f"{path}/approval", OFFICER).status == 428
    own = call(function, "POST", f"{path}/approval", CLERK, headers=tag)
    assert (own.status, own.body["type"]) == (409, "urn:rolecall:problem:self-approval")
    done = call(function, "POST", f"{path}/approval", OFFICER, headers=tag)
    assert done.status == 200
    assert {one["person"]: one["standing"] for one in done.body["people"]} == {
        "head-mid": "done",
        "officer": "left out",
    }
    stale = call(function, "POST", f"{path}/approval", OFFICER, headers=tag)
    assert stale.status == 412
    again = {"If-Match": done.headers["ETag"]}
    assert call(function, "POST", f"{path}/approval", OFFICER, headers=again).body == done.body
    anew = {**HEAD, "sub": "of the new issuer"}
    assert call(function, "GET", "/v1/me", anew).body["person"]["id"] == "head-mid"
    assert call(function, "GET", "/v1/me", HEAD).status == 403
    found = [one for one in events(sky, "identity") if one.payload.get("list")]
    subjects = [one.subject and one.subject.person for one in found]
    assert sorted(map(str, subjects)) == ["None", "None", "head-mid"]


# -- reports, runs, the log ------------------------------------------------------------------------


@begins(after_their_night)
def test_an_officer_signs_what_they_read(sky: Cloud, function: ModuleType) -> None:
    (one,) = [
        row
        for row in call(function, "GET", "/v1/reports", OFFICER).body["items"]
        if row["name"].endswith(".json")
    ]
    path = f"/v1/reports/{one['id']}"
    stored = sky.stack().records.get("reports/" + one["id"].replace("_", "/")) or b""
    digest = hashlib.sha256(stored).hexdigest()
    seen = call(function, "GET", path, OFFICER).body
    assert (seen["digest"], seen["signatures"]) == (digest, [])
    body = {"digest": digest.upper(), "capacity": "compliance officer"}
    wrong = call(function, "POST", f"{path}/signature", OFFICER, {**body, "digest": "0" * 64})
    assert (wrong.status, wrong.body["type"]) == (409, "urn:rolecall:problem:digest-differs")
    made = call(function, "POST", f"{path}/signature", OFFICER, body)
    assert (made.status, made.body["digest"]) == (201, digest)
    again = call(function, "POST", f"{path}/signature", OFFICER, {**body, "capacity": "auditor"})
    assert again.body == made.body
    assert call(function, "POST", f"{path}/signature", SECOND, body).status == 201
    shown = call(function, "GET", path, OFFICER).body
    assert {row["person"] for row in shown["signatures"]} == {"officer", "person-leaf"}
    told = [row for row in events(sky, "report") if row.action == "report.signed"]
    assert [row.payload["digest"] for row in told] == [digest] * 2


def test_reports_are_listed_run_by_run(sky: Cloud, function: ModuleType) -> None:
    for hour in range(3):
        night(sky, NIGHT + timedelta(hours=hour))
    runs = [one["run"]["id"] for one in call(function, "GET", "/v1/runs", OFFICER).body["items"]]
    every = call(function, "GET", "/v1/reports", OFFICER).body
    assert [one["run"] for one in every["items"]] == [run for run in runs for _ in range(2)]
    assert every["next"] is None
    pages, query = [], {"limit": "1"}
    while True:
        page = call(function, "GET", "/v1/reports", OFFICER, query=query).body
        pages += page["items"]
        if page["next"] is None:
            break
        # What a run left is not torn apart.
        assert len(page["items"]) == 2
        query["cursor"] = page["next"]
    assert pages == every["items"]
    of_one = call(function, "GET", "/v1/reports", OFFICER, query={"run": runs[1]}).body["items"]
    assert of_one == every["items"][2:4]
    assert call(function, "GET", "/v1/reports", OFFICER, query={"run": "none"}).body["items"] == []
    wrong = call(function, "GET", "/v1/reports", OFFICER, query={"cursor": "none"})
    assert (wrong.status, "cursor" in wrong.body["detail"]) == (422, True)


def test_reports_of_one_entity_are_listed_by_it(
    sky: Cloud, function: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ENTITY_REPORTS", "findings.csv")
    night(sky, NIGHT)
    whole = call(function, "GET", "/v1/reports", OFFICER).body["items"]
    assert [one["name"] for one in whole] == ["findings.csv", "findings.json"]
    of_one = call(function, "GET", "/v1/reports", OFFICER, query={"entity": "top"}).body["items"]
    assert [one["name"].rpartition("/")[2] for one in of_one] == ["findings.csv", "findings.json"]
    path = f"/v1/reports/{of_one[0]['id']}"
    assert len(call(function, "GET", path, OFFICER).body["digest"]) == 64
    assert call(function, "GET", f"{path}/download", OFFICER).status == 200
    none = call(function, "GET", "/v1/reports", OFFICER, query={"entity": "nowhere"}).body
    assert none["items"] == []


class Machines:
    """Stands in for the state machine: keeps what was started."""

    def __init__(self) -> None:
        self.started: list[tuple[str, str | None]] = []
        self.runs = False

    def is_running(self) -> bool:
        """Tell whether one runs."""
        return self.runs

    def latest(self) -> str:
        """Return the last one."""
        return self.started[-1][0] if self.started else ""

    def start(self, name: str, entity: str | None) -> None:
        """Start one."""
        self.started.append((name, entity))


def test_an_audit_is_started_by_who_may(
    sky: Cloud, function: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    machines = Machines()
    monkeypatch.setattr(function.stack.archive, "is_running", machines.is_running)
    monkeypatch.setattr(function.stack.archive, "latest", machines.latest)
    monkeypatch.setattr(function.stack.archive, "start", machines.start)
    assert call(function, "POST", "/v1/runs", OFFICER, {}).status == 202
    assert call(function, "POST", "/v1/runs", HEAD, {"entity": "leaf"}).status == 202
    assert call(function, "POST", "/v1/runs", HEAD, {}).status == 404
    assert call(function, "POST", "/v1/runs", HEAD, {"entity": "sib"}).status == 404
    assert [entity for _, entity in machines.started] == [None, "leaf"]
    machines.runs = True
    busy = call(function, "POST", "/v1/runs", OFFICER, {})
    assert (busy.status, busy.body["type"]) == (409, "urn:rolecall:problem:run-in-progress")
    assert [(one.actor, one.entity) for one in events(sky, "run")] == [
        ("officer", None),
        ("head-mid", "leaf"),
    ]


@begins(after_their_night)
def test_an_audit_of_an_entity_leaves_the_others_as_they_are(
    sky: Cloud, function: ModuleType
) -> None:
    first = sky.begun
    before = registry()
    # The bosses of a child and of a sibling go.
    people = tuple(
        replace(one, status="left") if one.id in ("boss-leaf", "boss-sib") else one
        for one in before.people
    )
    bring(sky, replace(before, people=people))
    planned = plan(sky, NIGHT + timedelta(hours=1), entity="mid")
    audit = sky.function("audit")
    for item in items(sky, planned):
        audit.handler(item, Invocation())
    report = finish(sky, planned)
    assert report["run"]["scope"] == {"entity": "mid", "controls": None}
    assert {one["entity"] for one in report["findings"]} == {"mid", "leaf"}
    assert "new" in {one["status"] for one in report["findings"] if one["entity"] == "leaf"}
    listed = call(function, "GET", "/v1/findings", OFFICER, query={"entity": "sib"}).body["items"]
    assert {one["id"] for one in listed} == {
        one["id"] for one in first["findings"] if one["entity"] == "sib"
    }


def test_an_audit_of_no_entity_is_refused(sky: Cloud) -> None:
    with pytest.raises(Exception, match="no entity nowhere"):
        plan(sky, NIGHT, entity="nowhere")


@begins(after_their_night)
def test_the_log_page_by_page(sky: Cloud, function: ModuleType) -> None:
    call(function, "POST", "/v1/accounts/page-mid/grants/boss-mid/revocation", HEAD, REASON)
    found: list[dict[str, Any]] = []
    query = {"limit": "7"}
    while True:
        page = call(function, "GET", "/v1/log", OFFICER, query=query).body
        assert len(page["items"]) <= 7
        found += page["items"]
        if page["next"] is None:
            break
        query["cursor"] = page["next"]
    everything = {one.id for one in records(sky.stack().log) if one.action != "log.sealed"}
    assert {one["id"] for one in found} == everything
    assert len(found) == len(everything)
    mine = call(function, "GET", "/v1/log", HEAD, query={"limit": "200"}).body["items"]
    assert {one["entity"] for one in mine} == {"mid", "leaf"}
    since = {"since": (NIGHT + timedelta(seconds=1)).isoformat(), "limit": "200"}
    late = call(function, "GET", "/v1/log", HEAD, query=since).body["items"]
    assert sorted(one["action"] for one in late) == ["identity.bound", "revocation.requested"]


@begins(after_their_night)
def test_a_page_that_ended_early_leaves_nothing_out(sky: Cloud) -> None:
    log = sky.stack().log
    whole, more = log.of_entity("mid", "", 200)
    assert len(whole) > 5
    assert more is None
    query = log.client.query
    found: list[bytes] = []
    first: str | None = ""
    # A page is 1 MB at most, however many are asked for; here it is two records.
    with patch.object(log.client, "query", lambda **asked: query(**{**asked, "Limit": 2})):
        while first is not None:
            page, first = log.of_entity("mid", first, 200)
            found += page
    assert found == whole


def test_a_head_takes_a_proof_of_their_entity(sky: Cloud, function: ModuleType) -> None:
    from rolecall.ledger.bundle import BundleReader
    from rolecall.ledger.verify_bundle import verify_bundle

    early = call(function, "GET", "/v1/log/proof", HEAD, query={"entity": "mid"})
    assert (early.status, early.body["type"]) == (422, "urn:rolecall:problem:invalid")
    night(sky, NIGHT)
    answer = call(function, "GET", "/v1/log/proof", HEAD, query={"entity": "mid"})
    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/zip")
    with zipfile.ZipFile(io.BytesIO(answer.body)) as archive:
        assert b'"mid"' in archive.read("records.jsonl")
        assert b"boss-sib" not in archive.read("records.jsonl")
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "proof.zip"
        path.write_bytes(answer.body)
        with BundleReader(path) as bundle:
            assert verify_bundle(bundle, [SIGNER.key])
    whole = call(function, "GET", "/v1/log/proof", OFFICER)
    assert len(whole.body) > len(answer.body)


# -- the same request again ------------------------------------------------------------------------


def keyed(function: ModuleType, key: str, by: dict[str, str] = HEAD, **more: Any) -> Answer:
    path = "/v1/accounts/page-mid/grants/boss-mid/revocation"
    body = {**REASON, **more}
    return call(function, "POST", path, by, body, headers={"idempotency-key": key})


def test_the_same_request_again_gets_the_same_answer(sky: Cloud, function: ModuleType) -> None:
    first = keyed(function, "k-1")
    assert first.status == 201
    path = first.headers["Location"]
    assert call(function, "POST", f"{path}/cancellation", HEAD, REASON).status == 200
    # It is not asked for anew: the answer is the one there was.
    again = keyed(function, "k-1")
    assert (again.status, again.body) == (first.status, first.body)
    assert again.headers["Location"] == path
    assert call(function, "GET", path, HEAD).body["state"] == "cancelled"
    other = keyed(function, "k-1", reason="something else entirely")
    assert (other.status, other.body["type"]) == (409, "urn:rolecall:problem:idempotency-mismatch")
    # Another's key is another key.
    later = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=5)
    function.api.clock = lambda: later
    assert (
        keyed(function, "k-1", by=who("it-mid")).body["revocation"]["id"]
        != first.body["revocation"]["id"]
    )
    assert len([one for one in events(sky, "revocation") if "requested" in one.action]) == 2


def test_what_failed_is_tried_anew(function: ModuleType) -> None:
    assert keyed(function, "k-2", by=who("boss-sib")).status == 404
    assert keyed(function, "k-2", reason="short").status == 422
    assert keyed(function, "k-2").status == 201


@pytest.mark.parametrize("key", ["", "a b", "\u00e9", "x" * 256])
def test_keys_that_are_none(function: ModuleType, key: str) -> None:
    answer = keyed(function, key)
    assert (answer.status, answer.body["fields"][0]["field"]) == (422, "body.Idempotency-Key")


def test_who_left_gets_no_kept_answer(sky: Cloud, function: ModuleType) -> None:
    assert keyed(function, "k-3").status == 201
    before = registry()
    people = tuple(
        replace(one, status="left") if one.id == "head-mid" else one for one in before.people
    )
    bring(sky, replace(before, people=people))
    assert keyed(function, "k-3").status == 403


def test_a_request_that_is_being_served_is_not_served_twice(
    function: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside: list[Answer] = []
    real = function.stack.revocations.account

    def account(id_: str) -> Any:
        if not inside:
            inside.append(Answer(0, None, {}))
            inside[0] = keyed(function, "k-4")
        return real(id_)

    monkeypatch.setattr(function.stack.revocations, "account", account)
    keyed(function, "k-4")
    assert inside[0].body["type"] == "urn:rolecall:problem:idempotency-in-progress"


# -- decisions that cannot be read -----------------------------------------------------------------


def spoil(sky: Cloud, table: str, partition: str, key: str, text: str) -> None:
    """Change the document of an item past Rolecall."""
    boto3.client("dynamodb").update_item(
        TableName=sky.outputs[table],
        Key={"pk": {"S": partition}, "sk": {"S": key}},
        UpdateExpression="SET doc = :text",
        ExpressionAttributeValues={":text": {"S": text}},
    )


@pytest.mark.parametrize("text", ["{", '{"state": "perhaps"}'])
@begins(after_their_night)
def test_a_waiver_that_cannot_be_read_hides_no_other(
    sky: Cloud, function: ModuleType, text: str
) -> None:
    spoiled, other = finding(function, "medium"), finding(function, "high")
    assert {waive(function, one["href"]).status for one in (spoiled, other)} == {201}
    spoil(sky, "RegistryTable", "WAIVERS", spoiled["id"], text)
    listed = call(function, "GET", "/v1/waivers", OFFICER)
    assert (listed.status, listed.body["unreadable"]) == (200, [spoiled["id"]])
    assert [one["finding"] for one in listed.body["items"]] == [other["id"]]
    here = f"{spoiled['href']}/waiver"
    refused = [
        call(function, "GET", here, OFFICER),
        waive(function, spoiled["href"]),
        call(function, "POST", f"{here}/approval", SECOND, headers={"If-Match": '"x"'}),
        call(function, "POST", f"{here}/withdrawal", SECOND, REASON),
    ]
    for answer in refused:
        assert (answer.status, answer.body["type"]) == (409, "urn:rolecall:problem:unreadable")
        assert spoiled["id"] in answer.body["detail"]
    # Whoever may not see them learns nothing of it either.
    assert call(function, "GET", "/v1/waivers", HEAD).status == 404
    assert call(function, "GET", here, HEAD).status == 404


@begins(after_their_night)
def test_a_change_that_cannot_be_read_hides_no_other(sky: Cloud, function: ModuleType) -> None:
    first, second = (
        edit(function, f"/v1/entities/{unit}", head_id="boss-mid") for unit in ("mid", "leaf")
    )
    assert {first.status, second.status} == {202}
    spoiled, other = first.body["change"]["id"], second.body["change"]["id"]
    spoil(sky, "DeskTable", f"CHANGE#{spoiled}", "-", "{")
    listed = call(function, "GET", "/v1/changes", OTHER_CLERK)
    assert (listed.status, listed.body["unreadable"]) == (200, [spoiled])
    assert [one["id"] for one in listed.body["items"]] == [other]
    for step, body in (("approval", None), ("refusal", REASON)):
        answer = call(function, "POST", f"/v1/changes/{spoiled}/{step}", OTHER_CLERK, body)
        assert (answer.status, answer.body["type"]) == (409, "urn:rolecall:problem:unreadable")
    # Another change waits as before, and is decided.
    third = edit(function, "/v1/entities/sib", head_id="boss-mid")
    assert third.status == 202
    done = call(function, "POST", f"/v1/changes/{other}/approval", OTHER_CLERK)
    assert (done.status, done.body["state"]) == (200, "approved")
