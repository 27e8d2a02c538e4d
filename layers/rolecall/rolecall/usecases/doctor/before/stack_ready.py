"""A stack that cannot be deployed into."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rolecall.usecases.doctor.answers import Answer, only
from rolecall.usecases.doctor.check import Complaint, doctor_check
from rolecall.usecases.doctor.deployment_state import DeploymentState
from rolecall.usecases.doctor.stack_state import DeployedStack

__all__ = ["stack_ready"]


_BAD = ("ROLLBACK_COMPLETE", "REVIEW_IN_PROGRESS")


def _asked(state: DeploymentState) -> Mapping[str, Answer[DeployedStack | None]]:
    return only(state.deployed)


@doctor_check(
    title="The stack that is there can be deployed into",
    why=(
        "A stack whose creation failed must be deleted first; one whose rollback failed must "
        "be brought back."
    ),
    remedy=(
        "ROLLBACK_COMPLETE, *_FAILED after a creation: delete the stack first. "
        "UPDATE_ROLLBACK_FAILED: aws cloudformation continue-update-rollback."
    ),
    asks=("cloudformation:DescribeStacks",),
    subjects=_asked,
)
def stack_ready(_: str, found: DeployedStack | None, __: DeploymentState) -> Iterator[Complaint]:
    """Look at the status of the stack that is there."""
    if found is None:
        return
    if found.status in _BAD or found.status.endswith("_FAILED"):
        yield Complaint("critical", f"The stack {found.name} is in the state {found.status}.")
    elif found.status.endswith("_IN_PROGRESS"):
        yield Complaint(
            "warning",
            f"A deployment of {found.name} is under way ({found.status}).",
            "Wait for its end.",
        )
