"""What the roles of the template may do, decided for what they ask."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from tests.permissions.evaluation import Asked, Decision, Statement, decide
from tests.permissions.inventory import Noted
from tests.rendered import Rendered

__all__ = ["Granted", "answer", "full", "granted", "used"]


class Granted(NamedTuple):
    """One thing that a statement grants: an action, a resource, or the value of a condition."""

    role: str
    sid: str
    what: str


def full(stack: Rendered, noted: Noted) -> Asked:
    """Return a request with everything in full, as one of a stack."""
    role, (action, resource, context) = noted
    given = {name: (_value(stack, name, value),) for name, value in context}
    principal = stack.arn(role)
    given |= {"aws:PrincipalArn": (principal,), "aws:SecureTransport": ("true",)}
    return Asked(principal, action, _arn(stack, resource), given)


def _arn(stack: Rendered, resource: str) -> str:
    if resource == "SigningKey":
        # It may be another one than the stack's own: that of whoever seals.
        return str(_settings(stack, "SealFunction")["SIGNING_KEY"])
    return stack.arn(resource)


def _settings(stack: Rendered, function: str) -> Mapping[str, object]:
    found: Mapping[str, object] = stack.resources[function]["Properties"]["Environment"][
        "Variables"
    ]
    return found


def _value(stack: Rendered, name: str, value: str) -> str:
    if name == "kms:ViaService":
        return f"{value}.{stack.place.region}.{stack.place.suffix}"
    if value == "Organisation":
        return str(_settings(stack, "CredentialFunction")["ORGANISATION"])
    return value


def _own_statements(stack: Rendered, role: str) -> list[Statement]:
    """Return the statements of all policies of a role."""
    policies = list(stack.resources[role]["Properties"].get("Policies", ()))
    policies += [
        one["Properties"]
        for one in stack.resources.values()
        if one["Type"] == "AWS::IAM::Policy" and stack.physical(role) in one["Properties"]["Roles"]
    ]
    return [one for policy in policies for one in policy["PolicyDocument"]["Statement"]]


def _statements_of(stack: Rendered, resource: str) -> list[Statement]:
    """Return the statements of the policy that a key or a bucket has of its own."""
    name = resource.partition("/")[0]
    if stack.kind(name) == "AWS::KMS::Key":
        return list(stack.resources[name]["Properties"]["KeyPolicy"]["Statement"])
    if stack.kind(name) != "AWS::S3::Bucket":
        return []
    bucket = stack.physical(name)
    return [
        statement
        for one in stack.resources.values()
        if one["Type"] == "AWS::S3::BucketPolicy" and one["Properties"]["Bucket"] == bucket
        for statement in one["Properties"]["PolicyDocument"]["Statement"]
    ]


def answer(stack: Rendered, noted: Noted) -> Decision:
    """Decide on a request by the policies of a stack."""
    role, request = noted
    is_key = stack.kind(request.resource) == "AWS::KMS::Key"
    own, asked = _own_statements(stack, role), full(stack, noted)
    there = _statements_of(stack, request.resource)
    if is_key:
        # In the policy of a key, its only resource is the key.
        there = [{**one, "Resource": asked.resource} for one in there]
    return decide(asked, own, there, is_key=is_key)


def _every(value: object) -> list[str]:
    return [str(one) for one in (value if isinstance(value, list) else [value])]


def _parts(role: str, statement: Statement) -> Iterator[tuple[Granted, Statement]]:
    """Yield all that a statement grants, each with the statement that grants this alone."""
    sid = statement["Sid"]
    for name in ("Action", "Resource"):
        for one in _every(statement[name]):
            yield Granted(role, sid, one), {**statement, name: one}
    for operator, keys in statement.get("Condition", {}).items():
        for key, values in keys.items():
            for one in _every(values):
                condition = {**statement["Condition"], operator: {**keys, key: one}}
                yield Granted(role, sid, f"{key} {one}"), {**statement, "Condition": condition}


def granted(stack: Rendered, roles: Iterable[str]) -> dict[Granted, Statement]:
    """Return all that roles are granted."""
    return {
        part: alone
        for role in roles
        for statement in _own_statements(stack, role)
        for part, alone in _parts(role, statement)
    }


def used(stack: Rendered, grants: dict[Granted, Statement], noted: Iterable[Noted]) -> set[Granted]:
    """Return what is granted and needed by a request."""
    by_role: dict[str, list[Asked]] = {}
    for one in noted:
        by_role.setdefault(one[0], []).append(full(stack, one))
    return {
        part
        for part, statement in grants.items()
        if any(decide(asked, [statement]).granting for asked in by_role.get(part.role, ()))
    }
