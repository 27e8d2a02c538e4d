"""Revocations in DynamoDB, committed with the registry and the log.

| pk | sk | document |
|---|---|---|
| ``REVOCATION#<id>`` | ``-`` | :class:`~rolecall.usecases.revoking.revocations.Revocation` |

An index *by-entity* lists the revocations of an entity by when they were asked for. What is put
under ``REVOCATION#`` goes through the table's stream to the function that carries it out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from rolecall.aws.claims import EDITS
from rolecall.aws.invariants import RegistryInvariants
from rolecall.aws.journal import Journal
from rolecall.aws.listings import listings_of
from rolecall.aws.rate_limit import DynamoRateLimit
from rolecall.aws.registry import StackRegistry
from rolecall.aws.table import DocumentTable, TableItem, put
from rolecall.ledger.event import Event
from rolecall.model import Account, Entity, Observation, Person
from rolecall.registry.documents import AccountDocument
from rolecall.usecases.revoking.access import AccountState
from rolecall.usecases.revoking.revocations import Revocation

__all__ = ["DynamoRevocations"]

_REVOCATION = "REVOCATION#"
_encode = msgspec.json.Encoder().encode
_revocation = msgspec.json.Decoder(Revocation).decode
_account = msgspec.json.Decoder(AccountDocument).decode


class _Token(Struct, frozen=True):
    item: TableItem
    edits: int


class DynamoRevocations:
    """Where revocations are kept."""

    def __init__(
        self,
        table: DocumentTable,
        registry: StackRegistry,
        journal: Journal,
        limit: DynamoRateLimit,
    ) -> None:
        self._table = table
        self._registry = registry
        self._journal = journal
        self._limit = limit

    def account(self, account: str) -> AccountState | None:
        """Return an account as it is now, with its lineage and the people who matter."""
        # This comes first: who is left is so at the commit, or that is refused.
        edits = RegistryInvariants(self._registry).edits()
        item = self._registry.account(account)
        if item is None:
            return None
        document = _account(item.data)
        lineage = list(self._registry.lineage(document.account.entity_id))
        ids = {grant.person_id for grant in document.grants if grant.is_live}
        for entity in lineage[:1]:
            ids |= {id_ for id_ in (entity.head_id, *entity.it_delegate_ids) if id_}
        people = {id_: person for id_ in sorted(ids) if (person := self._registry.person(id_))}
        return AccountState(document, lineage, people, _Token(item, edits))

    def listings(self, account: Account) -> Sequence[Observation]:
        """Return what platforms showed of an account, by any of its names, on whatever days."""
        return listings_of(self._registry.table, account)

    def revocation(self, id_: str) -> Revocation | None:
        """Return a revocation as it is now."""
        item = self._table.get(f"{_REVOCATION}{id_}", "-")
        return None if item is None else _revocation(item.data)

    def person(self, person: str) -> Person | None:
        """Return a person."""
        return self._registry.person(person)

    def lineage(self, entity: str) -> Sequence[Entity]:
        """Return an entity and those above it; nothing where there is none."""
        return list(self._registry.lineage(entity))

    def revocations(
        self, entity: str, after: str | None, most: int
    ) -> tuple[list[Revocation], str | None]:
        """Return revocations of an entity, the latest first, and where more are."""
        arguments: dict[str, Any] = {
            "TableName": self._table.name,
            "IndexName": "by-entity",
            "KeyConditionExpression": "entity = :entity AND moment < :before",
            "ExpressionAttributeValues": {
                ":entity": {"S": entity},
                # Every instant is before this.
                ":before": {"S": after or "~"},
            },
            "ScanIndexForward": False,
        }
        listed = self._table.rows(arguments, most + 1)
        items = (self._table.get(item.partition, item.key) for item in listed[:most])
        found = [
            _revocation(item.data)
            for item in items
            if item and item.partition.startswith(_REVOCATION)
        ]
        return found, _moment(found[-1]) if len(listed) > most and found else None

    def commit(
        self,
        state: AccountState,
        document: AccountDocument,
        revocation: Revocation,
        events: Sequence[Event],
        *,
        brake: str | None = None,
    ) -> None:
        """Record events with the revocation and the account that they make, in one transaction.

        :raises LogConflictError: something is not as it was read.
        :raises BrakeError: there were too many within an hour.
        """
        token: _Token = state.token
        writes: list[Mapping[str, Any]] = [
            put(
                self._table.name,
                f"{_REVOCATION}{revocation.id}",
                "-",
                _encode(revocation),
                version=revocation.version - 1,
                attributes={"entity": revocation.entity, "moment": _moment(revocation)},
            ).request
        ]
        if document != state.document:
            name, item = self._registry.table.name, token.item
            data = _encode(document)
            writes.append(put(name, item.partition, item.key, data, version=item.version).request)
            writes.append(put(name, *EDITS, b"{}", version=token.edits).request)
        if brake is not None:
            writes += self._limit.writes(brake, revocation.requested_at)
        self._journal.commit(events, writes)


def _moment(revocation: Revocation) -> str:
    """Return by what revocations are sorted."""
    return f"{revocation.requested_at.isoformat()}#{revocation.id}"
