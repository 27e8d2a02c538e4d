"""An alarm that tells nobody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rolecall.usecases.doctor.answers import Answer, only
from rolecall.usecases.doctor.check import Complaint, doctor_check
from rolecall.usecases.doctor.night_facts import AlarmFacts
from rolecall.usecases.doctor.stack_state import StackState

__all__ = ["alarm_actions"]


def _asked(state: StackState) -> Mapping[str, Answer[Sequence[AlarmFacts]]]:
    return only(state.alarms)


@doctor_check(
    title="Every alarm sends what it finds",
    why="An alarm can be silenced by one call, and looks as before.",
    remedy="aws cloudwatch enable-alarm-actions, or deploy again.",
    asks=("cloudformation:ListStackResources", "cloudwatch:DescribeAlarms"),
    subjects=_asked,
)
def alarm_actions(_: str, found: Sequence[AlarmFacts], state: StackState) -> Iterator[Complaint]:
    """Look at what an alarm does."""
    topic = state.stack.outputs.get("AlarmTopicArn")
    for alarm in found:
        if not alarm.actions_enabled:
            yield Complaint("warning", f"{alarm.alarm_name} is silenced.")
        elif topic not in alarm.alarm_actions:
            yield Complaint("warning", f"{alarm.alarm_name} does not go to the topic of the stack.")
