"""Asks AWS all that the doctor wants to know of a deployed stack."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, TypeAlias

from rolecall import __version__
from rolecall.aws.clients import is_aws
from rolecall.aws.doctor.function_questions import FUNCTIONS, FunctionQuestions, account_limits
from rolecall.aws.doctor.key_questions import KEYS, ROTATED, KeyQuestions
from rolecall.aws.doctor.night_questions import NightQuestions
from rolecall.aws.doctor.people_questions import PeopleQuestions, domain_status
from rolecall.aws.doctor.probe import Probe
from rolecall.aws.doctor.record_questions import BUCKETS, RecordQuestions
from rolecall.aws.formats import FORMATS
from rolecall.aws.remote import described_stack, outputs_of
from rolecall.aws.settings import RELEASE, SETTINGS
from rolecall.aws.stack import Stack
from rolecall.errors import UsageError
from rolecall.usecases.doctor.answers import Answer, Unanswered
from rolecall.usecases.doctor.stack_state import DeployedStack, StackState

__all__ = ["clock_of", "deployed_stack", "is_emulated", "sts_address", "survey_stack"]

_Resources: TypeAlias = Answer[Mapping[str, tuple[str, str]]]
_MARK = "AuditLogTable"
_IN_BETWEEN = {"ROLLBACK", "FAILED", "PROGRESS"}
"""States in which a stack may have no outputs."""
_FIRST_RELEASE = "0.1.0"


def survey_stack(name: str, now: Callable[[], datetime]) -> StackState:
    """Ask what there is to know of a stack.

    :raises UsageError: there is none of that name in this account and region.
    :raises StorageError: AWS could not be reached, or may not be asked for the stack.
    """
    answer = described_stack(name)
    clock = clock_of(answer, now())
    deployed = deployed_stack(answer["Stacks"][0])
    if _MARK not in deployed.outputs and not _IN_BETWEEN & set(deployed.status.split("_")):
        raise UsageError(f"the stack {name} is none of Rolecall: it has no output {_MARK}")
    probe, stack = Probe(), Stack(deployed.outputs, now)
    resources = _resources(probe, name)
    return StackState(
        stack=deployed,
        region=probe.client("cloudformation").meta.region_name,
        release=__version__,
        now=now(),
        formats=FORMATS,
        settings=SETTINGS,
        emulated=is_emulated(),
        sts=sts_address(probe),
        clock=clock,
        **_records(probe, stack),
        **_keys(probe, stack),
        **_night(probe, stack, resources),
        **_functions(probe, stack, resources),
        **_people(probe, stack, deployed),
    )


def _records(probe: Probe, stack: Stack) -> dict[str, Any]:
    asks = RecordQuestions(probe, stack)
    return {
        "tables": probe.each(FORMATS, asks.table),
        "recoveries": probe.each(FORMATS, asks.recovery),
        "table_formats": probe.each(FORMATS, asks.format),
        "locks": probe.only(asks.lock),
        "public_access": probe.each(BUCKETS, asks.public_access),
        "bucket_keys": probe.each(BUCKETS, asks.bucket_key),
        "bucket_policies": probe.each(BUCKETS, asks.bucket_policy),
        "work_expiry": probe.only(asks.work_expiry),
        "oldest_work": probe.only(asks.oldest_work),
        "signing_key": probe.only(asks.signing_key),
        "seal": probe.only(asks.seal),
    }


def _keys(probe: Probe, stack: Stack) -> dict[str, Any]:
    asks = KeyQuestions(probe, stack)
    return {
        "keys": probe.each(KEYS, asks.key),
        "rotations": probe.each(ROTATED, asks.rotation),
        "key_policies": probe.each(KEYS, asks.policy),
    }


def _night(probe: Probe, stack: Stack, resources: _Resources) -> dict[str, Any]:
    asks = NightQuestions(probe, stack, resources)
    names = ("schedule", "executions", "runs", "failures", "machine", "alarms", "subscriptions")
    return {name: probe.only(getattr(asks, name)) for name in (*names, "dashboard")}


def _functions(probe: Probe, stack: Stack, resources: _Resources) -> dict[str, Any]:
    asks = FunctionQuestions(probe, stack, resources)
    functions = probe.each(FUNCTIONS, asks.function)
    layers = {
        str(layer.get("Arn")): None
        for one in functions.values()
        if not isinstance(one, Unanswered)
        for layer in one.layers
    }
    unknown = {name: one for name, one in functions.items() if isinstance(one, Unanswered)}
    return {
        "functions": functions,
        "reserved": probe.each(FUNCTIONS, asks.reserved),
        "limits": account_limits(probe),
        "layers": {**unknown, **probe.each(layers, asks.layer)},
        "stream": probe.only(asks.stream),
        "log_groups": asks.log_groups(),
    }


def _people(probe: Probe, stack: Stack, deployed: DeployedStack) -> dict[str, Any]:
    asks = PeopleQuestions(probe, stack, deployed.outputs)
    pool = probe.only(asks.pool)
    domain: Answer[str] = pool if isinstance(pool, Unanswered) else ""
    if not isinstance(pool, Unanswered) and pool.domain:
        domain = domain_status(probe, pool.domain)
    return {
        "pool": pool,
        "domain": domain,
        "users": probe.only(asks.users),
        "offices": asks.offices(),
        "api": probe.only(asks.api),
        "operator": probe.only(asks.operator),
    }


def deployed_stack(described: Mapping[str, Any]) -> DeployedStack:
    """Return a stack as it was described."""
    outputs = outputs_of(described)
    parameters = described.get("Parameters", ())
    return DeployedStack(
        name=described["StackName"],
        status=described["StackStatus"],
        reason=described.get("StackStatusReason", ""),
        release=outputs.get(RELEASE, _FIRST_RELEASE),
        parameters={one["ParameterKey"]: one.get("ParameterValue", "") for one in parameters},
        outputs=outputs,
    )


def _resources(probe: Probe, name: str) -> _Resources:
    found = probe.pages(
        "cloudformation",
        "ListStackResources",
        "StackResourceSummaries",
        lambda one: (
            one["LogicalResourceId"],
            (one.get("PhysicalResourceId", ""), one["ResourceType"]),
        ),
        StackName=name,
    )
    return found if isinstance(found, Unanswered) else dict(found)


def clock_of(answer: Mapping[str, Any], now: datetime) -> Answer[float]:
    """Return by how many seconds AWS is ahead of an instant, as an answer says it."""
    told = answer.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get("date")
    if told is None:
        return Unanswered("the answer of AWS has no date")
    return (parsedate_to_datetime(told) - now).total_seconds()


def sts_address(probe: Probe) -> str:
    """Return the address that proofs of callers are signed for."""
    address: str = probe.client("sts").meta.endpoint_url
    return address


def is_emulated() -> bool:
    """Return whether it is an emulator that is asked."""
    address = os.environ.get("AWS_ENDPOINT_URL")
    return address is not None and not is_aws(address)
