"""Puts back what a table has lost, from a copy of it that was restored to a point in time.

Nothing that is there is changed or deleted. An item of the copy is not missing because there is
none in its place in the table:

- an account that belongs to another entity by now has another place, and its former one gave
  access to others;
- what an import removed is gone on purpose (:mod:`rolecall.aws.removals`);
- what would lie below something that is not there, or make parents a circle, is no registry;
- a sign-in of somebody who signs in as another subject by now is not theirs any more.

These stay away, and are named. Links, claims and the like are not taken from a copy at all: they
follow from the documents, and are written where they are missing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Literal, TypeAlias

import msgspec
from msgspec import Struct

from rolecall.aws.clients import client, storage
from rolecall.aws.importing import Changes, apply_changes
from rolecall.aws.registry_copy import RegistryCopy
from rolecall.aws.stack import Stack
from rolecall.aws.table import transact
from rolecall.errors import VersionConflictError
from rolecall.finding import identity
from rolecall.ledger.event import Event
from rolecall.registry.documents import DocumentKey

__all__ = ["TABLES", "KeptAway", "RestorableTable", "Restoration", "copied_items", "restoration"]

RestorableTable: TypeAlias = Literal["registry", "log", "vault", "desk"]
TABLES: Mapping[RestorableTable, str] = {
    "registry": "RegistryTable",
    "log": "AuditLogTable",
    "vault": "VaultTable",
    "desk": "DeskTable",
}
"""The outputs of a stack by what people call the tables. Findings follow from the log, and kept
answers last for a day."""
_NEVER = {"FORMAT", "HEAD", "REWRAP"}
"""Items that change in place: an old one in place of none would be wrong in another way."""
_RawItem: TypeAlias = dict[str, Any]


class KeptAway(Struct, frozen=True):
    """An item of a copy that is not put back, and why."""

    place: DocumentKey
    why: str


class Restoration(Struct, frozen=True, kw_only=True):
    """What a copy has that a table has lost.

    :ivar seen: items of the copy.
    :ivar missing: places that are put back.
    :ivar kept_away: what is not.
    :ivar items: to be put where there is none, as they are.
    :ivar changes: of the registry, with all that follows from its documents.
    """

    table: RestorableTable
    name: str
    seen: int
    missing: tuple[DocumentKey, ...]
    kept_away: tuple[KeptAway, ...]
    items: tuple[_RawItem, ...] = ()
    changes: Changes | None = None

    def __bool__(self) -> bool:
        return bool(self.missing) or bool(self.changes)

    def counted(self) -> Mapping[str, int]:
        """Return how many items are put back of each kind of partition."""
        return Counter(where.partition.partition("#")[0] for where in self.missing)

    def write(self, stack: Stack, at: datetime, via: str) -> None:
        """Put back what is missing. One that was interrupted goes on when it is made again.

        It is on record before it is done, but for that of the log itself: what the log has lost
        proves itself, and nothing can be appended to it before.

        :param at: this instant.
        :param via: who does it.
        :raises VersionConflictError: somebody else works with the registry; look again.
        """
        if self.table != "log":
            stack.journal.commit([self._event(at, via)])
        for item in self.items:
            _put_missing(stack, self.name, item)
        if self.changes is not None:
            apply_changes(stack.registry.table, self.changes)

    def _event(self, at: datetime, via: str) -> Event:
        return Event(
            id=f"restore/{identity(self.table, at.isoformat(), via)}",
            at=at,
            actor="restore",
            action="stack.restored",
            entity=None,
            subject=None,
            payload={"table": TABLES[self.table], "items": dict(self.counted()), "via": via},
        )


def restoration(
    stack: Stack, table: RestorableTable, copy: str, *, with_removed: bool = False
) -> Restoration:
    """Return what a copy has that a table of a stack has lost; nothing is written.

    :param copy: the name of the restored table.
    :param with_removed: whether to put back what imports removed as well.
    """
    name = stack[TABLES[table]]
    copied = list(copied_items(copy))
    if table == "registry":
        found = RegistryCopy(stack.registry, copied).compared(with_removed=with_removed)
        return Restoration(
            table=table,
            name=name,
            seen=len(copied),
            missing=tuple(found.missing),
            kept_away=tuple(KeptAway(*one) for one in sorted(found.kept_away.items())),
            items=tuple(found.items),
            changes=found.changes,
        )
    items, kept_away = [], []
    for item in copied:
        where = _place(item)
        if where.partition in _NEVER or _item(name, where) is not None:
            continue
        why = _replaced(name, item) if table == "desk" else None
        if why is None:
            items.append(item)
        else:
            kept_away.append(KeptAway(where, why))
    return Restoration(
        table=table,
        name=name,
        seen=len(copied),
        missing=tuple(map(_place, items)),
        kept_away=tuple(kept_away),
        items=tuple(items),
    )


def copied_items(name: str) -> Iterator[_RawItem]:
    """Yield every item of a table."""
    tables = client("dynamodb")
    with storage(f"reading {name}"):
        for page in tables.get_paginator("scan").paginate(TableName=name, ConsistentRead=True):
            yield from page["Items"]


def _replaced(name: str, item: _RawItem) -> str | None:
    """Return why a sign-in is not put back, if somebody signs in otherwise by now."""
    kind, _, key = item["pk"]["S"].partition("#")
    if kind == "SUBJECT":
        person = msgspec.json.decode(item["doc"]["S"])
        bound = _item(name, DocumentKey(f"PERSON#{person}", "-"))
        if bound is not None and msgspec.json.decode(bound["doc"]["S"]) != key:
            return f"{person} signs in as another subject by now"
    return None


def _item(name: str, where: DocumentKey) -> _RawItem | None:
    with storage(f"reading {name}"):
        found: _RawItem | None = (
            client("dynamodb")
            .get_item(
                TableName=name,
                Key={"pk": {"S": where.partition}, "sk": {"S": where.key}},
                ConsistentRead=True,
            )
            .get("Item")
        )
    return found


def _put_missing(stack: Stack, name: str, item: _RawItem) -> None:
    condition = "attribute_not_exists(pk)"
    request = {"Put": {"TableName": name, "Item": item, "ConditionExpression": condition}}
    try:
        transact(stack.registry.table.client, name, [request])
    except VersionConflictError:
        # Somebody wrote it meanwhile: then it is not missing.
        return


def _place(item: _RawItem) -> DocumentKey:
    return DocumentKey(item["pk"]["S"], item["sk"]["S"])
