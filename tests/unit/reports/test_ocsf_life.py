"""The OCSF report over the life of findings: every status, and every value of the example."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from py_ocsf_models.events.findings.activity_id import ActivityID
from py_ocsf_models.events.findings.compliance_finding import ComplianceFinding
from py_ocsf_models.events.findings.compliance_finding_type_id import ComplianceFindingTypeID
from py_ocsf_models.events.findings.severity_id import SeverityID
from py_ocsf_models.events.findings.status_id import StatusID

from rolecall.ledger.memory_log import MemoryLog
from rolecall.reports.ocsf_report import ocsf_report
from rolecall.reports.report import Report
from rolecall.status import Status
from rolecall.usecases.runs.local import run_audit
from tests.registries import AS_OF, parish, read

DIOCESE = Path(__file__).parents[3] / "examples" / "diocese"
# These models do not know compliance.status, which the schema has beside status_id.
UNMODELLED = {"compliance.status"}


@pytest.fixture(scope="module")
def report() -> Report:
    return run_audit(*read(DIOCESE), AS_OF, lambda _: None, log=MemoryLog())


def events(report: Report) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(b"".join(ocsf_report(report, report.findings)))
    return found


def paths(value: Any, where: str = "") -> set[str]:
    """Return the path of every field; what is unmapped is ours alone."""
    if isinstance(value, Mapping) and where != "unmapped":
        inner = [(f"{where}.{key}".lstrip("."), one) for key, one in value.items()]
        return {key for key, _ in inner} | {p for key, one in inner for p in paths(one, key)}
    if isinstance(value, list):
        return {path for one in value for path in paths(one, where)}
    return set()


def test_no_field_is_unknown_to_the_schema(report: Report) -> None:
    for event in events(report):
        told = ComplianceFinding.model_validate(event).model_dump(exclude_none=True)
        assert paths(event) - paths(told) <= UNMODELLED
        assert paths(told) <= paths(event)


def test_no_field_is_empty(report: Report) -> None:
    for event in events(report):
        assert "" not in [event["message"], *event["resources"][0].values()]
        assert event["resources"][0].get("group") != {"name": ""}
        assert event["remediation"]["desc"]
        assert event["compliance"]["standards"]
        assert event["compliance"]["requirements"]


def test_ids_agree_with_their_captions(report: Report) -> None:
    for event in events(report):
        assert ActivityID(event["activity_id"]).name == event["activity_name"]
        assert SeverityID(event["severity_id"]).name == event["severity"]
        assert StatusID(event["status_id"]).name == event["status"].replace(" ", "")
        assert ComplianceFindingTypeID(event["type_uid"]).name == event["activity_name"]
        assert event["severity"].lower() in ("critical", "high", "medium", "low")


def test_uids_are_unique_and_findings_keep_theirs(report: Report) -> None:
    found = events(report)
    assert len({event["metadata"]["uid"] for event in found}) == len(found)
    assert {e["finding_info"]["uid"] for e in found} == {t.finding.id for t in report.findings}


@pytest.mark.parametrize(
    ("status", "activity", "told", "compliance"),
    [
        ("new", "Create", "New", "Fail"),
        ("open", "Update", "In Progress", "Fail"),
        ("regressed", "Create", "In Progress", "Fail"),
        ("waived", "Update", "Suppressed", "Fail"),
        ("resolved", "Close", "Resolved", "Pass"),
    ],
)
def test_statuses(
    report: Report, status: Status, activity: str, told: str, compliance: str
) -> None:
    tracked = replace(report.findings[0], status=status)
    [event] = json.loads(b"".join(ocsf_report(report, [tracked])))
    assert (event["activity_name"], event["status"]) == (activity, told)
    assert event["compliance"]["status"] == compliance
    assert event["compliance"]["status_id"] == {"Pass": 1, "Fail": 3}[compliance]
    assert event["unmapped"]["status"] == status
    ComplianceFinding.model_validate(event)


def test_times_are_milliseconds_of_the_instants() -> None:
    files = parish()
    files.row("accounts", 0, removal_path="none")
    log = MemoryLog()
    later = AS_OF + timedelta(days=1, milliseconds=123)
    run_audit(*files.read(), AS_OF, lambda _: None, log=log)
    [event] = events(run_audit(*files.read(), later, lambda _: None, log=log))
    assert event["finding_info"]["first_seen_time"] == 1_793_577_600_000
    assert event["time"] == event["finding_info"]["last_seen_time"] == 1_793_664_000_123
    assert ComplianceFinding.model_validate(event).time_dt == later
    assert event["metadata"]["profiles"] == ["datetime"]


def test_nothing_found_is_an_empty_array() -> None:
    assert events(run_audit(*parish().read(), AS_OF, lambda _: None)) == []
