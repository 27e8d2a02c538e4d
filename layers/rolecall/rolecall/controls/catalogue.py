"""Finds every control of the package, by looking into its folders.

To add a control, add its file: nothing else names it. ``docs/controls.md`` is generated from here,
and a test fails when it is stale.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from rolecall.controls.control import Control

__all__ = ["GROUPS", "catalogue"]

GROUPS = ("accounts", "access", "logins", "policy", "incidents")
"""The folders of the catalogue, in reading order."""


@cache
def catalogue() -> Mapping[str, Control[Any]]:
    """Return every control by id, in the order of the groups and then of the ids."""
    controls: dict[str, Control[Any]] = {}
    for group in GROUPS:
        package = importlib.import_module(f"rolecall.controls.{group}")
        for module in sorted(info.name for info in pkgutil.iter_modules(package.__path__)):
            found = getattr(importlib.import_module(f"{package.__name__}.{module}"), module)
            controls[found.id] = found
    return MappingProxyType(controls)
