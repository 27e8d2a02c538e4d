"""What the template promises: encryption, retention, and nobody who may do more than they must."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest

from rolecall.vault.envelope import EnvelopeContext
from tests.cloud import FUNCTIONS, ROOT, resources, template
from tests.permissions.regions import PLACES

TEXT = (ROOT / "template.yaml").read_text(encoding="utf-8")
ROLES = resources("AWS::IAM::Role")
MACHINE = json.loads((ROOT / "infra" / "nightly.asl.json").read_text(encoding="utf-8"))


def statements(role: str) -> list[dict[str, Any]]:
    """Return the statements of a role's policies."""
    return [
        statement
        for policy in ROLES[role]["Properties"]["Policies"]
        for statement in policy["PolicyDocument"]["Statement"]
    ]


def every(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def test_cfn_lint_has_nothing_to_say_in_any_region() -> None:
    """But in China, where there are no user pools: the template cannot be deployed there."""
    command = [str(Path(sys.executable).parent / "cfn-lint"), "--format", "json", "--regions"]
    command += [place.region for place in PLACES]
    done = subprocess.run(
        [*command, "--", str(ROOT / "template.yaml")], capture_output=True, text=True, check=False
    )
    told = {(one["Rule"]["Id"], one["Message"]) for one in json.loads(done.stdout)}
    pools = {one["Type"] for one in template()["Resources"].values() if "Cognito" in one["Type"]}
    assert told == {
        ("E3006", f"Resource type '{kind}' does not exist in 'cn-north-1'") for kind in pools
    }


# -- who may do what -------------------------------------------------------------------------------


def test_every_function_has_a_role_of_its_own() -> None:
    functions = resources("AWS::Serverless::Function")
    assert {name.removesuffix("Function").lower() for name in functions} == set(FUNCTIONS)
    roles = [function["Properties"]["Role"]["Fn::GetAtt"][0] for function in functions.values()]
    assert len(set(roles)) == len(roles)


@pytest.mark.parametrize("role", ROLES)
def test_roles_allow_actions_by_name_on_resources_by_name(role: str) -> None:
    for statement in statements(role):
        for action in every(statement["Action"]):
            assert "*" not in action, (role, action)
        if "*" in every(statement["Resource"]):
            # The reason stands in a comment right above.
            pattern = rf"# [^\n]*have no resources to name\.\n\s+- Sid: {statement['Sid']}\n"
            pattern += rf"|# [^\n]*has no resources to name\.\n\s+- Sid: {statement['Sid']}\n"
            assert re.search(pattern, TEXT), (role, statement["Sid"])


def test_every_wildcard_of_a_key_policy_has_its_reason() -> None:
    for name, key in resources("AWS::KMS::Key").items():
        for statement in key["Properties"]["KeyPolicy"]["Statement"]:
            if "*" in every(statement["Action"])[0]:
                assert statement["Principal"]["AWS"]["Fn::Sub"].endswith(":root"), name
    assert TEXT.count('"*" is this key, as in every key policy') == len(resources("AWS::KMS::Key"))


OUTLIVES = ("RetainExceptOnCreate", "Retain")
"""Kept at the end of a stack and when another takes its place, but not of a failed start."""

FORBIDDEN = ("Delete", "Update", "BatchWrite", "PartiQL", "Scan")


@pytest.mark.parametrize("role", [f"{name.title()}Role" for name in FUNCTIONS])
def test_nobody_changes_what_is_on_record(role: str) -> None:
    for statement in statements(role):
        if "AuditLogTable" in json.dumps(statement["Resource"]):
            for action in every(statement["Action"]):
                assert action in ("dynamodb:GetItem", "dynamodb:Query", "dynamodb:PutItem")
        for action in every(statement["Action"]):
            assert not action.startswith("s3:Delete")
            assert "Bypass" not in action
            if action.startswith("dynamodb:"):
                is_count = (role, action) == ("SealRole", "dynamodb:UpdateItem")
                named = json.dumps(statement["Resource"])
                is_own = "VaultTable" in named and action == "dynamodb:UpdateItem"
                # Answers that are kept for a day are nobody's record.
                is_known = is_count or is_own or "AnswersTable" in named
                assert is_known or not any(word in action for word in FORBIDDEN)


READS = frozenset({"BatchGetItem", "GetItem", "Query"})
WRITES = frozenset({"DeleteItem", "PutItem", "UpdateItem"})
TABLES = [name.removesuffix("Table") for name in resources("AWS::DynamoDB::Table")]


def keys(role: str, table: str, actions: frozenset[str]) -> set[str]:
    """Return the partitions of a table in which a role may do something; all are ``*``.

    The format of a table is to be read by whoever writes into it, and so no matter here.
    """
    found = set()
    for statement in statements(role):
        granted = {one.removeprefix("dynamodb:") for one in every(statement["Action"])}
        is_named = {"Fn::GetAtt": [f"{table}Table", "Arn"]} in every(statement["Resource"])
        if is_named and granted & actions:
            condition = statement.get("Condition", {}).get("ForAllValues:StringLike", {})
            found |= set(condition.get("dynamodb:LeadingKeys", ["*"]))
    return {"*"} if "*" in found else found - {"FORMAT"}


READ: dict[tuple[str, str], set[str]] = {
    ("PlanRole", "Registry"): {"*"},
    ("PlanRole", "Findings"): {"RUNS"},
    ("AuditRole", "Findings"): {"PLACE#*"},
    ("AuditRole", "AuditLog"): {"IDEM#*", "S#*"},
    ("SealRole", "Findings"): {"RUNS"},
    ("SealRole", "AuditLog"): {"HEAD", "IDEM#*", "S#*"},
    ("CredentialRole", "Registry"): {"*"},
    ("CredentialRole", "AuditLog"): {"IDEM#*", "S#*"},
    ("CredentialRole", "Vault"): {"REWRAP", "SECRETS#*"},
    ("OperatorRole", "Registry"): {"*"},
    ("DoctorRole", "Findings"): {"RUNS"},
    ("DoctorRole", "AuditLog"): {"HEAD"},
    ("BreakGlassRole", "Registry"): {"*"},
    ("BreakGlassRole", "AuditLog"): {"IDEM#*", "S#*"},
    ("ApiRole", "Registry"): {"*"},
    ("ApiRole", "Findings"): {"*"},
    ("ApiRole", "AuditLog"): {"HEAD", "IDEM#*", "S#*"},
    ("ApiRole", "Desk"): {"*"},
    ("ApiRole", "Answers"): {"*"},
    ("UsersRole", "Registry"): {"*"},
    ("UsersRole", "AuditLog"): {"IDEM#*", "S#*"},
    ("UsersRole", "Desk"): {"OFFICE#*", "PERSON#*", "SIGN-IN#*", "SUBJECT#*"},
    ("RevokeRole", "Registry"): {"*"},
    ("RevokeRole", "AuditLog"): {"IDEM#*", "S#*"},
    ("RevokeRole", "Desk"): {"REVOCATION#*"},
}
"""What each role reads; nothing else."""
WRITTEN: dict[tuple[str, str], set[str]] = {
    ("PlanRole", "Findings"): {"RUNS"},
    ("AuditRole", "Findings"): {"PLACE#*"},
    ("AuditRole", "AuditLog"): {"IDEM#*", "S#*"},
    ("SealRole", "Findings"): {"RUNS"},
    ("SealRole", "AuditLog"): {"HEAD", "IDEM#*", "S#*"},
    ("CredentialRole", "Registry"): {"ENTITY#*"},
    ("CredentialRole", "AuditLog"): {"IDEM#*", "S#*"},
    ("CredentialRole", "Vault"): {"REWRAP", "SECRETS#*"},
    ("BreakGlassRole", "Registry"): {"CLAIMS#*", "PEOPLE#*", "TREE"},
    ("BreakGlassRole", "AuditLog"): {"IDEM#*", "S#*"},
    ("ApiRole", "Registry"): {
        "CHILDREN#*",
        "CLAIMS#*",
        "ENTITIES#*",
        "ENTITY#*",
        "HOLDERS#*",
        "PEOPLE#*",
        "STEWARDS#*",
        "TREE",
        "WAIVERS",
    },
    ("ApiRole", "AuditLog"): {"IDEM#*", "S#*"},
    ("ApiRole", "Desk"): {
        "BRAKE#*",
        "CHANGE#*",
        "OFFICERS",
        "PERSON#*",
        "RECORD#*",
        "REVOCATION#*",
        "SIGN-IN#*",
        "SIGNATURES#*",
        "SUBJECT#*",
    },
    ("ApiRole", "Answers"): {"*"},
    ("UsersRole", "AuditLog"): {"IDEM#*", "S#*"},
    ("UsersRole", "Desk"): {"OFFICE#*"},
    ("RevokeRole", "AuditLog"): {"IDEM#*", "S#*"},
    ("RevokeRole", "Desk"): {"REVOCATION#*"},
}
"""What each role writes; nothing else. Kept answers are all of one kind, and last a day."""


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("role", ROLES)
def test_roles_touch_their_own_partitions(role: str, table: str) -> None:
    assert keys(role, table, READS) == READ.get((role, table), set())
    assert keys(role, table, WRITES) == WRITTEN.get((role, table), set())


@pytest.mark.parametrize("role", ROLES)
def test_no_role_writes_the_format_of_a_table(role: str) -> None:
    # The emulator lets every partition pass, so that this is held here and not there.
    for statement in statements(role):
        writes = {"dynamodb:PutItem", "dynamodb:UpdateItem"} & set(every(statement["Action"]))
        named = json.dumps(statement["Resource"])
        # Kept answers last for a day, and have no format.
        if writes and "AnswersTable" not in named:
            partitions = statement["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"]
            assert not any(fnmatchcase("FORMAT", pattern) for pattern in partitions), named


def test_who_looks_after_users_sets_nobodys_password_and_forges_no_request() -> None:
    by_name = {one["Sid"]: one for one in statements("UsersRole")}
    allowed = {one.partition(":")[2] for one in by_name["Users"]["Action"]}
    for kind in ("Password", "Attributes", "Initiate", "Respond", "Preference", "Client", "Update"):
        assert not any(kind in one for one in allowed)
    assert by_name["Users"]["Resource"] == {"Fn::GetAtt": ["UserPool", "Arn"]}
    # What an officer asks for is the API's to write, and sign-ins are.
    writes = [one for one in by_name.values() if "dynamodb:PutItem" in every(one["Action"])]
    written = {
        key
        for one in writes
        for key in one["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"]
    }
    assert written == {"OFFICE#*", "S#*", "IDEM#*"}
    # And nobody else changes anything of the pool.
    others = [one for role in ROLES if role != "UsersRole" for one in statements(role)]
    asked = {action for one in others for action in every(one["Action"]) if "cognito" in action}
    assert all(re.match(r"cognito-idp:(Describe|List|Get)", action) for action in asked)


def test_the_commands_ask_the_pool_for_what_the_role_may() -> None:
    """Hold the operations of the code to those of the role, both ways."""
    text = (ROOT / "layers/rolecall/rolecall/aws/user_pool.py").read_text(encoding="utf-8")
    named = set(re.findall(r"_client\.(\w+)\(", text)) - {"get_paginator"}
    named |= set(re.findall(r'_(?:call|pages)\("(\w+)"', text))
    asked = {"".join(word.title() for word in one.split("_")) for one in named}
    (statement,) = [one for one in statements("UsersRole") if one["Sid"] == "Users"]
    assert {f"cognito-idp:{one}" for one in asked} == set(statement["Action"])


def test_the_sealer_alone_signs() -> None:
    signing = [
        role
        for role in ROLES
        for statement in statements(role)
        if "kms:Sign" in every(statement["Action"])
    ]
    assert signing == ["SealRole"]


def test_the_credential_function_alone_uses_the_keys_of_the_vault() -> None:
    for name in ("VaultKey", "FingerprintKey"):
        care, use = template()["Resources"][name]["Properties"]["KeyPolicy"]["Statement"]
        assert use["Principal"] == {"AWS": {"Fn::GetAtt": ["CredentialRole", "Arn"]}}
        used = ("Encrypt", "Decrypt", "GenerateDataKey", "ReEncrypt", "Mac", "CreateGrant", "*")
        assert not any(word in action for action in care["Action"] for word in used)
        # The doctor's role looks at the keys, and that is all.
        for role in ROLES:
            for statement in statements(role):
                if name in json.dumps(statement["Resource"]):
                    assert role == "DoctorRole"
                    assert all(
                        one.startswith(("kms:Describe", "kms:GetKey"))
                        for one in every(statement["Action"])
                    )
        key = template()["Resources"][name]
        assert (key["DeletionPolicy"], key["UpdateReplacePolicy"]) == OUTLIVES
    (policy,) = resources("AWS::IAM::Policy").values()
    assert policy["Properties"]["Roles"] == [{"Ref": "CredentialRole"}]


def test_data_keys_are_bound_to_their_place() -> None:
    _, use = template()["Resources"]["VaultKey"]["Properties"]["KeyPolicy"]["Statement"]
    local, none, condition = use["Condition"]["Fn::If"]
    assert (local, none) == ("IsLocal", {"Ref": "AWS::NoValue"})
    assert set(condition["StringEquals"]) == {"kms:EncryptionContext:organisation"}
    parts = {name.rpartition(":")[2] for name in condition["Null"]}
    assert parts | {"organisation"} == set(EnvelopeContext("o", "a", "l", 1).context())
    function = template()["Resources"]["CredentialFunction"]["Properties"]
    named = function["Environment"]["Variables"]["ORGANISATION"]
    assert condition["StringEquals"]["kms:EncryptionContext:organisation"] == named


def test_everything_but_the_description_needs_a_token() -> None:
    routes = resources("AWS::ApiGatewayV2::Route").values()
    free = [
        one["Properties"]["RouteKey"]
        for one in routes
        if one["Properties"]["AuthorizationType"] != "JWT"
    ]
    assert free == ["GET /v1/openapi.json", "GET /v1/docs", "GET /v1/docs/{name}"]
    pool = template()["Resources"]["UserPool"]["Properties"]
    assert pool["AdminCreateUserConfig"] == {"AllowAdminCreateUserOnly": True}
    assert template()["Parameters"]["Mfa"]["Default"] == "ON"


def test_a_browser_may_ask_before_it_has_a_token() -> None:
    # A gateway answers the question of a browser (OPTIONS, no token) where no route takes it, and
    # both ANY and $default do: their authorizer would refuse it.
    keys = [one["Properties"]["RouteKey"] for one in resources("AWS::ApiGatewayV2::Route").values()]
    methods = {key.partition(" ")[0] for key in keys}
    assert not methods & {"ANY", "$default", "OPTIONS"}
    api = template()["Resources"]["Gateway"]["Properties"]["CorsConfiguration"]
    condition, cors, otherwise = api["Fn::If"]
    assert (condition, otherwise) == ("HasCors", {"Ref": "AWS::NoValue"})
    assert set(cors["AllowMethods"]) == methods
    assert cors["AllowOrigins"] == {"Ref": "CorsOrigins"}
    # Tokens are in a header; there is nothing that a browser would add by itself.
    assert "AllowCredentials" not in cors


def test_no_partition_is_written_out() -> None:
    """China's hosts end otherwise; principals of services are the same everywhere."""
    hosts = re.findall(r"\S*\.amazonaws\.com\S*", TEXT)
    assert {host.strip("[],{}") for host in hosts} == {
        f"{service}.amazonaws.com"
        for service in ("cloudwatch", "scheduler", "lambda", "states", "apigateway")
    }


def test_operators_and_nobody_else_may_ask_the_vault() -> None:
    asking = [
        role
        for role in ROLES
        for statement in statements(role)
        if "CredentialFunction" in json.dumps(statement["Resource"])
        and "lambda:InvokeFunction" in every(statement["Action"])
    ]
    assert sorted(asking) == ["ApiRole", "OperatorRole"]


def test_the_doctor_looks_and_changes_nothing() -> None:
    role = statements("DoctorRole")
    actions = [one.partition(":") for statement in role for one in every(statement["Action"])]
    # To decrypt is to read, and sees what statements beside it let it see.
    reading = ("Describe", "Get", "List", "GET", "Query")
    assert {name for _, _, name in actions if not name.startswith(reading)} == {"Decrypt"}
    # Nothing of the registry, of findings, of secrets or of reports.
    items = [
        one for one in role if {"dynamodb:GetItem", "dynamodb:Query"} & set(every(one["Action"]))
    ]
    partitions = [
        name
        for one in items
        for name in one["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"]
    ]
    assert sorted(partitions) == ["FORMAT", "HEAD", "RUNS"]
    objects = [one["Resource"] for one in role if "s3:GetObject" in every(one["Action"])]
    assert objects == [{"Fn::Sub": "${ReportBucket.Arn}/checkpoints/*"}]


def test_roles_find_the_stack_by_its_name() -> None:
    # The command line asks by the name; a policy with the whole id does not match what it asks for.
    finding = [
        resource
        for role in ROLES
        for statement in statements(role)
        if "cloudformation:DescribeStacks" in every(statement["Action"])
        for resource in every(statement["Resource"])
    ]
    assert len(finding) >= 3
    assert all(one["Fn::Sub"].endswith(":stack/${AWS::StackName}/*") for one in finding)


def test_the_data_key_is_used_through_services_only() -> None:
    for role in ROLES:
        for statement in statements(role):
            if statement["Resource"] == {"Fn::GetAtt": ["DataKey", "Arn"]}:
                assert "kms:ViaService" in statement["Condition"]["StringEquals"]


# -- what is kept, and how -------------------------------------------------------------------------


def test_tables_are_encrypted_restorable_and_protected() -> None:
    tables = resources("AWS::DynamoDB::Table")
    assert {name.removesuffix("Table") for name in tables} == {
        *("Registry", "Findings", "AuditLog", "Vault", "Desk", "Answers")
    }
    for name, table in tables.items():
        properties = table["Properties"]
        assert properties["SSESpecification"]["KMSMasterKeyId"] == {
            "Fn::GetAtt": ["DataKey", "Arn"]
        }
        if name == "AnswersTable":
            # What it holds is worth nothing after a day.
            assert properties["TimeToLiveSpecification"]["Enabled"]
            continue
        assert properties["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"]
        assert properties["DeletionProtectionEnabled"] == {"Fn::If": ["IsLocal", False, True]}
        assert table["DeletionPolicy"] == table["UpdateReplacePolicy"] == "Retain"


def test_buckets_are_private_encrypted_and_refuse_plain_http() -> None:
    buckets = resources("AWS::S3::Bucket")
    assert set(buckets) == {"ReportBucket", "WorkBucket"}
    policies = {
        policy["Properties"]["Bucket"]["Ref"]: policy["Properties"]["PolicyDocument"]
        for policy in resources("AWS::S3::BucketPolicy").values()
    }
    for name, bucket in buckets.items():
        properties = bucket["Properties"]
        assert set(properties["PublicAccessBlockConfiguration"].values()) == {True}
        rule = properties["BucketEncryption"]["ServerSideEncryptionConfiguration"][0]
        assert rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == "aws:kms"
        statement = policies[name]["Statement"][0]
        assert (statement["Effect"], statement["Principal"]) == ("Deny", "*")
        assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_the_seal_alone_writes_what_is_sealed() -> None:
    """By the bucket's own policy: no other role of the account can be given it."""
    policy = resources("AWS::S3::BucketPolicy")["ReportBucketPolicy"]["Properties"]
    (own,) = policy["PolicyDocument"]["Statement"][1:]
    assert (own["Effect"], own["Principal"], own["Action"]) == ("Deny", "*", "s3:PutObject")
    assert own["Condition"] == {
        "ArnNotEquals": {"aws:PrincipalArn": {"Fn::GetAtt": ["SealRole", "Arn"]}}
    }
    (sealed,) = [
        statement
        for policy in resources("AWS::IAM::Role")["SealRole"]["Properties"]["Policies"]
        for statement in policy["PolicyDocument"]["Statement"]
        if statement["Sid"] == "Sealed"
    ]
    assert own["Resource"] == sealed["Resource"]


def test_what_is_sealed_is_locked_and_what_is_scratch_expires() -> None:
    buckets = resources("AWS::S3::Bucket")
    locked = buckets["ReportBucket"]
    assert locked["Properties"]["ObjectLockEnabled"] is True
    assert locked["Properties"]["VersioningConfiguration"] == {"Status": "Enabled"}
    assert (locked["DeletionPolicy"], locked["UpdateReplacePolicy"]) == OUTLIVES
    (rule,) = buckets["WorkBucket"]["Properties"]["LifecycleConfiguration"]["Rules"]
    assert rule["ExpirationInDays"] == 7


def test_the_signing_key_is_ed25519_and_stays() -> None:
    key = template()["Resources"]["SigningKey"]
    assert key["Properties"]["KeySpec"] == "ECC_NIST_EDWARDS25519"
    assert (key["DeletionPolicy"], key["UpdateReplacePolicy"]) == OUTLIVES


def test_what_is_protected_is_no_litter_that_a_rollback_could_not_delete() -> None:
    """Each thing that outlives the stack is protected, or can be made away with as it is empty."""
    kept = {
        name: one["DeletionPolicy"]
        for name, one in template()["Resources"].items()
        if one.get("UpdateReplacePolicy") == "Retain"
    }
    protected = {
        name
        for name in kept
        for key in ("DeletionProtection", "DeletionProtectionEnabled")
        if key in template()["Resources"][name]["Properties"]
    }
    assert protected == {
        *("RegistryTable", "FindingsTable", "AuditLogTable", "VaultTable", "DeskTable"),
        "UserPool",
    }
    pool = template()["Resources"]["UserPool"]["Properties"]
    assert pool["DeletionProtection"] == {"Fn::If": ["IsLocal", "INACTIVE", "ACTIVE"]}
    assert {name for name, policy in kept.items() if policy == "Retain"} == protected
    assert set(kept) - protected == {
        *("DataKey", "SigningKey", "VaultKey", "FingerprintKey", "ReportBucket"),
    }


def test_queue_topic_and_logs() -> None:
    for kind in ("AWS::SQS::Queue", "AWS::SNS::Topic"):
        for resource in resources(kind).values():
            assert "KmsMasterKeyId" in resource["Properties"]
    for group in resources("AWS::Logs::LogGroup").values():
        assert group["Properties"]["RetentionInDays"] == {"Ref": "LogRetentionDays"}


# -- the functions and the run ---------------------------------------------------------------------


def test_functions_run_on_arm_with_both_layers() -> None:
    shared = template()["Globals"]["Function"]
    assert (shared["Runtime"], shared["Architectures"]) == ("python3.13", ["arm64"])
    assert shared["Layers"] == [{"Ref": "RolecallLayer"}, {"Ref": "DepsLayer"}]


def tasks(states: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, state in states.items():
        if state["Type"] == "Task":
            yield name, state
        if "ItemProcessor" in state:
            yield from tasks(state["ItemProcessor"]["States"])


def test_every_task_is_tried_again() -> None:
    found = dict(tasks(MACHINE["States"]))
    assert len(found) == 5
    for name, state in found.items():
        assert any(retry["ErrorEquals"] == ["States.ALL"] for retry in state["Retry"]), name
        assert state["TimeoutSeconds"] <= 900
    assert MACHINE["States"]["Audit"]["ItemProcessor"]["ProcessorConfig"]["Mode"] == "DISTRIBUTED"


def test_what_failed_before_the_seal_is_sealed_and_what_failed_after_can_be_redriven() -> None:
    """A redrive goes on at the state that failed, and after a catch that is the end."""
    states = MACHINE["States"]
    caught = {
        name: [one["Next"] for one in state["Catch"]]
        for name, state in states.items()
        if "Catch" in state
    }
    assert caught == {
        "Plan": ["Seal what there is"],
        "Audit": ["Seal what there is"],
        "Seal what there is": ["Failed"],
    }
    # Whoever waits is told what was caught, whatever is in it; a path to what is not would fail.
    failed = states["Failed"]
    assert (failed["Type"], failed["ErrorPath"]) == ("Fail", "$.failure.Error")
    assert failed["CausePath"] == "States.JsonToString($.failure)"
    assert all(
        one["ResultPath"] == "$.failure"
        for name in ("Plan", "Audit")
        for one in states[name]["Catch"]
    )
    assert states["Seal what there is"]["ResultPath"] is None


def test_the_schedule_and_its_failures() -> None:
    parameters = template()["Parameters"]
    assert parameters["Schedule"]["Default"] == "cron(30 3 * * ? *)"
    target = template()["Resources"]["NightlySchedule"]["Properties"]["Target"]
    assert target["DeadLetterConfig"]["Arn"] == {"Fn::GetAtt": ["FailureQueue", "Arn"]}


def test_executions_are_kept_for_the_night_and_for_requests_apart_and_none_by_default() -> None:
    parameters = template()["Parameters"]
    kept: dict[str, set[str]] = {}
    for name, function in resources("AWS::Serverless::Function").items():
        condition, value, none = function["Properties"]["ReservedConcurrentExecutions"]["Fn::If"]
        assert none == {"Ref": "AWS::NoValue"}
        assert value in (2, {"Ref": "NightConcurrency"}, {"Ref": "RequestConcurrency"})
        kept.setdefault(condition, set()).add(name.removesuffix("Function"))
    assert kept == {
        "KeepsNight": {"Plan", "Audit", "Seal", "Report"},
        "KeepsRequests": {"Api", "Credential", "Revoke"},
    }
    assert [parameters[f"{name}Concurrency"]["Default"] for name in ("Night", "Request")] == [0, 0]


def watched(alarm: dict[str, Any]) -> dict[str, Any]:
    """Return the metric that an alarm looks at, with its dimensions."""
    properties = alarm["Properties"]
    if "Metrics" not in properties:
        return {key: properties[key] for key in ("Namespace", "MetricName", "Dimensions")}
    (one,) = [
        part["MetricStat"]["Metric"] for part in properties["Metrics"] if "MetricStat" in part
    ]
    metric: dict[str, Any] = one
    return metric


ALARMS = resources("AWS::CloudWatch::Alarm")
LATE = {"RunLateAlarm": "RunsCompleted", "SealLateAlarm": "Sealed"}
LASTING = {*LATE, "QueueNotEmptyAlarm"}


def test_alarms() -> None:
    metrics = {(watched(one)["Namespace"], watched(one)["MetricName"]) for one in ALARMS.values()}
    assert metrics == {
        *(("AWS/States", name) for name in ("ExecutionsFailed", "ExecutionsTimedOut")),
        *(("Rolecall", name) for name in ("RunsCompleted", "Sealed", "OpenedCritical")),
        ("Rolecall", "ReportsFailed"),
        *(("Rolecall", name) for name in ("VaultUnreadable", "VaultFailures")),
        *(("AWS/Lambda", name) for name in ("Errors", "Throttles")),
        ("AWS/SQS", "ApproximateNumberOfMessagesVisible"),
        ("AWS/ApiGateway", "5xx"),
    }
    for name, alarm in ALARMS.items():
        properties = alarm["Properties"]
        assert properties["AlarmActions"] == [{"Ref": "AlarmTopic"}]
        silence = "breaching" if name in LATE else "notBreaching"
        assert properties["TreatMissingData"] == silence
        # An OK of something that happened once would say that it is over.
        assert ("OKActions" in properties) == (name in LASTING), name


@pytest.mark.parametrize("name", LATE)
def test_what_is_late_is_counted_by_the_hour(name: str) -> None:
    properties = ALARMS[name]["Properties"]
    filled, told = properties["Metrics"]
    assert (filled["Expression"], filled["ReturnData"]) == (f"FILL({told['Id']}, 0)", True)
    assert told["ReturnData"] is False
    assert told["MetricStat"]["Metric"]["MetricName"] == LATE[name]
    assert (told["MetricStat"]["Stat"], told["MetricStat"]["Period"]) == ("Sum", 3600)
    # The last run stands somewhere in an hour that counts, and 25 whole ones follow it.
    periods = properties["EvaluationPeriods"]
    assert periods == properties["DatapointsToAlarm"]
    assert periods > 24
    assert periods + 1 <= 26
    assert (properties["Threshold"], properties["ComparisonOperator"]) == (1, "LessThanThreshold")


WAITED_FOR = ("Api", "Credential", "Revoke")


@pytest.mark.parametrize("metric", ["Errors", "Throttles"])
def test_what_ends_a_function_is_seen_from_outside(metric: str) -> None:
    """A function that timed out, or was not let run, writes no metric of its own."""
    seen = [
        watched(one)["Dimensions"]
        for one in ALARMS.values()
        if watched(one)["MetricName"] == metric and watched(one)["Namespace"] == "AWS/Lambda"
    ]
    assert seen == [
        [{"Name": "FunctionName", "Value": {"Ref": f"{name}Function"}}] for name in WAITED_FOR
    ]
    # Each other function is a step of the machine, whose failures are its own.
    steps = json.dumps(template()["Resources"]["StateMachine"]["Properties"])
    others = set(resources("AWS::Serverless::Function")) - {f"{one}Function" for one in WAITED_FOR}
    assert all(f'"{name}", "Arn"' in steps for name in others)


def test_the_gateway_counts_what_the_api_does_not_answer() -> None:
    metric = watched(ALARMS["ApiFailedAlarm"])
    assert metric["Dimensions"] == [{"Name": "ApiId", "Value": {"Ref": "Gateway"}}]


def widgets() -> list[dict[str, Any]]:
    body = template()["Resources"]["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"]
    return [one["properties"] for one in json.loads(body)["widgets"]]


def test_the_metrics_that_alarms_and_the_dashboard_name_are_sent() -> None:
    sent = set()
    for name in FUNCTIONS:
        text = (ROOT / "functions" / name / "handler.py").read_text(encoding="utf-8")
        sent |= set(re.findall(r'add_metric\(\s*"(\w+)"', text))
        for stem in re.findall(r'add_metric\(\s*f"(\w+)\{', text):
            sent |= {f"{stem}{severity}" for severity in ("Critical", "High", "Medium", "Low")}
    shown = {metric[1] for widget in widgets() for metric in widget["metrics"]}
    own = {
        watched(one)["MetricName"]
        for one in ALARMS.values()
        if watched(one)["Namespace"] == "Rolecall"
    }
    assert shown | own <= sent


def test_states_are_not_added_up_and_events_are() -> None:
    """Two runs on a day would be twice as many findings, and a coverage of 200 percent."""
    states = ("Standing", "Coverage", "RunDuration")
    for widget in widgets():
        for metric in widget["metrics"]:
            given = metric[-1].get("stat") if isinstance(metric[-1], dict) else None
            is_state = metric[1].startswith(states)
            assert (given or widget["stat"]) == ("Maximum" if is_state else "Sum"), metric[1]


def test_everything_an_operator_may_change_has_a_description() -> None:
    for parameter in template()["Parameters"].values():
        assert parameter["Description"].endswith(".")
        assert "Default" in parameter


def test_the_environment_of_each_function_names_what_it_needs() -> None:
    from rolecall.aws.settings import SETTINGS

    outputs = set(template()["Outputs"])
    assert set(SETTINGS) <= outputs
    known = {*SETTINGS.values(), "BATCH_BYTES", "MAX_CONCURRENCY"}
    known |= {"POWERTOOLS_SERVICE_NAME", "TOKEN_USE", "NOT_FOUND_MILLISECONDS", "REPORTS"}
    known |= {"ENTITY_REPORTS", "GROUPS_CLAIM", "COMPLIANCE_GROUP", "REGISTRAR_GROUP"}
    for function in resources("AWS::Serverless::Function").values():
        assert set(function["Properties"]["Environment"]["Variables"]) <= known
