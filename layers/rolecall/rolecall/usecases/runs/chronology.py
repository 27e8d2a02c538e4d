"""Runs go forward in time: what an earlier day does not show was not fixed by then.

An audit that is dated before the log's last run would say that everything found since was resolved,
in a log that nobody can take it out of again. So it is refused when it is planned. To see what an
earlier day looked like is to evaluate without writing; and where a clock ran ahead, a run that says
so goes on from today. It takes up what it finds, and resolves nothing by itself.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal, NamedTuple, TypeAlias

from rolecall.errors import UsageError
from rolecall.finding import identity
from rolecall.ledger.event import Event
from rolecall.looks import Look
from rolecall.run import Run

__all__ = ["Chronology", "PastRuns", "clock_corrected", "is_backwards"]

Chronology: TypeAlias = Literal["forward", "what-if", "after-wrong-clock"]
"""How a run stands to those before it."""


class PastRuns(NamedTuple):
    """What a run has to know of the completed ones before it.

    :ivar last: the instant of the last of them, whatever that instant is.
    :ivar looks: what they looked at, as far as it counts, the oldest first.
    """

    last: datetime | None
    looks: tuple[Look, ...]


def is_backwards(as_of: datetime, last: datetime | None, chronology: Chronology) -> bool:
    """Tell whether a run is dated before the last one, and may be.

    :param last: the instant of the last run that was completed, whenever that was.
    :raises UsageError: it may not; or the clock that is said to have been wrong was not.
    """
    earlier = last is not None and as_of < last
    if earlier and chronology == "forward":
        raise UsageError(
            f"the audit is dated {_told(as_of)}, and the log's last one {_told(last)}: whatever "
            "was found since would count as fixed. --what-if evaluates that day and writes "
            "nothing; if a clock ran ahead, --after-wrong-clock goes on from today"
        )
    if not earlier and chronology == "after-wrong-clock":
        raise UsageError(
            "--after-wrong-clock is for a log whose last audit is dated later than this one; it is "
            f"dated {_told(last)}"
        )
    return earlier


def clock_corrected(run: Run, last: datetime) -> Event:
    """Return the event that says that a run is dated before the one that it follows."""
    return Event(
        id=identity("run.clock_corrected", run.id),
        at=run.as_of,
        actor="audit",
        action="run.clock_corrected",
        entity=None,
        subject=None,
        payload={"run": run.id, "last": last.isoformat()},
    )


def _told(instant: datetime | None) -> str:
    return "never" if instant is None else f"{instant:%Y-%m-%d %H:%M} UTC"
