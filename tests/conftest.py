"""Settings for every test: hypothesis repeats the same examples, unless it is asked to look deeper.

``ROLECALL_DEPTH=20 pytest tests/unit`` tries twenty times as many examples, chosen at random.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.registries import DEPTH

settings.register_profile(
    "rolecall",
    deadline=None,
    derandomize=DEPTH == 1,
    database=None,
    print_blob=False,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.function_scoped_fixture,
    ],
)
settings.load_profile("rolecall")


@pytest.fixture(autouse=True, scope="session")
def _no_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give the tests a configuration directory of their own: a sealed run makes a key there."""
    directory = tmp_path_factory.mktemp("configuration")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(directory))
        patch.delenv("ROLECALL_SIGNING_KEY", raising=False)
        yield directory
