"""Whether a night leaves executions for people: of a stack that runs, or of one to come."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rolecall.quantity import counted
from rolecall.usecases.doctor.check import Complaint
from rolecall.usecases.doctor.deployment_answers import number_of
from rolecall.usecases.doctor.resource_facts import AccountLimits

__all__ = ["concurrency_complaints"]

_FOR_PEOPLE = 10
"""Executions beside the batches, for the API, the vault and revocations."""
_SMALL = 50
"""Accounts that may have fewer at once are new, and may have less memory too."""
_MEMORY = 3_008


def concurrency_complaints(
    limits: AccountLimits, parameters: Mapping[str, str]
) -> Iterator[Complaint]:
    """Hold what a night takes against what the account has."""
    batches = number_of(parameters, "MaxConcurrency", 16)
    kept = number_of(parameters, "NightConcurrency", 0)
    shared = limits.unreserved_concurrent_executions
    if kept and batches > kept:
        yield Complaint(
            "warning",
            f"MaxConcurrency is {batches}, and NightConcurrency {kept}: the rest is throttled, and "
            "tried again.",
            "Deploy with MaxConcurrency no larger than NightConcurrency.",
        )
    elif not kept and shared < batches + _FOR_PEOPLE:
        yield Complaint(
            "warning",
            f"A night takes up to {counted(batches, 'execution')} at once, and the account has "
            f"{shared} to share: people may be refused meanwhile.",
        )
    memory = number_of(parameters, "PlanMemory", 1_769)
    if limits.concurrent_executions < _SMALL and memory > _MEMORY:
        yield Complaint(
            "warning",
            f"PlanMemory is {memory:,} MB; an account that is as new as this one may be refused "
            f"more than {_MEMORY:,}.",
            f"Deploy with PlanMemory={_MEMORY}, or ask for more (a case at AWS's support).",
        )
