"""A clock that is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rolecall.quantity import counted
from rolecall.usecases.doctor.answers import Answer, only
from rolecall.usecases.doctor.caller_state import CallerState
from rolecall.usecases.doctor.check import Complaint, doctor_check

__all__ = ["clock"]


_WRONG, _REFUSED = 30, 240


def _asked(state: CallerState) -> Mapping[str, Answer[float]]:
    return only(state.clock)


@doctor_check(
    title="The clock of this machine is right",
    why=(
        "AWS refuses what is signed five minutes off; a run that is started here by hand, and "
        "what is said here of hours, follow this clock."
    ),
    remedy="Set the clock (timedatectl set-ntp true).",
    asks=(),
    subjects=_asked,
)
def clock(_: str, found: float, __: CallerState) -> Iterator[Complaint]:
    """Hold the clock of this machine against that of AWS."""
    seconds = abs(found)
    where = "behind" if found > 0 else "ahead of"
    if seconds > _WRONG:
        yield Complaint(
            "critical" if seconds > _REFUSED else "warning",
            f"The clock of this machine is {counted(round(seconds), 'second')} {where} "
            "that of AWS.",
        )
