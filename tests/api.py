"""Calls the API's function as the gateway does, with claims that it would have verified."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache
from types import ModuleType
from typing import Any, NamedTuple
from urllib.parse import urlencode

from jsonschema import Draft202012Validator

from rolecall.model import Account, Entity, Grant, Login, Person, Snapshot
from rolecall.registry.documents import documents
from rolecall.usecases.identity.offices import POOL_CLAIM, Offices
from tests.cloud import Cloud, Invocation
from tests.cloud_nights import night

ISSUER = "https://issuer.example"
OFFICES = Offices(
    claim=POOL_CLAIM, compliance="rolecall:compliance", registrar="rolecall:registrar"
)
"""What gives an office where the template's parameters are as they are by default."""


class Answer(NamedTuple):
    """What came back."""

    status: int
    body: Any
    headers: Mapping[str, str]


def claims(email: str, *groups: str, **changes: str) -> dict[str, str]:
    """Return the claims of an ID token, as the gateway hands them on: as texts.

    :param groups: the offices that they give.
    """
    names = [getattr(OFFICES, group) for group in groups]
    return {
        "iss": ISSUER,
        "sub": f"sub-{email}",
        "email": email,
        "email_verified": "true",
        "token_use": "id",
        **({OFFICES.claim: f"[{' '.join(names)}]"} if names else {}),
        **changes,
    }


def token_of(who: Mapping[str, Any]) -> str:
    """Return a token that says what claims say, with lists as lists; nobody signed it."""
    said = {name: _told(value) for name, value in who.items()}
    parts = (base64.urlsafe_b64encode(json.dumps(one).encode()) for one in ({"alg": "none"}, said))
    return ".".join([*(part.decode().rstrip("=") for part in parts), "signature"])


def _told(value: Any) -> Any:
    is_list = isinstance(value, str) and value.startswith("[") and value.endswith("]")
    return value[1:-1].split() if is_list else value


def event_of(
    method: str,
    path: str,
    who: Mapping[str, str] | None,
    body: Any = None,
    query: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Return a request as a gateway hands it on that is content with its token."""
    text = None if body is None else body if isinstance(body, str) else json.dumps(body)
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": f"{method} /v1/{{proxy+}}",
        "rawPath": path,
        "rawQueryString": urlencode(query or {}),
        "headers": {"content-type": "application/json", **(headers or {})},
        "queryStringParameters": dict(query or {}),
        "requestContext": {
            "stage": "$default",
            "requestId": "r",
            "http": {"method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "::1"},
        },
        "isBase64Encoded": False,
        **({} if text is None else {"body": text}),
    }
    if who is not None:
        event["requestContext"]["authorizer"] = {"jwt": {"claims": dict(who), "scopes": None}}
        event["headers"].setdefault("authorization", f"Bearer {token_of(who)}")
    return event


def call(
    function: ModuleType,
    method: str,
    path: str,
    who: Mapping[str, str] | None,
    body: Any = None,
    query: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """Send a request."""
    event = event_of(method, path, who, body, query, headers)
    answer = function.handler(event, Invocation())
    check_described(function, method, path, answer)
    found = answer.get("body")
    if answer.get("isBase64Encoded"):
        return Answer(answer["statusCode"], base64.b64decode(found), answer["headers"])
    return Answer(
        answer["statusCode"], json.loads(found) if found else None, answer.get("headers", {})
    )


def check_described(
    function: ModuleType, method: str, path: str, answer: Mapping[str, Any]
) -> None:
    """Hold an answer against what the API says of itself: status, type and shape."""
    about = description(function)
    where = next((one for one in about["paths"] if _pattern(one).fullmatch(path)), None)
    if where is None or method.lower() not in about["paths"][where]:
        return
    told = about["paths"][where][method.lower()]["responses"]
    assert str(answer["statusCode"]) in told, (method, path, answer)
    content = told[str(answer["statusCode"])]["content"]
    kind = answer["headers"]["Content-Type"]
    assert kind in content, (method, path, kind)
    if kind.endswith("json"):
        place = (where, method, str(answer["statusCode"]))
        if place not in _validators:
            schema = {**content[kind]["schema"], "components": about["components"]}
            _validators[place] = Draft202012Validator(schema)
        _validators[place].validate(json.loads(answer["body"]))


def description(function: ModuleType) -> dict[str, Any]:
    """Return what the API says of itself: the same, however often it is loaded."""
    if not _described:
        answer = function.handler(event_of("GET", "/v1/openapi.json", None), Invocation())
        assert answer["statusCode"] == 200
        _described.update(json.loads(answer["body"]))
    return _described


_described: dict[str, Any] = {}
_validators: dict[tuple[str, str, str], Draft202012Validator] = {}


@cache
def _pattern(template: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(template)))


UNITS = {"top": None, "mid": "top", "leaf": "mid", "sib": "top"}
"""Entities and what they are below: *mid* has a child, a sibling and a parent."""
REASON = {"reason": "no longer serves in this office"}
NIGHT = datetime(2026, 11, 21, 9, tzinfo=UTC)


def person(id_: str, entity: str | None, **facts: Any) -> Person:
    return Person(
        id_,
        id_.title(),
        facts.pop("status", "active"),
        f"{id_}@example.org",
        entity_id=entity,
        **facts,
    )


def registry() -> Snapshot:
    people = [person("officer", None), person("clerk", None), person("gone", "mid", status="left")]
    entities, accounts, grants, logins = [], [], [], []
    for unit, parent in UNITS.items():
        entities.append(Entity(unit, unit, parent, f"head-{unit}", (f"it-{unit}",)))
        people += [person(f"{what}-{unit}", unit) for what in ("head", "it", "boss", "person")]
        accounts.append(Account(f"page-{unit}", unit, "facebook", unit, "active"))
        grants += [
            Grant(f"page-{unit}", f"head-{unit}", "owner"),
            Grant(f"page-{unit}", f"boss-{unit}", "admin", granted_on=date(2026, 1, 1)),
            Grant(f"page-{unit}", f"person-{unit}", "analyst"),
        ]
        logins.append(Login(f"login-{unit}", f"page-{unit}", holder_ids=(f"boss-{unit}",)))
    tracked = {
        f"{table}.{name}"
        for table, kind in (
            ("entities", Entity),
            ("people", Person),
            ("accounts", Account),
            ("grants", Grant),
            ("logins", Login),
        )
        for name in kind.__struct_fields__
    }
    return Snapshot(
        entities=tuple(entities),
        people=tuple(people),
        accounts=tuple(accounts),
        grants=tuple(grants),
        logins=tuple(logins),
        tracked=frozenset(tracked),
    )


def bring(sky: Cloud, snapshot: Snapshot) -> None:
    target = sky.stack().registry
    target.apply(target.compare(documents(snapshot, None)))


def with_units(sky: Cloud) -> None:
    """Begin with the registry of four entities."""
    bring(sky, registry())


def after_their_night(sky: Cloud) -> dict[str, Any]:
    """Begin with the four entities after a night, and return its report."""
    bring(sky, registry())
    return night(sky, NIGHT)


def who(id_: str, *groups: str, **changes: str) -> dict[str, str]:
    return {**claims(f"{id_}@example.org", *groups), **changes}
