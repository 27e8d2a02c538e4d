"""Runs of the audit as officers see them, and how one is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Protocol

from msgspec import Struct

from rolecall.errors import ConflictError
from rolecall.finding import identity
from rolecall.ledger.event import Event
from rolecall.model import Entity, Subject
from rolecall.run import Run, Summary
from rolecall.usecases.identity.permissions import Caller, need, need_reach

__all__ = ["Asked", "RunControl", "RunStore", "RunView"]

_MOST = 100


class RunView(Struct, frozen=True):
    """A run: what it covered, and what it counted once it was completed."""

    run: Run
    state: str
    summary: Summary | None


class Asked(Struct, frozen=True):
    """An audit that was asked for: ``execution`` names it until it has an id."""

    execution: str
    entity: str | None


class RunStore(Protocol):
    """What is kept of runs, and what starts one."""

    def runs(self) -> Iterator[RunView]:
        """Yield the runs, the latest first."""
        ...

    def record(self, event: Event) -> None:
        """Append an event to the log."""
        ...

    def lineage(self, entity: str) -> Sequence[Entity]:
        """Return an entity and those above it; nothing where there is none."""
        ...

    def is_running(self) -> bool:
        """Tell whether an audit runs at this moment."""
        ...

    def latest(self) -> str:
        """Return the name of the execution that was started last; empty where none was."""
        ...

    def start(self, name: str, entity: str | None) -> None:
        """Start an audit of an entity and all below it, or of all.

        :param name: of the execution; the same name is started once.
        :raises ConflictError: another audit was started under that name.
        """
        ...


class RunControl:
    """What one caller may see of the runs, and start."""

    def __init__(self, store: RunStore, caller: Caller) -> None:
        self._store = store
        self._caller = caller

    def runs(self) -> list[RunView]:
        """Return the latest runs."""
        need(self._caller, "read runs", "there are no runs")
        found: list[RunView] = []
        for run in self._store.runs():
            if len(found) == _MOST:
                break
            found.append(run)
        return found

    def audit(self, entity: str | None, at: datetime) -> Asked:
        """Start an audit now: of an entity and all below it, or of all.

        :raises NotFoundError: there is no such entity, or not for this caller.
        :raises ConflictError: one runs already.
        """
        need_reach(
            self._caller,
            "audit",
            entity,
            self._store.lineage,
            absent="there is no audit of all that you could start",
        )
        # Of two who ask at once each has the name that follows from the last audit there was, and
        # a name is started once.
        name = f"asked-{identity('after', self._store.latest())}"
        if self._store.is_running():
            raise ConflictError("run-in-progress", "an audit runs; ask again when it has ended")
        self._store.record(
            Event(
                id=f"run/{identity(name, entity or '', self._caller.person, at.isoformat())}",
                at=at,
                actor=self._caller.person,
                action="run.requested",
                entity=entity,
                subject=Subject("policy") if entity is None else Subject("entity", entity=entity),
                payload={"execution": name, "via": self._caller.via},
            )
        )
        self._store.start(name, entity)
        return Asked(name, entity)
