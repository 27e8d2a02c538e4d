"""Sends what nobody would think of to the API of the stack on this machine: ``make fuzz``.

Requests are generated from the API's own description by schemathesis, with the tokens of real users
and, for every other id, one that the registry has. Whatever comes in, no answer may be a failure of
ours (5xx), and each must be what the description says: its status, its type, its shape. What
they do to the registry is undone afterwards; what they wrote into the audit log stays there.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3

from infra.local_stack import EXAMPLE, STACK_FILE, environment, say
from rolecall.registry.reading import read_registry

__all__ = ["main"]

ROLES = ("compliance", "registrar", "head", "manager")
CHECKS = (
    *("not_a_server_error", "status_code_conformance", "content_type_conformance"),
    "response_schema_conformance",
)
WORKERS = 4
EXAMPLES = 8
"""Cases of one route in one round, at most."""


def main() -> int:
    """Send cases until there were enough; say how many, and what was wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=10_000, help="how many at least")
    parser.add_argument("--seed", type=int, default=1, help="where to begin")
    arguments = parser.parse_args()
    os.environ.update(environment())
    stack = json.loads(STACK_FILE.read_text(encoding="utf-8"))
    sent, rounds, failed = 0, 0, False
    with kept(stack["outputs"]), tempfile.TemporaryDirectory() as scratch:
        schema = Path(scratch) / "openapi.json"
        schema.write_text(json.dumps(described(stack)), encoding="utf-8")
        while sent < arguments.cases and not failed:
            role = ROLES[rounds % len(ROLES)]
            count, failed = send(stack, schema, role, arguments.seed + rounds)
            sent, rounds = sent + count, rounds + 1
            say(f"{role:<12} seed {arguments.seed + rounds - 1:<5} {count:>5,} cases")
    say(f"{sent:,} cases{'; something is wrong, see above' if failed else ', nothing wrong'}")
    return 1 if failed else 0


def send(stack: dict[str, Any], schema: Path, role: str, seed: int) -> tuple[int, bool]:
    """Send one round with the token of a user; return how many, and whether something failed."""
    report = schema.with_name("report.json")
    command = [
        *(str(Path(sys.executable).parent / "schemathesis"), "run", str(schema)),
        *("--url", stack["endpoint"], "--header", f"Host: {host(stack)}"),
        *("--header", f"Authorization: Bearer {token(stack, role)}"),
        *("--phases", "fuzzing", "--checks", ",".join(CHECKS), "--seed", str(seed)),
        *("--max-examples", str(EXAMPLES), "--workers", str(WORKERS), "--no-color"),
        *("--generation-database", "none", "--warnings", "off"),
        *("--report-json-path", str(report)),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=schema.parent)
    if done.returncode not in (0, 1) or not report.exists():
        raise SystemExit(f"schemathesis ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    if done.returncode:
        say(done.stdout)
    return cases(json.loads(report.read_text(encoding="utf-8"))), done.returncode != 0


def cases(report: dict[str, Any]) -> int:
    """Return how many cases a report counts."""
    found: int = report["test_cases"]["generated"]
    return found


def host(stack: dict[str, Any]) -> str:
    """Return the name by which the emulator knows the gateway."""
    name: str = stack["outputs"]["ApiUrl"].partition("//")[2]
    return name


def token(stack: dict[str, Any], role: str) -> str:
    """Sign a demo user in."""
    user = next(user for user in stack["users"] if user["role"] == role)
    answer = boto3.client("cognito-idp").initiate_auth(
        AuthFlow="USER_PASSWORD_AUTH",
        ClientId=stack["outputs"]["UserPoolClientId"],
        AuthParameters={"USERNAME": user["email"], "PASSWORD": user["password"]},
    )
    found: str = answer["AuthenticationResult"]["IdToken"]
    return found


# -- what is asked for ----------------------------------------------------------------------------


def described(stack: dict[str, Any]) -> dict[str, Any]:
    """Return the description of the API, with ids of the registry beside any others."""
    request = urllib.request.Request(  # noqa: S310 - the emulator on this machine
        f"{stack['endpoint']}/v1/openapi.json", headers={"Host": host(stack)}
    )
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
        schema: dict[str, Any] = json.load(answer)
    ids = known(stack)
    for path, methods in schema["paths"].items():
        for operation in methods.values():
            for parameter in operation.get("parameters", ()):
                values = ids.get(_kind(path, parameter))
                if values:
                    free = parameter["schema"]
                    parameter["schema"] = {"anyOf": [{"enum": values}, free]}
    return schema


def _kind(path: str, parameter: dict[str, Any]) -> str:
    if parameter["in"] == "query":
        return "entities" if parameter["name"] == "entity" else ""
    name = str(parameter["name"])
    return {"id": path.split("/")[2], "person": "people"}.get(name, name)


def known(stack: dict[str, Any]) -> dict[str, list[str]]:
    """Return ids by what they name."""
    snapshot = read_registry(EXAMPLE, datetime.now(UTC).date()).snapshot
    found = {
        "entities": [one.id for one in snapshot.entities],
        "people": [one.id for one in snapshot.people],
        "accounts": [one.id for one in snapshot.accounts],
        "login": [one.id for one in snapshot.logins],
        # Of a record that is new.
        "If-None-Match": ["*"],
    }
    request = urllib.request.Request(  # noqa: S310
        f"{stack['endpoint']}/v1/findings?limit=50",
        headers={"Host": host(stack), "Authorization": f"Bearer {token(stack, 'compliance')}"},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
        findings = json.load(answer)["items"]
    found["href"] = [one["href"].rpartition("/")[2] for one in findings]
    return found


# -- nothing stays --------------------------------------------------------------------------------


@contextmanager
def kept(outputs: dict[str, str]) -> Iterator[None]:
    """Bring the registry and the desk back to what they were, whatever happens between."""
    tables = [outputs[name] for name in ("RegistryTable", "DeskTable")]
    before = {table: items(table) for table in tables}
    try:
        yield
    finally:
        for table in tables:
            restore(table, before[table], items(table))


def items(table: str) -> dict[tuple[str, str], dict[str, Any]]:
    """Return every item of a table."""
    pages = boto3.client("dynamodb").get_paginator("scan").paginate(TableName=table)
    return {(item["pk"]["S"], item["sk"]["S"]): item for page in pages for item in page["Items"]}


def restore(
    table: str,
    before: dict[tuple[str, str], dict[str, Any]],
    now: dict[tuple[str, str], dict[str, Any]],
) -> None:
    """Make the items of a table what they were."""
    client = boto3.client("dynamodb")
    for key, item in before.items():
        if now.get(key) != item:
            client.put_item(TableName=table, Item=item)
    for pk, sk in now.keys() - before.keys():
        client.delete_item(TableName=table, Key={"pk": {"S": pk}, "sk": {"S": sk}})


if __name__ == "__main__":
    sys.exit(main())
