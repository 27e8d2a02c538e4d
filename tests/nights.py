"""Nights without a cloud: the steps of a run over a registry, files and findings in memory."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from rolecall.finding import identity
from rolecall.finding_state import FindingState, fold
from rolecall.ledger.event import Event
from rolecall.ledger.log import append, records
from rolecall.ledger.memory_log import MemoryLog
from rolecall.lifecycle import FindingChange
from rolecall.model import Snapshot
from rolecall.registry.documents import DocumentKey, Settings, documents
from rolecall.ring import Slice
from rolecall.run import Run, Summary
from rolecall.usecases.governance.decisions import AcceptedWaivers
from rolecall.usecases.reporting.from_night import write_reports
from rolecall.usecases.runs.batch import RegistrySource
from rolecall.usecases.runs.chronology import PastRuns
from rolecall.usecases.runs.last_policy import KeptPolicy
from rolecall.usecases.runs.nightly import Findings, audit_batch, complete_run, keep_proof, plan_run
from rolecall.usecases.runs.work_files import Files

SHARDS = 4


class Documents:
    """A registry as documents in memory."""

    def __init__(self, snapshot: Snapshot, policy: str | None) -> None:
        self.documents: dict[DocumentKey, bytes] = documents(snapshot, policy)
        self.beside = AcceptedWaivers()

    def _of(self, kind: str) -> Iterator[bytes]:
        for where in sorted(self.documents):
            if where.partition.partition("#")[0] == kind:
                yield self.documents[where]

    def settings(self) -> Settings:
        """Return the settings."""
        return msgspec.json.decode(next(self._of("SETTINGS")), type=Settings)

    def accepted(self) -> AcceptedWaivers:
        """Return what was accepted."""
        return self.beside

    def entities(self) -> Iterator[bytes]:
        """Yield the entities."""
        return self._of("ENTITIES")

    def people(self) -> Iterator[bytes]:
        """Yield the people."""
        return self._of("PEOPLE")

    def seen(self) -> Iterator[bytes]:
        """Yield the observations."""
        return self._of("SEEN")

    def accounts(self, entities: Sequence[str]) -> Iterator[bytes]:
        """Yield the accounts."""
        del entities
        return self._of("ENTITY")

    def home_of(self, account: str) -> str | None:
        """Return the entity to which an account belongs."""
        del account
        return None


class MemoryFiles:
    """Files of runs in memory."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    def put(self, name: str, data: bytes) -> None:
        """Write a file."""
        self.files[name] = data

    def put_all(self, files: Iterable[tuple[str, bytes]]) -> None:
        """Write many files."""
        self.files.update(files)

    def get(self, name: str) -> bytes:
        """Return a file."""
        return self.files[name]

    def get_all(self, names: Sequence[str]) -> Iterator[bytes]:
        """Yield files."""
        return (self.files[name] for name in names)

    def put_stream(self, name: str, pieces: Iterable[bytes]) -> None:
        """Write a file."""
        self.files[name] = b"".join(pieces)


class MemoryFindings:
    """Findings and their log in memory."""

    def __init__(self) -> None:
        self.log = MemoryLog()
        self.states: dict[str, bytes] = {}
        self.started: list[str] = []
        self.completed: list[str] = []
        self.policy: KeptPolicy | None = None

    def known(self, part: Slice) -> Iterator[FindingState]:
        """Yield what is known."""
        for data in list(self.states.values()):
            known = msgspec.json.decode(data, type=FindingState)
            if part.holds(known.finding.subject):
                yield known

    def runs(self) -> int:
        """Return how many were completed."""
        return len(self.completed)

    def past_runs(self) -> PastRuns:
        """Return what is known of those that were completed."""
        history = fold(records(self.log))
        return PastRuns(history.last, history.looks)

    def record(self, shard: int, changes: Sequence[FindingChange]) -> int:
        """Append events and keep states."""
        for change in changes:
            append(self.log, change.events, shard=shard)
            self.states[change.known.finding.id] = msgspec.json.encode(change.known)
        return sum(len(change.events) for change in changes)

    def start(self, run: Run) -> None:
        """Note a run."""
        self.started.append(run.id)

    def last_policy(self) -> KeptPolicy | None:
        """Return the policy of the last run."""
        return self.policy

    def complete(self, run: Run, event: Event, summary: Summary, policy: KeptPolicy) -> None:
        """Count a run."""
        del summary
        self.policy = policy
        append(self.log, [event])
        if run.id not in self.completed:
            self.completed.append(run.id)


def night(
    registry: RegistrySource,
    findings: Findings,
    files: Files,
    as_of: datetime,
    *,
    most: int = 1_500_000,
    shards: int = SHARDS,
) -> dict[str, Any]:
    """Run a whole night and return its report."""
    found: dict[str, bytes] = {}
    prefix = f"runs/{identity(as_of.isoformat(), str(findings.runs()))}"
    with tempfile.TemporaryDirectory() as scratch:
        planned = plan_run(
            registry,
            findings,
            files,
            "night",
            as_of,
            prefix,
            Path(scratch),
            shards=shards,
            most=most,
        )
    for number in range(planned.batches):
        audit_batch(files, findings, prefix, number)
    complete_run(files, findings, prefix)
    keep_proof(files, prefix, [], None)
    with tempfile.TemporaryDirectory() as scratch:
        write_reports(
            files,
            prefix,
            Path(scratch),
            lambda _, name, __, pieces: found.update({name: b"".join(pieces)}),
            ("findings.json", "findings.csv"),
        )
    report: dict[str, Any] = msgspec.json.decode(found["findings.json"])
    return report
