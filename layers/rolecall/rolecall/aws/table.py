"""A table of DynamoDB whose items are documents: keys, a version, and JSON in one attribute.

An item has ``pk`` and ``sk``, its version ``v`` (a number that every change raises by one), and
``doc``, the document as a string of JSON: to decode one string costs a tenth of what many native
attributes cost. Pages of a query are decoded from the response's bytes straight into rows; botocore
never sees the items. (Its own parser takes a truncated body for an empty page; this one raises.)
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import Any

import msgspec
from botocore.exceptions import ClientError
from msgspec import Struct

from rolecall.aws.clients import code_of, pause, storage
from rolecall.errors import StorageError, VersionConflictError

__all__ = [
    "MOST_BYTES",
    "MOST_ITEMS",
    "DocumentTable",
    "TableItem",
    "Write",
    "decode_page",
    "delete",
    "packed",
    "put",
    "transact",
]

MOST_ITEMS = 100
"""Items of one transaction."""
MOST_BYTES = 3_500_000
"""Bytes of one transaction, with room to the 4 MB that it may have."""
_PARALLEL = 16
_TRIES = 3
_CONFLICTS = 12
_PASSING = {"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"}
"""Why a transaction was not done that may be done the next moment."""


class _Text(Struct, frozen=True, gc=False):
    S: str


class _Number(Struct, frozen=True, gc=False):
    N: str


class _Item(Struct, frozen=True, gc=False):
    pk: _Text
    sk: _Text
    # An index of keys has nothing else.
    doc: _Text = _Text("")
    v: _Number = _Number("0")
    email: _Text | None = None


class _Page(Struct, frozen=True):
    items: list[_Item] = msgspec.field(name="Items", default_factory=list)
    last: dict[str, Any] | None = msgspec.field(name="LastEvaluatedKey", default=None)
    rest: dict[str, Any] | None = msgspec.field(name="ConsumedCapacity", default=None)


decode_page = msgspec.json.Decoder(_Page).decode


class TableItem(Struct, frozen=True, gc=False):
    """One item. ``email`` is what an index has of it."""

    partition: str
    key: str
    version: int
    data: str
    email: str | None = None


class Write(Struct, frozen=True, kw_only=True):
    """One item's part in a transaction, as DynamoDB wants it, and about how large it is."""

    request: Mapping[str, Any]
    size: int


def _decode_items(response_dict: Any, customized_response_dict: Any, **_: Any) -> None:
    """Take the items out of a response before botocore parses it."""
    if response_dict["status_code"] != 200:
        return
    page = decode_page(response_dict["body"])
    customized_response_dict["Items"] = page.items
    rest = {"Count": len(page.items), "LastEvaluatedKey": page.last, "ConsumedCapacity": page.rest}
    response_dict["body"] = msgspec.json.encode({k: v for k, v in rest.items() if v is not None})


class DocumentTable:
    """A table of documents."""

    def __init__(self, client: Any, name: str) -> None:
        """Use a table.

        :param client: of DynamoDB, for this table's documents alone: it decodes every query so.
        """
        self.client = client
        self.name = name
        client.meta.events.register(
            "before-parse.dynamodb.Query", _decode_items, unique_id="rolecall-documents"
        )

    def get(self, partition: str, key: str) -> TableItem | None:
        """Return an item as it is now."""
        with storage(f"reading {self.name}"):
            answer = self.client.get_item(
                TableName=self.name,
                Key={"pk": {"S": partition}, "sk": {"S": key}},
                ConsistentRead=True,
            )
        item = answer.get("Item")
        if item is None:
            return None
        return TableItem(partition, key, int(item["v"]["N"]), item["doc"]["S"])

    def get_many(self, places: Sequence[tuple[str, str]]) -> list[TableItem]:
        """Return those of some items that there are, as they are now, in no order.

        :param places: partitions and keys, each once.
        """
        found: list[TableItem] = []
        for number in range(0, len(places), MOST_ITEMS):
            keys = [
                {"pk": {"S": partition}, "sk": {"S": key}}
                for partition, key in places[number : number + MOST_ITEMS]
            ]
            asked: Any = {self.name: {"Keys": keys, "ConsistentRead": True}}
            attempt = 0
            while asked:
                with storage(f"reading {self.name}"):
                    answer = self.client.batch_get_item(RequestItems=asked)
                found += [
                    TableItem(
                        item["pk"]["S"], item["sk"]["S"], int(item["v"]["N"]), item["doc"]["S"]
                    )
                    for item in answer["Responses"].get(self.name, ())
                ]
                # An answer has at most 16 MB, and what DynamoDB is too busy for is left.
                asked = answer.get("UnprocessedKeys")
                if asked:
                    attempt += 1
                    if attempt == _CONFLICTS:
                        raise StorageError(f"reading {self.name}: DynamoDB is too busy")
                    pause(attempt)
        return found

    def query(
        self,
        partition: str,
        between: tuple[str, str] | None = None,
        *,
        consistent: bool = False,
        forward: bool = True,
    ) -> Iterator[TableItem]:
        """Yield the items of a partition in the order of their keys.

        :param between: the first and the last key, both included.
        :param consistent: whether to see every write that was acknowledged before; costs twice.
        """
        arguments = self._arguments(partition)
        arguments |= {"ConsistentRead": consistent, "ScanIndexForward": forward}
        if between is not None:
            arguments["KeyConditionExpression"] += " AND sk BETWEEN :first AND :last"
            bounds = {":first": {"S": between[0]}, ":last": {"S": between[1]}}
            arguments["ExpressionAttributeValues"] |= bounds
        for page in self._pages(arguments, self._page(arguments)):
            for item in page.items:
                email = None if item.email is None else item.email.S
                yield TableItem(item.pk.S, item.sk.S, int(item.v.N), item.doc.S, email)

    def partitions(self, key: str) -> list[str]:
        """Return the partitions that have an item of a key, by the index ``by-key``."""
        return [partition for partition, _ in self.indexed("by-key", "sk", key)]

    def indexed(self, index: str, attribute: str, value: str) -> list[tuple[str, str]]:
        """Return the places of the items with a value, by an index.

        The index follows the table within moments: look at the item itself before you rely on it.
        """
        arguments = {
            "TableName": self.name,
            "IndexName": index,
            "KeyConditionExpression": "#key = :value",
            "ExpressionAttributeNames": {"#key": attribute},
            "ExpressionAttributeValues": {":value": {"S": value}},
        }
        return [
            (item.pk.S, item.sk.S)
            for page in self._pages(arguments, self._page(arguments))
            for item in page.items
        ]

    def rows(self, arguments: Mapping[str, Any], most: int) -> list[TableItem]:
        """Return the first items of a query.

        :param arguments: of the query, as DynamoDB wants them.
        """
        found: list[TableItem] = []
        limited = {**arguments, "Limit": most}
        for page in self._pages(limited, self._page(limited)):
            found += [
                TableItem(item.pk.S, item.sk.S, int(item.v.N), item.doc.S) for item in page.items
            ]
            if len(found) >= most:
                break
        return found[:most]

    def documents(self, partitions: Iterable[str]) -> Iterator[bytes]:
        """Yield the documents of partitions, in order; the first pages are read ahead."""
        with ThreadPoolExecutor(_PARALLEL) as pool:
            waiting: deque[tuple[str, Future[_Page]]] = deque()
            names = iter(partitions)
            while True:
                for name in islice(names, 2 * _PARALLEL - len(waiting)):
                    waiting.append((name, pool.submit(self._page, self._arguments(name))))
                if not waiting:
                    return
                partition, future = waiting.popleft()
                for page in self._pages(self._arguments(partition), future.result()):
                    for item in page.items:
                        yield item.doc.S.encode()

    def _arguments(self, partition: str) -> dict[str, Any]:
        return {
            "TableName": self.name,
            "KeyConditionExpression": "pk = :pk",
            "ExpressionAttributeValues": {":pk": {"S": partition}},
        }

    def _pages(self, arguments: Mapping[str, Any], page: _Page) -> Iterator[_Page]:
        """Yield a first page and all that follow it."""
        yield page
        while page.last is not None:
            page = self._page(arguments, page.last)
            yield page

    def _page(self, arguments: Mapping[str, Any], after: Mapping[str, Any] | None = None) -> _Page:
        start = {} if after is None else {"ExclusiveStartKey": after}
        for attempt in range(_TRIES):
            try:
                with storage(f"reading {self.name}"):
                    answer = self.client.query(**arguments, **start)
            except msgspec.DecodeError as error:
                # A body that was cut off on its way: the next try gets the whole of it.
                if attempt + 1 == _TRIES:
                    raise StorageError(f"reading {self.name}: broken answers") from error
                continue
            return _Page(answer["Items"], answer.get("LastEvaluatedKey"))
        raise AssertionError

    # -- writing ----------------------------------------------------------------------------

    def write(
        self, groups: Iterable[Sequence[Write]], advance: Callable[[int], object] | None = None
    ) -> None:
        """Write items, in transactions that are as large as can be; each group is in one.

        Each transaction is done whole or not at all; those before one that failed stay.

        :param advance: called with the number of items after each transaction.
        :raises VersionConflictError: an item is not in the version that its write names.
        """
        for batch in packed(groups):
            self.transact(batch)
            if advance is not None:
                advance(len(batch))

    def transact(self, writes: Sequence[Write]) -> None:
        """Write at most :data:`MOST_ITEMS` items, all or none.

        :raises VersionConflictError: an item is not in the version that its write names.
        """
        transact(self.client, self.name, [write.request for write in writes])


def transact(client: Any, what: str, requests: Sequence[Mapping[str, Any]]) -> None:
    """Send one transaction; where it met another one, again.

    :raises VersionConflictError: a condition does not hold; ``places`` says of which requests.
    """
    for attempt in range(_CONFLICTS):
        try:
            with storage(f"writing {what}"):
                client.transact_write_items(TransactItems=list(requests))
        except StorageError as error:
            reasons = _reasons(error)
            failed = [i for i, reason in enumerate(reasons) if reason == "ConditionalCheckFailed"]
            if failed:
                raise VersionConflictError(f"writing {what}: changed meanwhile", failed) from error
            if not set(reasons) & _PASSING or attempt + 1 == _CONFLICTS:
                raise
            pause(attempt)
            continue
        return


def _reasons(error: StorageError) -> list[str]:
    cause = error.__cause__
    if not isinstance(cause, ClientError) or code_of(cause) != "TransactionCanceledException":
        return []
    return [reason.get("Code", "None") for reason in cause.response.get("CancellationReasons", ())]


def packed(groups: Iterable[Sequence[Write]], most: int = MOST_ITEMS) -> Iterator[list[Write]]:
    """Yield the writes of groups as transactions, each group whole in one of them."""
    batch: list[Write] = []
    size = 0
    for group in groups:
        weight = sum(write.size for write in group)
        if batch and (len(batch) + len(group) > most or size + weight > MOST_BYTES):
            yield batch
            batch, size = [], 0
        batch += group
        size += weight
    if batch:
        yield batch


def put(
    table: str,
    partition: str,
    key: str,
    data: bytes,
    *,
    version: int = 0,
    becomes: int | None = None,
    attributes: Mapping[str, str] | None = None,
) -> Write:
    """Return the write of an item.

    :param version: the version that it has now; 0 where there must be none.
    :param becomes: the version that it gets, by default the next.
    :param attributes: texts for indexes.
    """
    item: dict[str, Any] = {
        "pk": {"S": partition},
        "sk": {"S": key},
        "v": {"N": str(version + 1 if becomes is None else becomes)},
        "doc": {"S": data.decode()},
    }
    item |= {name: {"S": text} for name, text in (attributes or {}).items()}
    return Write(
        request={"Put": {"TableName": table, "Item": item, **_condition(version)}},
        size=len(data) + 500,
    )


def delete(table: str, partition: str, key: str, *, version: int) -> Write:
    """Return the deletion of an item in a version."""
    where = {"pk": {"S": partition}, "sk": {"S": key}}
    return Write(
        request={"Delete": {"TableName": table, "Key": where, **_condition(version)}}, size=500
    )


def _condition(version: int) -> dict[str, Any]:
    if version == 0:
        return {"ConditionExpression": "attribute_not_exists(pk)"}
    return {
        "ConditionExpression": "v = :was",
        "ExpressionAttributeValues": {":was": {"N": str(version)}},
    }
