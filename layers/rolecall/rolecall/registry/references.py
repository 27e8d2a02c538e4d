"""Holds the records of a registry against each other.

Errors: duplicate ids, an unknown entity or account referred to, a circle of parents, a tree that is
too deep, two live grants of one person on one account. A reference to an unknown *person* is no
error anywhere: that is an inactive person, which the controls report. Contradictory dates and
statuses are warnings, and so are two active people with one e-mail address: a shared mailbox.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence, Set
from datetime import date, datetime
from itertools import product
from operator import attrgetter
from typing import Any

from rolecall.keys.addresses import address_key, bare_address
from rolecall.lineage import MOST_LEVELS, flaws_of
from rolecall.model import TABLES
from rolecall.printable import shorten
from rolecall.registry.future_days import warn_of_future_days
from rolecall.registry.name_matching import Unclear
from rolecall.registry.parsed_table import ParsedTable
from rolecall.registry.problems import Problems
from rolecall.registry.schema import columns, referring
from rolecall.registry.strangers import Acquaintances

__all__ = ["check_contradictions", "check_references", "shown_circle"]

_ODD_SIGNS = (*"<>:;, \r", "xn--")
_MOST_STEPS = 8
_NOUNS = {"entities": "entity", "accounts": "account"}
"""The tables of which a registry must know what is referred to, and one row of each."""


def check_references(
    tables: Mapping[str, ParsedTable], problems: Problems, told: Unclear | None = None
) -> None:
    """Report every reference and every identity that does not hold.

    :param told: by the table that is referred to, what was reported already.
    """
    known: dict[str, set[str | None]] = {}
    for name in TABLES:
        if name in tables and "id" in columns(name):
            ids = [record.id for record in tables[name].records]
            # The set that tells whether an id stands twice serves all who refer to one.
            known[name] = set(ids)
            _check_unique(tables[name], "id", ids, known[name], "is taken already", problems)
    for name, target in product(TABLES, _NOUNS):
        # What a table refers to may lie in the part of a file that could not be read.
        if name in tables and target in known and tables[target].file not in problems.cut:
            for column in referring(name, target):
                sought = known[target] | (told or {}).get(target, frozenset())
                _check_known(tables[name], column, tables[target], sought, problems)
    if "entities" in tables:
        _check_tree(tables["entities"], problems)
    if "grants" in tables:
        _check_live_grants(tables["grants"], problems)


def _check_live_grants(table: ParsedTable, problems: Problems) -> None:
    live = [grant for grant in table.records if grant.revoked_on is None]
    if len(set(map(attrgetter("account_id", "person_id"), live))) == len(live):
        return
    pairs = [_live_grant(grant) for grant in table.records]
    message = "has a live grant on this account already"
    _check_unique(table, "person_id", pairs, set(pairs), message, problems)


def _live_grant(grant: Any) -> tuple[str, str] | None:
    if grant.is_live and grant.account_id and grant.person_id:
        return grant.account_id, grant.person_id
    return None


def _active_emails(people: Sequence[Any]) -> Sequence[str | None]:
    """Return the address of each active person, as addresses are compared."""
    emails = [(p.email if p.status == "active" else None) or "" for p in people]
    joined = "\n".join(emails).lower()
    if joined.isascii() and not any(map(joined.__contains__, _ODD_SIGNS)):
        keys: list[str | None] = list(joined.split("\n"))
    else:
        keys = [address_key(bare_address(email)) for email in emails]
    return [key or None for key in keys]


def _check_unique(
    table: ParsedTable,
    column: str,
    keys: Sequence[Hashable],
    distinct: Set[Hashable],
    message: str,
    problems: Problems,
) -> None:
    """Report every record whose key another has before it; ``None`` is no key.

    :param keys: the key of each record.
    :param distinct: the same as a set.
    """
    empty = keys.count(None) - 1 if None in distinct else 0
    if len(distinct) == len(keys) - empty:
        return
    first: dict[Hashable, int] = {}
    for index, key in enumerate(keys):
        if key is not None and first.setdefault(key, index) != index:
            problems.add(
                table.file,
                f"{message}, in row {table.numbers[first[key]]}",
                row=table.numbers[index],
                column=column,
                value=getattr(table.records[index], column),
            )


def _check_known(
    table: ParsedTable,
    column: str,
    target: ParsedTable,
    known: Set[str | None],
    problems: Problems,
) -> None:
    """Report every record that refers to what the target does not have."""
    if all(map(known.__contains__, filter(None, map(attrgetter(column), table.records)))):
        return
    near = Acquaintances(target.records)
    for index, record in enumerate(table.records):
        value = getattr(record, column)
        if value is not None and value not in known:
            problems.add(
                table.file,
                f"no such {_NOUNS[target.name]}{near.hint(value)}",
                row=table.numbers[index],
                column=column,
                value=value,
            )


def _check_tree(table: ParsedTable, problems: Problems) -> None:
    parents = {entity.id: entity.parent_id for entity in table.records}
    rows = dict(zip((entity.id for entity in table.records), table.numbers, strict=True))
    flaws = flaws_of(parents)
    for circle in flaws.circles:
        problems.add(
            table.file,
            f"the parents go round in a circle: {shown_circle(circle)}",
            row=rows[circle[0]],
            column="parent_id",
        )
    for id_ in flaws.deep:
        problems.add(
            table.file,
            f"lies more than {MOST_LEVELS} levels deep, which is the most",
            row=rows[id_],
            column="parent_id",
            value=parents[id_],
        )


def shown_circle(circle: Sequence[str]) -> str:
    """Return a circle of parents as people read it."""
    shown = [shorten(id_) for id_ in circle]
    if len(shown) > _MOST_STEPS:
        shown[_MOST_STEPS - 2 : -1] = ["..."]
    return " -> ".join([*shown, shown[0]])


_ORDERED = (
    ("grants", "granted_on", "revoked_on"),
    ("grants", "granted_on", "expires_on"),
    ("incidents", "opened_at", "closed_on"),
    ("incidents", "opened_at", "due_on"),
    ("incidents", "aware_at", "notified_decision_at"),
    ("incidents", "aware_at", "subjects_told_at"),
    ("incidents", "aware_at", "authority_decided_at"),
    ("contents", "published_on", "removed_on"),
)


def check_contradictions(
    tables: Mapping[str, ParsedTable], today: date, warnings: Problems
) -> None:
    """Warn of what cannot be true together; the registry is audited as it stands."""
    for name, earlier, later in _ORDERED:
        if name in tables and {earlier, later} <= tables[name].tracked:
            _warn_of_order(tables[name], earlier, later, warnings)
    warn_of_future_days(tables, today, warnings)
    if "people" in tables and "left_on" in tables["people"].tracked:
        _warn_of_status(tables["people"], today, warnings)
    if "people" in tables:
        # A parish office and its secretary share a mailbox; who signs in by it nobody could tell.
        message = "is the address of another active person too, and lets neither of them sign in"
        emails = _active_emails(tables["people"].records)
        _check_unique(tables["people"], "email", emails, set(emails), message, warnings)


def _warn_of_order(table: ParsedTable, earlier: str, later: str, warnings: Problems) -> None:
    # Most rows have no later day.
    lasts = enumerate(map(attrgetter(later), table.records))
    for index, last in [(index, last) for index, last in lasts if last is not None]:
        first = getattr(table.records[index], earlier)
        if first is not None and _day(last) < _day(first):
            _warn(table, index, later, f"is before {earlier}", warnings)


def _warn_of_status(people: ParsedTable, today: date, warnings: Problems) -> None:
    left = [(i, p) for i, p in enumerate(people.records) if p.left_on is not None]
    for index, person in left:
        if person.status == "active" and person.left_on <= today:
            message = "is past, but the status is active; the person counts as having left"
            _warn(people, index, "left_on", message, warnings)
        elif person.status == "left" and person.left_on > today:
            message = "is yet to come, but the status is left"
            _warn(people, index, "left_on", message, warnings)


def _warn(table: ParsedTable, index: int, column: str, message: str, warnings: Problems) -> None:
    value = str(getattr(table.records[index], column))
    warnings.add(table.file, message, row=table.numbers[index], column=column, value=value)


def _day(value: date | datetime) -> date:
    return value.date() if isinstance(value, datetime) else value
