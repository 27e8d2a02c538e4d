"""A night that would start at an hour that there is not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rolecall.usecases.doctor.answers import Answer, only
from rolecall.usecases.doctor.check import Complaint, doctor_check
from rolecall.usecases.doctor.deployment_answers import DeploymentAnswers
from rolecall.usecases.doctor.deployment_state import DeploymentState
from rolecall.usecases.doctor.hour_complaints import hour_complaints

__all__ = ["night_hour"]


def _asked(state: DeploymentState) -> Mapping[str, Answer[DeploymentAnswers]]:
    return only(state.answers)


@doctor_check(
    title="The night would start at an hour that there is on every day, once",
    why="Where clocks go forward an hour is left out, and what should start in it is skipped.",
    remedy="Answer with another hour for Schedule.",
    asks=(),
    subjects=_asked,
)
def night_hour(_: str, found: DeploymentAnswers, state: DeploymentState) -> Iterator[Complaint]:
    """Look for the hour on every day to come."""
    schedule = found.get("Schedule", "cron(30 3 * * ? *)")
    yield from hour_complaints(schedule, found.get("ScheduleTimezone", "UTC"), state.now.date())
    if found.get("ScheduleState", "ENABLED") != "ENABLED":
        yield Complaint(
            "warning",
            "The schedule would be off: no night starts by itself.",
            "Answer with ScheduleState=ENABLED.",
        )
