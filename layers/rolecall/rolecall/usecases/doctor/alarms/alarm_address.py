"""Alarms that nobody gets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rolecall.usecases.doctor.answers import Answer, only
from rolecall.usecases.doctor.check import Complaint, doctor_check
from rolecall.usecases.doctor.night_facts import SubscriptionFacts
from rolecall.usecases.doctor.stack_state import StackState

__all__ = ["alarm_address"]


def _asked(state: StackState) -> Mapping[str, Answer[Sequence[SubscriptionFacts]]]:
    return only(state.subscriptions)


@doctor_check(
    title="Somebody is told of alarms",
    why=(
        "A night that fails says so by an alarm; to an address that nobody confirmed AWS "
        "sends nothing."
    ),
    remedy=(
        "Deploy with AlarmEmail, and follow the link in the message that comes; then put an "
        "alarm on by hand and see it arrive (aws cloudwatch set-alarm-state)."
    ),
    asks=("sns:ListSubscriptionsByTopic",),
    subjects=_asked,
)
def alarm_address(
    _: str, found: Sequence[SubscriptionFacts], __: StackState
) -> Iterator[Complaint]:
    """Look who is told of alarms."""
    if any(one.is_confirmed for one in found):
        return
    waiting = [one for one in found if one.subscription_arn == "PendingConfirmation"]
    if waiting:
        yield Complaint(
            "warning",
            "Alarms go to nobody: the address is not confirmed yet.",
            "Follow the link in the message from AWS; after three days it is void: take the "
            "subscription away and deploy again.",
        )
    else:
        yield Complaint("warning", "Alarms go to nobody: no address is subscribed.")
