"""What every SARIF 2.1.0 document of ours is made of: its frame, its tool, its rules, its places.

A document has one run. Texts from a registry go through :func:`plain`, so that they link nowhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from rolecall.location import Location

__all__ = [
    "SARIF_SCHEMA",
    "closing",
    "descriptor",
    "driver",
    "invocations",
    "location",
    "opening",
    "plain",
]

SARIF_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_encode = msgspec.json.Encoder().encode


def opening() -> Iterator[bytes]:
    """Yield what stands before the results of the one run."""
    yield b'{"$schema": ' + _encode(SARIF_SCHEMA) + b', "version": "2.1.0", "runs": [{"results": ['


def closing(rest: dict[str, Any]) -> Iterator[bytes]:
    """Yield what stands behind them: the rest of the run."""
    yield b"\n]"
    for key, value in rest.items():
        yield b",\n" + _encode(key) + b": " + _encode(value)
    yield b"\n}]}\n"


def driver(
    version: str,
    rules: Sequence[Mapping[str, Any]],
    notifications: Sequence[Mapping[str, Any]] = (),
) -> Mapping[str, Any]:
    """Return the tool, with its rules and its notifications.

    :param version: of Rolecall.
    """
    return {
        "name": "Rolecall",
        "semanticVersion": version,
        "rules": rules,
        "notifications": notifications,
    }


def invocations(notifications: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the one invocation, with what it has to say."""
    return [{"executionSuccessful": True, "toolExecutionNotifications": notifications}]


def descriptor(id_: str, level: str, short: str, full: str, what: str) -> Mapping[str, Any]:
    """Return a rule, or a kind of notification, as GitHub asks for it."""
    return {
        "id": id_,
        "shortDescription": {"text": short},
        "fullDescription": {"text": full},
        "help": {"text": f"{full}\n\nWhat to do: {what}"},
        "defaultConfiguration": {"level": level},
    }


def location(where: Location) -> Mapping[str, Any]:
    """Return where a result is: its line, and its row where there is one."""
    physical: dict[str, Any] = {
        "artifactLocation": {"uri": where.uri, "uriBaseId": "%SRCROOT%"},
    }
    if where.line is not None:
        physical["region"] = {"startLine": where.line}
    place: dict[str, Any] = {"physicalLocation": physical}
    if where.row is not None:
        name = f"row {where.row}" if where.table is None else f"{where.table} row {where.row}"
        place["logicalLocations"] = [{"fullyQualifiedName": name, "kind": "row"}]
    return place


def plain(text: str) -> str:
    """Return a text in which a registry cannot plant a link: ``[text](address)`` would be one."""
    if "](" not in text:
        return text
    return text.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")
