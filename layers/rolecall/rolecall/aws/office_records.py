"""Which office whom was given, in DynamoDB, beside the sign-ins and what is asked for of them.

| pk | sk | document |
|---|---|---|
| ``OFFICE#<person>`` | ``-`` | the offices that a person was given, and since when they are over |
| ``OFFICE#`` | ``-`` | ``null``; every office that is given or taken raises its version by one |

Whether anybody is an officer decides who may name the next: so of two who are named at once one is
refused, and decided anew.

Offices follow from the groups of the user pool, not from this: it is what was decided, and a group
that says something else is named to whoever looks.
"""

from __future__ import annotations

import msgspec

from rolecall.aws.journal import Journal
from rolecall.aws.sign_ins import person_sign_in_key, subject_key
from rolecall.aws.table import DocumentTable, put
from rolecall.ledger.event import Event
from rolecall.usecases.governance.office_giving import HeldOffices
from rolecall.usecases.governance.sign_in_requests import SignInRequest
from rolecall.usecases.identity.sign_in import mark_of

__all__ = ["DynamoOffices"]

_TURN = ("OFFICE#", "-")
_encode = msgspec.json.Encoder().encode
_held = msgspec.json.Decoder(HeldOffices).decode
_request = msgspec.json.Decoder(SignInRequest).decode
_text = msgspec.json.Decoder(str | None).decode


class DynamoOffices:
    """What was decided about the offices of people, and how they sign in."""

    def __init__(self, table: DocumentTable, journal: Journal) -> None:
        self._table = table
        self._journal = journal

    def held(self, person: str) -> HeldOffices:
        """Return the offices that a person was given."""
        item = self._table.get(f"OFFICE#{person}", "-")
        return HeldOffices(person=person, offices={}) if item is None else _held(item.data)

    def turn(self) -> int:
        """Return how often offices were given and taken; to be read before who has one."""
        item = self._table.get(*_TURN)
        return 0 if item is None else item.version

    def keep(self, held: HeldOffices, event: Event, turn: int) -> None:
        """Record an event with the offices that somebody has by it.

        :raises LogConflictError: they, or those of anybody, are not as they were read.
        """
        name, where = self._table.name, f"OFFICE#{held.person}"
        write = put(name, where, "-", _encode(held), version=held.version - 1)
        turned = put(name, *_TURN, b"null", version=turn)
        self._journal.commit([event], [write.request, turned.request])

    def record(self, event: Event) -> None:
        """Record an event by itself."""
        self._journal.commit([event])

    def request(self, person: str) -> SignInRequest | None:
        """Return what is asked for of a person's sign-in or office, or was."""
        item = self._table.get(f"SIGN-IN#{person}", "-")
        return None if item is None else _request(item.data)

    def person_of(self, issuer: str, subject: str) -> str | None:
        """Return the person whom a subject of an issuer signed in as."""
        item = self._table.get(*subject_key(mark_of(issuer, subject)))
        return None if item is None else _text(item.data)

    def signs_in_as(self, person: str, issuer: str, subject: str) -> bool | None:
        """Tell whether a person signs in as a subject; ``None`` where they never have."""
        item = self._table.get(*person_sign_in_key(person))
        mark = None if item is None else _text(item.data)
        return None if mark is None else mark == mark_of(issuer, subject)
