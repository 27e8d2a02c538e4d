"""Who may what through the API: every route, every role, near and far."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from types import ModuleType
from typing import Any

import pytest

from rolecall.errors import DeniedError
from rolecall.model import Entity, Grant, Person
from tests.api import (
    NIGHT,
    REASON,
    UNITS,
    after_their_night,
    call,
    description,
    who,
)
from tests.cloud import cloud
from tests.tiers import cases


class Refusing:
    """A vault that refuses: that it was asked is all that matters here."""

    def __getattr__(self, name: str) -> Any:
        def refuse(*_: Any, **__: Any) -> Any:
            raise DeniedError("the vault says no")

        return refuse


@pytest.fixture(scope="module")
def shared() -> Iterator[ModuleType]:
    """Return the function of a stack that a night was over; for tests that change nothing."""
    with cloud(after_their_night) as sky:
        function = sky.function("api")
        function.stack.__dict__["vault_service"] = Refusing()
        # An audit runs: whoever may start one hears that.
        function.stack.archive.is_running = lambda: True
        function.stack.archive.latest = lambda: "nightly"
        yield function


# -- the matrix ------------------------------------------------------------------------------------

CALLERS = {
    "head": who("head-mid"),
    "it": who("it-mid"),
    "manager": who("boss-mid"),
    "person": who("person-mid"),
    "compliance": who("officer", "compliance"),
    "registrar": who("clerk", "registrar"),
    "nobody": who("boss-sib"),
}
TARGETS = {"own": "mid", "sibling": "sib", "unknown": "none", "child": "leaf", "parent": "top"}
STEWARDED = {(role, where) for role in ("head", "it") for where in ("own", "child")}
EVERYWHERE = ("own", "child", "sibling", "parent")


def everywhere(*roles: str) -> set[tuple[str, str]]:
    return {(role, where) for role in roles for where in EVERYWHERE}


OFFICES = everywhere("compliance", "registrar")
OFFICER = everywhere("compliance")
COMPLIANCE = {("compliance", where) for where in TARGETS}
REGISTRAR = {("registrar", where) for where in TARGETS}
ANYBODY = {(role, where) for role in CALLERS for where in TARGETS}
OWN_PAGE = {("manager", "own"), ("nobody", "sibling")}

Allowed = set[tuple[str, str]]
Asked = Callable[[str], tuple[str, Any, dict[str, str]]]


def of_login(what: str, body: Any) -> Asked:
    """Return a request for something of the login of an entity's page."""
    return lambda unit: (f"/v1/accounts/page-{unit}/logins/login-{unit}/{what}", body, {})


MATRIX: dict[tuple[str, str], tuple[Allowed, Asked]] = {
    ("get", "/v1/me"): (ANYBODY, lambda _: ("/v1/me", None, {})),
    ("get", "/v1/entities"): (ANYBODY, lambda _: ("/v1/entities", None, {})),
    ("get", "/v1/entities/{id}"): (
        STEWARDED | OFFICES,
        lambda unit: (f"/v1/entities/{unit}", None, {}),
    ),
    ("get", "/v1/accounts"): (
        STEWARDED | OFFICES,
        lambda unit: ("/v1/accounts", None, {"entity": unit}),
    ),
    ("get", "/v1/accounts/{id}"): (
        STEWARDED | OFFICES | OWN_PAGE,
        lambda unit: (f"/v1/accounts/page-{unit}", None, {}),
    ),
    ("get", "/v1/accounts/{id}/grants"): (
        STEWARDED | OFFICES | OWN_PAGE,
        lambda unit: (f"/v1/accounts/page-{unit}/grants", None, {}),
    ),
    ("get", "/v1/people/{id}"): (
        STEWARDED | OFFICES | {("person", "own")},
        lambda unit: (f"/v1/people/person-{unit}", None, {}),
    ),
    ("get", "/v1/people/{id}/sign-in"): (
        COMPLIANCE | REGISTRAR,
        lambda _: ("SIGN-IN", None, {}),
    ),
    # Registrars ask, for whoever there is.
    ("post", "/v1/people/{id}/sign-in"): (
        {(role, where) for role, where in OFFICES if role == "registrar"},
        lambda unit: (f"/v1/people/boss-{unit}/sign-in", {"reason": "short reason"}, {}),
    ),
    # One who asked, and one who does not say what they saw.
    ("post", "/v1/people/{id}/sign-in/approval"): (
        COMPLIANCE | REGISTRAR,
        lambda _: ("SIGN-IN/approval", None, {}),
    ),
    ("post", "/v1/people/{id}/sign-in/refusal"): (
        COMPLIANCE | REGISTRAR,
        lambda _: ("SIGN-IN/refusal", REASON, {}),
    ),
    # Of anybody, and of nobody too: a list names whom it leaves out.
    ("post", "/v1/sign-ins"): (
        REGISTRAR,
        lambda unit: (
            "/v1/sign-ins",
            {**REASON, "people": [{"person": f"boss-{unit}", "mark": "c" * 64}]},
            {},
        ),
    ),
    ("get", "/v1/sign-ins/{id}"): (COMPLIANCE | REGISTRAR, lambda _: ("SIGN-INS", None, {})),
    ("post", "/v1/sign-ins/{id}/approval"): (
        COMPLIANCE | REGISTRAR,
        lambda _: ("SIGN-INS/approval", None, {}),
    ),
    ("post", "/v1/sign-ins/{id}/refusal"): (
        COMPLIANCE | REGISTRAR,
        lambda _: ("SIGN-INS/refusal", REASON, {}),
    ),
    ("get", "/v1/findings"): (
        STEWARDED | OFFICER,
        lambda unit: ("/v1/findings", None, {"entity": unit}),
    ),
    ("get", "/v1/findings/{href}"): (
        STEWARDED | OFFICER | OWN_PAGE,
        lambda unit: (f"finding of {unit}", None, {}),
    ),
    ("get", "/v1/revocations"): (
        STEWARDED | OFFICER,
        lambda unit: ("/v1/revocations", None, {"entity": unit}),
    ),
    ("get", "/v1/revocations/{id}"): (
        # The person whom it is about may see it as well.
        STEWARDED | OFFICER | {("person", "own")},
        lambda unit: (f"revocation of {unit}", None, {}),
    ),
    ("post", "/v1/accounts/{id}/grants/{person}/revocation"): (
        STEWARDED,
        lambda unit: (
            f"/v1/accounts/page-{unit}/grants/boss-{unit}/revocation",
            REASON,
            {"dry_run": "true"},
        ),
    ),
    ("post", "/v1/revocations/{id}/confirmation"): (
        STEWARDED,
        lambda unit: (
            f"revocation of {unit}/confirmation",
            {"removed_by": f"person-{unit}", "removed_on": "2026-11-01", "note": "done"},
            {},
        ),
    ),
    ("post", "/v1/revocations/{id}/cancellation"): (
        STEWARDED,
        lambda unit: (f"revocation of {unit}/cancellation", REASON, {}),
    ),
    ("post", "/v1/people/{id}/offboarding"): (
        STEWARDED,
        lambda unit: (f"/v1/people/boss-{unit}/offboarding", REASON, {"dry_run": "true"}),
    ),
    ("post", "/v1/people/{id}/brake-lift"): (
        # Nobody's own; of the child's head those above may.
        {("it", "own"), ("it", "child"), ("head", "child")},
        lambda unit: (f"/v1/people/head-{unit}/brake-lift", {}, {}),
    ),
    ("get", "/v1/accounts/{id}/logins"): (
        STEWARDED | OFFICER | OWN_PAGE,
        lambda unit: (f"/v1/accounts/page-{unit}/logins", None, {}),
    ),
    **{
        (method, f"/v1/accounts/{{id}}/logins/{{login}}/{what}"): (
            # Who may see the logins hears from the vault, be it a refusal.
            STEWARDED | OFFICER | OWN_PAGE,
            of_login(what, body),
        )
        for method, what, body in (
            ("post", "reveal", REASON),
            ("post", "code", None),
            ("put", "secret", {"password": "x"}),
            ("get", "history", None),
            ("delete", "secret", None),
        )
    },
    ("get", "/v1/runs"): (
        COMPLIANCE,
        lambda _: ("/v1/runs", None, {}),
    ),
    ("get", "/v1/reports"): (
        COMPLIANCE,
        lambda _: ("/v1/reports", None, {}),
    ),
    ("get", "/v1/reports/{id}/download"): (
        COMPLIANCE,
        lambda _: ("REPORT/download", None, {}),
    ),
    ("get", "/v1/reports/{id}"): (COMPLIANCE, lambda _: ("REPORT", None, {})),
    ("post", "/v1/reports/{id}/signature"): (
        COMPLIANCE,
        lambda _: ("REPORT/signature", {"digest": "0" * 64, "capacity": "officer"}, {}),
    ),
    ("post", "/v1/runs"): (STEWARDED | OFFICER, lambda unit: ("/v1/runs", {"entity": unit}, {})),
    ("get", "/v1/log/checkpoint"): (COMPLIANCE, lambda _: ("/v1/log/checkpoint", None, {})),
    ("get", "/v1/log"): (STEWARDED | OFFICER, lambda unit: ("/v1/log", None, {"entity": unit})),
    ("get", "/v1/log/proof"): (
        STEWARDED | OFFICER,
        lambda unit: ("/v1/log/proof", None, {"entity": unit}),
    ),
    ("get", "/v1/waivers"): (COMPLIANCE, lambda _: ("/v1/waivers", None, {})),
    ("get", "/v1/findings/{href}/waiver"): (
        OFFICER,
        lambda unit: (f"finding of {unit}/waiver", None, {}),
    ),
    ("post", "/v1/findings/{href}/waiver"): (
        OFFICER,
        lambda unit: (f"finding of {unit}/waiver", {**REASON, "expires": "2026-12-01"}, {}),
    ),
    ("post", "/v1/findings/{href}/waiver/approval"): (
        OFFICER,
        lambda unit: (f"finding of {unit}/waiver/approval", None, {}),
    ),
    ("post", "/v1/findings/{href}/waiver/withdrawal"): (
        OFFICER,
        lambda unit: (f"finding of {unit}/waiver/withdrawal", REASON, {}),
    ),
    # Who may hears that they do not say what they saw.
    ("put", "/v1/entities/{id}"): (
        REGISTRAR,
        lambda unit: (f"/v1/entities/{unit}", {"name": "New"}, {}),
    ),
    ("put", "/v1/people/{id}"): (
        REGISTRAR,
        lambda unit: (f"/v1/people/boss-{unit}", {"name": "New", "status": "active"}, {}),
    ),
    ("put", "/v1/accounts/{id}"): (
        REGISTRAR,
        lambda unit: (
            f"/v1/accounts/page-{unit}",
            {"entity_id": unit, "platform": "x", "handle": "y", "status": "active"},
            {},
        ),
    ),
    ("get", "/v1/accounts/{id}/grants/{person}"): (
        STEWARDED | OFFICES | OWN_PAGE,
        lambda unit: (f"/v1/accounts/page-{unit}/grants/boss-{unit}", None, {}),
    ),
    ("put", "/v1/accounts/{id}/grants/{person}"): (
        REGISTRAR,
        lambda unit: (f"/v1/accounts/page-{unit}/grants/boss-{unit}", {"role": "editor"}, {}),
    ),
    ("get", "/v1/changes"): (COMPLIANCE | REGISTRAR, lambda _: ("/v1/changes", None, {})),
    ("get", "/v1/changes/{id}"): (COMPLIANCE | REGISTRAR, lambda _: ("CHANGE", None, {})),
    # One asked for it, and it is about the other: they see it, and may not.
    ("post", "/v1/changes/{id}/approval"): (
        COMPLIANCE | REGISTRAR,
        lambda _: ("CHANGE/approval", None, {}),
    ),
    ("post", "/v1/changes/{id}/refusal"): (
        COMPLIANCE | REGISTRAR,
        lambda _: ("CHANGE/refusal", REASON, {}),
    ),
}
"""Of every route: who may, where; and a request for something of an entity."""
# Confirming a revocation of oneself is a conflict, not a success: seen, and refused.
SEEN = {200, 201, 202, 403, 409, 422, 428}
ENDING = ("/confirmation", "/cancellation", "/withdrawal", "/refusal")
"""Routes that end something when they are allowed: that is tested elsewhere."""


def test_the_description_is_in_words(shared: ModuleType) -> None:
    for path, methods in description(shared)["paths"].items():
        for operation in methods.values():
            assert operation["summary"].endswith("."), path
            assert "description" not in operation
            told = {one["name"] for one in operation.get("parameters", ()) if one["in"] == "path"}
            assert told == set(re.findall(r"{(\w+)}", path))


def test_every_route_is_in_the_matrix(shared: ModuleType) -> None:
    routes = {
        (method, path)
        for path, methods in description(shared)["paths"].items()
        for method in methods
    }
    assert routes == set(MATRIX)


@pytest.fixture(scope="module")
def places(shared: ModuleType) -> dict[str, str]:
    """Return where a finding and a revocation of each entity are."""
    officer = CALLERS["compliance"]
    found = {"finding of none": "/v1/findings/0000-0", "revocation of none": "/v1/revocations/0"}
    report = call(shared, "GET", "/v1/reports", officer).body["items"][0]["id"]
    found["REPORT"] = f"/v1/reports/{report}"
    person = call(shared, "GET", "/v1/people/officer", officer)
    body = {
        name: value
        for name, value in person.body.items()
        if name in Person.__struct_fields__ and name != "id" and value is not None
    }
    asked = call(
        shared,
        "PUT",
        "/v1/people/officer",
        CALLERS["registrar"],
        {**body, "email": "other@example.org"},
        headers={"If-Match": person.headers["ETag"]},
    )
    assert asked.status == 202
    found["CHANGE"] = asked.headers["Location"]
    many = {**REASON, "people": [{"person": "boss-mid", "mark": "d" * 64}]}
    made = call(shared, "POST", "/v1/sign-ins", CALLERS["registrar"], many)
    assert made.status == 202, made
    # It comes first: the other name begins like it.
    found["SIGN-INS"] = made.headers["Location"]
    found["SIGN-IN"] = "/v1/people/gone/sign-in"
    made = call(shared, "POST", found["SIGN-IN"], CALLERS["registrar"], REASON)
    assert made.status == 202
    for unit in UNITS:
        listed = call(shared, "GET", "/v1/findings", officer, query={"entity": unit})
        mine = [
            one for one in listed.body["items"] if one["subject"].get("account") == f"page-{unit}"
        ]
        found[f"finding of {unit}"] = mine[0]["href"]
        accepted = {**REASON, "expires": str(datetime.now(UTC).date() + timedelta(9))}
        seen = {"If-Match": mine[0]["etag"]}
        made = call(shared, "POST", f"{mine[0]['href']}/waiver", officer, accepted, headers=seen)
        assert made.status == 201
        path = f"/v1/accounts/page-{unit}/grants/person-{unit}/revocation"
        made = call(shared, "POST", path, who(f"head-{unit}"), REASON)
        assert made.status == 201
        found[f"revocation of {unit}"] = f"/v1/revocations/{made.body['revocation']['id']}"
    return found


@pytest.mark.parametrize(("method", "path"), MATRIX, ids=lambda part: part)
def test_the_matrix(shared: ModuleType, places: dict[str, str], method: str, path: str) -> None:
    allowed, asked = MATRIX[method, path]
    absent: dict[str, Any] = {}
    for role, caller in CALLERS.items():
        for where, unit in islice(TARGETS.items(), cases("targets of a route")):
            address, body, query = asked(unit)
            if not address.startswith("/"):
                for name, place in places.items():
                    address = address.replace(name, place)
            if (role, where) in allowed and path.endswith(ENDING):
                continue
            answer = call(shared, method.upper(), address, caller, body, query)
            expected = SEEN if (role, where) in allowed else {404}
            assert answer.status in expected, (role, where, answer)
            if answer.status == 404:
                # What is not theirs and what there is not cannot be told apart.
                for word in (unit, *address.split("/")):
                    answer.body["detail"] = answer.body["detail"].replace(word, "X")
                known = absent.setdefault(role, answer.body)
                assert answer.body.keys() == known.keys()
                assert (answer.body["type"], answer.body["title"]) == (
                    known["type"],
                    known["title"],
                )


# -- who gains -------------------------------------------------------------------------------------

Change = tuple[str, dict[str, Any]]
WHO_GAINS: dict[str, tuple[Change, set[str], set[str]]] = {
    # What is asked for; who gains, and may neither ask nor approve; whom else it is about, who may
    # not approve.
    "a head": (("/v1/entities/mid", {"head_id": "boss-mid"}), {"boss-mid"}, {"head-mid", "it-top"}),
    "a delegate": (
        ("/v1/entities/mid", {"it_delegate_ids": ["it-mid", "boss-sib"]}),
        {"boss-sib"},
        {"head-mid", "it-mid", "head-top"},
    ),
    "an entity comes below another": (
        ("/v1/entities/sib", {"parent_id": "mid"}),
        {"head-mid", "it-mid"},
        {"head-sib", "it-sib", "head-top", "it-top"},
    ),
    "an entity leaves a line": (
        ("/v1/entities/leaf", {"parent_id": "sib"}),
        {"head-sib", "it-sib"},
        {"head-mid", "it-mid", "head-leaf", "it-leaf"},
    ),
    "an address": (("/v1/people/boss-mid", {"email": "x@example.org"}), {"boss-mid"}, set()),
    "a clearance": (
        ("/v1/people/boss-mid", {"clearance_level": "C", "clearance_expires": "2099-01-01"}),
        {"boss-mid"},
        set(),
    ),
    "who was gone serves": (("/v1/people/gone", {"status": "active"}), {"gone"}, set()),
    "somebody serves elsewhere": (
        ("/v1/people/boss-mid", {"entity_id": "sib"}),
        {"head-sib", "it-sib"},
        {"boss-mid"},
    ),
    "a higher role": (
        ("/v1/accounts/page-mid/grants/boss-mid", {"role": "owner"}),
        {"boss-mid"},
        set(),
    ),
}


@pytest.mark.parametrize("case", WHO_GAINS)
def test_who_gains_neither_asks_nor_approves(shared: ModuleType, case: str) -> None:
    (path, changes), gainers, others = WHO_GAINS[case]
    clerk = CALLERS["registrar"]
    seen = call(shared, "GET", path, clerk)
    names = set(Person.__struct_fields__) | set(Entity.__struct_fields__)
    names |= set(Grant.__struct_fields__) - {"revoke_requested_at", "revoked_on"}
    kept = {name: seen.body[name] for name in seen.body if name in names - {"id", "account_id"}}
    body = {**{name: kept[name] for name in kept if name != "person_id"}, **changes}
    tag = {"If-Match": seen.headers["ETag"]}
    for one in sorted(gainers - {"gone"}):
        asked = call(shared, "PUT", path, who(one, "registrar"), body, headers=tag)
        assert (asked.status, asked.body["type"].rpartition(":")[2]) == (409, "self-approval"), one
    waits = call(shared, "PUT", path, clerk, body, headers=tag)
    assert waits.status == 202
    where = waits.headers["Location"]
    for one in sorted((gainers | others) - {"gone"}):
        for office in ("compliance", "registrar"):
            no = call(shared, "POST", f"{where}/approval", who(one, office))
            assert (no.status, no.body["type"].rpartition(":")[2]) == (409, "self-approval"), one
    assert call(shared, "GET", path, clerk).headers["ETag"] == seen.headers["ETag"]
    assert call(shared, "POST", f"{where}/refusal", clerk, REASON).status == 200


@pytest.mark.parametrize("unit", UNITS)
def test_who_heads_owns_or_holds_accepts_no_finding(
    shared: ModuleType, places: dict[str, str], unit: str
) -> None:
    above = [unit]
    while (parent := UNITS[above[-1]]) is not None:
        above.append(parent)
    about = {f"{what}-{one}" for one in above for what in ("head", "it")} | {f"boss-{unit}"}
    href = places[f"finding of {unit}"]
    seen = {"If-Match": call(shared, "GET", href, CALLERS["compliance"]).headers["ETag"]}
    body = {**REASON, "expires": str(datetime.now(UTC).date() + timedelta(9))}
    withdrawn = call(shared, "POST", f"{href}/waiver/withdrawal", CALLERS["compliance"], REASON)
    assert withdrawn.status == 200
    for one in sorted(about):
        no = call(shared, "POST", f"{href}/waiver", who(one, "compliance"), body, headers=seen)
        assert no.status == 403, (unit, one)
    made = call(shared, "POST", f"{href}/waiver", CALLERS["compliance"], body, headers=seen)
    assert made.status == 201


def test_lists_hold_what_is_theirs_and_no_more(shared: ModuleType) -> None:
    expected = {
        "head": {"mid", "leaf"},
        "it": {"mid", "leaf"},
        "manager": set(),
        "person": set(),
        "compliance": set(UNITS),
        "registrar": set(UNITS),
        "nobody": set(),
    }
    for role, units in expected.items():
        listed = call(shared, "GET", "/v1/entities", CALLERS[role])
        assert {one["id"] for one in listed.body["items"]} == units, role
        pages = call(shared, "GET", "/v1/accounts", CALLERS[role])
        shown = {one["entity_id"] for one in pages.body["items"]}
        assert shown == units | ({"mid"} if role == "manager" else set()) | (
            {"sib"} if role == "nobody" else set()
        ), role
        findings = call(shared, "GET", "/v1/findings", CALLERS[role])
        theirs = units if role != "registrar" else set()
        assert {one["entity"] for one in findings.body["items"]} == theirs, role
        asked = call(shared, "GET", "/v1/revocations", CALLERS[role])
        assert {one["entity"] for one in asked.body["items"]} <= theirs, role


def test_answers_are_what_the_description_says(shared: ModuleType, places: dict[str, str]) -> None:
    head = CALLERS["head"]
    paths = [
        "/v1/me",
        "/v1/entities",
        "/v1/entities/mid",
        "/v1/accounts",
        "/v1/accounts/page-mid",
        "/v1/accounts/page-mid/grants",
        "/v1/people/person-mid",
        "/v1/accounts/page-mid/grants/boss-mid",
        "/v1/findings",
        places["finding of mid"],
        "/v1/revocations",
        places["revocation of mid"],
    ]
    for path in paths:
        answer = call(shared, "GET", path, head)
        assert answer.status == 200, path
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.usefixtures("places")
def test_pages_make_up_the_whole(shared: ModuleType) -> None:
    officer = CALLERS["compliance"]
    for path in ("/v1/findings", "/v1/accounts", "/v1/entities", "/v1/revocations"):
        whole = call(shared, "GET", path, officer, query={"limit": "200"}).body["items"]
        # Of many, pages of one take long and say no more.
        for limit in (
            ("1", "3") if len(whole) < 20 else ("7", str(len(whole) // 2), str(len(whole)))
        ):
            found: list[Any] = []
            query = {"limit": limit}
            while True:
                page = call(shared, "GET", path, officer, query=query).body
                assert len(page["items"]) <= int(limit)
                found += page["items"]
                if page["next"] is None:
                    break
                query["cursor"] = page["next"]
            assert found == whole, (path, limit)


def test_findings_name_people_to_whoever_may_see_them(shared: ModuleType) -> None:
    """Whose own page a caller may not see, of them no finding tells the name."""
    told = 0
    for role in ("head", "it", "compliance"):
        listed = call(shared, "GET", "/v1/findings", CALLERS[role]).body["items"]
        spoken_of = {
            text for one in listed for text in (one["subject"].get("person"), *_texts(one))
        }
        for id_ in sorted(spoken_of - {None}):
            person = call(shared, "GET", f"/v1/people/{id_}", CALLERS[role])
            names = {one["names"][id_] for one in listed if id_ in one["names"]}
            told += len(names)
            assert names <= ({person.body["name"]} if person.status == 200 else set()), (role, id_)
        for one in listed:
            person = one["subject"].get("person")
            seen = (
                person and call(shared, "GET", f"/v1/people/{person}", CALLERS[role]).status == 200
            )
            assert not seen or person in one["names"], (role, one["control"], person)
            alone = call(shared, "GET", one["href"], CALLERS[role])
            assert alone.body == one
    assert told


@pytest.mark.parametrize("role", ["head", "it", "compliance"])
def test_findings_say_by_name_what_the_caller_may_see(shared: ModuleType, role: str) -> None:
    """Accounts and entities too; what the caller may not see is an id in the sentence."""
    listed = call(shared, "GET", "/v1/findings", CALLERS[role]).body["items"]
    named = 0
    for one in listed:
        words = re.findall(r"[\w-]+", one["detail"])
        assert one["title"]
        for kind in ("account", "entity", "person"):
            id_ = one["subject"].get(kind)
            routes = {"account": "accounts", "entity": "entities", "person": "people"}
            if id_ is None or (kind == "person" and id_ not in one["names"]):
                continue
            seen = call(shared, "GET", f"/v1/{routes[kind]}/{id_}", CALLERS[role]).status == 200
            if seen:
                named += 1
                assert id_ not in words, one
    assert named


def _texts(one: dict[str, Any]) -> list[str]:
    values = one["evidence"].values()
    return [
        text
        for value in values
        for text in (value if isinstance(value, list) else [value])
        if isinstance(text, str) and re.fullmatch(r"[a-z-]+", text)
    ]


def test_filters_of_findings(shared: ModuleType) -> None:
    officer = CALLERS["compliance"]
    whole = call(shared, "GET", "/v1/findings", officer).body["items"]
    for severity in ("critical", "high", "medium", "low"):
        some = call(shared, "GET", "/v1/findings", officer, query={"severity": severity})
        assert some.body["items"] == [one for one in whole if one["severity"] == severity]
    control = whole[0]["control"]
    some = call(shared, "GET", "/v1/findings", officer, query={"control": control})
    assert some.body["items"] == [one for one in whole if one["control"] == control]
    for since, found in ((NIGHT, whole), (NIGHT + timedelta(seconds=1), [])):
        query = {"since": since.isoformat()}
        assert call(shared, "GET", "/v1/findings", officer, query=query).body["items"] == found
    naive = call(shared, "GET", "/v1/findings", officer, query={"since": "2026-01-01T00:00:00"})
    assert (naive.status, naive.body["fields"][0]["field"]) == (422, "query.since")
    resolved = call(shared, "GET", "/v1/findings", officer, query={"status": "resolved"})
    assert resolved.body["items"] == []


# -- what is wrong with a request ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "path", "body", "query", "status", "field"),
    [
        ("GET", "/v1/findings", None, {"limit": "0"}, 422, "query.limit"),
        ("GET", "/v1/findings", None, {"limit": "x"}, 422, "query.limit"),
        ("GET", "/v1/findings", None, {"severity": "worst"}, 422, "query.severity"),
        ("GET", "/v1/findings", None, {"cursor": "!"}, 422, None),
        ("GET", "/v1/findings", None, {"cursor": "bm90"}, 422, None),
        ("GET", "/v1/findings/zzzz-0", None, {}, 404, None),
        ("GET", "/v1/findings/10000-0", None, {}, 404, None),
        ("GET", "/v1/nowhere", None, {}, 404, None),
        ("POST", "/v1/people/boss-mid/offboarding", {}, {}, 422, "body.reason"),
        ("POST", "/v1/people/boss-mid/offboarding", {"reason": "short"}, {}, 422, "body.reason"),
        ("POST", "/v1/people/boss-mid/offboarding", {**REASON, "x": 1}, {}, 422, "body.x"),
        ("POST", "/v1/people/boss-mid/offboarding", "{", {}, 422, None),
        ("POST", "/v1/people/boss-mid/offboarding", {"reason": " " * 20}, {}, 422, "body.reason"),
    ],
)
def test_bad_requests_are_problems(
    shared: ModuleType,
    method: str,
    path: str,
    body: Any,
    query: Any,
    status: int,
    field: str | None,
) -> None:
    answer = call(shared, method, path, CALLERS["head"], body, query)
    assert answer.status == status, answer
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.body["type"].startswith("urn:rolecall:problem:")
    if field is not None:
        assert field in [one["field"] for one in answer.body["fields"]]
