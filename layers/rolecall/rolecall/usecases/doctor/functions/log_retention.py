"""Logs that are kept for ever, or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rolecall.quantity import counted
from rolecall.usecases.doctor.answers import Answer
from rolecall.usecases.doctor.check import Complaint, doctor_check
from rolecall.usecases.doctor.stack_state import StackState

__all__ = ["log_retention"]


def _asked(state: StackState) -> Mapping[str, Answer[int | None]]:
    return state.log_groups


@doctor_check(
    title="The logs of the functions are kept for as long as the parameter says",
    why=(
        "Logs that are kept for ever are data that nobody asked for; without its group a "
        "function logs nowhere."
    ),
    remedy=(
        "Deploy with LogRetentionDays; a group that was deleted has to be made again by its "
        "name (aws logs create-log-group)."
    ),
    asks=("cloudformation:ListStackResources", "logs:DescribeLogGroups"),
    subjects=_asked,
)
def log_retention(name: str, found: int | None, state: StackState) -> Iterator[Complaint]:
    """Look for how long the logs of a function are kept."""
    wanted = state.stack.number("LogRetentionDays", 90)
    if found == 0:
        yield Complaint("critical", f"{name} is gone: what belongs into it is lost.")
    elif found is None:
        yield Complaint(
            "warning", f"{name} is kept for ever, and not for {counted(wanted, 'day')}."
        )
    elif found != wanted:
        yield Complaint(
            "note", f"{name} is kept for {counted(found, 'day')}, and not for {wanted}."
        )
