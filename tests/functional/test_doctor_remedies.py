"""The doctor's remedies work: what it says to do is done, and it says nothing of it any more.

The stack is moto's, after a night; what moto does not have is refused, as AWS would refuse it.
"""

from __future__ import annotations

from collections.abc import Callable
from unittest import mock

import boto3
import pytest

from rolecall import __version__
from rolecall.aws.doctor import stack_survey
from rolecall.aws.doctor.probe import READING
from rolecall.usecases.doctor.catalogue import STACK_GROUPS, doctor_checks
from rolecall.usecases.doctor.examination import Examination, examine
from tests.cloud import NOW, Cloud, begins
from tests.cloud_nights import after_a_night
from tests.second_engine import PROGRAM

pytestmark = [
    begins(after_a_night),
    # The second engine takes a table's protection and recovery for said, and keeps neither.
    pytest.mark.skipif(bool(PROGRAM), reason="on moto: the second engine keeps no settings"),
]

LACKING = ("cloudformation", "cognito-identity-provider")
TABLES = ("RegistryTable", "FindingsTable", "AuditLogTable", "VaultTable", "DeskTable")


@pytest.fixture
def asked(sky: Cloud, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return what is asked of moto; what it lacks is refused, and the stack describes itself."""
    found: list[str] = []
    queue = boto3.client("sqs").create_queue(QueueName="failures")["QueueUrl"]
    topic = boto3.client("sns").create_topic(Name="alarms")["TopicArn"]
    outputs = {
        **sky.outputs,
        "Release": __version__,
        "FailureQueueUrl": queue,
        "AlarmTopicArn": topic,
        "UserPoolId": "us-east-1_pool",
        "DataKeyArn": sky.outputs["VaultKeyArn"],
    }
    stack = {
        "StackName": "test",
        "StackStatus": "CREATE_COMPLETE",
        "Parameters": [],
        "Outputs": [{"OutputKey": k, "OutputValue": v} for k, v in outputs.items()],
    }
    described = {"Stacks": [stack], "ResponseMetadata": {}}
    monkeypatch.setattr(stack_survey, "described_stack", lambda _: described)
    refused = mock.Mock(status_code=403), {"Error": {"Code": "AccessDenied", "Message": "no"}}
    for service in LACKING:
        boto3.DEFAULT_SESSION.events.register(f"before-call.{service}.*", lambda **_: refused)
    boto3.DEFAULT_SESSION.events.register(
        "provide-client-params.*.*", lambda model, **_: found.append(model.name)
    )
    return found


def examined() -> Examination:
    state = stack_survey.survey_stack("test", lambda: NOW)
    return examine(doctor_checks(STACK_GROUPS).values(), state)


def said(check: str) -> set[str]:
    """Return of what a check has something to say."""
    return {one.subject for one in examined().diagnoses if one.check == check}


def protect(sky: Cloud) -> None:
    for table in TABLES:
        boto3.client("dynamodb").update_table(
            TableName=sky.outputs[table], DeletionProtectionEnabled=True
        )


def restorable(sky: Cloud) -> None:
    for table in TABLES:
        boto3.client("dynamodb").update_continuous_backups(
            TableName=sky.outputs[table],
            PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True},
        )


def private(sky: Cloud) -> None:
    names = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
    for bucket in ("ReportBucket", "WorkBucket"):
        boto3.client("s3").put_public_access_block(
            Bucket=sky.outputs[bucket], PublicAccessBlockConfiguration=dict.fromkeys(names, True)
        )


def expiring(sky: Cloud) -> None:
    rule = {
        "ID": "expire",
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "Expiration": {"Days": 7},
    }
    boto3.client("s3").put_bucket_lifecycle_configuration(
        Bucket=sky.outputs["WorkBucket"], LifecycleConfiguration={"Rules": [rule]}
    )


def rotated(sky: Cloud) -> None:
    boto3.client("kms").enable_key_rotation(KeyId=sky.outputs["VaultKeyArn"])


def subscribed(_: Cloud) -> None:
    topics = boto3.client("sns")
    [topic] = topics.list_topics()["Topics"]
    topics.subscribe(TopicArn=topic["TopicArn"], Protocol="email", Endpoint="a@example.org")


REMEDIES: dict[str, tuple[set[str], Callable[[Cloud], object]]] = {
    "table-protection": (set(TABLES), protect),
    "table-recovery": (set(TABLES), restorable),
    "bucket-public": ({"ReportBucket", "WorkBucket"}, private),
    "work-files": ({""}, expiring),
    "key-rotation": ({"DataKey", "VaultKey"}, rotated),
    "alarm-address": ({""}, subscribed),
}


@pytest.mark.usefixtures("asked")
def test_what_the_doctor_says_to_do_helps(sky: Cloud) -> None:
    found = examined()
    ill = {
        check: {one.subject for one in found.diagnoses if one.check == check} for check in REMEDIES
    }
    assert ill == {check: subjects for check, (subjects, _) in REMEDIES.items()}
    for _, mend in REMEDIES.values():
        mend(sky)
    mended = {one.check for one in examined().diagnoses}
    assert not mended & set(REMEDIES)


def test_nothing_is_written_and_nothing_is_taken_for_fine(asked: list[str]) -> None:
    del asked[:]
    found = examined()
    assert len(asked) > 50
    assert {one for one in asked if not one.startswith(READING)} <= {"Query"}
    told = {one.check: one.why for one in found.unchecked}
    assert told["schedule-state"] == "AWS refused cloudformation:ListStackResources"
    assert told["pool-closed"] == "AWS refused cognito-idp:DescribeUserPool"
    assert "DescribeKey" in told["key-kind"]
    # The tables have no format of their own, as nothing but a night was there.
    assert "table-format" not in told


@pytest.mark.usefixtures("asked")
def test_a_key_that_waits_for_its_deletion_is_seen(sky: Cloud) -> None:
    key = sky.outputs["FingerprintKeyArn"].rpartition("/")[2]
    boto3.client("kms").schedule_key_deletion(KeyId=key)
    [one] = [each for each in examined().diagnoses if each.check == "key-state"]
    assert (one.gravity, one.subject) == ("critical", "FingerprintKey")
    assert "FingerprintKey will be deleted on " in one.what


@pytest.mark.usefixtures("asked")
def test_buckets_without_policies_are_seen() -> None:
    assert said("bucket-policy") == {"ReportBucket", "WorkBucket"}
