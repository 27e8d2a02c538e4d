"""What a deployment may not change of a stack that stands, and what it may only change by name.

The answers of a deployment are compared with what is deployed, before anything is built or changed.
A decision is pure: what is deployed comes in as it was read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from infra.answers import Answers
from infra.template import broken_rules, fault_of

__all__ = [
    "NEVER",
    "NOTHING_YET",
    "ON_PURPOSE",
    "Deployed",
    "effective",
    "refusals",
    "would_change",
]

NEVER = {
    "LogName": "checkpoints under another name are another log, and the seal would refuse to go on",
    "Organisation": "it is a part of every secret's place, and no secret could be opened any more",
    "LoginDomain": (
        "a user pool has one domain, and CloudFormation makes the new one first: it would fail"
    ),
    "Local": "an emulator has neither locks nor protection nor TLS, and AWS has all of them",
}
"""What no deployment changes, and why."""

ON_PURPOSE = {
    "SigningKeyArn": "what is sealed from then on is signed by another key (docs/runbooks.md)",
    "CheckpointRetentionDays": "what is sealed from then on is locked for another time",
    "ReportRetentionDays": "reports from then on are locked for another time",
    "OidcIssuer": "another issuer says who everybody is",
    "OidcAudience": "tokens that were made for another program let people in",
    "GroupsClaim": "another claim of a token says who has an office",
    "ComplianceGroupName": "another group has the office of compliance",
    "RegistrarGroupName": "another group has the office of the registrars",
    "Mfa": "whether everybody needs a second factor",
}
"""What a deployment changes where it is named, and what that does."""

_TOLD = (*NEVER, "SigningKeyArn")
"""Whose output is what the parameter comes to; others have an output that says something else."""

# A first deployment failed, or there is nothing yet but a change set.
NOTHING_YET = ("REVIEW_IN_PROGRESS",)
"""A stack that has a change set and nothing else."""
_UNFIT = {
    "ROLLBACK_COMPLETE": "its first deployment failed: make destroy clears it away",
    "ROLLBACK_FAILED": "its first deployment failed: make destroy clears it away",
    "CREATE_FAILED": "its first deployment failed: make destroy clears it away",
    "DELETE_FAILED": "it was half deleted: make destroy goes on",
    "UPDATE_ROLLBACK_FAILED": (
        "an update could not be undone: aws cloudformation continue-update-rollback goes on"
    ),
}
_DOMAIN = re.compile(r"(?!.*(aws|amazon|cognito))[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


@dataclass(frozen=True)
class Deployed:
    """A stack that stands.

    :ivar resources: the names of what it has, by their ids in the template.
    """

    name: str
    id: str
    status: str
    parameters: Mapping[str, str]
    outputs: Mapping[str, str]
    resources: Mapping[str, str]


def effective(name: str, value: str, stack: str, account: str, region: str) -> str:
    """Return what a parameter comes to: an empty name is made of the stack's."""
    if value:
        return value
    made = f"{stack}.{account}.{region}"
    return {
        "LogName": f"{made}/audit",
        "Organisation": made,
        "LoginDomain": f"{stack}-{account}",
    }.get(name, "")


def refusals(
    answers: Answers,
    deployed: Deployed | None,
    template: Mapping[str, Any],
    *,
    account: str,
    is_aws: bool,
    named: Collection[str] = (),
) -> Iterator[str]:
    """Yield why a deployment is refused.

    :param account: in which it would be.
    :param is_aws: whether that is AWS itself, and no emulator.
    :param named: the parameters that are changed on purpose.
    """
    given = answers.parameters
    for name, value in given.items():
        if name not in template["Parameters"]:
            continue
        fault = fault_of(template["Parameters"][name], value)
        if fault is not None:
            yield f"{name} is {value!r}; it must be {fault}"
    yield from broken_rules(template, given)
    yield from _of_place(answers, account, is_aws=is_aws)
    yield from (f"CHANGE names {name}, which never changes" for name in named if name in NEVER)
    if deployed is None or deployed.status in NOTHING_YET:
        return
    if deployed.status in _UNFIT:
        yield f"the stack {deployed.name} is in {deployed.status}: {_UNFIT[deployed.status]}"
        return
    if deployed.status.endswith("_IN_PROGRESS"):
        yield f"the stack {deployed.name} is in {deployed.status}: wait for its end"
        return

    def comes_to(name: str, value: str) -> str:
        return effective(name, value, answers.stack, account, answers.region)

    yield from _changes(given, deployed, comes_to, named)


def would_change(answers: Answers, deployed: Deployed | None) -> Iterator[str]:
    """Yield which parameters of a stack that stands become others.

    Whoever deploys from another machine may have kept older answers: that must not pass unseen.
    """
    known = deployed.parameters if deployed is not None else {}
    for name, value in answers.parameters.items():
        if name in known and not _same(known[name], value):
            yield f"{name} is {known[name]!r} there, and becomes {value!r}"


def _of_place(answers: Answers, account: str, *, is_aws: bool) -> Iterator[str]:
    if answers.account and answers.account != account:
        yield (
            f"the answers are those of the account {answers.account}, and AWS_PROFILE leads to "
            f"{account}: take that profile, or another environment of the file (ENVIRONMENT=...)"
        )
    if is_aws and answers.parameters.get("Local") == "yes":
        yield f"Local is 'yes': {NEVER['Local']}"
    if not is_aws and answers.parameters.get("Local") != "yes":
        yield (
            "AWS_ENDPOINT_URL leads to an emulator, which cannot do all of it: WITH=Local=yes "
            "leaves that out"
        )
    domain = answers.parameters.get("LoginDomain") or f"{answers.stack}-{account}"
    if not _DOMAIN.fullmatch(domain):
        yield (
            f"the sign-in page would be called {domain}: small letters, digits and hyphens, 63 at "
            "most, without aws, amazon or cognito in it. Give LoginDomain, or another stack name"
        )


def _changes(
    given: Mapping[str, str],
    deployed: Deployed,
    comes_to: Callable[[str, str], str],
    named: Collection[str],
) -> Iterator[str]:
    for name, why in {**NEVER, **ON_PURPOSE}.items():
        if name not in deployed.parameters or name not in given:
            continue
        told = deployed.outputs.get(name) if name in _TOLD else None
        before = told or comes_to(name, deployed.parameters[name])
        after = comes_to(name, given[name])
        if name in ON_PURPOSE and not given[name]:
            # Empty is the stack's own, and that is what it has if it was empty before.
            before = deployed.parameters[name]
        if _same(after, before) or name in named:
            continue
        shown = f"{name} is {before!r} in the stack {deployed.name} and {after!r} in the answers"
        if name in NEVER:
            yield f"{shown}, and never changes: {why}"
        else:
            yield f"{shown}: {why}. If that is meant, once more with CHANGE={name}"


def _same(one: str, other: str) -> bool:
    return one == other or (one.isdigit() and other.isdigit() and int(one) == int(other))
