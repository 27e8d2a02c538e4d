"""Measures the API: a cold import of its handler, and a page of a hundred findings.

Usage: python bench/api.py [--rounds 15] [--layers DIR]

The cold import is held against importing boto3 and making the clients that the handler makes, from
the layers as they were built (``--layers``, by default those of ``make up``). The page is the
processor time of the handler for ``GET /v1/findings``, reads answered from memory, against encoding
the same rows as JSON with the standard library.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import statistics
import sys
import time
from contextlib import redirect_stdout
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any
from unittest import mock

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from bench.cloud import cold_start
from bench.spread import paired
from rolecall.finding import Finding
from rolecall.finding_state import FindingState
from rolecall.model import Entity, Person, Subject
from rolecall.usecases.identity.permissions import Caller
from rolecall.usecases.identity.stewardship import Stewardship
from tests.api import claims, event_of
from tests.cloud import Invocation

ROOT = Path(__file__).parents[1]
ROWS = 100
PROMISES = {"cold import": 1.6, "page of findings": 3.0}
BASE = """
import boto3
boto3.client("dynamodb", region_name="us-east-1")
boto3.client("s3", region_name="us-east-1")
"""
OURS = """
import handler
handler.stack.reader
handler.stack.archive
"""


class Memory:
    """What is read, in memory."""

    def __init__(self, known: list[FindingState]) -> None:
        self.known = known
        self.unit = Entity("e", "E", None, "head")

    def stewardship(self, _person: str, _most: int) -> Stewardship:
        """Return the one entity."""
        return Stewardship((self.unit,), (self.unit,))

    def lineage(self, _: str) -> list[Entity]:
        """Return it."""
        return [self.unit]

    def person(self, id_: str) -> Person:
        """Return somebody."""
        return Person(id_, id_, "active")

    def findings(
        self, _entity: str, _status: str, _severity: str | None, _after: str | None, most: int
    ) -> tuple[list[FindingState], str | None]:
        """Return the findings."""
        return self.known[:most], None


def finding(number: int) -> FindingState:
    """Return a finding of a usual size."""
    evidence = {
        "because": "unchanged",
        "holder_ids": [f"p-{number:05}", f"p-{number + 1:05}"],
        "rotated_on": "2026-08-11",
    }
    made = Finding(
        f"{number:032x}",
        "leaver-knows-password",
        "critical",
        "e",
        Subject("login", account=f"acc-{number:05}", login=f"log-{number:05}"),
        json.dumps(evidence, sort_keys=True, separators=(",", ":")).encode(),
        f"{number:064x}",
    )
    return FindingState(made, datetime(2026, 11, 2, tzinfo=UTC), 1, "open", "opened", 1)


def page(rounds: int) -> tuple[list[float], list[float]]:
    """Return seconds of processor time: of the handler, and of encoding its rows."""
    settings = {
        **dict.fromkeys(("REGISTRY_TABLE", "FINDINGS_TABLE", "AUDIT_LOG_TABLE"), "x"),
        **dict.fromkeys(("DESK_TABLE", "REPORT_BUCKET", "STACK_NAME"), "x"),
        "LEDGER_SHARDS": "4",
        "GROUPS_CLAIM": "cognito:groups",
        "COMPLIANCE_GROUP": "rolecall:compliance",
        "REGISTRAR_GROUP": "rolecall:registrar",
        "NOT_FOUND_MILLISECONDS": "200",
        "POWERTOOLS_METRICS_NAMESPACE": "Rolecall",
        "POWERTOOLS_LOG_LEVEL": "CRITICAL",
        "POWERTOOLS_METRICS_DISABLED": "true",
        "POWERTOOLS_TRACE_DISABLED": "true",
        "AWS_REGION": "us-east-1",
    }
    # Metrics are printed, as a function prints them.
    with mock.patch.dict(os.environ, settings), redirect_stdout(StringIO()):
        spec = importlib.util.spec_from_file_location(
            "api_handler", ROOT / "functions" / "api" / "handler.py"
        )
        if spec is None or spec.loader is None:
            raise RuntimeError("there is no handler")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        books: Any = Memory([finding(number) for number in range(ROWS)])
        module.stack.__dict__["reader"] = books
        module.api.caller = lambda: Caller("head", frozenset(), "bench")
        who = claims("head@example.org")
        event, context = event_of("GET", "/v1/findings", who), Invocation()
        rows = json.loads(module.handler(event, context)["body"])
        if len(rows["items"]) != ROWS:
            raise RuntimeError("the page is not whole")
        ours, floor = [], []
        for _ in range(rounds):
            began = time.process_time()
            for _ in range(20):
                module.handler(event, context)
            ours.append((time.process_time() - began) / 20)
            began = time.process_time()
            for _ in range(20):
                json.dumps(rows)
            floor.append((time.process_time() - began) / 20)
    return ours, floor


def _ms(taken: list[float]) -> float:
    return statistics.median(taken) * 1_000


def main() -> int:
    """Print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--layers", type=Path, default=ROOT / ".local" / "sam")
    arguments = parser.parse_args()
    ratios = {}
    ours, floor = page(arguments.rounds)
    print(f"{ROWS} findings: handler {_ms(ours):.2f} ms, encoding {_ms(floor):.2f} ms")
    ratios["page of findings"] = paired(ours, floor)
    if arguments.layers.exists():
        base, cold = cold_start(
            arguments.layers, arguments.rounds, "ApiFunction", BASE, OURS, ("ApiLayer",)
        )
        print(f"boto3 and clients {_ms(base):.0f} ms, api handler {_ms(cold):.0f} ms")
        ratios["cold import"] = paired(cold, base)
    else:
        print("no layers: make up builds them; the cold import was not measured")
    for name, spread in ratios.items():
        print(f"{name:<20}{spread!s:>20}  (promised: {PROMISES[name]}x at most)")
    kept = all(spread.at_most(PROMISES[name]) for name, spread in ratios.items())
    print("every promise is kept" if kept else "a promise is not kept")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
