"""A dashboard that adds up what cannot be."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from rolecall.usecases.doctor.answers import Answer, only
from rolecall.usecases.doctor.check import Complaint, doctor_check
from rolecall.usecases.doctor.stack_state import StackState

__all__ = ["dashboard_sums"]


_NOT_ADDED = {"Coverage", "RunDuration"}


def _asked(state: StackState) -> Mapping[str, Answer[str]]:
    return only(state.dashboard)


@doctor_check(
    title="The dashboard shows percents and durations as they are",
    why="Added up over a day, two runs show a coverage of 200 percent.",
    remedy="Deploy this release.",
    asks=("cloudwatch:GetDashboard",),
    subjects=_asked,
)
def dashboard_sums(_: str, found: str, __: StackState) -> Iterator[Complaint]:
    """Look how the dashboard adds percents up."""
    for widget in json.loads(found).get("widgets", ()):
        properties = widget.get("properties", {})
        for metric in properties.get("metrics", ()):
            own = metric[-1].get("stat") if isinstance(metric[-1], dict) else None
            wrong = _NOT_ADDED & {part for part in metric if isinstance(part, str)}
            if wrong and (own or properties.get("stat")) == "Sum":
                yield Complaint("note", f"The dashboard adds {min(wrong)} up over a day.")
