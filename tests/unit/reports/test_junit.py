"""The audit as JUnit: failures, what was skipped and why, and counts that add up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest

from rolecall.controls.catalogue import catalogue
from rolecall.controls.versions import CATALOGUE_VERSION
from rolecall.errors import Problem
from rolecall.ledger.memory_log import MemoryLog
from rolecall.location import Location
from rolecall.model import Policy, Subject
from rolecall.registry.policy_toml import find_policy, read_policy
from rolecall.registry.reading import read_registry
from rolecall.reports.junit_report import junit_document, junit_problems
from rolecall.reports.report import Report, lines
from rolecall.texts import texts_of
from rolecall.usecases.runs.local import run_audit
from tests.registries import AS_OF, TODAY, parish

DIOCESE = Path(__file__).parents[3] / "examples" / "diocese"


def somewhere(_: Subject) -> Location:
    return Location("r/x.csv", None, 3, 4)


def parsed(pieces: Iterable[bytes]) -> ElementTree.Element:
    return ElementTree.fromstring(b"".join(pieces))  # noqa: S314 - what we wrote ourselves.


def document(report: Report) -> ElementTree.Element:
    findings = map(lines(report), report.findings)
    return parsed(
        junit_document(report.heading(), findings, report.controls, somewhere, texts_of("en"))
    )


@pytest.fixture(scope="module")
def nights() -> list[Report]:
    """Two nights of the example, the second without one control."""
    snapshot = read_registry(DIOCESE, TODAY).snapshot
    policy = read_policy(find_policy(DIOCESE))
    off: dict[str, dict[str, object]] = {"dormant-account": {"enabled": False}}
    log = MemoryLog()
    return [
        run_audit(snapshot, rules, AS_OF + timedelta(n), lambda _: None, log=log)
        for n, rules in enumerate((policy, Policy(controls=off, waivers=policy.waivers)))
    ]


def test_a_suite_a_control_with_its_exact_counts(nights: list[Report]) -> None:
    for report in nights:
        suites = {suite.get("name"): suite for suite in document(report).iter("testsuite")}
        assert suites.keys() == {coverage.control for coverage in report.coverage}
        for coverage in report.coverage:
            told = {
                p.get("name"): p.get("value") for p in suites[coverage.control].iter("property")
            }
            assert told == {
                "title": catalogue()[coverage.control].title,
                "catalogue": str(CATALOGUE_VERSION),
                "passed": str(coverage.passed),
                "failed": str(coverage.failed),
                "not_evaluated": str(coverage.not_evaluated),
                "disabled": str(coverage.disabled),
            }


def test_what_stands_fails_and_what_is_waived_or_unknown_is_skipped(nights: list[Report]) -> None:
    assert {t.status for t in nights[0].findings} >= {"waived"}
    assert {t.status for t in nights[1].findings} >= {"resolved"}
    for report in nights:
        root = document(report)
        failed = Counter(
            suite.get("name") for suite in root.iter("testsuite") for _ in suite.iter("failure")
        )
        assert failed == Counter(t.finding.control for t in report.findings if t.stands)
        reasons = [str(skipped.get("message")) for skipped in root.iter("skipped")]
        waived = [t for t in report.findings if t.status == "waived"]
        assert sum(reason.startswith("waived: ") for reason in reasons) == len(waived)
        unknown = [reason for coverage in report.coverage for reason in coverage.reasons]
        assert sum(reason.startswith("not evaluated: ") for reason in reasons) == len(unknown)
        assert len(reasons) == len(waived) + len(unknown)


def test_counts_are_those_of_the_cases(nights: list[Report]) -> None:
    root = document(nights[0])
    for element in (root, *root.iter("testsuite")):
        cases = list(element.iter("testcase"))
        assert element.get("tests") == str(len(cases))
        for name, tag in (("failures", "failure"), ("skipped", "skipped")):
            assert element.get(name) == str(sum(case.find(tag) is not None for case in cases))
        assert element.get("errors") == "0"


def test_a_failure_says_where_and_what_to_do() -> None:
    files = parish()
    files.row("people", 1, status="left", left_on="2026-01-01")
    report = run_audit(*files.read(), AS_OF, lambda _: None)
    [suite] = [s for s in document(report).iter("testsuite") if s.get("name") == "orphaned-admin"]
    case = suite.findall("testcase")[0]
    assert case.get("classname") == "rolecall.access.orphaned-admin"
    assert (case.get("file"), case.get("line")) == ("r/x.csv", "4")
    failure = case.find("failure")
    assert failure is not None
    assert failure.get("type") == "critical"
    assert failure.text is not None
    assert catalogue()["orphaned-admin"].remediation in failure.text
    assert "r/x.csv:4" in failure.text


def test_nothing_that_passed_hides_what_was_not_evaluated() -> None:
    files = parish().drop("logins", "accounts.reviewed_on")
    report = run_audit(*files.read(), AS_OF, lambda _: None)
    suites = {suite.get("name"): suite for suite in document(report).iter("testsuite")}
    for coverage in report.coverage:
        cases = suites[coverage.control].findall("testcase")
        passed = [c for c in cases if c.find("failure") is None and c.find("skipped") is None]
        assert len(passed) == (1 if coverage.passed else 0)
    # Of a table that is not there nobody knows how many there would have been: skipped it is.
    assert suites["weak-password"].get("skipped") == "1"
    [case] = suites["weak-password"].findall("testcase")
    assert str(case.get("name")).startswith("not evaluated: ")


def test_signs_that_xml_cannot_hold_are_replaced() -> None:
    problem = Problem("r.csv", "is \x1b[31m <wrong> & \ufffe", 3, "name", "\x00]]>")
    there = Location("r.csv", None, 3, 5)
    root = parsed(junit_problems([problem], (), 0, lambda _: there, texts_of("en")))
    failure = root.find(".//failure")
    assert failure is not None
    assert failure.get("message") == "is \ufffd[31m <wrong> & \ufffd"
    assert failure.text is not None
    assert failure.text.endswith("(\ufffd]]>)")


def test_problems_are_one_suite() -> None:
    def root(errors: list[Problem], warnings: list[Problem], unlisted: int) -> ElementTree.Element:
        given = errors, warnings, unlisted, lambda p: Location(p.file, None, p.row)
        return parsed(junit_problems(*given, texts_of("en")))

    good = root([], [Problem("r.csv", "is odd", 4)], 0)
    assert (good.get("tests"), good.get("failures")) == ("1", "0")
    assert good.findtext("testsuite/system-out") == "warning: r.csv:4: is odd"
    bad = root([Problem("r.csv", "is wrong", 3, "status", "x")], [], 5)
    assert (bad.get("tests"), bad.get("failures")) == ("2", "2")
    names = [case.get("name") for case in bad.iter("testcase")]
    assert names == ["r.csv:3:status: is wrong (x)", "5 more problems"]
