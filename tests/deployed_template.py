"""AWS as it answers about a stack that was deployed from a template: what the doctor is tried on.

The answers follow from the template, of today or of an earlier release, with parameters as a
deployment has them; a test changes one answer, or has one refused. Each is held against the
service's own model before it is given, so that nothing is answered that AWS could not answer.
"""

from __future__ import annotations

import copy
import io
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any, Literal
from unittest import mock

import boto3
import botocore.loaders
import botocore.session
import msgspec
from botocore import xform_name
from botocore.awsrequest import AWSResponse
from botocore.validate import ParamValidator
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from rolecall import __version__
from rolecall.aws.findings import RunRecord
from rolecall.aws.formats import FORMATS
from rolecall.ledger.checkpoint import Checkpoint, sign_checkpoint
from rolecall.ledger.note import LocalSigner
from rolecall.run import PolicyInfo, RegistryInfo, Run, ScopeInfo
from tests.cloud import CREDENTIALS, template
from tests.permissions.regions import Place
from tests.rendered import ACCOUNT, STACK, Rendered

__all__ = ["AT", "DeployedTemplate"]

AT = datetime(2026, 11, 26, 9, tzinfo=UTC)
"""The instant at which is asked, some hours after a night."""
NIGHT = AT - timedelta(hours=5)
SIZE = 135

Answered = dict[str, Any]


_answering: list[DeployedTemplate] = []
_core = botocore.session.get_session()
_core.register_component("data_loader", botocore.loaders.create_loader())
_session = boto3.Session(botocore_session=_core)
_session.events.register(
    "provide-client-params.*.*", lambda params, context, **_: context.update(asked=params)
)
_session.events.register(
    "before-call.*.*", lambda model, context, **_: _answering[-1].answer(model, context)
)
_session.events.register(
    "before-send.dynamodb.Query", lambda request, **_: _answering[-1].rows(request)
)
_clients: dict[Any, Any] = {}
_rendered: dict[Any, Rendered] = {}


def _client(service: str, region_name: str, config: Any) -> Any:
    """Return a client, which is made once: to make one takes longer than to ask it everything."""
    if service == "dynamodb":
        # Whoever uses one adds to it.
        return _session.client(service, region_name=region_name, config=config)
    settings = (one for one in os.environ.items() if one[0].startswith("AWS_"))
    key = (service, region_name, *sorted(settings))
    if key not in _clients:
        _clients[key] = _session.client(service, region_name=region_name, config=config)
    return _clients[key]


class DeployedTemplate:
    """A stack, and AWS around it.

    :ivar asked: every operation that was asked for, as ``service:Operation``.
    """

    def __init__(
        self,
        parameters: Mapping[str, str] | None = None,
        document: Mapping[str, Any] | None = None,
        region: str = "us-east-1",
    ) -> None:
        """Deploy a template.

        :param parameters: answers that are not the defaults.
        :param document: the template, today's by default.
        """
        self.document = document or template()
        self.region = region
        self.asked: list[str] = []
        self.deployed = True
        self.run_state: Literal["started", "completed"] = "completed"
        self.emulated = False
        self.parameters = dict(parameters or {})
        self._changes: list[tuple[str, Mapping[str, Any], Callable[[Answered], Any]]] = []
        self._refused: dict[str, str] = {}
        self.signer = LocalSigner(self.outputs["LogName"], bytes(range(32)))

    # -- what a test changes ------------------------------------------------------------------

    def change(self, operation: str, how: Callable[[Answered], Any], **where: Any) -> None:
        """Have an operation answer otherwise.

        :param how: changes an answer in place.
        :param where: what the question must say for it.
        """
        self._changes.append((operation, where, how))

    def refuse(self, operation: str, code: str = "AccessDenied") -> None:
        """Have an operation refused."""
        self._refused[operation] = code

    # -- the template, with its values --------------------------------------------------------

    @property
    def stack(self) -> Rendered:
        """The template with its values; of the same deployment, worked out once."""
        key = (id(self.document), self.region, *self.parameters.items())
        if key not in _rendered:
            _rendered[key] = Rendered(self.parameters, Place(self.region), self.document)
        return _rendered[key]

    @property
    def outputs(self) -> dict[str, str]:
        """The outputs of the stack."""
        return self.stack.outputs

    def resources(self, *kinds: str) -> dict[str, dict[str, Any]]:
        """Return the properties of the resources of some types that are made, by logical ids."""
        return {
            name: one.get("Properties", {})
            for name, one in self.stack.resources.items()
            if not kinds or one["Type"] in kinds
        }

    # -- the answers ----------------------------------------------------------------------------

    @contextmanager
    def answering(self) -> Iterator[None]:
        """Have every client of the block ask this stack."""
        settings = {**CREDENTIALS, "AWS_REGION": self.region, "AWS_DEFAULT_REGION": self.region}
        if self.emulated:
            settings["AWS_ENDPOINT_URL"] = "http://127.0.0.1:9"
        kept = {name: text for name, text in os.environ.items() if not name.startswith("AWS_")}
        environment = mock.patch.dict(os.environ, {**kept, **settings}, clear=True)
        with environment, mock.patch("rolecall.aws.clients.boto3.client", _client):
            _answering.append(self)
            try:
                yield
            finally:
                _answering.remove(self)

    def answer(self, model: Any, context: Any) -> Any:
        """Return what is answered to a question, in place of sending it."""
        name = model.name
        self.asked.append(f"{model.service_model.service_name}:{name}")
        asked: Mapping[str, Any] = context["asked"]
        code = self._refused.get(name)
        if code is None and name == "Query":
            # Its rows are read off the bytes.
            return None
        answer = {} if code else getattr(self, f"_{xform_name(name)}")(asked)
        if code is None:
            for operation, where, how in self._changes:
                if operation == name and where.items() <= dict(asked).items():
                    answer = copy.deepcopy(answer)
                    answer = how(answer) or answer
            code = answer.pop("refused", None)
        if code is not None:
            error = {"Error": {"Code": code, "Message": "no"}, "ResponseMetadata": {}}
            return mock.Mock(status_code=400), error
        if model.output_shape is not None:
            told = {key: one for key, one in answer.items() if key not in ("Body", "date")}
            report = ParamValidator().validate(told, model.output_shape)
            assert not report.has_errors(), (name, report.generate_report())
        date = answer.pop("date", format_datetime(AT, usegmt=True))
        return mock.Mock(status_code=200), {
            **answer,
            "ResponseMetadata": {"HTTPHeaders": {"date": date}},
        }

    def rows(self, request: Any) -> AWSResponse:
        """Return the rows of a query as they come over the wire."""
        body = json.dumps({"Items": self.runs, "Count": len(self.runs)}).encode()

        class Raw(io.BytesIO):
            def stream(self, *_: Any, **__: Any) -> Iterator[bytes]:
                yield self.read()

        return AWSResponse(request.url, 200, {}, Raw(body))

    @property
    def runs(self) -> list[Answered]:
        """The items of runs, the latest first."""
        run = Run(
            id="7dfce16a679d",
            number=3,
            as_of=NIGHT,
            policy=PolicyInfo("none", "1", ""),
            registry=RegistryInfo("", {}),
            scope=ScopeInfo(None, None),
            rolecall=__version__,
        )
        record = msgspec.json.encode(RunRecord(run=run, state=self.run_state)).decode()
        place = {"pk": {"S": "RUNS"}, "sk": {"S": "1"}, "v": {"N": "1"}}
        return [{**place, "doc": {"S": record}}]

    def _describe_stacks(self, asked: Answered) -> Answered:
        if not self.deployed or asked["StackName"] != STACK:
            return {"refused": "ValidationError"}
        parameters = self.stack.parameters.items()
        stack = {
            "StackName": STACK,
            "CreationTime": NIGHT,
            "StackStatus": "UPDATE_COMPLETE",
            "Parameters": [{"ParameterKey": k, "ParameterValue": v} for k, v in parameters],
            "Outputs": [{"OutputKey": k, "OutputValue": v} for k, v in self.outputs.items()],
        }
        return {"Stacks": [stack]}

    def _list_stack_resources(self, _: Answered) -> Answered:
        kinds = {name: self.document["Resources"][name]["Type"] for name in self.resources()}
        return {
            "StackResourceSummaries": [
                {
                    "LogicalResourceId": name,
                    "PhysicalResourceId": self.stack.physical(name),
                    "ResourceType": kind,
                    "LastUpdatedTimestamp": NIGHT,
                    "ResourceStatus": "UPDATE_COMPLETE",
                }
                for name, kind in kinds.items()
            ]
        }

    def _found(self, physical: str, *kinds: str) -> Answered:
        """Return the properties of the resource of a physical id."""
        [found] = [
            properties
            for name, properties in self.resources(*kinds).items()
            if physical in (self.stack.physical(name), self.stack.arn(name))
        ]
        return found

    def _describe_table(self, asked: Answered) -> Answered:
        table = self._found(asked["TableName"], "AWS::DynamoDB::Table")
        key = table["SSESpecification"]["KMSMasterKeyId"]
        return {
            "Table": {
                "TableStatus": "ACTIVE",
                "DeletionProtectionEnabled": table.get("DeletionProtectionEnabled", False),
                "SSEDescription": {"Status": "ENABLED", "KMSMasterKeyArn": key},
            }
        }

    def _describe_continuous_backups(self, asked: Answered) -> Answered:
        table = self._found(asked["TableName"], "AWS::DynamoDB::Table")
        recovery = table["PointInTimeRecoverySpecification"]
        enabled = recovery["PointInTimeRecoveryEnabled"]
        told = {"PointInTimeRecoveryStatus": "ENABLED" if enabled else "DISABLED"}
        if enabled:
            told["RecoveryPeriodInDays"] = recovery["RecoveryPeriodInDays"]
        return {
            "ContinuousBackupsDescription": {
                "ContinuousBackupsStatus": "ENABLED",
                "PointInTimeRecoveryDescription": told,
            }
        }

    def _get_item(self, asked: Answered) -> Answered:
        if asked["Key"]["pk"]["S"] != "FORMAT" or "Release" not in self.document["Outputs"]:
            return {}
        [table] = [one for one in FORMATS if self.stack.physical(one) == asked["TableName"]]
        return {"Item": {"v": {"N": str(FORMATS[table])}}}

    def _get_object_lock_configuration(self, asked: Answered) -> Answered:
        bucket = self._found(asked["Bucket"], "AWS::S3::Bucket")
        enabled = "Enabled" if bucket.get("ObjectLockEnabled") else "Disabled"
        return {"ObjectLockConfiguration": {"ObjectLockEnabled": enabled}}

    def _get_bucket_versioning(self, asked: Answered) -> Answered:
        found: Answered = self._found(asked["Bucket"], "AWS::S3::Bucket")
        return dict(found.get("VersioningConfiguration", {}))

    def _get_public_access_block(self, asked: Answered) -> Answered:
        bucket = self._found(asked["Bucket"], "AWS::S3::Bucket")
        return {"PublicAccessBlockConfiguration": bucket["PublicAccessBlockConfiguration"]}

    def _get_bucket_encryption(self, asked: Answered) -> Answered:
        bucket = self._found(asked["Bucket"], "AWS::S3::Bucket")
        [rule] = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
        default = rule["ServerSideEncryptionByDefault"]
        told = {"ApplyServerSideEncryptionByDefault": default}
        return {"ServerSideEncryptionConfiguration": {"Rules": [told]}}

    def _get_bucket_policy(self, asked: Answered) -> Answered:
        for one in self.resources("AWS::S3::BucketPolicy").values():
            if one["Bucket"] == asked["Bucket"]:
                return {"Policy": json.dumps(one["PolicyDocument"])}
        return {"refused": "NoSuchBucketPolicy"}

    def _get_bucket_lifecycle_configuration(self, asked: Answered) -> Answered:
        rules = self._found(asked["Bucket"], "AWS::S3::Bucket")["LifecycleConfiguration"]["Rules"]
        return {
            "Rules": [
                {
                    "ID": one["Id"],
                    "Status": one["Status"],
                    "Prefix": "",
                    **(
                        {"Expiration": {"Days": one["ExpirationInDays"]}}
                        if "ExpirationInDays" in one
                        else {}
                    ),
                }
                for one in rules
            ]
        }

    def _list_objects_v2(self, asked: Answered) -> Answered:
        if asked["Bucket"] == self.stack.physical("ReportBucket"):
            name = f"checkpoints/{SIZE:020d}"
            return {"Contents": [{"Key": name, "LastModified": NIGHT}], "IsTruncated": False}
        return {"Contents": [{"Key": "runs/1/run.json", "LastModified": NIGHT}]}

    def _get_object(self, _: Answered) -> Answered:
        origin = f"{self.signer.key.name}/3f9a1c2e8d1f0c6a"
        note = sign_checkpoint(Checkpoint(origin, SIZE, bytes(32)), self.signer)
        return {"Body": io.BytesIO(note)}

    def _head_object(self, _: Answered) -> Answered:
        days = int(self.stack.parameters["CheckpointRetentionDays"])
        lock = {
            "ObjectLockMode": "COMPLIANCE",
            "ObjectLockRetainUntilDate": NIGHT + timedelta(days=days),
        }
        return {"LastModified": NIGHT, **(lock if days else {})}

    def _describe_key(self, asked: Answered) -> Answered:
        key = self._found(asked["KeyId"], "AWS::KMS::Key")
        return {
            "KeyMetadata": {
                "KeyId": asked["KeyId"].rpartition("/")[2],
                "KeyState": "Enabled",
                "KeySpec": key.get("KeySpec", "SYMMETRIC_DEFAULT"),
                "KeyUsage": key.get("KeyUsage", "ENCRYPT_DECRYPT"),
            }
        }

    def _get_key_rotation_status(self, asked: Answered) -> Answered:
        key = self._found(asked["KeyId"], "AWS::KMS::Key")
        return {"KeyRotationEnabled": key.get("EnableKeyRotation", False)}

    def _get_key_policy(self, asked: Answered) -> Answered:
        return {"Policy": json.dumps(self._found(asked["KeyId"], "AWS::KMS::Key")["KeyPolicy"])}

    def _get_public_key(self, _: Answered) -> Answered:
        public = Ed25519PublicKey.from_public_bytes(self.signer.key.public)
        form = PublicFormat.SubjectPublicKeyInfo
        return {"PublicKey": public.public_bytes(Encoding.DER, form)}

    def _list_aliases(self, _: Answered) -> Answered:
        aliases = self.resources("AWS::KMS::Alias").values() if self.deployed else ()
        return {
            "Aliases": [
                {"AliasName": one["AliasName"], "TargetKeyId": one["TargetKeyId"]}
                for one in aliases
            ]
        }

    def _get_schedule(self, _: Answered) -> Answered:
        [found] = self.resources("AWS::Scheduler::Schedule").values()
        names = ("State", "ScheduleExpression", "ScheduleExpressionTimezone", "FlexibleTimeWindow")
        target = {name: found["Target"][name] for name in ("Arn", "RoleArn")}
        return {**{name: found[name] for name in names}, "Target": target}

    def _list_executions(self, _: Answered) -> Answered:
        arn = self.outputs["StateMachineArn"]
        night = {
            "executionArn": f"{arn}:1",
            "stateMachineArn": arn,
            "name": "1",
            "status": "SUCCEEDED",
            "startDate": NIGHT - timedelta(minutes=20),
            "stopDate": NIGHT,
        }
        return {"executions": [night]}

    def _describe_execution(self, asked: Answered) -> Answered:
        arn = self.outputs["StateMachineArn"]
        told = {"stateMachineArn": arn, "status": "SUCCEEDED", "startDate": NIGHT, "input": "{}"}
        return {**asked, **told}

    def _describe_state_machine(self, _: Answered) -> Answered:
        return {
            "stateMachineArn": self.outputs["StateMachineArn"],
            "name": "nightly",
            "definition": self.stack.definition("StateMachine"),
            "roleArn": "arn",
            "type": "STANDARD",
            "creationDate": NIGHT,
        }

    def _get_queue_attributes(self, _: Answered) -> Answered:
        return {"Attributes": {"ApproximateNumberOfMessages": "0"}}

    def _get_function_configuration(self, asked: Answered) -> Answered:
        common = self.stack.value(self.document["Globals"]["Function"])
        found = self._found(asked["FunctionName"], "AWS::Serverless::Function")
        variables = {
            **common["Environment"]["Variables"],
            **found.get("Environment", {}).get("Variables", {}),
        }
        layers = [*common["Layers"], *found.get("Layers", ())]
        return {
            "Runtime": common["Runtime"],
            "State": "Active",
            "LastUpdateStatus": "Successful",
            "LoggingConfig": found["LoggingConfig"],
            "Environment": {"Variables": {name: str(one) for name, one in variables.items()}},
            "Layers": [{"Arn": arn} for arn in layers],
        }

    def _get_function_concurrency(self, asked: Answered) -> Answered:
        found = self._found(asked["FunctionName"], "AWS::Serverless::Function")
        kept = found.get("ReservedConcurrentExecutions")
        return {} if kept is None else {"ReservedConcurrentExecutions": int(kept)}

    def _get_account_settings(self, _: Answered) -> Answered:
        limits = {"ConcurrentExecutions": 1000, "UnreservedConcurrentExecutions": 1000}
        return {"AccountLimit": limits}

    def _get_layer_version_by_arn(self, _: Answered) -> Answered:
        return {"CreatedDate": "2026-11-01T02:29:54.395+0000"}

    def _get_event_source_mapping(self, _: Answered) -> Answered:
        return {"State": "Enabled", "LastProcessingResult": "No records processed"}

    def _describe_log_groups(self, asked: Answered) -> Answered:
        groups = self.resources("AWS::Logs::LogGroup").values() if self.deployed else ()
        return {
            "logGroups": [
                {
                    "logGroupName": one["LogGroupName"],
                    "retentionInDays": int(one["RetentionInDays"]),
                }
                for one in groups
                if one["LogGroupName"].startswith(asked["logGroupNamePrefix"])
            ]
        }

    def _describe_alarms(self, asked: Answered) -> Answered:
        alarms = self.resources("AWS::CloudWatch::Alarm")
        return {
            "MetricAlarms": [
                {
                    "AlarmName": self.stack.physical(name),
                    "StateValue": "OK",
                    "ActionsEnabled": True,
                    **one,
                }
                for name, one in alarms.items()
                if self.stack.physical(name) in asked["AlarmNames"]
            ]
        }

    def _list_subscriptions_by_topic(self, asked: Answered) -> Answered:
        topic, subscriptions = asked["TopicArn"], self.resources("AWS::SNS::Subscription")
        return {
            "Subscriptions": [
                {"SubscriptionArn": f"{topic}:1", "Protocol": "email"} for _ in subscriptions
            ]
        }

    def _get_dashboard(self, _: Answered) -> Answered:
        [found] = self.resources("AWS::CloudWatch::Dashboard").values()
        return {"DashboardBody": found["DashboardBody"]}

    def _describe_user_pool(self, _: Answered) -> Answered:
        [pool] = self.resources("AWS::Cognito::UserPool").values()
        names = ("MfaConfiguration", "DeletionProtection", "AdminCreateUserConfig")
        told = {name: pool[name] for name in names if name in pool}
        return {"UserPool": {**told, "Domain": self.stack.physical("UserPoolDomain")}}

    def _describe_user_pool_domain(self, asked: Answered) -> Answered:
        if not self.deployed:
            return {"DomainDescription": {}}
        return {"DomainDescription": {"Domain": asked["Domain"], "Status": "ACTIVE"}}

    def _user(self) -> Answered:
        return {
            "Username": "1",
            "Attributes": [{"Name": "email_verified", "Value": "true"}],
            "UserCreateDate": NIGHT,
            "Enabled": True,
            "UserStatus": "CONFIRMED",
        }

    def _list_users(self, _: Answered) -> Answered:
        return {"Users": [self._user(), self._user()]}

    def _list_users_in_group(self, _: Answered) -> Answered:
        return {"Users": [self._user(), self._user()]}

    def _get_api(self, _: Answered) -> Answered:
        [api] = self.resources("AWS::ApiGatewayV2::Api").values()
        cors = dict(api.get("CorsConfiguration", {}))
        return {"CorsConfiguration": cors} if cors else {}

    def _get_routes(self, _: Answered) -> Answered:
        return {
            "Items": [
                {"RouteKey": one["RouteKey"], "AuthorizationType": one["AuthorizationType"]}
                for one in self.resources("AWS::ApiGatewayV2::Route").values()
            ]
        }

    def _get_authorizers(self, _: Answered) -> Answered:
        [found] = self.resources("AWS::ApiGatewayV2::Authorizer").values()
        return {"Items": [{"Name": "tokens", "JwtConfiguration": found["JwtConfiguration"]}]}

    def _get_role_policy(self, asked: Answered) -> Answered:
        [policy] = self._found(asked["RoleName"], "AWS::IAM::Role")["Policies"]
        text = json.dumps(policy["PolicyDocument"])
        return {**asked, "PolicyDocument": text}

    def _get_caller_identity(self, _: Answered) -> Answered:
        return {"Arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/deployer/jane"}
