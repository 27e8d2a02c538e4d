"""What comes back, for the description of the API: answers are described by what they are.

Use cases answer with Structs, which are encoded as they are; their schemas are made when somebody
asks for the description, and cost nothing before.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import Struct

from rolecall.http.problems import STATUSES

__all__ = ["CheckpointAnswer", "EditAnswer", "LiftedAnswer", "components", "documented"]


class CheckpointAnswer(Struct, frozen=True):
    """A signed checkpoint of the audit log, to keep."""

    checkpoint: str


class LiftedAnswer(Struct, frozen=True):
    """Until when somebody may go on."""

    person: str
    until: datetime


class EditAnswer(Struct, frozen=True):
    """A record as it is on record, or as it would be once the change is approved."""

    record: Any
    change: Any = None


_PROBLEM = {
    "type": "object",
    "description": "RFC 9457 problem details.",
    "properties": {
        "type": {"type": "string", "pattern": "^urn:rolecall:problem:[a-z-]+$"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "fields": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"field": {"type": "string"}, "problem": {"type": "string"}},
                "required": ["field", "problem"],
            },
        },
    },
    "required": ["type", "title", "status", "detail"],
}
_MESSAGE = {
    "type": "object",
    "description": "What the gateway says before a request gets here.",
    "properties": {"message": {"type": ["string", "null"]}},
}
_shown: dict[str, type[Any] | str] = {}
"""The types of answers by their names; a text is a module and a name in it."""


def documented(
    kind: type[Any] | str | None,
    status: int = 200,
    *,
    many: bool = False,
    decisions: bool = False,
) -> dict[int, Any]:
    """Return the answers of a route, for the description.

    :param kind: of what comes back, or where it is (``module:Name``) if nothing else of this
        function needs it; ``None`` for a zip file.
    :param many: whether it is a page of a list.
    :param decisions: whether it is a whole list, and says what of it cannot be read.
    """
    if kind is None:
        content = {"application/zip": {"schema": {"type": "string", "format": "binary"}}}
    else:
        name = kind.rpartition(":")[2] if isinstance(kind, str) else kind.__name__
        _shown[name] = kind
        schema: dict[str, Any] = {"$ref": f"#/components/schemas/{name}"}
        if many or decisions:
            schema = _page(schema, _NEXT if many else _UNREADABLE)
        content = {"application/json": {"schema": schema}}
    return {status: {"description": "Done", "content": content}, **_REFUSALS}


_NEXT = {"next": {"type": ["string", "null"], "description": "The cursor of the next page"}}
_UNREADABLE = {
    "unreadable": {
        "type": "array",
        "items": {"type": "string"},
        "description": "Of what it cannot be read: ids of what the others are about",
    }
}


def _page(schema: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    items = {"items": {"type": "array", "items": schema}}
    return {"type": "object", "properties": {**items, **more}, "required": ["items"]}


def _refusals() -> dict[int, Any]:
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    message = {"application/json": {"schema": {"$ref": "#/components/schemas/GatewayMessage"}}}
    found: dict[int, Any] = {}
    for _, code, _, title in reversed(STATUSES):
        found[code] = {"description": title, "content": problem}
    found[428] = found[412]
    # These the gateway answers as well, in its own words.
    for code in (401, 404, 429, 500, 503):
        known = found.get(code, {"description": "The token is not good", "content": {}})
        found[code] = {**known, "content": {**known["content"], **message}}
    return found


_REFUSALS = _refusals()


def components() -> dict[str, Any]:
    """Return the schemas of everything that :func:`documented` was told of."""
    from importlib import import_module

    import msgspec

    kinds = []
    for kind in _shown.values():
        if isinstance(kind, str):
            module, _, name = kind.partition(":")
            kind = getattr(import_module(module), name)
        kinds.append(kind)
    _, found = msgspec.json.schema_components(
        kinds, ref_template="#/components/schemas/{name}", schema_hook=lambda _: {}
    )
    return {**found, "Problem": _PROBLEM, "GatewayMessage": _MESSAGE}
