"""The report model: order, counts, and findings in words."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import cache
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from msgspec.structs import replace

from rolecall.ledger.memory_log import MemoryLog
from rolecall.lifecycle import ReportedFinding
from rolecall.model import SEVERITIES, Policy
from rolecall.reports.json_report import json_report
from rolecall.reports.labels import label
from rolecall.reports.ocsf_report import ocsf_report
from rolecall.reports.report import FindingLine, Report, lines, ordered
from rolecall.reports.table_report import table_report
from rolecall.run import STATUSES
from rolecall.texts import texts_of
from rolecall.usecases.runs.local import run_audit
from tests.registries import AS_OF, RegistryFiles, crowded, parish, read, registries
from tests.tiers import examples

DIOCESE = Path(__file__).parents[3] / "examples" / "diocese"


@cache
def example() -> Report:
    return run_audit(*read(DIOCESE), AS_OF, lambda _: None)


def told(report: Report) -> list[FindingLine]:
    return list(map(lines(report), report.findings))


def check_counts(report: Report) -> None:
    summary = report.summary
    assert summary.findings == len(report.findings)
    assert sum(summary.by_severity.values()) == sum(summary.by_status.values()) == summary.findings
    standing = summary.findings - summary.by_status["resolved"] - summary.by_status["waived"]
    assert sum(summary.standing.values()) == standing
    assert tuple(summary.by_severity) == tuple(summary.standing) == SEVERITIES
    assert tuple(summary.by_status) == STATUSES
    for coverage in report.coverage:
        assert sum(coverage.reasons.values()) == coverage.not_evaluated
        assert min(coverage.passed, coverage.failed, coverage.disabled) >= 0
    failing = [t for t in report.findings if t.status != "resolved" and not t.unevaluated]
    assert sum(coverage.failed for coverage in report.coverage) == len(failing)


def check_words(report: Report) -> None:
    for line in told(report):
        assert line.label
        assert line.title
        assert line.detail
        assert not re.search(r"\{\w*\}|\bNone\b(?! of the)|\bTrue\b|\bFalse\b|\[\]", line.detail), (
            line
        )


def test_counts_and_words_of_the_example() -> None:
    check_counts(example())
    check_words(example())


@given(registries())
@settings(max_examples=examples(25))
def test_counts_and_words_of_any_registry(files: RegistryFiles) -> None:
    report = run_audit(*files.read(), AS_OF, lambda _: None)
    check_counts(report)
    check_words(report)


@pytest.mark.parametrize("seed", range(3))
def test_counts_night_after_night(seed: int) -> None:
    log = MemoryLog()
    for night, files in enumerate([crowded(seed), crowded(seed + 100), parish()]):
        as_of = AS_OF + timedelta(night)
        report = run_audit(*files.read(), as_of, lambda _: None, log=log)
        check_counts(report)
        check_words(report)


def test_the_order_is_severity_entity_control_subject() -> None:
    def key(tracked: ReportedFinding) -> tuple[object, ...]:
        finding = tracked.finding
        rank = SEVERITIES.index(finding.severity)
        return (
            rank,
            finding.entity or "",
            finding.control,
            msgspec.structs.astuple(finding.subject),
        )

    findings = example().findings
    keys = [key(tracked) for tracked in findings]
    assert keys == sorted(keys)
    assert len(set(keys)) == len(keys)
    assert ordered(findings[::-1]) == findings


def test_labels_are_what_people_say() -> None:
    labels = {(line.control, line.subject.kind): line.label for line in told(example())}
    assert labels["orphaned-admin", "grant"].count(" on ") == 1
    assert labels["policy-review-overdue", "policy"] == example().context.policy.name
    assert labels["entity-without-head", "entity"] in {
        entity.name for entity in example().context.entities.values()
    }
    assert labels["incident-overdue", "incident"].startswith("incident inc-")
    kinds = {kind for _, kind in labels}
    assert kinds == {
        *("account", "grant", "login", "entity", "observation", "incident", "policy", "content")
    } | ({"person"} & kinds)


def test_ids_stand_in_for_subjects_that_are_gone() -> None:
    log = MemoryLog()
    run_audit(*read(DIOCESE), AS_OF, lambda _: None, log=log)
    report = run_audit(*parish().read(), AS_OF + timedelta(1), lambda _: None, log=log)
    gone = [tracked for tracked in report.findings if tracked.reason == "gone"]
    assert len(gone) > 100
    check_counts(report)
    check_words(report)
    for tracked in gone:
        subject = tracked.finding.subject
        shown = label(subject, subject.keys(), report.context, texts_of("en").words("reports"))
        assert any(value in shown for value in subject.keys().values()), shown
    text = b"".join(table_report(report, report.findings)).decode()
    assert text.count("resolved (gone)") == len(gone)
    assert max(map(len, text.splitlines())) <= 80


def test_evidence_that_was_too_large_for_the_log_is_said_to_be() -> None:
    report, tracked = one_finding()
    large = replace(tracked, finding=replace(tracked.finding, evidence=b"null"))
    assert "too large to show" in lines(report)(large).detail
    assert b"".join(json_report(report, [large]))
    assert b"".join(ocsf_report(report, [large]))


@pytest.mark.parametrize("evidence", [b"{}", b'{"because":"a reason of old"}'])
def test_evidence_of_an_earlier_release_does_not_stop_a_report(evidence: bytes) -> None:
    for tracked in example().findings:
        old = replace(tracked, finding=replace(tracked.finding, evidence=evidence))
        assert lines(example())(old).detail


def test_a_control_of_an_earlier_release_does_not_stop_a_report() -> None:
    report, tracked = one_finding()
    old = replace(tracked, finding=replace(tracked.finding, control="no-such-control"))
    line = lines(report)(old)
    assert (line.title, line.references) == ("A control of an earlier release", msgspec.Raw(b"{}"))
    assert b"no-such-control" in b"".join(table_report(report, [old]))


def one_finding() -> tuple[Report, ReportedFinding]:
    files = parish()
    files.row("accounts", 0, removal_path="none")
    report = run_audit(*files.read(), AS_OF, lambda _: None)
    [tracked] = report.findings
    return report, tracked


# -- the table -------------------------------------------------------------------------------------


def test_colours_do_not_change_the_words() -> None:
    report = example()
    plain = b"".join(table_report(report, report.findings))
    coloured = b"".join(table_report(report, report.findings, colour=True))
    assert b"\x1b[1;31mcritical" in coloured
    bare = re.sub(rb"\x1b\[[0-9;]*m", b"", coloured)
    assert [line.rstrip() for line in bare.splitlines()] == plain.splitlines()


@pytest.mark.parametrize("width", [1, 80, 110])
def test_the_width_is_kept_and_is_80_at_least(width: int) -> None:
    report = example()
    text = b"".join(table_report(report, report.findings, width=width)).decode()
    assert max(map(len, text.splitlines())) <= max(width, 80)


def test_entities_come_worst_first() -> None:
    report = example()
    text = b"".join(table_report(report, report.findings)).decode()
    tallies = [
        tuple(
            int(found[1]) if (found := re.search(rf"(\d+) {severity}", line)) else 0
            for severity in SEVERITIES
        )
        for line in text.partition("findings stand")[0].splitlines()
        if re.match(r"(\S.*)? {2,}\d+ (critical|high|medium|low)", line)
    ]
    assert len(tallies) > 10
    assert tallies == sorted(tallies, reverse=True)
    assert sum(map(sum, tallies)) == len(report.findings)


def test_a_clean_registry_says_so() -> None:
    report = run_audit(*parish().read(), AS_OF, lambda _: None)
    text = b"".join(table_report(report, report.findings)).decode()
    assert "\n0 findings stand\n" in text
    assert "\n  no findings\n" in text


def test_a_long_list_of_reasons_is_cut() -> None:
    snapshot, _ = parish().drop("logins", "observations", "incidents").read()
    bare = {column for column in snapshot.tracked if column.split(".")[1] in REQUIRED}
    report = run_audit(replace(snapshot, tracked=frozenset(bare)), Policy(), AS_OF, lambda _: None)
    text = b"".join(table_report(report, report.findings)).decode()
    assert re.search(r"\.\.\. and for \d+ more reasons \(see --format json\)", text)


REQUIRED = frozenset(
    ("id", "name", "status", "entity_id", "platform", "handle", "account_id", "person_id", "role")
)
