"""What is asked about who signs in to a stack: the pool, its offices, the gateway, the role."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from rolecall.aws.doctor.probe import Probe, of_type
from rolecall.aws.stack import Stack
from rolecall.usecases.doctor.answers import Answer, Unanswered, both
from rolecall.usecases.doctor.policy_document import PolicyStatement, policy_statements
from rolecall.usecases.doctor.resource_facts import ApiFacts, OperatedPool, PoolUser

__all__ = ["PeopleQuestions", "domain_status"]

_OFFICES = {"ComplianceGroupName": "compliance", "RegistrarGroupName": "registrar"}
"""The outputs that name offices, and what the first release called them."""


class PeopleQuestions:
    """Asks about people, without asking who they are."""

    def __init__(self, probe: Probe, stack: Stack, outputs: Mapping[str, str]) -> None:
        self._probe = probe
        self._stack = stack
        self._groups = [outputs.get(one, otherwise) for one, otherwise in _OFFICES.items()]

    def pool(self) -> Answer[OperatedPool]:
        """Ask what the user pool is like."""
        read = of_type(OperatedPool, "UserPool")
        pool = self._stack["UserPoolId"]
        return self._probe.ask("cognito-idp", "DescribeUserPool", read, UserPoolId=pool)

    def users(self) -> Answer[Sequence[PoolUser]]:
        """Ask for the state of every user."""
        return self._probe.pages(
            "cognito-idp",
            "ListUsers",
            "Users",
            _user,
            UserPoolId=self._stack["UserPoolId"],
            AttributesToGet=["email_verified"],
        )

    def offices(self) -> Mapping[str, Answer[int]]:
        """Ask how many are in the group of each office."""
        return self._probe.each(self._groups, self._members)

    def _members(self, group: str) -> Answer[int]:
        found = self._probe.pages(
            "cognito-idp",
            "ListUsersInGroup",
            "Users",
            lambda one: one.get("Enabled", True),
            UserPoolId=self._stack["UserPoolId"],
            GroupName=group,
        )
        return found if isinstance(found, Unanswered) else sum(found)

    def api(self) -> Answer[ApiFacts]:
        """Ask whom the gateway lets pass."""
        gateway = self._stack["GatewayId"]
        cors = self._probe.ask(
            "apigatewayv2",
            "GetApi",
            lambda answer: bool(answer.get("CorsConfiguration", {}).get("AllowOrigins")),
            ApiId=gateway,
        )
        routes = self._probe.pages(
            "apigatewayv2",
            "GetRoutes",
            "Items",
            lambda one: (one["RouteKey"], one.get("AuthorizationType", "NONE")),
            ApiId=gateway,
        )
        tokens = self._probe.pages(
            "apigatewayv2",
            "GetAuthorizers",
            "Items",
            lambda one: one.get("JwtConfiguration", {}),
            ApiId=gateway,
        )
        found = both(both(cors, routes), tokens)
        if isinstance(found, Unanswered):
            return found
        (asked, listed), settings = found
        return ApiFacts(
            cors=asked,
            routes=dict(listed),
            issuers=tuple(one.get("Issuer", "") for one in settings),
            audiences=tuple(name for one in settings for name in one.get("Audience", ())),
        )

    def operator(self) -> Answer[Sequence[PolicyStatement]]:
        """Ask what the operator's role may."""
        return self._probe.ask(
            "iam",
            "GetRolePolicy",
            lambda answer: policy_statements(json.dumps(answer["PolicyDocument"])),
            RoleName=self._stack["OperatorRoleArn"].rpartition("/")[2],
            PolicyName="operator",
        )


def domain_status(probe: Probe, domain: str) -> Answer[str]:
    """Ask for the status of a domain of sign-in; empty where nobody has it, as far as is told."""
    return probe.ask(
        "cognito-idp",
        "DescribeUserPoolDomain",
        lambda answer: answer["DomainDescription"].get("Status", ""),
        {"ResourceNotFoundException": ""},
        Domain=domain,
    )


def _user(one: Mapping[str, Any]) -> PoolUser:
    attributes = {each["Name"]: each.get("Value") for each in one.get("Attributes", ())}
    return PoolUser(
        status=one["UserStatus"],
        verified=attributes.get("email_verified") == "true",
        created=one["UserCreateDate"],
        enabled=one.get("Enabled", True),
    )
