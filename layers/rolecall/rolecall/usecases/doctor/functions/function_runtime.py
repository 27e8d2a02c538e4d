"""A runtime that AWS gives up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from rolecall.usecases.doctor.answers import Answer
from rolecall.usecases.doctor.check import Complaint, doctor_check
from rolecall.usecases.doctor.resource_facts import DeployedFunction
from rolecall.usecases.doctor.stack_state import StackState

__all__ = ["function_runtime"]


_UNTIL = {
    "python3.12": date(2028, 10, 31),
    "python3.13": date(2029, 6, 30),
    "python3.14": date(2029, 6, 30),
}
"""The last day of each runtime, as AWS announced it (Lambda Developer Guide, Lambda runtimes)."""
_SOON = timedelta(days=180)


def _asked(state: StackState) -> Mapping[str, Answer[DeployedFunction]]:
    return state.functions


@doctor_check(
    title="Every function runs on a Python that AWS looks after",
    why=(
        "After its day a runtime gets no more mending, and soon after functions on it can be "
        "neither made nor changed."
    ),
    remedy="Deploy a release of Rolecall for a later Python.",
    asks=("lambda:GetFunctionConfiguration",),
    subjects=_asked,
)
def function_runtime(name: str, found: DeployedFunction, state: StackState) -> Iterator[Complaint]:
    """Look up until when a runtime is supported."""
    until, today = _UNTIL.get(found.runtime), state.now.date()
    if until is None:
        yield Complaint(
            "warning", f"{name} runs on {found.runtime or 'nothing that it says'}, unknown here."
        )
    elif today > until:
        yield Complaint(
            "critical", f"AWS gave {found.runtime}, on which {name} runs, up on {until}."
        )
    elif until - today < _SOON:
        yield Complaint(
            "warning", f"AWS gives {found.runtime}, on which {name} runs, up on {until}."
        )
