"""What a stack leaves when it is deleted, and the file from which another takes it up."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from infra.account import DeploymentError
from infra.answers import Answers
from infra.deployment_guard import Deployed, effective

__all__ = [
    "IDENTIFIERS",
    "Remains",
    "kept_resources",
    "left_under_this_name",
    "read_remains",
    "remains_file",
    "remains_of",
]

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


def remains_file(folder: Path, left: Remains) -> Path:
    """Return where it is kept what a stack left, without taking the place of what another left.

    The file may be all that still knows the names of what an earlier stack of this name left. A
    stack that took that up has the same things, and says it anew.
    """
    for number in itertools.count(1):
        path = folder / f"remains-{left.stack}{f'-{number}' if number > 1 else ''}.json"
        if not path.exists() or _is_of(left, path):
            return path
    raise AssertionError


def left_under_this_name(folder: Path, answers: Answers, account: str) -> Iterator[str]:
    """Yield why a first deployment is none: an earlier stack left a log or secrets of this name."""
    mine = {
        name: effective(
            name, answers.parameters.get(name, ""), answers.stack, account, answers.region
        )
        for name in _NAMES
    }
    for path in sorted(folder.glob("remains-*.json")):
        try:
            left = read_remains(path)
        except DeploymentError as error:
            # What was not read may be of this name: a second log of it would never be one with it.
            yield (
                f"{error}. It may say what a stack of this name left; put it right from a copy, or "
                "move it away once nothing of it is there any more"
            )
            continue
        same = [name for name in _NAMES if left.parameters.get(name) == mine[name]]
        if same and (left.account, left.region) == (account, answers.region):
            yield (
                f"{path.name} says what the stack {left.stack} left, and this one would have the "
                f"same {' and '.join(same)} with other keys: two logs of one name, of which no "
                f"checkpoint continues the other, and no old secret opens. make adopt "
                f"REMAINS={path.name} goes on with what is there. Where nothing of it is there any "
                "more, delete the file; or give LogName and Organisation of their own"
            )


def _is_of(left: Remains, path: Path) -> bool:
    try:
        before = read_remains(path)
    except DeploymentError:
        # Whatever it is, it is not ours to write over.
        return False
    place = (before.account, before.region) == (left.account, left.region)
    return place and before.resources.items() <= left.resources.items()


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
