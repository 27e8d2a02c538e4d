"""Alarms that nobody would get."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rolecall.usecases.doctor.answers import Answer, only
from rolecall.usecases.doctor.check import Complaint, doctor_check
from rolecall.usecases.doctor.deployment_answers import DeploymentAnswers
from rolecall.usecases.doctor.deployment_state import DeploymentState

__all__ = ["alarm_receiver"]


def _asked(state: DeploymentState) -> Mapping[str, Answer[DeploymentAnswers]]:
    return only(state.answers)


@doctor_check(
    title="There is an address for alarms",
    why="A night that fails says so by an alarm.",
    remedy="Answer with AlarmEmail, an address that somebody reads.",
    asks=(),
    subjects=_asked,
)
def alarm_receiver(_: str, found: DeploymentAnswers, __: DeploymentState) -> Iterator[Complaint]:
    """Look for the address of alarms."""
    if not found.get("AlarmEmail"):
        yield Complaint("warning", "Alarms would go to nobody: AlarmEmail is empty.")
