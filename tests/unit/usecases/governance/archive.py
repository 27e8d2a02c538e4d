"""What is kept of runs and reports, in memory."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from rolecall.errors import LogConflictError
from rolecall.ledger.event import Event
from rolecall.model import Entity
from rolecall.run import PolicyInfo, RegistryInfo, Run, ScopeInfo, Summary
from rolecall.usecases.governance.run_control import RunView
from rolecall.usecases.governance.sign_off import Signature
from tests.api import registry
from tests.stores.memory import MemoryHouse, MemoryRegistryView

__all__ = ["AT", "MemoryArchive", "run_view"]

AT = datetime(2026, 11, 3, 9, tzinfo=UTC)


def run_view(number: int, state: str = "completed") -> RunView:
    """Return a run; the higher its number, the later."""
    run = Run(
        id=f"run-{number}",
        number=number,
        as_of=AT + timedelta(days=number),
        policy=PolicyInfo("p", "1", "0"),
        registry=RegistryInfo("0", {}),
        scope=ScopeInfo(None, None),
        rolecall="0",
    )
    summary = Summary(0, {}, {}, {}, {}) if state == "completed" else None
    return RunView(run, state, summary)


class MemoryArchive:
    """Runs, reports and the log.

    :ivar files: reports by their names, with day and run.
    :ivar started: audits that were started, by execution.
    """

    def __init__(self, runs: Sequence[RunView] = (), files: Mapping[str, bytes] = {}) -> None:
        self.house = MemoryHouse(registry())
        self.view = MemoryRegistryView(self.house)
        self.every = sorted(runs, key=lambda one: -one.run.number)
        self.files = dict(files)
        self.signed: list[Signature] = []
        self.started: dict[str, str | None] = {}
        self.is_busy = False
        self.note: bytes | None = None

    def runs(self) -> Iterator[RunView]:
        return iter(self.every)

    def reports(self, folder: str) -> Sequence[str]:
        start = f"{folder}/"
        return [
            name
            for name in sorted(self.files)
            if name.startswith(start) and "/" not in name[len(start) :]
        ]

    def address(self, report: str, seconds: int) -> str:
        return f"https://bucket.example/{report}?for={seconds}"

    def checkpoint(self) -> bytes | None:
        return self.note

    def record(self, event: Event) -> None:
        self.house.commit([event])

    def digest(self, report: str) -> str:
        return hashlib.sha256(self.files[report]).hexdigest()

    def signatures(self, report: str) -> Sequence[Signature]:
        return [one for one in self.signed if one.report == report]

    def sign(self, signature: Signature, event: Event) -> None:
        if any(
            (one.report, one.person) == (signature.report, signature.person) for one in self.signed
        ):
            raise LogConflictError("signed before")
        self.house.commit([event])
        self.signed.append(replace(signature))

    def lineage(self, entity: str) -> Sequence[Entity]:
        return list(self.house.lineage(entity))

    def is_running(self) -> bool:
        return self.is_busy

    def latest(self) -> str:
        return list(self.started)[-1] if self.started else ""

    def start(self, name: str, entity: str | None) -> None:
        self.started[name] = entity

    def bundle(self, entity: str | None) -> bytes:
        return f"bundle of {entity}".encode()
