"""A bucket that may become public."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rolecall.usecases.doctor.answers import Answer
from rolecall.usecases.doctor.check import Complaint, doctor_check
from rolecall.usecases.doctor.resource_facts import PublicAccess
from rolecall.usecases.doctor.stack_state import StackState

__all__ = ["bucket_public"]


def _asked(state: StackState) -> Mapping[str, Answer[PublicAccess]]:
    return state.public_access


@doctor_check(
    title="No bucket can be made public",
    why="Reports name people and what is wrong at them.",
    remedy="aws s3api put-public-access-block with all four settings true, or deploy again.",
    asks=("s3:GetBucketPublicAccessBlock",),
    subjects=_asked,
)
def bucket_public(name: str, found: PublicAccess, __: StackState) -> Iterator[Complaint]:
    """Look at what of public access a bucket blocks."""
    if not found.is_blocked:
        yield Complaint("critical", f"{name} does not block all public access.")
