"""A table in a format that this release does not know, or not yet has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rolecall.usecases.doctor.answers import Answer
from rolecall.usecases.doctor.check import Complaint, doctor_check
from rolecall.usecases.doctor.stack_state import StackState

__all__ = ["table_format"]


def _asked(state: StackState) -> Mapping[str, Answer[int]]:
    return state.table_formats


@doctor_check(
    title="Every table is in the format of this release",
    why=(
        "A release writes nothing into a table of a later format; of an earlier one it lacks "
        "what the upgrade adds."
    ),
    remedy="rolecall upgrade --stack STACK --dry-run, then without it (docs/upgrade.md).",
    asks=("dynamodb:GetItem",),
    subjects=_asked,
)
def table_format(name: str, found: int, state: StackState) -> Iterator[Complaint]:
    """Hold the format of a table against the one that is known."""
    known = state.formats[name]
    if found > known:
        yield Complaint(
            "critical",
            f"{name} is in format {found}, and this release knows it up to {known}: functions of "
            "this release write nothing into it.",
            "Use the release that upgraded it, here and in the stack (docs/upgrade.md).",
        )
    elif found < known:
        yield Complaint("warning", f"{name} is in format {found}; that of this release is {known}.")
