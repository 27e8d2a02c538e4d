"""What officers do: start and read runs, download and sign reports, take proofs of the log.

A download is on record before it is had, and a signature names the exact bytes that were read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Protocol

from msgspec import Struct

from rolecall.errors import ConflictError, NotFoundError, UsageError
from rolecall.finding import identity
from rolecall.ledger.actions import Action
from rolecall.ledger.record import Event
from rolecall.model import Entity, Subject
from rolecall.reports.folders import folder_of
from rolecall.run import Run, Summary
from rolecall.usecases.identity import permissions
from rolecall.usecases.identity.permissions import Caller, may, roles_of
from rolecall.usecases.retry import retried

__all__ = [
    "Archive",
    "Asked",
    "Download",
    "Officers",
    "ReportPage",
    "ReportView",
    "RunView",
    "Signature",
    "SignedReport",
]

SECONDS = 60
"""For how long the address of a download is good."""
_MOST = 100
_NAME = re.compile(r"[0-9a-zA-Z.~-]{1,100}")


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

    :ivar capacity: as what they signed, in their words.
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


class Asked(Struct, frozen=True):
    """An audit that was asked for: ``execution`` names it until it has an id."""

    execution: str
    entity: str | None


class Archive(Protocol):
    """What is kept of runs."""

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

    def checkpoint(self) -> bytes | None:
        """Return the published checkpoint of the largest size."""
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

    def lineage(self, entity: str) -> Sequence[Entity]:
        """Return an entity and those above it; nothing where there is none."""
        ...

    def is_running(self) -> bool:
        """Tell whether an audit runs at this moment."""
        ...

    def start(self, name: str, entity: str | None) -> None:
        """Start an audit of an entity and all below it, or of all.

        :param name: of the execution; the same name is started once.
        """
        ...

    def bundle(self, entity: str | None) -> bytes:
        """Return a proof bundle: of an entity, complete by proof, or of all.

        :raises ConflictError: the log is too long for it.
        :raises UsageError: nothing was sealed.
        """
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

    def reports(
        self, run: str | None, after: str | None, most: int, entity: str | None = None
    ) -> ReportPage:
        """Return the reports of the latest runs first; all that a run has are on one page.

        :param run: the id of one; ``None`` for all.
        :param after: the run after which to go on.
        :param most: a page ends with the run that brings it to so many.
        :param entity: the reports of this one alone; ``None`` for those of whole runs.
        :raises UsageError: the list has no run after which to go on.
        """
        self._need("read reports", "there are no reports")
        completed = (one.run for one in self._archive.runs() if one.summary is not None)
        # This takes runs from the front until the one is there; the loop goes on behind it.
        if after is not None and all(one.id != after for one in completed):
            raise UsageError("cursor: not one that this list gave")
        found: list[ReportView] = []
        below = "" if entity is None else f"/{folder_of(entity)}"
        for one in completed:
            if run is None or one.id == run:
                folder = f"{one.as_of.date()}/{one.id}{below}"
                found += map(_view, self._archive.reports(folder))
            if len(found) >= most:
                return ReportPage(found, one.id)
        return ReportPage(found)

    def download(self, id_: str, at: datetime) -> Download:
        """Return where a report can be had.

        :raises NotFoundError: there is no such report, or not for this caller.
        """
        name = self._report("read reports", id_)
        self._archive.record(self._event("report.downloaded", name, at))
        return Download(self._archive.address(name, SECONDS), SECONDS)

    def report(self, id_: str) -> SignedReport:
        """Return a report, its digest, and who signed it.

        :raises NotFoundError: there is no such report, or not for this caller.
        """
        name = self._report("read reports", id_)
        view = _view(name)
        signed = list(self._archive.signatures(name))
        return SignedReport(
            view.id, view.day, view.run, view.name, self._archive.digest(name), signed
        )

    @retried
    def sign(self, id_: str, at: datetime, digest: str, capacity: str) -> Signature:
        """Sign a report off; the same officer signs it once.

        :param digest: SHA-256 (hex) of what the officer read.
        :raises NotFoundError: there is no such report, or not for this caller.
        :raises ConflictError: what they read is not the report that is kept.
        """
        name = self._report("sign", id_)
        known = {one.person: one for one in self._archive.signatures(name)}
        if self._archive.digest(name) != digest.casefold():
            raise ConflictError(
                "digest-differs", "that is not the digest of this report; download it again"
            )
        if self._caller.person in known:
            return known[self._caller.person]
        signature = Signature(
            report=name,
            person=self._caller.person,
            capacity=capacity,
            digest=digest.casefold(),
            at=at,
        )
        facts = {"digest": signature.digest, "capacity": capacity}
        self._archive.sign(signature, self._event("report.signed", name, at, **facts))
        return signature

    def audit(self, entity: str | None, at: datetime) -> Asked:
        """Start an audit now: of an entity and all below it, or of all.

        :raises NotFoundError: there is no such entity, or not for this caller.
        :raises ConflictError: one runs already.
        """
        self._reach("audit", entity, "there is no audit of all that you could start")
        name = f"asked-{identity(entity or '', self._caller.person, at.isoformat())}"
        if self._archive.is_running():
            raise ConflictError("run-in-progress", "an audit runs; ask again when it has ended")
        self._archive.record(
            Event(
                id=f"run/{name}",
                at=at,
                actor=self._caller.person,
                action="run.requested",
                entity=entity,
                subject=Subject("policy") if entity is None else Subject("entity", entity=entity),
                payload={"execution": name, "via": self._caller.via},
            )
        )
        self._archive.start(name, entity)
        return Asked(name, entity)

    def proof(self, entity: str | None) -> bytes:
        """Return a proof bundle of the log: of an entity, or of all.

        :raises NotFoundError: there is no such entity, or it is not for this caller.
        :raises ConflictError: the log is too long for it.
        """
        self._reach("read log", entity, "there is no log")
        return self._archive.bundle(entity)

    def checkpoint(self) -> bytes:
        """Return the latest checkpoint, for whoever keeps one.

        :raises NotFoundError: nothing was sealed, or the caller reads no logs.
        """
        self._need("read log", "there is no checkpoint")
        found = self._archive.checkpoint()
        if found is None:
            raise NotFoundError("there is no checkpoint")
        return found

    def _need(self, action: permissions.Permission, absent: str) -> None:
        if not may(action, self._caller.groups):
            raise NotFoundError(absent)

    def _reach(self, action: permissions.Permission, entity: str | None, absent: str) -> None:
        """Refuse what the caller may not do to an entity, or to all there is."""
        if entity is None:
            self._need(action, absent)
            return
        lineage = self._archive.lineage(entity)
        if not lineage or not may(action, roles_of(self._caller, lineage=lineage)):
            raise NotFoundError(f"there is no entity {entity}")

    def _report(self, action: permissions.Permission, id_: str) -> str:
        absent = f"there is no report {id_}"
        self._need(action, absent)
        parts = id_.split("_")
        name = "/".join(parts)
        # What is asked for is one of the list, not whatever a name may point at.
        # A day, a run and a file, and before the file the folder of an entity.
        is_name = len(parts) in (3, 5) and all(map(_NAME.fullmatch, parts))
        if not is_name or name not in self._archive.reports("/".join(parts[:-1])):
            raise NotFoundError(absent)
        return name

    def _event(self, action: Action, name: str, at: datetime, **facts: str) -> Event:
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
