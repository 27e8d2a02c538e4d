"""Answers that are not there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rolecall.usecases.doctor.answers import Answer, only
from rolecall.usecases.doctor.check import Complaint, doctor_check
from rolecall.usecases.doctor.deployment_answers import DeploymentAnswers
from rolecall.usecases.doctor.deployment_state import DeploymentState
from rolecall.usecases.doctor.stack_state import DeployedStack

__all__ = ["answers_kept"]


def _asked(state: DeploymentState) -> Mapping[str, Answer[DeployedStack | None]]:
    return only(state.deployed)


@doctor_check(
    title="The answers of the last deployment are at hand",
    why=(
        "Without them every parameter goes back to its default, the lock to ten years and the "
        "organisation to another name."
    ),
    remedy=(
        "Put samconfig.toml back beside the template; the parameters of the stack are in "
        "CloudFormation."
    ),
    asks=("cloudformation:DescribeStacks",),
    subjects=_asked,
)
def answers_kept(
    _: str, found: DeployedStack | None, state: DeploymentState
) -> Iterator[Complaint]:
    """Look for the answers of the last deployment."""
    if found is not None and not isinstance(state.answers, DeploymentAnswers):
        yield Complaint(
            "critical",
            f"The stack {found.name} is there, and samconfig.toml with its answers is not.",
        )
