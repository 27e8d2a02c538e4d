"""An organisation of any size in a stack, and what requests to its API take.

The tree has three levels whatever its size: a diocese, a deanery for every fifty entities, and
parishes. Each entity has a head, an IT delegate, a manager, an aide, an account and a finding, so
that what the head of one parish has is the same in every organisation.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from threading import Lock
from types import ModuleType
from typing import Any, NamedTuple

import boto3
import msgspec

from rolecall.aws.address_index import indexed
from rolecall.aws.importing import derived
from rolecall.finding import Finding
from rolecall.finding_state import FindingState
from rolecall.model import Account, Entity, Grant, Login, Person, Snapshot, Subject
from rolecall.registry.documents import documents
from rolecall.ring import slot_of
from tests.api import call, who
from tests.cloud import Cloud

__all__ = [
    "Desk",
    "Taken",
    "Traffic",
    "fill",
    "id_of",
    "look_around",
    "organisation",
    "work_of_a_head",
]

_DEANERY = 50
REASON = {"reason": "no longer serves in this office"}
_SEEN = datetime(2026, 11, 2, tzinfo=UTC)
_AT_ONCE = 25


def id_of(number: int) -> str:
    """Return the id of an entity: 0 is the diocese, deaneries follow, then parishes."""
    return f"e{number:05}"


def organisation(size: int) -> Snapshot:
    """Return the registry of an organisation.

    :param size: entities, three at least.
    """
    deaneries = max(size // _DEANERY, 1)
    entities, people, accounts, grants, logins = [], [], [], [], []
    for number in range(size):
        id_ = id_of(number)
        above = 0 if number <= deaneries else 1 + number % deaneries
        head, helper = f"head-{id_}", f"it-{id_}"
        manager, aide = f"boss-{id_}", f"aide-{id_}"
        parent = id_of(above) if number else None
        entities.append(Entity(id_, f"Entity {number:05}", parent, head, (helper,)))
        for person in (head, helper, manager, aide):
            people.append(Person(person, person, "active", f"{person}@example.org", entity_id=id_))
        accounts.append(Account(f"page-{id_}", id_, "facebook", f"page-{id_}", "active"))
        grants.append(Grant(f"page-{id_}", head, "owner"))
        grants.append(Grant(f"page-{id_}", manager, "admin", granted_on=date(2026, 1, 1)))
        grants.append(Grant(f"page-{id_}", aide, "editor"))
        logins.append(Login(f"login-{id_}", f"page-{id_}", holder_ids=(manager,)))
    officer = Person("officer", "Officer", "active", "officer@example.org")
    return Snapshot(
        entities=tuple(entities),
        people=(*people, officer),
        accounts=tuple(accounts),
        grants=tuple(grants),
        logins=tuple(logins),
    )


def finding_of(number: int) -> FindingState:
    """Return the finding of an entity: of its account, of a usual size."""
    id_ = id_of(number)
    evidence = {"administrator_ids": [f"head-{id_}"], "reviewed_on": "2024-08-11"}
    made = Finding(
        f"{number:032x}",
        "account-review-overdue",
        "medium",
        id_,
        Subject("account", account=f"page-{id_}"),
        json.dumps(evidence, sort_keys=True, separators=(",", ":")).encode(),
        f"{number:064x}",
    )
    return FindingState(made, _SEEN, 1, "open", "opened", 1)


def fill(sky: Cloud, size: int) -> None:
    """Write an organisation into an empty stack, as an import and a night would leave it."""
    tables = boto3.client("dynamodb")
    registry, findings = sky.outputs["RegistryTable"], sky.outputs["FindingsTable"]
    for name, items in ((registry, _registry(size)), (findings, _findings(size))):
        requests = [{"PutRequest": {"Item": item}} for item in items]
        for start in range(0, len(requests), _AT_ONCE):
            tables.batch_write_item(RequestItems={name: requests[start : start + _AT_ONCE]})


def _registry(size: int) -> Iterator[dict[str, Any]]:
    for where, data in derived(documents(organisation(size), None)).items():
        more = {name: {"S": value} for name, value in indexed(where, data).items()}
        yield {**_item(where.partition, where.key, data), **more}


def _findings(size: int) -> Iterator[dict[str, Any]]:
    for number in range(size):
        known = finding_of(number)
        slot = slot_of(known.finding.subject)
        yield {
            **_item(
                f"PLACE#{slot >> 12:x}",
                f"{slot:04x}#{known.finding.id}",
                msgspec.json.encode(known),
            ),
            "entity": {"S": str(known.finding.entity)},
            "standing_order": {"S": f"standing#2#{known.finding.id}"},
            "standing": {"S": f"medium#{known.finding.id[0]}"},
        }


def _item(partition: str, key: str, data: bytes) -> dict[str, Any]:
    return {
        "pk": {"S": partition},
        "sk": {"S": key},
        "v": {"N": "1"},
        "doc": {"S": data.decode()},
    }


class Traffic:
    """What is said to AWS and what it answers, by clients that are made afterwards.

    :ivar calls: by operation.
    :ivar size: of requests and answers, in bytes of their bodies.
    """

    def __init__(self) -> None:
        self.calls = Counter[str]()
        self.size = 0
        self._lock = Lock()
        events = boto3.DEFAULT_SESSION.events
        events.register_first("request-created", self._asked)
        # Of a query before the table's own handler takes the items out.
        events.register_first("before-parse.dynamodb.Query", self._answered)
        events.register_first("before-parse", self._answered_otherwise)

    def _asked(self, request: Any, operation_name: str, **_: Any) -> None:
        with self._lock:
            self.calls[operation_name] += 1
            self.size += len(request.data or b"")

    def _answered(self, response_dict: Any, **_: Any) -> None:
        # Some queries are made by threads.
        with self._lock:
            self.size += len(response_dict["body"])

    def _answered_otherwise(self, response_dict: Any, operation_model: Any, **_: Any) -> None:
        if operation_model.name != "Query":
            self._answered(response_dict)


class Taken(NamedTuple):
    """What a request took: calls to AWS, and bytes both ways. ``body`` is its answer."""

    calls: int
    size: int
    body: Any


class Desk:
    """Where somebody makes requests that are measured."""

    def __init__(self, function: ModuleType, traffic: Traffic, *person: str) -> None:
        """Sign somebody in.

        :param person: their id, and the groups of their token.
        """
        self._function = function
        self._traffic = traffic
        self._who = who(*person)
        self.taken: dict[str, Taken] = {}
        # The first request of a person binds them to their token.
        call(function, "GET", "/v1/me", self._who)

    def ask(
        self,
        name: str,
        path: str,
        body: Any = None,
        query: Mapping[str, str] | None = None,
        method: str = "",
    ) -> Any:
        """Make a request, note what it took, and return its answer."""
        self._traffic.calls.clear()
        self._traffic.size = 0
        way = method or ("GET" if body is None else "POST")
        answer = call(self._function, way, path, self._who, body, query)
        assert answer.status in (200, 201), (name, answer)
        self.taken[name] = Taken(self._traffic.calls.total(), self._traffic.size, answer.body)
        return answer.body


def work_of_a_head(function: ModuleType, traffic: Traffic, number: int) -> dict[str, Taken]:
    """Return what it takes the head of a parish to look at everything, and to take access away."""
    id_ = id_of(number)
    page, desk = f"/v1/accounts/page-{id_}", Desk(function, traffic, f"head-{id_}")
    look_around(desk)
    finding = finding_of(number).finding
    href = f"/v1/findings/{slot_of(finding.subject):04x}-{finding.id}"
    desk.ask("one entity", f"/v1/entities/{id_}")
    desk.ask("accounts of one entity", "/v1/accounts", query={"entity": id_})
    desk.ask("one account", page)
    desk.ask("its grants", f"{page}/grants")
    desk.ask("its logins", f"{page}/logins")
    desk.ask("one person", f"/v1/people/boss-{id_}")
    desk.ask("one finding", href)
    revocation = f"{page}/grants/boss-{id_}/revocation"
    desk.ask("revocation, dry run", revocation, REASON, {"dry_run": "true"})
    made = desk.ask("revocation", revocation, REASON)["revocation"]["id"]
    desk.ask("one revocation", f"/v1/revocations/{made}")
    facts = {
        "removed_by": f"head-{id_}",
        "removed_on": "2026-11-03",
        "note": "seen in the settings of the page",
    }
    desk.ask("confirmation", f"/v1/revocations/{made}/confirmation", facts)
    leaving = f"/v1/people/aide-{id_}/offboarding"
    desk.ask("offboarding, dry run", leaving, REASON, {"dry_run": "true"})
    desk.ask("offboarding", leaving, REASON)
    desk.ask("brake lift", f"/v1/people/it-{id_}/brake-lift", method="POST")
    desk.ask("revocations afterwards", "/v1/revocations")
    desk.ask("log afterwards", "/v1/log")
    return desk.taken


def look_around(desk: Desk) -> None:
    """Ask for the first page of every list."""
    desk.ask("me", "/v1/me")
    for name in ("entities", "accounts", "findings", "revocations", "log"):
        desk.ask(name, f"/v1/{name}")
