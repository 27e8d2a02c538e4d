"""A schedule that is off."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rolecall.usecases.doctor.answers import Answer, only
from rolecall.usecases.doctor.check import Complaint, doctor_check
from rolecall.usecases.doctor.night_facts import ScheduleFacts
from rolecall.usecases.doctor.stack_state import StackState

__all__ = ["schedule_state"]


def _asked(state: StackState) -> Mapping[str, Answer[ScheduleFacts]]:
    return only(state.schedule)


@doctor_check(
    title="The schedule is on, and starts the state machine of the stack",
    why="Without it no night starts by itself, and nothing fails either.",
    remedy="Deploy with ScheduleState=ENABLED.",
    asks=("cloudformation:ListStackResources", "scheduler:GetSchedule"),
    subjects=_asked,
)
def schedule_state(_: str, found: ScheduleFacts, state: StackState) -> Iterator[Complaint]:
    """Look at the schedule and at what it starts."""
    if found.state != "ENABLED":
        # Whoever deployed it so knows; otherwise somebody switched it off by hand.
        meant = state.stack.parameter("ScheduleState", "ENABLED") == found.state
        yield Complaint(
            "warning" if meant else "critical", "The schedule is off: no night starts by itself."
        )
    target = found.target.get("Arn")
    if target != state.stack.outputs.get("StateMachineArn"):
        yield Complaint(
            "critical",
            f"The schedule starts {target}, and not the night of this stack.",
            "Deploy again, and look in CloudTrail who changed the schedule.",
        )
