"""A function that cannot run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rolecall.usecases.doctor.answers import Answer
from rolecall.usecases.doctor.check import Complaint, doctor_check
from rolecall.usecases.doctor.resource_facts import DeployedFunction
from rolecall.usecases.doctor.stack_state import StackState

__all__ = ["function_state"]


def _asked(state: StackState) -> Mapping[str, Answer[DeployedFunction]]:
    return state.functions


@doctor_check(
    title="Every function can run",
    why="A function whose last update failed runs on as it was, or not at all.",
    remedy="Deploy again; if it comes back, the reason says what is missing.",
    asks=("lambda:GetFunctionConfiguration",),
    subjects=_asked,
)
def function_state(name: str, found: DeployedFunction, __: StackState) -> Iterator[Complaint]:
    """Look at the state of a function."""
    if found.state == "Failed":
        yield Complaint("critical", f"{name} cannot run: {found.state_reason or found.state}.")
    elif found.last_update_status == "Failed":
        why = found.last_update_status_reason or found.last_update_status
        yield Complaint("critical", f"The last update of {name} failed: {why}.")
