"""What the tests of the API share: a stack with the registry of four entities, and its function."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

import pytest

from tests.api import bring, registry
from tests.cloud import Cloud, cloud


@pytest.fixture
def sky() -> Iterator[Cloud]:
    """Give a stack with the registry."""
    with cloud() as made:
        bring(made, registry())
        yield made


@pytest.fixture
def function(sky: Cloud) -> ModuleType:
    """Return the function of the API."""
    return sky.function("api")
