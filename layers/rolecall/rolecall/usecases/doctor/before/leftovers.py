"""What an earlier stack left under names that a new one wants."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rolecall.usecases.doctor.answers import Answer, Unanswered
from rolecall.usecases.doctor.check import Complaint, doctor_check
from rolecall.usecases.doctor.deployment_state import DeploymentState

__all__ = ["leftovers"]


def _asked(state: DeploymentState) -> Mapping[str, Answer[Sequence[str]]]:
    return state.leftovers


@doctor_check(
    title="Nothing lies under the names of a new stack",
    why=(
        "A deployment that failed, or a stack that was destroyed, leaves what must not be "
        "deleted; aliases of keys and groups of logs have fixed names, and a new stack fails "
        "at them."
    ),
    remedy=(
        "Take up what is there (docs/deploy.md, The end), or delete it if it holds nothing: "
        "aws kms delete-alias, aws logs delete-log-group. Or take another name."
    ),
    asks=("kms:ListAliases", "logs:DescribeLogGroups"),
    subjects=_asked,
)
def leftovers(_: str, found: Sequence[str], state: DeploymentState) -> Iterator[Complaint]:
    """Look for names that are taken."""
    if found and (isinstance(state.deployed, Unanswered) or state.deployed is None):
        more = f" and {len(found) - 1} more" if len(found) > 1 else ""
        yield Complaint(
            "critical", f"There is {found[0]}{more} already, and no stack {state.name}."
        )
