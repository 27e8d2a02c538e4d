"""AWS in the test process: moto, with the tables and buckets that template.yaml describes.

A stack is made once a process. Each test gets it as it was, or as something that it names left it
(an import, a night): what moto holds is put back, which takes milliseconds.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple
from unittest import mock

import boto3
import botocore.loaders
import botocore.session
import pytest
from moto import mock_aws
from moto.kms.utils import generate_private_key

from infra.template import read_template
from rolecall.aws.settings import SETTINGS
from rolecall.aws.stack import Stack
from rolecall.ledger.note import LocalSigner
from tests.backends import Held, put_back, quick, take
from tests.permissions.recording import acting, as_role, know, watch
from tests.second_engine import PROGRAM, endpoint

ROOT = Path(__file__).parents[1]
NOW = datetime(2026, 11, 3, 2, tzinfo=UTC)
SIGNER = LocalSigner("test/audit", bytes(range(32)))
FUNCTIONS = ("plan", "audit", "seal", "report", "credential", "api", "revoke")

CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_REGION": "us-east-1",
    "AWS_DEFAULT_REGION": "us-east-1",
}


@cache
def template() -> Mapping[str, Any]:
    """Return template.yaml as data."""
    return read_template(ROOT / "template.yaml")


def resources(kind: str) -> dict[str, Any]:
    """Return the resources of a type, by their logical ids."""
    return {
        name: resource
        for name, resource in template()["Resources"].items()
        if resource["Type"] == kind
    }


def make_table(logical_id: str) -> str:
    """Make a table as the template has it."""
    properties = template()["Resources"][logical_id]["Properties"]
    taken = ("KeySchema", "AttributeDefinitions", "GlobalSecondaryIndexes", "BillingMode")
    boto3.client("dynamodb").create_table(
        TableName=logical_id, **{name: properties[name] for name in taken if name in properties}
    )
    return logical_id


def make_bucket(logical_id: str) -> str:
    """Make a bucket as the template has it."""
    properties = template()["Resources"][logical_id]["Properties"]
    name = logical_id.lower()
    boto3.client("s3").create_bucket(
        Bucket=name, ObjectLockEnabledForBucket=properties.get("ObjectLockEnabled", False)
    )
    return name


def make_key(logical_id: str) -> str:
    """Make a key as the template has it."""
    properties = template()["Resources"][logical_id]["Properties"]
    taken = {name: properties[name] for name in ("KeySpec", "KeyUsage") if name in properties}
    arn: str = boto3.client("kms").create_key(**taken)["KeyMetadata"]["Arn"]
    return arn


def make_resources() -> dict[str, str]:
    """Make the tables, buckets and keys of the template, and return their names."""
    tables = {name: make_table(name) for name in resources("AWS::DynamoDB::Table")}
    buckets = {name: make_bucket(name) for name in resources("AWS::S3::Bucket")}
    keys = {f"{name}Arn": make_key(name) for name in ("VaultKey", "FingerprintKey")}
    return {**tables, **buckets, **keys}


class Cloud:
    """A stack in moto.

    :ivar begun: what the beginning returned that the test named.
    """

    def __init__(self, resources_: Mapping[str, str], begun: Any = None) -> None:
        self.begun = begun
        self.outputs = {
            **resources_,
            "Organisation": "test",
            "StackName": "test",
            "StateMachineArn": "arn:aws:states:us-east-1:123456789012:stateMachine:nightly",
            "CredentialFunctionArn": "credential",
            "KeptVersions": "3",
            "SigningKeyArn": "arn:none",
            "LogName": SIGNER.key.name,
            "LedgerShards": "4",
            "CheckpointRetentionDays": "10",
            "ReportRetentionDays": "10",
        }
        self.environment = {
            **{SETTINGS[name]: value for name, value in self.outputs.items()},
            "STACK_NAME": "test",
            "BATCH_BYTES": "1500000",
            "NOT_FOUND_MILLISECONDS": "0",
            "GROUPS_CLAIM": "cognito:groups",
            "COMPLIANCE_GROUP": "rolecall:compliance",
            "REGISTRAR_GROUP": "rolecall:registrar",
            # Hundreds of nights go without the reports for people.
            "REPORTS": "findings.json,findings.csv",
            "ENTITY_REPORTS": "",
            "MAX_CONCURRENCY": "4",
            "POWERTOOLS_SERVICE_NAME": "nightly",
            "POWERTOOLS_METRICS_NAMESPACE": "Rolecall",
            "POWERTOOLS_TRACE_DISABLED": "true",
            "POWERTOOLS_LOG_LEVEL": "CRITICAL",
        }

    def stack(self) -> Stack:
        """Return the stack, with clients of its own."""
        know(self.outputs)
        made = Stack(self.outputs, lambda: NOW)
        # moto has no Ed25519 keys.
        made.__dict__["signer"] = SIGNER
        return made

    def function(self, name: str) -> ModuleType:
        """Return a function's module as a cold start loads it."""
        path = ROOT / "functions" / name / "handler.py"
        spec = importlib.util.spec_from_file_location(f"handler_{name}", path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[spec.name] = module
        know(self.outputs)
        role = f"{name.title()}Role"
        with acting(role):
            spec.loader.exec_module(module)
        module.__dict__["handler"] = as_role(role, module.handler)
        if name == "seal":
            module.stack.__dict__["signer"] = SIGNER
        return module


LOADER = botocore.loaders.create_loader()


def new_session() -> Any:
    """Make a default session of boto3 that has the models of services loaded already."""
    session = botocore.session.get_session()
    session.register_component("data_loader", LOADER)
    watch(session)
    boto3.setup_default_session(botocore_session=session)
    return session


def _private_key(spec: str) -> Any:
    return generate_private_key(spec) if spec.startswith(("RSA", "ECC")) else None


Beginning = Callable[[Cloud], Any]
"""What a test finds done: it is given an empty stack, and does it."""


def begins(beginning: Beginning | None) -> pytest.MarkDecorator:
    """Mark a test, or a module, whose ``sky`` begins so."""
    return pytest.mark.begins.with_args(beginning)


class _Begun(NamedTuple):
    resources: Mapping[str, str]
    held: Held
    value: Any = None


_BEGUN: dict[Beginning | None, _Begun] = {}


@contextmanager
def cloud(beginning: Beginning | None = None) -> Iterator[Cloud]:
    """Give a stack for as long as the block lasts.

    :param beginning: what was done to it before, by default nothing; it is called once a process,
        so it is a function of a module and always does the same.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    aws = mock_aws()
    if PROGRAM:
        kept["AWS_ENDPOINT_URL_DYNAMODB"] = endpoint()
        aws = mock_aws(config={"core": {"passthrough": {"urls": [endpoint()]}}})
    # For a symmetric key moto makes an RSA key as well, which nobody has a use for.
    spared = mock.patch("moto.kms.models.generate_private_key", _private_key)
    with mock.patch.dict(os.environ, {**kept, **CREDENTIALS}, clear=True), spared, quick():
        aws.start(reset=not _BEGUN)
        try:
            yield from _begin(beginning)
        finally:
            aws.stop(remove_data=False)


def _begin(beginning: Beginning | None) -> Iterator[Cloud]:
    """Put back what a beginning left; the first time, have it happen."""
    new_session()
    if None not in _BEGUN:
        _BEGUN[None] = _Begun(make_resources(), take())
    if beginning is not None and beginning not in _BEGUN:
        empty = _BEGUN[None]
        put_back(empty.held)
        made = Cloud(empty.resources)
        with mock.patch.dict(os.environ, made.environment):
            value = beginning(made)
        _BEGUN[beginning] = _Begun(empty.resources, take(), value)
        new_session()
    begun = _BEGUN[beginning]
    put_back(begun.held)
    made = Cloud(begun.resources, begun.value)
    with mock.patch.dict(os.environ, made.environment):
        yield made


class Invocation:
    """The context of an invocation."""

    function_name = "test"
    memory_limit_in_mb = 512
    invoked_function_arn = "arn:aws:lambda:us-east-1:123456789012:function:test"
    _count = 0

    def __init__(self) -> None:
        Invocation._count += 1
        self.aws_request_id = f"request-{Invocation._count}"

    def get_remaining_time_in_millis(self) -> int:
        """Return how long the invocation may still take."""
        return 29_000
