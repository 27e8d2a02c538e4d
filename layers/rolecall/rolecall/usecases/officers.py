"""What officers read: runs, reports and checkpoints. A download is on record before it is had."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Protocol

from msgspec import Struct

from rolecall.errors import NotFoundError
from rolecall.finding import identity
from rolecall.ledger.record import Action, Event
from rolecall.model import Subject
from rolecall.reports.report import Run, Summary
from rolecall.usecases import authority
from rolecall.usecases.authority import Caller, may

__all__ = ["Archive", "Download", "Officers", "ReportView", "RunView"]

SECONDS = 60
"""For how long the address of a download is good."""
_MOST = 100
_NAME = re.compile(r"[0-9a-zA-Z.-]{1,60}")


class RunView(Struct, frozen=True):
    """A run: what it covered, and what it counted once it was completed."""

    run: Run
    state: str
    summary: Summary | None


class ReportView(Struct, frozen=True):
    """A report of a run; ``id`` names it."""

    id: str
    day: str
    run: str
    name: str


class Download(Struct, frozen=True):
    """Where a report can be had for some seconds."""

    url: str
    seconds: int


class Archive(Protocol):
    """What is kept of runs."""

    def runs(self) -> Iterator[RunView]:
        """Yield the runs, the latest first."""
        ...

    def reports(self) -> Sequence[str]:
        """Return the names of reports: a day, a run and a file, with slashes."""
        ...

    def address(self, report: str, seconds: int) -> str:
        """Return an address from which a report can be had for some seconds."""
        ...

    def checkpoint(self) -> bytes | None:
        """Return the published checkpoint of the largest size."""
        ...

    def record(self, event: Event) -> None:
        """Append an event to the log."""
        ...


class Officers:
    """What one caller may see of all that."""

    def __init__(self, archive: Archive, caller: Caller) -> None:
        self._archive = archive
        self._caller = caller

    def runs(self) -> list[RunView]:
        """Return the latest runs."""
        self._need("read runs", "there are no runs")
        found: list[RunView] = []
        for run in self._archive.runs():
            if len(found) == _MOST:
                break
            found.append(run)
        return found

    def reports(self) -> list[ReportView]:
        """Return the reports, the latest day first."""
        self._need("read reports", "there are no reports")
        found = [_view(name) for name in self._archive.reports()]
        return sorted(found, key=lambda one: (one.day, one.run, one.name), reverse=True)[:_MOST]

    def download(self, id_: str, at: datetime) -> Download:
        """Return where a report can be had.

        :raises NotFoundError: there is no such report, or not for this caller.
        """
        absent = f"there is no report {id_}"
        self._need("read reports", absent)
        parts = id_.split("_")
        name = "/".join(parts)
        # What is asked for is one of the list, not whatever a name may point at.
        if not all(map(_NAME.fullmatch, parts)) or name not in self._archive.reports():
            raise NotFoundError(absent)
        self._archive.record(self._event("report.downloaded", name, at))
        return Download(self._archive.address(name, SECONDS), SECONDS)

    def checkpoint(self) -> bytes:
        """Return the latest checkpoint, for whoever keeps one.

        :raises NotFoundError: nothing was sealed, or the caller reads no logs.
        """
        self._need("read log", "there is no checkpoint")
        found = self._archive.checkpoint()
        if found is None:
            raise NotFoundError("there is no checkpoint")
        return found

    def _need(self, action: authority.Action, absent: str) -> None:
        if not may(action, self._caller.groups):
            raise NotFoundError(absent)

    def _event(self, action: Action, name: str, at: datetime) -> Event:
        return Event(
            id=f"report/{identity(name, self._caller.person, at.isoformat())}",
            at=at,
            actor=self._caller.person,
            action=action,
            entity=None,
            subject=Subject("policy"),
            payload={"report": name, "via": self._caller.via},
        )


def _view(name: str) -> ReportView:
    day, run, file = name.split("/", 2)
    return ReportView(name.replace("/", "_"), day, run, file)
