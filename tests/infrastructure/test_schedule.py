"""The night starts at a time that there is, in every zone that people live in."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path
from zoneinfo import available_timezones

import pytest

from infra.schedule_check import main, parameters
from rolecall.usecases.doctor.night_hours import left_out, times_of, twice
from tests.cloud import ROOT, template
from tests.tiers import some

START = date(2026, 11, 26)


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("America/Chicago", date(2027, 3, 14)),
        ("Europe/Berlin", date(2027, 3, 28)),
        ("Australia/Sydney", date(2027, 10, 3)),
        ("Pacific/Auckland", date(2027, 9, 26)),
        ("Europe/London", None),
        ("UTC", None),
    ],
)
def test_two_in_the_night_is_left_out_where_clocks_change(zone: str, day: date | None) -> None:
    assert next(iter(left_out(time(2), zone, START)), None) == day


@pytest.mark.parametrize(
    ("zone", "at", "day"),
    [
        ("America/Chicago", time(1, 30), date(2027, 11, 7)),
        ("America/Chicago", time(2), None),
        # It is left out in spring, and that is not twice.
        ("America/Chicago", time(2, 30), None),
        ("Europe/Berlin", time(2, 30), date(2027, 10, 31)),
        ("UTC", time(1, 30), None),
    ],
)
def test_an_hour_is_there_twice_where_clocks_go_back(zone: str, at: time, day: date | None) -> None:
    assert next(iter(twice(at, zone, START)), None) == day


def test_the_default_is_there_but_where_clocks_change_from_three_to_four() -> None:
    default = times_of(template()["Parameters"]["Schedule"]["Default"])
    assert default == [time(3, 30)]
    assert template()["Parameters"]["ScheduleTimezone"]["Default"] == "UTC"
    all_ = sorted(zone for zone in available_timezones() if "/" in zone or zone == "UTC")
    assert len(all_) > 300
    zones = {*some(all_), "Europe/Helsinki", "Europe/Athens", "Pacific/Chatham"}
    lost = {zone for zone in zones if left_out(default[0], zone, START)}
    # Of these make deploy says which hour is better.
    assert {"Europe/Helsinki", "Europe/Athens", "Pacific/Chatham"} <= lost
    assert {zone.partition("/")[0] for zone in lost} <= {"Europe", "Asia", "Pacific"}
    assert not [zone for zone in zones if zone.startswith("America/") and zone in lost]
    assert not [zone for zone in lost if left_out(time(4, 30), zone, START)]


@pytest.mark.parametrize(
    ("expression", "times"),
    [
        ("cron(30 3 * * ? *)", [time(3, 30)]),
        ("cron(0,30 2-3 * * ? *)", [time(2), time(2, 30), time(3), time(3, 30)]),
        ("cron(0 */12 * * ? *)", [time(0), time(12)]),
        ("cron(0 20/2 ? * MON-FRI *)", [time(20), time(22)]),
        ("rate(1 day)", []),
    ],
)
def test_times_of_a_schedule(expression: str, times: list[time]) -> None:
    assert times_of(expression) == times


QUOTED = '"Schedule=\\"cron({cron})\\" ScheduleTimezone=\\"{zone}\\""'
FORMS = [
    QUOTED,
    '["ScheduleTimezone={zone}", "Schedule=\\"cron({cron})\\""]',
    '"ParameterKey=Schedule,ParameterValue=\\"cron({cron})\\" ScheduleTimezone={zone}"',
    '{{ Schedule = "cron({cron})", ScheduleTimezone = "{zone}" }}',
    '[{{ Schedule = "cron({cron})" }}, "ScheduleTimezone={zone}"]',
]


def answers(cron: str, zone: str, form: str = QUOTED, environment: str = "default") -> str:
    """Return what the SAM CLI keeps of the answers."""
    given = form.format(cron=cron, zone=zone)
    return (
        f'[{environment}.deploy.parameters]\nstack_name = "rolecall"\n'
        f"parameter_overrides = {given}\n"
    )


def checked(folder: Path, settings: str, *more: str) -> int:
    path = folder / "samconfig.toml"
    path.write_text(f"version = 0.1\n{settings}", encoding="utf-8")
    return main([str(path), *more])


@pytest.mark.parametrize(
    ("cron", "zone", "status", "told"),
    [
        ("30 3 * * ? *", "America/Chicago", 0, ""),
        ("0 2 * * ? *", "UTC", 0, ""),
        ("0 2 * * ? *", "America/Chicago", 1, "has no 02:00 on "),
        ("30 3 * * ? *", "Pacific/Chatham", 1, "has no 03:30 on "),
        ("30 3 * * ? *", "Europe/Helsinki", 1, "such as cron(30 4 * * ? *)"),
        # It runs at another time of that day.
        ("0 2,5 * * ? *", "America/Chicago", 0, ""),
        ("0 2 * * ? *", "Europe/Atlantis", 2, "Atlantis"),
        ("x 2 * * ? *", "UTC", 2, "invalid literal"),
    ],
)
def test_what_will_be_deployed_is_checked(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    cron: str,
    zone: str,
    status: int,
    told: str,
) -> None:
    assert checked(tmp_path, answers(cron, zone)) == status
    assert told in capsys.readouterr().err
    # The same, said in words.
    assert main([f"Schedule=cron({cron})", f"ScheduleTimezone={zone}"]) == status
    assert told in capsys.readouterr().err


@pytest.mark.parametrize("form", FORMS)
def test_answers_are_read_in_every_form_that_is_deployed(tmp_path: Path, form: str) -> None:
    assert checked(tmp_path, answers("0 2 * * ? *", "America/Chicago", form)) == 1
    assert checked(tmp_path, answers("0 4 * * ? *", "America/Chicago", form)) == 0


def test_the_environment_that_is_deployed_counts(tmp_path: Path) -> None:
    both = answers("0 4 * * ? *", "UTC") + answers(
        "0 2 * * ? *", "Europe/Berlin", environment="trial"
    )
    assert checked(tmp_path, both) == 0
    assert checked(tmp_path, both, "--environment", "trial") == 1
    of_all = '[default.global.parameters]\nparameter_overrides = "ScheduleTimezone=Europe/Berlin"\n'
    alone = (
        '[default.deploy.parameters]\nparameter_overrides = "Schedule=\\"cron(0 2 * * ? *)\\""\n'
    )
    assert checked(tmp_path, of_all + alone) == 1


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ("", "there are no answers for the environment default"),
        ("[trial.deploy.parameters]\nstack_name = 'x'\n", "no answers for the environment default"),
        ("default = 1\n", "no answers"),
        ("[default.deploy.parameters]\nparameter_overrides = 'a=\"b'\n", "No closing quotation"),
        ("[default.deploy.parameters]\nparameter_overrides = 'file://x.json'\n", "not read"),
        ("[default", "no TOML"),
    ],
)
def test_answers_that_cannot_be_looked_at_are_no_good_answers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], settings: str, told: str
) -> None:
    assert checked(tmp_path, settings) == 2
    assert told in capsys.readouterr().err
    assert main([str(tmp_path / "absent.toml")]) == 2


def test_without_settings_the_template_counts() -> None:
    text = (ROOT / "template.yaml").read_text(encoding="utf-8")
    assert parameters(text) == {"Schedule": "cron(30 3 * * ? *)", "ScheduleTimezone": "UTC"}
    assert main([]) == 0
