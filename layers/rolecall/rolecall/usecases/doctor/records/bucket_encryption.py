"""A bucket whose objects are under another key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rolecall.usecases.doctor.answers import Answer
from rolecall.usecases.doctor.check import Complaint, doctor_check
from rolecall.usecases.doctor.stack_state import StackState

__all__ = ["bucket_encryption"]


def _asked(state: StackState) -> Mapping[str, Answer[str]]:
    return state.bucket_keys


@doctor_check(
    title="Every bucket encrypts under the data key of the stack",
    why="Under another key, whoever has that one reads the reports.",
    remedy="Deploy again, and look in CloudTrail who changed it.",
    asks=("s3:GetEncryptionConfiguration",),
    subjects=_asked,
    on_emulator=False,
)
def bucket_encryption(name: str, found: str, state: StackState) -> Iterator[Complaint]:
    """Look at the key of a bucket."""
    key = state.stack.outputs.get("DataKeyArn", "")
    if not found or (found != key and not key.endswith(found)):
        yield Complaint("warning", f"{name} does not encrypt under the data key of the stack.")
