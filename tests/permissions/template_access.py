"""What the roles of the template may do, decided for what they ask."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from tests.permissions.evaluation import Asked, Decision, Statement, decide
from tests.permissions.inventory import Noted
from tests.rendered import Rendered

__all__ = ["Granted", "answer", "full", "granted", "needed", "wider"]


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


def _parts(role: str, statement: Statement) -> Iterator[tuple[Granted, Statement | None]]:
    """Yield all that a statement grants, each with the statement as it is without it."""
    sid = statement["Sid"]
    for name in ("Action", "Resource"):
        every = _every(statement[name])
        for one in every:
            others = [other for other in every if other != one]
            yield Granted(role, sid, one), {**statement, name: others} if others else None
    for operator, keys in statement.get("Condition", {}).items():
        for key, values in keys.items():
            every = _every(values)
            for one in every:
                others = [other for other in every if other != one]
                condition = {**statement["Condition"], operator: {**keys, key: others}}
                less = {**statement, "Condition": condition} if others else None
                yield Granted(role, sid, f"{key} {one}"), less


def granted(stack: Rendered, role: str) -> set[Granted]:
    """Return all that a role is granted."""
    statements = _own_statements(stack, role)
    return {part for statement in statements for part, _ in _parts(role, statement)}


def needed(stack: Rendered, role: str, noted: Iterable[Noted]) -> set[Granted]:
    """Return what a role is granted and cannot do without: a request would be refused.

    What is granted twice is needed in neither place: a wide statement beside the narrow ones that
    it covers takes the need away from them, and does not pass for used.
    """
    statements = _own_statements(stack, role)
    asked = [full(stack, one) for one in noted if one[0] == role]
    found = set()
    for place, statement in enumerate(statements):
        others = [*statements[:place], *statements[place + 1 :]]
        alone = [
            one
            for one in asked
            if decide(one, [statement]).granting and not decide(one, others).granting
        ]
        for part, less in _parts(role, statement):
            rest = [less] if less is not None else []
            if not all(decide(one, rest).granting for one in alone):
                found.add(part)
    return found


def wider(stack: Rendered, role: str, noted: Iterable[Noted]) -> set[Granted]:
    """Return the patterns of resources that are none of those which requests are noted with.

    A request for an object is noted with its folder, so that a statement for the whole bucket is
    seen, though it is the only one and everything in it is needed.
    """
    asked = {full(stack, one).resource for one in noted if one[0] == role}
    return {
        Granted(role, statement["Sid"], one)
        for statement in _own_statements(stack, role)
        for one in _every(statement["Resource"])
        if ("*" in one or "?" in one) and one not in asked
    }
