"""Reports as officers download and sign them.

A download is on record before it is had, and a signature names the exact bytes that were read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Protocol

from msgspec import Struct

from rolecall.errors import ConflictError, DeniedError, NotFoundError, UsageError
from rolecall.finding import identity
from rolecall.ledger.event import Event, EventAction
from rolecall.model import Subject
from rolecall.reports.folders import entity_of, folder_of
from rolecall.usecases.cursors import Listing, foreign_cursor
from rolecall.usecases.governance.capacities import CAPACITIES
from rolecall.usecases.governance.run_control import RunView
from rolecall.usecases.identity.involvement import EntityReport, involvement
from rolecall.usecases.identity.permissions import Caller, Permission, need
from rolecall.usecases.identity.registry_view import RegistryView
from rolecall.usecases.retry import retried

__all__ = [
    "SECONDS",
    "Download",
    "ReportPage",
    "ReportStore",
    "ReportView",
    "SignOff",
    "Signature",
    "SignedReport",
]

SECONDS = 60
"""For how long the address of a download is good."""
_OF_ALL = 3
"""Parts of the name of a report of all: a day, a run and a file."""
_NAME = re.compile(r"[0-9a-zA-Z.~-]{1,100}")


class ReportView(Struct, frozen=True):
    """A report of a run; ``id`` names it."""

    id: str
    day: str
    run: str
    name: str


class ReportPage(Struct, frozen=True):
    """Some reports, and the cursor of the next."""

    items: list[ReportView]
    next: str | None = None


class Download(Struct, frozen=True):
    """Where a report can be had for some seconds."""

    url: str
    seconds: int


class Signature(Struct, frozen=True, kw_only=True):
    """That an officer signed off a report.

    :ivar capacity: as what they signed; what the first release kept is in the words of officers.
    :ivar digest: SHA-256 (hex) of the report that they read.
    """

    report: str
    person: str
    capacity: str
    digest: str
    at: datetime


class SignedReport(Struct, frozen=True):
    """A report, its digest, and who signed it."""

    id: str
    day: str
    run: str
    name: str
    digest: str
    signatures: list[Signature]


class ReportStore(Protocol):
    """What is kept of reports."""

    @property
    def view(self) -> RegistryView:
        """The registry, as far as it tells whom a report is about."""
        ...

    def runs(self) -> Iterator[RunView]:
        """Yield the runs, the latest first."""
        ...

    def reports(self, folder: str) -> Sequence[str]:
        """Return the names of the reports in a folder, with it: a day, a run, and of an entity
        what :func:`~rolecall.reports.folders.folder_of` says, with slashes."""
        ...

    def address(self, report: str, seconds: int) -> str:
        """Return an address from which a report can be had for some seconds."""
        ...

    def record(self, event: Event) -> None:
        """Append an event to the log."""
        ...

    def digest(self, report: str) -> str:
        """Return the SHA-256 (hex) of a report."""
        ...

    def signatures(self, report: str) -> Sequence[Signature]:
        """Return who signed a report, the first first."""
        ...

    @retried
    def sign(self, signature: Signature, event: Event) -> None:
        """Record a signature with its event.

        :raises LogConflictError: they signed it before.
        """
        ...


class SignOff:
    """What one caller may read and sign."""

    def __init__(self, store: ReportStore, caller: Caller) -> None:
        self._store = store
        self._caller = caller

    def reports(
        self, run: str | None, cursor: str | None, most: int, entity: str | None = None
    ) -> ReportPage:
        """Return the reports of the latest runs first; all that a run has are on one page.

        :param run: the id of one; ``None`` for all.
        :param most: a page ends with the run that brings it to so many.
        :param entity: the reports of this one alone; ``None`` for those of whole runs.
        :raises UsageError: the cursor is of another list, or its run is not there any more.
        """
        need(self._caller, "read reports", "there are no reports for you: officers read them")
        listing = Listing("reports", run, entity)
        completed = (one.run for one in self._store.runs() if one.summary is not None)
        # This takes runs from the front until the one is there; the loop goes on behind it.
        start = listing.read_cursor(cursor)
        if start is not None and all(one.id != start.entity for one in completed):
            raise foreign_cursor()
        found, below = list[ReportView](), "" if entity is None else f"/{folder_of(entity)}"
        for one in completed:
            if run is None or one.id == run:
                folder = f"{one.as_of.date()}/{one.id}{below}"
                found += map(_view, self._store.reports(folder))
            if len(found) >= most:
                return ReportPage(found, listing.cursor_text(one.id))
        return ReportPage(found)

    def download(self, id_: str, at: datetime) -> Download:
        """Return where a report can be had.

        :raises NotFoundError: there is no such report, or not for this caller.
        """
        name = self._report("read reports", id_)
        self._store.record(self._event("report.downloaded", name, at))
        return Download(self._store.address(name, SECONDS), SECONDS)

    def report(self, id_: str) -> SignedReport:
        """Return a report, its digest, and who signed it.

        :raises NotFoundError: there is no such report, or not for this caller.
        """
        name = self._report("read reports", id_)
        view, signed = _view(name), list(self._store.signatures(name))
        digest = self._store.digest(name)
        return SignedReport(view.id, view.day, view.run, view.name, digest, signed)

    @retried
    def sign(self, id_: str, at: datetime, digest: str, capacity: str) -> Signature:
        """Sign a report off; the same officer signs it once.

        :param digest: SHA-256 (hex) of what the officer read.
        :raises NotFoundError: there is no such report, or not for this caller.
        :raises ConflictError: what they read is not the report that is kept.
        :raises DeniedError: the report is about them, or nobody can tell whom it is about.
        :raises UsageError: it is no capacity in which somebody signs.
        """
        if capacity not in CAPACITIES:
            raise UsageError(f"capacity: one of {', '.join(CAPACITIES)}")
        name = self._report("sign", id_)
        self._check_not_about(name, at)
        known = {one.person: one for one in self._store.signatures(name)}
        if self._store.digest(name) != digest.casefold():
            raise ConflictError(
                "digest-differs", "that is not the digest of this report; download it again"
            )
        if self._caller.person in known:
            return known[self._caller.person]
        person, read = self._caller.person, digest.casefold()
        signature = Signature(report=name, person=person, capacity=capacity, digest=read, at=at)
        event = self._event("report.signed", name, at, digest=read, capacity=capacity)
        self._store.sign(signature, event)
        return signature

    def _check_not_about(self, name: str, at: datetime) -> None:
        """Hold a report to be about others than the caller."""
        parts = name.split("/")
        entity = entity_of(parts[3]) if len(parts) > _OF_ALL else None
        caller = self._store.view.person(self._caller.person)
        if caller is None or (entity is not None and not self._store.view.lineage(entity)):
            raise DeniedError("nobody can tell by now whom the report is about")
        if involvement(EntityReport(entity), self._store.view, at.date()).concerns(caller):
            raise DeniedError("the report is about you; another officer must sign it")

    def _report(self, action: Permission, id_: str) -> str:
        absent = f"there is no report {id_}"
        need(self._caller, action, absent)
        parts = id_.split("_")
        name = "/".join(parts)
        # One of the list: a day, a run and a file, and before the file the folder of an entity.
        is_name = len(parts) in (3, 5) and all(map(_NAME.fullmatch, parts))
        if not is_name or name not in self._store.reports("/".join(parts[:-1])):
            raise NotFoundError(absent)
        return name

    def _event(self, action: EventAction, name: str, at: datetime, **facts: str) -> Event:
        return Event(
            id=f"report/{identity(action, name, self._caller.person, at.isoformat())}",
            at=at,
            actor=self._caller.person,
            action=action,
            entity=None,
            subject=Subject("policy"),
            payload={"report": name, "via": self._caller.via, **facts},
        )


def _view(name: str) -> ReportView:
    day, run, file = name.split("/", 2)
    return ReportView(name.replace("/", "_"), day, run, file)
