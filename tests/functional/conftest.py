"""What the tests of the functions share: a stack that begins as a test says, and its API."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

import pytest

from rolecall.model import Snapshot
from tests.api import with_units
from tests.cloud import Cloud, cloud
from tests.cloud_nights import example


@pytest.fixture
def sky(request: pytest.FixtureRequest) -> Iterator[Cloud]:
    """Give a stack with the registry of four entities, or as ``begins`` says."""
    mark = request.node.get_closest_marker("begins")
    with cloud(mark.args[0] if mark else with_units) as made:
        yield made


@pytest.fixture
def function(sky: Cloud) -> ModuleType:
    """Return the function of the API."""
    return sky.function("api")


@pytest.fixture(scope="module")
def diocese() -> Snapshot:
    """Return the example."""
    return example()
