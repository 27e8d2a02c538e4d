"""Settings for every test: how many examples hypothesis tries, and what is left out.

Outside of ``make deep`` hypothesis tries the same examples each time.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests.iri_grammar import build_when_asked
from tests.needs import left_out, look_for
from tests.permissions.inventory import gather
from tests.permissions.recording import trouble
from tests.quick_typesetter import set_quickly
from tests.tiers import TIER

# What was compiled is kept, whatever the machine says: every process of a test, and there are
# hundreds, would compile the package again, and every worker the tests.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
build_when_asked()
set_quickly()
gather()

settings.register_profile(
    "rolecall",
    deadline=None,
    derandomize=TIER != "deep",
    database=None,
    print_blob=TIER == "deep",
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.function_scoped_fixture,
    ],
)
settings.load_profile("rolecall")


def pytest_collection_finish() -> None:
    """Spare the garbage collector what was loaded: it stays to the end.

    A stack that another test begins with stays too, and is looked through each time: less often.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Look for what a test needs."""
    look_for(item)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Iterator[None]:
    """Fail a test by which a role called what nobody knows of it, or what no region would hear."""
    yield
    found = trouble()
    assert not found, "\n".join(found)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say what was left out, and what to install."""
    skipped = terminalreporter.stats.get("skipped", [])
    ignored = terminalreporter.config.getoption("ignore") or ()
    for line in left_out((str(one.longrepr) for one in skipped), map(Path, ignored)):
        terminalreporter.write_line(line, yellow=True)


@pytest.fixture(autouse=True, scope="session")
def _no_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give the tests a configuration directory of their own: a sealed run makes a key there."""
    directory = tmp_path_factory.mktemp("configuration")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(directory))
        patch.delenv("ROLECALL_SIGNING_KEY", raising=False)
        yield directory
