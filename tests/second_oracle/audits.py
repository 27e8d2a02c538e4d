"""Audits to try the two readings on: crowded registries under policies of all kinds.

A registry is read once, and then less of it is kept: columns, tables, or columns for some rows.
Each number is an audit of its own, the same one every time.
"""

# The random numbers choose examples and keep no secret.
# ruff: noqa: S311

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from random import Random
from typing import Any, NamedTuple, TypeVar

from msgspec.structs import fields, replace

from rolecall.model import (
    SEVERITIES,
    TABLES,
    Account,
    Observation,
    Policy,
    RegistryRecord,
    Snapshot,
)
from rolecall.registry.policy_toml import parse_policy
from tests.registries import CLEAN_POLICY, MOMENTS, OPTIONAL_COLUMNS, TODAY, crowded
from tests.second_oracle.rules import RULES

__all__ = ["Audit", "audits"]

_Row = TypeVar("_Row", bound=RegistryRecord)
_Page = TypeVar("_Page", Account, Observation)
_BY_ROW = (*("entities", "people", "accounts", "grants", "logins"), "incidents", "contents")
_OPTIONAL_TABLES = ("logins", "observations", "incidents", "contents")
_LISTS = ("legal_names", "portfolios", "payees")
_NAMES: tuple[list[str], ...] = (
    ["Diocese of Ellerwick", "STRASSE e.V."],
    ["  parish OF st  Brigid "],
    [],
)


class Audit(NamedTuple):
    """What an audit takes."""

    registry: Snapshot
    policy: Policy
    as_of: datetime


def audits(count: int) -> Iterator[Audit]:
    """Return so many audits, four of each registry."""
    for number in range(count):
        if number % len(MOMENTS) == 0:
            registry, _ = crowded(number).read()
        random = Random(number)
        policy = parse_policy("policy.toml", _policy(registry, random).encode())
        moment = MOMENTS[number % len(MOMENTS)]
        yield Audit(_less(_respelled(registry, random), random), policy, moment)


# ------------------------------------------------------------------------- one thing in other words


def _respelled(registry: Snapshot, random: Random) -> Snapshot:
    """Write some addresses with a name and a tag, and some accounts as the address of a page."""
    return replace(
        registry,
        people=tuple(_addressed(one, "email", random) for one in registry.people),
        accounts=tuple(
            _paged(_addressed(one, "login_email", random), random) for one in registry.accounts
        ),
        observations=tuple(
            _paged(_addressed(one, "person_email", random), random) for one in registry.observations
        ),
    )


def _addressed(row: _Row, column: str, random: Random) -> _Row:
    address = getattr(row, column)
    if address is None or random.random() > 0.1:
        return row
    local, _, domain = address.partition("@")
    others = (f"Parish Office <{address}>", f"mailto:{address}", f"{local}+parish@{domain}")
    return replace(row, **{column: random.choice(others)})


def _paged(row: _Page, random: Random) -> _Page:
    if row.platform != "facebook" or not row.handle.isalnum() or random.random() > 0.1:
        return row
    page = random.choice(("https://www.facebook.com/{}/", "fb.com/{}", "m.facebook.com/{}?ref=1"))
    return replace(row, handle=page.format(row.handle))


# ------------------------------------------------------------------------------- less is on record


def _less(registry: Snapshot, random: Random) -> Snapshot:
    """Keep less of a registry, or all of it, and let a vault know some of its logins."""
    logins = [(one.account_id, one.id) for one in registry.logins]
    vaulted = frozenset(key for key in logins if random.random() < 0.3)
    registry = replace(registry, vaulted=vaulted if random.random() < 0.5 else frozenset())
    for table in _OPTIONAL_TABLES:
        if random.random() < 0.05:
            gone = {one for one in registry.tracked if one.startswith(f"{table}.")}
            registry = replace(registry, **{table: ()}, tracked=registry.tracked - gone)
    kept = [one for one in OPTIONAL_COLUMNS if one in registry.tracked]
    for column in random.sample(kept, random.choice((0, 0, 0, 3, 12))):
        registry = _without(registry, column, random)
    return registry


def _without(registry: Snapshot, column: str, random: Random) -> Snapshot:
    """Stop tracking a column, or track it for some rows alone where programs fill it."""
    table, _, name = column.partition(".")
    empty = next(one.default for one in fields(TABLES[table]) if one.name == name)
    rows = list(getattr(registry, table))
    filled: set[tuple[str, ...]] = set()
    if table in _BY_ROW:
        share = random.choice((0.0, 0.5, 0.9))
        filled = {_key(table, row) for row in rows if random.random() < share}
        # What the vault knows of a login it fills by itself.
        filled |= registry.vaulted if table == "logins" else set()
    kept = [
        row if filled and _key(table, row) in filled else replace(row, **{name: empty})
        for row in rows
    ]
    if column == "grants.revoked_on":
        # Of one person on one account one grant is live.
        kept = list({_key(table, row): row for row in kept}.values())
    return replace(
        registry,
        **{table: tuple(kept)},
        tracked=registry.tracked - {column},
        filled={**registry.filled, column: frozenset(filled)} if filled else registry.filled,
    )


def _key(table: str, row: Any) -> tuple[str, ...]:
    match table:
        case "grants":
            return row.account_id, row.person_id
        case "logins" | "incidents" | "contents":
            return row.account_id, row.id
    return (row.id,) if table in _BY_ROW else (str(id(row)),)


# ---------------------------------------------------------------------------------------- policies


def _policy(registry: Snapshot, random: Random) -> str:
    if random.random() < 0.3:
        return CLEAN_POLICY
    levels = random.choice((["A", "B", "C"], ["c", "B", "A"], ["A", "C"]))
    head = {
        "version": random.choice(("2026-1", "2026-2")),
        "next_review": TODAY + timedelta(days=random.choice((-1, 0, 1))),
        "approved_platforms": random.choice((["Facebook", "website"], [], ["x"])),
        "approved_apps": random.choice((["buffer"], [], ["Canva", "BUFFER"])),
        "privacy_law": random.choice(("gdpr", "kdg", "none")),
        "sanction_ladder": random.choice(
            (["reprimand", "written_warning", "termination"], ["termination", "reprimand"])
        ),
        **{name: random.choice(_NAMES) for name in _LISTS},
    }
    lines = _table("policy", {key: one for key, one in head.items() if random.random() < 0.8})
    lines.append(f"clearance_levels = {json.dumps(levels)}")
    lines += _controls("controls", levels, random, random.choice((0, 5, 20)))
    for entity in registry.entities:
        if random.random() < 0.4:
            where = f"entities.{entity.id}.controls"
            lines += _controls(where, levels, random, random.choice((1, 10)))
    for number in range(random.choice((0, 0, 1, 4, 8))):
        lines += ["[[waivers]]", *_table_lines(_waiver(registry, number, random))]
    return "\n".join(lines)


def _controls(where: str, levels: Sequence[str], random: Random, count: int) -> list[str]:
    lines: list[str] = []
    for id_ in random.sample(sorted(RULES), count):
        settings = {
            name: _limit(value, levels, random)
            for name, value in RULES[id_].defaults.items()
            if random.random() < 0.7
        }
        if random.random() < 0.4:
            settings["severity"] = random.choice(SEVERITIES)
        if random.random() < 0.3:
            settings["enabled"] = random.random() < 0.5
        lines += _table(f"{where}.{id_}", settings)
    return lines


def _waiver(registry: Snapshot, number: int, random: Random) -> dict[str, Any]:
    """Return a waiver of one of a few things, long or short, that has ended or not."""
    expires = TODAY + timedelta(days=random.choice((-400, -1, 0, 1, 30, 365, 366, 400)))
    accepted = expires - timedelta(days=random.choice((30, 365, 365, 366)))
    account = registry.accounts[number % 2 and -1].id
    return {
        "control": random.choice(("sole-administrator", "sole-administrator", "duplicate-account")),
        "account": account,
        "reason": f"Agreed upon, number {number}",
        "approved_by": ["p0", "p1"],
        "expires": expires,
        **({"accepted_on": accepted} if random.random() < 0.6 else {}),
    }


def _limit(value: Any, levels: Sequence[str], random: Random) -> Any:
    match value:
        case bool():
            return random.random() < 0.5
        case None:
            return random.choice((0, 729, 730, 731))
        case str():
            return random.choice(levels)
        case tuple():
            return random.choice((["Facebook", "fb"], [], ["mastodon", "Web site", "twitter"]))
    return random.choice((0, 1, value - 1, value, value + 1, 2 * value))


def _table(name: str, settings: dict[str, Any]) -> list[str]:
    return [f"[{name}]", *_table_lines(settings)]


def _table_lines(settings: dict[str, Any]) -> Iterator[str]:
    yield from (f"{key} = {_toml(value)}" for key, value in settings.items())


def _toml(value: Any) -> str:
    return str(value) if isinstance(value, date) else json.dumps(value)
