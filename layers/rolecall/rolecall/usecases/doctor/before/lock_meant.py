"""A lock that nobody can take off."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rolecall.quantity import counted
from rolecall.usecases.doctor.answers import Answer, Unanswered, only
from rolecall.usecases.doctor.check import Complaint, doctor_check
from rolecall.usecases.doctor.deployment_answers import DeploymentAnswers
from rolecall.usecases.doctor.deployment_state import DeploymentState

__all__ = ["lock_meant"]


def _asked(state: DeploymentState) -> Mapping[str, Answer[DeploymentAnswers]]:
    return only(state.answers)


@doctor_check(
    title="The lock is as long as somebody decided",
    why=(
        "Nobody can delete what is sealed before its lock ends, AWS included; the bucket goes "
        "on to cost until then."
    ),
    remedy=(
        "Try with CheckpointRetentionDays=1, and deploy with what your policy asks for when "
        "it runs."
    ),
    asks=(),
    subjects=_asked,
)
def lock_meant(_: str, found: DeploymentAnswers, state: DeploymentState) -> Iterator[Complaint]:
    """Look for how long what is sealed would be locked."""
    days = found.number("CheckpointRetentionDays", 3_650)
    if not days:
        yield Complaint(
            "warning", "CheckpointRetentionDays is 0: nothing would lock what is sealed."
        )
    elif isinstance(state.deployed, Unanswered) or state.deployed is None:
        yield Complaint(
            "note", f"What is sealed would be locked for {counted(days, 'day')}, for everybody."
        )
