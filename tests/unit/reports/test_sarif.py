"""The findings as SARIF: what a consumer of code scanning needs, and that nothing is lost."""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from rolecall.controls.catalogue import catalogue
from rolecall.errors import Problem
from rolecall.ledger.memory_log import MemoryLog
from rolecall.location import Location
from rolecall.model import Policy, Subject
from rolecall.registry.locations import Locations
from rolecall.registry.policy_toml import find_policy, read_policy
from rolecall.registry.reading import read_registry
from rolecall.reports.report import Report, lines
from rolecall.reports.sarif_problems import sarif_problems
from rolecall.reports.sarif_report import sarif_document
from rolecall.texts import texts_of
from rolecall.usecases.runs.local import Limits, run_audit
from tests.registries import AS_OF, TODAY, parish

DIOCESE = Path(__file__).parents[3] / "examples" / "diocese"
LEVELS = {"critical": "error", "high": "error", "medium": "warning", "low": "note"}
BOUNDS = {"critical": (9.0, 10.0), "high": (7.0, 8.9), "medium": (4.0, 6.9), "low": (0.1, 3.9)}
"""At which scores GitHub says which severity."""


def somewhere(_: Subject) -> Location:
    return Location("r/x.csv", None, 3, 4)


def document(report: Report, locate: Any = somewhere) -> Any:
    findings = map(lines(report), report.findings)
    pieces = sarif_document(report.heading(), findings, report.controls, locate)
    return json.loads(b"".join(pieces))


def run_of(report: Report, locate: Any = somewhere) -> Any:
    [run] = document(report, locate)["runs"]
    return run


@pytest.fixture(scope="module")
def nights() -> list[Report]:
    """Two nights of the example: waived ones in both, and one control turned off in the second."""
    snapshot = read_registry(DIOCESE, TODAY).snapshot
    policy = read_policy(find_policy(DIOCESE))
    off: dict[str, dict[str, object]] = {"dormant-account": {"enabled": False}}
    log = MemoryLog()
    return [
        run_audit(snapshot, rules, AS_OF + timedelta(n), lambda _: None, log=log)
        for n, rules in enumerate((policy, Policy(name="2", controls=off, waivers=policy.waivers)))
    ]


def test_a_result_a_finding_that_is_not_resolved(nights: list[Report]) -> None:
    assert any(t.status == "resolved" for t in nights[1].findings)
    for report in nights:
        run = run_of(report)
        told = {result["properties"]["id"]: result for result in run["results"]}
        expected = {t.finding.id: t for t in report.findings if t.status != "resolved"}
        assert told.keys() == expected.keys()
        rules = run["tool"]["driver"]["rules"]
        for id_, tracked in expected.items():
            result = told[id_]
            assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == tracked.finding.control
            assert result["level"] == LEVELS[tracked.finding.severity]
            assert result["partialFingerprints"] == {"primaryLocationLineHash": id_}
            assert result["properties"]["status"] == tracked.status


def test_waived_ones_are_suppressed_with_the_reason(nights: list[Report]) -> None:
    waived = 0
    for result in run_of(nights[0])["results"]:
        if result["properties"]["status"] == "waived":
            waived += 1
            [suppression] = result["suppressions"]
            assert (suppression["kind"], suppression["status"]) == ("external", "accepted")
            reasons = {ruling.waiver.reason for ruling in nights[0].waivers}
            assert suppression["justification"].rpartition(" (until ")[0] in reasons
        else:
            # Where one result says, all must: none would mean that nobody knows.
            assert result["suppressions"] == []
    assert waived


def test_rules_say_what_to_do_and_how_bad_it_is(nights: list[Report]) -> None:
    run = run_of(nights[0])
    worst: dict[str, str] = {}
    for tracked in nights[0].findings:
        worst.setdefault(tracked.finding.control, tracked.finding.severity)
    rules = {rule["id"]: rule for rule in run["tool"]["driver"]["rules"]}
    assert rules.keys() == catalogue().keys()
    for id_, rule in rules.items():
        control = catalogue()[id_]
        assert rule["shortDescription"]["text"] == f"{control.title}."
        assert rule["fullDescription"]["text"] == control.rationale
        assert control.remediation in rule["help"]["text"]
        assert control.remediation in rule["help"]["markdown"]
        severity = worst.get(id_, control.severity)
        assert rule["defaultConfiguration"]["level"] == LEVELS[severity]
        least, most = BOUNDS[severity]
        assert least <= float(rule["properties"]["security-severity"]) <= most


def test_the_severity_of_a_rule_is_that_of_its_worst_finding() -> None:
    files = parish()
    files.row("people", 1, status="left", left_on="2026-01-01")
    snapshot, _ = files.read()
    for severity in LEVELS:
        policy = Policy(controls={"orphaned-admin": {"severity": severity}})
        run = run_of(run_audit(snapshot, policy, AS_OF, lambda _: None))
        [rule] = [r for r in run["tool"]["driver"]["rules"] if r["id"] == "orphaned-admin"]
        least, most = BOUNDS[severity]
        assert least <= float(rule["properties"]["security-severity"]) <= most


def test_what_was_not_evaluated_is_said_and_is_no_result(nights: list[Report]) -> None:
    run = run_of(nights[0])
    [invocation] = run["invocations"]
    told = Counter(
        note["associatedRule"]["id"] for note in invocation["toolExecutionNotifications"]
    )
    expected = {c.control: len(c.reasons) for c in nights[0].coverage if c.reasons}
    assert told == expected
    kinds = run["tool"]["driver"]["notifications"]
    for note in invocation["toolExecutionNotifications"]:
        assert kinds[note["descriptor"]["index"]]["id"] == note["descriptor"]["id"]
        assert note["level"] == "warning"
        index = note["associatedRule"]["index"]
        assert run["tool"]["driver"]["rules"][index]["id"] == note["associatedRule"]["id"]


def test_a_place_with_a_line_and_one_without() -> None:
    files = parish()
    files.row("people", 1, status="left", left_on="2026-01-01")
    report = run_audit(*files.read(), AS_OF, lambda _: None)

    def places(where: Location) -> Any:
        result = run_of(report, lambda _: where)["results"][0]
        [place] = result["locations"]
        return result["message"]["text"], place

    text, place = places(Location("r/grants.csv", None, 7, 9))
    assert place["physicalLocation"] == {
        "artifactLocation": {"uri": "r/grants.csv", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 9},
    }
    assert place["logicalLocations"] == [{"fullyQualifiedName": "row 7", "kind": "row"}]
    assert "r/grants.csv" not in text
    text, place = places(Location("r.xlsx", "grants", 7))
    assert "region" not in place["physicalLocation"]
    assert place["logicalLocations"] == [{"fullyQualifiedName": "grants row 7", "kind": "row"}]
    # A viewer opens a workbook at no line: the message says where to look.
    assert text.endswith(" (r.xlsx, table grants, row 7)")
    _, place = places(Location("policy.toml"))
    assert place.keys() == {"physicalLocation"}


def test_a_registry_plants_no_link() -> None:
    files = parish()
    files.row("people", 1, status="left", left_on="2026-01-01", name="[x](https://evil.example) \\")
    report = run_audit(*files.read(), AS_OF, lambda _: None)
    texts = [result["message"]["text"] for result in run_of(report)["results"]]
    planted = [text for text in texts if "evil.example" in text]
    assert planted
    for text in planted:
        assert "\\[x\\](https://evil.example)" in text


def test_an_audit_of_a_part_is_another_analysis(nights: list[Report]) -> None:
    snapshot = read_registry(DIOCESE, TODAY).snapshot

    def category(limits: Limits) -> str:
        report = run_audit(snapshot, Policy(), AS_OF, lambda _: None, limits=limits)
        id_ = run_of(report)["automationDetails"]["id"]
        assert id_.endswith(f"/{report.run.id}")
        return str(id_.rpartition("/")[0])

    limits = [
        *(Limits(), Limits("st-brigid-parish"), Limits(None, ("orphaned-admin",))),
        Limits("st-brigid-parish", ("orphaned-admin",)),
    ]
    assert len({category(one) for one in limits}) == len(limits)
    whole = run_of(nights[0])["automationDetails"]["id"]
    assert whole.rpartition("/")[0] == category(Limits()) == "rolecall/audit"


def test_the_same_audit_gives_the_same_bytes() -> None:
    snapshot = read_registry(DIOCESE, TODAY).snapshot
    made = [
        document(
            run_audit(snapshot, Policy(), AS_OF, lambda _: None), Locations(DIOCESE).of_subject
        )
        for _ in range(2)
    ]
    assert made[0] == made[1]


def test_problems_are_results_of_two_rules() -> None:
    errors = [Problem("r.csv", "is wrong", 3, "status", "x"), Problem("r.csv", "is missing")]
    warnings = [Problem("r.csv", "is odd", 4)]

    def at(problem: Problem) -> Location:
        return Location(problem.file, None, problem.row, problem.row)

    made = b"".join(sarif_problems(errors, warnings, 7, "1.2.3", at, texts_of("en")))
    [run] = json.loads(made)["runs"]
    assert [(r["ruleId"], r["level"]) for r in run["results"]] == [
        ("invalid-input", "error"),
        ("invalid-input", "error"),
        ("doubtful-input", "warning"),
    ]
    rules = run["tool"]["driver"]["rules"]
    assert all(rules[r["ruleIndex"]]["id"] == r["ruleId"] for r in run["results"])
    assert run["results"][0]["message"]["text"] == "status: is wrong (x)"
    assert run["automationDetails"]["id"] == "rolecall/validate/"
    [note] = run["invocations"][0]["toolExecutionNotifications"]
    assert note["message"]["text"] == "not listed: 7 more"
    prints = [r["partialFingerprints"]["primaryLocationLineHash"] for r in run["results"]]
    assert len(set(prints)) == len(prints)


def test_problems_that_say_the_same_are_told_apart_and_stay_the_same_when_they_move() -> None:
    def prints(*rows: int) -> list[str]:
        errors = [Problem("r.csv", "is wrong", row, "status", "x") for row in rows]
        at = partial(Location, "r.csv", None)
        pieces = sarif_problems(errors, (), 0, "1", lambda p: at(p.row, p.row), texts_of("en"))
        [run] = json.loads(b"".join(pieces))["runs"]
        return [r["partialFingerprints"]["primaryLocationLineHash"] for r in run["results"]]

    assert len(set(prints(2, 3))) == 2
    assert prints(2, 3) == prints(4, 9)
