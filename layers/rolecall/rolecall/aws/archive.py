"""Runs, reports and checkpoints of a stack, for officers."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from rolecall.aws.clients import client, storage
from rolecall.aws.findings import DynamoFindings
from rolecall.aws.journal import Journal
from rolecall.aws.objects import LockedBucket
from rolecall.aws.reader import DynamoReader
from rolecall.aws.table import DocumentTable, put
from rolecall.errors import ConflictError
from rolecall.ledger.event import Event
from rolecall.model import Entity
from rolecall.usecases.governance.run_control import RunView
from rolecall.usecases.governance.sign_off import Signature

__all__ = ["StackArchive"]

_MOST_RECORDS = 200_000
"""Of a log that is read within the time that a request has."""
_MOST_BYTES = 4_000_000
"""What the gateway lets through, in base64."""


class StackArchive:
    """What is kept of runs."""

    def __init__(
        self,
        findings: DynamoFindings,
        bucket: LockedBucket,
        objects: Any,
        signatures: DocumentTable,
        view: DynamoReader,
        journal: Journal,
        machine: str,
    ) -> None:
        """Use a stack.

        :param objects: the client of S3, which signs addresses.
        :param signatures: the table that has those of reports.
        :param view: the registry, to read.
        :param machine: the ARN of the nightly run.
        """
        self._findings = findings
        self._bucket = bucket
        self._objects = objects
        self._signatures = signatures
        self.view = view
        self._journal = journal
        self._machine = machine

    def runs(self) -> Iterator[RunView]:
        """Yield the runs, the latest first."""
        for record in self._findings.run_records():
            yield RunView(record.run, record.state, record.summary)

    def reports(self, folder: str) -> Sequence[str]:
        """Return the names of the reports in a folder, not of those below it."""
        start = f"reports/{folder}/"
        names = self._bucket.names(start)
        return [name.removeprefix("reports/") for name in names if "/" not in name[len(start) :]]

    def address(self, report: str, seconds: int) -> str:
        """Return an address from which a report can be had for some seconds."""
        with storage("signing an address"):
            url: str = self._objects.generate_presigned_url(
                "get_object",
                Params={"Bucket": self._bucket.name, "Key": f"reports/{report}"},
                ExpiresIn=seconds,
            )
        return url

    def checkpoint(self) -> bytes | None:
        """Return the published checkpoint of the largest size."""
        return self._findings.log.highest()

    def record(self, event: Event) -> None:
        """Append an event to the log."""
        self._journal.commit([event])

    # -- signatures -------------------------------------------------------------------------

    def digest(self, report: str) -> str:
        """Return the SHA-256 (hex) of a report."""
        return self._bucket.digest(f"reports/{report}")

    def signatures(self, report: str) -> list[Signature]:
        """Return who signed a report, the first first."""
        rows = self._signatures.query(f"SIGNATURES#{report}", consistent=True)
        found = [msgspec.json.decode(row.data, type=Signature) for row in rows]
        return sorted(found, key=lambda one: (one.at, one.person))

    def sign(self, signature: Signature, event: Event) -> None:
        """Record a signature with its event.

        :raises LogConflictError: they signed it before.
        """
        write = put(
            self._signatures.name,
            f"SIGNATURES#{signature.report}",
            signature.person,
            msgspec.json.encode(signature),
        )
        self._journal.commit([event], [write.request])

    # -- runs -------------------------------------------------------------------------------

    def lineage(self, entity: str) -> Sequence[Entity]:
        """Return an entity and those above it; nothing where there is none."""
        return self.view.lineage(entity)

    def is_running(self) -> bool:
        """Tell whether an audit runs at this moment."""
        with storage("looking for runs"):
            answer = client("stepfunctions").list_executions(
                stateMachineArn=self._machine, statusFilter="RUNNING", maxResults=1
            )
        return bool(answer["executions"])

    def latest(self) -> str:
        """Return the name of the execution that was started last; empty where none was."""
        with storage("looking for runs"):
            answer = client("stepfunctions").list_executions(
                stateMachineArn=self._machine, maxResults=100
            )
        found = [(one["startDate"], one["name"]) for one in answer["executions"]]
        return max(found)[1] if found else ""

    def start(self, name: str, entity: str | None) -> None:
        """Start an audit of an entity and all below it, or of all.

        :raises ConflictError: another audit was started under that name.
        """
        machine = client("stepfunctions")
        asked = msgspec.json.encode({} if entity is None else {"entity": entity}).decode()
        with storage("starting a run"):
            try:
                machine.start_execution(stateMachineArn=self._machine, name=name, input=asked)
            except machine.exceptions.ExecutionAlreadyExists as error:
                raise ConflictError("run-in-progress", "an audit was started just now") from error

    # -- proofs -----------------------------------------------------------------------------

    def bundle(self, entity: str | None) -> bytes:
        """Return a proof bundle: of an entity, complete by proof, or of all.

        :raises ConflictError: the log, or the bundle, is too long for it.
        :raises UsageError: nothing was sealed.
        """
        # Only here is the ledger's exporter needed.
        from rolecall.ledger.bundle import write_bundle
        from rolecall.ledger.export import export, find_span

        log = self._findings.log
        if log.size() > _MOST_RECORDS:
            raise _too_long()
        file = io.BytesIO()
        write_bundle(file, export(log, find_span(log), log.keys(), entity))
        if file.tell() > _MOST_BYTES:
            raise _too_long()
        return file.getvalue()


def _too_long() -> ConflictError:
    return ConflictError("log-too-long", "the log is too long for this; rolecall log export has it")
