"""Nobody but officers learns of an incident by any route, and none of whom it is about."""

from __future__ import annotations

import io
import json
import os
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import ModuleType
from typing import Any
from unittest import mock

import boto3
import pytest
from msgspec.structs import replace

from rolecall.controls.audience import CONFIDENTIAL
from rolecall.ledger.log import records
from rolecall.model import Incident, Investigator, Snapshot, Subject
from rolecall.registry.documents import documents
from rolecall.ring import WHOLE
from tests.api import NIGHT, REASON, call, registry, who
from tests.cloud import Cloud, cloud
from tests.cloud_nights import night, verify
from tests.functional.test_api_matrix import MATRIX

OPENED = datetime(2026, 9, 1, 8, tzinfo=UTC)
# The conduct of a manager, of the head, and of an officer, each below another page.
CASES: dict[str, tuple[str, str | None]] = {
    "inc-boss": ("mid", "boss-mid"),
    "inc-head": ("mid", "head-mid"),
    "inc-clerk": ("sib", "clerk"),
    "inc-none": ("leaf", None),
}
OFFICER = who("officer", "compliance")
ACCUSED = who("clerk", "compliance", "registrar")
PARISH = {
    **{name: who(name) for name in ("head-mid", "it-mid", "boss-mid")},
    "registrar": who("officer", "registrar"),
}


def with_incidents() -> Snapshot:
    """Return the four entities, with incidents of which every control has to complain."""
    made = registry()
    incidents = tuple(
        Incident(
            id_,
            f"page-{unit}",
            OPENED,
            due_on=OPENED.date(),
            personal_data=True,
            minor_involved=True,
            subject_id=subject,
            investigators=(Investigator("person-top", "dean"),),
            sanction="termination",
        )
        for id_, (unit, subject) in CASES.items()
    )
    columns = frozenset(f"incidents.{name}" for name in Incident.__struct_fields__)
    return replace(made, incidents=incidents, tracked=made.tracked | columns)


def bring_incidents(sky: Cloud, policy: str | None = None) -> None:
    """Import them."""
    target = sky.stack().registry
    target.apply(target.compare(documents(with_incidents(), policy)))


def begin(sky: Cloud) -> dict[str, Any]:
    """Begin with a night over them, and one that somebody waived."""
    bring_incidents(sky)
    with mock.patch.dict(os.environ, {"ENTITY_REPORTS": "findings.csv,report.md"}):
        night(sky, NIGHT)
    api = sky.function("api")
    for id_ in ("inc-clerk", "inc-boss"):
        [href] = {one["href"] for one in found(api, OFFICER, "single-investigator", id_)}
        tag = {"If-Match": call(api, "GET", href, OFFICER).headers["ETag"]}
        until = str(datetime.now(UTC).date() + timedelta(9))
        body = {**REASON, "expires": until}
        made = call(api, "POST", f"{href}/waiver", OFFICER, body, headers=tag)
        assert made.status == 201, made
    return night(sky, NIGHT + timedelta(hours=1))


@pytest.fixture(scope="module")
def shared() -> Iterator[tuple[Cloud, ModuleType]]:
    """Return a stack after its night; for tests that change nothing."""
    with cloud(begin) as sky:
        function = sky.function("api")
        function.stack.archive.is_running = lambda: True
        function.stack.archive.latest = lambda: "nightly"
        yield sky, function


def rows(api: ModuleType, caller: dict[str, str], path: str, **query: str) -> list[Any]:
    """Return all rows of a list, page by page."""
    listed: list[Any] = []
    cursor: str | None = ""
    while cursor is not None:
        more = {"cursor": cursor} if cursor else {}
        answer = call(api, "GET", path, caller, query={"limit": "200", **query, **more})
        assert answer.status == 200, answer
        listed += answer.body["items"]
        cursor = answer.body.get("next")
    return listed


def found(api: ModuleType, caller: dict[str, str], control: str, incident: str) -> list[Any]:
    """Return findings of a control about an incident."""
    every = rows(api, caller, "/v1/findings", control=control)
    return [one for one in every if one["subject"].get("incident") == incident]


def text_of(body: Any) -> str:
    """Return all that an answer says, what is packed in it too."""
    if not isinstance(body, bytes):
        return json.dumps(body)
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return "".join(archive.read(name).decode("latin-1") for name in archive.namelist())


def test_an_officer_lists_them_with_what_is_of_no_entity(shared: tuple[Cloud, ModuleType]) -> None:
    _, api = shared
    listed = rows(api, OFFICER, "/v1/findings", limit="9")
    of_none = [one for one in listed if one["entity"] is None]
    assert {one["subject"].get("incident") for one in of_none} >= {*CASES}
    assert {one["control"] for one in of_none} >= {
        *("incident-overdue", "report-to-authorities-undecided", "single-investigator")
    }
    assert {one["subject"]["kind"] for one in listed if one["entity"]} & CONFIDENTIAL == set()
    assert len({one["id"] for one in listed}) == len(listed)
    # Those that are of no entity come last, and asking for an entity leaves them out.
    assert listed[-len(of_none) :] == of_none
    assert "inc-" not in json.dumps(rows(api, OFFICER, "/v1/findings", entity="mid"))


@pytest.mark.parametrize("name", PARISH)
def test_no_route_tells_anybody_else(shared: tuple[Cloud, ModuleType], name: str) -> None:
    _, api = shared
    hrefs = [one["href"] for one in rows(api, OFFICER, "/v1/findings") if one["entity"] is None]
    unknown = call(api, "GET", f"/v1/findings/0000-{'0' * 32}", PARISH[name])
    for href in hrefs:
        for path in (href, f"{href}/waiver"):
            no = call(api, "GET", path, PARISH[name])
            assert (no.status, no.body["type"]) == (404, unknown.body["type"])
            assert "incident" not in json.dumps(no.body)
    answers = 0
    for (method, _), (_, asked) in MATRIX.items():
        if method != "get":
            continue
        path, _, query = asked("mid")
        if path.startswith("/"):
            answer = call(api, "GET", path, PARISH[name], query=query)
            answers += answer.status == 200
            assert "inc-" not in text_of(answer.body), (name, path, query)
    assert answers
    for path, query in (
        ("/v1/log", {}),
        ("/v1/findings", {}),
        ("/v1/findings", {"status": "waived"}),
        ("/v1/findings", {"severity": "high", "control": "single-investigator"}),
    ):
        assert "inc-" not in json.dumps(call(api, "GET", path, PARISH[name], query=query).body)


def test_an_officer_does_not_learn_of_what_is_about_them(
    shared: tuple[Cloud, ModuleType],
) -> None:
    _, api = shared
    for path, query in (
        ("/v1/findings", {}),
        ("/v1/findings", {"status": "waived"}),
        ("/v1/findings", {"control": "incident-overdue"}),
        ("/v1/log", {}),
        ("/v1/waivers", {}),
    ):
        theirs, others = (json.dumps(rows(api, by, path, **query)) for by in (ACCUSED, OFFICER))
        assert "inc-clerk" not in theirs, (path, query)
        assert "inc-boss" in theirs, (path, query)
        assert "inc-clerk" in others, (path, query)


def test_what_is_about_an_officer_is_answered_as_what_there_is_not(
    shared: tuple[Cloud, ModuleType],
) -> None:
    _, api = shared
    [one] = found(api, OFFICER, "incident-overdue", "inc-clerk")
    href, seen = one["href"], {"If-Match": one["etag"]}
    body = {**REASON, "expires": str(datetime.now(UTC).date() + timedelta(9))}
    for method, path, sent in (
        ("GET", href, None),
        ("GET", f"{href}/waiver", None),
        ("POST", f"{href}/waiver", body),
        ("POST", f"{href}/waiver/approval", None),
        ("POST", f"{href}/waiver/withdrawal", REASON),
    ):
        answers = [
            call(api, method, at, ACCUSED, sent, headers=seen)
            for at in (path, path.replace(href, f"/v1/findings/0000-{'0' * 32}"))
        ]
        assert {each.status for each in answers} == {404}, path
        told = [{**each.body, "detail": "", "instance": ""} for each in answers]
        assert told[0] == told[1]


def test_reports_and_proofs_of_entities_leave_them_out(shared: tuple[Cloud, ModuleType]) -> None:
    sky, api = shared
    bucket = sky.outputs["ReportBucket"]
    store = boto3.client("s3")
    names = [one["Key"] for one in store.list_objects_v2(Bucket=bucket)["Contents"]]
    texts = {
        name: store.get_object(Bucket=bucket, Key=name)["Body"].read().decode("latin-1")
        for name in names
        if name.endswith((".json", ".csv", ".md", ".html"))
    }
    whole = [name for name in texts if "inc-boss" in texts[name]]
    assert whole
    of_entities = [name for name in texts if "/entities/" in name]
    assert of_entities
    assert not [name for name in of_entities if '"incidents"' in texts[name]]
    assert not [name for name in whole if name in of_entities]
    for unit in ("mid", "sib"):
        proof = call(api, "GET", "/v1/log/proof", OFFICER, query={"entity": unit})
        assert proof.status == 200
        assert "inc-" not in text_of(proof.body)


def test_the_log_names_nobody_whose_conduct_it_is(shared: tuple[Cloud, ModuleType]) -> None:
    sky, _ = shared
    said = [
        (one, one.subject.incident)
        for one in records(sky.stack().log)
        if isinstance(one.subject, Subject) and one.subject.kind in CONFIDENTIAL
    ]
    assert {incident for _, incident in said} == {*CASES}
    people = {subject for _, subject in CASES.values() if subject} | {"person-top"}
    for one, _ in said:
        assert one.entity is None
        text = json.dumps(one.payload, default=str)
        assert not [person for person in people if f'"{person}"' in text]


HEADS = '[policy]\nincidents_to = "heads"\n'


def test_heads_are_told_where_the_policy_asks_but_not_of_themselves() -> None:
    with cloud() as sky:
        bring_incidents(sky, HEADS)
        night(sky, NIGHT)
        api = sky.function("api")
        head, it = who("head-mid"), who("it-mid")
        told = {one["subject"].get("incident") for one in rows(api, it, "/v1/findings")}
        assert told >= {"inc-boss", "inc-head", "inc-none"}
        told = {one["subject"].get("incident") for one in rows(api, head, "/v1/findings")}
        assert told >= {"inc-boss", "inc-none"}
        assert "inc-head" not in told
        said = json.dumps(rows(api, head, "/v1/log", entity="mid"))
        assert "inc-boss" in said
        assert "inc-head" not in said
        # An import that takes it back holds at once, and what was told so far goes with the night.
        bring_incidents(sky)
        assert "inc-" not in json.dumps(rows(api, it, "/v1/findings"))
        assert "inc-" not in json.dumps(rows(api, it, "/v1/log"))
        night(sky, NIGHT + timedelta(days=1))
        known = [one.finding for one in sky.stack().findings.known(WHOLE)]
        assert {one.entity for one in known if one.subject.kind in CONFIDENTIAL} == {None}
        assert "inc-" not in json.dumps(rows(api, it, "/v1/findings"))
        told = {one["subject"].get("incident") for one in rows(api, OFFICER, "/v1/findings")}
        assert told >= {*CASES}
        verify(sky)
