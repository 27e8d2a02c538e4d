"""A lock that is shorter than it was, or none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rolecall.quantity import counted
from rolecall.usecases.doctor.answers import Answer, only
from rolecall.usecases.doctor.check import Complaint, doctor_check
from rolecall.usecases.doctor.night_facts import SealFacts
from rolecall.usecases.doctor.stack_state import StackState

__all__ = ["lock_length"]


def _asked(state: StackState) -> Mapping[str, Answer[SealFacts | None]]:
    return only(state.seal)


@doctor_check(
    title="What is sealed is locked for as long as it was before",
    why=(
        "The length of the lock is what an officer was promised; shorter, what is sealed from "
        "now on can be deleted sooner."
    ),
    remedy="Deploy with CheckpointRetentionDays as it was.",
    asks=("dynamodb:GetItem", "s3:GetObject", "s3:GetObjectRetention", "s3:ListBucket"),
    subjects=_asked,
)
def lock_length(_: str, found: SealFacts | None, state: StackState) -> Iterator[Complaint]:
    """Hold the lock of the last checkpoint against the parameter."""
    days = int(state.stack.outputs.get("CheckpointRetentionDays", 0))
    if not days:
        yield Complaint(
            "warning",
            "Nothing locks what is sealed: CheckpointRetentionDays is 0.",
            "Deploy with the days that your policy asks for; they hold for what is sealed after.",
        )
        return
    seal = found
    if seal is None or seal.published is None:
        return
    if seal.mode != "COMPLIANCE" or seal.until is None:
        yield Complaint(
            "critical",
            f"The last checkpoint is not locked, and CheckpointRetentionDays is {days}.",
            "Look whether the bucket lost its lock; run a night, and look again.",
        )
        return
    was = round((seal.until - seal.published).total_seconds() / 86_400)
    if was > days:
        yield Complaint(
            "warning",
            f"The last checkpoint is locked for {counted(was, 'day')}, and the next one will be "
            f"for {days:,}.",
        )
