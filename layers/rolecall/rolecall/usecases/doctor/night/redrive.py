"""A night whose redrive does nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from rolecall.usecases.doctor.answers import Answer, only
from rolecall.usecases.doctor.check import Complaint, doctor_check
from rolecall.usecases.doctor.stack_state import StackState

__all__ = ["redrive"]


def _asked(state: StackState) -> Mapping[str, Answer[str]]:
    return only(state.machine)


@doctor_check(
    title="A night that failed in its seal or its report can be redriven",
    why=(
        "A redrive goes on at the step that failed; where every error is caught, that is the "
        "step Failed, which fails again."
    ),
    remedy="Never redrive: rolecall run --stack STACK --wait.",
    asks=("states:DescribeStateMachine",),
    subjects=_asked,
)
def redrive(_: str, found: str, __: StackState) -> Iterator[Complaint]:
    """Look whether an error of a step is caught."""
    states = json.loads(found).get("States", {})
    # What is sealed after a failure is another step, whose end is the failure.
    caught = [step for step in ("Seal", "Report") if "Catch" in states.get(step, {})]
    if caught:
        yield Complaint(
            "note",
            f"The errors of {', '.join(caught)} are caught: to redrive a night does nothing.",
        )
