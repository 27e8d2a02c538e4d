"""What some tests need beside Python: is it there, and how is it had.

A test says ``@pytest.mark.needs("go")``. Where Go is not, the test is left out, and the end of the
run says how many were and what to install. Continuous integration installs everything and sets
``ROLECALL_REQUIRE_GO``: there a test that is left out fails.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

import pytest

__all__ = ["NEEDS", "Need", "left_out", "look_for"]

SUMDB = Path("/usr/share/gocode/src/golang.org/x/mod/sumdb")


class Need(NamedTuple):
    """Something that is not Rolecall's to install."""

    name: str
    is_there: Callable[[], bool]
    how: str

    @property
    def reason(self) -> str:
        """Say what is missing."""
        return f"need {self.name} ({self.how})"


NEEDS = {
    "go": Need(
        "Go",
        lambda: shutil.which("go") is not None and SUMDB.is_dir(),
        "apt-get install golang-go golang-golang-x-mod-dev",
    ),
    "node": Need("Node", lambda: shutil.which("node") is not None, "apt-get install nodejs"),
}


def look_for(item: pytest.Item) -> None:
    """Leave a test out that needs what is not there, or fail where nothing may be left out."""
    for mark in item.iter_markers("needs"):
        for name in mark.args:
            need = NEEDS[name]
            if need.is_there():
                continue
            if os.environ.get(f"ROLECALL_REQUIRE_{name.upper()}"):
                pytest.fail(need.reason, pytrace=False)
            pytest.skip(need.reason)


def left_out(reasons: Iterable[str]) -> list[str]:
    """Return what to say of tests that were left out, a line for each need.

    :param reasons: why tests were skipped, whatever the reason, one a test.
    """
    given = list(reasons)
    counts = {need.reason: sum(need.reason in one for one in given) for need in NEEDS.values()}
    return [
        f"left out: {count} {'test that needs' if count == 1 else 'tests that need'}"
        f"{reason.removeprefix('need')}"
        for reason, count in counts.items()
        if count
    ]
