"""The findings as AWS Security Hub has them (ASFF, 2018-10-08), in files that
``BatchImportFindings`` takes as they are: a hundred findings each, in one archive.

A finding that stands is FAILED and ACTIVE; a waived one is SUPPRESSED; a resolved one is PASSED,
RESOLVED and ARCHIVED. The account and the region of Security Hub are not ours to know: they are
placeholders, which whoever imports replaces.

What the interface limits is cut by the bytes of its UTF-8, for it does not say which characters it
counts. No finding comes near its 240 KB, and so no hundred near the 6 MB of a request.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import count, islice
from typing import Any

import msgspec

from rolecall.reports.citing import REQUIREMENT_NAMES
from rolecall.reports.json_report import json_array
from rolecall.reports.report import FindingLine
from rolecall.run import Run

__all__ = ["ACCOUNT", "BATCH", "REGION", "asff_archive", "asff_document"]

BATCH = 100
"""Findings that one request takes."""

ACCOUNT, REGION = "000000000000", "us-east-1"
"""Placeholders."""
_PRODUCT = f"arn:aws:securityhub:{REGION}:{ACCOUNT}:product/{ACCOUNT}/default"
_TITLE, _DESCRIPTION, _REMEDIATION, _ID = 256, 1_024, 512, 512
"""Bytes that the format takes."""
_VALUE = 1_024
_MOST_REQUIREMENTS = 32
_TYPES = ["Software and Configuration Checks/Industry and Regulatory Standards"]
_WORKFLOW = {"new": "NEW", "regressed": "NEW", "waived": "SUPPRESSED", "resolved": "RESOLVED"}
_encode = msgspec.json.Encoder().encode


def asff_document(run: Run, findings: Iterable[FindingLine]) -> Iterator[bytes]:
    """Yield one array of all findings in pieces, one finding on one line."""
    return json_array(_encode(_finding(line, run)) for line in findings)


def asff_archive(run: Run, findings: Iterable[FindingLine]) -> Iterator[bytes]:
    """Yield an archive in pieces: files of :data:`BATCH` findings, one finding on one line.

    The files are stored as they are: how well something is packed depends on the zlib at hand, and
    the same run gives the same bytes.
    """
    rest, window = iter(findings), _Window()
    with zipfile.ZipFile(window, "w", zipfile.ZIP_STORED) as archive:
        for number in count(1):
            if not (batch := list(islice(rest, BATCH))):
                break
            info = zipfile.ZipInfo(f"findings.asff.{number:04}.json", (1980, 1, 1, 0, 0, 0))
            info.external_attr = 0o600 << 16
            archive.writestr(info, b"".join(asff_document(run, batch)))
            yield window.taken()
    yield window.taken()


class _Window(io.BytesIO):
    """The end of a file of which the beginning is gone: what was taken is not kept."""

    _gone = 0

    def taken(self) -> bytes:
        """Return what was written since the last time."""
        data = self.getvalue()
        self._gone += len(data)
        super().seek(0)
        self.truncate()
        return data

    def tell(self) -> int:
        return self._gone + super().tell()

    def seek(self, offset: int, whence: int = 0, /) -> int:
        at = offset - self._gone if whence == io.SEEK_SET else offset
        return self._gone + super().seek(at, whence)


def _finding(line: FindingLine, run: Run) -> Mapping[str, Any]:
    is_resolved = line.status == "resolved"
    requirements = _requirements(line)
    severity = {"Label": line.severity.upper(), "Original": line.severity}
    return {
        "SchemaVersion": "2018-10-08",
        "Id": f"rolecall/{line.id}"[:_ID],
        "ProductArn": _PRODUCT,
        "ProductName": "Rolecall",
        "CompanyName": "Rolecall",
        "GeneratorId": f"rolecall/{line.control}",
        "AwsAccountId": ACCOUNT,
        "Region": REGION,
        "Types": _TYPES,
        # Of a finding that is there already only these change its severity.
        "FindingProviderFields": {"Severity": severity, "Types": _TYPES},
        "FirstObservedAt": _instant(line.first_seen),
        "LastObservedAt": _instant(run.as_of),
        "CreatedAt": _instant(line.first_seen),
        "UpdatedAt": _instant(run.as_of),
        "Severity": severity,
        "Title": _cut(line.title, _TITLE),
        "Description": _cut(f"{line.label}: {line.detail}", _DESCRIPTION),
        "Remediation": {"Recommendation": {"Text": _cut(line.remediation, _REMEDIATION)}},
        "Resources": [
            {
                "Type": "Other",
                "Id": _cut(f"rolecall/{line.subject.kind}/{'/'.join(line.subject.values())}", _ID),
                "Details": {"Other": {k: _cut(v, _VALUE) for k, v in line.subject.keys().items()}},
            }
        ],
        "Compliance": {
            "Status": "PASSED" if is_resolved else "FAILED",
            **({"RelatedRequirements": requirements[:_MOST_REQUIREMENTS]} if requirements else {}),
        },
        "Workflow": {"Status": _WORKFLOW.get(line.status, "NOTIFIED")},
        "RecordState": "ARCHIVED" if is_resolved else "ACTIVE",
        "ProductFields": _own(line, run),
    }


def _own(line: FindingLine, run: Run) -> Mapping[str, str]:
    return {
        "rolecall/entity": _cut(line.entity or "-", _VALUE),
        "rolecall/status": line.status,
        "rolecall/evidence_digest": line.evidence_digest,
        "rolecall/catalogue": str(run.catalogue),
        **({"rolecall/reason": line.reason} if line.reason else {}),
    }


def _requirements(line: FindingLine) -> list[str]:
    references = msgspec.json.decode(line.references)
    return [
        _cut(f"{standard} {name}", 256)
        for field, standard in REQUIREMENT_NAMES.items()
        for name in references.get(field, ())
    ]


def _instant(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


def _cut(text: str, most: int) -> str:
    """Return a text of so many bytes at most, and of something that can be seen."""
    data = text.encode()
    if len(data) > most:
        text = f"{data[: most - 3].decode(errors='ignore')}..."
    return text if text.strip() else "-"
