"""Which subject of an issuer is which person, in DynamoDB: bound once, both for good.

| pk | sk | document |
|---|---|---|
| ``PERSON#<id>`` | ``-`` | the subject that a person signs in as |
| ``SUBJECT#<hash>`` | ``-`` | the person of a subject |
"""

from __future__ import annotations

import hashlib

import msgspec

from rolecall.aws.journal import Journal
from rolecall.aws.table import DocumentTable, put
from rolecall.errors import DeniedError, LogConflictError
from rolecall.ledger.event import Event
from rolecall.model import Person

__all__ = ["DynamoSignIns"]

_encode = msgspec.json.Encoder().encode


class DynamoSignIns:
    """Who signed in as whom."""

    def __init__(self, table: DocumentTable, journal: Journal) -> None:
        self._table = table
        self._journal = journal

    def bound(self, issuer: str, subject: str) -> str | None:
        """Return the person whom a subject of an issuer signed in as."""
        item = self._table.get(f"SUBJECT#{_hash(issuer, subject)}", "-")
        person: str | None = None if item is None else msgspec.json.decode(item.data)
        return person

    def bind(self, issuer: str, subject: str, person: Person, event: Event) -> None:
        """Bind a subject of an issuer to a person, both for good.

        :raises DeniedError: the person signed in as another subject before.
        """
        name, hashed = self._table.name, _hash(issuer, subject)
        writes = [
            put(name, f"SUBJECT#{hashed}", "-", _encode(person.id)).request,
            put(name, f"PERSON#{person.id}", "-", _encode(hashed)).request,
        ]
        try:
            self._journal.commit([event], writes)
        except LogConflictError:
            bound = self._table.get(f"PERSON#{person.id}", "-")
            if bound is None or msgspec.json.decode(bound.data) != hashed:
                raise DeniedError(
                    f"{person.id} signs in as another subject; IT must look into it"
                ) from None


def _hash(issuer: str, subject: str) -> str:
    return hashlib.sha256(_encode([issuer, subject])).hexdigest()
