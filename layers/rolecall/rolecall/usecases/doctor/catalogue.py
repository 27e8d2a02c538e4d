"""Finds every check of the doctor, by looking into its folders.

To add a check, add its file: nothing else names it. ``docs/doctor.md`` is generated from here.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from rolecall.usecases.doctor.check import DoctorCheck

__all__ = ["BEFORE", "STACK_GROUPS", "doctor_checks"]

STACK_GROUPS = (
    *("deployment", "records", "keys", "night", "functions", "alarms", "sign_in", "caller"),
)
"""The folders of the checks of a deployed stack, in reading order."""
BEFORE = ("before", "caller")
"""The folders of the checks of what is not deployed yet."""


@cache
def doctor_checks(groups: tuple[str, ...]) -> Mapping[str, DoctorCheck[Any, Any]]:
    """Return the checks of folders by id, in the order of the folders and then of the ids."""
    checks: dict[str, DoctorCheck[Any, Any]] = {}
    for group in groups:
        package = importlib.import_module(f"rolecall.usecases.doctor.{group}")
        for module in sorted(info.name for info in pkgutil.iter_modules(package.__path__)):
            found = getattr(importlib.import_module(f"{package.__name__}.{module}"), module)
            checks[found.id] = found
    return MappingProxyType(checks)
