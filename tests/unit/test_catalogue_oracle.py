"""Every control against an independent reading of the specification, on generated registries."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from rolecall.controls.catalogue import catalogue
from rolecall.controls.context import Context
from rolecall.engine import Evaluation, evaluate
from rolecall.model import Subject
from tests import oracle
from tests.registries import (
    AS_OF,
    MOMENTS,
    RegistryFiles,
    crowded,
    day,
    know_less,
    moment,
    parish,
    read,
    read_rows,
    registries,
    written,
)
from tests.tiers import TIER, cases, examples

DIOCESE = Path(__file__).parents[2] / "examples" / "diocese"


def named(subject: Subject) -> oracle.Subject:
    """Return a subject of the package as the oracle writes it."""
    return (subject.kind, *subject.keys().values())


def audited(
    directory: Path, as_of: datetime, *, with_vault: bool = False
) -> tuple[Evaluation, dict[str, oracle.Verdicts]]:
    """Audit a directory with the package and with the oracle.

    :param with_vault: whether the holders of every other login are those whom a vault knows.
    """
    snapshot, policy = read(directory, as_of.date())
    logins = sorted((login.account_id, login.id) for login in snapshot.logins)
    vaulted = frozenset(logins[::2]) if with_vault else frozenset()
    snapshot = replace(snapshot, vaulted=vaulted)
    ours = evaluate(Context(snapshot, policy, as_of), catalogue().values())
    tables, columns = read_rows(directory)
    document: dict[str, Any] = tomllib.loads((directory / "policy.toml").read_text("utf-8"))
    return ours, oracle.audit(tables, columns, document, as_of, vaulted)


def compare(ours: Evaluation, theirs: dict[str, oracle.Verdicts]) -> None:
    """Hold two audits against each other, control by control, and list every difference."""
    failed: dict[str, dict[oracle.Subject, str]] = {id_: {} for id_ in catalogue()}
    for finding in ours.findings:
        subject = named(finding.subject)
        assert subject not in failed[finding.control], f"{finding.control} twice on {subject}"
        failed[finding.control][subject] = finding.severity
    differing: list[object] = []
    for id_, expected in theirs.items():
        name = catalogue()[id_].subjects.subject
        undecided = {named(name(item)) for item in ours.undecided.get(id_, ())}
        if failed[id_] != expected.failed:
            odd = {subject for subject, _ in failed[id_].items() ^ expected.failed.items()}
            pairs = {one: (failed[id_].get(one), expected.failed.get(one)) for one in odd}
            differing.append((id_, "failed: (package, oracle)", pairs))
        if undecided != expected.not_evaluated:
            only = (undecided - expected.not_evaluated, expected.not_evaluated - undecided)
            differing.append((id_, "not evaluated: (package only, oracle only)", only))
        if expected.whole_run and id_ not in ours.missing:
            differing.append((id_, "is evaluated, but what it needs is not there"))
        counted = ours.coverage[id_].not_evaluated
        if not expected.whole_run and counted != len(undecided):
            differing.append((id_, f"{counted} not evaluated, but {len(undecided)} named"))
    assert not differing, "\n".join(map(str, differing))


def test_generated_registries() -> None:
    """Neither may the two differ, nor may the examples leave a control untried."""
    verdicts: dict[str, Counter[str]] = {"passed": Counter(), "failed": Counter()}

    @settings(max_examples=examples(700))
    @given(registries(has_waivers=True), st.sampled_from(MOMENTS))
    def check(files: RegistryFiles, as_of: datetime) -> None:
        with written(files) as directory:
            ours, theirs = audited(directory, as_of, with_vault=True)
        for id_, coverage in ours.coverage.items():
            verdicts["passed"][id_] += coverage.passed
            verdicts["failed"][id_] += coverage.failed
        compare(ours, theirs)

    check()
    if TIER == "test":
        # So few leave a control untried.
        return
    for word, counts in verdicts.items():
        untried = [id_ for id_ in catalogue() if not counts[id_]]
        assert not untried, f"no example in which these {word}: {untried}"


@pytest.mark.parametrize("seed", range(0, cases("crowded registries"), 10))
def test_crowded_registries(seed: int) -> None:
    for number in range(seed, seed + 10):
        for as_of in MOMENTS:
            with written(crowded(number, has_waivers=True)) as directory:
                compare(*audited(directory, as_of, with_vault=number % 2 == 0))


@pytest.mark.parametrize("seed", range(0, cases("crowded registries"), 10))
def test_crowded_registries_that_know_less(seed: int) -> None:
    for number in range(seed, seed + 10):
        with written(know_less(crowded(number), number)) as directory:
            compare(*audited(directory, AS_OF, with_vault=number % 2 == 0))


def test_the_example_registry() -> None:
    compare(*audited(DIOCESE, AS_OF))


def test_the_same_controls() -> None:
    assert {entry.id for entry in oracle.CATALOGUE} == set(catalogue())
    assert len(oracle.CATALOGUE) == len(catalogue())
    for entry in oracle.CATALOGUE:
        control = catalogue()[entry.id]
        assert control.severity == entry.severity, entry.id
        ours = {
            name: sorted(value) if isinstance(value, frozenset) else value
            for name, value in control.parameters.items()
        }
        theirs = {
            name: sorted(value) if isinstance(value, list) else value
            for name, value in entry.defaults.items()
        }
        assert ours == theirs, entry.id


def test_a_clean_registry_passes_everything() -> None:
    """The ground that the other tests stand on: nothing fails, nothing is left out."""
    with written(parish()) as directory:
        ours, theirs = audited(directory, AS_OF)
    compare(ours, theirs)
    assert [(finding.control, finding.subject) for finding in ours.findings] == []
    for id_, coverage in ours.coverage.items():
        assert coverage.not_evaluated == 0, id_
        # Nothing of the kind is in it.
        others = ("closed-account-live-access", "personal-data-past-retention", "domain-expiring")
        assert coverage.passed or id_ in others, id_


Corner = Callable[[RegistryFiles], object]
OBSERVED = "observations"


def policy(text: str) -> Corner:
    """Add to the policy."""

    def edit(files: RegistryFiles) -> None:
        files.policy += text

    return edit


def row(table: str, index: int, /, **cells: str) -> Corner:
    """Change a row."""
    return lambda files: files.row(table, index, **cells)


def added(table: str, /, **cells: str) -> Corner:
    """Add a row like the first one of the table."""
    return lambda files: files.tables[table].append({**files.tables[table][0], **cells})


GONE = (
    row("grants", 1, revoked_on=day(-90)),
    row("logins", 0, holder_ids="p1", rotated_on=day(-20)),
)
MINIMUM_0 = (
    "[controls.no-second-approver]\nminimum = 0\n[controls.crisis-contacts-thin]\nminimum = 0"
)
CORNERS: dict[str, tuple[list[Corner], dict[str, int]]] = {
    "a list that must be filled fails under a minimum of 0": (
        [row("accounts", 0, post_approver_ids="", crisis_contact_ids=""), policy(MINIMUM_0)],
        {"no-second-approver": 1, "crisis-contacts-thin": 1},
    ),
    "unknown approvers pass under a minimum of 0": (
        [row("accounts", 0, post_approver_ids="x", crisis_contact_ids="x"), policy(MINIMUM_0)],
        {},
    ),
    "a day that is still to come is not the day a suspended holder left": (
        [
            row("people", 1, status="suspended", left_on=day(30)),
            row("grants", 1, revoked_on=day(-20)),
            row("grants", 3, revoked_on=day(-20)),
            row("logins", 0, holder_ids="p1", rotated_on=day(-10)),
            row("observations", 1, observed_on=day(-60)),
        ],
        {"leaver-knows-password": 0},
    ),
    "the password was changed on the day of the revocation": (
        [
            row("grants", 1, revoked_on=day(-20)),
            row("logins", 0, holder_ids="p1", rotated_on=day(-20)),
        ],
        {"leaver-knows-password": 1},
    ),
    "the password was changed on the day after the revocation": (
        [
            row("grants", 1, revoked_on=day(-20)),
            row("logins", 0, holder_ids="p1", rotated_on=day(-19)),
            row("observations", 1, observed_on=day(-60)),
        ],
        {"leaver-knows-password": 0},
    ),
    "a removal that is dated before it was asked for": (
        [
            row("grants", 1, revoked_on="1900-01-01", revoke_requested_at=moment(-24)),
            row("logins", 0, holder_ids="p1", rotated_on=day(-20)),
        ],
        {"leaver-knows-password": 1},
    ),
    "a removal that is dated before the access was used": (
        [
            row("grants", 1, revoked_on="1900-01-01", revoke_requested_at=moment(-24 * 40)),
            row("logins", 0, holder_ids="p1", rotated_on=day(-20)),
        ],
        {"leaver-knows-password": 1},
    ),
    "a removal that is dated before the platform last showed the access": (
        [*GONE, row("observations", 1, observed_on=day(-20))],
        {"leaver-knows-password": 1},
    ),
    "a removal that the platform last showed before the password was changed": (
        [*GONE, row("observations", 1, observed_on=day(-21))],
        {"leaver-knows-password": 0},
    ),
    "an earlier listing than the last one shows the access": (
        [*GONE, row("observations", 1, observed_on=day(-15)), row("observations", 0)],
        {"leaver-knows-password": 1},
    ),
    "a subscriber on the list of the platform": (
        [*GONE, row("observations", 1, observed_on=day(-10), role="subscriber")],
        {"leaver-knows-password": 0},
    ),
    "a day of departure before the platform last showed the access": (
        [
            *GONE,
            row("people", 1, status="left", left_on=day(-60)),
            row("observations", 1, observed_on=day(-10)),
        ],
        {"leaver-knows-password": 1},
    ),
    "a removal that is dated before the access was given": (
        [
            row("grants", 1, revoked_on="1900-01-01", granted_on=day(-10)),
            row("logins", 0, holder_ids="p1", rotated_on=day(-20)),
        ],
        {"leaver-knows-password": 1},
    ),
    "a holder whom nobody knows, and no day on record": (
        [row("logins", 0, holder_ids="p-nobody", rotated_on=day(-1))],
        {"leaver-knows-password": 0},
    ),
    "a holder whom nobody knows, and no change on record": (
        [row("logins", 0, holder_ids="p-nobody", rotated_on="")],
        {"leaver-knows-password": 1},
    ),
    "a holder whom nobody knows, whose access ended after the change": (
        [
            row("logins", 0, holder_ids="p-nobody", rotated_on=day(-20)),
            added("grants", person_id="p-nobody", revoked_on=day(-10)),
        ],
        {"leaver-knows-password": 1},
    ),
    "as old as allowed": ([row("accounts", 0, last_post_on=day(-90))], {"dormant-account": 0}),
    "a day older": ([row("accounts", 0, last_post_on=day(-91))], {"dormant-account": 1}),
    "the last day of a clearance": (
        [row("people", 0, clearance_expires=day(0)), row("people", 1, clearance_expires=day(-1))],
        {"clearance-expired": 2},
    ),
    "who leaves today has left": ([row("people", 1, left_on=day(0))], {"orphaned-admin": 2}),
    "who leaves tomorrow has not": ([row("people", 1, left_on=day(1))], {"orphaned-admin": 0}),
    "24 hours to the second": (
        [
            row("grants", 0, revoke_requested_at=moment(-24)),
            row("grants", 1, revoke_requested_at=moment(-24.001)),
        ],
        {"revocation-unconfirmed": 1},
    ),
    "an address without an @ has no domain": (
        [row("accounts", 0, login_email="diocese.example")],
        {"personal-email-login": 1},
    ),
    "whoever has a domain has all below it": (
        [row("accounts", 0, login_email="page@mail.diocese.example")],
        {"personal-email-login": 0},
    ),
    "a domain that ends like another is not below it": (
        [row("accounts", 0, login_email="page@mydiocese.example")],
        {"personal-email-login": 1},
    ),
    "the day and the hour of awareness": (
        [
            row("incidents", 0, opened_at=moment(-200), notified_decision_at=moment(-27)),
            added(
                "incidents",
                id="i1",
                opened_at=moment(-1),
                aware_at=moment(-100),
                notified_decision_at=moment(-27.999),
            ),
            added(
                "incidents",
                id="i2",
                opened_at=moment(-200),
                aware_at=moment(-100),
                notified_decision_at=moment(-28),
            ),
        ],
        {"incident-overdue": 2},
    ),
    "a reason explains a decision that came late, and stands in for none": (
        [
            row(
                "incidents",
                0,
                opened_at=moment(-200),
                notified_decision_at=moment(-27),
                delay_reason="The platform was silent",
            ),
            added("incidents", id="i1", notified_decision_at=""),
        ],
        {"incident-overdue": 1},
    ),
    "grants of little power are confirmed more seldom": (
        [
            row("grants", 0, role="editor", attested_on=day(-365)),
            row("grants", 1, role="analyst", attested_on=day(-366)),
            row("grants", 2, role="manager", attested_on=day(-90)),
            row("grants", 3, role="manager", attested_on=day(-91)),
        ],
        {"access-not-recertified": 2},
    ),
    "a ladder of the organisation's own": (
        [
            lambda files: setattr(
                files, "policy", files.policy.replace('"written_warning", "term', '"term')
            ),
            row("incidents", 0, sanction="termination", previous_sanction="reprimand"),
            added("incidents", id="i1", previous_sanction="", sanction="written_warning"),
            added("incidents", id="i2", previous_sanction="written_warning"),
        ],
        {"sanction-step-skipped": 1},
    ),
    "one @ is dropped from a handle, and no more": (
        [row("accounts", 1, handle="@@PAGE0"), added(OBSERVED, handle="@@Page0")],
        {"duplicate-account": 0, "unregistered-account": 1, "ghost-grant": 1},
    ),
    "an observed key of a closed account is registered": (
        [row("accounts", 1, status="closed")],
        {"unregistered-account": 0, "unregistered-admin": 0, "closed-account-live-access": 1},
    ),
    "only the latest observation counts": (
        [added(OBSERVED, observed_on=day(-2), person_email="x@evil.test")],
        {"unregistered-admin": 0},
    ),
    "later observations of others make ghosts": (
        [added(OBSERVED, observed_on=day(0), person_email="x@evil.test")],
        {"unregistered-admin": 1, "ghost-grant": 2},
    ),
    "a row without an address hides who is there": (
        [added(OBSERVED, person_email=""), row("people", 1, email="new@diocese.example")],
        {"unregistered-admin": 2, "ghost-grant": 1},
    ),
    "a contract that ends today has not ended": (
        [row("people", 1, type="agency", contract_ref="K", dpa_ref="D", contract_ends=day(0))],
        {"third-party-without-contract": 0, "external-owner": 0},
    ),
    "the last override in line wins, parameter by parameter": (
        [
            row("accounts", 0, last_post_on=day(-50)),
            row("accounts", 1, last_post_on=day(-50)),
            policy(
                '[controls.dormant-account]\ndays = 10\nseverity = "low"\n'
                "[entities.e0.controls.dormant-account]\ndays = 49\n"
                "[entities.e1.controls.dormant-account]\ndays = 50\n"
            ),
        ],
        {"dormant-account": 1},
    ),
    "a duplicate of a closed account is none": (
        [row("accounts", 1, handle="@Page0", status="closed")],
        {"duplicate-account": 0},
    ),
    "a login of a closed account reuses a password": (
        [row("accounts", 1, status="closed"), row("logins", 1, fingerprint="unique-0")],
        {"reused-password": 1},
    ),
    "a second written warning": (
        [row("incidents", 0, previous_sanction="written_warning")],
        {"sanction-step-skipped": 1},
    ),
    "two persons in one role": (
        [row("incidents", 0, investigators="p0:HR|p1:hr")],
        {"single-investigator": 1},
    ),
    "levels in another case": (
        [
            row("people", 0, clearance_level="c"),
            row("people", 1, clearance_level="b"),
            policy('[controls.ineligible-manager]\nlevel = "b"\n'),
        ],
        {"ineligible-manager": 0},
    ),
}


@pytest.mark.parametrize("name", CORNERS)
def test_corners(name: str) -> None:
    """Cases that a generator meets seldom, with the number of findings that the words ask for."""
    edits, expected = CORNERS[name]
    files = parish()
    for edit in edits:
        edit(files)
    with written(files) as directory:
        ours, theirs = audited(directory, AS_OF)
    assert {id_: len(theirs[id_].failed) for id_ in expected} == expected, "the oracle"
    assert {id_: ours.coverage[id_].failed for id_ in expected} == expected, "the package"
    compare(ours, theirs)


@pytest.mark.parametrize(
    ("edits", "fails"),
    [
        # Removed long ago, it says, and changed since; but the vault has who read it.
        ([], True),
        ([row("people", 1, status="left", left_on=day(-60))], True),
        # Who is there to read it as a head or a helper may have read it as that.
        ([row("entities", 0, head_id="p1")], False),
        ([row("entities", 0, it_delegate_ids="p1")], False),
        ([row("entities", 0, head_id="p1"), row("people", 1, status="suspended")], True),
        # Who has the role still is no leaver.
        ([row("grants", 1, revoked_on="")], False),
    ],
)
def test_who_read_a_secret_knows_it_whatever_day_is_said(edits: list[Corner], fails: bool) -> None:
    files = parish()
    alone = [
        row("observations", 1, observed_on=day(-60)),
        *(row("entities", number, head_id="p0", it_delegate_ids="") for number in (0, 1)),
    ]
    for edit in (*GONE, *alone, *edits):
        edit(files)
    with written(files) as directory:
        ours, theirs = audited(directory, AS_OF, with_vault=True)
        without, _ = audited(directory, AS_OF)
    compare(ours, theirs)
    id_ = "leaver-knows-password"
    assert ours.coverage[id_].failed == fails
    assert without.coverage[id_].failed == 0
