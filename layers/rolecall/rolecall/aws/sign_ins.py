"""Which subject of an issuer is which person, in DynamoDB: bound once, and then by two officers.

| pk | sk | document |
|---|---|---|
| ``PERSON#<id>`` | ``-`` | the mark that a person signs in by; ``null`` where it was let go |
| ``SUBJECT#<mark>`` | ``-`` | the person of a sign-in; ``null`` where it was let go |
| ``SUBJECT#<mark>`` | ``FORMER`` | whose it was before: ids of people |
| ``OFFICERS`` | person | in which offices they were seen last (``SeenOfficer``) |
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import msgspec

from rolecall.aws.claims import EDITS
from rolecall.aws.journal import Journal
from rolecall.aws.registry import StackRegistry
from rolecall.aws.table import DocumentTable, TableItem, put
from rolecall.errors import DeniedError, LogConflictError, VersionConflictError
from rolecall.ledger.event import Event
from rolecall.model import Person
from rolecall.usecases.identity.seen_offices import SeenOfficer
from rolecall.usecases.identity.sign_in import mark_of

__all__ = [
    "OFFICERS",
    "DynamoSignIns",
    "bound_write",
    "former_owners_key",
    "person_sign_in_key",
    "read_officer",
    "subject_key",
]

OFFICERS = "OFFICERS"
"""The partition of who was seen in an office, a document a person."""

_encode = msgspec.json.Encoder().encode
read_officer = msgspec.json.Decoder(SeenOfficer).decode
"""Return who was seen in an office, as it is kept."""


class DynamoSignIns:
    """Who signed in as whom."""

    def __init__(self, table: DocumentTable, journal: Journal, registry: StackRegistry) -> None:
        self._table = table
        self._journal = journal
        self._registry = registry.table

    def bound(self, issuer: str, subject: str) -> str | None:
        """Return the person whom a subject of an issuer signed in as."""
        item = self._table.get(*subject_key(mark_of(issuer, subject)))
        return None if item is None else _text(item.data)

    def bind(self, issuer: str, subject: str, person: Person, event: Event) -> None:
        """Bind a subject of an issuer to a person, both until two officers say otherwise.

        :raises DeniedError: the person signed in as another subject before.
        """
        mark = mark_of(issuer, subject)
        theirs = self._table.get(*person_sign_in_key(person.id))
        known = None if theirs is None else _text(theirs.data)
        if known == mark:
            return
        if known is None:
            ours = self._table.get(*subject_key(mark))
            writes = [
                bound_write(self._table.name, subject_key(mark), person.id, ours),
                bound_write(self._table.name, person_sign_in_key(person.id), mark, theirs),
            ]
            try:
                self._journal.commit([event], writes)
                return
            except LogConflictError:
                theirs = self._table.get(*person_sign_in_key(person.id))
                if theirs is not None and _text(theirs.data) == mark:
                    return
        raise DeniedError(f"{person.id} signs in as another subject") from None

    def seen_officer(self, person: str) -> SeenOfficer | None:
        """Return in which offices somebody was seen last."""
        item = self._table.get(OFFICERS, person)
        return None if item is None else read_officer(item.data)

    def note_officer(self, seen: SeenOfficer) -> None:
        """Note it, unless somebody noted the same person meanwhile."""
        write = put(
            self._table.name, OFFICERS, seen.person, _encode(seen), version=seen.version - 1
        )
        # An edit that would stop the last of an office looks at who was seen, and holds if nobody
        # was seen since.
        registry = self._registry
        edits = registry.get(*EDITS)
        version = 0 if edits is None else edits.version
        with suppress(VersionConflictError):
            self._table.transact([write, put(registry.name, *EDITS, b"{}", version=version)])


def subject_key(mark: str) -> tuple[str, str]:
    """Return where the person of a sign-in stands."""
    return f"SUBJECT#{mark}", "-"


def former_owners_key(mark: str) -> tuple[str, str]:
    """Return where those stand whose sign-in it was."""
    return f"SUBJECT#{mark}", "FORMER"


def person_sign_in_key(person: str) -> tuple[str, str]:
    """Return where the sign-in of a person stands."""
    return f"PERSON#{person}", "-"


def bound_write(
    table: str, where: tuple[str, str], value: str | None, known: TableItem | None
) -> Mapping[str, Any]:
    """Return the write of one side of a binding, in place of what was read.

    :param value: ``None`` for a binding that is let go.
    """
    version = 0 if known is None else known.version
    return put(table, *where, _encode(value), version=version).request


def _text(data: str) -> str | None:
    return msgspec.json.decode(data, type=str | None)
