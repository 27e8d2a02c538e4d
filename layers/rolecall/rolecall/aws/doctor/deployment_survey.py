"""Asks AWS what the doctor wants to know of an account before anything is deployed into it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from botocore.exceptions import BotoCoreError

from rolecall.aws.doctor.function_questions import account_limits
from rolecall.aws.doctor.people_questions import domain_status
from rolecall.aws.doctor.probe import Probe, of_type
from rolecall.aws.doctor.stack_survey import clock_of, deployed_stack, sts_address
from rolecall.errors import UsageError
from rolecall.usecases.doctor.answers import Answer, Unanswered
from rolecall.usecases.doctor.deployment_answers import DeploymentAnswers
from rolecall.usecases.doctor.deployment_state import DeploymentState
from rolecall.usecases.doctor.stack_state import DeployedStack

__all__ = ["survey_deployment"]

_ALIASES = ("data", "signing", "vault", "fingerprint")
_SPEC = "ECC_NIST_EDWARDS25519"
_UNTRIED = (
    "AWS does not say which kinds of keys a region makes; aws kms create-key --key-spec "
    f"{_SPEC} would settle it (and aws kms schedule-key-deletion takes the key away)"
)


def survey_deployment(
    name: str, answers: Answer[DeploymentAnswers], now: Callable[[], datetime]
) -> DeploymentState:
    """Ask what there is to know of an account.

    :param name: of the stack that is to come.
    :param answers: of its deployment.
    :raises UsageError: no region is named.
    """
    probe = Probe()
    region = _region(probe)
    told = probe.ask(
        "sts", "GetCallerIdentity", lambda answer: (answer["Arn"], clock_of(answer, now()))
    )
    caller, clock = (told, told) if isinstance(told, Unanswered) else told
    aliases = probe.pages(
        "kms", "ListAliases", "Aliases", lambda one: (one["AliasName"], one.get("TargetKeyId"))
    )
    return DeploymentState(
        name=name,
        region=region,
        now=now(),
        answers=answers,
        caller=caller,
        sts=sts_address(probe),
        clock=clock,
        limits=account_limits(probe),
        deployed=_deployed(probe, name),
        spec=_makes_keys(probe, aliases),
        leftovers={"aliases": _taken(aliases, name), "logs": _groups(probe, name)},
        domain=_domain(probe, caller, name, answers),
    )


def _region(probe: Probe) -> str:
    try:
        region: str = probe.client("sts").meta.region_name
    except BotoCoreError as error:
        raise UsageError(f"{error} AWS_REGION names one") from error
    return region


def _deployed(probe: Probe, name: str) -> Answer[DeployedStack | None]:
    return probe.ask(
        "cloudformation",
        "DescribeStacks",
        lambda answer: deployed_stack(answer["Stacks"][0]),
        {"ValidationError": None},
        StackName=name,
    )


def _makes_keys(probe: Probe, aliases: Answer[list[Any]]) -> Answer[bool]:
    """Look for such a key: where there is one, the region makes them."""
    if isinstance(aliases, Unanswered):
        return aliases
    for alias, key in aliases:
        if key is not None and alias.endswith("-signing"):
            read = of_type(str, "KeyMetadata", "KeySpec")
            if probe.ask("kms", "DescribeKey", read, KeyId=key) == _SPEC:
                return True
    return Unanswered(_UNTRIED)


def _taken(aliases: Answer[list[Any]], name: str) -> Answer[Sequence[str]]:
    if isinstance(aliases, Unanswered):
        return aliases
    wanted = {f"alias/{name}-{one}" for one in _ALIASES}
    return [alias for alias, _ in aliases if alias in wanted]


def _groups(probe: Probe, name: str) -> Answer[Sequence[str]]:
    # Of the groups that a stack makes, the first that it would make tells of all.
    return probe.pages(
        "logs",
        "DescribeLogGroups",
        "logGroups",
        of_type(str, "logGroupName"),
        logGroupNamePrefix=f"/aws/lambda/{name}-plan",
    )


def _domain(
    probe: Probe, caller: Answer[str], name: str, answers: Answer[DeploymentAnswers]
) -> Answer[str]:
    wanted = "" if isinstance(answers, Unanswered) else answers.get("LoginDomain")
    if not wanted:
        if isinstance(caller, Unanswered):
            return caller
        wanted = f"{name}-{caller.split(':')[4]}"
    return domain_status(probe, wanted)
