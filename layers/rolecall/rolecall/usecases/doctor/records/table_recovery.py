"""A table that cannot be restored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rolecall.quantity import counted
from rolecall.usecases.doctor.answers import Answer
from rolecall.usecases.doctor.check import Complaint, doctor_check
from rolecall.usecases.doctor.resource_facts import RecoveryFacts
from rolecall.usecases.doctor.stack_state import StackState

__all__ = ["table_recovery"]


_DAYS = 35


def _asked(state: StackState) -> Mapping[str, Answer[RecoveryFacts]]:
    return {one: answer for one, answer in state.recoveries.items() if one != "AnswersTable"}


@doctor_check(
    title="Every table of records can be restored to any minute of five weeks",
    why=(
        "What somebody deletes or writes over by mistake comes back from a point in time, or "
        "not at all."
    ),
    remedy=(
        "aws dynamodb update-continuous-backups --table-name TABLE --point-in-time-recovery- "
        "specification PointInTimeRecoveryEnabled=true,RecoveryPeriodInDays=35, or deploy "
        "again."
    ),
    asks=("dynamodb:DescribeContinuousBackups",),
    subjects=_asked,
)
def table_recovery(name: str, found: RecoveryFacts, __: StackState) -> Iterator[Complaint]:
    """Look at how far back a table can be restored."""
    if found.status != "ENABLED":
        yield Complaint("critical", f"{name} cannot be restored to a point in time.")
    elif found.days is not None and found.days < _DAYS:
        yield Complaint(
            "note",
            f"{name} can be restored over {counted(found.days, 'day')}, where the template "
            f"says {_DAYS}.",
        )
