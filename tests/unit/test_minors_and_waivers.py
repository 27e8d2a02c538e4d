"""What is owed to people under age, to people at risk, and to those who decide what is accepted.

Each limit is tried from both sides, and the oracle has to say the same.
"""

from __future__ import annotations

import msgspec
import pytest

from rolecall.controls.catalogue import catalogue
from rolecall.controls.context import Context
from rolecall.engine import evaluate
from rolecall.provenance import UNTRACKED
from rolecall.registry.documents import StoredDocument, documents, snapshot_of
from tests.registries import AS_OF, RegistryFiles, day, moment, parish, read, written
from tests.unit.test_catalogue_results import Change, added, row, setting, told, without

AUTHORITIES = "report-to-authorities-undecided"
SHOWN = "minor-shown-without-consent"
WAIVERS = "waiver-without-end"
BREACH = "incident-overdue"


def involved(**cells: str) -> Change:
    """Let a minor be involved in the incident."""
    return row("incidents", 0, minor_involved="yes", **cells)


def risk(**cells: str) -> Change:
    """Let people be at high risk by the incident, of which the authority was told in time."""
    known = {"opened_at": moment(-200), "notified_decision_at": moment(-199), "high_risk": "yes"}
    return row("incidents", 0, **{**known, **cells})


def waiver(expires: int, accepted: int | None = None, about: str = "a0", why: str = "x") -> Change:
    """Accept a finding, from a day to a day."""
    since = "" if accepted is None else f"accepted_on = {day(accepted)}\n"

    def change(files: RegistryFiles) -> None:
        files.policy += (
            f'[[waivers]]\ncontrol = "sole-administrator"\naccount = "{about}"\nreason = "{why}"\n'
            f'approved_by = ["p0"]\n{since}expires = {day(expires)}\n'
        )

    return change


RESULTS: dict[str, tuple[str, list[Change], list[str]]] = {
    # The duty to report.
    "nobody decided for more than a day": (
        AUTHORITIES,
        [involved(opened_at=moment(-24.001))],
        ["critical"],
    ),
    "a day is not over": (AUTHORITIES, [involved(opened_at=moment(-24))], []),
    "a decision in a day": (
        AUTHORITIES,
        [involved(opened_at=moment(-100), authority_decided_at=moment(-76))],
        [],
    ),
    "a decision after a day": (
        AUTHORITIES,
        [involved(opened_at=moment(-100), authority_decided_at=moment(-75.999))],
        ["critical"],
    ),
    "a reason excuses no late report": (
        AUTHORITIES,
        [
            involved(
                opened_at=moment(-100),
                authority_decided_at=moment(-50),
                delay_reason="Nobody knew of the duty",
                closed_on=day(-1),
            )
        ],
        ["critical"],
    ),
    "the clock runs from when somebody knew": (
        AUTHORITIES,
        [involved(opened_at=moment(-5), aware_at=moment(-25))],
        ["critical"],
    ),
    "opening it before knowing stops no clock": (
        AUTHORITIES,
        [involved(opened_at=moment(-25), aware_at=moment(-5))],
        ["critical"],
    ),
    "a decision that is yet to come is none": (
        AUTHORITIES,
        [involved(opened_at=moment(-100), authority_decided_at=moment(1))],
        ["critical"],
    ),
    "nor does it hurry": (
        AUTHORITIES,
        [involved(opened_at=moment(-10), authority_decided_at=moment(1))],
        [],
    ),
    "where no minor is involved nothing is to be decided": (
        AUTHORITIES,
        [row("incidents", 0, minor_involved="no", opened_at=moment(-500))],
        [],
    ),
    # People at high risk.
    "nobody told the people": (BREACH, [risk()], ["high"]),
    "they were told in time": (BREACH, [risk(subjects_told_at=moment(-128))], []),
    "they were told late": (BREACH, [risk(subjects_told_at=moment(-127.999))], ["high"]),
    "they were told late, and why is on record": (
        BREACH,
        [risk(subjects_told_at=moment(-100), delay_reason="Their addresses were asked for first")],
        [],
    ),
    "a reason does not stand in for telling": (
        BREACH,
        [risk(delay_reason="It was Christmas")],
        ["high"],
    ),
    "what is to be told next year was not told, whatever the reason": (
        BREACH,
        [risk(subjects_told_at=moment(9000), delay_reason="It takes its time")],
        ["high"],
    ),
    "what is decided next year is not decided": (
        BREACH,
        [risk(high_risk="no", notified_decision_at=moment(9000), delay_reason="It takes its time")],
        ["high"],
    ),
    "an awareness that is yet to come stops no clock": (
        BREACH,
        [risk(high_risk="no", notified_decision_at="", aware_at=moment(9000))],
        ["high"],
    ),
    "closing it tells nobody": (BREACH, [risk(closed_on=day(-1))], ["high"]),
    "no high risk, nobody must be told": (BREACH, [risk(high_risk="no")], []),
    "an empty cell is no high risk": (BREACH, [risk(high_risk="")], []),
    "no personal data, nobody must be told": (BREACH, [risk(personal_data="no")], []),
    "no privacy law, nobody must be told": (BREACH, [setting('privacy_law = "none"'), risk()], []),
    "nobody records a high risk": (BREACH, [risk(), without("incidents.high_risk")], []),
    # What is shown.
    "a consent that holds today": (SHOWN, [row("contents", 0, consent_ends=day(0))], []),
    "a consent that ended yesterday": (
        SHOWN,
        [row("contents", 0, consent_ends=day(-1))],
        ["critical"],
    ),
    "no consent": (SHOWN, [row("contents", 0, consent_ref="", consent_ends="")], ["critical"]),
    "a consent without an end": (SHOWN, [row("contents", 0, consent_ends="")], []),
    "taken down today": (SHOWN, [row("contents", 0, consent_ref="", removed_on=day(0))], []),
    "taken down tomorrow": (
        SHOWN,
        [row("contents", 0, consent_ref="", removed_on=day(1))],
        ["critical"],
    ),
    "nobody under age": (SHOWN, [row("contents", 0, consent_ref="", shows_minors="no")], []),
    "on a closed account": (
        SHOWN,
        [row("contents", 0, consent_ref=""), row("accounts", 0, status="closed")],
        ["critical"],
    ),
    "an ended consent is one without its reference too": (
        SHOWN,
        [row("contents", 0, consent_ends=day(-1)), without("contents.consent_ref")],
        ["critical"],
    ),
    "no consent has no end to be known": (
        SHOWN,
        [row("contents", 0, consent_ref=""), without("contents.consent_ends")],
        ["critical"],
    ),
    "nobody records what is taken down": (
        SHOWN,
        [row("contents", 0, consent_ref="", removed_on=day(-5)), without("contents.removed_on")],
        ["critical"],
    ),
    # What is accepted.
    "no waiver": (WAIVERS, [], []),
    "a year from when it was accepted": (WAIVERS, [waiver(65, -300)], []),
    "more than a year from then": (WAIVERS, [waiver(66, -300)], ["medium"]),
    "a year from today, and nobody knows since when": (WAIVERS, [waiver(365)], []),
    "more than a year from today": (WAIVERS, [waiver(366)], ["medium"]),
    "the last day counts": (WAIVERS, [waiver(0, -366)], ["medium"]),
    "one that has ended": (WAIVERS, [waiver(-1, -900)], []),
    "accepted on a day that is yet to come": (WAIVERS, [waiver(700, 600)], ["medium"]),
    "renewed once": (WAIVERS, [waiver(-300, -600, why="a"), waiver(30, -299, why="b")], []),
    "renewed twice": (
        WAIVERS,
        [waiver(-300, -600, why="a"), waiver(-1, -299, why="b"), waiver(30, 0, why="c")],
        ["medium"],
    ),
    "renewed twice, and ended": (
        WAIVERS,
        [waiver(-300, -600, why="a"), waiver(-20, -299, why="b"), waiver(-1, -19, why="c")],
        [],
    ),
    "three of three subjects": (
        WAIVERS,
        [waiver(30, -1), waiver(30, -1, "a1"), waiver(30, -1, "a2")],
        [],
    ),
}


@pytest.mark.parametrize("name", RESULTS)
def test_both_sides_of_each_limit(name: str) -> None:
    control, changes, severities = RESULTS[name]
    files = parish()
    for change in changes:
        change(files)
    assert [finding.severity for finding in told(files, control)[0]] == severities


@pytest.mark.parametrize(
    ("control", "change", "reason"),
    [
        (AUTHORITIES, row("incidents", 0, minor_involved=""), "minor_involved is empty"),
        (
            AUTHORITIES,
            without("incidents.authority_decided_at"),
            "incidents.authority_decided_at is not tracked",
        ),
        (SHOWN, row("contents", 0, shows_minors=""), "shows_minors is empty"),
        (SHOWN, without("contents"), "contents.shows_minors is not tracked"),
        (SHOWN, without("contents.consent_ref"), "contents.consent_ref is not tracked"),
        (SHOWN, without("contents.consent_ends"), "contents.consent_ends is not tracked"),
        (
            BREACH,
            lambda files: (
                risk()(files),
                without("incidents.subjects_told_at")(files),
            ),
            "incidents.subjects_told_at is not tracked",
        ),
    ],
)
def test_what_nobody_recorded_is_unknown(control: str, change: Change, reason: str) -> None:
    files = parish()
    change(files)
    found, coverage = told(files, control)
    assert found == []
    assert reason in coverage.reasons


def evidence(files: RegistryFiles, control: str) -> dict[str, object]:
    """Return the evidence of the one finding of a control."""
    with written(files) as directory:
        found = evaluate(Context(*read(directory), AS_OF), [catalogue()[control]]).findings
    [finding] = found
    told_: dict[str, object] = msgspec.json.decode(finding.evidence)
    return told_


def test_a_reference_of_a_consent_is_in_no_evidence() -> None:
    """It may be a name, and the log is kept for years."""
    files = parish()
    files.row("contents", 0, consent_ref="Consent of a child's mother", consent_ends=day(-1))
    assert evidence(files, SHOWN) == {
        "because": "ended",
        "consent_ends": day(-1),
        "shows_minors": True,
    }


def test_the_waivers_that_decide_are_named_and_no_others() -> None:
    files = parish()
    for change in (waiver(400, 0), waiver(30, 0, "a1"), waiver(-5, -900, "a2")):
        change(files)
    with written(files) as directory:
        long, *_ = read(directory)[1].waivers
    assert evidence(files, WAIVERS) == {
        "because": "long",
        "controls": ["sole-administrator"],
        "days": 365,
        "number": 1,
        "waivers": [long.id],
    }


def test_very_many_waivers_are_counted_and_the_first_named() -> None:
    files = parish()
    for number in range(30):
        waiver(400, 0, f"a{number}")(files)
    found = evidence(files, WAIVERS)
    assert found["number"] == 30
    assert len(found["waivers"]) == 20  # type: ignore[arg-type]


def test_contents_have_a_place_with_their_account() -> None:
    files = parish()
    added("contents", id="c9", account_id="a1", consent_ref="")(files)
    [finding], _ = told(files, SHOWN)
    assert finding.subject.keys() == {"account": "a1", "content": "c9"}
    assert finding.entity == "e1"


@pytest.mark.parametrize(
    ("control", "table", "column", "wrong"),
    [
        (AUTHORITIES, "incidents", "authority_decided_at", {"minor_involved": "yes"}),
        (BREACH, "incidents", "notified_decision_at", {"personal_data": "yes"}),
        (BREACH, "incidents", "subjects_told_at", {"high_risk": "yes"}),
        (SHOWN, "contents", "consent_ref", {"shows_minors": "yes", "consent_ends": ""}),
        (SHOWN, "contents", "shows_minors", {"consent_ref": ""}),
    ],
)
def test_a_column_may_be_tracked_for_some_rows_alone(
    control: str, table: str, column: str, wrong: dict[str, str]
) -> None:
    """Of a row of which nobody keeps track nothing is known, and of another it is."""
    known = {"shows_minors": "yes"}.get(column, "")
    files = parish()
    if table == "incidents":
        wrong = {"opened_at": moment(-200), "notified_decision_at": moment(-199), **wrong}
    files.row(table, 0, **{**wrong, column: known})
    added(table, id="other", **{column: UNTRACKED})(files)
    found, coverage = told(files, control)
    assert len(found) == 1
    assert "other" not in found[0].subject.values()
    assert coverage.reasons == {f"{table}.{column} is not tracked": 1}
    snapshot, policy = files.read()
    kept = documents(snapshot, files.policy)
    again, _ = snapshot_of(StoredDocument(*one) for one in kept.items())
    assert again.filled == snapshot.filled
    [same] = evaluate(Context(again, policy, AS_OF), [catalogue()[control]]).findings
    assert same == found[0]
