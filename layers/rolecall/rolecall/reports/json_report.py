"""The report as one JSON document; its schema is docs/findings.schema.json.

One finding stands on one line, so that the document can be read with line tools too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from rolecall.lifecycle import ReportedFinding
from rolecall.reports.report import FindingLine, Report, lines
from rolecall.run import Heading

__all__ = ["json_array", "json_document", "json_report", "json_schema"]

_encode = msgspec.json.Encoder().encode


def json_report(report: Report, findings: Iterable[ReportedFinding]) -> Iterator[bytes]:
    """Yield the document in pieces."""
    return json_document(report.heading(), map(_encode, map(lines(report), findings)))


def json_document(heading: Heading, findings: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the document in pieces.

    :param findings: each a :class:`~rolecall.reports.report.Line` as JSON.
    """
    yield b'{"run": ' + _encode(heading.run)
    yield b',\n"summary": ' + _encode(heading.summary)
    yield b',\n"coverage": ' + _rows(map(_encode, heading.coverage))
    yield b',\n"waivers": ' + _rows(map(_encode, heading.waivers))
    if heading.unknown_records:
        yield b',\n"unknown_records": ' + _encode(heading.unknown_records)
    if heading.problems is not None:
        yield b',\n"problems": ' + _encode(heading.problems)
    yield b',\n"findings": ['
    comma = b"\n"
    for line in findings:
        yield comma + line
        comma = b",\n"
    yield b"\n]}\n"


def json_array(rows: Iterable[bytes]) -> Iterator[bytes]:
    """Yield an array in pieces, one of its rows on one line."""
    comma = b"[\n"
    for row in rows:
        yield comma + row
        comma = b",\n"
    yield b"[]\n" if comma == b"[\n" else b"\n]\n"


def _rows(rows: Iterable[bytes]) -> bytes:
    return b"[\n" + b",\n".join(rows) + b"\n]"


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of the document."""
    from rolecall.model import SEVERITIES
    from rolecall.run import STATUSES, RegistryProblems, Run, Summary

    schemas, components = msgspec.json.schema_components(
        (Run, Summary, FindingLine, RegistryProblems), schema_hook=lambda _: {}
    )
    line = components["FindingLine"]
    line["properties"]["status"] = {"enum": list(STATUSES)}
    line["properties"]["evidence"] = {"type": ["object", "null"]}
    line["properties"]["references"] = {
        "type": "object",
        "additionalProperties": {"type": "array", "items": {"type": "string"}},
    }
    counts = {"type": "integer", "minimum": 0}
    coverage = {
        "type": "object",
        "properties": {
            "control": {"type": "string"},
            **dict.fromkeys(("passed", "failed", "not_evaluated"), counts),
            "reasons": {"type": "object", "additionalProperties": counts},
            **dict.fromkeys(("disabled", "reported"), counts),
        },
        "required": ["control", "passed", "failed", "not_evaluated", "reasons", "disabled"],
        "additionalProperties": False,
    }
    waiver = {
        "type": "object",
        "properties": {
            "id": {"type": "string"},
            "control": {"type": "string"},
            "subject": {"$ref": "#/$defs/Subject"},
            "reason": {"type": "string"},
            "approved_by": {"type": "array", "items": {"type": "string"}},
            "expires": {"type": "string", "format": "date"},
            "standing": {"type": "string"},
            "message": {"type": "string"},
        },
        "required": ["id", "control", "subject", "reason", "approved_by", "expires", "standing"],
        "additionalProperties": False,
    }
    line["properties"]["severity"] = {"enum": list(SEVERITIES)}
    for component in components.values():
        if "properties" in component:
            component["additionalProperties"] = False
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Rolecall audit report",
        "type": "object",
        "properties": {
            "run": schemas[0],
            "summary": schemas[1],
            "coverage": {"type": "array", "items": coverage},
            "waivers": {"type": "array", "items": waiver},
            "unknown_records": {"type": "integer", "minimum": 1},
            "problems": schemas[3],
            "findings": {"type": "array", "items": schemas[2]},
        },
        "required": ["run", "summary", "coverage", "waivers", "findings"],
        "additionalProperties": False,
        "$defs": dict(sorted(components.items())),
    }
