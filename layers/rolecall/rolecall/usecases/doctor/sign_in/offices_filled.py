"""Offices with fewer than two."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rolecall.usecases.doctor.answers import Answer
from rolecall.usecases.doctor.check import Complaint, doctor_check
from rolecall.usecases.doctor.stack_state import StackState

__all__ = ["offices_filled"]


def _asked(state: StackState) -> Mapping[str, Answer[int]]:
    return state.offices if state.stack.uses_its_pool else {}


@doctor_check(
    title="Each office has two people at least",
    why=(
        "What gives power takes two: with one officer nothing of it can be approved, with "
        "none nobody can let anybody in."
    ),
    remedy="rolecall users groups PERSON --give OFFICE (docs/users.md says who agrees to it).",
    asks=("cognito-idp:ListUsersInGroup",),
    subjects=_asked,
)
def offices_filled(name: str, found: int, __: StackState) -> Iterator[Complaint]:
    """Count who is in the groups of the offices."""
    if found < 2:
        who = "nobody" if not found else "one person"
        yield Complaint("warning", f"The group {name} has {who} in it.")
