"""A night that starts at an hour that there is not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rolecall.usecases.doctor.answers import Answer, only
from rolecall.usecases.doctor.check import Complaint, doctor_check
from rolecall.usecases.doctor.hour_complaints import hour_complaints
from rolecall.usecases.doctor.night_facts import ScheduleFacts
from rolecall.usecases.doctor.stack_state import StackState

__all__ = ["schedule_hour"]


def _asked(state: StackState) -> Mapping[str, Answer[ScheduleFacts]]:
    return only(state.schedule)


@doctor_check(
    title="The night starts at an hour that there is on every day, once",
    why=(
        "Where clocks go forward an hour is left out, and what should start in it is skipped; "
        "where they go back, it is there twice, and starts once."
    ),
    remedy="Deploy with another hour for Schedule.",
    asks=("cloudformation:ListStackResources", "scheduler:GetSchedule"),
    subjects=_asked,
)
def schedule_hour(_: str, found: ScheduleFacts, state: StackState) -> Iterator[Complaint]:
    """Look for the hour of the schedule on every day to come."""
    yield from hour_complaints(
        found.schedule_expression, found.schedule_expression_timezone, state.now.date()
    )
