"""A small organisation in which everybody is somebody's danger, for sequences of requests.

Officers head entities, a grant and an entity name somebody whom nobody knows, somebody is
suspended, and access, service and clearance are about to end.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from rolecall.finding import Finding, canonical, digest, finding_id
from rolecall.finding_state import FindingState
from rolecall.model import Account, Entity, Grant, Login, Person, Severity, Snapshot, Subject
from tests.simulation.authority import Human

__all__ = ["HUMANS", "PLACES", "SERVING", "START", "findings", "registry_of_offices"]

START = datetime(2026, 11, 2, 9, tzinfo=UTC)
_TODAY = START.date()

HUMANS = (
    Human("c-1", ("compliance",)),
    Human("c-2", ("compliance",)),
    Human("r-1", ("registrar",)),
    Human("r-2", ("registrar",)),
    Human("h-top"),
    Human("h-leaf"),
    Human("m-1"),
    Human("m-2"),
    # Suspended, but the token is still good.
    Human("idle", ("registrar",)),
    # Named by the registry, and nobody of the roster.
    Human("ghost"),
    # Of no organisation at all: whoever is given this address is a stranger.
    Human("stranger", ("compliance",)),
)

SERVING = tuple(one for one in HUMANS if one.name not in ("idle", "ghost", "stranger"))
"""Those who are somebody of the roster, and serve, in the beginning."""


def _person(id_: str, entity: str, **facts: Any) -> Person:
    given: dict[str, Any] = {
        "email": f"{id_}@example.org",
        "clearance_level": "C",
        "clearance_expires": date(2030, 1, 1),
        **facts,
    }
    return Person(id_, id_.title(), given.pop("status", "active"), entity_id=entity, **given)


def registry_of_offices() -> Snapshot:
    """Return the registry."""
    kinds = {"entities": Entity, "people": Person, "accounts": Account, "grants": Grant}
    return Snapshot(
        entities=(
            Entity("top", "Top", None, "h-top", ("i-top",)),
            Entity("mid", "Mid", "top", "r-2", ("m-2",)),
            Entity("leaf", "Leaf", "mid", "h-leaf", ("ghost",)),
            Entity("sib", "Sib", "top", "c-2"),
            Entity("den", "Den", "leaf", "m-1"),
        ),
        people=(
            _person("c-1", "top"),
            _person("c-2", "sib"),
            _person("r-1", "top"),
            _person("r-2", "mid"),
            _person("h-top", "top"),
            _person("i-top", "top", left_on=_TODAY + timedelta(1)),
            _person("h-leaf", "leaf", left_on=_TODAY + timedelta(20)),
            _person("m-1", "mid", clearance_expires=_TODAY + timedelta(20)),
            _person("m-2", "leaf", clearance_level="A"),
            _person("idle", "mid", status="suspended"),
        ),
        accounts=(
            Account("page-mid", "mid", "facebook", "mid", "active", owner_id="m-1"),
            Account("page-leaf", "leaf", "facebook", "leaf", "active"),
            Account("page-sib", "sib", "instagram", "sib", "active"),
        ),
        grants=(
            Grant("page-mid", "m-1", "admin", granted_on=date(2026, 1, 1)),
            Grant("page-mid", "h-top", "owner", granted_on=date(2026, 1, 1)),
            Grant("page-mid", "idle", "manager", granted_on=date(2026, 1, 1)),
            Grant("page-leaf", "h-leaf", "owner", granted_on=date(2026, 1, 1)),
            Grant("page-leaf", "ghost", "admin", granted_on=date(2026, 1, 1)),
            Grant(
                "page-leaf", "m-1", "manager", date(2026, 1, 1), expires_on=_TODAY + timedelta(1)
            ),
            Grant("page-sib", "c-2", "owner", granted_on=date(2026, 1, 1)),
            Grant("page-sib", "m-2", "analyst", granted_on=date(2026, 1, 1)),
        ),
        logins=(Login("login-mid", "page-mid", storage="paper", holder_ids=("m-1",)),),
        tracked=frozenset(
            f"{table}.{name}" for table, kind in kinds.items() for name in kind.__struct_fields__
        ),
    )


def _state(
    control: str, severity: Severity, entity: str, subject: Subject, **evidence: Any
) -> FindingState:
    facts = canonical(evidence)
    id_ = finding_id(control, subject)
    finding = Finding(id_, control, severity, entity, subject, facts, digest(facts))
    return FindingState(finding, START, 1, "open", "opened", 0)


def findings() -> dict[tuple[int, str], FindingState]:
    """Return findings: of nobody's concern, and of officers' in each way that there is."""
    page = Subject("account", account="page-leaf")
    found = (
        _state("account-unapproved", "critical", "leaf", page, approved_by=[]),
        _state("single-administrator", "high", "leaf", page, administrators=["c-1"]),
        _state(
            "single-investigator", "critical", "mid", Subject("incident", incident="i"), by="c-2"
        ),
        _state("no-head", "high", "sib", Subject("entity", entity="sib")),
        _state("stale", "critical", "sib", Subject("account", account="page-sib")),
        _state("untrained", "medium", "top", Subject("person", person="c-1")),
        _state("dormant", "high", "mid", Subject("grant", account="page-mid", person="m-1")),
    )
    return {(number, one.finding.id): one for number, one in enumerate(found)}


PLACES = tuple(findings())
"""Where the findings are."""
