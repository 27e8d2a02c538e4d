"""DynamoDB a second time: another engine than moto, over HTTP, for the same tests.

Where ``ROLECALL_DYNAMODB`` names a program (``make test-engines`` installs one below ``.local/``),
each process of the tests starts it on a free port of loopback and stops it in the end. S3 and KMS
stay moto's. What two engines agree on is more likely to be DynamoDB's than what one says.
"""

from __future__ import annotations

import atexit
import os
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

import boto3

__all__ = ["PROGRAM", "Kept", "endpoint", "keep", "put_in"]

PROGRAM = os.environ.get("ROLECALL_DYNAMODB", "")
_SECONDS = 20
_MOST = 25


class Kept(NamedTuple):
    """A table: how it is made, and its items by their keys."""

    definition: Mapping[str, Any]
    items: Mapping[str, Mapping[str, Any]]


@cache
def endpoint() -> str:
    """Start the program, once a process, and return its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    running = subprocess.Popen(
        [PROGRAM, "--host", "127.0.0.1", "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    atexit.register(_stop, running)
    until = time.monotonic() + _SECONDS
    while running.poll() is None and time.monotonic() < until:
        with socket.socket() as trial:
            if trial.connect_ex(("127.0.0.1", port)) == 0:
                return f"http://127.0.0.1:{port}"
        time.sleep(0.01)
    raise RuntimeError(f"{PROGRAM} does not answer on port {port}")


def _stop(running: subprocess.Popen[bytes]) -> None:
    running.terminate()
    running.wait(_SECONDS)


def keep() -> dict[str, Kept]:
    """Return every table with its items."""
    client = boto3.client("dynamodb")
    return {
        name: Kept(_definition(client, name), _items(client, name))
        for name in client.list_tables()["TableNames"]
    }


def put_in(tables: Mapping[str, Kept]) -> None:
    """Let the engine have these tables with these items, and nothing else."""
    client = boto3.client("dynamodb")
    there = set(client.list_tables()["TableNames"])
    for name in there - set(tables):
        client.delete_table(TableName=name)
    for name, kept in tables.items():
        if name not in there:
            client.create_table(**kept.definition)
        now = _items(client, name)
        writes: list[dict[str, Any]] = [
            {"PutRequest": {"Item": item}}
            for key, item in kept.items.items()
            if now.get(key) != item
        ]
        writes += [
            {"DeleteRequest": {"Key": _key(kept.definition, item)}}
            for key, item in now.items()
            if key not in kept.items
        ]
        for batch in _batches(writes):
            answer = client.batch_write_item(RequestItems={name: batch})
            assert not answer.get("UnprocessedItems"), name


def _batches(writes: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    return (writes[at : at + _MOST] for at in range(0, len(writes), _MOST))


def _definition(client: Any, name: str) -> dict[str, Any]:
    table = client.describe_table(TableName=name)["Table"]
    indexes = [
        {part: index[part] for part in ("IndexName", "KeySchema", "Projection")}
        for index in table.get("GlobalSecondaryIndexes", ())
    ]
    return {
        "TableName": name,
        "KeySchema": table["KeySchema"],
        "AttributeDefinitions": table["AttributeDefinitions"],
        "BillingMode": "PAY_PER_REQUEST",
        **({"GlobalSecondaryIndexes": indexes} if indexes else {}),
    }


def _key(definition: Mapping[str, Any], item: Mapping[str, Any]) -> dict[str, Any]:
    names = [part["AttributeName"] for part in definition["KeySchema"]]
    return {name: item[name] for name in names}


def _items(client: Any, name: str) -> dict[str, Mapping[str, Any]]:
    definition = _definition(client, name)
    pages = client.get_paginator("scan").paginate(TableName=name)
    return {str(_key(definition, item)): item for page in pages for item in page["Items"]}
