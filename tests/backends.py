"""What moto holds, taken and put back: a test begins in a state that another took minutes ago.

moto copies a whole table before each transaction and sorts a whole table for each query. Under
:func:`quick` a transaction keeps what it may change, and a query looks at one partition; what
they answer, and what a transaction that fails leaves behind, is moto's own (``test_backends.py``
holds the one against the other). No stream is copied along: a table that has one is refused.
"""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import wraps
from types import SimpleNamespace
from typing import Any, NamedTuple
from unittest import mock

import moto.dynamodb.models as tables_of_moto
from moto.core.base_backend import BackendDict
from moto.core.model_instances import reset_model_data
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import DynamoDBBackend, dynamodb_backends
from moto.dynamodb.models.dynamo_type import DynamoType
from moto.dynamodb.models.table import Table
from moto.kms.models import kms_backends
from moto.s3.models import FakeBucket, FakeKey, s3_backends

from tests.quick_calls import quick_calls
from tests.quick_clients import quick_clients
from tests.second_engine import PROGRAM, keep, put_in

__all__ = ["Held", "put_back", "quick", "take"]

REGION = "us-east-1"

# What an object holds is a file of Python's own, in memory, and closed when nobody has it any more;
# moto warns of every one that was not closed by hand.
FakeKey.__del__ = FakeKey.dispose  # type: ignore[method-assign]


class Held(NamedTuple):
    """Tables, buckets and keys of KMS, by their names."""

    tables: dict[str, Any]
    buckets: dict[str, Any]
    keys: dict[str, Any]


def take() -> Held:
    """Return a copy of what moto holds, with the tables of another engine where that has them."""
    taken = _copied(
        Held(
            dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION].tables,
            s3_backends[DEFAULT_ACCOUNT_ID]["aws"].buckets,
            kms_backends[DEFAULT_ACCOUNT_ID][REGION].keys,
        )
    )
    return taken._replace(tables=keep()) if PROGRAM else taken


def put_back(held: Held) -> None:
    """Let moto hold what was taken, and nothing else."""
    ours = (dynamodb_backends, s3_backends, kms_backends)
    services: Any = BackendDict
    for service in services._instances:
        if service not in ours:
            for account in service.values():
                account.reset()
    reset_model_data()
    if PROGRAM:
        put_in(held.tables)
        held = held._replace(tables={})
    fresh = _copied(held)
    dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION].tables = fresh.tables
    s3_backends[DEFAULT_ACCOUNT_ID]["aws"].buckets = fresh.buckets
    s3_backends.bucket_accounts = dict.fromkeys(fresh.buckets, ("aws", DEFAULT_ACCOUNT_ID))
    kms_backends[DEFAULT_ACCOUNT_ID][REGION].keys = fresh.keys


def _copied(held: Held) -> Held:
    return Held(
        {name: _table(table) for name, table in held.tables.items()},
        {name: _bucket(bucket) for name, bucket in held.buckets.items()},
        {name: copy.copy(key) for name, key in held.keys.items()},
    )


def _table(table: Table) -> Table:
    """Copy a table; its items are shared, as :func:`quick` lets nobody change one in place."""
    assert table.stream_shard is None, f"{table.name} has a stream"
    copied = copy.copy(table)
    ranged = table.range_key_attr is not None
    copied.items = defaultdict(
        dict,
        {key: dict(items) if ranged else items for key, items in table.items.items()},
    )
    return copied


def _bucket(bucket: FakeBucket) -> FakeBucket:
    copied = copy.copy(bucket)
    copied.keys = type(bucket.keys)()
    for name, versions in dict.items(bucket.keys):
        copied.keys.setlist(name, copy.deepcopy(versions))
    return copied


_kept: dict[str, Table] = {}
"""The tables as they were before the transaction that runs, by name."""


def _deepcopy(value: Any, memo: Any = None) -> Any:
    if not isinstance(value, Table):
        return copy.deepcopy(value, memo)
    if value.name not in _kept:
        _kept[value.name] = _table(value)
    return _kept[value.name]


_transact_write_items = DynamoDBBackend.transact_write_items
_query = Table.query
_update_item = DynamoDBBackend.update_item


@wraps(_transact_write_items)
def _transact_keeping_once(self: DynamoDBBackend, transact_items: Any) -> Any:
    """Keep each table once, before the first write: moto keeps it for every item."""
    _kept.clear()
    try:
        return _transact_write_items(self, transact_items)
    finally:
        _kept.clear()


@wraps(_query)
def _query_a_partition(self: Table, hash_key: Any, *rest: Any, **named: Any) -> Any:
    index = named.get("index_name", rest[6] if len(rest) > 6 else None)
    if index is not None or hash_key is None or self.range_key_attr is None:
        return _query(self, hash_key, *rest, **named)
    narrow = copy.copy(self)
    narrow.items = defaultdict(dict)
    if hash_key in self.items:
        narrow.items[hash_key] = self.items[hash_key]
    return _query(narrow, hash_key, *rest, **named)


@wraps(_update_item)
def _update_a_copy(
    self: DynamoDBBackend, table_name: str, key: Any, *rest: Any, **named: Any
) -> Any:
    item = self.get_item(table_name, key)
    if item is not None:
        table: Any = self.get_table(table_name)
        if table.range_key_attr is None:
            table.items[item.hash_key] = copy.deepcopy(item)
        else:
            table.items[item.hash_key][item.range_key] = copy.deepcopy(item)
    return _update_item(self, table_name, key, *rest, **named)


_equal = DynamoType.__eq__
_hash = DynamoType.__hash__


def _equal_texts(self: DynamoType, other: DynamoType) -> bool:
    if self.type == "S":
        return bool(other.type == "S" and self.value == other.value)
    return _equal(self, other)


def _hash_of_text(self: DynamoType) -> int:
    return hash(("S", self.value)) if self.type == "S" else _hash(self)


@contextmanager
def quick() -> Iterator[None]:
    """Have transactions and queries cost what they touch, and calls what they do."""
    shallow = SimpleNamespace(copy=copy.copy, deepcopy=_deepcopy)
    with ExitStack() as stack:
        stack.enter_context(quick_calls())
        stack.enter_context(quick_clients())
        stack.enter_context(mock.patch.object(tables_of_moto, "copy", shallow))
        stack.enter_context(mock.patch.object(Table, "query", _query_a_partition))
        once = mock.patch.object(DynamoDBBackend, "transact_write_items", _transact_keeping_once)
        stack.enter_context(once)
        stack.enter_context(mock.patch.object(DynamoDBBackend, "update_item", _update_a_copy))
        # Keys are texts, and are what is compared.
        stack.enter_context(mock.patch.object(DynamoType, "__eq__", _equal_texts))
        stack.enter_context(mock.patch.object(DynamoType, "__hash__", _hash_of_text))
        yield
