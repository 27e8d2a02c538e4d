"""What is wrong with the hour of a night, of a schedule that runs or of one to come."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from rolecall.quantity import counted
from rolecall.usecases.doctor.check import Complaint
from rolecall.usecases.doctor.night_hours import YEARS, better_hour, lost_nights, times_of, twice

__all__ = ["hour_complaints"]


def hour_complaints(expression: str, zone: str, today: date) -> Iterator[Complaint]:
    """Say on which nights nothing would start, and on which the hour is there twice."""
    try:
        lost = lost_nights(expression, zone, today)
        doubled = {at: twice(at, zone, today) for at in times_of(expression)}
    except (ValueError, KeyError, OSError) as error:
        yield Complaint("critical", f"{expression} in {zone} cannot be read: {error}.")
        return
    if lost:
        at, better = min(lost), better_hour(zone, today)
        nights = sorted(lost[at])
        yield Complaint(
            "warning",
            f"{zone} has no {at:%H:%M} on {nights[0]} and "
            f"{counted(len(nights) - 1, 'more night')} of the next {YEARS} years: "
            "no audit will run.",
            f"Deploy with Schedule=cron({better.minute} {better.hour} * * ? *).",
        )
    for at, days in doubled.items():
        if days:
            yield Complaint(
                "note",
                f"{zone} has {at:%H:%M} twice on {days[0]}: the night starts once, at the first.",
            )
    if not doubled and not expression.startswith("cron("):
        yield Complaint(
            "note", f"{expression} names no hour: the nights are not all of one length."
        )
