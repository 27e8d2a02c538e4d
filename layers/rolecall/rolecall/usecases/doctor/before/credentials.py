"""Credentials of somebody who should not deploy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rolecall.usecases.doctor.answers import Answer, only
from rolecall.usecases.doctor.check import Complaint, doctor_check
from rolecall.usecases.doctor.deployment_state import DeploymentState

__all__ = ["credentials"]


def _asked(state: DeploymentState) -> Mapping[str, Answer[str]]:
    return only(state.caller)


@doctor_check(
    title="There are credentials, and they are not those of the root user",
    why="The root user of an account cannot be limited by anything, and is for emergencies.",
    remedy=(
        "Sign in as a role or a user that may create the resources of the template; "
        "AWS_PROFILE names it."
    ),
    asks=("sts:GetCallerIdentity",),
    subjects=_asked,
)
def credentials(_: str, found: str, __: DeploymentState) -> Iterator[Complaint]:
    """Look who asks."""
    if found.endswith(":root"):
        yield Complaint("warning", "The credentials are those of the account's root user.")
