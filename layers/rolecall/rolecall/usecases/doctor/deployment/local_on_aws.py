"""A stack on AWS that was deployed as one of an emulator."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rolecall.usecases.doctor.answers import Answer, only
from rolecall.usecases.doctor.check import Complaint, doctor_check
from rolecall.usecases.doctor.stack_state import DeployedStack, StackState

__all__ = ["local_on_aws"]


def _asked(state: StackState) -> Mapping[str, Answer[DeployedStack]]:
    return only(state.stack)


@doctor_check(
    title="What protects a stack on AWS is not left out",
    why=(
        "The parameter Local leaves out what an emulator cannot do: policies of the buckets, "
        "protection of the tables, the second factor, the condition on the vault's key."
    ),
    remedy="Deploy with Local=no.",
    asks=("cloudformation:DescribeStacks",),
    subjects=_asked,
)
def local_on_aws(_: str, found: DeployedStack, state: StackState) -> Iterator[Complaint]:
    """Look at the parameter Local."""
    if found.is_local and not state.emulated:
        yield Complaint("critical", "The stack is on AWS, and its parameter Local is yes.")
