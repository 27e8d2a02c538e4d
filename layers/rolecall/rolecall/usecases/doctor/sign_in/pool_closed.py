"""A user pool in which anybody may make a user."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rolecall.usecases.doctor.answers import Answer, only
from rolecall.usecases.doctor.check import Complaint, doctor_check
from rolecall.usecases.doctor.resource_facts import OperatedPool
from rolecall.usecases.doctor.stack_state import StackState

__all__ = ["pool_closed"]


def _asked(state: StackState) -> Mapping[str, Answer[OperatedPool]]:
    return only(state.pool) if state.stack.uses_its_pool else {}


@doctor_check(
    title="Nobody makes a user of themselves",
    why="Whoever signs up with somebody's address might be taken for them.",
    remedy="Deploy again, and look in CloudTrail who changed the pool.",
    asks=("cognito-idp:DescribeUserPool",),
    subjects=_asked,
)
def pool_closed(_: str, found: OperatedPool, __: StackState) -> Iterator[Complaint]:
    """Look who may make users."""
    if not found.is_closed:
        yield Complaint("critical", "Anybody can make a user of the pool for themselves.")
