"""A log that nobody seals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta

from rolecall.quantity import counted
from rolecall.usecases.doctor.answers import Answer, only
from rolecall.usecases.doctor.check import Complaint, doctor_check
from rolecall.usecases.doctor.night_facts import SealFacts
from rolecall.usecases.doctor.stack_state import StackState

__all__ = ["last_seal"]


_LATE = timedelta(hours=26)


def _asked(state: StackState) -> Mapping[str, Answer[SealFacts | None]]:
    return only(state.seal)


@doctor_check(
    title="The log was sealed within a day",
    why="What is not sealed can still be changed without anybody's being able to prove it.",
    remedy="rolecall run --stack STACK --wait; docs/runbooks.md, A night failed.",
    asks=("dynamodb:GetItem", "s3:GetObject", "s3:ListBucket"),
    subjects=_asked,
)
def last_seal(_: str, found: SealFacts | None, state: StackState) -> Iterator[Complaint]:
    """Look at the last checkpoint."""
    if found is None:
        yield Complaint("warning", "Nothing is sealed yet.")
    elif found.fork:
        yield Complaint(
            "critical",
            f"The checkpoints do not fit together: {found.fork}.",
            "docs/runbooks.md, The log was rolled back: keep what there is, it is evidence.",
        )
    elif found.published is not None and state.now - found.published > _LATE:
        hours = (state.now - found.published) // timedelta(hours=1)
        yield Complaint("critical", f"The log was last sealed {counted(hours, 'hour')} ago.")
