"""What stood after one run after the other: the points of a trend."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

from rolecall.run import Run, Summary

__all__ = ["TrendPoint", "trend_point"]


class TrendPoint(Struct, frozen=True):
    """What stood at the end of one run, by severity, and by which catalogue it was judged."""

    number: int
    as_of: datetime
    standing: Mapping[str, int]
    catalogue: int = 1


def trend_point(run: Run, summary: Summary) -> TrendPoint:
    """Return what stood at the end of a run."""
    return TrendPoint(run.number, run.as_of, summary.standing, run.catalogue)
