"""``make deploy``: does the night start at a time that exists on every night?

Where clocks go forward, an hour is left out; a schedule at such an hour is skipped that night, and
nobody is told. The parameters are those that the deployment keeps in ``samconfig.toml``, or else
the defaults of the template.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

__all__ = ["left_out", "main", "parameters", "times_of"]

ROOT = Path(__file__).parents[1]
YEARS = 10
_HOURS = (time(3, 30), time(4, 30), time(5, 30), time(12))
_DEFAULT = re.compile(r"^  (Schedule|ScheduleTimezone):\n(?:    .*\n)*?    Default: (.+)$", re.M)
_GIVEN = re.compile(r"(Schedule|ScheduleTimezone)=(?:\"((?:[^\"\\]|\\.)*)\"|(\S+))")
_CRON = re.compile(r"cron\(\s*(\S+)\s+(\S+)\s+.*\)")


def parameters(template: str, settings: str | None) -> Mapping[str, str]:
    """Return the schedule and its zone.

    :param settings: of the deployment, as TOML; ``None`` where there are none yet.
    """
    found = {name: value.strip("\"'") for name, value in _DEFAULT.findall(template)}
    if settings is not None:
        for environment in tomllib.loads(settings).values():
            if isinstance(environment, dict):
                deployed = environment.get("deploy", {}).get("parameters", {})
                given = deployed.get("parameter_overrides", "")
                text = given if isinstance(given, str) else " ".join(given)
                for name, quoted, plain in _GIVEN.findall(text):
                    found[name] = quoted.replace("\\", "") or plain
    return found


def times_of(expression: str) -> list[time]:
    """Return the times of day of a schedule; none where it does not name them."""
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
    """Return the days of the next years on which a zone has no such time."""
    there = ZoneInfo(zone)
    days = (start + timedelta(days=number) for number in range(366 * YEARS))
    return [day for day in days if not _exists(datetime.combine(day, at), there)]


def _exists(local: datetime, zone: ZoneInfo) -> bool:
    # What is left out comes back from UTC as another time.
    again = local.replace(tzinfo=zone).astimezone(UTC).astimezone(zone)
    return again.replace(tzinfo=None) == local


def main() -> int:
    """Tell on which nights nothing would run; return how the program ends."""
    path = ROOT / "samconfig.toml"
    settings = path.read_text(encoding="utf-8") if path.exists() else None
    found = parameters((ROOT / "template.yaml").read_text(encoding="utf-8"), settings)
    today = datetime.now(UTC).date()
    expression, zone = found["Schedule"], found["ScheduleTimezone"]
    try:
        missing = {at: left_out(at, zone, today) for at in times_of(expression)}
    except (ValueError, KeyError, OSError) as error:
        sys.stderr.write(f"error: {expression} in {zone}: {error}\n")
        return 2
    # Where it runs at other times of the same day too, that day has an audit.
    lost = set.intersection(*map(set, missing.values())) if missing else set()
    if not lost:
        return 0
    at = min(missing)
    better = next(one for one in _HOURS if not left_out(one, zone, today))
    sys.stderr.write(
        f"error: ScheduleTimezone {zone} has no {at:%H:%M} on {min(lost)} and {len(lost) - 1} more "
        f"nights of the next {YEARS} years: no audit would run. Take another hour for Schedule, "
        f"such as cron({better.minute} {better.hour} * * ? *)\n"
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
