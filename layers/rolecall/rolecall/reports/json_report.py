"""The report as one JSON document; its schema is docs/findings.schema.json.

One finding stands on one line, so that the document can be read with line tools too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from rolecall.lifecycle import ReportedFinding
from rolecall.reports.action_lines import ActionLine, action_lines
from rolecall.reports.action_words import ActionWords
from rolecall.reports.named_action import ToldActions
from rolecall.reports.report import FindingLine, Report, lines
from rolecall.run import Heading
from rolecall.texts import Texts, texts_of

__all__ = ["json_array", "json_document", "json_report", "json_schema"]

_COUNT = {"type": "integer", "minimum": 0}
_encode = msgspec.json.Encoder().encode


def json_report(report: Report, findings: Iterable[ReportedFinding]) -> Iterator[bytes]:
    """Yield the document in pieces."""
    texts = texts_of(report.context.policy.language)
    made = map(_encode, map(lines(report), findings))
    return json_document(report.heading(), made, report.actions, texts)


def json_document(
    heading: Heading, findings: Iterable[bytes], told: ToldActions | None, texts: Texts
) -> Iterator[bytes]:
    """Yield the document in pieces.

    :param findings: each a :class:`~rolecall.reports.report.Line` as JSON.
    :param told: what is to be done; ``None`` where nobody knows, and the document says nothing.
    """
    yield b'{"run": ' + _encode(heading.run)
    yield b',\n"summary": ' + _encode(heading.summary)
    yield b',\n"coverage": ' + _rows(map(_encode, heading.coverage))
    yield b',\n"waivers": ' + _rows(map(_encode, heading.waivers))
    if heading.unknown_records:
        yield b',\n"unknown_records": ' + _encode(heading.unknown_records)
    if heading.problems is not None:
        yield b',\n"problems": ' + _encode(heading.problems)
    if told is not None:
        lines_ = action_lines(told, ActionWords(texts))
        yield b',\n"actions": ' + _rows(map(_encode, lines_))
        yield b',\n"more_actions": ' + _encode(told.more)
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
        (Run, Summary, FindingLine, RegistryProblems, ActionLine), schema_hook=lambda _: {}
    )
    line = components["FindingLine"]
    line["properties"]["status"] = {"enum": list(STATUSES)}
    line["properties"]["evidence"] = {"type": ["object", "null"]}
    line["properties"]["references"] = {
        "type": "object",
        "additionalProperties": {"type": "array", "items": {"type": "string"}},
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
            "coverage": {"type": "array", "items": _coverage_schema()},
            "waivers": {"type": "array", "items": _waiver_schema()},
            "unknown_records": {"type": "integer", "minimum": 1},
            "problems": schemas[3],
            "actions": {"type": "array", "items": schemas[4]},
            "more_actions": _COUNT,
            "findings": {"type": "array", "items": schemas[2]},
        },
        "required": ["run", "summary", "coverage", "waivers", "findings"],
        "additionalProperties": False,
        "$defs": dict(sorted(components.items())),
    }


def _coverage_schema() -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {
            "control": {"type": "string"},
            **dict.fromkeys(("passed", "failed", "not_evaluated"), _COUNT),
            "reasons": {"type": "object", "additionalProperties": _COUNT},
            **dict.fromkeys(("disabled", "reported"), _COUNT),
        },
        "required": ["control", "passed", "failed", "not_evaluated", "reasons", "disabled"],
        "additionalProperties": False,
    }


def _waiver_schema() -> dict[str, Any]:
    return {
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
