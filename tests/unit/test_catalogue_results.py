"""Results that an auditor would not have signed, each as the catalogue has it now.

Every case is a small registry in which the older rules said something wrong: a departed head was to
be made an owner again, a decision on the twelfth day passed the 72 hours. What is right is written
here as an auditor says it; the oracle says each control once more, in general.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from datetime import date

import pytest

from rolecall.controls.catalogue import catalogue
from rolecall.controls.context import Context
from rolecall.engine import Coverage, evaluate
from rolecall.finding import Finding
from rolecall.naming import GivenNames
from rolecall.reports.report import detail_in_words
from tests import oracle
from tests.registries import AS_OF, RegistryFiles, day, moment, parish, read, read_rows, written

Change = Callable[[RegistryFiles], object]


def row(table: str, index: int, /, **cells: str) -> Change:
    """Change a row."""
    return lambda files: files.row(table, index, **cells)


def added(table: str, /, **cells: str) -> Change:
    """Add a row like the first one of a table."""
    return lambda files: files.tables[table].append({**files.tables[table][0], **cells})


def without(*names: str) -> Change:
    """Stop tracking columns or tables."""
    return lambda files: files.drop(*names)


def setting(text: str) -> Change:
    """Put a line into the policy's own section, instead of the one that is there."""
    name = text.partition(" ")[0]

    def change(files: RegistryFiles) -> None:
        lines = [line for line in files.policy.splitlines() if not line.startswith(f"{name} =")]
        files.policy = "\n".join(["[policy]", text, *lines[1:], ""])

    return change


def told(files: RegistryFiles, control: str) -> tuple[list[Finding], Coverage]:
    """Return what a control says of a registry, after the oracle said the same."""
    with written(files) as directory:
        snapshot, policy = read(directory)
        tables, columns = read_rows(directory)
        document = tomllib.loads((directory / "policy.toml").read_text(encoding="utf-8"))
    found = evaluate(Context(snapshot, policy, AS_OF), [catalogue()[control]])
    expected = oracle.audit(tables, columns, document, AS_OF)[control]
    said = {(one.subject.kind, *one.subject.values()): one.severity for one in found.findings}
    assert said == expected.failed, "the oracle says otherwise"
    return list(found.findings), found.coverage[control]


LEFT = {"status": "left", "left_on": day(-63)}
NOBODY_ELSE = row("entities", 0, it_delegate_ids=""), row("entities", 1, it_delegate_ids="")
BY_IT = row("accounts", 0, removal_path="it"), row("accounts", 1, status="closed")
NOT_KEPT = row("logins", 0, storage="password_manager")

RESULTS: dict[str, tuple[str, list[Change], list[str]]] = {
    # Of a head who left.
    "nobody makes a head who left an owner again": (
        "head-without-access",
        [row("people", 0, **LEFT), row("grants", 0, revoked_on=day(-60))],
        [],
    ),
    "a head who left and kept full control is no pass either": (
        "head-without-access",
        [row("people", 0, **LEFT)],
        [],
    ),
    "a head who serves and has only a lesser role": (
        "head-without-access",
        [row("grants", 0, role="manager")],
        ["critical"],
    ),
    "nobody asks a head who left for an approval": (
        "account-unapproved",
        [row("people", 0, **LEFT), row("accounts", 0, approved_by="p1")],
        [],
    ),
    # Whether anybody can be removed.
    "a path by a head who is not there": (
        "no-removal-path",
        [row("entities", 0, head_id=""), row("accounts", 1, status="closed")],
        ["critical"],
    ),
    "a path by a head who left": (
        "no-removal-path",
        [row("people", 0, **LEFT), row("accounts", 1, status="closed")],
        ["critical"],
    ),
    "a path by a head without a role": (
        "no-removal-path",
        [row("grants", 0, role="editor")],
        ["critical"],
    ),
    "a path by IT that is a word alone": (
        "no-removal-path",
        [*BY_IT, *NOBODY_ELSE, NOT_KEPT],
        ["critical"],
    ),
    "a path by IT whose delegate left": (
        "no-removal-path",
        [*BY_IT, row("people", 1, **LEFT), NOT_KEPT],
        ["critical"],
    ),
    "a path by IT that has full control": ("no-removal-path", [*BY_IT, NOT_KEPT], []),
    "a path by IT that has the login in the vault": (
        "no-removal-path",
        [*BY_IT, *NOBODY_ELSE],
        [],
    ),
    "a path by IT of a parent entity": (
        "no-removal-path",
        [
            row("accounts", 0, status="closed"),
            row("accounts", 1, removal_path="it"),
            row("entities", 1, it_delegate_ids=""),
            row("logins", 1, storage="paper"),
        ],
        [],
    ),
    # Addresses and numbers.
    "the owner of a domain owns what is below it": (
        "personal-email-login",
        [row("accounts", 0, login_email="web@mail.diocese.example")],
        [],
    ),
    "nine with full control": (
        "too-many-administrators",
        [added("grants", person_id=f"p-{number}") for number in range(7)],
        ["medium"],
    ),
    "eight with full control": (
        "too-many-administrators",
        [added("grants", person_id=f"p-{number}") for number in range(6)],
        [],
    ),
    # Logins.
    "pages of which people sign in as themselves need no login": (
        "account-without-login",
        [lambda files: files.tables["logins"].clear()],
        [],
    ),
    "an account with a login of its own needs it on record": (
        "account-without-login",
        [
            lambda files: files.tables["logins"].clear(),
            row("accounts", 0, platform="instagram"),
        ],
        ["high"],
    ),
    "a browser's store": ("unsecured-login", [row("logins", 0, storage="browser")], ["medium"]),
    "a note": ("unsecured-login", [row("logins", 0, storage="paper")], ["medium"]),
    "a note that is locked away": ("unsecured-login", [row("logins", 0, storage="safe")], []),
    "a chat": ("unsecured-login", [row("logins", 0, storage="chat")], ["critical"]),
    "nobody knows where": ("unsecured-login", [row("logins", 0, storage="")], ["critical"]),
    "an active employee whose role ended": (
        "leaver-knows-password",
        [
            row("grants", 1, revoked_on=day(-5)),
            row("logins", 0, holder_ids="p1", mfa="key"),
        ],
        ["high"],
    ),
    "somebody who left, and somebody whose role ended": (
        "leaver-knows-password",
        [
            row("grants", 1, revoked_on=day(-5)),
            row("people", 2, **LEFT),
            row("logins", 0, holder_ids="p1|p4", rotated_on=day(-100)),
        ],
        ["critical"],
    ),
    "somebody on no roster, of whom no departure is on record": (
        "leaver-knows-password",
        [row("logins", 0, holder_ids="p-099")],
        [],
    ),
    "one holder changes nothing by the calendar": (
        "login-rotation-overdue",
        [row("logins", 0, rotated_on="2020-01-01")],
        [],
    ),
    "two holders do": (
        "login-rotation-overdue",
        [row("logins", 0, holder_ids="p0|p1", rotated_on=day(-366))],
        ["low"],
    ),
    "a recovery that nobody is named for": (
        "recovery-contact-leaver",
        [row("accounts", 0, recovery_person_id="")],
        ["medium"],
    ),
    "a recovery by somebody who left": (
        "recovery-contact-leaver",
        [row("people", 2, **LEFT), row("accounts", 0, recovery_person_id="p4")],
        ["critical"],
    ),
    "an emergency of three days ago": (
        "emergency-reveal-not-rotated",
        [row("logins", 0, emergency_revealed_on=day(-3), rotated_on=day(-30))],
        ["high"],
    ),
    "an emergency of two days ago": (
        "emergency-reveal-not-rotated",
        [row("logins", 0, emergency_revealed_on=day(-2), rotated_on=day(-30))],
        [],
    ),
    # Use, confirmation, records.
    "unused for 46 days": ("unused-access", [row("grants", 0, last_used_on=day(-46))], ["medium"]),
    "silent for 91 days": ("dormant-account", [row("accounts", 0, last_post_on=day(-91))], ["low"]),
    "no answer is not a no": ("archive-off", [row("accounts", 0, archive="")], ["medium"]),
    "a no is a no": ("archive-off", [row("accounts", 0, archive="no")], ["high"]),
    "the deletion of a record is the organisation's own limit": (
        "personal-data-past-retention",
        [
            row("people", 2, status="left", left_on="2000-01-01"),
            lambda files: setattr(files, "policy", files.policy.partition("[controls")[0]),
        ],
        [],
    ),
    "and holds where there is one": (
        "personal-data-past-retention",
        [row("people", 2, status="left", left_on="2000-01-01")],
        ["medium"],
    ),
    # Incidents.
    "a decision on the twelfth day": (
        "incident-overdue",
        [row("incidents", 0, opened_at=moment(-24 * 20), notified_decision_at=moment(-24 * 8))],
        ["high"],
    ),
    "a decision on the twelfth day of a closed incident": (
        "incident-overdue",
        [
            row(
                "incidents",
                0,
                opened_at=moment(-24 * 20),
                notified_decision_at=moment(-24 * 8),
                closed_on=day(-2),
            )
        ],
        ["high"],
    ),
    "a late decision of which the reason is on record": (
        "incident-overdue",
        [
            row(
                "incidents",
                0,
                opened_at=moment(-24 * 20),
                notified_decision_at=moment(-24 * 8),
                delay_reason="The platform did not answer",
            )
        ],
        [],
    ),
    "the clock runs from knowing, not from writing down": (
        "incident-overdue",
        [row("incidents", 0, aware_at=moment(-100), notified_decision_at=moment(-5))],
        ["high"],
    ),
    "a registry of before there was a column for the reason": (
        "incident-overdue",
        [
            without("incidents.delay_reason", "incidents.aware_at"),
            row("incidents", 0, opened_at=moment(-200), notified_decision_at=moment(-100)),
        ],
        ["high"],
    ),
    "a hacked page with nobody accused": (
        "single-investigator",
        [row("incidents", 0, subject_id="", sanction="", investigators="p0:it")],
        [],
    ),
    "a sanction is about somebody": (
        "single-investigator",
        [row("incidents", 0, subject_id="", investigators="p0:it")],
        ["high"],
    ),
    "no source has an order of sanctions": (
        "sanction-step-skipped",
        [
            lambda files: setattr(
                files,
                "policy",
                "".join(
                    line for line in files.policy.splitlines(True) if "sanction_ladder" not in line
                ),
            ),
            row("incidents", 0, sanction="termination", previous_sanction="reprimand"),
        ],
        [],
    ),
    "but an organisation may bind itself": (
        "sanction-step-skipped",
        [row("incidents", 0, sanction="termination", previous_sanction="reprimand")],
        ["low"],
    ),
    # The law.
    "where no privacy law applies nobody asks for its papers": (
        "privacy-record-missing",
        [setting('privacy_law = "none"'), row("accounts", 0, lawful_basis="")],
        [],
    ),
    "nor for a decision about an authority": (
        "incident-overdue",
        [
            setting('privacy_law = "none"'),
            row("incidents", 0, opened_at=moment(-200), notified_decision_at=""),
        ],
        [],
    ),
    "but an incident is to be closed everywhere": (
        "incident-overdue",
        [setting('privacy_law = "none"'), row("incidents", 0, due_on=day(-1))],
        ["high"],
    ),
    "the church's own law asks for the same": (
        "incident-overdue",
        [
            setting('privacy_law = "kdg"'),
            row("incidents", 0, opened_at=moment(-200), notified_decision_at=""),
        ],
        ["high"],
    ),
}


@pytest.mark.parametrize("name", RESULTS)
def test_what_an_auditor_would_sign(name: str) -> None:
    control, changes, severities = RESULTS[name]
    files = parish()
    for change in changes:
        change(files)
    assert [finding.severity for finding in told(files, control)[0]] == severities


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        (
            "nobody makes a head who left an owner again",
            "the entity's head is not an active person",
        ),
        (
            "nobody asks a head who left for an approval",
            "the entity's head is not an active person",
        ),
        (
            "somebody on no roster, of whom no departure is on record",
            "a holder is on no roster, and no day of a departure is on record",
        ),
        (
            "where no privacy law applies nobody asks for its papers",
            "the policy's privacy_law is none",
        ),
    ],
)
def test_what_is_not_known_is_said_to_be_unknown(name: str, reason: str) -> None:
    control, changes, _ = RESULTS[name]
    files = parish()
    for change in changes:
        change(files)
    assert reason in told(files, control)[1].reasons


def test_a_control_that_is_off_is_counted_as_that() -> None:
    control, changes, _ = RESULTS["no source has an order of sanctions"]
    files = parish()
    for change in changes:
        change(files)
    coverage = told(files, control)[1]
    assert (coverage.passed, coverage.not_evaluated, coverage.disabled) == (0, 0, 1)


@pytest.mark.parametrize("investigators", ["p3:hr", "p3:hr|p0:pastor", "p3:hr|p3:pastor", ""])
def test_no_evidence_names_whose_conduct_is_looked_into(investigators: str) -> None:
    files = parish()
    files.row("incidents", 0, investigators=investigators, subject_id="p3")
    files.row("incidents", 0, opened_at=moment(-200), due_on=day(-1), notified_decision_at="")
    files.row("incidents", 0, sanction="termination")
    with written(files) as directory:
        snapshot, policy = read(directory)
    controls = [one for one in catalogue().values() if one.group == "incidents"]
    found = evaluate(Context(snapshot, policy, AS_OF), controls).findings
    assert {one.control for one in found} >= {"single-investigator", "incident-overdue"}
    for finding in found:
        assert b"p3" not in finding.evidence
        assert b"p0" not in finding.evidence


def test_a_record_that_is_deleted_when_it_was_time_makes_no_finding() -> None:
    """The remedy of personal-data-past-retention made leaver-knows-password critical."""
    files = parish()
    files.row("logins", 0, holder_ids="p0|p4", rotated_on=day(-900))
    files.row("people", 2, status="left", left_on=str(date(2023, 6, 1)))
    assert [one.severity for one in told(files, "personal-data-past-retention")[0]] == ["medium"]
    files.row("people", 2, status="left", left_on=str(date(2024, 1, 1)))
    before = [one.severity for one in told(files, "leaver-knows-password")[0]]
    del files.tables["people"][2]
    after = [one.severity for one in told(files, "leaver-knows-password")[0]]
    assert before == after == []


@pytest.mark.parametrize("path", ["head", "it"])
def test_where_nobody_is_named_it_says_so(path: str) -> None:
    """It was: nothing is not an active person with full control."""
    files = parish()
    files.row("entities", 0, head_id="", it_delegate_ids="")
    files.row("accounts", 0, removal_path=path)
    files.row("accounts", 1, status="closed")
    for number in range(len(files.tables["logins"])):
        files.row("logins", number, storage="safe")
    [finding] = told(files, "no-removal-path")[0]
    control = catalogue()[finding.control]
    said = detail_in_words(control, finding.subject, finding.evidence, GivenNames({}))
    assert "on record" in said
    assert "nothing" not in said
