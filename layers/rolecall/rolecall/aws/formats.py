"""The format of each table of a stack, and why nobody writes into one that they do not know.

A table has an item ``FORMAT`` whose version ``v`` is the number of its format; one without is of
format 1, which release 0.1.0 left. A release knows the formats up to :data:`FORMATS`. It reads and
writes each of them, so that a stack works between the deployment and the upgrade
(:mod:`rolecall.aws.upgrades`); of a table in a later one it reads what it knows and writes nothing,
as it would write over what it does not know.

The guard stands at the client: whatever writes, passes it. It reads each item once in the life of a
process, before the first write into that table: a request that is served warm costs nothing more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from rolecall.aws.clients import storage
from rolecall.aws.table import Write, put
from rolecall.errors import FormatError

__all__ = [
    "FORMATS",
    "FormatGuard",
    "FormatItem",
    "format_write",
    "is_empty",
    "read_format",
    "refusal",
]

FORMATS = {
    "RegistryTable": 3,
    "FindingsTable": 2,
    "AuditLogTable": 2,
    "VaultTable": 2,
    "DeskTable": 2,
    "AnswersTable": 2,
}
"""The format in which this release leaves each table, by the output of the stack that names it."""

_FIRST = 1
_PARTITION = "FORMAT"
_WRITES = ("TransactWriteItems", "PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem")


class FormatItem(Struct, frozen=True):
    """The format of a table, and whether the table has an item that says so."""

    number: int
    is_noted: bool


def read_format(client: Any, output: str, name: str) -> FormatItem:
    """Return the format of a table as it is now.

    :param output: of the stack, that names it.
    :param name: of the table.
    """
    key = {"pk": {"S": _PARTITION}}
    if output != "AnswersTable":
        key["sk"] = {"S": "-"}
    with storage(f"reading {name}"):
        item = client.get_item(TableName=name, Key=key, ConsistentRead=True).get("Item")
    return FormatItem(_FIRST, False) if item is None else FormatItem(int(item["v"]["N"]), True)


def format_write(name: str, before: FormatItem, to: int, release: str) -> Write:
    """Return the write by which a table is of another format.

    :param before: the format that it must have at that moment.
    :param release: that brings it there.
    """
    return put(
        name,
        _PARTITION,
        "-",
        f'{{"rolecall":"{release}"}}'.encode(),
        version=before.number if before.is_noted else 0,
        becomes=to,
    )


def is_empty(client: Any, name: str) -> bool:
    """Tell whether a table has no item at all."""
    with storage(f"looking into {name}"):
        return not client.scan(TableName=name, Limit=1, ConsistentRead=True)["Items"]


def refusal(output: str, number: int, known: int) -> FormatError:
    """Return why nothing is written into a table, and what to do."""
    return FormatError(
        f"{output} is in format {number}, and this release knows it up to {known}: a later one "
        "upgraded the stack; use that release, here and in the stack (docs/upgrade.md)"
    )


class FormatGuard:
    """Lets a process write into the tables whose formats it knows."""

    def __init__(self, tables: Mapping[str, str]) -> None:
        """Guard the tables of a stack.

        :param tables: the names of tables, by the outputs that name them.
        """
        self._outputs = {name: output for output, name in tables.items()}
        self._known: set[str] = set()

    def on(self, client: Any) -> Any:
        """Return a client of DynamoDB whose writes are held against the formats."""

        def check(params: Mapping[str, Any], **_: Any) -> None:
            for name in {*_tables(params)} - self._known:
                if (output := self._outputs.get(name)) is not None:
                    self._hold(client, output, name)

        for operation in _WRITES:
            client.meta.events.register(f"provide-client-params.dynamodb.{operation}", check)
        return client

    def _hold(self, client: Any, output: str, name: str) -> None:
        """Hold the format of a table against those that are known, once.

        :raises FormatError: a later release upgraded it.
        """
        number = read_format(client, output, name).number
        if number > FORMATS[output]:
            raise refusal(output, number, FORMATS[output])
        self._known.add(name)


def _tables(params: Mapping[str, Any]) -> Iterator[str]:
    """Yield the tables into which a call writes."""
    if "TableName" in params:
        yield params["TableName"]
    yield from params.get("RequestItems", ())
    for item in params.get("TransactItems", ()):
        yield from (part["TableName"] for part in item.values())
