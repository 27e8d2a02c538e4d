"""A key that AWS does not rotate."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rolecall.usecases.doctor.answers import Answer
from rolecall.usecases.doctor.check import Complaint, doctor_check
from rolecall.usecases.doctor.stack_state import StackState

__all__ = ["key_rotation"]


def _asked(state: StackState) -> Mapping[str, Answer[bool]]:
    return state.rotations


@doctor_check(
    title="The data key and the vault's key are rotated every year",
    why="What one key has encrypted in a year is bounded; nothing has to be done for it.",
    remedy="aws kms enable-key-rotation --key-id KEY, or deploy again.",
    asks=("kms:GetKeyRotationStatus",),
    subjects=_asked,
)
def key_rotation(name: str, found: bool, __: StackState) -> Iterator[Complaint]:
    """Look at whether a key is rotated."""
    if not found:
        yield Complaint("warning", f"{name} is not rotated.")
