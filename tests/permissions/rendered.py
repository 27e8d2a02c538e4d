"""template.yaml as CloudFormation makes it of parameters: no intrinsic is left, every ARN is whole.

The account is pretended, and each resource has its logical id for a name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from tests.cloud import template
from tests.permissions.regions import Place

__all__ = ["ACCOUNT", "STACK", "Rendered"]

ACCOUNT = "123456789012"
STACK = "rolecall"
_NOTHING = object()
_VARIABLE = re.compile(r"\$\{(!?)([^}]+)\}")


_ARNS: Mapping[str, Callable[[str, Mapping[str, Any]], str]] = {
    "AWS::DynamoDB::Table": lambda name, _: f"dynamodb:{{here}}:table/{name}",
    "AWS::KMS::Key": lambda name, _: f"kms:{{here}}:key/{name}",
    "AWS::Serverless::Function": lambda name, _: f"lambda:{{here}}:function:{name}",
    "AWS::Serverless::StateMachine": lambda _, its: f"states:{{here}}:stateMachine:{its['Name']}",
    "AWS::Scheduler::Schedule": lambda name, _: f"scheduler:{{here}}:schedule/default/{name}",
    "AWS::Serverless::LayerVersion": lambda name, _: f"lambda:{{here}}:layer:{name}:1",
    "AWS::SQS::Queue": lambda name, _: f"sqs:{{here}}:{name}",
    "AWS::SNS::Topic": lambda name, _: f"sns:{{here}}:{name}",
    "AWS::S3::Bucket": lambda name, _: f"s3:::{name.lower()}",
    "AWS::IAM::Role": lambda name, _: f"iam::{ACCOUNT}:role/{name}",
    "AWS::Logs::LogGroup": lambda _, its: f"logs:{{here}}:log-group:{its['LogGroupName']}:*",
    "AWS::Cognito::UserPool": lambda name, _: f"cognito-idp:{{here}}:userpool/{name}",
}
_REF_IS_ARN = tuple(
    f"AWS::{kind}"
    for kind in ("Serverless::StateMachine", "Serverless::LayerVersion", "SNS::Topic")
)


class Rendered:
    """The template for one set of parameters.

    :ivar resources: those whose conditions hold, by their logical ids.
    """

    def __init__(self, place: Place | None = None, **parameters: str) -> None:
        self.place = place or Place()
        found = template()
        self._kinds = {name: one["Type"] for name, one in found["Resources"].items()}
        self._raw = found["Resources"]
        self._conditions = found["Conditions"]
        self._values: dict[str, Any] = {
            "AWS::Partition": self.place.partition,
            "AWS::Region": self.place.region,
            "AWS::AccountId": ACCOUNT,
            "AWS::URLSuffix": self.place.suffix,
            "AWS::StackName": STACK,
            "AWS::StackId": self.arn("Stack/id"),
            "AWS::NoValue": _NOTHING,
        }
        for name, one in found["Parameters"].items():
            given = str(parameters.get(name, one["Default"]))
            is_list = one["Type"] == "CommaDelimitedList"
            self._values[name] = given.split(",") if is_list else given
        self.resources: dict[str, Any] = {
            name: self._of(one)
            for name, one in self._raw.items()
            if "Condition" not in one or self._is(one["Condition"])
        }

    def arn(self, resource: str) -> str:
        """Return the ARN of a resource, or of what is below it.

        :param resource: its logical id, such as ``WorkBucket/runs/*``.
        """
        name, slash, below = resource.partition("/")
        here = f"{self.place.region}:{ACCOUNT}"
        if name == "*":
            return "*"
        if name == "Stack":
            return f"arn:{self.place.partition}:cloudformation:{here}:stack/{STACK}/{below}"
        its = self._of(self._raw[name].get("Properties", {}), deep=False)
        if below == "executions":
            # A batch is an execution of the machine as well, with the label of its map.
            return f"arn:{self.place.partition}:states:{here}:execution:{its['Name']}/Batches:1"
        tail = _ARNS[self._kinds[name]](name, its).format(here=here)
        return f"arn:{self.place.partition}:{tail}{slash}{below}"

    def statements(self, role: str) -> list[dict[str, Any]]:
        """Return the statements of all policies of a role."""
        policies = list(self.resources[role]["Properties"].get("Policies", ()))
        policies += [
            one["Properties"]
            for one in self.resources.values()
            if one["Type"] == "AWS::IAM::Policy" and role in one["Properties"]["Roles"]
        ]
        return [one for policy in policies for one in policy["PolicyDocument"]["Statement"]]

    def policy_of(self, resource: str) -> list[dict[str, Any]]:
        """Return the statements of the policy that a key or a bucket has of its own."""
        name = resource.partition("/")[0]
        if self._kinds.get(name) == "AWS::KMS::Key":
            return list(self.resources[name]["Properties"]["KeyPolicy"]["Statement"])
        return [
            statement
            for one in self.resources.values()
            if one["Type"] == "AWS::S3::BucketPolicy"
            and one["Properties"]["Bucket"] == name.lower()
            for statement in one["Properties"]["PolicyDocument"]["Statement"]
        ]

    def kind(self, resource: str) -> str:
        """Return the type of a resource, or of what it is below."""
        return str(self._kinds.get(resource.partition("/")[0], ""))

    # -- intrinsics --------------------------------------------------------------------------------

    def _of(self, value: Any, *, deep: bool = True) -> Any:
        """Return a value without intrinsics.

        :param deep: or only what is directly in it: names, on which ARNs are made.
        """
        if isinstance(value, list):
            made = [self._of(one) for one in value]
            return [one for one in made if one is not _NOTHING]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            ((name, said),) = value.items()
            if name == "Ref" or name.startswith("Fn::"):
                return self._intrinsic(name, said)
        if not deep:
            value = {name: value[name] for name in ("Name", "LogGroupName") if name in value}
        pairs = ((name, self._of(one)) for name, one in value.items())
        return {name: one for name, one in pairs if one is not _NOTHING}

    def _intrinsic(self, name: str, said: Any) -> Any:
        match name:
            case "Ref":
                return self._ref(said)
            case "Fn::GetAtt":
                return self._attribute(*said)
            case "Fn::If":
                return self._of(said[1] if self._is(said[0]) else said[2])
            case "Fn::Join":
                return said[0].join(map(str, self._of(said[1])))
            case "Fn::Sub":
                text, more = (said, {}) if isinstance(said, str) else said
                return _VARIABLE.sub(lambda found: self._put_in(found, more), text)
            case _:
                raise ValueError(f"{name} is not known here")

    def _put_in(self, found: re.Match[str], more: Mapping[str, Any]) -> str:
        literal, name = found[1], found[2]
        if literal:
            return f"${{{name}}}"
        if name in more:
            return str(self._of(more[name]))
        return str(self._attribute(*name.split(".", 1)) if "." in name else self._ref(name))

    def _ref(self, name: str) -> Any:
        if name in self._values:
            return self._values[name]
        kind = self._kinds[name]
        if kind in _REF_IS_ARN:
            return self.arn(name)
        return name.lower() if kind == "AWS::S3::Bucket" else name

    def _attribute(self, name: str, attribute: str) -> str:
        if attribute == "Arn":
            return self.arn(name)
        if attribute == "StreamArn":
            return f"{self.arn(name)}/stream/2026-01-01T00:00:00.000"
        return f"{name}.{attribute}"

    def _is(self, condition: Any) -> bool:
        if isinstance(condition, str):
            return self._is(self._conditions[condition])
        ((name, said),) = condition.items()
        match name:
            case "Condition":
                return self._is(said)
            case "Fn::Not":
                return not self._is(said[0])
            case "Fn::And":
                return all(map(self._is, said))
            case "Fn::Or":
                return any(map(self._is, said))
            case "Fn::Equals":
                return bool(self._of(said[0]) == self._of(said[1]))
            case _:
                raise ValueError(f"{name} is not known here")
