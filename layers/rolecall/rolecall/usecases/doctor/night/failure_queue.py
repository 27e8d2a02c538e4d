"""Work that nobody took."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rolecall.quantity import counted
from rolecall.usecases.doctor.answers import Answer, only
from rolecall.usecases.doctor.check import Complaint, doctor_check
from rolecall.usecases.doctor.stack_state import StackState

__all__ = ["failure_queue"]


def _asked(state: StackState) -> Mapping[str, Answer[int]]:
    return only(state.failures)


@doctor_check(
    title="Nothing waits in the failure queue",
    why=(
        "It holds nights that could not be started and revocations that were not handed on; "
        "after two weeks it forgets them."
    ),
    remedy=(
        "Read what waits (docs/runbooks.md), run the night or confirm the revocation by hand, "
        "then purge the queue."
    ),
    asks=("sqs:GetQueueAttributes",),
    subjects=_asked,
)
def failure_queue(_: str, found: int, __: StackState) -> Iterator[Complaint]:
    """Look whether something waits in the failure queue."""
    if found:
        yield Complaint("warning", f"{counted(found, 'waits', 'wait')} in the failure queue.")
