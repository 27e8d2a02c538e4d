"""A finding that is accepted for longer than a while, or again and again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date

from rolecall.controls.context import Context
from rolecall.controls.control import Fail, Params, References, control
from rolecall.controls.populations import POLICY
from rolecall.model import Policy, Subject, Waiver

_MOST_NAMED = 20
"""Waivers that the evidence names; it counts them all."""
_LONG = "accepted for more than {days:day}"
_SO = "{number:waiver says|waivers say} so"
_REPEATED = "accepted more than {maximum:time} for one control and one subject"


def _is_long(waiver: Waiver, today: date, days: int) -> bool:
    """Tell whether a waiver that holds ends too late.

    Nobody accepts anything before its day: without a day, or with one that is yet to come, it is
    accepted today at the latest, which proves as much.
    """
    accepted = min(waiver.accepted_on or today, today)
    return today <= waiver.expires and (waiver.expires - accepted).days > days


def _repeated(policy: Policy, today: date, most: int) -> list[Waiver]:
    """Return the waivers of what is accepted too often, and still is."""
    same: defaultdict[tuple[str, Subject], list[Waiver]] = defaultdict(list)
    for waiver in policy.waivers:
        same[waiver.control, waiver.subject].append(waiver)
    groups = [group for group in same.values() if len(group) > most]
    return [one for group in groups if any(today <= w.expires for w in group) for one in group]


@control(
    title="What is accepted is accepted for a while",
    severity="medium",
    rationale=(
        "To accept a finding says that a weakness is known and borne for a time. With no end in "
        "sight, or renewed each time it ends, it has become the rule, and nobody decides any more."
    ),
    remediation=(
        "Put right what is accepted, or let it be accepted for a shorter time; what was accepted "
        "is a finding again afterwards. What is to be accepted once more goes to those who own the "
        "risk: they may change the rule in the open instead."
    ),
    record=(
        "Take the waiver of what was put right out of the policy, or give it an earlier last day "
        "in waivers.expires. Where waivers.accepted_on is empty, enter the day when it was first "
        "accepted, if that is on record. Leave waivers that have ended as they are: they say how "
        "long it has been so."
    ),
    detail={
        "long": f"Findings of {{controls}} are {_LONG}; {_SO}.",
        "repeated": f"Findings of {{controls}} are {_REPEATED}; {_SO}.",
        "both": f"Findings of {{controls}} are {_LONG}, or {_REPEATED}; {_SO}.",
    },
    references=References(
        nist=("CA-5", "RA-7"),
        practice=("ISO/IEC 27001:2022, 6.1.3 f: owners of risks approve what is accepted",),
    ),
    subjects=POLICY,
    days=365,
    maximum=2,
)
def waiver_without_end(
    policies: Sequence[Policy], context: Context, params: Params
) -> Iterator[Fail]:
    """Fail the policy for waivers of more than ``days``, or more than ``maximum`` of one thing."""
    for policy in policies:
        today = context.today
        long = [one for one in policy.waivers if _is_long(one, today, params.days)]
        repeated = _repeated(policy, today, params.maximum)
        if not long and not repeated:
            continue
        waivers = {one.id: one for one in (*long, *repeated)}
        limits = {"days": params.days} if long else {}
        limits |= {"maximum": params.maximum} if repeated else {}
        evidence = {
            "because": "both" if long and repeated else "long" if long else "repeated",
            "controls": sorted({one.control for one in waivers.values()})[:_MOST_NAMED],
            "waivers": sorted(waivers)[:_MOST_NAMED],
            "number": len(waivers),
        }
        yield Fail(policy, {**evidence, **limits})
