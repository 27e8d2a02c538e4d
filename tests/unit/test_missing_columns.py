"""What is proven without a column is said without it, and no more than that.

A finding is proven without a column when it fails whatever the column holds. So each column that
may be missing is taken away, and then filled with everything that it could hold: what fails every
time must fail without the column too, and what fails without it must fail every time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from rolecall.controls.catalogue import catalogue
from rolecall.controls.context import Context
from rolecall.engine import evaluate
from rolecall.finding import finding_id
from rolecall.model import TABLES, Grant, Person, Policy, Snapshot
from rolecall.presence import ROWS
from rolecall.registry.schema import names_in
from rolecall.vocabulary import PersonStatus
from tests.registries import AS_OF, OPTIONAL_COLUMNS, crowded, parish
from tests.tiers import cases

READ_AS_EMPTY = {
    "grants.revoked_on",
    "people.left_on",
    "entities.parent_id",
    "entities.it_delegate_ids",
    "grants.delegation_ref",
    "observations.reported_on",
    "observations.reported_until",
    "incidents.aware_at",
    "incidents.delay_reason",
    "incidents.skip_reason",
    "contents.removed_on",
}
"""Columns of definitions and exemptions: where nobody tracks them there are none."""

ROWLESS = {"logins.account_id", *ROWS.values()}
"""Columns without which there is no row of a table."""

NOT_SAID = {
    ("unsupervised-volunteer", "people.supervisor_id"): (
        "where nobody of the whole roster may supervise, any supervisor is wrong; a night's part "
        "of a registry does not have the whole roster"
    ),
    ("unregistered-admin", "grants.account_id"): (
        "where nobody of the whole roster has the address, whoever has it has no access on record"
    ),
}
"""What is proven without a column, and not said; and why."""

SAID_ANYWAY = {
    ("leaver-knows-password", "logins.rotated_on"): (
        "a password that somebody knew who left is known until a change is on record"
    ),
    ("emergency-reveal-not-rotated", "logins.rotated_on"): (
        "a password that somebody without a role has seen is known until a change is on record"
    ),
    ("domain-expiring", "accounts.domain_auto_renew"): (
        "nobody may rely on a renewal that nobody keeps: who is told in time can still look"
    ),
    ("unregistered-admin", "observations.role"): (
        "of whom a platform shows without a role nobody knows that they are no administrator"
    ),
}
"""What is said without a column that could hold what refutes it; and why."""

PASSES_ANYWAY = {
    ("incident-overdue", "incidents.high_risk"): (
        "a high risk that nobody records is none, as where the cell is empty"
    ),
    ("domain-expiring", "accounts.domain_expires_on"): "as the next",
    ("domain-expiring", "accounts.domain_registrant"): (
        "the day and the name are two things: who keeps one of them hears of that one"
    ),
    ("money-to-unknown-payee", "accounts.ads_payer"): "as the next but one",
    ("money-to-unknown-payee", "accounts.donations_payee"): "as the next",
    ("money-to-unknown-payee", "accounts.payment_holder_id"): (
        "who pays, who is paid and who holds the card are three things: who keeps one of them "
        "hears of that one"
    ),
    ("ghost-grant", "observations.role"): (
        "of whom a platform shows without a role nobody knows that they are no administrator"
    ),
    ("leaver-knows-password", "grants.granted_on"): "as the next",
    ("leaver-knows-password", "grants.last_used_on"): "as the next",
    ("leaver-knows-password", "grants.revoke_requested_at"): (
        "the day of a removal that somebody entered is believed where nothing on record is later"
    ),
    ("leaver-knows-password", "people.email"): "as the next",
    ("leaver-knows-password", "observations.person_email"): (
        "a listing that names nobody is no later day: the day that somebody entered is believed"
    ),
}
"""What passes without a column that could hold what it fails by; and why."""

Verdicts = Mapping[str, str]


def verdicts(snapshot: Snapshot, policy: Policy) -> Verdicts:
    """Return the word on each subject that does not pass, by the id of its finding."""
    found = evaluate(Context(snapshot, policy, AS_OF), catalogue().values())
    failed = {finding.id: "failed" for finding in found.findings}
    unknown = {
        finding_id(id_, catalogue()[id_].subjects.subject(item)): "unknown"
        for id_, items in found.undecided.items()
        for item in items
    }
    for id_ in found.missing:
        control, context = catalogue()[id_], Context(snapshot, policy, AS_OF)
        for item in control.subjects.select(context):
            unknown[finding_id(id_, control.subjects.subject(item))] = "unknown"
    return failed | unknown


def controls_of(snapshot: Snapshot, policy: Policy) -> dict[str, str]:
    """Return the control of each subject that there is, by the id of its finding."""
    context = Context(snapshot, policy, AS_OF)
    return {
        finding_id(id_, control.subjects.subject(item)): id_
        for id_, control in catalogue().items()
        for item in control.subjects.select(context)
    }


def holding(snapshot: Snapshot, column: str, value: Any) -> Snapshot:
    """Return the registry with something else in each cell of a column."""
    table, _, name = column.partition(".")
    rows = [
        replace(row, **{name: value(row) if callable(value) else value})
        for row in getattr(snapshot, table)
    ]
    return replace(snapshot, **{table: tuple(rows)})


@cache
def registry(seed: int) -> tuple[Snapshot, Policy]:
    """Return a registry in which much is wrong."""
    return crowded(seed).read()


@cache
def ever_seen(column: str) -> frozenset[Any]:
    """Return what stands in a column of many registries."""
    table, _, name = column.partition(".")
    return frozenset(
        getattr(row, name) for seed in range(8) for row in getattr(registry(seed)[0], table)
    )


def could_hold(snapshot: Snapshot, column: str) -> Iterator[Any]:
    """Yield everything that a column could hold and that could make a difference."""
    table, _, name = column.partition(".")
    field = next(one for one in msgspec.structs.fields(TABLES[table]) if one.name == name)
    yield field.default
    everybody = tuple(person.id for person in snapshot.people)
    if name.endswith("_ids") or (table, name) == ("accounts", "approved_by"):
        yield everybody
    elif name in ("head_id", "requested_by", "attested_by", "approved_by", "supervisor_id"):
        yield from everybody
    elif name == "email_domains":
        yield tuple(
            account.login_email.rpartition("@")[2]
            for account in snapshot.accounts
            if account.login_email
        )
    elif name == "person_email":
        yield from {person.email for person in snapshot.people}
    elif column == "people.email":
        yield from {row.person_email for row in snapshot.observations}
    if table == "grants" and name.endswith("_by"):
        yield lambda grant: grant.person_id
    yield from sorted(ever_seen(column), key=str)[:40]


@pytest.mark.parametrize("column", [c for c in OPTIONAL_COLUMNS if c not in READ_AS_EMPTY])
def test_no_more_and_no_less_is_said_than_is_proven(column: str) -> None:
    for seed in range(max(3, cases("crowded registries") // 20)):
        snapshot, policy = registry(seed)
        default = next(could_hold(snapshot, column))
        bare = replace(holding(snapshot, column, default), tracked=snapshot.tracked - {column})
        without = verdicts(bare, policy)
        of = controls_of(bare, policy)
        filled = [
            verdicts(holding(snapshot, column, value), policy)
            for value in could_hold(snapshot, column)
        ]
        for id_ in of.keys() | without.keys():
            said = without.get(id_, "passed")
            known = {one.get(id_, "passed") for one in filled}
            pair = (of[id_], column)
            if known == {"failed"} and pair not in NOT_SAID:
                assert said == "failed", (seed, pair, id_, said)
            if said == "failed" and pair not in SAID_ANYWAY:
                assert known == {"failed"}, (seed, pair, id_, known)
            if said == "passed" and pair not in PASSES_ANYWAY:
                assert "failed" not in known, (seed, pair, id_, known)


def test_a_live_grant_on_a_closed_account_is_access_without_a_table_of_logins() -> None:
    files = parish().drop("logins")
    files.row("accounts", 0, status="closed")
    files.row("accounts", 1, status="closed")
    closed = files.tables["accounts"][0]["id"]
    for grant in files.tables["grants"]:
        grant["revoked_on"] = "" if grant["account_id"] == closed else "2026-01-01"
    control = catalogue()["closed-account-live-access"]
    found = evaluate(Context(*files.read(), AS_OF), [control])
    assert [finding.subject.account for finding in found.findings] == [closed]
    assert found.coverage[control.id].reasons == {"logins.account_id is not tracked": 1}
    assert not found.missing


def test_a_control_says_what_it_proves_without_a_column() -> None:
    for id_, control in catalogue().items():
        columns = {need for need in (*control.needs, *control.partly) if "policy." not in need}
        if len(columns) > 1 or control.partly or (control.severity == "critical" and columns):
            assert control.without.endswith("."), id_
            assert control.without == control.without.strip(), id_
        assert not set(control.needs) & control.partly.keys(), id_
        assert control.partly.keys() <= set(OPTIONAL_COLUMNS) | ROWLESS, id_


def test_the_exceptions_are_of_controls_that_there_are() -> None:
    for control, column in (*NOT_SAID, *SAID_ANYWAY, *PASSES_ANYWAY):
        assert control in catalogue()
        assert column in {*OPTIONAL_COLUMNS, *ROWLESS}


def everybody_named(snapshot: Snapshot) -> list[str]:
    """Return whom a registry names anywhere, and somebody whom it does not."""
    found = {"somebody-else"}
    for table in TABLES:
        found |= names_in(table, "people")(getattr(snapshot, table))
    return sorted(found | {person.id for person in snapshot.people})


def rosters(snapshot: Snapshot) -> Iterator[tuple[Person, ...]]:
    """Yield who could be on record, where nobody is."""
    yield snapshot.people
    known, named = {person.id: person for person in snapshot.people}, everybody_named(snapshot)
    yield (Person("somebody-else", "Somebody Else", "active"),)
    cleared = Person("", "Anybody", "active", clearance_level="C", clearance_expires=date.max)
    yield tuple(replace(cleared, id=id_) for id_ in named)
    for email in sorted({row.person_email for row in snapshot.observations if row.person_email}):
        yield tuple(Person(id_, "Anybody", "active", email=email) for id_ in named)
    ways: list[tuple[PersonStatus, date | None]] = [
        ("active", None),
        ("active", AS_OF.date() + timedelta(1)),
        ("suspended", None),
        ("left", None),
        ("left", date(2000, 1, 1)),
        ("left", AS_OF.date()),
    ]
    for status, left in ways:
        blank = Person("", "Anybody", status, left_on=left)
        everybody = [
            replace(blank, id=id_, email=getattr(known.get(id_), "email", None)) for id_ in named
        ]
        yield tuple(everybody)
        # Those above and those below the middle of the list, for whoever must not be alone.
        for part in (everybody[::2], everybody[1::2]):
            yield tuple(part)


def accesses(snapshot: Snapshot) -> Iterator[tuple[Grant, ...]]:
    """Yield what access could be on record, where none is."""
    yield snapshot.grants
    pairs = [(one.id, id_) for one in snapshot.accounts for id_ in everybody_named(snapshot)]
    first = snapshot.accounts[0].id
    yield (Grant(first, "somebody-else", "editor", revoked_on=date(2000, 1, 1)),)
    for ended in (None, date(2000, 1, 1), AS_OF.date()):
        every = [Grant(account, id_, "owner", revoked_on=ended) for account, id_ in pairs]
        yield tuple(every)
        for part in (every[::2], every[1::2]):
            yield tuple(part)


@pytest.mark.parametrize("table", ["people", "grants"])
def test_no_more_and_no_less_is_said_than_is_proven_without_anybody(table: str) -> None:
    for seed in range(max(6, cases("crowded registries") // 10)):
        snapshot, policy = registry(seed)
        without = verdicts(bare := replace(snapshot, **{table: ()}), policy)
        of = controls_of(bare, policy)
        could_be = rosters(snapshot) if table == "people" else accesses(snapshot)
        filled = [verdicts(replace(snapshot, **{table: rows}), policy) for rows in could_be]
        for id_ in of:
            said = without.get(id_, "passed")
            known = {one.get(id_, "passed") for one in filled}
            where = (seed, of[id_], id_, said, known)
            if (of[id_], ROWS[table]) not in NOT_SAID:
                assert (said == "failed") == (known == {"failed"}), where
            assert said != "passed" or "failed" not in known, where


def test_without_people_and_grants_each_control_says_so_once() -> None:
    files = parish().drop("people", "grants")
    found = evaluate(Context(*files.read(), AS_OF), catalogue().values())
    told = {
        id_: [one for one in coverage.reasons if "on record" in one]
        for id_, coverage in found.coverage.items()
    }
    nobody = "no people are on record; fill the table people"
    nothing = "no grants are on record; fill the table grants"
    assert told["orphaned-admin"] == [nothing, nobody]
    assert told["ineligible-manager"] == [nothing, nobody]
    assert told["account-without-owner"] == [nobody]
    assert told["sole-administrator"] == [nothing]
    assert told["duplicate-account"] == []
    for id_, coverage in found.coverage.items():
        assert not told[id_] or coverage.not_evaluated >= coverage.failed == 0, id_
    assert not [finding for finding in found.findings if told[finding.control]]


@pytest.mark.parametrize("table", ["people", "grants"])
def test_a_header_without_rows_is_no_table(table: str) -> None:
    header, missing = parish(), parish().drop(table)
    header.tables[table].clear()
    for files in (header, missing):
        files.row("accounts", 0, owner_id="", post_approver_ids="", recovery_person_id="")
    one, other = (
        evaluate(Context(*files.read(), AS_OF), catalogue().values()) for files in (header, missing)
    )
    assert one.coverage == other.coverage
    assert one.findings == other.findings != []
