"""template.yaml as CloudFormation makes it of parameters: no intrinsic is left, every ARN is whole.

The one place that knows what intrinsics mean: what the doctor is tried on, whom policies let in,
which alarm watches what, and what Step Functions is given are all read off a template through it.
The account is pretended, and what a service would name is named after its logical id.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from infra.template import condition_holds
from tests.cloud import ROOT, template
from tests.permissions.regions import Place

__all__ = ["ACCOUNT", "STACK", "Rendered"]

ACCOUNT = "123456789012"
STACK = "rolecall"
_NOTHING = object()
_VARIABLE = re.compile(r"\$\{(!?)([^}]+)\}")

Properties = Mapping[str, Any]


_NAMED = {
    "AWS::Cognito::UserPoolDomain": "Domain",
    "AWS::Cognito::UserPoolGroup": "GroupName",
    "AWS::CloudWatch::Dashboard": "DashboardName",
    "AWS::KMS::Alias": "AliasName",
    "AWS::Logs::LogGroup": "LogGroupName",
}
"""Whose name is a property that they must have."""

_ARNS: Mapping[str, str] = {
    "AWS::CloudFormation::Stack": "cloudformation:{here}:stack/{name}",
    "AWS::Cognito::UserPool": "cognito-idp:{here}:userpool/{name}",
    "AWS::DynamoDB::Table": "dynamodb:{here}:table/{name}",
    "AWS::IAM::Role": "iam::{account}:role/{name}",
    "AWS::KMS::Key": "kms:{here}:key/{name}",
    "AWS::Logs::LogGroup": "logs:{here}:log-group:{name}:*",
    "AWS::S3::Bucket": "s3:::{name}",
    "AWS::SNS::Topic": "sns:{here}:{name}",
    "AWS::SQS::Queue": "sqs:{here}:{name}",
    "AWS::Scheduler::Schedule": "scheduler:{here}:schedule/default/{name}",
    "AWS::Serverless::Function": "lambda:{here}:function:{name}",
    "AWS::Serverless::LayerVersion": "lambda:{here}:layer:{name}:1",
    "AWS::Serverless::StateMachine": "states:{here}:stateMachine:{name}",
}
_REF_IS_ARN = frozenset(
    {"AWS::Serverless::LayerVersion", "AWS::Serverless::StateMachine", "AWS::SNS::Topic"}
)


class Rendered:
    """A template for one set of parameters.

    :ivar parameters: all of them, as texts.
    """

    def __init__(
        self,
        parameters: Mapping[str, str] | None = None,
        place: Place | None = None,
        document: Mapping[str, Any] | None = None,
    ) -> None:
        """Take a template.

        :param parameters: answers that are not the defaults.
        :param document: today's by default.
        """
        given = parameters or {}
        self.place = place or Place()
        self.document = document or template()
        self._raw: Mapping[str, Properties] = self.document["Resources"]
        self._here = f"{self.place.region}:{ACCOUNT}"
        self.parameters = {
            name: str(given.get(name, one.get("Default", "")))
            for name, one in self.document["Parameters"].items()
        }
        self._values: dict[str, Any] = {
            "AWS::Partition": self.place.partition,
            "AWS::Region": self.place.region,
            "AWS::AccountId": ACCOUNT,
            "AWS::URLSuffix": self.place.suffix,
            "AWS::StackName": STACK,
            "AWS::StackId": self.arn("Stack/1"),
            "AWS::NoValue": _NOTHING,
        }
        for name, text in self.parameters.items():
            is_list = self.document["Parameters"][name]["Type"] == "CommaDelimitedList"
            self._values[name] = text.split(",") if is_list else text

    @cached_property
    def resources(self) -> dict[str, Any]:
        """The resources whose conditions hold, by their logical ids."""
        return {
            name: self.value(one)
            for name, one in self._raw.items()
            if "Condition" not in one or self.holds(one["Condition"])
        }

    @cached_property
    def outputs(self) -> dict[str, str]:
        """The outputs, by their names."""
        outputs = self.document["Outputs"].items()
        return {name: str(self.value(one["Value"])) for name, one in outputs}

    # -- names -------------------------------------------------------------------------------------

    def kind(self, resource: str) -> str:
        """Return the type of a resource, or of what it is below."""
        return str(self._raw.get(resource.partition("/")[0], {}).get("Type", ""))

    def physical(self, name: str) -> str:
        """Return the id that a service knows a resource by, which is what ``Ref`` gives."""
        kind = self.kind(name)
        if kind in _REF_IS_ARN:
            return self.arn(name)
        if kind == "AWS::SQS::Queue":
            host = f"sqs.{self.place.region}.{self.place.suffix}"
            return f"https://{host}/{ACCOUNT}/{self._name(name)}"
        return self._name(name)

    def arn(self, resource: str) -> str:
        """Return the ARN of a resource, or of what is below it.

        :param resource: its logical id, such as ``WorkBucket/runs/*``.
        """
        name, slash, below = resource.partition("/")
        if name == "*":
            return "*"
        if below == "executions":
            # A batch is an execution of the machine as well, with the label of its map.
            tail, slash, below = (
                f"states:{self._here}:execution:{self._name(name)}",
                "/",
                "Batches:1",
            )
        else:
            kind = "AWS::CloudFormation::Stack" if name == "Stack" else self.kind(name)
            given = STACK if name == "Stack" else self._name(name)
            tail = _ARNS[kind].format(here=self._here, account=ACCOUNT, name=given)
        return f"arn:{self.place.partition}:{tail}{slash}{below}"

    def _name(self, name: str) -> str:
        its, kind = self._raw[name].get("Properties", {}), self.kind(name)
        if kind in _NAMED or (kind == "AWS::Serverless::StateMachine" and "Name" in its):
            return str(self.value(its[_NAMED.get(kind, "Name")]))
        if kind == "AWS::Lambda::EventSourceMapping":
            return "318900f8-f10a-4f96-b89f-1359e49e4dc0"
        if kind == "AWS::Cognito::UserPool":
            return f"{self.place.region}_{name}"
        made = f"{STACK}-{name}"
        return made.lower() if kind == "AWS::S3::Bucket" else made

    # -- intrinsics --------------------------------------------------------------------------------

    def value(self, node: Any) -> Any:
        """Return a part of the template without intrinsics."""
        if isinstance(node, list):
            made = [self.value(one) for one in node]
            return [one for one in made if one is not _NOTHING]
        if not isinstance(node, dict):
            return node
        if len(node) == 1:
            ((name, said),) = node.items()
            if name == "Ref" or name.startswith("Fn::"):
                return self._intrinsic(name, said)
        pairs = ((name, self.value(one)) for name, one in node.items())
        return {name: one for name, one in pairs if one is not _NOTHING}

    def holds(self, condition: Any) -> bool:
        """Return whether a condition holds.

        :param condition: its name, or what it says.
        """
        return condition_holds(condition, self.document["Conditions"], self.value)

    def substituted(
        self, text: str, values: Properties, other: Callable[[str], Any] | None = None
    ) -> str:
        """Return a text with what stands in ``${...}`` put in its place.

        :param other: gives what is not among the values; without it, all must be.
        """

        def put_in(found: re.Match[str]) -> str:
            literal, name = found.groups()
            if literal:
                return f"${{{name}}}"
            return str(self.value(values[name]) if name in values or not other else other(name))

        return _VARIABLE.sub(put_in, text)

    def definition(self, machine: str) -> str:
        """Return what Step Functions is given for a state machine.

        :raises KeyError: the file names what the template does not give.
        """
        its = self._raw[machine]["Properties"]
        text = (ROOT / its["DefinitionUri"]).read_text(encoding="utf-8")
        return self.substituted(text, its["DefinitionSubstitutions"])

    def _intrinsic(self, name: str, said: Any) -> Any:
        match name:
            case "Ref":
                return self._values[said] if said in self._values else self.physical(said)
            case "Fn::GetAtt":
                return self._attribute(*said)
            case "Fn::If":
                return self.value(said[1] if self.holds(said[0]) else said[2])
            case "Fn::Join":
                return said[0].join(map(str, self.value(said[1])))
            case "Fn::Sub":
                text, more = (said, {}) if isinstance(said, str) else said
                return self.substituted(text, more, self._named)
            case _:
                raise ValueError(f"{name} is not known here")

    def _named(self, name: str) -> Any:
        if "." in name:
            return self._attribute(*name.split(".", 1))
        return self._intrinsic("Ref", name)

    def _attribute(self, name: str, attribute: str) -> str:
        if attribute == "Arn":
            return self.arn(name)
        if attribute == "StreamArn":
            return f"{self.arn(name)}/stream/2026-01-01T00:00:00.000"
        if attribute == "QueueName":
            return self._name(name)
        return f"{self.physical(name)}.{attribute}"
