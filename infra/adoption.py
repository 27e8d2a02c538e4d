"""``make adopt``: a new stack takes up what another left, so that its log and its secrets go on.

CloudFormation imports what is there into a stack that has nothing else; then the whole template is
deployed over it, as any update, which makes the rest and gives the keys of the vault to the new
stack's role. The log's name and the organisation are those of the stack that was, whatever the new
one is called.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from secrets import token_hex
from typing import Any

from botocore.exceptions import WaiterError

from infra.account import Account, DeploymentError, status_of
from infra.answers import Answers, keep
from infra.deployment import ROOT, SETTINGS, deploy
from infra.deployment_guard import NOTHING_YET, refusals
from infra.emulator_gaps import fill_gaps
from infra.remains import IDENTIFIERS, Remains, kept_resources, read_remains
from infra.template import read_template

__all__ = ["import_template", "main", "to_import"]

_EMPTY = (*NOTHING_YET, "DELETE_COMPLETE", "IMPORT_ROLLBACK_COMPLETE")
"""How a stack stands that has nothing: an import into it failed, or was not begun."""


def import_template(template: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    """Return the part of a template that is imported: what is kept, and nothing that it names.

    What the key policies say of roles comes with the roles, in the deployment that follows.
    """
    kept = {name: json.loads(json.dumps(template["Resources"][name])) for name in names}
    for one in kept.values():
        policy = one["Properties"].get("KeyPolicy")
        if policy is not None:
            policy["Statement"] = [
                statement
                for statement in policy["Statement"]
                if not _names_roles(statement["Principal"])
            ]
    return {
        "AWSTemplateFormatVersion": template["AWSTemplateFormatVersion"],
        "Description": "What an earlier stack of Rolecall left; the rest is deployed next.",
        "Parameters": template["Parameters"],
        "Conditions": template["Conditions"],
        "Resources": kept,
    }


def _names_roles(principal: Any) -> bool:
    return '"Fn::GetAtt"' in json.dumps(principal)


def to_import(left: Remains, kinds: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return what CloudFormation is told of each thing to import.

    :raises DeploymentError: something of a stack is missing in what was left.
    """
    if missing := sorted(set(kinds) - set(left.resources)):
        raise DeploymentError(
            f"the file names no {', '.join(missing)}: a stack that takes up the rest would make "
            "them anew, and empty. Add their names, or say which release left them"
        )
    return [
        {
            "ResourceType": kinds[name],
            "LogicalResourceId": name,
            "ResourceIdentifier": {IDENTIFIERS[kinds[name]]: left.resources[name]},
        }
        for name in kinds
    ]


def _import(account: Account, answers: Answers, body: str, listed: list[dict[str, Any]]) -> None:
    formation = account.client("cloudformation")
    # A change set of an import that failed, or was interrupted, keeps its name.
    where = {"StackName": answers.stack, "ChangeSetName": f"adopt-{token_hex(4)}"}
    formation.create_change_set(
        **where,
        ChangeSetType="IMPORT",
        TemplateBody=body,
        ResourcesToImport=listed,
        Parameters=[
            {"ParameterKey": name, "ParameterValue": value}
            for name, value in answers.parameters.items()
        ],
    )
    try:
        formation.get_waiter("change_set_create_complete").wait(
            **where, WaiterConfig={"Delay": 2, "MaxAttempts": 150}
        )
        formation.execute_change_set(**where)
        formation.get_waiter("stack_import_complete").wait(
            StackName=answers.stack, WaiterConfig={"Delay": 2, "MaxAttempts": 300}
        )
    except WaiterError as error:
        found = formation.describe_change_set(**where)
        raise DeploymentError(
            f"the import failed, and nothing was made: {found.get('StatusReason') or error}"
        ) from error


def _adopt(left: Remains, stack: str, environment: str) -> None:
    template = read_template(ROOT / "template.yaml")
    kinds = kept_resources(template)
    account = Account(left.region)
    if account.number != left.account:
        raise DeploymentError(
            f"what was left is in the account {left.account}, and AWS_PROFILE leads to "
            f"{account.number}"
        )
    name = stack or left.stack
    parameters = {
        one: left.parameters.get(one, str(parameter["Default"]))
        for one, parameter in template["Parameters"].items()
    }
    answers = Answers(name, left.region, account.number, parameters)
    there = account.stack(name)
    if there is not None and there.status in _EMPTY:
        there = None
    if there is None:
        found = list(
            refusals(answers, None, template, account=account.number, is_aws=account.is_aws)
        )
        if found:
            raise DeploymentError("\n  ".join(["refused, and nothing was changed:", *found]))
        body = json.dumps(import_template(template, list(kinds)))
        _import(account, answers, body, to_import(left, kinds))
        sys.stdout.write(f"{name} has taken up {', '.join(kinds)}\n")
    elif {one: there.resources.get(one) for one in kinds} != dict(left.resources):
        raise DeploymentError(f"there is a stack {name}, and it has others: STACK=NAME is another")
    keep(SETTINGS, environment, replace(answers, stack=name))
    sys.stdout.flush()
    deploy(environment, confirm=False)
    if not account.is_aws and (made := account.stack(name)) is not None:
        fill_gaps(account.client, made.outputs)


def main(arguments: Sequence[str] | None = None) -> int:
    """Take up what a stack left; return how the program ends."""
    parser = argparse.ArgumentParser(description="Take up what a stack left (docs/deploy.md).")
    parser.add_argument("--environment", default="default", help="of samconfig.toml")
    parser.add_argument("--stack", default="", help="the new stack, if it has another name")
    parser.add_argument("--remains", type=Path, required=True, help="what make destroy wrote")
    given = parser.parse_args(arguments)

    def adopted() -> None:
        _adopt(read_remains(given.remains), given.stack, given.environment)

    return status_of(adopted, "make adopt")


if __name__ == "__main__":
    sys.exit(main())
