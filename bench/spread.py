"""A promise, and what was measured of it: paired rounds, their spread, and the verdict.

The two sides take turns, and each round is a ratio of its own, so that what disturbs the machine
disturbs both. A promise counts as broken only when the whole spread lies beyond it: a noisy machine
breaks none, and what became slower for good breaks it in every round.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from typing import NamedTuple

__all__ = ["Spread", "paired"]


class Spread(NamedTuple):
    """The least, the median and the greatest of the ratios of several rounds."""

    least: float
    median: float
    most: float

    def __str__(self) -> str:
        return f"{self.median:.2f}x ({self.least:.2f}-{self.most:.2f})"

    def at_most(self, promised: float) -> bool:
        """Tell whether a promise that a ratio stays below a limit may still hold."""
        return self.least <= promised

    def at_least(self, promised: float) -> bool:
        """Tell whether a promise that a ratio stays above a limit may still hold."""
        return self.most >= promised


def paired(ours: Sequence[float], floors: Sequence[float]) -> Spread:
    """Return the spread of the ratios of rounds in which the sides took turns."""
    ratios = [one / floor for one, floor in zip(ours, floors, strict=True)]
    return Spread(min(ratios), statistics.median(ratios), max(ratios))
