"""The findings as OCSF Compliance Findings (class 2003), schema version 1.5.0: a JSON array.

Mapping: FAIL is compliance status Fail; a waived finding is suppressed, a resolved one resolved
and compliant; ``new`` and ``regressed`` findings create, open ones update, resolved ones close.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import msgspec

from rolecall.lifecycle import ReportedFinding
from rolecall.reports.citing import REQUIREMENT_NAMES
from rolecall.reports.json_report import json_array
from rolecall.reports.report import FindingLine, Report, lines
from rolecall.reports.words import reason_in_words
from rolecall.run import Run
from rolecall.texts import Texts, texts_of

__all__ = ["OCSF_VERSION", "ocsf_document", "ocsf_report"]

OCSF_VERSION = "1.5.0"

_SEVERITIES = {"critical": (5, "Critical"), "high": (4, "High"), "medium": (3, "Medium")}
_ACTIVITIES = {"new": (1, "Create"), "regressed": (1, "Create"), "resolved": (3, "Close")}
_STATUSES = {"new": (1, "New"), "waived": (3, "Suppressed"), "resolved": (4, "Resolved")}
_encode = msgspec.json.Encoder().encode


def ocsf_report(report: Report, findings: Iterable[ReportedFinding]) -> Iterator[bytes]:
    """Yield the array in pieces, one finding on one line."""
    texts = texts_of(report.context.policy.language)
    return ocsf_document(report.run, map(lines(report), findings), texts)


def ocsf_document(run: Run, findings: Iterable[FindingLine], texts: Texts) -> Iterator[bytes]:
    """Yield the array in pieces, one finding on one line."""
    return json_array(_encode(_finding(line, run, texts)) for line in findings)


def _finding(line: FindingLine, run: Run, texts: Texts) -> Mapping[str, Any]:
    severity_id, severity = _SEVERITIES.get(line.severity, (2, "Low"))
    activity_id, activity = _ACTIVITIES.get(line.status, (2, "Update"))
    status_id, status = _STATUSES.get(line.status, (2, "In Progress"))
    now = _milliseconds(run.as_of)
    seen = _milliseconds(line.first_seen)
    standards, requirements = _cited(bytes(line.references))
    resolved = line.status == "resolved"
    return {
        "activity_id": activity_id,
        "activity_name": activity,
        "category_uid": 2,
        "category_name": "Findings",
        "class_uid": 2003,
        "class_name": "Compliance Finding",
        "type_uid": 200300 + activity_id,
        "type_name": f"Compliance Finding: {activity}",
        "time": now,
        "time_dt": run.as_of,
        "severity_id": severity_id,
        "severity": severity,
        "status_id": status_id,
        "status": status,
        **({"status_detail": told} if (told := reason_in_words(texts, line.reason)) else {}),
        "message": line.detail,
        "metadata": {
            "version": OCSF_VERSION,
            "uid": f"{run.id}:{line.id}",
            "event_code": line.control,
            # The profile that time_dt belongs to.
            "profiles": ["datetime"],
            "product": {
                "name": "Rolecall",
                "vendor_name": "Rolecall",
                "version": run.rolecall,
            },
        },
        "finding_info": {
            "uid": line.id,
            "title": line.title,
            "desc": line.detail,
            "created_time": seen,
            "first_seen_time": seen,
            "last_seen_time": now,
            "types": [line.control],
        },
        "compliance": {
            "control": line.control,
            "standards": standards,
            "requirements": requirements,
            "status_id": 1 if resolved else 3,
            "status": "Pass" if resolved else "Fail",
        },
        "remediation": {"desc": line.remediation},
        "resources": [
            {
                "uid": "/".join(line.subject.keys().values()) or "policy",
                "type": line.subject.kind,
                "name": line.label,
                **({"group": {"name": line.entity}} if line.entity else {}),
            }
        ],
        "unmapped": _own(line, run),
    }


@lru_cache(1 << 10)
def _cited(references: bytes) -> tuple[Sequence[str], Sequence[str]]:
    """Return standards and their requirements: those of a control are the same in each finding."""
    cited = msgspec.json.decode(references)
    standards = tuple(name for key, name in REQUIREMENT_NAMES.items() if cited.get(key))
    return standards, tuple(one for key in REQUIREMENT_NAMES for one in cited.get(key, ()))


def _own(line: FindingLine, run: Run) -> Mapping[str, Any]:
    """Return what the schema has no place for."""
    return {
        "evidence": line.evidence,
        "evidence_digest": line.evidence_digest,
        "status": line.status,
        "subject": line.subject,
        "resolution": line.resolution,
        "opening": line.opening,
        "catalogue": run.catalogue,
        "record": line.record,
    }


def _milliseconds(instant: Any) -> int:
    return int(instant.timestamp() * 1000)
