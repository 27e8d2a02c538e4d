"""How much is tried. Tiers differ in numbers and in nothing else: the same tests, the same asserts.

``test`` is what everybody runs before a commit (``make test``), ``ci`` what continuous integration
runs (``make cover``), ``deep`` what somebody runs by hand before a large change is done (``make
deep``): every byte, every schedule, every call, and examples chosen at random. ``ROLECALL_TIER``
names one; a table in CONTRIBUTING.md has the numbers.
"""

from __future__ import annotations

import os
from typing import TypeVar

__all__ = ["TIER", "TIERS", "examples", "tiered"]

TIERS = ("test", "ci", "deep")
TIER = os.environ.get("ROLECALL_TIER", "test")
if TIER not in TIERS:
    raise ValueError(f"ROLECALL_TIER is {TIER!r}; it is one of {', '.join(TIERS)}")

Value = TypeVar("Value")

FEWEST = 10
"""Examples of a test that ``make test`` tries at least."""


def tiered(test: Value, ci: Value, deep: Value) -> Value:
    """Return the value for the tier that runs."""
    return {"test": test, "ci": ci, "deep": deep}[TIER]


def examples(ci: int) -> int:
    """Return how many examples hypothesis tries, by their number in continuous integration."""
    return tiered(max(min(ci, FEWEST), ci // 3), ci, 20 * ci)
