"""Batches that wait for each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rolecall.quantity import counted
from rolecall.usecases.doctor.answers import Answer, only
from rolecall.usecases.doctor.check import Complaint, doctor_check
from rolecall.usecases.doctor.stack_state import DeployedStack, StackState

__all__ = ["shards"]


def _asked(state: StackState) -> Mapping[str, Answer[DeployedStack]]:
    return only(state.stack)


@doctor_check(
    title="As many batches as there are shards are audited at once",
    why=(
        "Batches that are audited at once write to the log; more of them than shards wait for "
        "each other."
    ),
    remedy="Deploy with LedgerShards as large as MaxConcurrency, or MaxConcurrency as small.",
    asks=("cloudformation:DescribeStacks",),
    subjects=_asked,
)
def shards(_: str, found: DeployedStack, __: StackState) -> Iterator[Complaint]:
    """Hold the batches at once against the shards of the log."""
    at_once, shards = found.number("MaxConcurrency", 16), found.number("LedgerShards", 16)
    if at_once > shards:
        yield Complaint(
            "note", f"MaxConcurrency is {at_once}, and the log has {counted(shards, 'shard')}."
        )
