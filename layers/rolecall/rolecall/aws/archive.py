"""Runs, reports and checkpoints of a stack, for officers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from rolecall.aws.clients import storage
from rolecall.aws.desk import DynamoDesk
from rolecall.aws.findings import DynamoFindings
from rolecall.aws.objects import LockedBucket
from rolecall.ledger.record import Event
from rolecall.usecases.officers import RunView

__all__ = ["StackArchive"]


class StackArchive:
    """What is kept of runs."""

    def __init__(
        self, findings: DynamoFindings, bucket: LockedBucket, client: Any, desk: DynamoDesk
    ) -> None:
        """Use a stack.

        :param client: of S3, which signs addresses.
        """
        self._findings = findings
        self._bucket = bucket
        self._client = client
        self._desk = desk

    def runs(self) -> Iterator[RunView]:
        """Yield the runs, the latest first."""
        for record in self._findings.run_records():
            yield RunView(record.run, record.state, record.summary)

    def reports(self) -> Sequence[str]:
        """Return the names of reports."""
        return [name.removeprefix("reports/") for name in self._bucket.names("reports/")]

    def address(self, report: str, seconds: int) -> str:
        """Return an address from which a report can be had for some seconds."""
        with storage("signing an address"):
            url: str = self._client.generate_presigned_url(
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
        self._desk.record(event)
