"""A handler is traced when its invocation is sampled, and never waits for the tracer otherwise."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from rolecall.aws import tracing
from rolecall.aws.tracing import traced


@traced
def handler(event: dict[str, Any], _: Any) -> dict[str, Any]:
    """Answer with the event."""
    return {"got": event}


class Recorder:
    """Stands in for the tracer, and notes how it was used."""

    def __init__(self) -> None:
        self.captured: list[bool] = []

    def capture_lambda_handler(self, function: Any, *, capture_response: bool) -> Any:
        """Note it."""
        self.captured.append(capture_response)
        return function


@pytest.mark.parametrize(
    ("header", "is_traced"),
    [(None, False), ("Root=1-2-3;Sampled=0", False), ("Root=1-2-3;Parent=4;Sampled=1", True)],
)
def test_what_is_sampled_is_traced(
    header: str | None, is_traced: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder = Recorder()
    monkeypatch.setattr(tracing, "_tracer", lambda: recorder)
    monkeypatch.delenv("_X_AMZN_TRACE_ID", raising=False)
    if header is not None:
        monkeypatch.setenv("_X_AMZN_TRACE_ID", header)
    assert handler({"a": 1}, None) == {"got": {"a": 1}}
    # Answers stay out of the traces.
    assert recorder.captured == ([False] if is_traced else [])


def test_the_sdk_is_loaded_when_it_is_needed() -> None:
    code = (
        "import sys; from rolecall.aws.tracing import traced, _tracer;"
        "import rolecall.aws.stack, rolecall.usecases.runs.nightly;"
        "assert 'aws_xray_sdk' not in sys.modules;"
        "_tracer(); assert 'aws_lambda_powertools' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_audit_function_loads_no_terminal_and_no_workbook() -> None:
    code = (
        "import sys, rolecall.aws.stack, rolecall.usecases.runs.nightly;"
        "heavy = {'rich', 'typer', 'python_calamine', 'xlsxwriter', 'tomlkit'};"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_offline_command_line_loads_nothing_of_aws() -> None:
    code = (
        "import sys, rolecall.cli.app;"
        "assert not {'boto3', 'botocore', 'aws_lambda_powertools'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
