"""Seals and reports that can be deleted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rolecall.usecases.doctor.answers import Answer
from rolecall.usecases.doctor.check import Complaint, doctor_check
from rolecall.usecases.doctor.resource_facts import LockFacts
from rolecall.usecases.doctor.stack_state import StackState

__all__ = ["bucket_lock"]


def _asked(state: StackState) -> Mapping[str, Answer[LockFacts]]:
    return {"ReportBucket": state.locks}


@doctor_check(
    title="The bucket of seals and reports has its lock and its versions",
    why=(
        "Without them what was sealed can be written over and deleted, and the log proves "
        "nothing to whoever kept no checkpoint."
    ),
    remedy=(
        "Versions: aws s3api put-bucket-versioning --versioning-configuration Status=Enabled. "
        "A lock that is off needs AWS's support; find out who took it off."
    ),
    asks=("s3:GetBucketObjectLockConfiguration", "s3:GetBucketVersioning"),
    subjects=_asked,
)
def bucket_lock(name: str, found: LockFacts, __: StackState) -> Iterator[Complaint]:
    """Look at the lock and the versions of the bucket."""
    if not found.locked:
        yield Complaint("critical", f"{name} has no object lock.")
    if not found.versioned:
        yield Complaint("critical", f"{name} keeps no versions.")
