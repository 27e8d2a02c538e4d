"""How a finding stands: between runs, and as one run tells it."""

from __future__ import annotations

from typing import Literal, TypeAlias

__all__ = [
    "FindingStanding",
    "Status",
    "Transition",
    "came_back",
    "standing_of",
    "stands",
    "status_in_run",
]

Status: TypeAlias = Literal["new", "open", "regressed", "resolved", "waived"]
FindingStanding: TypeAlias = Literal["open", "waived", "resolved"]
Transition: TypeAlias = Literal["opened", "regressed", "resolved"]
"""What happened to a finding last."""


def stands(status: str) -> bool:
    """Tell whether somebody has to do something about a finding of a status."""
    return status not in ("resolved", "waived")


def standing_of(status: Literal["open", "resolved"], waiver: str | None) -> FindingStanding:
    """Return how a finding stands between runs: open, accepted, or over."""
    if status == "resolved":
        return "resolved"
    return "open" if waiver is None else "waived"


def came_back(opening: str | None) -> Transition:
    """Return what happens to a resolved finding that fails again: what a rule brings is new."""
    return "regressed" if opening is None else "opened"


def status_in_run(standing: FindingStanding, transition: str, *, is_of_run: bool) -> Status:
    """Return the status of a finding in a run.

    :param transition: what happened to it last.
    :param is_of_run: whether that was in this run.
    """
    if standing == "open" and is_of_run:
        return "regressed" if transition == "regressed" else "new"
    return standing
