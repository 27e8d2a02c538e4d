"""``rolecall doctor``: each check on a stack that is well and on one that is not."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple
from unittest import mock

import pytest

from rolecall.aws.doctor.probe import READING, Probe
from rolecall.aws.doctor.stack_survey import survey_stack
from rolecall.usecases.doctor.before.answers_fit import RANGES, WORDS
from rolecall.usecases.doctor.catalogue import BEFORE, STACK_GROUPS, doctor_checks
from rolecall.usecases.doctor.check import GRAVITIES
from rolecall.usecases.doctor.examination import Examination, examine
from tests.cloud import template
from tests.deployed_template import AT, DeployedTemplate
from tests.functional.command import Ended, rolecall
from tests.infrastructure.test_template import every, statements
from tests.releases.stored import RELEASES
from tests.tiers import some

WELL = {"AlarmEmail": "alarms@example.org"}
How = Callable[[DeployedTemplate], object]


def nothing(_: DeployedTemplate) -> None:
    """Change nothing: the parameters alone are wrong."""


def put(operation: str, *path: Any, value: Any, where: dict[str, Any] | None = None) -> How:
    """Return what has an answer say something else.

    :param path: to what is said; the last name is put.
    """

    def how(aws: DeployedTemplate) -> None:
        def change(answer: Any) -> None:
            for name in path[:-1]:
                answer = answer[name]
            answer[path[-1]] = value

        aws.change(operation, change, **(where or {}))

    return how


def answer(operation: str, found: Any) -> How:
    """Return what has an operation answer this."""
    return lambda aws: aws.change(operation, lambda _: found)


def policy(operation: str, change: Callable[[list[dict[str, Any]]], object]) -> How:
    """Return what changes the statements of a policy."""

    def changed(told: dict[str, Any]) -> None:
        document = json.loads(told["Policy"])
        change(document["Statement"])
        told["Policy"] = json.dumps(document)

    return lambda aws: aws.change(operation, changed)


def signed_by_another(aws: DeployedTemplate) -> None:
    """Have the last checkpoint be of another key, of the same name."""
    other = DeployedTemplate()
    other.signer = type(aws.signer)(aws.signer.key.name, bytes(32))
    aws.change("GetObject", lambda _: other._get_object({}))


def alarm(**fields: Any) -> How:
    """Return what changes every alarm."""

    def change(told: dict[str, Any]) -> None:
        for one in told["MetricAlarms"]:
            one.update(fields)

    return lambda aws: aws.change("DescribeAlarms", change)


def users(*given: dict[str, Any]) -> How:
    """Return what has the pool have these users."""

    def change(told: dict[str, Any]) -> dict[str, Any]:
        return {"Users": [{**told["Users"][0], **one} for one in given]}

    return lambda aws: aws.change("ListUsers", change)


def outputs(**changed: str) -> How:
    """Return what has the stack have other outputs."""

    def change(told: dict[str, Any]) -> None:
        for one in told["Stacks"][0]["Outputs"]:
            one["OutputValue"] = changed.get(one["OutputKey"], one["OutputValue"])

    return lambda aws: aws.change("DescribeStacks", change)


def variable(name: str, value: str) -> How:
    """Return what has functions have another variable."""
    return put("GetFunctionConfiguration", "Environment", "Variables", name, value=value)


class Ill(NamedTuple):
    """A stack with something wrong: what a check says of it, and how grave it is."""

    check: str
    how: How
    gravity: str
    says: str
    parameters: Mapping[str, str] = MappingProxyType({})
    document: Any = None
    region: str = "us-east-1"


OLD = RELEASES[0].template
SMALL = {"AccountLimit": {"ConcurrentExecutions": 10, "UnreservedConcurrentExecutions": 10}}
EXCEPT_ONE = {
    "Effect": "Allow",
    "NotPrincipal": {"AWS": "arn:aws:iam::123456789012:role/me"},
    "Action": "kms:Decrypt",
    "Resource": "*",
}
STATUS = ("DescribeStacks", "Stacks", 0, "StackStatus")
NIGHT = ("ListExecutions", "executions", 0)
CHICAGO = {"ScheduleTimezone": "America/Chicago"}

ILL = [
    Ill("stack-status", put(*STATUS, value="UPDATE_ROLLBACK_FAILED"), "critical", "nothing can be"),
    Ill("stack-status", put(*STATUS, value="ROLLBACK_COMPLETE"), "critical", "ROLLBACK_COMPLETE"),
    Ill("stack-status", put(*STATUS, value="UPDATE_ROLLBACK_COMPLETE"), "warning", "taken back"),
    Ill("stack-status", put(*STATUS, value="UPDATE_IN_PROGRESS"), "note", "under way"),
    Ill("release-deployed", outputs(Release="0.10.1"), "warning", "later than this command"),
    Ill("release-deployed", nothing, "warning", "runs release 0.1.0", {}, OLD),
    Ill("known-faults", nothing, "warning", "fifteen minutes", {}, OLD),
    Ill("known-faults", nothing, "warning", "those of us-east-1", {}, OLD, "eu-west-1"),
    Ill("local-on-aws", nothing, "critical", "parameter Local is yes", {"Local": "yes"}),
    Ill("operator-finds", nothing, "warning", "by its whole id", {}, OLD),
    Ill(
        "table-protection",
        put("DescribeTable", "Table", "DeletionProtectionEnabled", value=False),
        "critical",
        "VaultTable can be deleted by one call",
    ),
    Ill(
        "table-recovery",
        answer(
            "DescribeContinuousBackups",
            {
                "ContinuousBackupsDescription": {
                    "ContinuousBackupsStatus": "ENABLED",
                    "PointInTimeRecoveryDescription": {"PointInTimeRecoveryStatus": "DISABLED"},
                }
            },
        ),
        "critical",
        "DeskTable cannot be restored",
    ),
    Ill(
        "table-encryption",
        put("DescribeTable", "Table", "SSEDescription", "KMSMasterKeyArn", value="arn:another"),
        "warning",
        "not encrypted under the data key",
    ),
    Ill(
        "table-encryption",
        put("DescribeTable", "Table", "SSEDescription", "InaccessibleEncryptionDateTime", value=AT),
        "critical",
        "will be archived",
    ),
    Ill(
        "table-encryption",
        put("DescribeTable", "Table", "TableStatus", value="ARCHIVED"),
        "critical",
        "ARCHIVED",
    ),
    Ill("table-format", answer("GetItem", {"Item": {"v": {"N": "99"}}}), "critical", "format 99"),
    Ill("table-format", nothing, "warning", "RegistryTable is in format 1", {}, OLD),
    Ill(
        "bucket-lock",
        put("GetObjectLockConfiguration", "refused", value="ObjectLockConfigurationNotFoundError"),
        "critical",
        "no object lock",
    ),
    Ill(
        "bucket-lock", answer("GetBucketVersioning", {"Status": "Suspended"}), "critical", "no ver"
    ),
    Ill(
        "bucket-public",
        put("GetPublicAccessBlock", "refused", value="NoSuchPublicAccessBlockConfiguration"),
        "critical",
        "WorkBucket does not block",
    ),
    Ill(
        "bucket-public",
        put(
            "GetPublicAccessBlock",
            *("PublicAccessBlockConfiguration", "BlockPublicPolicy"),
            value=False,
        ),
        "critical",
        "ReportBucket does not block",
    ),
    Ill(
        "bucket-encryption",
        answer(
            "GetBucketEncryption",
            {
                "ServerSideEncryptionConfiguration": {
                    "Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]
                }
            },
        ),
        "warning",
        "ReportBucket does not encrypt",
    ),
    Ill(
        "bucket-policy",
        put("GetBucketPolicy", "refused", value="NoSuchBucketPolicy"),
        "critical",
        "lets others than the seal",
    ),
    Ill(
        "bucket-policy",
        policy(
            "GetBucketPolicy",
            lambda given: given[-1].update(
                Condition={"ArnNotEquals": {"aws:PrincipalArn": "arn:aws:iam::1:role/me"}}
            ),
        ),
        "critical",
        "lets others than the seal",
    ),
    # What is refused by exception is not refused.
    Ill(
        "bucket-policy",
        policy("GetBucketPolicy", lambda given: given[-1].update(NotAction="s3:PutObject")),
        "critical",
        "lets others than the seal",
    ),
    Ill(
        "bucket-policy",
        policy("GetBucketPolicy", lambda given: given[-1]["Resource"].pop()),
        "critical",
        "lets others than the seal",
    ),
    Ill(
        "bucket-policy",
        policy("GetBucketPolicy", lambda given: given[0].update(Action="s3:DeleteObject")),
        "warning",
        "WorkBucket does not refuse requests without TLS",
    ),
    Ill("bucket-policy", nothing, "critical", "lets others than the seal", {}, OLD),
    Ill("lock-length", nothing, "warning", "is 0", {"CheckpointRetentionDays": "0"}),
    Ill(
        "lock-length",
        put("HeadObject", "ObjectLockRetainUntilDate", value=AT + timedelta(days=9_000)),
        "warning",
        "locked for 9,000 days, and the next one will be for 3,650",
    ),
    Ill(
        "lock-length",
        put("HeadObject", "ObjectLockMode", value="GOVERNANCE"),
        "critical",
        "not locked",
    ),
    Ill("log-name", outputs(LogName="another/audit"), "critical", "LogName is another/audit"),
    Ill("organisation", outputs(Organisation="another"), "critical", "bound to rolecall.1234"),
    Ill(
        "work-files",
        put("GetBucketLifecycleConfiguration", "refused", value="NoSuchLifecycleConfiguration"),
        "warning",
        "Nothing ever removes",
    ),
    Ill(
        "work-files",
        put("ListObjectsV2", "Contents", 0, "LastModified", value=AT - timedelta(days=40)),
        "warning",
        "has a file of 2026-10-17",
    ),
    Ill(
        "key-state",
        put("DescribeKey", "KeyMetadata", "KeyState", value="Disabled"),
        "critical",
        "Dis",
    ),
    Ill(
        "key-state",
        lambda aws: (
            put("DescribeKey", "KeyMetadata", "KeyState", value="PendingDeletion")(aws),
            put("DescribeKey", "KeyMetadata", "DeletionDate", value=AT)(aws),
        ),
        "critical",
        "VaultKey will be deleted on 2026-11-26, for good",
    ),
    Ill(
        "key-kind",
        put("DescribeKey", "KeyMetadata", "KeySpec", value="ECC_NIST_P256"),
        "critical",
        "SigningKey is ECC_NIST_P256",
    ),
    Ill(
        "key-rotation",
        answer("GetKeyRotationStatus", {"KeyRotationEnabled": False}),
        "warning",
        "DataKey is not rotated",
    ),
    Ill(
        "key-policy",
        policy("GetKeyPolicy", lambda given: given[-1].update(Principal={"AWS": "AROA123EXAMPLE"})),
        "critical",
        "does not let the credential function use it; it names AROA123EXAMPLE",
    ),
    Ill(
        "key-policy",
        policy("GetKeyPolicy", lambda given: given[0].update(Action="kms:*")),
        "critical",
        "The policy of VaultKey lets arn:aws:iam::123456789012:root use it beside",
    ),
    Ill(
        "key-policy",
        policy("GetKeyPolicy", lambda given: given[0].update(NotAction="iam:*", Action=[])),
        "critical",
        "lets arn:aws:iam::123456789012:root use it beside",
    ),
    Ill(
        "key-policy",
        policy("GetKeyPolicy", lambda given: given[0].update(Principal={"AWS": "999999999999"})),
        "critical",
        "The policy of DataKey lets 999999999999 use it",
    ),
    Ill(
        "key-policy",
        policy("GetKeyPolicy", lambda given: given.append(EXCEPT_ONE)),
        "critical",
        "The policy of VaultKey lets * use it",
    ),
    Ill(
        "key-policy",
        policy(
            "GetKeyPolicy",
            lambda given: given.append(
                {"Effect": "Allow", "Principal": "*", "Action": "kms:Si*", "Resource": "*"}
            ),
        ),
        "critical",
        "The policy of SigningKey lets * use it",
    ),
    Ill("signing-key", signed_by_another, "warning", "by another key than the one that signs now"),
    Ill("schedule-state", put("GetSchedule", "State", value="DISABLED"), "critical", "is off"),
    Ill("schedule-state", nothing, "warning", "is off", {"ScheduleState": "DISABLED"}),
    Ill(
        "schedule-state",
        put("GetSchedule", "Target", "Arn", value="arn:another"),
        "critical",
        "starts arn:another",
    ),
    Ill(
        "schedule-hour",
        nothing,
        "warning",
        "no 02:30",
        {**CHICAGO, "Schedule": "cron(30 2 * * ? *)"},
    ),
    Ill(
        "schedule-hour",
        nothing,
        "note",
        "01:30 twice",
        {**CHICAGO, "Schedule": "cron(30 1 * * ? *)"},
    ),
    Ill("schedule-hour", nothing, "critical", "cannot be read", {"ScheduleTimezone": "Mars/Base"}),
    Ill("schedule-hour", nothing, "note", "names no hour", {"Schedule": "rate(1 day)"}),
    Ill("last-night", put(*NIGHT, "status", value="FAILED"), "critical", "ended as FAILED"),
    Ill(
        "last-night",
        lambda aws: (
            put(*NIGHT, "startDate", value=AT - timedelta(hours=32))(aws),
            put(*NIGHT, "stopDate", value=AT - timedelta(hours=31))(aws),
        ),
        "critical",
        "31 hours ago",
    ),
    Ill(
        "last-night",
        put(*NIGHT, "startDate", value=AT - timedelta(hours=10)),
        "warning",
        "took 300",
    ),
    Ill("last-night", answer("ListExecutions", {"executions": []}), "critical", "90 days"),
    # An audit of one entity is no night.
    Ill(
        "last-night",
        put("DescribeExecution", "input", value='{"entity": "parish"}'),
        "critical",
        "No whole night ended well: 1 audit looked at",
    ),
    Ill(
        "last-night",
        lambda aws: setattr(aws, "run_state", "started"),
        "critical",
        "never completed",
    ),
    Ill(
        "last-seal",
        put("HeadObject", "LastModified", value=AT - timedelta(hours=40)),
        "critical",
        "40 h",
    ),
    Ill(
        "last-seal",
        put("ListObjectsV2", "Contents", 0, "Key", value="checkpoints/9"),
        "critical",
        "do not fit together",
    ),
    Ill("last-seal", answer("ListObjectsV2", {"Contents": []}), "warning", "Nothing is sealed yet"),
    Ill(
        "failure-queue",
        put("GetQueueAttributes", *("Attributes", "ApproximateNumberOfMessages"), value="2"),
        "warning",
        "2 wait",
    ),
    Ill(
        "night-concurrency",
        answer(
            "GetAccountSettings",
            {"AccountLimit": {"ConcurrentExecutions": 10, "UnreservedConcurrentExecutions": 10}},
        ),
        "warning",
        "up to 16 executions at once, and the account has 10",
    ),
    Ill(
        "night-concurrency", nothing, "warning", "and NightConcurrency 8", {"NightConcurrency": "8"}
    ),
    Ill("shards", nothing, "note", "MaxConcurrency is 64", {"MaxConcurrency": "64"}),
    Ill(
        "redrive",
        put(
            "DescribeStateMachine",
            "definition",
            value=json.dumps({"States": {"Seal": {"Type": "Task", "Catch": []}}}),
        ),
        "note",
        "The errors of Seal are caught",
    ),
    Ill(
        "function-state",
        put("GetFunctionConfiguration", "State", value="Failed"),
        "critical",
        "cannot run",
    ),
    Ill(
        "function-state",
        put("GetFunctionConfiguration", "LastUpdateStatus", value="Failed"),
        "critical",
        "last update of ApiFunction failed",
    ),
    Ill(
        "function-settings",
        variable("LOG_NAME", "another"),
        "critical",
        "works with LOG_NAME another",
    ),
    Ill("function-settings", variable("AUDIT_LOG_TABLE", "x"), "critical", "AUDIT_LOG_TABLE x"),
    Ill("function-settings", variable("LEDGER_SHARDS", "4"), "warning", "LEDGER_SHARDS 4"),
    Ill(
        "function-runtime",
        put("GetFunctionConfiguration", "Runtime", value="python3.9"),
        "warning",
        "3.9",
    ),
    Ill(
        "layer-age",
        answer("GetLayerVersionByArn", {"CreatedDate": "2025-01-01T02:29:54.395+0000"}),
        "warning",
        "694 days old",
    ),
    Ill(
        "kept-executions",
        answer("GetFunctionConcurrency", {"ReservedConcurrentExecutions": 0}),
        "critical",
        "switched off",
    ),
    Ill(
        "kept-executions",
        answer("GetFunctionConcurrency", {"ReservedConcurrentExecutions": 5}),
        "warning",
        "AuditFunction has 5 of its own, and the parameters say 8",
        {"NightConcurrency": "8"},
    ),
    Ill("log-level", nothing, "warning", "logs DEBUG", {"LogLevel": "DEBUG"}, OLD),
    Ill(
        "log-level",
        put("GetFunctionConfiguration", *("LoggingConfig", "ApplicationLogLevel"), value="WARN"),
        "critical",
        "drops what SealFunction counts",
    ),
    Ill("log-retention", answer("DescribeLogGroups", {"logGroups": []}), "critical", "is gone"),
    Ill(
        "log-retention",
        lambda aws: aws.change(
            "DescribeLogGroups", lambda a: a["logGroups"][0].pop("retentionInDays") and a
        ),
        "warning",
        "kept for ever",
    ),
    Ill(
        "revocation-stream",
        put("GetEventSourceMapping", "State", value="Disabled"),
        "critical",
        "Disabled",
    ),
    Ill(
        "revocation-stream",
        put("GetEventSourceMapping", "LastProcessingResult", value="PROBLEM: Function call failed"),
        "warning",
        "in trouble",
    ),
    Ill("alarm-address", nothing, "warning", "no address is subscribed", {"AlarmEmail": ""}),
    Ill(
        "alarm-address",
        put(
            "ListSubscriptionsByTopic",
            *("Subscriptions", 0, "SubscriptionArn"),
            value="PendingConfirmation",
        ),
        "warning",
        "not confirmed yet",
    ),
    Ill(
        "alarm-state",
        alarm(StateValue="ALARM"),
        "critical",
        "An alarm is on: A nightly audit failed",
    ),
    Ill("alarm-actions", alarm(ActionsEnabled=False), "warning", "is silenced"),
    Ill("alarm-actions", alarm(AlarmActions=[]), "warning", "does not go to the topic"),
    Ill("alarm-late", nothing, "warning", "RunLateAlarm comes three or four days", {}, OLD),
    Ill("alarm-outside", nothing, "warning", "Errors and Throttles of ApiFunction", {}, OLD),
    Ill("alarm-outside", nothing, "warning", "the gateway of the API answers", {}, OLD),
    Ill("alarm-relief", nothing, "note", "CriticalOpenedAlarm says OK", {}, OLD),
    Ill("dashboard-sums", nothing, "note", "adds Coverage up", {}, OLD),
    Ill(
        "pool-closed",
        put("DescribeUserPool", "UserPool", "AdminCreateUserConfig", value={}),
        "critical",
        "Anybody can make a user",
    ),
    Ill("pool-factor", nothing, "warning", "is optional", {"Mfa": "OPTIONAL"}),
    Ill(
        "pool-factor",
        put("DescribeUserPool", *("UserPool", "MfaConfiguration"), value="OFF"),
        "critical",
        "No",
    ),
    Ill("pool-protection", nothing, "warning", "its protection is off", {}, OLD),
    Ill(
        "pool-domain",
        lambda aws: aws.change(
            "DescribeUserPool", lambda told: told["UserPool"].pop("Domain") and None
        ),
        "critical",
        "no domain",
    ),
    Ill(
        "pool-domain",
        answer("DescribeUserPoolDomain", {"DomainDescription": {}}),
        "critical",
        "not there",
    ),
    Ill(
        "pool-users",
        users({"Attributes": []}, {}),
        "warning",
        "Without a verified address: 1 of 2 users",
    ),
    Ill(
        "pool-users",
        users({"UserStatus": "FORCE_CHANGE_PASSWORD", "UserCreateDate": AT - timedelta(days=9)}),
        "note",
        "run out: 1 of 1 user",
    ),
    Ill(
        "offices-filled",
        answer("ListUsersInGroup", {"Users": []}),
        "warning",
        "rolecall:registrar has nobody",
    ),
    Ill(
        "token-audience",
        nothing,
        "critical",
        "no audience",
        {"OidcIssuer": "https://id.example.org"},
    ),
    Ill(
        "token-audience",
        put(
            "GetAuthorizers",
            *("Items", 0, "JwtConfiguration", "Issuer"),
            value="https://evil.example",
        ),
        "critical",
        "takes the tokens of https://evil.example",
    ),
    Ill(
        "cors-preflight", nothing, "warning", "no effect", {"CorsOrigins": "https://x.example"}, OLD
    ),
    Ill(
        "clock",
        put("DescribeStacks", "date", value="Thu, 26 Nov 2026 09:02:00 GMT"),
        "warning",
        "120 sec",
    ),
    Ill(
        "clock",
        put("DescribeStacks", "date", value="Thu, 26 Nov 2026 08:00:00 GMT"),
        "critical",
        "ahead of",
    ),
]


@pytest.fixture(autouse=True)
def at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rolecall.cli.doctor.now", lambda: AT)


def examined(aws: DeployedTemplate) -> Examination:
    with aws.answering():
        state = survey_stack("rolecall", lambda: AT)
    return examine(doctor_checks(STACK_GROUPS).values(), state)


_AS_DEPLOYED: dict[Any, Examination] = {}


def looked_at(ill: Ill) -> Examination:
    """Return what the doctor says of a stack; of one that is as it was deployed, asked once."""
    key = (ill.how, tuple(ill.parameters.items()), id(ill.document), ill.region)
    if ill.how is not nothing or key not in _AS_DEPLOYED:
        aws = DeployedTemplate({**WELL, **ill.parameters}, ill.document, ill.region)
        ill.how(aws)
        found = examined(aws)
        if ill.how is not nothing:
            return found
        _AS_DEPLOYED[key] = found
    return _AS_DEPLOYED[key]


def asked(aws: DeployedTemplate, *arguments: object) -> Ended:
    with aws.answering():
        return rolecall("doctor", "--stack", "rolecall", *arguments)


def test_of_a_stack_that_is_well_nothing_is_said() -> None:
    found = examined(DeployedTemplate(WELL))
    assert (found.diagnoses, found.unchecked) == ((), ())
    assert found.made > 2 * len(doctor_checks(STACK_GROUPS))


@pytest.mark.parametrize("ill", some(ILL), ids=lambda one: f"{one.check}-{one.says}")
def test_what_is_wrong_is_said(ill: Ill) -> None:
    said = [one for one in looked_at(ill).diagnoses if one.check == ill.check]
    assert any(ill.says in one.what and one.gravity == ill.gravity for one in said), said


def test_a_stack_of_the_first_release_is_diagnosed() -> None:
    """What is wrong with that release's template on AWS, and to be seen there, is said."""
    answers = {
        "CorsOrigins": "https://desk.example.org",
        "LogLevel": "DEBUG",
        "Mfa": "OPTIONAL",
        "ScheduleTimezone": "America/Chicago",
    }
    aws = DeployedTemplate(answers, OLD, "eu-west-1")
    answer("GetAccountSettings", SMALL)(aws)
    users({"Attributes": []})(aws)
    machine: Any = {"States": {"Seal": {"Catch": []}, "Report": {"Catch": []}}}
    put("DescribeStateMachine", "definition", value=json.dumps(machine))(aws)
    with aws.answering(), mock.patch.dict("os.environ", {"AWS_USE_FIPS_ENDPOINT": "true"}):
        state = survey_stack("rolecall", lambda: AT)
    found = examine(doctor_checks(STACK_GROUPS).values(), state)
    assert {one.check for one in found.diagnoses} == {
        # Downloads outside one region, and proofs that are good for too long.
        *("known-faults", "release-deployed", "table-format"),
        # Alarms that come days late, see nothing from outside, or say OK; who is told of them.
        *("alarm-late", "alarm-outside", "alarm-relief", "alarm-address", "dashboard-sums"),
        # A night that is skipped, one that takes what people need, one that cannot be redriven.
        *("schedule-hour", "night-concurrency", "redrive"),
        # Roles that may not find the stack; a level of logs that changes nothing; a pool to lose.
        *("operator-finds", "log-level", "pool-protection", "bucket-policy"),
        # Users who are refused, factors that nobody is asked for, pages that cannot come in.
        *("pool-users", "pool-factor", "cors-preflight", "token-address"),
    }


def test_every_check_of_a_stack_is_seen_to_fail() -> None:
    tried = {one.check for one in ILL} | {"token-address"}
    assert tried == set(doctor_checks(STACK_GROUPS))


def test_proofs_for_another_address_of_sts_are_foreseen() -> None:
    aws = DeployedTemplate(WELL)
    fips = mock.patch.dict("os.environ", {"AWS_USE_FIPS_ENDPOINT": "true"})
    with aws.answering(), fips:
        state = survey_stack("rolecall", lambda: AT)
    found = examine(doctor_checks(STACK_GROUPS).values(), state)
    said = [one.what for one in found.diagnoses if one.check == "token-address"]
    assert said == [
        "Proofs are signed for sts-fips.us-east-1.amazonaws.com: rolecall vault will be refused."
    ]


# -- what cannot be asked --------------------------------------------------------------------------


def operations() -> list[str]:
    """Return every operation that a survey asks for."""
    aws = DeployedTemplate(WELL)
    examined(aws)
    return sorted({one.partition(":")[2] for one in aws.asked})


def needed() -> dict[str, set[str]]:
    """Return the checks by what they ask for."""
    found: dict[str, set[str]] = {}
    for check in doctor_checks(STACK_GROUPS).values():
        for permission in check.asks:
            found.setdefault(permission, set()).add(check.id)
    return found


@pytest.mark.parametrize("operation", some(one for one in operations() if one != "DescribeStacks"))
def test_what_is_refused_is_not_taken_for_fine(operation: str) -> None:
    aws = DeployedTemplate(WELL)
    aws.refuse(operation, "AccessDeniedException")
    if operation == "Query":
        aws.change("Query", lambda _: None)
    found = examined(aws)
    told = {one.check: one.why for one in found.unchecked}
    assert told, operation
    lacking = {check for check in told if "is not as AWS" not in told[check]}
    assert lacking == set(told)
    # What could not be checked is in no other list.
    assert not {one.check for one in found.diagnoses} & set(told)
    # Each says which permission it takes, and the check has it among those that it asks for.
    for check, why in told.items():
        asks = doctor_checks(STACK_GROUPS)[check].asks
        assert any(one in why for one in asks) or "AccessDenied" in why, (check, why, asks)


def test_whoever_may_ask_nothing_gets_no_clean_bill() -> None:
    aws = DeployedTemplate(WELL)
    for operation in operations():
        if operation != "DescribeStacks":
            aws.refuse(operation)
    ended = asked(aws)
    assert ended.status == 4
    assert "0 critical" in ended.text
    told = " ".join(ended.text.split())
    assert "AWS refused kms:GetKeyPolicy: organisation, key-policy (DataKey, SigningKey" in told


def test_an_answer_of_another_form_is_no_answer() -> None:
    aws = DeployedTemplate(WELL)
    aws.change("DescribeTable", lambda _: {"Table": {}})
    told = {one.why for one in examined(aws).unchecked}
    assert told == {"the answer to DescribeTable is not as AWS gives it"}


def test_a_stack_that_may_not_be_described_is_an_error() -> None:
    aws = DeployedTemplate(WELL)
    aws.refuse("DescribeStacks")
    ended = asked(aws)
    assert (ended.status, ended.stdout) == (3, b"")
    assert "AccessDenied" in ended.stderr
    aws = DeployedTemplate(WELL)
    aws.deployed = False
    assert asked(aws).status == 2


# -- nothing is written ----------------------------------------------------------------------------


def test_nothing_that_writes_is_asked_for() -> None:
    aws = DeployedTemplate(WELL)
    asked(aws)
    before = DeployedTemplate(WELL)
    with before.answering():
        rolecall("doctor", "--before", "--stack", "rolecall")
    operations_ = {one.partition(":")[2] for one in (*aws.asked, *before.asked)}
    assert len(operations_) > 35
    assert {one for one in operations_ if not one.startswith(READING)} == {"Query"}


def test_a_probe_asks_for_nothing_that_writes() -> None:
    with pytest.raises(ValueError, match="may write"):
        Probe().ask("s3", "DeleteBucket", dict, Bucket="x")


SPECIAL = {"HeadObject": "s3:GetObject", "ListObjectsV2": "s3:ListBucket"}


def permissions() -> Iterator[str]:
    """Yield what the role of the template lets whoever has it do."""
    for statement in statements("DoctorRole"):
        yield from every(statement["Action"])


def test_the_role_has_what_the_checks_ask_for_and_nothing_else() -> None:
    # kms:Decrypt is what reading a table and a bucket takes beside.
    assert set(permissions()) - {"kms:Decrypt"} == set(needed())
    asked_for = {one for one in needed() if not one.startswith("apigateway")}
    names = {one.partition(":")[2] for one in asked_for}
    renamed = {
        *("HeadObject", "ListObjectsV2", "GetObjectLockConfiguration", "GetPublicAccessBlock"),
        *("GetBucketEncryption", "GetBucketLifecycleConfiguration", "GetLayerVersionByArn"),
        *("GetApi", "GetRoutes", "GetAuthorizers"),
    }
    # GetObjectRetention is what HeadObject says of a lock.
    assert set(operations()) - renamed == {one for one in names if one in operations()}
    assert names - set(operations()) == {
        *("GetBucketObjectLockConfiguration", "GetBucketPublicAccessBlock", "ListBucket"),
        *("GetEncryptionConfiguration", "GetLifecycleConfiguration", "GetLayerVersion"),
        "GetObjectRetention",
    }


# -- what is shown ---------------------------------------------------------------------------------


def test_the_worst_comes_first_in_eighty_columns() -> None:
    aws = DeployedTemplate({}, OLD, "eu-west-1")
    ended = asked(aws)
    assert ended.status == 1
    lines = ended.text.splitlines()
    assert max(map(len, lines)) <= 80
    assert lines[0].startswith("rolecall in eu-west-1: 1 critical, ")
    shown = [line.split()[0] for line in lines if line.startswith(GRAVITIES)]
    assert shown == sorted(shown, key=lambda one: GRAVITIES.index(one))
    assert set(shown) == set(GRAVITIES)


def test_as_data_it_is_one_document() -> None:
    aws = DeployedTemplate({}, OLD)
    aws.refuse("GetKeyPolicy")
    document = asked(aws, "--format", "json").json
    assert (document["stack"], document["release"], document["wrong"]) == (
        "rolecall",
        "0.1.0",
        True,
    )
    assert document["diagnoses"][0]["gravity"] == "critical"
    assert {one["check"] for one in document["not_checked"]} == {"key-policy", "organisation"}
    assert set(document["diagnoses"][0]) == {"check", "gravity", "subject", "what", "remedy"}


def test_notes_alone_are_no_error() -> None:
    aws = DeployedTemplate({**WELL, "MaxConcurrency": "32", "LedgerShards": "8"})
    ended = asked(aws)
    assert ended.status == 0
    assert "0 critical, 0 warnings" in ended.text
    assert "note      shards" in ended.text


def test_a_stack_must_be_named() -> None:
    ended = rolecall("doctor")
    assert ended.status == 2
    assert "--before" in ended.stderr


def test_of_a_pool_that_nobody_signs_in_to_nothing_is_said() -> None:
    issuer = {"OidcIssuer": "https://id.example.org", "OidcAudience": "rolecall"}
    aws = DeployedTemplate({**WELL, **issuer, "Mfa": "OPTIONAL"})
    answer("ListUsersInGroup", {"Users": []})(aws)
    users({"Attributes": []})(aws)
    assert examined(aws).diagnoses == ()


def test_whoever_was_removed_need_not_be_able_to_sign_in() -> None:
    aws = DeployedTemplate(WELL)
    users({"Attributes": [], "Enabled": False}, {})(aws)
    assert examined(aws).diagnoses == ()


def test_a_stack_of_something_else_is_told_so() -> None:
    aws = DeployedTemplate(WELL)
    put("DescribeStacks", "Stacks", 0, "Outputs", value=[])(aws)
    ended = asked(aws)
    assert (ended.status, ended.stdout) == (2, b"")
    assert "none of Rolecall" in ended.stderr
    # One whose creation failed has none either, and that is what is wrong with it.
    put(*STATUS, value="ROLLBACK_COMPLETE")(aws)
    ended = asked(aws)
    assert ended.status == 1
    assert "critical  stack-status" in ended.text
    assert "has no output VaultTable" in " ".join(ended.text.split())


def test_a_stack_without_alarms_is_not_lent_those_of_others() -> None:
    aws = DeployedTemplate(WELL)
    aws.change(
        "ListStackResources",
        lambda told: {
            "StackResourceSummaries": [
                one
                for one in told["StackResourceSummaries"]
                if one["ResourceType"] != "AWS::CloudWatch::Alarm"
            ]
        },
    )
    found = examined(aws)
    assert "cloudwatch:DescribeAlarms" not in aws.asked
    assert "alarm-outside" in {one.check for one in found.diagnoses}


def test_an_emulator_is_told_from_aws() -> None:
    aws = DeployedTemplate({**WELL, "Local": "yes"})
    aws.emulated = True
    ended = asked(aws)
    assert "an emulator has none of it: " in ended.text
    assert "table-protection" in ended.text.partition("not checked")[2]
    assert "local-on-aws" not in ended.text


# -- before a deployment ---------------------------------------------------------------------------

ANSWERED = """version = 0.1
[default.deploy.parameters]
stack_name = "{name}"
region = "{region}"
capabilities = "CAPABILITY_IAM"
parameter_overrides = "AlarmEmail=\\"alarms@example.org\\" {given}"
"""


class Answers(NamedTuple):
    """Answers with something wrong: what a check says of them, and how grave it is."""

    check: str
    given: str
    gravity: str
    says: str
    name: str = "rolecall"
    how: How = nothing
    deployed: bool = False


LONG = "a" * 51
UNFIT = [
    *(
        Answers("answers-fit", f'{name}="{most + 1}"', "critical", f"{name} is")
        for name, (_, most) in RANGES.items()
    ),
    *(Answers("answers-fit", f'{name}="some"', "critical", f"{name} is some") for name in WORDS),
    Answers("answers-fit", 'Local="yes"', "critical", "Local is yes"),
    Answers(
        "account-executions",
        "",
        "warning",
        "the account has 10",
        how=answer("GetAccountSettings", SMALL),
    ),
    Answers(
        "account-executions",
        'PlanMemory="8000"',
        "warning",
        "8,000 MB",
        how=answer("GetAccountSettings", SMALL),
    ),
    Answers(
        "account-executions", 'NightConcurrency="900"', "critical", "Executions to be kept: 906"
    ),
    Answers("alarm-receiver", 'AlarmEmail=""', "warning", "AlarmEmail is empty"),
    Answers(
        "credentials",
        "",
        "warning",
        "root",
        how=answer("GetCallerIdentity", {"Arn": "arn:aws:iam::123456789012:root"}),
    ),
    Answers(
        "region-named",
        "",
        "warning",
        "partition aws-cn",
        how=answer("GetCallerIdentity", {"Arn": "arn:aws-cn:sts::123456789012:x/y"}),
    ),
    Answers("stack-name", "", "critical", "has more than small letters", "Rolecall"),
    Answers("stack-name", "", "critical", "longer than 50", LONG),
    Answers("stack-name", "", "critical", "has aws in it", "my-aws-audit"),
    Answers("stack-name", "", "critical", "cannot be the name", "1st"),
    Answers("stack-name", 'LoginDomain="cognito-x"', "critical", "LoginDomain has cognito in it"),
    Answers("issuer-whole", 'OidcIssuer="https://id.example.org"', "critical", "and not the other"),
    Answers(
        "issuer-whole", 'OidcIssuer="id.example" OidcAudience="a"', "critical", "https address"
    ),
    Answers("log-name-fits", f'LogName="{LONG * 4}"', "critical", "too long"),
    Answers("log-name-fits", 'LogName="my log"', "critical", "a space"),
    Answers(
        "night-hour",
        'ScheduleTimezone="America/Chicago" Schedule="cron(0 2 * * ? *)"',
        "warning",
        "no 02:00",
    ),
    Answers("night-hour", 'ScheduleState="DISABLED"', "warning", "would be off"),
    Answers("lock-meant", "", "note", "locked for 3,650 days"),
    Answers("lock-meant", 'CheckpointRetentionDays="0"', "warning", "nothing would lock"),
    Answers("second-factor", 'Mfa="OPTIONAL"', "warning", "would be optional"),
    Answers(
        "never-changed",
        'Organisation="another"',
        "critical",
        "Organisation is empty, and would be another",
        deployed=True,
    ),
    Answers("never-changed", 'LogName="another"', "critical", "LogName is empty", deployed=True),
    Answers(
        "never-changed",
        'SigningKeyArn="arn:aws:kms:us-east-1:1:key/1"',
        "warning",
        "SigningKeyArn is",
        deployed=True,
    ),
    Answers(
        "never-changed", 'CheckpointRetentionDays="9"', "critical", "is 3,650, and", deployed=True
    ),
    Answers(
        "stack-ready",
        "",
        "critical",
        "ROLLBACK_COMPLETE",
        how=put(*STATUS, value="ROLLBACK_COMPLETE"),
        deployed=True,
    ),
    Answers(
        "stack-ready",
        "",
        "warning",
        "under way",
        how=put(*STATUS, value="UPDATE_IN_PROGRESS"),
        deployed=True,
    ),
    Answers(
        "leftovers",
        "",
        "critical",
        "There is alias/rolecall-data and 1 more already",
        how=answer(
            "ListAliases",
            {"Aliases": [{"AliasName": f"alias/rolecall-{one}"} for one in ("data", "vault", "x")]},
        ),
    ),
    Answers(
        "domain-free",
        "",
        "critical",
        "is taken (ACTIVE)",
        how=answer("DescribeUserPoolDomain", {"DomainDescription": {"Status": "ACTIVE"}}),
    ),
    Answers(
        "signing-spec",
        "",
        "critical",
        "makes no keys of Ed25519",
        how=lambda aws: aws.refuse("ListAliases", "made so below"),
    ),
]


def looked_before(folder: Path, one: Answers, *arguments: object) -> Ended:
    """Look before a deployment with these answers."""
    aws = DeployedTemplate({"AlarmEmail": "alarms@example.org"})
    aws.deployed = one.deployed
    one.how(aws)
    path = folder / "samconfig.toml"
    given = one.given.replace('"', '\\"')
    text = ANSWERED.format(name=one.name, region="us-east-1", given=given)
    path.write_text(text, encoding="utf-8")
    with aws.answering():
        return rolecall("doctor", "--before", "--answers", path, *arguments)


@pytest.mark.parametrize("one", some(UNFIT), ids=lambda one: f"{one.check}-{one.says}")
def test_what_would_go_wrong_is_said_before(tmp_path: Path, one: Answers) -> None:
    if one.check == "signing-spec":
        check = doctor_checks(BEFORE)["signing-spec"]
        [complaint] = check.judge("", False, mock.Mock(region="us-east-1"))
        assert one.says in complaint.what
        return
    found = looked_before(tmp_path, one, "--format", "json").json["diagnoses"]
    said = [(each["gravity"], each["what"]) for each in found if each["check"] == one.check]
    assert any(one.gravity == gravity and one.says in what for gravity, what in said), found


def test_of_answers_that_are_well_a_lock_is_said_and_what_aws_does_not_tell(tmp_path: Path) -> None:
    ended = looked_before(tmp_path, Answers("", "", "", ""))
    assert ended.status == 4
    assert "0 critical, 0 warnings, 1 note" in ended.text
    told = " ".join(ended.text.partition("not checked")[2].split())
    assert told.startswith(
        "AWS does not say which kinds of keys a region makes; aws kms create-key"
    )
    assert told.endswith("signing-spec")
    # The stack that is there has such a key.
    again = looked_before(tmp_path, Answers("", "", "", "", deployed=True))
    assert (again.status, "not checked" in again.text) == (0, False)


def test_every_check_before_a_deployment_is_seen_to_fail() -> None:
    apart = {"answers-kept", "clock", "token-address"}
    assert {one.check for one in UNFIT} | apart == set(doctor_checks(BEFORE))


def test_answers_that_are_gone_are_missed_where_there_is_a_stack(tmp_path: Path) -> None:
    aws = DeployedTemplate(WELL)
    with aws.answering():
        ended = rolecall("doctor", "--before", "--answers", tmp_path / "none.toml")
    assert ended.status == 1
    assert "critical  answers-kept" in ended.text
    assert "never-changed" in ended.text.partition("not checked")[2]


def test_answers_that_cannot_be_read_are_an_error(tmp_path: Path) -> None:
    (tmp_path / "samconfig.toml").write_text("stack_name = rolecall", encoding="utf-8")
    with DeployedTemplate(WELL).answering():
        ended = rolecall("doctor", "--before", "--answers", tmp_path / "samconfig.toml")
    assert ended.status == 2
    assert "samconfig.toml" in ended.stderr


def test_before_there_are_credentials_nothing_is_taken_for_fine(tmp_path: Path) -> None:
    aws = DeployedTemplate(WELL)
    for operation in ("GetCallerIdentity", "DescribeStacks", "GetAccountSettings", "ListAliases"):
        aws.refuse(operation, "UnrecognizedClientException")
    with aws.answering():
        ended = rolecall("doctor", "--before", "--answers", tmp_path / "none.toml")
    told = ended.text.partition("not checked")[2]
    for check in ("credentials", "account-executions", "leftovers (aliases)", "stack-ready"):
        assert check in told


def test_what_the_template_takes_is_what_the_check_knows() -> None:
    parameters = template()["Parameters"]
    numbers = {
        name: (one["MinValue"], one["MaxValue"])
        for name, one in parameters.items()
        if one["Type"] == "Number" and "AllowedValues" not in one
    }
    assert numbers == RANGES
    words = {
        name: tuple(one["AllowedValues"])
        for name, one in parameters.items()
        if "AllowedValues" in one and name not in ("Local", "LogRetentionDays")
    }
    assert words == WORDS
