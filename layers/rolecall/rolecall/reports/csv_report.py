"""The findings as CSV for a spreadsheet: one row a finding, RFC 4180, formulas guarded."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from itertools import islice

from rolecall.lifecycle import ReportedFinding
from rolecall.reports.report import FindingLine, Report, lines
from rolecall.spreadsheet import guarded

__all__ = ["COLUMNS", "csv_document", "csv_report"]

_KEYS = ("account", "person", "login", "platform", "handle", "email", "incident")
COLUMNS = (
    *("severity", "status", "control", "entity", "label", "detail", "remediation", "title"),
    *("subject", *_KEYS, "first_seen", "resolution", "waiver", "evaluated"),
    *("evidence", "evidence_digest", "id"),
)


def csv_report(report: Report, findings: Iterable[ReportedFinding]) -> Iterator[bytes]:
    """Yield the table in pieces, the header first."""
    return csv_document(map(lines(report), findings))


def csv_document(findings: Iterable[FindingLine]) -> Iterator[bytes]:
    """Yield the table in pieces, the header first."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(COLUMNS)
    iterator = iter(findings)
    while True:
        chunk = list(islice(iterator, 1_000))
        writer.writerows(map(_row, chunk))
        yield buffer.getvalue().encode()
        buffer.seek(0)
        buffer.truncate()
        if not chunk:
            return


def _row(line: FindingLine) -> list[str]:
    subject = line.subject
    return [
        line.severity,
        line.status,
        line.control,
        guarded(line.entity or ""),
        guarded(line.label),
        guarded(line.detail),
        line.remediation,
        line.title,
        subject.kind,
        *(guarded(getattr(subject, key)) for key in _KEYS),
        line.first_seen.isoformat(),
        line.resolution or "",
        line.waiver or "",
        "yes" if line.evaluated else "no",
        guarded(bytes(line.evidence).decode()),
        line.evidence_digest,
        line.id,
    ]
