"""How much is tried. Tiers differ in numbers and in nothing else: the same tests, the same asserts.

``test`` is what everybody runs before a commit (``make test``). ``wide`` is what continuous
integration runs of the suites that gain by it (``make test-wide``), and of all of them whoever
looks at what is covered (``make cover``). ``deep`` is what somebody runs by hand before a large
change is done (``make deep``). ``ROLECALL_TIER`` names one. The table in CONTRIBUTING.md has these
numbers, and a test holds it to them.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TypeVar

__all__ = ["CASES", "TIER", "TIERS", "cases", "examples", "some"]

_Value = TypeVar("_Value")

TIERS = ("test", "wide", "deep")
TIER = os.environ.get("ROLECALL_TIER", "test")
if TIER not in TIERS:
    raise ValueError(f"ROLECALL_TIER is {TIER!r}; it is one of {', '.join(TIERS)}")

CASES = {
    # Of so many bytes of records, notes and bundles one is changed.
    "bytes": (8, 1, 1),
    "schedules": (2_000, 20_000, 400_000),
    # Requests of everybody in a small organisation, by the sequence.
    "sequences": (100, 2_000, 20_000),
    # Registries in which much is wrong, each at four instants.
    "crowded registries": (20, 100, 2_000),
    # Audits of the second oracle: registries in which much is wrong, and of which less is kept.
    "second readings": (120, 1_100, 11_000),
    # Calls that read from one line of the package: how many are disturbed, 0 is each.
    "reads of a line": (1, 0, 0),
    # Ways in which a read fails, of five; and a write, each with a stack of its own.
    "faults of a read": (1, 5, 5),
    "faults of a write": (2, 5, 5),
    # A process ends before a write or after it: by turns, or both.
    "ends at a write": (1, 2, 2),
    # Of the entities of which everybody asks something on every route of the API.
    "targets of a route": (2, 5, 5),
    # Small inputs that name much, one to each reader and more.
    "bombs": (8, 60, 60),
    # Of the values for which one slow test is repeated, as percent.
    "repeats": (50, 100, 100),
    # Of hypothesis: as percent of the number that stands at the test.
    "examples": (25, 100, 2_000),
}
"""What is counted, in each tier."""


def cases(what: str) -> int:
    """Return how many of something this tier tries."""
    return CASES[what][TIERS.index(TIER)]


def examples(whole: int) -> int:
    """Return how many examples hypothesis tries in this tier, by their number in the wide one."""
    return max(1, whole * cases("examples") // 100)


def some(values: Iterable[_Value]) -> list[_Value]:
    """Return for which values this tier repeats a slow test, the first of them in any case."""
    return list(values)[:: 100 // cases("repeats")]
