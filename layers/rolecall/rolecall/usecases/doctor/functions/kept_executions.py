"""Executions that are kept otherwise than the parameters say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rolecall.usecases.doctor.answers import Answer
from rolecall.usecases.doctor.check import Complaint, doctor_check
from rolecall.usecases.doctor.stack_state import DeployedStack, StackState

__all__ = ["kept_executions"]


_ONCE = ("PlanFunction", "SealFunction", "ReportFunction")


def _wanted(name: str, stack: DeployedStack) -> int | None:
    """Return how many the parameters keep."""
    night, requests = stack.number("NightConcurrency", 0), stack.number("RequestConcurrency", 0)
    if name == "AuditFunction":
        return night or None
    if name in _ONCE:
        return 2 if night else None
    return requests or None


def _asked(state: StackState) -> Mapping[str, Answer[int | None]]:
    return state.reserved


@doctor_check(
    title="Every function may run, as often at once as the parameters say",
    why=(
        "A function with none kept for it that may be 0 never runs: that is how functions are "
        "switched off by hand."
    ),
    remedy="Deploy again: NightConcurrency and RequestConcurrency say what is kept.",
    asks=("lambda:GetFunctionConcurrency",),
    subjects=_asked,
)
def kept_executions(name: str, found: int | None, state: StackState) -> Iterator[Complaint]:
    """Hold what is kept for a function against the parameters."""
    wanted = _wanted(name, state.stack)
    if found == 0:
        yield Complaint("critical", f"{name} is switched off: it may run 0 times at once.")
    elif found != wanted:
        yield Complaint(
            "warning",
            f"{name} has {'none' if found is None else found} of its own, and the parameters say "
            f"{'none' if wanted is None else wanted}.",
        )
