"""Finds every check of the doctor, by looking into its folders.

To add a check, add its file: nothing else names it. ``docs/doctor.md`` is generated from here.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from rolecall.definitions import definitions
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
    found = definitions("rolecall.usecases.doctor", groups)
    return MappingProxyType({one.id: one for one in found})
