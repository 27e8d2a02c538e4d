"""Which audits ended in a segment, as its seal tells: each by its id and a digest of what it was.

The records of one entity do not hold the end of an audit, and none of them names one that changed
nothing there; but they come with a seal. So whoever has them can hold what a report says of its run
against what was signed, and learns of it nothing that the report does not say.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from rolecall.errors import LogCorruptError

__all__ = ["MOST_RUNS", "completed_runs", "run_digest"]

MOST_RUNS = 300
"""Audits that a seal tells of at most, the last ones: a record has room for that many."""
_FIELDS = ("run", "number", "rolecall", "policy", "registry")
_encode = msgspec.json.Encoder(order="sorted").encode


def completed_runs(leaves: Iterable[bytes]) -> dict[str, str]:
    """Return the digests of the audits that ended, by their ids, in order.

    :param leaves: records of the action ``run.completed``.
    :raises LogCorruptError: one of them cannot be parsed.
    """
    found = {}
    for leaf in leaves:
        record = _decode(leaf)
        payload: Any = record.get("payload")
        # A later release may have another form of it.
        if isinstance(payload, dict) and isinstance(payload.get("run"), str):
            found[payload["run"]] = run_digest({**payload, "at": record.get("at")})
    return found


def _decode(leaf: bytes) -> dict[str, Any]:
    try:
        record: dict[str, Any] = msgspec.json.decode(leaf, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise LogCorruptError(f"not a record: {error}") from error
    return record


def run_digest(run: Mapping[str, Any]) -> str:
    """Return what identifies an audit: SHA-256 (hex) of what it was and when.

    :param run: has its id, number, release, policy, registry, scope and version of the catalogue
        by the names that they have in the log, and its instant as ``at``. Of the scope the controls
        count: the entity is that of the report.
    """
    scope = run.get("scope")
    controls = scope.get("controls") if isinstance(scope, Mapping) else None
    catalogue = run.get("catalogue", 1)
    if catalogue != 1:
        run = {**run, "registry": _told_to_heads(run.get("registry"))}
    told = [run.get("at"), controls, *map(run.get, _FIELDS)]
    # An audit of release 0.1.0 says no version of the catalogue, which was the first.
    if catalogue != 1:
        told.append(catalogue)
    return hashlib.sha256(_encode(told)).hexdigest()


def _told_to_heads(registry: Any) -> Any:
    """Return what reports of entities say of a registry: not how many incidents there are.

    A head who has the digest would otherwise try the few numbers that there can be.
    """
    rows = registry.get("rows") if isinstance(registry, Mapping) else None
    if not isinstance(rows, Mapping):
        return registry
    return {**registry, "rows": {name: rows[name] for name in rows if name != "incidents"}}
