"""What a stack leaves when it is deleted, and the file from which another takes it up."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from infra.account import DeploymentError
from infra.deployment_guard import Deployed, effective

__all__ = ["IDENTIFIERS", "Remains", "kept_resources", "read_remains", "remains_of"]

IDENTIFIERS = {
    "AWS::DynamoDB::Table": "TableName",
    "AWS::S3::Bucket": "BucketName",
    "AWS::KMS::Key": "KeyId",
    "AWS::Cognito::UserPool": "UserPoolId",
}
"""By which property CloudFormation knows each kind of what is kept."""
_KEPT = ("Retain", "RetainExceptOnCreate")
_NAMES = ("LogName", "Organisation")


@dataclass(frozen=True)
class Remains:
    """What a stack left.

    :ivar parameters: with which a stack goes on where that one ended.
    :ivar resources: the names of what is kept, by their ids in the template.
    """

    stack: str
    id: str
    account: str
    region: str
    parameters: Mapping[str, str]
    resources: Mapping[str, str]

    def write(self, path: Path) -> None:
        """Keep it in a file."""
        path.write_text(json.dumps(asdict(self), indent=1) + "\n", encoding="utf-8")


def kept_resources(template: Mapping[str, Any]) -> dict[str, str]:
    """Return the kinds of what outlives a stack, by their ids in the template."""
    return {
        name: one["Type"]
        for name, one in template["Resources"].items()
        if one.get("DeletionPolicy") in _KEPT
    }


def remains_of(
    deployed: Deployed, template: Mapping[str, Any], account: str, region: str
) -> Remains:
    """Return what a stack will leave.

    What its log and its secrets are bound to is made explicit: a stack of another name would make
    other names of it.
    """
    parameters = dict(deployed.parameters)
    for name in _NAMES:
        given = parameters.get(name, "")
        parameters[name] = deployed.outputs.get(name) or effective(
            name, given, deployed.name, account, region
        )
    resources = {
        name: deployed.resources[name]
        for name in kept_resources(template)
        if name in deployed.resources
    }
    return Remains(deployed.name, deployed.id, account, region, parameters, resources)


def read_remains(path: Path) -> Remains:
    """Return what the file says.

    :raises DeploymentError: it is no such file.
    """
    try:
        return Remains(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise DeploymentError(f"{path}: not what make destroy writes: {error}") from error
