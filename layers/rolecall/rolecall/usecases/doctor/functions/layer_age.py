"""Libraries that nobody renewed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from rolecall.quantity import counted
from rolecall.usecases.doctor.answers import Answer
from rolecall.usecases.doctor.check import Complaint, doctor_check
from rolecall.usecases.doctor.stack_state import StackState

__all__ = ["layer_age"]


_MOST = timedelta(days=365)


def _asked(state: StackState) -> Mapping[str, Answer[datetime]]:
    return state.layers


@doctor_check(
    title="No layer is older than a year",
    why=(
        "A layer holds the libraries as they were when it was made, with the faults that "
        "became known since."
    ),
    remedy="Deploy a newer release.",
    asks=("lambda:GetFunctionConfiguration", "lambda:GetLayerVersion"),
    subjects=_asked,
)
def layer_age(name: str, found: datetime, state: StackState) -> Iterator[Complaint]:
    """Look when a layer was made."""
    age = state.now - found
    if age > _MOST:
        yield Complaint("warning", f"The layer {name} is {counted(age.days, 'day')} old.")
