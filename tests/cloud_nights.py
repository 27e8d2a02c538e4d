"""Nights in a stack of moto: the functions one after the other, as the state machine calls them."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from rolecall.ledger.log import records
from rolecall.ledger.memory_log import MemoryLog
from rolecall.ledger.verify import verify_log
from rolecall.model import Snapshot
from rolecall.registry.documents import documents
from rolecall.registry.policy_toml import parse_policy
from rolecall.reports.json_report import json_report
from rolecall.reports.report import Report
from rolecall.usecases.runs.local import run_audit
from tests.cloud import NOW, SIGNER, Cloud, Invocation
from tests.registries import AS_OF, read

__all__ = [
    "EXAMPLE",
    "POLICY",
    "after_a_night",
    "bring_in",
    "example",
    "finish",
    "items",
    "night",
    "plan",
    "verify",
    "whole",
    "with_diocese",
]

EXAMPLE = Path(__file__).parents[1] / "examples" / "diocese"
POLICY = (EXAMPLE / "policy.toml").read_text(encoding="utf-8")


@cache
def example() -> Snapshot:
    """Return the example."""
    return read(EXAMPLE)[0]


def bring_in(sky: Cloud, snapshot: Snapshot, policy: str | None = POLICY) -> None:
    """Import a registry."""
    registry = sky.stack().registry
    registry.apply(registry.compare(documents(snapshot, policy)))


def with_diocese(sky: Cloud) -> None:
    """Begin with the example."""
    bring_in(sky, example())


def after_a_night(sky: Cloud) -> dict[str, Any]:
    """Begin with the example after a night, and return its report."""
    bring_in(sky, example())
    return night(sky)


def plan(sky: Cloud, as_of: datetime = AS_OF, **limits: Any) -> dict[str, Any]:
    """Take the first step of a night, and return what it answers."""
    event = {
        "execution": "night",
        "started": NOW.isoformat(),
        "input": {"as_of": as_of.isoformat(), **limits},
    }
    answer: dict[str, Any] = sky.function("plan").handler(event, Invocation())
    return answer


def items(sky: Cloud, planned: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what the state machine hands to the auditors, one each."""
    manifest: list[dict[str, Any]] = json.loads(sky.stack().files.get(planned["manifest"]))
    return manifest


def night(sky: Cloud, as_of: datetime = AS_OF) -> dict[str, Any]:
    """Run a whole night as the state machine does, and return its report."""
    planned = plan(sky, as_of)
    audit = sky.function("audit")
    for item in items(sky, planned):
        audit.handler(item, Invocation())
    return finish(sky, planned)


def finish(sky: Cloud, planned: dict[str, Any]) -> dict[str, Any]:
    """Take the last steps of a night, and return its report."""
    sky.function("seal").handler({"prefix": planned["prefix"]}, Invocation())
    written = sky.function("report").handler({"prefix": planned["prefix"]}, Invocation())
    name = next(name for name in written["reports"] if name.endswith(".json"))
    report: dict[str, Any] = json.loads(sky.stack().records.get(name) or b"")
    return report


def verify(sky: Cloud) -> Counter[str]:
    """Verify the whole log, and return how often each event stands in it."""
    log = sky.stack().log
    leaves = list(log.leaves())
    sizes = [int(name.rpartition("/")[2]) for name in sky.stack().records.names("checkpoints/")]
    notes = {size: note for size in sizes if (note := log.checkpoint(size))}
    verify_log([leaves], notes, [SIGNER.key])
    counts = Counter(record.id for record in records(log))
    assert set(counts.values()) <= {1}
    return counts


def whole(
    snapshot: Snapshot, policy: str, as_of: datetime = AS_OF, log: MemoryLog | None = None
) -> dict[str, Any]:
    """Return the report of an offline audit."""
    reports: list[Report] = []
    rules = parse_policy("policy.toml", policy.encode())
    run_audit(snapshot, rules, as_of, reports.append, log=log or MemoryLog())
    found: dict[str, Any] = msgspec.json.decode(
        b"".join(json_report(reports[0], reports[0].findings))
    )
    return found
