"""The OCSF report held against the published models of the schema."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from py_ocsf_models import OCSF_VERSION as MODELLED
from py_ocsf_models.events.findings.compliance_finding import ComplianceFinding

from rolecall.ledger.memory_log import MemoryLog
from rolecall.model import Policy
from rolecall.registry.reading import read_registry
from rolecall.reports.ocsf_report import OCSF_VERSION, ocsf_report
from rolecall.reports.report import Report
from rolecall.usecases.runs.local import run_audit

DIOCESE = Path(__file__).parents[3] / "examples" / "diocese"
AS_OF = datetime(2026, 11, 2, tzinfo=UTC)


def events(report: Report) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(b"".join(ocsf_report(report, report.findings)))
    return found


@pytest.fixture(scope="module")
def nights() -> list[list[dict[str, Any]]]:
    """Three nights: all new, one fixed by a laxer policy, and broken again."""
    snapshot = read_registry(DIOCESE, date(2026, 11, 2)).snapshot
    lax = Policy(controls={"dormant-account": {"enabled": False}})
    log = MemoryLog()
    return [
        events(run_audit(snapshot, policy, AS_OF + timedelta(n), lambda _: None, log=log))
        for n, policy in enumerate((Policy(), lax, Policy()))
    ]


def test_the_version_is_the_modelled_one() -> None:
    assert OCSF_VERSION == MODELLED


def test_every_event_is_a_compliance_finding(nights: list[list[dict[str, Any]]]) -> None:
    for event in (event for night in nights for event in night):
        told = ComplianceFinding.model_validate(event).model_dump(exclude_none=True)
        assert event.keys() == told.keys()
        for part in ("finding_info", "metadata", "remediation"):
            assert event[part].keys() == told[part].keys()
        # The schema has compliance.status; these models know status_id alone.
        assert event["compliance"].keys() - told["compliance"].keys() <= {"status"}
        assert event["type_uid"] == event["class_uid"] * 100 + event["activity_id"]
        assert event["metadata"]["version"] == OCSF_VERSION


def test_life_is_told(nights: list[list[dict[str, Any]]]) -> None:
    told = [
        {
            (
                e["unmapped"]["status"],
                e["activity_id"],
                e["status_id"],
                e["compliance"]["status_id"],
            )
            for e in night
            if e["compliance"]["control"] == "dormant-account"
        }
        for night in nights
    ]
    assert told[0] == {("new", 1, 1, 3)}
    assert told[1] == {("resolved", 3, 4, 1)}
    assert told[2] == {("regressed", 1, 2, 3)}
    others = {e["unmapped"]["status"] for e in nights[1]} - {"resolved"}
    assert others <= {"new", "open"}
