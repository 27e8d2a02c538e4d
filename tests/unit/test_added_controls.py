"""The controls that version 2 of the catalogue added to accounts, on the edges of what they say.

Each case is a small registry in order, changed in a few cells, with how many subjects fail and how
many nobody can judge; the oracle says the same.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from rolecall.controls.catalogue import catalogue
from rolecall.controls.context import Context
from rolecall.controls.observation_index import is_reported
from rolecall.engine import Coverage, evaluate
from rolecall.finding import Finding
from rolecall.keys.names import name_key, name_mark
from rolecall.ledger.memory_log import MemoryLog
from rolecall.model import Observation
from rolecall.registry.policy_toml import parse_policy
from rolecall.reports.report import Report
from rolecall.usecases.runs.local import run_audit
from tests import oracle
from tests.registries import (
    AS_OF,
    TODAY,
    RegistryFiles,
    day,
    parish,
    read,
    read_rows,
    written,
)

Change = Callable[[RegistryFiles], object]


def account(**cells: str) -> Change:
    """Change the first account."""
    return lambda files: files.row("accounts", 0, **cells)


def person(number: int, **cells: str) -> Change:
    """Change a person; the second is one of two administrators."""
    return lambda files: files.row("people", number, **cells)


def site(**cells: str) -> Change:
    """Make the first account a website."""
    return account(platform="website", handle="parish.example", **cells)


def seen(**cells: str) -> Change:
    """Change every observation of the first account."""

    def change(files: RegistryFiles) -> None:
        for number, one in enumerate(files.tables["observations"]):
            if one["handle"] == "page0":
                files.row("observations", number, **cells)

    return change


def unseen(files: RegistryFiles) -> None:
    """Let nobody have looked at the first account."""
    rows = files.tables["observations"]
    files.tables["observations"] = [one for one in rows if one["handle"] != "page0"]


def impostor(**cells: str) -> Change:
    """Let somebody be seen who passes for the parish."""
    first = {"platform": "instagram", "handle": "The.Bishop", "observed_on": day(-3)}

    def change(files: RegistryFiles) -> None:
        clean = dict.fromkeys(files.columns["observations"], "")
        files.tables["observations"].append({**clean, **first, **cells})

    return change


def without(*names: str) -> Change:
    """Stop tracking columns or tables."""
    return lambda files: files.drop(*names)


def setting(name: str, text: str | None) -> Change:
    """Put another line into the policy's own section, or none."""

    def change(files: RegistryFiles) -> None:
        kept = [one for one in files.policy.splitlines() if not one.startswith(f"{name} =")]
        lines = kept[:1] + ([f"{name} = {text}"] if text else []) + kept[1:]
        files.policy = "\n".join([*lines, ""])

    return change


def limit(control: str, text: str) -> Change:
    """Set a parameter of a control."""

    def change(files: RegistryFiles) -> None:
        files.policy += f"[controls.{control}]\n{text}\n"

    return change


def told(control: str, *changes: Change) -> tuple[list[Finding], Coverage]:
    """Return what a control says of a changed registry, after the oracle said the same."""
    files = parish()
    for change in changes:
        change(files)
    with written(files) as directory:
        snapshot, policy = read(directory)
        tables, columns = read_rows(directory)
    found = evaluate(Context(snapshot, policy, AS_OF), [catalogue()[control]])
    document = tomllib.loads(files.policy)
    expected = oracle.audit(tables, columns, document, AS_OF)[control]
    said = {(one.subject.kind, *one.subject.values()): one.severity for one in found.findings}
    assert said == expected.failed, "the oracle says otherwise"
    assert expected.whole_run == bool(found.missing)
    return list(found.findings), found.coverage[control]


STALE, LEAVER, DOMAIN = "observation-stale", "login-email-of-leaver", "domain-expiring"
YOUTH, PORTFOLIO, MONEY = (
    "youth-account-one-adult",
    "not-in-our-portfolio",
    "money-to-unknown-payee",
)
UNREGISTERED = "unregistered-account"
MINORS = account(audience="minors")
THEIRS = account(login_email="p1@diocese.example")
NO_NAMES = setting("legal_names", None)
NO_PAYEES = setting("payees", None)

CASES: Mapping[str, tuple[str, list[Change], int, int]] = {
    # observation-stale
    "a list of 45 days counts": (STALE, [seen(observed_on=day(-45))], 0, 0),
    "one of 46 does not": (STALE, [seen(observed_on=day(-46))], 1, 0),
    "of several lists the latest counts": (
        STALE,
        [lambda files: files.row("observations", 0, observed_on=day(-400))],
        0,
        0,
    ),
    "one under another name of the platform is one": (
        STALE,
        [seen(platform="fb", handle="@PAGE0", observed_on=day(-46))],
        1,
        0,
    ),
    "what nobody saw nobody can judge": (STALE, [unseen], 0, 1),
    "unless the policy wants it": (
        STALE,
        [unseen, limit(STALE, "require_observation = true")],
        1,
        0,
    ),
    "a closed account need not be looked at": (
        STALE,
        [seen(observed_on=day(-46)), account(status="closed")],
        0,
        0,
    ),
    "without a table of lists nothing is said, wanted or not": (
        STALE,
        [without("observations"), limit(STALE, "require_observation = true")],
        0,
        2,
    ),
    "a list of next year is none": (STALE, [seen(observed_on=day(400))], 0, 1),
    "it makes no old one young": (
        STALE,
        [
            seen(observed_on=day(-60)),
            lambda files: files.row("observations", 0, observed_on=day(400)),
        ],
        1,
        0,
    ),
    "where it is tomorrow already": (STALE, [seen(observed_on=day(1))], 0, 0),
    # login-email-of-leaver
    "the mailbox of somebody who serves": (LEAVER, [THEIRS], 0, 0),
    "of somebody who left": (LEAVER, [THEIRS, person(1, status="left")], 1, 0),
    "of somebody who left by the day": (LEAVER, [THEIRS, person(1, left_on=day(0))], 1, 0),
    "of somebody who will leave": (LEAVER, [THEIRS, person(1, left_on=day(1))], 0, 0),
    "of somebody who is suspended": (LEAVER, [THEIRS, person(1, status="suspended")], 1, 0),
    "a mailbox that was handed over": (
        LEAVER,
        [THEIRS, person(1, status="left"), person(2, email="P1@Diocese.example")],
        0,
        0,
    ),
    "with a name before it and a tag in it": (
        LEAVER,
        [account(login_email="Page <P1+page@diocese.example>"), person(1, status="left")],
        1,
        0,
    ),
    "two addresses in one cell": (
        LEAVER,
        [account(login_email="office@diocese.example; p1@diocese.example")],
        0,
        1,
    ),
    "a telephone number": (LEAVER, [account(login_email="+1 555 0100")], 0, 1),
    "what is no address, and stands on the roster too": (
        LEAVER,
        [account(login_email="p1 (at) here"), person(1, email="p1 (at) here", status="left")],
        1,
        0,
    ),
    "no login address": (LEAVER, [account(login_email="")], 0, 1),
    "a hidden one": (LEAVER, [account(login_email="p*@diocese.example")], 0, 1),
    # domain-expiring
    "a domain that ran out, though it renews itself": (
        DOMAIN,
        [site(domain_expires_on=day(-1), domain_auto_renew="yes")],
        1,
        0,
    ),
    "its last day": (DOMAIN, [site(domain_expires_on=day(0), domain_auto_renew="yes")], 0, 0),
    "the last day without renewal": (
        DOMAIN,
        [site(domain_expires_on=day(0), domain_auto_renew="")],
        1,
        0,
    ),
    "59 days": (DOMAIN, [site(domain_expires_on=day(59), domain_auto_renew="no")], 1, 0),
    "60 days": (DOMAIN, [site(domain_expires_on=day(60), domain_auto_renew="no")], 0, 0),
    "no day": (DOMAIN, [site(domain_expires_on="")], 0, 1),
    "no name": (DOMAIN, [site(domain_registrant="")], 0, 1),
    "another name is enough": (
        DOMAIN,
        [site(domain_expires_on="", domain_registrant="Somebody Else")],
        1,
        0,
    ),
    "so is the day": (DOMAIN, [site(domain_expires_on=day(-1), domain_registrant="")], 1, 0),
    "a name in other letters is the same": (
        DOMAIN,
        [site(domain_registrant=" DIOCESE\u00a0of   Ellerwick ")],
        0,
        0,
    ),
    "without legal names nobody asks for one": (
        DOMAIN,
        [site(domain_registrant="Somebody Else"), NO_NAMES],
        0,
        0,
    ),
    "an empty list allows no name": (DOMAIN, [site(), setting("legal_names", "[]")], 1, 0),
    "the day alone": (DOMAIN, [site(), without("accounts.domain_registrant")], 0, 0),
    "the name alone": (
        DOMAIN,
        [site(domain_registrant="Somebody Else"), without("accounts.domain_expires_on")],
        1,
        0,
    ),
    "neither is tracked": (
        DOMAIN,
        [site(), without("accounts.domain_expires_on", "accounts.domain_registrant")],
        0,
        1,
    ),
    "the name is tracked, and the policy has none": (
        DOMAIN,
        [site(), without("accounts.domain_expires_on"), NO_NAMES],
        0,
        1,
    ),
    "who does not track renewal is told in time": (
        DOMAIN,
        [site(domain_expires_on=day(59)), without("accounts.domain_auto_renew")],
        1,
        0,
    ),
    "what is no website": (DOMAIN, [account(domain_expires_on=day(-1))], 0, 0),
    "a homepage is one": (
        DOMAIN,
        [account(platform="Homepage", handle="parish.example", domain_expires_on=day(-1))],
        1,
        0,
    ),
    # youth-account-one-adult
    "two adults": (YOUTH, [MINORS], 0, 0),
    "one is suspended": (YOUTH, [MINORS, person(1, status="suspended")], 1, 0),
    "a clearance that ends today": (YOUTH, [MINORS, person(1, clearance_expires=day(0))], 0, 0),
    "one that ended": (YOUTH, [MINORS, person(1, clearance_expires=day(-1))], 1, 0),
    "one without an end on record": (YOUTH, [MINORS, person(1, clearance_expires="")], 1, 0),
    "a lower level": (YOUTH, [MINORS, person(1, clearance_level="B")], 1, 0),
    "which the policy may allow": (
        YOUTH,
        [MINORS, person(1, clearance_level="B"), limit(YOUTH, 'level = "b"')],
        0,
        0,
    ),
    "an analyst does not read": (
        YOUTH,
        [MINORS, lambda files: files.row("grants", 1, role="analyst")],
        1,
        0,
    ),
    "an editor does": (YOUTH, [MINORS, lambda files: files.row("grants", 1, role="editor")], 0, 0),
    "access that ended": (
        YOUTH,
        [MINORS, lambda files: files.row("grants", 1, revoked_on=day(-1))],
        1,
        0,
    ),
    "an account for everybody": (
        YOUTH,
        [account(audience="mixed"), person(1, status="left")],
        0,
        0,
    ),
    "nobody said for whom it is": (YOUTH, [account(audience="")], 0, 1),
    "without clearances too few are too few": (
        YOUTH,
        [MINORS, without("people.clearance_level"), person(1, status="left")],
        1,
        0,
    ),
    "and enough may be too few": (YOUTH, [MINORS, without("people.clearance_expires")], 0, 1),
    # not-in-our-portfolio
    "one of ours": (PORTFOLIO, [account(owned_by="diocese of  ELLERWICK")], 0, 0),
    "one of somebody else": (PORTFOLIO, [account(owned_by="Somebody Else")], 1, 0),
    "none": (PORTFOLIO, [account(owned_by="")], 1, 0),
    "a platform that has none": (PORTFOLIO, [account(platform="mastodon", owned_by="")], 0, 0),
    "a policy that has none": (PORTFOLIO, [setting("portfolios", None)], 0, 2),
    "an empty list allows none": (PORTFOLIO, [setting("portfolios", "[]")], 2, 0),
    "platforms of the policy's own choice": (
        PORTFOLIO,
        [account(platform="FB", owned_by=""), limit(PORTFOLIO, 'platforms = ["Facebook"]')],
        1,
        0,
    ),
    # money-to-unknown-payee
    "no money": (MONEY, [account(ads_payer="")], 0, 0),
    "a payer whom nobody knows": (MONEY, [account(ads_payer="Somebody Else")], 1, 0),
    "a payee whom nobody knows": (MONEY, [account(donations_payee="Somebody Else")], 1, 0),
    "a holder who serves": (MONEY, [account(payment_holder_id="p1")], 0, 0),
    "one who does not": (
        MONEY,
        [account(payment_holder_id="p1"), person(1, status="suspended")],
        1,
        0,
    ),
    "one who is on no roster": (MONEY, [account(payment_holder_id="p-nobody")], 1, 0),
    "without payees the holder is judged": (
        MONEY,
        [account(ads_payer="Somebody Else", payment_holder_id="p1"), NO_PAYEES],
        0,
        0,
    ),
    "without payees and holders nothing is": (
        MONEY,
        [NO_PAYEES, without("accounts.payment_holder_id")],
        0,
        2,
    ),
    "without holders the payees are": (
        MONEY,
        [account(ads_payer="Somebody Else"), without("accounts.payment_holder_id")],
        1,
        0,
    ),
    # unregistered-account
    "an impostor": (UNREGISTERED, [impostor()], 1, 0),
    "one who was reported": (UNREGISTERED, [impostor(reported_on=day(0))], 0, 0),
    "one who will be": (UNREGISTERED, [impostor(reported_on=day(1))], 1, 0),
    "a report without an end holds 90 days": (UNREGISTERED, [impostor(reported_on=day(-90))], 0, 0),
    "and no longer": (UNREGISTERED, [impostor(reported_on=day(-91))], 1, 0),
    "one with an end until then": (
        UNREGISTERED,
        [impostor(reported_on=day(-200), reported_until=day(0))],
        0,
        0,
    ),
    "and not on the day after": (
        UNREGISTERED,
        [impostor(reported_on=day(-20), reported_until=day(-1))],
        1,
        0,
    ),
    "none for ever": (
        UNREGISTERED,
        [impostor(reported_on=day(-366), reported_until="9999-12-31")],
        1,
        0,
    ),
    "a year at most": (
        UNREGISTERED,
        [impostor(reported_on=day(-365), reported_until="9999-12-31")],
        0,
        0,
    ),
    "any row of the account says so, by any of its names": (
        UNREGISTERED,
        [impostor(handle="@the.BISHOP", reported_on=day(-1), observed_on=day(-40)), impostor()],
        0,
        0,
    ),
    "an answer for one is none for another": (
        UNREGISTERED,
        [impostor(reported_on=day(-1)), impostor(handle="The.Bishop2")],
        1,
        0,
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_said_on_the_edges(name: str) -> None:
    control, changes, fails, undecided = CASES[name]
    _, coverage = told(control, *changes)
    assert (coverage.failed, coverage.not_evaluated) == (fails, undecided)


def evidence(control: str, *changes: Change) -> dict[str, Any]:
    """Return what decided of the one finding that there is."""
    [finding], _ = told(control, *changes)
    found: dict[str, Any] = json.loads(finding.evidence)
    return found


def test_a_name_that_people_wrote_is_no_evidence_and_another_one_is_another_finding() -> None:
    """It may be a private person's, and the log keeps what it has for good."""
    one, other = "Ann Example", "Bob Example"
    for control, column, changes in (
        (DOMAIN, "domain_registrant", [account(platform="website")]),
        (PORTFOLIO, "owned_by", []),
        (MONEY, "ads_payer", []),
        (MONEY, "donations_payee", []),
    ):
        first, second, again = (
            evidence(control, *changes, account(**{column: name}))
            for name in (one, other, "  ANN\u00a0 example")
        )
        assert first == again
        assert first != second
        assert first[column] == name_mark(one)
        assert "example" not in json.dumps([first, second]).casefold()


def test_the_evidence_of_a_domain_says_what_decided_and_no_more() -> None:
    ran_out = evidence(DOMAIN, site(domain_expires_on=day(-1)))
    assert ran_out == {"because": "expired", "domain_expires_on": day(-1)}
    soon = evidence(DOMAIN, site(domain_expires_on=day(9), domain_auto_renew=""))
    assert soon == {
        "because": "expiring",
        "days": 60,
        "domain_auto_renew": None,
        "domain_expires_on": day(9),
    }


def test_who_left_and_who_is_suspended_are_not_spoken_of_alike() -> None:
    assert evidence(LEAVER, THEIRS, person(1, status="suspended"))["because"] == "suspended"
    gone = person(1, status="suspended", left_on=day(-1))
    assert evidence(LEAVER, THEIRS, gone) == {"because": "left", "person_ids": ["p1"]}


def test_reports_say_how_many_were_reported() -> None:
    _, coverage = told(UNREGISTERED, impostor(reported_on=day(-1)), impostor(handle="other"))
    assert (coverage.reported, coverage.failed) == (1, 1)
    # An account of ours that somebody reported by mistake is no answer to anything.
    _, ours = told(UNREGISTERED, seen(reported_on=day(-1)))
    assert ours.reported == 0


class Unwalked(dict[Any, Any]):
    """What may be asked for a key, and not be gone through: there are as many as accounts."""

    def __iter__(self) -> Any:
        raise AssertionError("goes through all accounts for one of them")

    keys = __iter__


def test_who_was_reported_is_told_without_a_walk_through_all_accounts() -> None:
    snapshot, policy = made(impostor(reported_on=day(-1)), seen(reported_on=day(-1)))
    context = Context(snapshot, policy, AS_OF)
    context.__dict__["entity_by_key"] = Unwalked(context.entity_by_key)
    found = evaluate(context, [catalogue()[UNREGISTERED]]).coverage[UNREGISTERED]
    assert (found.reported, found.failed, found.not_evaluated) == (1, 0, 0)


def test_a_report_of_the_last_days_that_there_are_does_not_break() -> None:
    last = Observation("x", "h", date.max, reported_on=date.max)
    assert is_reported(last, date.max)
    assert not is_reported(last, date.max - timedelta(days=1))


def test_who_adds_a_name_to_the_policy_has_not_moved_the_domain() -> None:
    """A finding that goes for a longer list goes because the policy changed, and is not fixed."""
    snapshot, policy = made(site(domain_registrant="Somebody Else"))
    log, reports = MemoryLog(), list[Report]()
    wider = replace(policy, legal_names=(policy.legal_names or frozenset()) | {"somebody else"})
    for number, rules in enumerate((policy, wider)):
        run_audit(snapshot, rules, AS_OF + timedelta(days=number), reports.append, log=log)
    [gone] = [one for one in reports[1].findings if one.finding.control == DOMAIN]
    assert (gone.status, gone.reason) == ("resolved", "policy-changed")


def made(*changes: Change) -> Any:
    """Return a changed registry and its policy."""
    files = parish()
    for change in changes:
        change(files)
    return files.read()


OWN_LEVELS = '[policy]\nclearance_levels = ["Basic", "Full"]\n'
MANAGERS = '[controls.ineligible-manager]\nlevel = "full"\n'


def test_a_policy_with_words_of_its_own_says_once_which_level_it_takes() -> None:
    """Policies of before have said it of managers, and go on being read."""
    policy = parse_policy("policy.toml", (OWN_LEVELS + MANAGERS).encode())
    assert policy.controls[YOUTH] == {"level": "full"}
    own = f'{OWN_LEVELS}{MANAGERS}[controls.{YOUTH}]\nlevel = "Basic"\nminimum = 3\n'
    assert parse_policy("policy.toml", own.encode()).controls[YOUTH] == {
        "level": "Basic",
        "minimum": 3,
    }
    # Where the policy has the level of the catalogue, that of managers is none of its business.
    known = b'[controls.ineligible-manager]\nlevel = "B"\n'
    assert YOUTH not in parse_policy("policy.toml", known).controls


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Diocese of Ellerwick", "  diocese  OF\tellerwick\n"),
        ("Diocese of Ellerwick", "Diocese\u00a0of\u2003Ellerwick"),
        ("St Brigid", "\uff33t Brigid"),
        ("Stra\u00dfe", "STRASSE"),
        ("\ufb01nance", "FINANCE"),
        ("Jos\u00e9", "Jose\u0301"),
    ],
)
def test_names_that_are_one(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)
    assert name_mark(one) == name_mark(other)


@pytest.mark.parametrize(
    "other",
    ["Diocese of Ellerwik", "Diocese of Ellerw\u0456ck", "Diocese of Ellerwick e.V.", "Diocese"],
)
def test_names_that_merely_look_alike(other: str) -> None:
    assert name_key(other) != name_key("Diocese of Ellerwick")


def test_today_is_the_day_of_the_registries() -> None:
    assert AS_OF.date() == TODAY
