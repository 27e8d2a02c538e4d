"""Messages that say that all is well."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rolecall.usecases.doctor.answers import Answer, only
from rolecall.usecases.doctor.check import Complaint, doctor_check
from rolecall.usecases.doctor.night_facts import AlarmFacts
from rolecall.usecases.doctor.stack_state import StackState

__all__ = ["alarm_relief"]


def _asked(state: StackState) -> Mapping[str, Answer[Sequence[AlarmFacts]]]:
    return only(state.alarms)


@doctor_check(
    title="No alarm says OK while what it found stands",
    why=(
        "A critical finding stands for days, and its alarm goes off within five minutes; the "
        "message OK reads as if it were mended."
    ),
    remedy="Deploy this release; until then do not take such a message for an answer.",
    asks=("cloudformation:ListStackResources", "cloudwatch:DescribeAlarms"),
    subjects=_asked,
)
def alarm_relief(_: str, found: Sequence[AlarmFacts], __: StackState) -> Iterator[Complaint]:
    """Look at what an alarm does when it goes off."""
    for alarm in found:
        if alarm.metric_name in ("OpenedCritical", "VaultUnreadable") and alarm.ok_actions:
            yield Complaint("note", f"{alarm.alarm_name} says OK minutes after it found something.")
