"""What platforms showed of an account, under whatever name a list has it.

A list names accounts as whoever wrote it does: ``twitter`` and ``@Parish`` where the registry has
``x`` and the address of the page. The keys of the documents hold those names, so the keys alone are
read, and then the documents of the names that are the account's.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from rolecall.aws.table import DocumentTable
from rolecall.keys.accounts import match_key
from rolecall.keys.subjects import account_key
from rolecall.model import Account, Observation
from rolecall.registry.documents import SEEN, SeenDocument
from rolecall.registry.key_parts import unquoted

__all__ = ["listings_of"]

_ALL = 1_000_000_000
_seen = msgspec.json.Decoder(SeenDocument).decode


def listings_of(table: DocumentTable, account: Account) -> list[Observation]:
    """Return the observations of an account, on whatever days.

    :param table: of the registry.
    """
    wanted = match_key(account.platform, account.handle)
    folded = account_key(*wanted)
    own = account_key(account.platform, account.handle)
    places = [
        (partition, key)
        for partition in SEEN
        for key, name in _names(table, partition)
        # A key is case-folded, and what it is found by may not be: the rows decide.
        if name == own or account_key(*match_key(*name)) == folded
    ]
    items = (
        item
        for partition, key in places
        for item in table.query(partition, (key, key), consistent=True)
    )
    rows = (row for item in items for row in _seen(item.data).rows)
    return [row for row in rows if match_key(row.platform, row.handle) == wanted]


def _names(table: DocumentTable, partition: str) -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield the keys of a partition of observations, each with the account that it names."""
    arguments: dict[str, Any] = {
        "TableName": table.name,
        "KeyConditionExpression": "pk = :pk",
        "ExpressionAttributeValues": {":pk": {"S": partition}},
        "ProjectionExpression": "pk, sk",
        "ConsistentRead": True,
    }
    for item in table.rows(arguments, _ALL):
        platform, handle, _ = item.key.split("#")
        yield item.key, (unquoted(platform), unquoted(handle))
