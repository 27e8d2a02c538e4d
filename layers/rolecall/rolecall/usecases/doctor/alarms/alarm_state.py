"""An alarm that is on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rolecall.usecases.doctor.answers import Answer, only
from rolecall.usecases.doctor.check import Complaint, doctor_check
from rolecall.usecases.doctor.night_facts import AlarmFacts
from rolecall.usecases.doctor.stack_state import StackState

__all__ = ["alarm_state"]


def _asked(state: StackState) -> Mapping[str, Answer[Sequence[AlarmFacts]]]:
    return only(state.alarms)


@doctor_check(
    title="No alarm is on",
    why="An alarm that has been on for long sends nothing any more.",
    remedy=(
        "docs/runbooks.md says what each means. Right after the first deployment, RunLate and "
        "SealLate are on until the first night."
    ),
    asks=("cloudformation:ListStackResources", "cloudwatch:DescribeAlarms"),
    subjects=_asked,
)
def alarm_state(_: str, found: Sequence[AlarmFacts], __: StackState) -> Iterator[Complaint]:
    """Look at the state of every alarm."""
    for alarm in found:
        if alarm.state_value == "ALARM":
            what = alarm.alarm_description or alarm.alarm_name
            yield Complaint("critical", f"An alarm is on: {what}.")
