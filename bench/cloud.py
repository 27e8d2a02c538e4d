"""Measures what the functions cost: reading the registry, and starting cold.

Usage: python bench/cloud.py [--rounds 15] [--layers DIR]

The read path is CPU time for one page of DynamoDB with 1,000 accounts, from the response's bytes to
account objects, against msgspec decoding the same documents from memory. The cold start is the CPU
time of importing the audit handler from the layers as they were built (``--layers``, by default
those of ``make up``), against importing boto3 and making the same clients.

Exits with 1 when a promise is not kept, which the spread decides (:mod:`bench.spread`).
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import boto3
import msgspec
from botocore.awsrequest import AWSResponse
from botocore.config import Config

from rolecall.aws.table import DocumentTable, decode_page
from rolecall.registry.documents import AccountDocument, documents
from rolecall.registry.reading import read_registry

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from bench.generate import AS_OF, generate
from bench.spread import paired

ROOT = Path(__file__).resolve().parents[1]
ACCOUNTS = 1_000
PROMISES = {"decode": 2.0, "query": 2.5, "cold start": 1.15}

_decode = msgspec.json.Decoder(AccountDocument).decode


def account_documents() -> list[bytes]:
    """Return the documents of made-up accounts."""
    with tempfile.TemporaryDirectory() as name:
        generate(ACCOUNTS, Path(name))
        snapshot = read_registry(Path(name), AS_OF).snapshot
    found = documents(snapshot, None)
    return [data for where, data in found.items() if where.key.startswith("ACCOUNT#")]


def page_of(stored: list[bytes]) -> bytes:
    """Return the response of a query that finds the documents."""
    items = [
        {
            "pk": {"S": "ENTITY#e"},
            "sk": {"S": f"ACCOUNT#{number}"},
            "v": {"N": "1"},
            "doc": {"S": data.decode()},
        }
        for number, data in enumerate(stored)
    ]
    return json.dumps({"Items": items, "Count": len(items), "ScannedCount": len(items)}).encode()


def native_page(stored: list[bytes]) -> bytes:
    """Return the response with an attribute for every field, as boto3 users store it."""
    items = [_attribute(json.loads(data))["M"] for data in stored]
    return json.dumps({"Items": items, "Count": len(items), "ScannedCount": len(items)}).encode()


def _attribute(value: Any) -> dict[str, Any]:
    if isinstance(value, dict):
        return {"M": {name: _attribute(part) for name, part in value.items()}}
    if isinstance(value, list):
        return {"L": [_attribute(part) for part in value]}
    if isinstance(value, bool):
        return {"BOOL": value}
    return {"N": str(value)} if isinstance(value, int) else {"S": value}


class _Raw(BytesIO):
    def stream(self, *_: Any, **__: Any) -> Any:
        yield self.getvalue()


def client_that_gets(body: bytes) -> Any:
    """Return a client of DynamoDB that signs its requests, and gets this answer to each."""
    session = boto3.Session("key", "secret", region_name="us-east-1")
    made = session.client("dynamodb", config=Config(retries={"max_attempts": 0}))

    def answer(request: Any, **_: Any) -> AWSResponse:
        return AWSResponse(
            request.url, 200, {"content-type": "application/x-amz-json-1.0"}, _Raw(body)
        )

    made.meta.events.register("before-send.dynamodb.Query", answer)
    return made


def cpu(function: Callable[[], object]) -> float:
    """Return the CPU seconds of one call."""
    began = time.process_time()
    function()
    return time.process_time() - began


def read_path(rounds: int) -> dict[str, list[float]]:
    """Measure every way of reading by turns; return the seconds of each round."""
    stored = account_documents()
    body, native = page_of(stored), native_page(stored)
    table = DocumentTable(client_that_gets(body), "table")
    plain = client_that_gets(native)

    def floor() -> object:
        return [_decode(data) for data in stored]

    def decode() -> object:
        return [_decode(item.doc.S) for item in decode_page(body).items]

    def query() -> object:
        found = [_decode(row.data) for row in table.query("ENTITY#e")]
        if len(found) != ACCOUNTS:
            raise AssertionError
        return found

    def boto() -> object:
        return plain.query(
            TableName="table",
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": "ENTITY#e"}},
        )["Items"]

    ways = {"floor": floor, "decode": decode, "query": query, "boto3, native attributes": boto}
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            taken[name].append(cpu(way))
    return taken


BASE = """
import boto3
for service in ("dynamodb", "dynamodb", "s3"):
    boto3.client(service, region_name="us-east-1")
"""
OURS = """
import handler
handler.stack.findings
handler.stack.files
"""


def cold_start(
    layers: Path,
    rounds: int,
    function: str = "AuditFunction",
    theirs: str = BASE,
    own: str = OURS,
    more: tuple[str, ...] = (),
) -> tuple[list[float], list[float]]:
    """Measure two imports by turns in new processes; return the seconds of each round.

    :param more: layers of the function beside the two that every function has.
    """
    names = ("RolecallLayer", "DepsLayer", *more)
    paths = [layers / function, *(layers / name / "python" for name in names)]
    settings = {
        "PATH": os.environ["PATH"],
        "PYTHONDONTWRITEBYTECODE": "1",
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_REGION": "us-east-1",
        "STACK_NAME": "bench",
        "POWERTOOLS_SERVICE_NAME": "nightly",
        "POWERTOOLS_METRICS_NAMESPACE": "Rolecall",
        "FINDINGS_TABLE": "findings",
        "REGISTRY_TABLE": "registry",
        "DESK_TABLE": "desk",
        "AUDIT_LOG_TABLE": "log",
        "REPORT_BUCKET": "reports",
        "WORK_BUCKET": "work",
        "LEDGER_SHARDS": "16",
        "STATE_MACHINE": "machine",
        "GROUPS_CLAIM": "cognito:groups",
        "COMPLIANCE_GROUP": "rolecall:compliance",
        "REGISTRAR_GROUP": "rolecall:registrar",
        "NOT_FOUND_MILLISECONDS": "200",
    }

    def start(code: str) -> float:
        timed = (
            f"import time; began = time.process_time()\n{code}\nprint(time.process_time() - began)"
        )
        done = subprocess.run(
            [sys.executable, "-S", "-c", timed],
            env={**settings, "PYTHONPATH": os.pathsep.join(map(str, paths))},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(done.stderr)
        return float(done.stdout)

    base, ours = [], []
    for _ in range(rounds):
        base.append(start(theirs))
        ours.append(start(own))
    return base, ours


def main() -> int:
    """Print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--layers", type=Path, default=ROOT / ".local" / "sam")
    arguments = parser.parse_args()
    measured = read_path(arguments.rounds)
    floor = measured.pop("floor")
    print(f"one page of {ACCOUNTS:,} accounts; floor {statistics.median(floor) * 1_000:.2f} ms")
    ratios = {name: paired(taken, floor) for name, taken in measured.items()}
    if arguments.layers.exists():
        base, ours = cold_start(arguments.layers, arguments.rounds)
        ratios["cold start"] = paired(ours, base)
        base_ms, ours_ms = (statistics.median(taken) * 1_000 for taken in (base, ours))
        print(f"boto3 and clients {base_ms:.0f} ms, audit handler {ours_ms:.0f} ms")
    else:
        print("no layers: make up builds them; the cold start was not measured")
    kept = True
    for name, spread in ratios.items():
        promised = PROMISES.get(name)
        told = "" if promised is None else f"  (promised: {promised}x at most)"
        print(f"{name:<26}{spread!s:>20}{told}")
        kept = kept and (promised is None or spread.at_most(promised))
    print("every promise is kept" if kept else "a promise is not kept")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
