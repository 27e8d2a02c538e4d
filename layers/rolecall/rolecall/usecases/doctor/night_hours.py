"""At which hours a schedule starts, and on which days its zone has no such hour, or has it twice.

Where clocks go forward, an hour is left out; EventBridge Scheduler skips what should have started
in it, and nobody is told. Where they go back, an hour is there twice, and it starts once.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

__all__ = ["YEARS", "better_hour", "left_out", "lost_nights", "times_of", "twice"]

YEARS = 10
"""How far ahead is looked."""
_HOURS = (time(3, 30), time(4, 30), time(5, 30), time(12))
_CRON = re.compile(r"cron\(\s*(\S+)\s+(\S+)\s+.*\)")


def times_of(expression: str) -> list[time]:
    """Return the times of day of a schedule; none where it does not name them.

    :raises ValueError: a field of it is no list of numbers.
    """
    found = _CRON.fullmatch(expression.strip())
    if found is None:
        return []
    minutes, hours = (
        _numbers(field, most) for field, most in zip(found.groups(), (60, 24), strict=True)
    )
    return [time(hour, minute) for hour in hours for minute in minutes]


def _numbers(field: str, most: int) -> list[int]:
    numbers: set[int] = set()
    for part in field.split(","):
        span, _, step = part.partition("/")
        first, _, last = span.partition("-")
        if first in ("*", "?"):
            low, high = 0, most - 1
        else:
            low = int(first)
            high = int(last) if last else (most - 1 if step else low)
        numbers |= set(range(low, min(high, most - 1) + 1, int(step or 1)))
    return sorted(numbers)


def left_out(at: time, zone: str, start: date) -> list[date]:
    """Return the days of the next years on which a zone has no such time.

    :raises KeyError: there is no such zone.
    """
    there = ZoneInfo(zone)
    return [day for day in _days(start) if not _exists(datetime.combine(day, at), there)]


def twice(at: time, zone: str, start: date) -> list[date]:
    """Return the days of the next years on which a zone has such a time twice."""
    there = ZoneInfo(zone)
    found = []
    for day in _days(start):
        local = datetime.combine(day, at, there)
        first, second = local.utcoffset(), local.replace(fold=1).utcoffset()
        # In the hour that is left out the offsets differ as well, the other way round.
        if first is not None and second is not None and first > second:
            found.append(day)
    return found


def lost_nights(expression: str, zone: str, start: date) -> dict[time, set[date]]:
    """Return the days on which nothing starts at all, by each time of a schedule.

    Where it starts at other times of the same day too, that day has an audit.

    :raises ValueError: it cannot be read.
    :raises KeyError: there is no such zone.
    """
    missing = {at: left_out(at, zone, start) for at in times_of(expression)}
    lost = set.intersection(*map(set, missing.values())) if missing else set()
    return dict.fromkeys(missing, lost) if lost else {}


def better_hour(zone: str, start: date) -> time:
    """Return an hour that there is on every night."""
    return next(one for one in _HOURS if not left_out(one, zone, start))


def _days(start: date) -> list[date]:
    return [start + timedelta(days=number) for number in range(366 * YEARS)]


def _exists(local: datetime, zone: ZoneInfo) -> bool:
    # What is left out comes back from UTC as another time.
    again = local.replace(tzinfo=zone).astimezone(UTC).astimezone(zone)
    return again.replace(tzinfo=None) == local
