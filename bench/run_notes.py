"""A plugin of pytest that notes each test that ended in the file of ``ROLECALL_RUN_NOTES``.

Who broke the package reads there, while the tests run, which of them failed, and that they go on.
It imports nothing of Rolecall: the tests of another tree are noted as well.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

__all__ = ["pytest_collectreport", "pytest_configure", "pytest_runtest_logreport"]

_state: dict[str, bool] = {}


def pytest_configure(config: Any) -> None:
    """Let the process that was called write, and none of its workers: it hears of all tests."""
    _state["writes"] = not hasattr(config, "workerinput")


def pytest_collectreport(report: pytest.CollectReport) -> None:
    """Note a file that cannot be read."""
    if report.failed:
        _note("failed", report.nodeid)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Note a test that ended, or did not come that far."""
    if report.failed:
        _note("failed", report.nodeid)
    elif report.when == "teardown":
        _note("passed", report.nodeid)


def _note(how: str, test: str) -> None:
    if _state["writes"]:
        with Path(os.environ["ROLECALL_RUN_NOTES"]).open("a", encoding="utf-8") as file:
            file.write(f"{how} {test!r}\n")
