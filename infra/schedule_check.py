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
from datetime import UTC, date, datetime
from pathlib import Path

from rolecall.usecases.doctor.night_hours import YEARS, better_hour, lost_nights

__all__ = ["main", "objection", "parameters"]

ROOT = Path(__file__).parents[1]
_DEFAULT = re.compile(r"^  (Schedule|ScheduleTimezone):\n(?:    .*\n)*?    Default: (.+)$", re.M)
_GIVEN = re.compile(r"(Schedule|ScheduleTimezone)=(?:\"((?:[^\"\\]|\\.)*)\"|(\S+))")


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


def objection(expression: str, zone: str, today: date) -> str | None:
    """Return why a schedule cannot be that of a night; ``None`` where it can.

    :raises ValueError: the expression or the zone cannot be read.
    """
    try:
        lost = lost_nights(expression, zone, today)
    except (ValueError, KeyError, OSError) as error:
        raise ValueError(f"{expression} in {zone}: {error}") from error
    if not lost:
        return None
    at = min(lost)
    nights, better = sorted(lost[at]), better_hour(zone, today)
    return (
        f"ScheduleTimezone {zone} has no {at:%H:%M} on {nights[0]} and {len(nights) - 1} "
        f"more nights of the next {YEARS} years: no audit would run. Take another hour for "
        f"Schedule, such as cron({better.minute} {better.hour} * * ? *)"
    )


def main() -> int:
    """Tell on which nights nothing would run; return how the program ends."""
    path = ROOT / "samconfig.toml"
    settings = path.read_text(encoding="utf-8") if path.exists() else None
    found = parameters((ROOT / "template.yaml").read_text(encoding="utf-8"), settings)
    try:
        said = objection(found["Schedule"], found["ScheduleTimezone"], datetime.now(UTC).date())
    except ValueError as error:
        sys.stderr.write(f"error: {error}\n")
        return 2
    if said is None:
        return 0
    sys.stderr.write(f"error: {said}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
