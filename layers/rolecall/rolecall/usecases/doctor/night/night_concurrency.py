"""Nights that take what people need."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rolecall.usecases.doctor.answers import Answer, only
from rolecall.usecases.doctor.check import Complaint, doctor_check
from rolecall.usecases.doctor.concurrency_complaints import concurrency_complaints
from rolecall.usecases.doctor.resource_facts import AccountLimits
from rolecall.usecases.doctor.stack_state import StackState

__all__ = ["night_concurrency"]


def _asked(state: StackState) -> Mapping[str, Answer[AccountLimits]]:
    return only(state.limits)


@doctor_check(
    title="A night leaves executions for what people wait for",
    why=(
        "New accounts have ten executions at once; a night that takes all of them has the API "
        "and the vault refuse people meanwhile, and may fail itself."
    ),
    remedy=(
        "Ask for more (Service Quotas, Lambda, Concurrent executions), or deploy with a "
        "smaller MaxConcurrency."
    ),
    asks=("lambda:GetAccountSettings",),
    subjects=_asked,
)
def night_concurrency(_: str, found: AccountLimits, state: StackState) -> Iterator[Complaint]:
    """Hold what a night takes against what the account has."""
    yield from concurrency_complaints(found, state.stack.parameters)
