"""Revocations, sign-ins and brakes in DynamoDB, committed with the registry and the log.

| pk | sk | document |
|---|---|---|
| ``REVOCATION#<id>`` | ``-`` | :class:`~rolecall.usecases.revoking.revocations.Revocation` |
| ``BRAKE#<person>`` | ``RECENT`` | when they revoked within the last hour |
| ``BRAKE#<person>`` | ``LIFT`` | until when the brake is lifted |
| ``PERSON#<id>`` | ``-`` | the subject that a person signs in as |
| ``SUBJECT#<hash>`` | ``-`` | the person of a subject |

An index *by-entity* lists the revocations of an entity by when they were asked for. What is put
under ``REVOCATION#`` goes through the table's stream to the function that carries it out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from msgspec import Struct

from rolecall.aws.ledger import DynamoLog
from rolecall.aws.registry import StackRegistry
from rolecall.aws.table import DocumentTable, TableItem, put, transact
from rolecall.errors import BrakeError, DeniedError, LogConflictError, VersionConflictError
from rolecall.ledger.log import append
from rolecall.ledger.record import Event
from rolecall.model import Person, Subject
from rolecall.registry.documents import AccountDocument
from rolecall.ring import shard_of, slot_of
from rolecall.usecases.revoking.revocations import AccountState, Revocation

__all__ = ["DynamoRevocations"]

_HOUR = timedelta(hours=1)
_REVOCATION = "REVOCATION#"
_encode = msgspec.json.Encoder().encode
_revocation = msgspec.json.Decoder(Revocation).decode
_account = msgspec.json.Decoder(AccountDocument).decode


class _Token(Struct, frozen=True):
    row: TableItem


class DynamoRevocations:
    """What the API changes."""

    def __init__(
        self,
        table: DocumentTable,
        registry: StackRegistry,
        log: DynamoLog,
        *,
        most_an_hour: int = 20,
    ) -> None:
        """Use a table.

        :param most_an_hour: revocations of one caller.
        """
        self.table = table
        self.registry = registry
        self.log = log
        self.most = most_an_hour

    # -- accounts and revocations -----------------------------------------------------------

    def place(self, account: str) -> AccountState | None:
        """Return an account as it is now, with its line and the people who matter."""
        row = self.registry.account(account)
        if row is None:
            return None
        document = _account(row.data)
        lineage = list(self.registry.lineage(document.account.entity_id))
        ids = {grant.person_id for grant in document.grants if grant.is_live}
        for entity in lineage[:1]:
            ids |= {id_ for id_ in (entity.head_id, *entity.it_delegate_ids) if id_}
        people = {id_: person for id_ in sorted(ids) if (person := self.registry.person(id_))}
        return AccountState(document, lineage, people, _Token(row))

    def revocation(self, id_: str) -> Revocation | None:
        """Return a revocation as it is now."""
        row = self.table.get(f"REVOCATION#{id_}", "-")
        return None if row is None else _revocation(row.data)

    def person(self, person: str) -> Person | None:
        """Return a person."""
        return self.registry.person(person)

    def revocations(
        self, entity: str, after: str | None, most: int
    ) -> tuple[list[Revocation], str | None]:
        """Return revocations of an entity, the latest first, and where more are."""
        arguments: dict[str, Any] = {
            "TableName": self.table.name,
            "IndexName": "by-entity",
            "KeyConditionExpression": "entity = :entity AND moment < :before",
            "ExpressionAttributeValues": {
                ":entity": {"S": entity},
                # Every instant is before this.
                ":before": {"S": after or "~"},
            },
            "ScanIndexForward": False,
        }
        places = self.table.rows(arguments, most + 1)
        read = (self.table.get(row.partition, row.key) for row in places[:most])
        found = [
            _revocation(row.data) for row in read if row and row.partition.startswith(_REVOCATION)
        ]
        return found, _moment(found[-1]) if len(places) > most and found else None

    def commit(
        self,
        place: AccountState,
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
        token: _Token = place.token
        writes: list[Mapping[str, Any]] = [
            put(
                self.table.name,
                f"REVOCATION#{revocation.id}",
                "-",
                _encode(revocation),
                version=revocation.version - 1,
                attributes={"entity": revocation.entity, "moment": _moment(revocation)},
            ).request
        ]
        if document != place.document:
            name, row = self.registry.table.name, token.row
            data = _encode(document)
            writes.append(put(name, row.partition, row.key, data, version=row.version).request)
        if brake is not None:
            writes += self._brake(brake, revocation.requested_at)
        self.append(events, writes)

    def append(self, events: Sequence[Event], writes: Sequence[Mapping[str, Any]]) -> None:
        """Record events with other writes, in one transaction.

        :raises LogConflictError: an item is not as it was read.
        """
        self.log.forget()
        subject = events[0].subject or Subject("policy")
        shard = shard_of(slot_of(subject), self.log.shards)
        append(self.log.carrying({events[-1].id: writes}), events, shard=shard)

    # -- the brake --------------------------------------------------------------------------

    def count(self, person: str, at: datetime) -> None:
        """Count one act of a caller that revokes much at once.

        :raises BrakeError: there were too many within an hour.
        :raises LogConflictError: another act was counted meanwhile; look again.
        """
        requests = self._brake(person, at)
        if requests:
            try:
                transact(self.table.client, self.table.name, requests)
            except VersionConflictError as error:
                raise LogConflictError("another act was counted meanwhile") from error

    def _brake(self, person: str, at: datetime) -> list[Mapping[str, Any]]:
        lifted = self.table.get(f"BRAKE#{person}", "LIFT")
        if lifted is not None and datetime.fromisoformat(msgspec.json.decode(lifted.data)) > at:
            return []
        known = self.table.get(f"BRAKE#{person}", "RECENT")
        recent = [] if known is None else msgspec.json.decode(known.data, type=list[datetime])
        recent = [one for one in recent if one > at - _HOUR]
        if len(recent) >= self.most:
            raise BrakeError(
                f"{person} asked for {len(recent):,} revocations within an hour; another head or "
                "IT delegate can let them go on"
            )
        write = put(
            self.table.name,
            f"BRAKE#{person}",
            "RECENT",
            _encode([*recent, at]),
            version=known.version if known else 0,
        )
        return [write.request]

    def lift(self, person: str, until: datetime, event: Event) -> None:
        """Let somebody go on until an instant."""
        known = self.table.get(f"BRAKE#{person}", "LIFT")
        write = put(
            self.table.name,
            f"BRAKE#{person}",
            "LIFT",
            _encode(until.isoformat()),
            version=known.version if known else 0,
        )
        self.append([event], [write.request])

    # -- sign-ins ---------------------------------------------------------------------------

    def bound(self, issuer: str, subject: str) -> str | None:
        """Return the person whom a subject of an issuer signed in as."""
        row = self.table.get(f"SUBJECT#{_hash(issuer, subject)}", "-")
        found: str | None = None if row is None else msgspec.json.decode(row.data)
        return found

    def bind(self, issuer: str, subject: str, person: Person, event: Event) -> None:
        """Bind a subject of an issuer to a person, both for good.

        :raises DeniedError: the person signed in as another subject before.
        """
        name, hashed = self.table.name, _hash(issuer, subject)
        writes = [
            put(name, f"SUBJECT#{hashed}", "-", _encode(person.id)).request,
            put(name, f"PERSON#{person.id}", "-", _encode(hashed)).request,
        ]
        try:
            self.append([event], writes)
        except LogConflictError:
            known = self.table.get(f"PERSON#{person.id}", "-")
            if known is None or msgspec.json.decode(known.data) != hashed:
                raise DeniedError(
                    f"{person.id} signs in as another subject; IT must look into it"
                ) from None


def _moment(revocation: Revocation) -> str:
    """Return by what revocations are sorted."""
    return f"{revocation.requested_at.isoformat()}#{revocation.id}"


def _hash(issuer: str, subject: str) -> str:
    return hashlib.sha256(_encode([issuer, subject])).hexdigest()
