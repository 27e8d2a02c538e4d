"""Users without second factors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rolecall.usecases.doctor.answers import Answer, only
from rolecall.usecases.doctor.check import Complaint, doctor_check
from rolecall.usecases.doctor.deployment_answers import DeploymentAnswers
from rolecall.usecases.doctor.deployment_state import DeploymentState

__all__ = ["second_factor"]


def _asked(state: DeploymentState) -> Mapping[str, Answer[DeploymentAnswers]]:
    return only(state.answers)


@doctor_check(
    title="Everybody would sign in with a second factor",
    why=(
        "OPTIONAL means practically none: the pages on which people sign in do not ask for "
        "one then."
    ),
    remedy="Answer with Mfa=ON.",
    asks=(),
    subjects=_asked,
)
def second_factor(_: str, found: DeploymentAnswers, __: DeploymentState) -> Iterator[Complaint]:
    """Look whether everybody would need one."""
    if found.get("Mfa", "ON") != "ON" and not found.get("OidcIssuer"):
        yield Complaint(
            "warning", "A second factor would be optional: nobody is asked to set one up."
        )
