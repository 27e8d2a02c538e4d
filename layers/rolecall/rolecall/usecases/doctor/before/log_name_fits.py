"""A name of the log that cannot be signed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rolecall.usecases.doctor.answers import Answer, only
from rolecall.usecases.doctor.check import Complaint, doctor_check
from rolecall.usecases.doctor.deployment_answers import DeploymentAnswers
from rolecall.usecases.doctor.deployment_state import DeploymentState

__all__ = ["log_name_fits"]


_MOST = 200


def _asked(state: DeploymentState) -> Mapping[str, Answer[DeploymentAnswers]]:
    return only(state.answers)


@doctor_check(
    title="The log has a name that fits into a checkpoint",
    why="The name stands in every checkpoint, and there is no changing it later.",
    remedy=(
        "Answer with a LogName of at most 200 signs without spaces and plus signs, or with none."
    ),
    asks=(),
    subjects=_asked,
)
def log_name_fits(name: str, found: DeploymentAnswers, __: DeploymentState) -> Iterator[Complaint]:
    """Look at the name of the log."""
    name = found.get("LogName")
    if len(name) > _MOST or set(name) & set(" \t+"):
        yield Complaint("critical", "LogName is too long, or has a space or a plus sign in it.")
