"""Failures that no alarm can see."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rolecall.usecases.doctor.answers import Answer, only
from rolecall.usecases.doctor.check import Complaint, doctor_check
from rolecall.usecases.doctor.night_facts import AlarmFacts
from rolecall.usecases.doctor.stack_state import StackState

__all__ = ["alarm_outside"]


_SEEN = ("CredentialFunction", "ApiFunction", "RevokeFunction")


def _asked(state: StackState) -> Mapping[str, Answer[Sequence[AlarmFacts]]]:
    return only(state.alarms)


@doctor_check(
    title="Failures that a function cannot count itself are seen from outside",
    why=(
        "A function that runs out of time or memory, does not start or is throttled counts "
        "nothing; only AWS sees it."
    ),
    remedy="Deploy this release, which has such alarms.",
    asks=("cloudformation:ListStackResources", "cloudwatch:DescribeAlarms"),
    subjects=_asked,
)
def alarm_outside(_: str, found: Sequence[AlarmFacts], state: StackState) -> Iterator[Complaint]:
    """Look for alarms that see a function from outside."""
    watched = {one for alarm in found for one in alarm.watched()}
    if not any(space == "AWS/ApiGateway" and metric == "5xx" for space, metric, _ in watched):
        yield Complaint("warning", "No alarm sees what the gateway of the API answers with 5xx.")
    for function in _SEEN:
        physical = state.stack.outputs.get(f"{function}Arn", function).rpartition(":")[2]
        there = {
            metric
            for space, metric, values in watched
            if space == "AWS/Lambda" and physical in values.split()
        }
        missing = [metric for metric in ("Errors", "Throttles") if metric not in there]
        if missing:
            yield Complaint("warning", f"No alarm sees {' and '.join(missing)} of {function}.")
