"""Two of every request that writes, at once: one wins, the other learns it, and all still holds.

The second is served whole after the first has read and decided, and before it commits: that is the
worst moment there is, and every decision has it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase
from itertools import pairwise
from types import MappingProxyType, ModuleType
from typing import Any, NamedTuple
from unittest import mock

import boto3
import pytest
from msgspec.structs import replace

from rolecall.aws.claims import account_claim, claimed
from rolecall.aws.invariants import RegistryInvariants
from rolecall.aws.registrar import DynamoRegistrar
from rolecall.aws.table import put
from rolecall.errors import VersionConflictError
from rolecall.model import Account, Entity, Grant, Person
from rolecall.registry.documents import DocumentKey, StoredDocument, documents, snapshot_of
from rolecall.registry.merging import merged
from rolecall.usecases.governance.recorded_changes import RegistryChange
from tests.api import NIGHT, REASON, Answer, after_their_night, call, description, registry, who
from tests.cloud import Cloud, begins, new_session, template
from tests.cloud_nights import night, verify
from tests.permissions.recording import As, acting

TODAY = datetime.now(UTC).date()
OFFICER, SECOND = who("officer", "compliance"), who("person-sib", "compliance")
CLERK, OTHER = who("clerk", "registrar"), who("person-top", "registrar")
HEAD, IT = who("head-mid"), who("it-mid")
KINDS = {"entities": Entity, "people": Person, "accounts": Account, "grants": Grant}


class Request(NamedTuple):
    """A request of somebody."""

    method: str
    path: str
    by: dict[str, str]
    body: Any = None
    headers: Mapping[str, str] = MappingProxyType({})

    def send(self, function: ModuleType) -> Answer:
        return call(function, self.method, self.path, self.by, self.body, headers={**self.headers})


@contextmanager
def meanwhile(work: Callable[[], object]) -> Iterator[list[int]]:
    """Have something done right before the first transaction of clients that are made inside."""
    done: list[int] = []

    def before_call(model: Any, params: Any, **_: Any) -> None:
        if model.name == "TransactWriteItems":
            WRITTEN.update(written(json.loads(params["body"])))
        if model.name == "TransactWriteItems" and not done:
            done.append(1)
            # Whoever does it, does it as who they are.
            with acting(None):
                work()

    session = new_session()
    session.register("before-call", before_call)
    try:
        yield done
    finally:
        new_session()


WRITTEN: set[tuple[str, str]] = set()
"""Tables and partitions that the API wrote, or the vault, for the two that were asked last."""
VAULTS = {"VaultTable"}


def written(asked: Any) -> Iterator[tuple[str, str]]:
    """Yield the tables and partitions of a transaction."""
    for item in asked["TransactItems"]:
        for one in item.values():
            key = one.get("Item") or one["Key"]
            yield one["TableName"], key["pk"]["S"]


def may_write(table: str, partition: str) -> bool:
    """Tell whether the template lets the API write there."""
    policies = template()["Resources"]["ApiRole"]["Properties"]["Policies"]
    return any(
        fnmatchcase(partition, pattern)
        for policy in policies
        for statement in policy["PolicyDocument"]["Statement"]
        if f'"{table}", "Arn"' in json.dumps(statement["Resource"])
        and "dynamodb:PutItem" in statement["Action"]
        for pattern in statement.get("Condition", {})
        .get("ForAllValues:StringLike", {})
        .get("dynamodb:LeadingKeys", ["*"])
    )


def api(sky: Cloud) -> ModuleType:
    """Return a function that serves secrets too, as one process has it."""
    function = sky.function("api")
    function.stack.__dict__["vault_service"] = As("CredentialRole", function.stack.credentials)
    function.stack.archive.is_running = lambda: False
    function.stack.archive.latest = lambda: ""
    function.stack.archive.start = lambda *_: None
    return function


def at_once(sky: Cloud, one: Request, other: Request) -> tuple[Answer, Answer]:
    """Send two requests at once; return what came of the first and of the second."""
    for request in (one, other):
        # Whoever signs in for the first time writes that down: it is over by now.
        assert call(api(sky), "GET", "/v1/me", request.by).status == 200
    answers: list[Answer] = []
    # An import that another test sent meanwhile is not the API's.
    WRITTEN.clear()
    with meanwhile(lambda: answers.append(other.send(second))) as done:
        second = api(sky)
        answers.append(one.send(api(sky)))
    assert done, "the first wrote nothing"
    refused = {one for one in WRITTEN if one[0] not in VAULTS and not may_write(*one)}
    assert not refused, "the role of the API may not write what the API does"
    return answers[1], answers[0]


def record(function: ModuleType, path: str, **changes: Any) -> tuple[dict[str, Any], str]:
    """Return a record as it is to be put, and its ETag."""
    found = call(function, "GET", path, CLERK)
    assert found.status == 200, found
    kind = KINDS["grants" if "/grants/" in path else path.split("/")[2]]
    keys = {"id"} if kind is not Grant else {"account_id", "person_id"}
    row = {**found.body, **changes}
    body = {
        name: value
        for name, value in row.items()
        if name in kind.__struct_fields__ and name not in keys and value not in (None, [])
    }
    for name in ("revoke_requested_at", "revoked_on"):
        body.pop(name, None)
    return body, found.headers["ETag"]


def edit(function: ModuleType, path: str, by: dict[str, str] = CLERK, **changes: Any) -> Request:
    """Return the request of an edit of what there is."""
    body, tag = record(function, path, **changes)
    return Request("PUT", path, by, body, {"If-Match": tag})


def made(path: str, body: dict[str, Any], by: dict[str, str] = CLERK) -> Request:
    """Return the request of a new record."""
    return Request("PUT", path, by, body, {"If-None-Match": "*"})


def change(function: ModuleType, path: str, by: dict[str, str] = CLERK, **changes: Any) -> str:
    """Ask for a change that waits; return where it is."""
    answer = edit(function, path, by, **changes).send(function)
    assert answer.status == 202, answer
    return str(answer.headers["Location"])


def revocation(function: ModuleType, person: str = "boss-mid") -> str:
    path = f"/v1/accounts/page-mid/grants/{person}/revocation"
    answer = call(function, "POST", path, HEAD, REASON)
    assert answer.status == 201, answer
    return f"/v1/revocations/{answer.body['revocation']['id']}"


def finding(function: ModuleType, severity: str) -> str:
    query = {"entity": "mid", "severity": severity}
    listed = call(function, "GET", "/v1/findings", OFFICER, query=query).body["items"]
    return str(next(one["href"] for one in listed if not one["subject"].get("person")))


# -- two at once, route by route -------------------------------------------------------------------

Two = Callable[[ModuleType], tuple[Request, Request]]
EMAIL = "same@example.org"
NEW = {"entity_id": "mid", "platform": "facebook", "handle": "new", "status": "active"}


def two_entities(_: ModuleType) -> tuple[Request, Request]:
    body = {"name": "New", "parent_id": "mid"}
    return made("/v1/entities/new", body), made("/v1/entities/new", {**body, "parent_id": "sib"})


def two_people(_: ModuleType) -> tuple[Request, Request]:
    body = {"name": "New", "status": "active", "entity_id": "mid"}
    return made("/v1/people/new", body), made("/v1/people/new", {**body, "name": "Other"}, OTHER)


def two_homes(_: ModuleType) -> tuple[Request, Request]:
    """One account, below two entities: nothing in its key keeps them apart."""
    return (
        made("/v1/accounts/page-new", NEW),
        made("/v1/accounts/page-new", {**NEW, "entity_id": "sib"}, OTHER),
    )


def two_grants(function: ModuleType) -> tuple[Request, Request]:
    path = "/v1/accounts/page-mid/grants/person-mid"
    return edit(function, path, role="editor"), edit(function, path, OTHER, expires_on="2030-01-01")


def two_approvals_of_one(function: ModuleType) -> tuple[Request, Request]:
    where = change(function, "/v1/people/boss-mid", email=EMAIL)
    return (
        Request("POST", f"{where}/approval", OTHER),
        Request("POST", f"{where}/approval", OFFICER),
    )


def two_refusals(function: ModuleType) -> tuple[Request, Request]:
    where = change(function, "/v1/people/boss-mid", email=EMAIL)
    return (
        Request("POST", f"{where}/refusal", OTHER, REASON),
        Request("POST", f"{where}/approval", OFFICER),
    )


def two_revocations(_: ModuleType) -> tuple[Request, Request]:
    path = "/v1/accounts/page-mid/grants/boss-mid/revocation"
    return Request("POST", path, HEAD, REASON), Request("POST", path, IT, REASON)


def two_ends(function: ModuleType) -> tuple[Request, Request]:
    where = revocation(function)
    told = {"removed_by": "it-mid", "removed_on": str(TODAY), "note": "seen on the page"}
    return (
        Request("POST", f"{where}/confirmation", HEAD, told),
        Request("POST", f"{where}/cancellation", IT, REASON),
    )


def two_cancellations(function: ModuleType) -> tuple[Request, Request]:
    where = revocation(function)
    return (
        Request("POST", f"{where}/cancellation", HEAD, REASON),
        Request("POST", f"{where}/cancellation", IT, REASON),
    )


def two_offboardings(_: ModuleType) -> tuple[Request, Request]:
    path = "/v1/people/boss-mid/offboarding"
    return Request("POST", path, HEAD, REASON), Request("POST", path, IT, REASON)


def two_lifts(_: ModuleType) -> tuple[Request, Request]:
    path = "/v1/people/head-leaf/brake-lift"
    return Request("POST", path, HEAD, {}), Request("POST", path, IT, {})


def accepted(function: ModuleType, severity: str, by: dict[str, str], days: int) -> Request:
    """Return the request that accepts a finding as it is there to be seen."""
    href = finding(function, severity)
    seen = {"If-Match": call(function, "GET", href, OFFICER).headers["ETag"]}
    body = {**REASON, "expires": str(TODAY + timedelta(days))}
    return Request("POST", f"{href}/waiver", by, body, seen)


def two_waivers(function: ModuleType) -> tuple[Request, Request]:
    return accepted(function, "medium", OFFICER, 9), accepted(function, "medium", SECOND, 20)


def two_answers(function: ModuleType) -> tuple[Request, Request]:
    asked = accepted(function, "critical", OFFICER, 9)
    made_ = asked.send(function)
    assert (made_.status, made_.body["state"]) == (201, "proposed")
    seen = {"If-Match": call(function, "GET", asked.path, OFFICER).headers["ETag"]}
    return (
        Request("POST", f"{asked.path}/approval", SECOND, None, seen),
        Request("POST", f"{asked.path}/withdrawal", OFFICER, REASON),
    )


def two_withdrawals(function: ModuleType) -> tuple[Request, Request]:
    asked = accepted(function, "medium", OFFICER, 9)
    assert asked.send(function).status == 201
    return (
        Request("POST", f"{asked.path}/withdrawal", OFFICER, REASON),
        Request("POST", f"{asked.path}/withdrawal", SECOND, REASON),
    )


def two_signatures(function: ModuleType) -> tuple[Request, Request]:
    listed = call(function, "GET", "/v1/reports", OFFICER).body["items"]
    where = f"/v1/reports/{listed[0]['id']}"
    body = {
        "digest": call(function, "GET", where, OFFICER).body["digest"],
        "capacity": "officer",
    }
    return (
        Request("POST", f"{where}/signature", OFFICER, body),
        Request("POST", f"{where}/signature", OFFICER, body),
    )


def two_runs(_: ModuleType) -> tuple[Request, Request]:
    return (
        Request("POST", "/v1/runs", HEAD, {"entity": "mid"}),
        Request("POST", "/v1/runs", IT, {"entity": "mid"}),
    )


SIGN_IN = "/v1/people/boss-mid/sign-in"


def sign_in(by: dict[str, str], mark: str) -> Request:
    """Return the request that another sign-in be somebody's."""
    return Request("POST", SIGN_IN, by, {**REASON, "mark": mark * 64})


def two_asked_sign_ins(_: ModuleType) -> tuple[Request, Request]:
    return sign_in(CLERK, "a"), sign_in(OTHER, "b")


def two_answered_sign_ins(function: ModuleType) -> tuple[Request, Request]:
    asked = sign_in(CLERK, "a").send(function)
    assert asked.status == 202, asked
    seen = {"If-Match": asked.headers["ETag"]}
    return (
        Request("POST", f"{SIGN_IN}/approval", OFFICER, None, seen),
        Request("POST", f"{SIGN_IN}/refusal", OTHER, REASON),
    )


def two_refused_sign_ins(function: ModuleType) -> tuple[Request, Request]:
    assert sign_in(CLERK, "a").send(function).status == 202
    return (
        Request("POST", f"{SIGN_IN}/refusal", CLERK, REASON),
        Request("POST", f"{SIGN_IN}/refusal", OFFICER, REASON),
    )


LISTED = {**REASON, "people": [{"person": "boss-mid", "mark": "a" * 64}]}


def two_lists(_: ModuleType) -> tuple[Request, Request]:
    return Request("POST", "/v1/sign-ins", CLERK, LISTED), Request(
        "POST", "/v1/sign-ins", OTHER, LISTED
    )


def two_answered_lists(function: ModuleType) -> tuple[Request, Request]:
    asked = Request("POST", "/v1/sign-ins", CLERK, LISTED).send(function)
    assert asked.status == 202, asked
    where, seen = asked.headers["Location"], {"If-Match": asked.headers["ETag"]}
    return (
        Request("POST", f"{where}/approval", OFFICER, None, seen),
        Request("POST", f"{where}/approval", OTHER, None, seen),
    )


def two_refused_lists(function: ModuleType) -> tuple[Request, Request]:
    asked = Request("POST", "/v1/sign-ins", CLERK, LISTED).send(function)
    where, seen = asked.headers["Location"], {"If-Match": asked.headers["ETag"]}
    return (
        Request("POST", f"{where}/refusal", CLERK, REASON),
        Request("POST", f"{where}/approval", OFFICER, None, seen),
    )


LOGIN = "/v1/accounts/page-mid/logins/login-mid"
FIRST = {"password": "brown-Heron-Thimble"}


def two_secrets(_: ModuleType) -> tuple[Request, Request]:
    return (
        Request("PUT", f"{LOGIN}/secret", HEAD, FIRST),
        Request("PUT", f"{LOGIN}/secret", IT, {"password": "other-Cliff-Radish"}),
    )


def kept(function: ModuleType) -> None:
    seed = {**FIRST, "totp": "JBSWY3DPEHPK3PXP"}
    assert Request("PUT", f"{LOGIN}/secret", HEAD, seed).send(function).status == 200


def two_reveals(function: ModuleType) -> tuple[Request, Request]:
    kept(function)
    return (
        Request("POST", f"{LOGIN}/reveal", HEAD, REASON),
        Request("POST", f"{LOGIN}/reveal", IT, REASON),
    )


def two_codes(function: ModuleType) -> tuple[Request, Request]:
    kept(function)
    return Request("POST", f"{LOGIN}/code", HEAD), Request("POST", f"{LOGIN}/code", IT)


def two_destructions(function: ModuleType) -> tuple[Request, Request]:
    kept(function)
    return Request("DELETE", f"{LOGIN}/secret", HEAD), Request(
        "POST", f"{LOGIN}/reveal", IT, REASON
    )


AT_ONCE: dict[tuple[str, str], Two] = {
    ("put", "/v1/entities/{id}"): two_entities,
    ("put", "/v1/people/{id}"): two_people,
    ("put", "/v1/accounts/{id}"): two_homes,
    ("put", "/v1/accounts/{id}/grants/{person}"): two_grants,
    ("post", "/v1/changes/{id}/approval"): two_approvals_of_one,
    ("post", "/v1/changes/{id}/refusal"): two_refusals,
    ("post", "/v1/accounts/{id}/grants/{person}/revocation"): two_revocations,
    ("post", "/v1/revocations/{id}/confirmation"): two_ends,
    ("post", "/v1/revocations/{id}/cancellation"): two_cancellations,
    ("post", "/v1/people/{id}/offboarding"): two_offboardings,
    ("post", "/v1/people/{id}/brake-lift"): two_lifts,
    ("post", "/v1/people/{id}/sign-in"): two_asked_sign_ins,
    ("post", "/v1/people/{id}/sign-in/approval"): two_answered_sign_ins,
    ("post", "/v1/people/{id}/sign-in/refusal"): two_refused_sign_ins,
    ("post", "/v1/sign-ins"): two_lists,
    ("post", "/v1/sign-ins/{id}/approval"): two_answered_lists,
    ("post", "/v1/sign-ins/{id}/refusal"): two_refused_lists,
    ("post", "/v1/findings/{href}/waiver"): two_waivers,
    ("post", "/v1/findings/{href}/waiver/approval"): two_answers,
    ("post", "/v1/findings/{href}/waiver/withdrawal"): two_withdrawals,
    ("post", "/v1/reports/{id}/signature"): two_signatures,
    ("post", "/v1/runs"): two_runs,
    ("put", "/v1/accounts/{id}/logins/{login}/secret"): two_secrets,
    ("post", "/v1/accounts/{id}/logins/{login}/reveal"): two_reveals,
    ("post", "/v1/accounts/{id}/logins/{login}/code"): two_codes,
    ("delete", "/v1/accounts/{id}/logins/{login}/secret"): two_destructions,
}
"""Of every route that writes: two requests that meet."""
BOTH = {
    *(two_grants, two_lifts, two_runs, two_secrets, two_reveals, two_codes, two_revocations),
    *(two_destructions, two_ends, two_cancellations, two_lists),
}
"""Where both may have what they asked for: what one did stands when the other is done, or both
asked for the same. All others have one winner."""


@begins(after_their_night)
def test_every_route_that_writes_is_tried(function: ModuleType) -> None:
    routes = {
        (method, path)
        for path, methods in description(function)["paths"].items()
        for method in methods
        if method != "get"
    }
    assert routes == set(AT_ONCE)


@pytest.mark.parametrize("two", AT_ONCE.values(), ids=lambda one: one.__name__)
@begins(after_their_night)
def test_of_two_at_once_one_wins_and_the_other_learns_it(sky: Cloud, two: Two) -> None:
    first, second = at_once(sky, *two(api(sky)))
    assert second.status < 300, second
    if first.status >= 300:
        assert first.status in (403, 404, 409, 412, 422), first
        assert first.body["detail"]
    elif two not in BOTH:
        # It heard of what is, not of what it asked for.
        assert first.body == second.body
    sound(sky)


DOCUMENTS = {"SETTINGS", "ENTITIES", "PEOPLE", "SEEN", "ENTITY"}


def documents_in(table: str) -> Iterator[StoredDocument]:
    """Yield every document of a registry at one go: the registry itself asks for its partitions."""
    for page in boto3.client("dynamodb").get_paginator("scan").paginate(TableName=table):
        for item in page["Items"]:
            place = DocumentKey(item["pk"]["S"], item["sk"]["S"])
            if place.partition.partition("#")[0] in DOCUMENTS:
                yield StoredDocument(place, item["doc"]["S"].encode())


def sound(sky: Cloud) -> None:
    """Hold the stack against all that must hold whatever was sent at once."""
    stack = sky.stack()
    stored = list(documents_in(sky.outputs["RegistryTable"]))
    places = {one.place for one in stored}
    # What is stored is a registry: an import of itself changes nothing.
    snapshot, policy = snapshot_of(stored)
    made_again = documents(snapshot, policy)
    merged(made_again, [StoredDocument(*one) for one in made_again.items()])
    assert len({one.id for one in snapshot.accounts}) == len(snapshot.accounts)
    for place in places:
        if place.partition.startswith("ENTITY#"):
            account, entity = (part.partition("#")[2] for part in (place.key, place.partition))
            claim = stack.registry.table.get(*account_claim(account))
            assert claim is not None
            assert list(claimed(claim.data)) == [entity]
    # A claim of what is not so any more does no harm; one that is missing would.
    reclaimed = [write.request for group in stack.registry.reclaimed().writes for write in group]
    assert not [request for request in reclaimed if "Delete" not in request]
    waiting = [(one.table, one.key) for one in stack.registrar.changes().readable]
    assert len(set(waiting)) == len(waiting)
    assert "problems" not in night(sky, NIGHT + timedelta(hours=9))
    verify(sky)


# -- what holds over several records ---------------------------------------------------------------


def approvals(one: str, other: str) -> tuple[Request, Request]:
    return Request("POST", f"{one}/approval", OFFICER), Request("POST", f"{other}/approval", SECOND)


@begins(after_their_night)
def test_two_approvals_make_no_circle(sky: Cloud) -> None:
    function = api(sky)
    one = change(function, "/v1/entities/mid", parent_id="sib")
    other = change(function, "/v1/entities/sib", parent_id="leaf")
    first, second = at_once(sky, *approvals(one, other))
    assert (first.status, second.status) == (422, 200)
    assert first.body["fields"][0]["problem"].startswith("the parents would go round in a circle")
    sound(sky)


@begins(after_their_night)
def test_an_entity_is_not_placed_below_one_that_moves(sky: Cloud) -> None:
    """Depth counts with the tree as it is at the commit: each was within the limit alone."""
    function = api(sky)
    target = sky.stack().registry
    known, policy = snapshot_of(target.documents())
    ids = ["leaf", *(f"d{number:02}" for number in range(60))]
    deep = [Entity(id=one, name="Deep", parent_id=above) for above, one in pairwise(ids)]
    wanted = replace(known, entities=(*known.entities, *deep))
    target.apply(target.compare(documents(wanted, policy)))
    lower = made("/v1/entities/end", {"name": "End", "parent_id": "d59"})
    assert made("/v1/entities/roof", {"name": "Roof"}).send(function).status == 201
    moved = change(function, "/v1/entities/top", parent_id="roof")
    first, second = at_once(sky, lower, Request("POST", f"{moved}/approval", OFFICER))
    assert second.status == 200
    assert first.status == 422
    assert "64 is the most" in first.body["fields"][0]["problem"]
    sound(sky)


@begins(after_their_night)
def test_two_people_do_not_come_to_one_address(sky: Cloud) -> None:
    function = api(sky)
    one = change(function, "/v1/people/boss-mid", email=EMAIL)
    other = change(function, "/v1/people/boss-leaf", email=EMAIL.upper())
    first, second = at_once(sky, *approvals(one, other))
    assert (first.status, second.status) == (422, 200)
    assert first.body["fields"][0]["field"].endswith("email")
    sound(sky)


@begins(after_their_night)
def test_one_change_of_a_record_waits(sky: Cloud) -> None:
    function = api(sky)
    path = "/v1/people/boss-mid"
    first, second = at_once(
        sky,
        edit(function, path, CLERK, email=EMAIL),
        edit(function, path, OTHER, email="other@example.org"),
    )
    assert (first.status, second.status) == (409, 202)
    assert first.body["type"] == "urn:rolecall:problem:change-waiting"
    sound(sky)


@begins(after_their_night)
def test_of_two_audits_one_is_started(sky: Cloud) -> None:
    machine = {"definition": json.dumps(MACHINE), "roleArn": "arn:aws:iam::123456789012:role/x"}
    states = boto3.client("stepfunctions")
    arn = states.create_state_machine(name="nightly", **machine)["stateMachineArn"]
    assert arn == sky.outputs["StateMachineArn"]
    one, other = (
        Request("POST", "/v1/runs", OFFICER, {}),
        Request("POST", "/v1/runs", HEAD, {"entity": "mid"}),
    )
    for request in (one, other):
        assert call(api(sky), "GET", "/v1/me", request.by).status == 200
    answers: list[Answer] = []
    with meanwhile(lambda: answers.append(other.send(second))):
        second = sky.function("api")
        answers.append(one.send(sky.function("api")))
    assert [answer.status for answer in answers] == [202, 409]
    assert answers[1].body["type"] == "urn:rolecall:problem:run-in-progress"
    (started,) = states.list_executions(stateMachineArn=arn)["executions"]
    assert started["name"] == answers[0].body["execution"]


MACHINE = {"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 60, "End": True}}}


# -- rules that are left out -----------------------------------------------------------------------


def beside(registrar: DynamoRegistrar, change: RegistryChange) -> Mapping[str, Any]:
    """Return a write that stands in nobody's way."""
    return put(registrar._changes.name, f"RECORD#{change.id}", "-", b"", version=0).request


LEFT_OUT: dict[str, tuple[type, str, Callable[..., Any], Callable[[Cloud], None]]] = {
    "a tree that is not checked in its transaction": (
        *(RegistryInvariants, "writes", lambda *_: iter(())),
        test_two_approvals_make_no_circle,
    ),
    "an account whose id nobody claims": (
        *(RegistryInvariants, "writes", lambda *_: iter(())),
        lambda sky: test_of_two_at_once_one_wins_and_the_other_learns_it(sky, two_homes),
    ),
    "an address that nobody claims": (
        *(RegistryInvariants, "writes", lambda *_: iter(())),
        test_two_people_do_not_come_to_one_address,
    ),
    "a change that does not look for others": (
        *(DynamoRegistrar, "_alone", beside),
        test_one_change_of_a_record_waits,
    ),
}
"""By what each lets happen: the rule, what stands in its place, and the test that finds it."""


@pytest.mark.parametrize("name", LEFT_OUT)
@begins(after_their_night)
def test_a_rule_that_is_left_out_is_missed(sky: Cloud, name: str) -> None:
    home, rule, nothing, finds = LEFT_OUT[name]
    # Both were asked for by one, whose sign-in each approval writes: that would be in the way too.
    asked = mock.patch("rolecall.aws.registrar.asked_write", return_value=())
    with asked, mock.patch.object(home, rule, nothing), pytest.raises(AssertionError):
        finds(sky)


# -- imports ---------------------------------------------------------------------------------------


def without(entity: str) -> dict[DocumentKey, bytes]:
    """Return the registry without an entity, and all that is of it."""
    known = registry()
    gone = {one.id for one in known.accounts if one.entity_id == entity}
    kept_tables: dict[str, Any] = {
        "entities": tuple(one for one in known.entities if one.id != entity),
        "people": tuple(one for one in known.people if one.entity_id != entity),
        "accounts": tuple(one for one in known.accounts if one.entity_id != entity),
        "grants": tuple(one for one in known.grants if one.account_id not in gone),
        "logins": tuple(one for one in known.logins if one.account_id not in gone),
    }
    return documents(type(known)(**kept_tables, tracked=known.tracked), None)


@pytest.mark.parametrize(
    "request_",
    [
        made("/v1/accounts/page-new", {**NEW, "entity_id": "sib"}),
        made("/v1/entities/new", {"name": "New", "parent_id": "sib"}),
        made("/v1/people/new", {"name": "New", "status": "active", "entity_id": "sib"}),
    ],
    ids=lambda one: one.path,
)
@begins(after_their_night)
def test_nothing_is_added_to_an_entity_that_an_import_removes(
    sky: Cloud, request_: Request
) -> None:
    with meanwhile(lambda: answers.append(request_.send(second))):
        answers: list[Answer] = []
        second = api(sky)
        target = sky.stack().registry
        with pytest.raises(VersionConflictError, match="import again"):
            target.apply(target.compare(without("sib")))
    assert answers[0].status == 201
    sound(sky)


@begins(after_their_night)
def test_an_edit_learns_that_an_import_removed_the_entity(sky: Cloud) -> None:
    def imported() -> None:
        target = sky.stack().registry
        target.apply(target.compare(without("sib")))

    with meanwhile(imported):
        answer = made("/v1/accounts/page-new", {**NEW, "entity_id": "sib"}).send(api(sky))
    assert (answer.status, answer.body["fields"][0]["field"]) == (422, "body.entity_id")
    sound(sky)


@begins(after_their_night)
def test_of_two_imports_at_once_one_goes_on(sky: Cloud) -> None:
    def other() -> None:
        target = sky.stack().registry
        target.apply(target.compare(without("leaf")))

    with meanwhile(other):
        target = sky.stack().registry
        with pytest.raises(VersionConflictError, match="import again"):
            target.apply(target.compare(without("sib")))
    assert {one.id for one in snapshot_of(sky.stack().registry.documents())[0].entities} == {
        *("top", "mid", "sib")
    }
    sound(sky)
