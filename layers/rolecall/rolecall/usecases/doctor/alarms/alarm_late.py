"""An alarm that comes days late."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rolecall.usecases.doctor.answers import Answer, only
from rolecall.usecases.doctor.check import Complaint, doctor_check
from rolecall.usecases.doctor.night_facts import AlarmFacts
from rolecall.usecases.doctor.stack_state import StackState

__all__ = ["alarm_late"]


_NIGHTLY = ("RunsCompleted", "Sealed")
_DAY = 86_400


def _asked(state: StackState) -> Mapping[str, Answer[Sequence[AlarmFacts]]]:
    return only(state.alarms)


@doctor_check(
    title="A night that is missing is noticed within 26 hours",
    why=(
        "CloudWatch looks back beyond one period of a day, and takes a night before for this "
        "one: such an alarm comes three or four days after the last night."
    ),
    remedy="Deploy this release; until then look every morning: rolecall runs --stack STACK.",
    asks=("cloudformation:ListStackResources", "cloudwatch:DescribeAlarms"),
    subjects=_asked,
)
def alarm_late(_: str, found: Sequence[AlarmFacts], __: StackState) -> Iterator[Complaint]:
    """Look how the alarms over a missing night are made."""
    for alarm in found:
        if alarm.metric_name in _NIGHTLY and alarm.period >= _DAY:
            yield Complaint(
                "warning", f"{alarm.alarm_name} comes three or four days after the last night."
            )
