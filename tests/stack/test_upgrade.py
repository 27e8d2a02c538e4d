"""A stack that an earlier release left is brought along on the emulator, by the command line.

The tables and buckets are those of that release's template, in a stack of their own beside the one
of ``make up``, with what the release left in them; then those of today's template, as a deployment
makes of them.
"""

from __future__ import annotations

import base64
import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import boto3
import pytest

from rolecall import __version__
from rolecall.aws.clients import client
from rolecall.aws.formats import FORMATS, read_format
from rolecall.aws.remote import find_stack
from rolecall.aws.settings import SETTINGS
from rolecall.aws.upgrades.upgrade import Upgrade
from rolecall.ledger.log import records
from rolecall.ledger.sealing import seal_all
from tests.api import call
from tests.cloud import NOW, SIGNER, Cloud, template
from tests.cloud_nights import night
from tests.releases.make import SECOND, fixed_day, ok, user
from tests.releases.stored import RELEASES, Release, put_back
from tests.stack.test_night import refused, rolecall

NAME = "rolecall-of-old"
TAKEN = ("KeySchema", "AttributeDefinitions", "GlobalSecondaryIndexes", "BillingMode")


def state_of(whole: Mapping[str, Any], deployed: Mapping[str, Any]) -> str:
    """Return the part of a template that holds a stack's records, and its outputs.

    Whatever else a stack has is that of ``make up``.
    """
    kept: dict[str, Any] = {}
    for name, resource in whole["Resources"].items():
        properties = resource.get("Properties", {})
        if resource["Type"] == "AWS::DynamoDB::Table":
            kept[name] = {part: properties[part] for part in TAKEN if part in properties}
        elif resource["Type"] == "AWS::S3::Bucket":
            kept[name] = {}
    outputs = {
        output: {"Value": {"Ref": output} if output in kept else one.get("Value")}
        for output, one in whole["Outputs"].items()
    }
    for output, one in outputs.items():
        if not isinstance(one["Value"], str) and output not in kept:
            one["Value"] = deployed[output]
    # Its log goes on under its own key; the emulator's CloudFormation makes no locks.
    outputs["LogName"] = {"Value": SIGNER.key.name}
    for name in ("CheckpointRetentionDays", "ReportRetentionDays"):
        outputs[name] = {"Value": "0"}
    return json.dumps(
        {
            "AWSTemplateFormatVersion": "2010-09-09",
            "Resources": {
                name: {"Type": whole["Resources"][name]["Type"], "Properties": properties}
                for name, properties in kept.items()
            },
            "Outputs": outputs,
        }
    )


def outputs_of(formation: Any) -> dict[str, str]:
    found = formation.describe_stacks(StackName=NAME)["Stacks"][0]["Outputs"]
    return {one["OutputKey"]: one["OutputValue"] for one in found}


def wait(formation: Any, what: str) -> None:
    waiter = formation.get_waiter(f"stack_{what}_complete")
    waiter.wait(StackName=NAME, WaiterConfig={"Delay": 1, "MaxAttempts": 120})


def gone(formation: Any, outputs: Mapping[str, str]) -> None:
    """Delete the stack, and what is in its buckets."""
    objects = boto3.resource("s3", endpoint_url=os.environ["AWS_ENDPOINT_URL"])
    for output in ("ReportBucket", "WorkBucket"):
        if output in outputs:
            objects.Bucket(outputs[output]).objects.all().delete()
    formation.delete_stack(StackName=NAME)
    wait(formation, "delete")


@pytest.fixture(params=RELEASES, ids=repr)
def left(
    request: pytest.FixtureRequest, deployed: dict[str, Any]
) -> Iterator[tuple[Release, dict[str, str]]]:
    """Give a stack as a release left it."""
    release: Release = request.param
    formation = client("cloudformation")
    with suppress(formation.exceptions.ClientError):
        gone(formation, outputs_of(formation))
    body = state_of(release.template, deployed["outputs"])
    formation.create_stack(StackName=NAME, TemplateBody=body)
    wait(formation, "create")
    outputs = outputs_of(formation)
    put_back(release, outputs)
    yield release, outputs
    gone(formation, outputs)


def test_a_stack_that_a_release_left_is_brought_along(
    left: tuple[Release, dict[str, str]], deployed: dict[str, Any], tmp_path: Path
) -> None:
    release, outputs = left
    # Nothing is upgraded before it is deployed.
    assert "deploy this release first" in refused("upgrade", "--stack", NAME)
    formation = client("cloudformation")
    body = state_of(template(), deployed["outputs"])
    formation.update_stack(StackName=NAME, TemplateBody=body)
    wait(formation, "update")
    now = outputs_of(formation)
    # The deployment keeps the tables and buckets that there are.
    assert {one: now[one] for one in outputs} == outputs
    dry = rolecall("upgrade", "--stack", NAME, "--dry-run")
    steps = len(re.findall(r" format \d+ to \d+: ", dry))
    assert steps >= len(FORMATS)
    assert dry.endswith("nothing was changed\n")
    # One that was interrupted after two steps; then one that goes on.
    stack = find_stack(NAME, lambda: NOW)
    begun = Upgrade(stack).run(NOW, "arn:aws:iam::000000000000:root")
    assert [next(begun).table, next(begun).table] == list(FORMATS)[:2]
    del begun
    assert f"{steps - 2} steps, each on record" in rolecall("upgrade", "--stack", NAME)
    assert rolecall("upgrade", "--stack", NAME) == f"{NAME} is up to date\n"
    tables = client("dynamodb")
    assert {one: read_format(tables, one, now[one]).number for one in FORMATS} == FORMATS
    told = [one for one in records(stack.log) if one.action == "stack.upgraded"]
    assert len(told) == steps
    assert {one.payload["rolecall"] for one in told} == {__version__}
    goes_on(now)
    proof, key = str(tmp_path / "proof.zip"), release.verifier_key
    assert seal_all(stack.log, SIGNER) is not None
    rolecall("log", "export", "--stack", NAME, "--output", proof)
    kept = tmp_path / "kept"
    kept.write_bytes(checkpoint_of(release))
    said = rolecall("verify", proof, "--key", key, "--since", str(kept))
    assert said.startswith("valid\n")
    assert "continues your checkpoint" in said


def checkpoint_of(release: Release) -> bytes:
    """Return the last checkpoint that the stack of a release published."""
    notes = {
        line["name"]: line["data"]
        for line in release.lines()
        if line.get("bucket") == "ReportBucket" and line["name"].startswith("checkpoints/")
    }
    return base64.b64decode(notes[max(notes)])


def goes_on(outputs: Mapping[str, str]) -> None:
    """Run a night over what was left, and have people go on, in this process."""
    made = (*FORMATS, "ReportBucket", "WorkBucket", "VaultKeyArn", "FingerprintKeyArn")
    sky = Cloud({name: outputs[name] for name in made})
    for name in ("CheckpointRetentionDays", "ReportRetentionDays"):
        sky.outputs[name] = sky.environment[SETTINGS[name]] = "0"
    with mock.patch.dict(os.environ, sky.environment):
        report = night(sky, SECOND + timedelta(days=1))
        assert report["run"]["number"] == 3
        assert {one["status"] for one in report["findings"]} >= {"open", "waived"}
        api = sky.function("api")
        with fixed_day(api):
            head = user("p-040")
            listed = ok(call(api, "GET", "/v1/revocations", head))["items"]
            assert {one["state"] for one in listed} == {"confirmed", "needs_human", "cancelled"}
