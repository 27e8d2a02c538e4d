"""A stack that CloudFormation could not bring where it should be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rolecall.usecases.doctor.answers import Answer, only
from rolecall.usecases.doctor.check import Complaint, doctor_check
from rolecall.usecases.doctor.stack_state import DeployedStack, StackState

__all__ = ["stack_status"]


_WELL = ("CREATE_COMPLETE", "UPDATE_COMPLETE", "IMPORT_COMPLETE")


def _asked(state: StackState) -> Mapping[str, Answer[DeployedStack]]:
    return only(state.stack)


@doctor_check(
    title="The last deployment ended well",
    why=(
        "After a deployment that failed, the stack is what it was before, or something in "
        "between that nobody has tried."
    ),
    remedy="Look at the stack's events for the first failure, mend it, and deploy again.",
    asks=("cloudformation:DescribeStacks",),
    subjects=_asked,
)
def stack_status(_: str, found: DeployedStack, __: StackState) -> Iterator[Complaint]:
    """Look at the status of the stack."""
    if found.status in _WELL:
        return
    why = f" ({found.reason})" if found.reason else ""
    if found.status.endswith("_IN_PROGRESS"):
        yield Complaint(
            "note",
            f"A deployment is under way ({found.status}): what is said here may be of before it.",
            "Wait for its end, and ask again.",
        )
    elif found.status == "UPDATE_ROLLBACK_COMPLETE":
        yield Complaint("warning", f"The last deployment failed and was taken back{why}.")
    elif found.status == "UPDATE_ROLLBACK_FAILED":
        yield Complaint(
            "critical",
            f"The last deployment failed, and so did taking it back{why}: nothing can be deployed.",
            f"aws cloudformation continue-update-rollback --stack-name {found.name}; then deploy "
            "again.",
        )
    else:
        yield Complaint("critical", f"The stack is in the state {found.status}{why}.")
