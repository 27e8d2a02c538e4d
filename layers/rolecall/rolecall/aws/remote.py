"""Finds a stack by its name and drives it from outside: what the command line needs of AWS."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import msgspec
from botocore.exceptions import ClientError
from msgspec import Struct

from rolecall.aws.clients import client, code_of, storage
from rolecall.aws.stack import Stack
from rolecall.errors import StorageError, UsageError
from rolecall.printable import shorten
from rolecall.usecases.runs.batch import Frozen

__all__ = [
    "Execution",
    "Progress",
    "described_stack",
    "find_stack",
    "outputs_of",
    "start_run",
    "why_ended",
]

_MOST_SAID = 500
"""Signs of what a function said: more of it is in its log."""


def find_stack(name: str, now: Callable[[], datetime]) -> Stack:
    """Return a deployed stack.

    :raises UsageError: there is none of that name in this account and region.
    :raises StorageError: AWS could not be reached, or refused.
    """
    return Stack(outputs_of(described_stack(name)["Stacks"][0]), now)


def described_stack(name: str) -> dict[str, Any]:
    """Return what AWS answers about a stack.

    :raises UsageError: there is none of that name in this account and region.
    :raises StorageError: AWS could not be reached, or refused.
    """
    try:
        with storage(f"looking for the stack {name}"):
            found: dict[str, Any] = client("cloudformation").describe_stacks(StackName=name)
    except StorageError as error:
        cause = error.__cause__
        if isinstance(cause, ClientError) and code_of(cause) == "ValidationError":
            raise UsageError(
                f"there is no stack {name} in this account and region; AWS_PROFILE, AWS_REGION and "
                "AWS_ENDPOINT_URL say where to look"
            ) from error
        raise
    return found


def outputs_of(described: Mapping[str, Any]) -> dict[str, str]:
    """Return the outputs of a stack that was described."""
    return {one["OutputKey"]: one["OutputValue"] for one in described.get("Outputs", ())}


def why_ended(execution: Mapping[str, Any]) -> str:
    """Return why an execution that was described ended early; empty where it did not.

    The step that failed wrapped what its function said: an output of errors around one of Lambda.
    """
    said = str(execution.get("cause", ""))
    for name in ("Cause", "errorMessage"):
        try:
            found = json.loads(said)
        except ValueError:
            continue
        if isinstance(found, dict) and isinstance(found.get(name), str):
            said = found[name]
    return ": ".join(filter(None, (str(execution.get("error", "")), shorten(said, _MOST_SAID))))


class Progress(Struct, frozen=True):
    """How far a run is; ``batches`` is 0 until it is planned."""

    state: str
    batches: int
    audited: int
    why: str = ""

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will happen."""
        return self.state != "RUNNING"


class Execution:
    """A run of the state machine."""

    def __init__(self, stack: Stack, arn: str) -> None:
        self.stack = stack
        self.arn = arn
        self.name = arn.rpartition(":")[2]
        self._frozen: Frozen | None = None
        self._machines = client("stepfunctions")

    def progress(self) -> Progress:
        """Look how far it is."""
        with storage("asking for the run"):
            answer = self._machines.describe_execution(executionArn=self.arn)
        state = answer["status"]
        if self._frozen is None:
            self._frozen = self._find()
        if self._frozen is None:
            return Progress(state, 0, 0, why_ended(answer))
        done = self.stack.files.count(f"{self._frozen.prefix}/audited/")
        return Progress(state, self._frozen.batches, done, why_ended(answer))

    @property
    def frozen(self) -> Frozen:
        """What the run works with.

        :raises UsageError: it is not planned.
        """
        if self._frozen is None:
            raise UsageError("the run was not planned")
        return self._frozen

    def _find(self) -> Frozen | None:
        files = self.stack.files
        # A plan that was tried again has left others; the last manifest to be written counts.
        names = files.names(f"runs/{self.name}/", "/manifest.json")
        if not names:
            return None
        data = files.get(names[-1].replace("/manifest.json", "/run.json"))
        return msgspec.json.decode(data, type=Frozen)


def start_run(
    stack: Stack, as_of: datetime | None, *, after_wrong_clock: bool = False
) -> Execution:
    """Start a run.

    :param as_of: the instant to audit at; that of the start by default.
    :param after_wrong_clock: whether it is dated before the last one, whose clock ran ahead.
    """
    asked: dict[str, Any] = {} if as_of is None else {"as_of": as_of.isoformat()}
    if after_wrong_clock:
        asked["after_wrong_clock"] = True
    with storage("starting a run"):
        answer = client("stepfunctions").start_execution(
            stateMachineArn=stack["StateMachineArn"], input=json.dumps(asked)
        )
    return Execution(stack, answer["executionArn"])
