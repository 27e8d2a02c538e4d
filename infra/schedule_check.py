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
import sys
import tomllib
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from infra.parameter_overrides import UnreadableAnswersError, overrides
from rolecall.quantity import counted
from rolecall.usecases.doctor.night_hours import YEARS, better_hour, lost_nights

__all__ = ["main", "objection", "parameters"]

ROOT = Path(__file__).parents[1]
_ASKED = ("Schedule", "ScheduleTimezone")
_DEFAULT = re.compile(r"^  (Schedule|ScheduleTimezone):\n(?:    .*\n)*?    Default: (.+)$", re.M)


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
        given = overrides(_of_command(whole, command).get("parameter_overrides", ""))
        found |= {name: value for name, value in given.items() if name in _ASKED}
    return found


def _of_command(environment: Mapping[str, Any], command: str) -> Mapping[str, Any]:
    section = environment.get(command)
    given = section.get("parameters") if isinstance(section, dict) else None
    return given if isinstance(given, dict) else {}


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
        f"ScheduleTimezone {zone} has no {at:%H:%M} on {nights[0]} and "
        f"{counted(len(nights) - 1, 'more night')} of the next {YEARS} years: no audit would "
        f"run. Take another hour for Schedule, such as cron({better.minute} {better.hour} * * ? *)"
    )


def _look(found: Mapping[str, str]) -> int:
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
