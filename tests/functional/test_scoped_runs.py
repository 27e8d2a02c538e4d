"""An audit of part of it is no night: it counts as none, and is no point in the trend of all."""

from __future__ import annotations

import json
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from rolecall.reports.trend import TrendPoint
from rolecall.run import PolicyInfo, RegistryInfo, Run, ScopeInfo
from rolecall.usecases.runs.history import trend_before
from tests.cloud import Cloud, Invocation, begins
from tests.cloud_nights import after_a_night, finish, items, plan
from tests.functional.command import EXAMPLE, rolecall
from tests.registries import AS_OF

ENTITY = "northern-deanery"


def metrics(text: str) -> dict[str, float]:
    """Return the sums of what was sent, by name."""
    found: dict[str, float] = {}
    for line in text.splitlines():
        told: dict[str, Any] = json.loads(line) if line.startswith('{"_aws"') else {}
        for directive in told.get("_aws", {}).get("CloudWatchMetrics", ()):
            for metric in directive["Metrics"]:
                name = metric["Name"]
                values = told[name] if isinstance(told[name], list) else [told[name]]
                found[name] = found.get(name, 0) + sum(values)
    return found


def run_of(sky: Cloud, days: int, **limits: str) -> dict[str, Any]:
    """Run a night, or part of one."""
    planned = plan(sky, AS_OF + timedelta(days), **limits)
    for item in items(sky, planned):
        sky.function("audit").handler(item, Invocation())
    finish(sky, planned)
    name = f"{planned['prefix']}/proof.json"
    proof: dict[str, Any] = json.loads(sky.stack().files.get(name))
    return proof


@begins(after_a_night)
def test_what_a_head_has_audited_is_no_night_and_no_point_of_the_trend(
    sky: Cloud, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    proof = run_of(sky, 1, entity=ENTITY)
    sent = metrics(capsys.readouterr().out)
    assert sent["LimitedRunsCompleted"] == 1
    # What RunLate watches, and what the dashboard takes for the state of all.
    names = {"RunsCompleted", "ChecksEvaluated", "Coverage", "RunDuration"}
    assert not {one for one in sent if one in names or one.startswith("Standing")}
    # The whole run before is no point in the trend of the part.
    assert proof["trend"] == []
    proof = run_of(sky, 2)
    sent = metrics(capsys.readouterr().out)
    assert sent["RunsCompleted"] == 1
    assert "StandingCritical" in sent
    assert "LimitedRunsCompleted" not in sent
    assert [point["number"] for point in proof["trend"]] == [1]
    assert [point["number"] for point in run_of(sky, 3, entity=ENTITY)["trend"]] == [2]


@begins(after_a_night)
def test_what_stands_is_told_once_however_often_a_batch_is_audited(
    sky: Cloud, capsys: pytest.CaptureFixture[str]
) -> None:
    planned = plan(sky, AS_OF + timedelta(1))
    capsys.readouterr()
    for item in items(sky, planned):
        for _ in range(2):
            sky.function("audit").handler(item, Invocation())
    report = finish(sky, planned)
    sent = metrics(capsys.readouterr().out)
    standing = {
        severity: sent[f"Standing{severity.title()}"]
        for severity in ("critical", "high", "medium", "low")
    }
    assert standing == report["summary"]["standing"]
    assert sum(standing.values()) > 0


def test_the_trend_of_a_report_is_of_its_scope(tmp_path: Path) -> None:
    key, log = tmp_path / "key", tmp_path / "log"
    limits: list[list[str]] = [
        *([], ["--entity", ENTITY], ["--control", "orphaned-admin"], [], ["--entity", ENTITY]),
        *(["--control", "orphaned-admin"], []),
    ]
    trends = []
    for day, limit in enumerate(limits, 2):
        audited = rolecall(
            *("audit", EXAMPLE, "--as-of", f"2026-11-{day:02}", "--log", log, *limit),
            *("--signing-key", key, "--output", tmp_path / "x"),
        )
        assert audited.status == 0, audited.stderr
        bundle = tmp_path / f"{day}.zip"
        made = ("report", log, "--run", str(day - 1), "--format", "proof", "--output", bundle)
        assert rolecall(*made).status == 0
        with zipfile.ZipFile(bundle) as archive:
            facts = json.loads(archive.read("reports/facts.json"))
        trends.append([point["number"] for point in facts["trend"]])
    assert trends == [[], [], [], [1], [2], [3], [1, 4]]


def test_scopes_are_alike_whatever_the_order_of_their_controls() -> None:
    run = Run(
        id="0" * 32,
        number=9,
        as_of=AS_OF,
        policy=PolicyInfo("p", None, ""),
        registry=RegistryInfo("", {}),
        scope=ScopeInfo(None, ["b", "a"]),
        rolecall="0",
    )
    points = [
        (ScopeInfo(*scope), TrendPoint(number, AS_OF, {}))
        for number, scope in enumerate(
            [(None, None), (None, ["a", "b"]), ("e", ["a", "b"]), (None, ["a"]), ("e", None)]
        )
    ]
    assert [point.number for point in trend_before(run, points)] == [1]
