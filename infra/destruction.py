"""``make destroy``: a stack is stopped, sealed, emptied and deleted; what remains is said and kept.

The order matters. First nothing starts any more (the schedule, the API, the vault), then what runs
is stopped, then the log is sealed, so that the last checkpoint holds all that ever happened (once
before, too: a log that cannot be sealed is a reason to stop here, with nothing changed); then the
files of nights are deleted, without which CloudFormation cannot delete their bucket, and the
stack. Each step may be repeated: what was interrupted goes on when it is started again.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError, WaiterError

from infra.account import Account, DeploymentError, status_of
from infra.answers import read
from infra.deployment import ROOT, SETTINGS, region_of
from infra.deployment_guard import Deployed
from infra.remains import Remains, kept_resources, remains_file, remains_of
from infra.template import read_template
from rolecall.quantity import counted

__all__ = ["main"]

_SERVING = ("ApiFunction", "CredentialFunction", "RevokeFunction")
_ANSWERED = 60
"""Seconds within which each of them has ended."""
_FAILED_START = ("REVIEW_IN_PROGRESS", "ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED")
_WHY = {
    "AWS::DynamoDB::Table": "the record; deletion protection is on",
    "AWS::S3::Bucket": "seals and reports, locked for as long as the stack said",
    "AWS::KMS::Key": "without it nothing can be read, opened or signed",
    "AWS::Cognito::UserPool": "the users, without their groups; deletion protection is on",
}


def _say(message: str) -> None:
    sys.stdout.write(f"{message}\n")
    sys.stdout.flush()


def _stop(account: Account, deployed: Deployed) -> None:
    """See that nothing starts any more, and stop what runs."""
    if schedule := deployed.resources.get("NightlySchedule"):
        scheduler = account.client("scheduler")
        group, _, name = schedule.rpartition("|")
        where = {"Name": name, **({"GroupName": group} if group else {})}
        found: dict[str, Any] | None = None
        with suppress(scheduler.exceptions.ResourceNotFoundException):
            found = scheduler.get_schedule(**where)
        if found is not None:
            taken = (
                *("ScheduleExpression", "ScheduleExpressionTimezone", "FlexibleTimeWindow"),
                *("Target", "Description"),
            )
            kept = {one: found[one] for one in taken if one in found}
            scheduler.update_schedule(**where, **kept, State="DISABLED")
            _say("the schedule is off")
    functions = account.client("lambda")
    for one in _SERVING:
        if served := deployed.resources.get(one):
            functions.put_function_concurrency(FunctionName=served, ReservedConcurrentExecutions=0)
    # Those that were taken before are answered meanwhile.
    time.sleep(_ANSWERED if account.is_aws else 0)
    _say("the API and the vault take no requests any more")
    machine = deployed.resources.get("StateMachine")
    if machine is not None:
        machines = account.client("stepfunctions")
        running = machines.list_executions(stateMachineArn=machine, statusFilter="RUNNING")
        for one in running["executions"]:
            machines.stop_execution(executionArn=one["executionArn"], cause="make destroy")
            _say(f"stopped the run {one['name']}: what its functions append yet is not sealed")


def _seal(account: Account, deployed: Deployed, *, is_unsealed: bool) -> None:
    """Seal what the log has: after the stack nobody does."""
    name = deployed.resources.get("SealFunction")
    if name is None or is_unsealed or deployed.status == "DELETE_FAILED":
        return
    answer = account.client("lambda").invoke(FunctionName=name, Payload=b"{}")
    told = json.loads(answer["Payload"].read())
    if "FunctionError" in answer:
        kind = told.get("errorType", "an error") if isinstance(told, dict) else "an error"
        raise DeploymentError(
            f"the log could not be sealed ({kind}), and after the stack nobody could: "
            "docs/runbooks.md says what that is. To delete it all the same: "
            f"CONFIRM='{deployed.name} unsealed'"
        )
    _say(f"the log is sealed, at size {told['size']}")


def _empty(account: Account, bucket: str) -> None:
    """Delete the files of nights; the bucket has no versions, and expires them in a week anyway."""
    s3 = account.client("s3")
    count = 0
    try:
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
            names = [{"Key": one["Key"]} for one in page.get("Contents", ())]
            if names:
                answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": names, "Quiet": True})
                if answer.get("Errors"):
                    first = answer["Errors"][0]
                    raise DeploymentError(f"{bucket}/{first['Key']}: {first['Message']}")
                count += len(names)
        for page in s3.get_paginator("list_multipart_uploads").paginate(Bucket=bucket):
            for one in page.get("Uploads", ()):
                s3.abort_multipart_upload(Bucket=bucket, Key=one["Key"], UploadId=one["UploadId"])
    except s3.exceptions.NoSuchBucket:
        return
    _say(f"deleted {counted(count, 'file')} of nights")


def _delete(account: Account, deployed: Deployed) -> None:
    formation = account.client("cloudformation")
    formation.delete_stack(StackName=deployed.id)
    _say(f"deleting the stack {deployed.name}: some minutes")
    try:
        formation.get_waiter("stack_delete_complete").wait(
            StackName=deployed.id, WaiterConfig={"Delay": 5, "MaxAttempts": 360}
        )
    except WaiterError as error:
        events = formation.describe_stack_events(StackName=deployed.id)["StackEvents"]
        failed = (one for one in events if one["ResourceStatus"] == "DELETE_FAILED")
        why = [f"{x['LogicalResourceId']}: {x.get('ResourceStatusReason', '')}" for x in failed]
        raise DeploymentError("\n  ".join(["the stack could not be deleted:", *why])) from error


def _clear(account: Account, left: Remains, kinds: dict[str, str]) -> Iterator[str]:
    """Clear away what a first deployment that failed left, where nothing was ever written to it."""
    tables, pools = account.client("dynamodb"), account.client("cognito-idp")
    for name, physical in left.resources.items():
        try:
            if kinds[name] == "AWS::DynamoDB::Table":
                if tables.scan(TableName=physical, Limit=1)["Count"]:
                    continue
                tables.update_table(TableName=physical, DeletionProtectionEnabled=False)
                tables.get_waiter("table_exists").wait(TableName=physical)
                tables.delete_table(TableName=physical)
                yield name
            elif kinds[name] == "AWS::Cognito::UserPool":
                if pools.list_users(UserPoolId=physical, Limit=1)["Users"]:
                    continue
                pools.update_user_pool(UserPoolId=physical, DeletionProtection="INACTIVE")
                pools.delete_user_pool(UserPoolId=physical)
                yield name
        except ClientError as error:
            if "NotFound" not in error.response["Error"]["Code"]:
                raise


def _tell(left: Remains, kinds: dict[str, str], path: Path) -> None:
    _say(f"\nthe stack {left.stack} is deleted. What remains, and goes on to cost its storage:")
    for name, physical in left.resources.items():
        _say(f"  {name:<16}{physical}: {_WHY[kinds[name]]}")
    _say(
        f"{path.name} says the same, with the answers that it takes to go on: keep it. Another\n"
        f"stack takes all of it up: make adopt REMAINS={path.name}\n"
        "docs/deploy.md says how to let go of it, the keys last. The code of the functions stays\n"
        "in the bucket of the SAM CLI."
    )


def _confirmed(name: str, given: str) -> bool:
    """Return whether the log may stay unsealed.

    :raises DeploymentError: nobody says that this stack is meant.
    """
    if not given and sys.stdin.isatty():
        given = input(f"This ends {name}. Type its name to go on: ").strip()
    if given not in (name, f"{name} unsealed"):
        raise DeploymentError(f"nothing was changed: CONFIRM={name} says that it is meant")
    return given != name


def _end(account: Account, deployed: Deployed, given: str) -> None:
    template: Any = read_template(ROOT / "template.yaml")
    kinds, is_unsealed = kept_resources(template), _confirmed(deployed.name, given)
    left = remains_of(deployed, template, account.number, account.region)
    path = remains_file(ROOT, left)
    failed_start = deployed.status in _FAILED_START
    if not failed_start:
        left.write(path)
        # Before anything is stopped, as a log that cannot be sealed may be a reason not to end it;
        # and after, for what came between.
        _seal(account, deployed, is_unsealed=is_unsealed)
        _stop(account, deployed)
        _seal(account, deployed, is_unsealed=is_unsealed)
    if bucket := deployed.resources.get("WorkBucket"):
        _empty(account, bucket)
    _delete(account, deployed)
    if failed_start:
        gone = list(_clear(account, left, kinds))
        _say(f"it never was a stack: {', '.join(gone) or 'nothing'} cleared away as well")
    else:
        _tell(left, kinds, path)


def _destroy(stack: str, environment: str, confirmed: str) -> None:
    """Delete the stack that is meant, or that of the answers."""
    known = read(SETTINGS, environment)
    name = stack or (known.stack if known is not None else "")
    if not name:
        raise DeploymentError(f"{SETTINGS.name} names no stack: STACK=name does")
    account = Account(region_of(known))
    deployed = account.stack(name)
    if deployed is None:
        raise DeploymentError(f"there is no stack {name} in {account.number}, {account.region}")
    _end(account, deployed, confirmed)


def main(arguments: Sequence[str] | None = None) -> int:
    """Delete a stack; return how the program ends."""
    parser = argparse.ArgumentParser(description="Delete a stack from AWS (docs/deploy.md).")
    parser.add_argument("--environment", default="default", help="of samconfig.toml")
    parser.add_argument(
        "--stack", default="", help="the stack, where it is not the one that is kept"
    )
    parser.add_argument("--confirm", default="", help="the stack's name once more")
    given = parser.parse_args(arguments)
    return status_of(
        lambda: _destroy(given.stack, given.environment, given.confirm), "make destroy"
    )


if __name__ == "__main__":
    sys.exit(main())
