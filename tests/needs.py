"""What some tests need beside Python: is it there, and how is it had.

A test says ``@pytest.mark.needs("go")``. Where Go is not, the test is left out, and the end of the
run says how many were and what to install. Continuous integration installs everything and sets
``ROLECALL_REQUIRE_GO``: there a test that is left out fails.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

import pytest

__all__ = ["NEEDS", "SUITES", "Need", "left_out", "look_for"]

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


SUITES = {
    "stack": "the stack of this machine (make up test-stack)",
    "pages": "Chromium and veraPDF (apt-get install chromium default-jdk-headless libjaxb-java; "
    "make test-pages)",
    "install": "uv, pipx and the package index (make test-install)",
    "docsite": "Chromium and what builds the site (make test-site)",
    "pipelines": "programs of an environment of their own (make test-pipelines)",
    "states": "Node and a program of its own (make test-states)",
    "setup": "the package index and some minutes (make test-setup)",
}
"""Folders that ``make test`` leaves out as a whole."""


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


def left_out(reasons: Iterable[str], folders: Iterable[Path] = ()) -> list[str]:
    """Return what to say of tests that were left out, a line for each need.

    :param reasons: why tests were skipped, whatever the reason, one a test.
    :param folders: that were not looked into.
    """
    given = list(reasons)
    counts = {
        need.reason.removeprefix("need "): sum(need.reason in one for one in given)
        for need in NEEDS.values()
    }
    counts |= {
        SUITES[folder.name]: sum(
            len(re.findall(r"^def test_", module.read_text(encoding="utf-8"), re.MULTILINE))
            for module in folder.glob("test_*.py")
        )
        for folder in folders
        if folder.name in SUITES
    }
    return [
        f"left out: {count} {'test that needs' if count == 1 else 'tests that need'} {what}"
        for what, count in counts.items()
        if count
    ]
