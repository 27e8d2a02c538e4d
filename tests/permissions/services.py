"""What services ask for in the name of a role, and no client of ours: so no suite can see it.

Each is read off the template and the state machine, so that it ends with what it came of.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from tests.cloud import ROOT, resources, template
from tests.permissions.inventory import Noted
from tests.permissions.requests import Request

__all__ = ["MACHINE", "asked_by_services"]

MACHINE: Mapping[str, Any] = json.loads(
    (ROOT / "infra" / "nightly.asl.json").read_text(encoding="utf-8")
)
_DATA_KEY = "DataKey"


def asked_by_services(noted: Iterable[Noted]) -> Iterator[Noted]:
    """Yield what follows from the calls that were noted, and from the template."""
    for role, request in noted:
        yield from ((role, one) for one in _for_encryption(request))
    yield from _of_functions()
    yield from _of_streams()
    yield from _of_machines()
    yield from _of_schedules()


def _key(action: str, service: str) -> Request:
    return Request(f"kms:{action}", _DATA_KEY, (("kms:ViaService", service),))


def _for_encryption(request: Request) -> Iterator[Request]:
    """Yield what the service that keeps encrypted data asks of KMS for a caller.

    DynamoDB decrypts the key of a table, which was made with the table (DynamoDB Developer Guide,
    "Encryption at rest: how it works"). S3 makes a key for what is written, and decrypts it for
    what is read; the parts of an upload do both ("Protecting data with SSE-KMS", permissions).
    """
    service, _, action = request.action.partition(":")
    if service == "dynamodb":
        yield _key("Decrypt", "dynamodb")
    elif service == "s3" and action.startswith("GetObject"):
        yield _key("Decrypt", "s3")
    elif request.action == "s3:PutObject":
        yield _key("GenerateDataKey", "s3")
        yield _key("Decrypt", "s3")
    elif request.action == "sqs:SendMessage":
        # SQS Developer Guide, "Key management": who sends needs both.
        yield _key("GenerateDataKey", "sqs")
        yield _key("Decrypt", "sqs")


def _role(properties: Mapping[str, Any]) -> str:
    return str(properties["Role"]["Fn::GetAtt"][0])


def _all(role: str, service: str, actions: Iterable[str], resource: str) -> Iterator[Noted]:
    for action in actions:
        yield role, Request(f"{service}:{action}", resource)


_TRACES = ("PutTraceSegments", "PutTelemetryRecords")
_SAMPLING = ("GetSamplingRules", "GetSamplingTargets")


def _of_functions() -> Iterator[Noted]:
    """Yield what Lambda does for a function: its log, and its traces."""
    assert template()["Globals"]["Function"]["Tracing"]["Fn::If"][2] == "Active"
    for function in resources("AWS::Serverless::Function").values():
        role = _role(function["Properties"])
        group = function["Properties"]["LoggingConfig"]["LogGroup"]["Ref"]
        yield from _all(role, "logs", ("CreateLogStream", "PutLogEvents"), group)
        yield from _all(role, "xray", _TRACES, "*")


def _of_streams() -> Iterator[Noted]:
    """Yield what Lambda does to read a stream (Developer Guide, "Using Lambda with DynamoDB")."""
    for mapping in resources("AWS::Lambda::EventSourceMapping").values():
        properties = mapping["Properties"]
        role = _role(template()["Resources"][properties["FunctionName"]["Ref"]]["Properties"])
        table, attribute = properties["EventSourceArn"]["Fn::GetAtt"]
        assert attribute == "StreamArn"
        actions = ("DescribeStream", "GetRecords", "GetShardIterator", "ListStreams")
        yield from _all(role, "dynamodb", actions, f"{table}/stream/2026-01-01T00:00:00.000")
        yield role, _key("Decrypt", "dynamodb")
        yield from _to_queue(role, properties["DestinationConfig"]["OnFailure"]["Destination"])


def _to_queue(role: str, named: Mapping[str, Any]) -> Iterator[Noted]:
    sent = Request("sqs:SendMessage", named["Fn::GetAtt"][0])
    yield role, sent
    yield from ((role, one) for one in _for_encryption(sent))


def _of_machines() -> Iterator[Noted]:
    """Yield what Step Functions does for a machine: its steps, its map, its log, its traces.

    Step Functions Developer Guide, "IAM policies for using Distributed Map state" and "Using
    CloudWatch Logs to log execution history": what writes results of a map reads them again, and
    a log is delivered by a configuration that the machine's role looks after.
    """
    for name, machine in resources("AWS::Serverless::StateMachine").items():
        role = _role(machine["Properties"])
        given = machine["Properties"]["DefinitionSubstitutions"]
        for state in _states(MACHINE["States"]):
            yield from _of_state(role, name, state, given)
        logs = ("Create", "Get", "Update", "Delete")
        yield from _all(role, "logs", (f"{one}LogDelivery" for one in logs), "*")
        more = ("ListLogDeliveries", "PutResourcePolicy", "DescribeResourcePolicies")
        yield from _all(role, "logs", (*more, "DescribeLogGroups"), "*")
        yield from _all(role, "xray", (*_TRACES, *_SAMPLING), "*")


def _states(states: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for state in states.values():
        yield state
        yield from _states(state.get("ItemProcessor", {}).get("States", {}))


def _of_state(
    role: str, machine: str, state: Mapping[str, Any], given: Mapping[str, Any]
) -> Iterator[Noted]:
    if state["Type"] == "Task":
        function = given[state["Parameters"]["FunctionName"].strip("${}")]["Fn::GetAtt"][0]
        yield role, Request("lambda:InvokeFunction", function)
    if state["Type"] != "Map":
        return
    yield role, Request("states:StartExecution", machine)
    yield from _all(role, "states", ("DescribeExecution", "StopExecution"), f"{machine}/executions")
    bucket = given[state["ItemReader"]["Parameters"]["Bucket"].strip("${}")]["Ref"]
    # The manifest lies with the other files of a run.
    read = Request("s3:GetObject", f"{bucket}/runs/*")
    prefix = state["ResultWriter"]["Parameters"]["Prefix"]
    written = f"{bucket}/{prefix}/*"
    actions = ("GetObject", "PutObject", "ListMultipartUploadParts", "AbortMultipartUpload")
    yield role, read
    yield from _all(role, "s3", actions, written)
    for one in (read, Request("s3:PutObject", written)):
        yield from ((role, key) for key in _for_encryption(one))


def _of_schedules() -> Iterator[Noted]:
    """Yield what EventBridge Scheduler does: it starts the night, and else says so to a queue."""
    for schedule in resources("AWS::Scheduler::Schedule").values():
        target = schedule["Properties"]["Target"]
        role = target["RoleArn"]["Fn::GetAtt"][0]
        yield role, Request("states:StartExecution", target["Arn"]["Ref"])
        yield from _to_queue(role, target["DeadLetterConfig"]["Arn"])
