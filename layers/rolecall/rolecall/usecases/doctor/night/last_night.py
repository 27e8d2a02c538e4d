"""A night that did not end, or is long past."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from rolecall.quantity import counted
from rolecall.usecases.doctor.answers import Answer, both, only
from rolecall.usecases.doctor.check import Complaint, doctor_check
from rolecall.usecases.doctor.night_facts import EndedExecution, RunFacts
from rolecall.usecases.doctor.stack_state import StackState

__all__ = ["last_night"]


_LATE = timedelta(hours=26)
_LONG = timedelta(hours=3)
"""Half of what a night may take before it is ended."""


def _ended(executions: Sequence[EndedExecution], now: datetime) -> Iterator[Complaint]:
    """Look at those that are over, and at one that is under way."""
    over = [one for one in executions if one.status != "RUNNING"]
    if over and over[0].status != "SUCCEEDED":
        yield Complaint(
            "critical",
            f"The audit of {over[0].start_date:%Y-%m-%d %H:%M} ended as {over[0].status}.",
        )
    good = next((one for one in over if one.status == "SUCCEEDED" and one.whole), None)
    if good is None or good.stop_date is None:
        if over:
            yield Complaint(
                "critical", f"No whole night ended well: {counted(len(over), 'audit')} looked at."
            )
        return
    if now - good.stop_date > _LATE:
        hours = (now - good.stop_date) // timedelta(hours=1)
        yield Complaint(
            "critical",
            f"The last night that ended well did so {counted(hours, 'hour')} ago, on "
            f"{good.stop_date:%Y-%m-%d %H:%M}.",
        )
    took = good.stop_date - good.start_date
    if took > _LONG:
        yield Complaint(
            "warning",
            f"The last night took {counted(took // timedelta(minutes=1), 'minute')}; after six "
            "hours it would be ended.",
            "docs/scale.md says what makes a night shorter.",
        )


def _asked(
    state: StackState,
) -> Mapping[str, Answer[tuple[Sequence[EndedExecution], Sequence[RunFacts]]]]:
    return only(both(state.executions, state.runs))


@doctor_check(
    title="The last night was within a day, ended well, and in good time",
    why=(
        "A night that does not run finds nothing, and a registry that nobody audits looks as "
        "well as one that is in order."
    ),
    remedy="docs/runbooks.md, A night failed; then rolecall run --stack STACK --wait.",
    asks=("states:ListExecutions", "states:DescribeExecution", "dynamodb:Query"),
    subjects=_asked,
)
def last_night(
    _: str, found: tuple[Sequence[EndedExecution], Sequence[RunFacts]], state: StackState
) -> Iterator[Complaint]:
    """Look at the last executions and the last runs."""
    executions, runs = found
    yield from _ended(executions, state.now)
    under_way = any(one.status == "RUNNING" for one in executions)
    if not executions and not runs:
        yield Complaint(
            "warning",
            "No night has run yet.",
            "rolecall import, then rolecall run --stack STACK --wait.",
        )
    elif not executions:
        yield Complaint("critical", "No night has run for as long as AWS remembers (90 days).")
    elif runs and not runs[0].completed and not under_way:
        yield Complaint("critical", f"Run {runs[0].number} was started and never completed.")
