"""The parameter LogLevel decides what a function logs, beside the level that Lambda has."""

from __future__ import annotations

import logging

import pytest

from rolecall.aws import clients
from rolecall.aws.function_log import function_logger
from tests.cloud import FUNCTIONS, ROOT, resources, template

LEVELS = template()["Parameters"]["LogLevel"]["AllowedValues"]


def of_lambda(level: str) -> str:
    """Return the level below which Lambda drops lines, as the template sets it."""
    (given,) = {
        str(one["Properties"]["LoggingConfig"]["ApplicationLogLevel"])
        for one in resources("AWS::Serverless::Function").values()
    }
    assert given == str({"Fn::If": ["IsDebug", "DEBUG", "INFO"]})
    assert template()["Conditions"]["IsDebug"] == {"Fn::Equals": [{"Ref": "LogLevel"}, "DEBUG"]}
    return "DEBUG" if level == "DEBUG" else "INFO"


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("level", LEVELS)
def test_each_level_is_what_is_logged(
    level: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", f"log-{level}")
    monkeypatch.setenv("POWERTOOLS_LOG_LEVEL", level)
    monkeypatch.setenv("AWS_LAMBDA_LOG_LEVEL", of_lambda(level))
    logger = function_logger()
    for name in LEVELS:
        getattr(logger, name.lower())(name)
    told = capsys.readouterr().out.splitlines()
    assert len(told) == len(LEVELS) - LEVELS.index(level)
    assert f'"message":"{level}"' in told[0]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_logs_so_and_has_something_to_say_at_debug(name: str) -> None:
    text = (ROOT / "functions" / name / "handler.py").read_text(encoding="utf-8")
    assert "logger = function_logger()" in text
    assert "logger.debug(" in text


@pytest.mark.parametrize("name", ["botocore", "boto3", "s3transfer", "urllib3"])
def test_what_has_bodies_and_signed_addresses_is_never_logged(name: str) -> None:
    assert clients.CONNECTIONS
    assert logging.getLogger(f"{name}.inside").getEffectiveLevel() >= logging.WARNING
