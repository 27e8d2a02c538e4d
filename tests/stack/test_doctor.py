"""``rolecall doctor`` on the stack of ``make up``: nothing critical, and what it lacks is named."""

from __future__ import annotations

import json
from typing import Any

from rolecall.usecases.doctor.catalogue import STACK_GROUPS, doctor_checks
from tests.functional.command import rolecall

MEANT = {"schedule-state", "alarm-address", "offices-filled", "pool-users"}
"""What ``make up`` leaves so: no schedule, no address, one person in each office; and other tests
of this stack a user whose address is not verified."""


def test_a_fresh_stack_has_nothing_critical(deployed: dict[str, Any]) -> None:
    ended = rolecall("doctor", "--stack", deployed["stack"], "--format", "json")
    assert ended.status == 1, ended.stderr
    told = ended.json
    worse = [one for one in told["diagnoses"] if one["gravity"] != "note"]
    assert {one["check"] for one in worse} <= MEANT, worse
    assert "critical" not in {one["gravity"] for one in worse}
    # What an emulator has none of is named, each, and so is what this one does not answer.
    lacking = {one.id for one in doctor_checks(STACK_GROUPS).values() if not one.on_emulator}
    unchecked = {one["check"] for one in told["not_checked"]}
    assert lacking <= unchecked
    assert unchecked - lacking <= {"revocation-stream"}
    assert told["checked"] > 2 * len(lacking)


def test_the_role_is_enough(deployed: dict[str, Any], monkeypatch: Any) -> None:
    import boto3

    given = boto3.client("sts").assume_role(
        RoleArn=deployed["outputs"]["DoctorRoleArn"], RoleSessionName="test"
    )["Credentials"]
    own = json.loads(rolecall("doctor", "--stack", deployed["stack"], "--format", "json").text)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", given["AccessKeyId"])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", given["SecretAccessKey"])
    monkeypatch.setenv("AWS_SESSION_TOKEN", given["SessionToken"])
    told = json.loads(rolecall("doctor", "--stack", deployed["stack"], "--format", "json").text)
    assert told["not_checked"] == own["not_checked"]
    assert told["checked"] == own["checked"]
