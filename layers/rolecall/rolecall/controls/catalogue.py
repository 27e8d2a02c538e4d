"""Finds every control of the package, by looking into its folders.

To add a control, add its file: nothing else names it. ``docs/controls.md`` is generated from here,
and a test fails when it is stale.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from rolecall.controls.control import Control
from rolecall.definitions import definitions

__all__ = ["GROUPS", "catalogue"]

GROUPS = ("accounts", "access", "logins", "policy", "incidents")
"""The folders of the catalogue, in reading order."""


@cache
def catalogue() -> Mapping[str, Control[Any]]:
    """Return every control by id, in the order of the groups and then of the ids."""
    return MappingProxyType({one.id: one for one in definitions("rolecall.controls", GROUPS)})
