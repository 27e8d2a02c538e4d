"""An account that is too small for a night."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rolecall.usecases.doctor.answers import Answer, only
from rolecall.usecases.doctor.check import Complaint, doctor_check
from rolecall.usecases.doctor.concurrency_complaints import concurrency_complaints
from rolecall.usecases.doctor.deployment_answers import number_of
from rolecall.usecases.doctor.deployment_state import DeploymentState
from rolecall.usecases.doctor.resource_facts import AccountLimits

__all__ = ["account_executions"]


_UNRESERVED = 100
"""What AWS keeps back from every reservation."""


def _asked(state: DeploymentState) -> Mapping[str, Answer[AccountLimits]]:
    return only(state.limits)


@doctor_check(
    title="The account has enough executions for a night, and for people meanwhile",
    why=(
        "New accounts have ten executions at once; a night that takes all of them has the API "
        "and the vault refuse people meanwhile, and may fail itself."
    ),
    remedy=(
        "Ask for more (Service Quotas, Lambda, Concurrent executions), or answer with a "
        "smaller MaxConcurrency."
    ),
    asks=("lambda:GetAccountSettings",),
    subjects=_asked,
)
def account_executions(_: str, found: AccountLimits, state: DeploymentState) -> Iterator[Complaint]:
    """Hold what a night would take against what the account has."""
    yield from concurrency_complaints(found, state.parameters)
    night = number_of(state.parameters, "NightConcurrency", 0)
    requests = number_of(state.parameters, "RequestConcurrency", 0)
    kept = (night + 6 if night else 0) + 3 * requests
    if kept and found.unreserved_concurrent_executions - kept < _UNRESERVED:
        yield Complaint(
            "critical",
            f"Executions to be kept: {kept}. Of {found.unreserved_concurrent_executions} "
            f"{_UNRESERVED} must stay for all: the deployment will fail.",
            "Ask for more first, or answer with NightConcurrency=0 and RequestConcurrency=0.",
        )
