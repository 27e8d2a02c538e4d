"""Twenty thousand accounts, through the functions and offline: the same findings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import boto3
import pytest

from bench.generate import generate
from infra import local_stack
from tests.cloud_nights import whole
from tests.registries import AS_OF, read
from tests.stack.test_night import latest_report, rolecall

ACCOUNTS = 20_000
NAME = "rolecall-large"


@pytest.fixture(scope="module")
def large(deployed: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a large registry that a stack of its own has audited."""
    del deployed
    directory = tmp_path_factory.mktemp("large")
    generate(ACCOUNTS, directory)
    local_stack.deploy(NAME, "CheckpointRetentionDays=0", "ReportRetentionDays=0")
    rolecall("import", str(directory), "--stack", NAME, "--yes")
    rolecall("run", "--stack", NAME, "--wait", "--as-of", AS_OF.date().isoformat())
    return directory


def test_twenty_thousand_accounts(large: Path) -> None:
    stacks = boto3.client("cloudformation").describe_stacks(StackName=NAME)["Stacks"]
    outputs = {one["OutputKey"]: one["OutputValue"] for one in stacks[0]["Outputs"]}
    report = latest_report({"outputs": outputs})
    policy = (large / "policy.toml").read_text(encoding="utf-8")
    offline = whole(read(large)[0], policy)

    def told(findings: list[dict[str, Any]]) -> dict[str, Any]:
        names = ("severity", "entity", "evidence", "evidence_digest", "detail")
        return {
            one["id"]: [one[name] for name in names]
            for one in findings
            if one["status"] != "resolved"
        }

    assert len(offline["findings"]) > ACCOUNTS
    assert told(report["findings"]) == told(offline["findings"])
    if report["run"]["number"] == 1:
        assert report["summary"] == offline["summary"]
        assert report["coverage"] == offline["coverage"]
