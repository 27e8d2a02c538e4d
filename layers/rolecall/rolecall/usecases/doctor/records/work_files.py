"""Files of nights that do not go away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from rolecall.quantity import counted
from rolecall.usecases.doctor.answers import Answer, both, only
from rolecall.usecases.doctor.check import Complaint, doctor_check
from rolecall.usecases.doctor.stack_state import StackState

__all__ = ["work_files"]


_GRACE = timedelta(days=3)
"""S3 deletes what has expired within days."""


def _asked(state: StackState) -> Mapping[str, Answer[tuple[int, datetime | None]]]:
    return only(both(state.work_expiry, state.oldest_work))


@doctor_check(
    title="The files of a night are gone after a week",
    why="They hold a copy of the registry; what is not needed is not kept.",
    remedy="Deploy again: the template has the rule by which they expire.",
    asks=("s3:GetLifecycleConfiguration", "s3:ListBucket"),
    subjects=_asked,
    on_emulator=False,
)
def work_files(
    _: str, found: tuple[int, datetime | None], state: StackState
) -> Iterator[Complaint]:
    """Look at how long files stay, and at the oldest."""
    days, oldest = found
    if not days:
        yield Complaint("warning", "Nothing ever removes the files of nights from the work bucket.")
    elif oldest is not None and state.now - oldest > timedelta(days=days) + _GRACE:
        yield Complaint(
            "warning",
            f"The work bucket has a file of {oldest:%Y-%m-%d}, and files expire after "
            f"{counted(days, 'day')}.",
            "Look at the rule of the bucket's lifecycle: is it enabled, and for all names?",
        )
