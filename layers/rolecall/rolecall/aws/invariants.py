"""What holds of a registry as a whole, checked in the transaction of the edit that could break it.

A decision looks at the registry first and commits after that; whatever it looked at may be another
by then. So each rule over several items is looked at here once more, and the transaction holds an
item that everybody writes who could break the rule (:mod:`rolecall.aws.claims`): of two at once one
is refused, and decides anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rolecall.aws.account_names import name_write
from rolecall.aws.claims import (
    EDITS,
    TREE,
    account_claim,
    address_claim,
    address_of,
    claim_data,
    claimed,
)
from rolecall.aws.entities import DynamoEntities
from rolecall.aws.registry import StackRegistry
from rolecall.aws.table import TableItem, put
from rolecall.errors import LogConflictError
from rolecall.model import Account, Entity, Person, RegistryRecord
from rolecall.registry.documents import DocumentKey, account_key_of, accounts_of, entity_key
from rolecall.usecases.governance.entity_tree import flaw_above
from rolecall.usecases.governance.recorded_changes import StoredRecord

__all__ = ["RegistryInvariants"]


class RegistryInvariants:
    """The rules over several items, and the writes that keep them."""

    def __init__(self, registry: StackRegistry) -> None:
        self._registry = registry
        self._table = registry.table

    def lineage(self, entity: str) -> Iterator[Entity]:
        """Yield an entity and those above it, nearest first."""
        return self._registry.lineage(entity)

    def height(self, entity: str) -> int:
        """Return how many levels there are from an entity down, its own among them."""
        return DynamoEntities(self._table).height(entity)

    def edits(self) -> int:
        """Return how many edits there were: whoever edits, or takes access away, raises it."""
        row = self._table.get(*EDITS)
        return 0 if row is None else row.version

    def writes(self, held: StoredRecord, record: RegistryRecord) -> Iterator[Mapping[str, Any]]:
        """Yield what goes with the write of a record.

        :param held: the record as it was read.
        :raises LogConflictError: it cannot be any more; look again.
        """
        before = held.record
        yield put(self._table.name, *EDITS, b"{}", version=held.edits).request
        match record:
            case Entity():
                was = before.parent_id if isinstance(before, Entity) else None
                if before is None or record.parent_id != was:
                    yield from self._placed(record, is_new=before is None)
            case Account():
                if before is None:
                    yield self._owned(record)
                    yield self._touched(record.entity_id)
                yield from name_write(self._table, record)
            case Person():
                was = before.entity_id if isinstance(before, Person) else None
                if record.entity_id is not None and record.entity_id != was:
                    yield self._touched(record.entity_id)
                if (key := address_of(record)) is not None and _serves_anew(before, record):
                    is_entered = not isinstance(before, Person) or before.email != record.email
                    yield self._reached(record, key, alone=is_entered)

    def _placed(self, record: Entity, *, is_new: bool) -> Iterator[Mapping[str, Any]]:
        """Yield what goes with another place in the tree."""
        # The version comes first: what is looked at after it is of this version, or refused.
        version = self._registry.tree()
        if (flaw := flaw_above(self, record, is_new=is_new)) is not None:
            raise LogConflictError(f"{record.id}: {flaw}")
        yield put(self._table.name, *TREE, b"{}", version=version).request
        if record.parent_id is not None:
            yield self._touched(record.parent_id)

    def _touched(self, entity: str) -> Mapping[str, Any]:
        """Return the write of an entity as it is: nobody deletes it who did not see this."""
        where = entity_key(entity)
        row = self._table.get(*where)
        if row is None:
            raise LogConflictError(f"there is no entity {entity} any more")
        return put(self._table.name, *where, row.data.encode(), version=row.version).request

    def _owned(self, record: Account) -> Mapping[str, Any]:
        where = account_claim(record.id)
        claim = self._table.get(*where)
        for entity in () if claim is None else claimed(claim.data):
            # A claim without an account is what an earlier release left, or somebody lost.
            if self._table.get(accounts_of(entity), account_key_of(record.id)) is not None:
                raise LogConflictError(f"there is an account {record.id} by now")
        return self._claim(where, claim, claim_data([record.entity_id]))

    def _reached(self, record: Person, key: str, *, alone: bool) -> Mapping[str, Any]:
        """Return the claim of an address.

        :param alone: whether nobody else may serve under it: files may have a mailbox that people
            share, and who comes back to it comes back.
        """
        where = address_claim(key)
        claim = self._table.get(*where)
        named = () if claim is None else claimed(claim.data)
        others = [one for id_ in named if id_ != record.id and (one := self._registry.person(id_))]
        if alone and any(address_of(one) == address_of(record) for one in others):
            raise LogConflictError(f"somebody else serves under the address of {record.id} by now")
        return self._claim(where, claim, claim_data([*named, record.id]))

    def _claim(self, where: DocumentKey, known: TableItem | None, data: bytes) -> Mapping[str, Any]:
        version = 0 if known is None else known.version
        return put(self._table.name, *where, data, version=version).request


def _serves_anew(before: RegistryRecord | None, record: Person) -> bool:
    """Tell whether somebody serves under an address under which they did not."""
    known = address_of(before) if isinstance(before, Person) else None
    return address_of(record) not in (None, known)
