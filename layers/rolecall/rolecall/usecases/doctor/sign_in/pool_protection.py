"""A user pool that one call deletes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rolecall.usecases.doctor.answers import Answer, only
from rolecall.usecases.doctor.check import Complaint, doctor_check
from rolecall.usecases.doctor.resource_facts import OperatedPool
from rolecall.usecases.doctor.stack_state import StackState

__all__ = ["pool_protection"]


def _asked(state: StackState) -> Mapping[str, Answer[OperatedPool]]:
    return only(state.pool)


@doctor_check(
    title="The user pool cannot be deleted by mistake",
    why="With the pool go all users, and the subjects by which people are known.",
    remedy=(
        "Deploy this release; until then: aws cognito-idp update-user-pool, which needs every "
        "setting of the pool again."
    ),
    asks=("cognito-idp:DescribeUserPool",),
    subjects=_asked,
    on_emulator=False,
)
def pool_protection(_: str, found: OperatedPool, __: StackState) -> Iterator[Complaint]:
    """Look at whether the pool is protected."""
    if found.deletion_protection != "ACTIVE":
        yield Complaint(
            "warning", "The user pool can be deleted by one call: its protection is off."
        )
