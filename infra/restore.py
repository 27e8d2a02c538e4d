"""Puts back what a table has lost, from a copy of it that was restored to a point in time.

Usage: python infra/restore.py COPY TABLE [--yes]

Only items that the table does not have are written, and nothing is ever changed: what is on record
stays as it is. docs/runbooks.md says when and how.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from typing import Any

import msgspec
from botocore.exceptions import ClientError

from rolecall.aws.clients import client, code_of, storage
from rolecall.aws.links import LINK_DATA, links_of
from rolecall.errors import StorageError
from rolecall.model import Entity
from rolecall.registry.documents import ENTITIES


def items(tables: Any, name: str) -> Iterator[dict[str, Any]]:
    """Yield every item of a table."""
    with storage(f"reading {name}"):
        for page in tables.get_paginator("scan").paginate(TableName=name, ConsistentRead=True):
            yield from page["Items"]


def is_there(tables: Any, name: str, item: dict[str, Any]) -> bool:
    """Tell whether a table has an item of that key."""
    key = {"pk": item["pk"], "sk": item["sk"]}
    with storage(f"reading {name}"):
        found = tables.get_item(
            TableName=name, Key=key, ConsistentRead=True, ProjectionExpression="pk"
        )
    return "Item" in found


def put_back(tables: Any, copy: str, name: str, *, dry_run: bool) -> tuple[int, int]:
    """Write what is missing; return how many items were looked at, and how many were missing."""
    seen = missing = 0
    for item in items(tables, copy):
        seen += 1
        if is_there(tables, name, item):
            continue
        missing += 1
        if dry_run:
            continue
        for one in (*links(item), item):
            add(tables, name, one)
    return seen, missing


def links(item: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield what an entity is found by: a copy of an earlier release has no links."""
    if item["pk"]["S"] in ENTITIES:
        for link in links_of(msgspec.json.decode(item["doc"]["S"], type=Entity)):
            data = {"v": {"N": "1"}, "doc": {"S": LINK_DATA.decode()}}
            yield {"pk": {"S": link.partition}, "sk": {"S": link.key}, **data}


def add(tables: Any, name: str, item: dict[str, Any]) -> None:
    """Write an item, unless there is one."""
    try:
        with storage(f"writing {name}"):
            tables.put_item(
                TableName=name, Item=item, ConditionExpression="attribute_not_exists(pk)"
            )
    except StorageError as error:
        cause = error.__cause__
        if not isinstance(cause, ClientError) or not code_of(cause).startswith("ConditionalCheck"):
            raise


def main() -> int:
    """Say what is missing, and with ``--yes`` put it back."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("copy", help="the restored table")
    parser.add_argument("table", help="the table of the stack")
    parser.add_argument("--yes", action="store_true", help="write; without it nothing is changed")
    arguments = parser.parse_args()
    seen, missing = put_back(
        client("dynamodb"), arguments.copy, arguments.table, dry_run=not arguments.yes
    )
    done = "put back" if arguments.yes else "missing; --yes puts them back"
    sys.stdout.write(f"{seen:,} items looked at, {missing:,} {done}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
