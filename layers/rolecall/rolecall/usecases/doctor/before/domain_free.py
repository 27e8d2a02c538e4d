"""A page of sign-in that somebody has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rolecall.usecases.doctor.answers import Answer, both, only
from rolecall.usecases.doctor.check import Complaint, doctor_check
from rolecall.usecases.doctor.deployment_state import DeploymentState
from rolecall.usecases.doctor.stack_state import DeployedStack

__all__ = ["domain_free"]


def _asked(state: DeploymentState) -> Mapping[str, Answer[tuple[str, DeployedStack | None]]]:
    return only(both(state.domain, state.deployed))


@doctor_check(
    title="The name of the sign-in page is free",
    why=(
        "It is unique in a region; another pool of this account that has it makes the "
        "deployment fail. What pools of other accounts have, AWS does not tell."
    ),
    remedy="Answer with another LoginDomain; it cannot be changed later.",
    asks=("cognito-idp:DescribeUserPoolDomain",),
    subjects=_asked,
)
def domain_free(
    _: str, found: tuple[str, DeployedStack | None], __: DeploymentState
) -> Iterator[Complaint]:
    """Look whether the name of the page is taken."""
    status, deployed = found
    if status and deployed is None:
        yield Complaint("critical", f"The name of the sign-in page is taken ({status}).")
