"""``make deploy``: does the night start at a time that exists on every night?

Where clocks go forward, an hour is left out; a schedule at such an hour is skipped that night, and
nobody is told. So ``make deploy`` asks first, looks at the answers here, and only then deploys:

    python -m infra.schedule_check samconfig.toml [--environment default]
    python -m infra.schedule_check ScheduleTimezone=Europe/Berlin "Schedule=cron(0 2 * * ? *)"

What neither the file nor a word says has the default of the template.
"""

from __future__ import annotations

import argparse
import re
import shlex
import sys
import tomllib
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

__all__ = ["UnreadableAnswersError", "left_out", "main", "parameters", "times_of"]

ROOT = Path(__file__).parents[1]
YEARS = 10
_HOURS = (time(3, 30), time(4, 30), time(5, 30), time(12))
_ASKED = ("Schedule", "ScheduleTimezone")
_DEFAULT = re.compile(r"^  (Schedule|ScheduleTimezone):\n(?:    .*\n)*?    Default: (.+)$", re.M)
_LONG_FORM = re.compile(r"ParameterKey=(\w+),ParameterValue=")
_CRON = re.compile(r"cron\(\s*(\S+)\s+(\S+)\s+.*\)")


class UnreadableAnswersError(Exception):
    """What was answered cannot be looked at; the message says why."""


def parameters(
    template: str, settings: str | None = None, environment: str = "default"
) -> Mapping[str, str]:
    """Return the schedule and its zone.

    :param settings: of the deployment, as TOML; ``None`` where there are none.
    :param environment: the one of the settings that is deployed.
    :raises UnreadableAnswersError: where the settings do not say with what is deployed.
    """
    found = {name: value.strip("\"'") for name, value in _DEFAULT.findall(template)}
    if settings is None:
        return found
    try:
        whole = tomllib.loads(settings).get(environment)
    except tomllib.TOMLDecodeError as error:
        raise UnreadableAnswersError(f"no TOML: {error}") from error
    if not isinstance(whole, dict) or not _of_command(whole, "deploy"):
        raise UnreadableAnswersError(
            f"there are no answers for the environment {environment}: nothing of [{environment}."
            "deploy.parameters]"
        )
    # What holds for all commands of the SAM CLI holds for this one, unless it says otherwise.
    for command in ("global", "deploy"):
        found |= _overrides(_of_command(whole, command).get("parameter_overrides", ""))
    return found


def _of_command(environment: Mapping[str, Any], command: str) -> Mapping[str, Any]:
    section = environment.get(command)
    given = section.get("parameters") if isinstance(section, dict) else None
    return given if isinstance(given, dict) else {}


def _overrides(given: object) -> dict[str, str]:
    """Return parameters as the SAM CLI reads them: a text, a table, or a list of both."""
    if isinstance(given, dict):
        pairs = {str(name): str(value) for name, value in given.items()}
        return {name: value for name, value in pairs.items() if name in _ASKED}
    if isinstance(given, list):
        return {name: value for one in given for name, value in _overrides(one).items()}
    try:
        words = shlex.split(_LONG_FORM.sub(r"\1=", str(given)))
    except ValueError as error:
        raise UnreadableAnswersError(f"parameter_overrides: {error}") from error
    if any(word.startswith("file://") for word in words):
        raise UnreadableAnswersError("parameters that lie in another file (file://) are not read")
    split = (word.partition("=") for word in words)
    return {name: value for name, _, value in split if name in _ASKED}


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
    days = [start + timedelta(days=number) for number in range(366 * YEARS)]
    # A time can be left out only between two noons with different offsets.
    noons = [datetime.combine(day, time(12), there).utcoffset() for day in days]
    near = {
        day
        for number, after in enumerate(noons[1:], 1)
        if after != noons[number - 1]
        for day in days[number - 1 : number + 1]
    }
    looked_at = sorted({days[0], *near})
    return [day for day in looked_at if not _exists(datetime.combine(day, at), there)]


def _exists(local: datetime, zone: ZoneInfo) -> bool:
    # What is left out comes back from UTC as another time.
    again = local.replace(tzinfo=zone).astimezone(UTC).astimezone(zone)
    return again.replace(tzinfo=None) == local


def main(arguments: Sequence[str] | None = None) -> int:
    """Tell on which nights nothing would run; return how the program ends."""
    asked = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    asked.add_argument("given", nargs="*", metavar="FILE|NAME=VALUE")
    asked.add_argument("--environment", default="default", help="of the file")
    options = asked.parse_args(arguments)
    try:
        return _look(_answers(options.given, options.environment))
    except (UnreadableAnswersError, OSError) as error:
        sys.stderr.write(f"error: {error}\n")
        return 2


def _answers(given: Sequence[str], environment: str) -> Mapping[str, str]:
    template = (ROOT / "template.yaml").read_text(encoding="utf-8")
    files = [word for word in given if word.partition("=")[0] not in _ASKED]
    found = dict(parameters(template))
    for name in files:
        settings = Path(name).read_text(encoding="utf-8")
        try:
            found = dict(parameters(template, settings, environment))
        except UnreadableAnswersError as error:
            raise UnreadableAnswersError(f"{name}: {error}") from error
    found |= {word.partition("=")[0]: word.partition("=")[2] for word in given if word not in files}
    return found


def _look(found: Mapping[str, str]) -> int:
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
