"""A user pool without second factors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rolecall.usecases.doctor.answers import Answer, only
from rolecall.usecases.doctor.check import Complaint, doctor_check
from rolecall.usecases.doctor.resource_facts import OperatedPool
from rolecall.usecases.doctor.stack_state import StackState

__all__ = ["pool_factor"]


def _asked(state: StackState) -> Mapping[str, Answer[OperatedPool]]:
    return only(state.pool) if state.stack.uses_its_pool else {}


@doctor_check(
    title="Everybody signs in with a second factor",
    why=(
        "OPTIONAL means practically none: the pages on which people sign in do not ask for "
        "one then."
    ),
    remedy="Deploy with Mfa=ON.",
    asks=("cognito-idp:DescribeUserPool",),
    subjects=_asked,
    on_emulator=False,
)
def pool_factor(_: str, found: OperatedPool, __: StackState) -> Iterator[Complaint]:
    """Look at what the pool asks for."""
    if found.mfa_configuration == "OFF":
        yield Complaint("critical", "Nobody is asked for a second factor.")
    elif found.mfa_configuration != "ON":
        yield Complaint("warning", "A second factor is optional, so nobody is asked to set one up.")
