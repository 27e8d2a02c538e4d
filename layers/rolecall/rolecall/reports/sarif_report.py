"""The findings as SARIF 2.1.0, for code scanning and for editors.

Mapping: a control is a rule, a finding that stands is a result at the row of the registry behind
it. A waived finding is a result with a suppression, a resolved one is none. What could not be
checked is a notification of the invocation: it is neither a result nor silence.

The fingerprint is the id of the finding, which depends on the control and the subject alone: a row
that moves, or changes in another column, is still the same alert. It goes by the one name that
GitHub reads, whose uploader notes of each that it would have taken a hash of the line.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from rolecall.controls.control import Control
from rolecall.finding import rank
from rolecall.frameworks.citations import Citations
from rolecall.frameworks.known import EVIDENCE
from rolecall.location import LocateSubject, Location
from rolecall.model import Severity
from rolecall.reports.citing import REQUIREMENT_NAMES, cited_by
from rolecall.reports.report import FindingLine
from rolecall.reports.sarif import (
    closing,
    descriptor,
    driver,
    invocations,
    location,
    opening,
    plain,
)
from rolecall.run import Heading, Run, WaiverOutcome

__all__ = ["sarif_document"]

_LEVELS = {"critical": "error", "high": "error", "medium": "warning", "low": "note"}
_SCORES = {"critical": "9.5", "high": "8.0", "medium": "5.5", "low": "2.0"}
"""Within the bounds at which GitHub says critical, high, medium and low."""
_encode = msgspec.json.Encoder().encode

_NOT_EVALUATED = descriptor(
    "not-evaluated",
    "warning",
    "Every control can be evaluated.",
    "What a control needs is not on record for some subjects. They have neither passed nor failed.",
    "Fill in what the reason names.",
)
_EARLIER = (
    "A control of an earlier release.",
    "This release has no such control; the audit log still holds what it found.",
    "See the release notes.",
)


def sarif_document(
    heading: Heading,
    findings: Iterable[FindingLine],
    controls: Mapping[str, Control[Any]],
    locate: LocateSubject,
    citations: Citations = Citations(),  # noqa: B008 - frozen.
) -> Iterator[bytes]:
    """Yield the document in pieces, one result on one line.

    The results come first: how severe a rule is, is known after the last of them.
    """
    waivers = {waiver.id: waiver for waiver in heading.waivers}
    order = {coverage.control: index for index, coverage in enumerate(heading.coverage)}
    worst: dict[str, Severity] = {}
    yield from opening()
    comma = b"\n"
    for line in findings:
        if line.status == "resolved":
            continue
        index = order.setdefault(line.control, len(order))
        if line.control not in worst or rank(line.severity) < rank(worst[line.control]):
            worst[line.control] = line.severity
        result = _result(line, index, waivers.get(line.waiver or ""), locate(line.subject))
        yield comma + _encode(result)
        comma = b",\n"
    rules = [
        _rule(id_, controls.get(id_), worst.get(id_), citations.clauses.get(id_)) for id_ in order
    ]
    yield from closing(
        {
            "tool": {"driver": driver(heading.run.rolecall, rules, [_NOT_EVALUATED])},
            "automationDetails": {"id": _category(heading.run)},
            "invocations": invocations(_unevaluated(heading, order)),
            "properties": {"run": heading.run, "summary": heading.summary},
        }
    )


def _category(run: Run) -> str:
    """Return what tells this analysis from others: one of a part must not close alerts of the rest.

    Consumers take what is before the last stroke.
    """
    scope = run.scope
    parts = ["rolecall", "audit"]
    if scope.entity is not None:
        parts.append(f"entity-{scope.entity.replace('/', '-')}")
    parts += scope.controls or ()
    return "/".join([*parts, run.id])


def _result(
    line: FindingLine, index: int, waiver: WaiverOutcome | None, where: Location
) -> Mapping[str, Any]:
    text = f"{line.label}: {line.detail}"
    if not line.evaluated:
        text += " This run could not check it; it stands as it was."
    if where.line is None and where.row is not None:
        text += f" ({where})"
    suppressions = []
    if line.status == "waived":
        reason = waiver.reason if waiver else "waived"
        until = f" (until {waiver.expires})" if waiver else ""
        suppressions.append(
            {"kind": "external", "status": "accepted", "justification": f"{reason}{until}"}
        )
    return {
        "ruleId": line.control,
        "ruleIndex": index,
        "level": _LEVELS[line.severity],
        "message": {"text": plain(text)},
        "locations": [location(where)],
        "partialFingerprints": {"primaryLocationLineHash": line.id},
        "suppressions": suppressions,
        "properties": {
            "id": line.id,
            "severity": line.severity,
            "security-severity": _SCORES[line.severity],
            "status": line.status,
            "opening": line.opening,
            "entity": line.entity,
            "subject": line.subject,
            "firstSeen": line.first_seen,
            "evaluated": line.evaluated,
            "remediation": line.remediation,
            "record": line.record,
            "evidenceDigest": line.evidence_digest,
        },
    }


def _rule(
    id_: str, control: Control[Any] | None, worst: Severity | None, clause: str | None
) -> Mapping[str, Any]:
    if control is None:
        return descriptor(id_, "warning", *_EARLIER)
    severity = worst or control.severity
    cited = cited_by(control, clause)
    listed = [
        f"{standard}: {', '.join(cited[field])}"
        for field, standard in REQUIREMENT_NAMES.items()
        if field in cited
    ]
    kept = control.record and f"\n\nFor whoever keeps the registry: {control.record}"
    served = f"\n\nServes {'; '.join(listed)}. {EVIDENCE}" if listed else ""
    return {
        "id": id_,
        "shortDescription": {"text": f"{control.title}."},
        "fullDescription": {"text": control.rationale},
        "help": {
            "text": f"{control.rationale}\n\nWhat to do: {control.remediation}{kept}{served}",
            "markdown": (
                f"{control.rationale}\n\n**What to do:** {control.remediation}{kept}{served}"
            ),
        },
        "defaultConfiguration": {"level": _LEVELS[severity]},
        "properties": {
            "tags": ["security", "compliance", control.group],
            "precision": "very-high",
            "security-severity": _SCORES[severity],
        },
    }


def _unevaluated(heading: Heading, order: Mapping[str, int]) -> list[Mapping[str, Any]]:
    return [
        {
            "level": "warning",
            "descriptor": {"id": _NOT_EVALUATED["id"], "index": 0},
            "associatedRule": {"id": coverage.control, "index": order[coverage.control]},
            "message": {
                "text": plain(f"{coverage.control}: {_many(count)}not evaluated: {reason}.")
            },
        }
        for coverage in heading.coverage
        for reason, count in coverage.reasons.items()
    ]


def _many(count: int) -> str:
    """Return a count for a sentence; of a table that is missing nobody knows how many there are."""
    return f"{count:,} " if count else ""
