"""A stack from its first deployment to its end, and what takes it up, as ``docs/deploy.md`` has it.

It has a stack of its own beside that of ``make up``, with answers that are not the defaults, and
builds all of it three times: minutes, for the wide tier.
"""

from __future__ import annotations

import json
import os
import subprocess
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from infra.deployment import SETTINGS
from infra.remains import kept_resources, read_remains
from tests.cloud import ROOT, template
from tests.stack.test_night import EXAMPLE, refused, rolecall
from tests.stack.test_vault import LOGIN, REASON, vault
from tests.tiers import TIER

pytestmark = pytest.mark.skipif(TIER == "test", reason="minutes: ROLECALL_TIER=wide has it")

OLD, NEW = "rolecall-ending", "rolecall-anew"
NIGHTS = 10
ANSWERS = (
    "Local=yes ScheduleState=DISABLED Organisation='Diözese von Ellerwick' KeptVersions=5 "
    "LogName=ellerwick.example/audit CheckpointRetentionDays=1 ReportRetentionDays=1 "
    "Schedule='cron(0 4 * * ? *)'"
)


def make(*arguments: str) -> tuple[int, str]:
    """Run make as an operator does without a terminal; return how it ended and what it said."""
    settings = {"ROLECALL_BUILD": "local", "SAM_CLI_TELEMETRY": "0"}
    done = subprocess.run(
        ["make", "-s", *arguments, "ENVIRONMENT=ending"],
        cwd=ROOT,
        env={**os.environ, **settings},
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return done.returncode, done.stdout


def left_file(name: str) -> Path:
    """Return where it is kept what a stack left."""
    return ROOT / f"remains-{name}.json"


def made(*arguments: str) -> str:
    status, said = make(*arguments)
    assert status == 0, said[-3000:]
    return said


def described(name: str) -> dict[str, Any]:
    found: dict[str, Any] = boto3.client("cloudformation").describe_stacks(StackName=name)
    (one,) = found["Stacks"]
    outputs = {part["OutputKey"]: part["OutputValue"] for part in one.get("Outputs", ())}
    given = {part["ParameterKey"]: part["ParameterValue"] for part in one.get("Parameters", ())}
    return {**one, "outputs": outputs, "parameters": given}


@pytest.fixture
def ending(deployed: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Deploy a stack with answers of its own, and clear away whatever there is after the test."""
    assert deployed
    before = SETTINGS.read_bytes() if SETTINGS.exists() else None
    try:
        made("deploy", f"STACK={OLD}", f"WITH={ANSWERS}")
        found = described(OLD)
        yield found
    finally:
        for name in (OLD, NEW):
            make("destroy", f"STACK={name}", f"CONFIRM={name} unsealed")
            left_file(name).unlink(missing_ok=True)
        SETTINGS.unlink(missing_ok=True)
        if before is not None:
            SETTINGS.write_bytes(before)


def test_a_stack_ends_and_another_takes_it_up(ending: dict[str, Any], tmp_path: Path) -> None:
    changes_nothing_twice(ending)
    secret = f"kestrel-{uuid.uuid4().hex}"
    rolecall("import", str(EXAMPLE), "--stack", OLD, "--yes")
    vault("put", OLD, *LOGIN, "--as", "p-007", secret={"password": secret})
    for night in range(NIGHTS):
        rolecall("run", "--stack", OLD, "--wait", "--as-of", f"2026-11-{night + 2:02}")
    before = str(tmp_path / "before.zip")
    rolecall("log", "export", "--stack", OLD, "--output", before)
    key = subprocess.check_output(["unzip", "-p", before, "key.pub"], text=True).strip()
    kept = tmp_path / "checkpoint"
    kept.write_bytes(subprocess.check_output(["unzip", "-p", before, "checkpoint"]))
    # On record after the last seal of a night.
    vault("reveal", OLD, *LOGIN, "--as", "p-007", *REASON, "--stdout")
    ends(ending)
    # Another stack, of another name.
    made("adopt", f"STACK={NEW}", f"REMAINS={left_file(OLD)}")
    anew = described(NEW)["outputs"]
    was = ending["outputs"]
    for name in ("Organisation", "LogName", "VaultKeyArn", "SigningKeyArn", "AuditLogTable"):
        assert anew[name] == was[name]
    shown = vault("reveal", NEW, *LOGIN, "--as", "p-007", *REASON, "--stdout")
    assert json.loads(shown)["password"] == secret
    rolecall("run", "--stack", NEW, "--wait", "--as-of", f"2026-11-{NIGHTS + 2:02}")
    assert len(rolecall("runs", "--stack", NEW).splitlines()) == NIGHTS + 1
    after = str(tmp_path / "after.zip")
    rolecall("log", "export", "--stack", NEW, "--output", after)
    assert rolecall("verify", before, "--key", key).startswith("valid\n")
    said = rolecall("verify", after, "--key", key, "--since", str(kept))
    assert said.startswith("valid\n")
    assert "continues your checkpoint" in said
    actions = [
        json.loads(line)["action"]
        for line in rolecall("log", "show", "--stack", NEW, "--format", "json").splitlines()
    ]
    assert actions.count("secret.revealed") == 2
    # It is a stack like any other.
    assert "No changes to deploy" in made("deploy")


def changes_nothing_twice(ending: dict[str, Any]) -> None:
    """Deploy again, with the answers that were kept and with one that must not change."""
    assert ending["outputs"]["Organisation"] == "Diözese von Ellerwick"
    assert ending["parameters"]["KeptVersions"] == "5"
    assert "No changes to deploy" in made("deploy")
    status, said = make("deploy", "WITH=Organisation=another")
    assert status != 0
    assert "refused, and nothing was changed" in said
    assert "Organisation is 'Diözese von Ellerwick' in the stack" in said
    found = described(OLD)
    assert (found["parameters"], found["outputs"]) == (ending["parameters"], ending["outputs"])


def ends(ending: dict[str, Any]) -> None:
    """End the stack, and look at what remains."""
    outputs = ending["outputs"]
    status, said = make("destroy")
    assert status != 0
    assert f"CONFIRM={OLD}" in said
    said = made("destroy", f"CONFIRM={OLD}")
    assert "the log is sealed, at size " in said
    assert "files of nights" in said
    assert described(ending["StackId"])["StackStatus"] == "DELETE_COMPLETE"
    assert f"there is no stack {OLD}" in refused("runs", "--stack", OLD)
    left = read_remains(left_file(OLD))
    assert set(left.resources) == set(kept_resources(template()))
    for physical in left.resources.values():
        assert physical in said
    tables, keys, s3 = (boto3.client(one) for one in ("dynamodb", "kms", "s3"))
    for name, physical in left.resources.items():
        if name.endswith("Table"):
            assert tables.describe_table(TableName=physical)["Table"]["TableStatus"] == "ACTIVE"
        elif name.endswith("Key"):
            found = keys.describe_key(KeyId=physical)["KeyMetadata"]
            assert found["KeyState"] == "Enabled"
    boto3.client("cognito-idp").describe_user_pool(UserPoolId=left.resources["UserPool"])
    assert s3.list_objects_v2(Bucket=outputs["ReportBucket"], Prefix="checkpoints/")["KeyCount"]
    with pytest.raises(ClientError):
        s3.head_bucket(Bucket=outputs["WorkBucket"])
    with pytest.raises(ClientError):
        tables.describe_table(TableName=outputs["AnswersTable"])
