"""The findings as AWS Security Hub has them (ASFF, 2018-10-08): a JSON array for
``BatchImportFindings``, which takes a hundred at a time.

A finding that stands is FAILED and ACTIVE; a waived one is SUPPRESSED; a resolved one is PASSED,
RESOLVED and ARCHIVED. The account and the region of Security Hub are not ours to know: they are
placeholders, which whoever imports replaces.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec

from rolecall.reports.citing import REQUIREMENT_NAMES
from rolecall.reports.json_report import json_array
from rolecall.reports.report import FindingLine
from rolecall.run import Run

__all__ = ["ACCOUNT", "REGION", "asff_document"]

ACCOUNT, REGION = "000000000000", "us-east-1"
"""Placeholders."""
_PRODUCT = f"arn:aws:securityhub:{REGION}:{ACCOUNT}:product/{ACCOUNT}/default"
_TITLE, _DESCRIPTION, _REMEDIATION, _ID = 256, 1_024, 512, 512
"""Characters that the format takes."""
_WORKFLOW = {"new": "NEW", "regressed": "NEW", "waived": "SUPPRESSED", "resolved": "RESOLVED"}
_encode = msgspec.json.Encoder().encode


def asff_document(run: Run, findings: Iterable[FindingLine]) -> Iterator[bytes]:
    """Yield the array in pieces, one finding on one line."""
    return json_array(_encode(_finding(line, run)) for line in findings)


def _finding(line: FindingLine, run: Run) -> Mapping[str, Any]:
    is_resolved = line.status == "resolved"
    requirements = _requirements(line)
    return {
        "SchemaVersion": "2018-10-08",
        "Id": f"rolecall/{line.id}"[:_ID],
        "ProductArn": _PRODUCT,
        "ProductName": "Rolecall",
        "CompanyName": "Rolecall",
        "GeneratorId": f"rolecall/{line.control}",
        "AwsAccountId": ACCOUNT,
        "Region": REGION,
        "Types": ["Software and Configuration Checks/Industry and Regulatory Standards"],
        "FirstObservedAt": _instant(line.first_seen),
        "LastObservedAt": _instant(run.as_of),
        "CreatedAt": _instant(line.first_seen),
        "UpdatedAt": _instant(run.as_of),
        "Severity": {"Label": line.severity.upper(), "Original": line.severity},
        "Title": _cut(line.title, _TITLE),
        "Description": _cut(f"{line.label}: {line.detail}", _DESCRIPTION),
        "Remediation": {"Recommendation": {"Text": _cut(line.remediation, _REMEDIATION)}},
        "Resources": [
            {
                "Type": "Other",
                "Id": _cut(f"rolecall/{line.subject.kind}/{'/'.join(line.subject.values())}", _ID),
                "Details": {"Other": {k: _cut(v, 1_024) for k, v in line.subject.keys().items()}},
            }
        ],
        "Compliance": {
            "Status": "PASSED" if is_resolved else "FAILED",
            **({"RelatedRequirements": requirements[:32]} if requirements else {}),
        },
        "Workflow": {"Status": _WORKFLOW.get(line.status, "NOTIFIED")},
        "RecordState": "ARCHIVED" if is_resolved else "ACTIVE",
        "ProductFields": _own(line, run),
    }


def _own(line: FindingLine, run: Run) -> Mapping[str, str]:
    return {
        "rolecall/entity": _cut(line.entity or "-", 1_024),
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
    return text if len(text) <= most else f"{text[: most - 3]}..."
