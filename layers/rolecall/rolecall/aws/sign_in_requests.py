"""Requests for another sign-in, in DynamoDB, committed with the sign-ins and the log.

| pk | sk | document |
|---|---|---|
| ``SIGN-IN#<person>`` | ``-`` | what is asked for of a person's sign-in, or was |
| ``SIGN-IN#<list>`` | ``list`` | what is asked for of the sign-ins of many, or was |

The sign-ins themselves stand beside them (:mod:`rolecall.aws.sign_ins`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from rolecall.aws.changed_sign_ins import asked_write, changed_write
from rolecall.aws.journal import Journal
from rolecall.aws.reader import DynamoReader
from rolecall.aws.sign_ins import (
    bound_write,
    former_owners_key,
    person_sign_in_key,
    subject_key,
)
from rolecall.aws.table import DocumentTable, put
from rolecall.ledger.event import Event
from rolecall.usecases.governance.sign_in_lists import SignInList
from rolecall.usecases.governance.sign_in_requests import SignInRequest

__all__ = ["DynamoSignInRequests"]

_encode = msgspec.json.Encoder().encode
_request = msgspec.json.Decoder(SignInRequest).decode
_list = msgspec.json.Decoder(SignInList).decode
_owners = msgspec.json.Decoder(frozenset[str]).decode


class DynamoSignInRequests:
    """Who asks for which sign-in of whom."""

    def __init__(self, table: DocumentTable, journal: Journal, view: DynamoReader) -> None:
        self.view = view
        self._table = table
        self._journal = journal

    def bound_mark(self, mark: str) -> str | None:
        """Return the person whose sign-in a mark is."""
        item = self._table.get(*subject_key(mark))
        return None if item is None else msgspec.json.decode(item.data, type=str | None)

    def former_owners(self, mark: str) -> frozenset[str]:
        """Return whose sign-in it was, before it was let go."""
        item = self._table.get(*former_owners_key(mark))
        return frozenset() if item is None else _owners(item.data)

    def mark_of_person(self, person: str) -> str | None:
        """Return the mark that a person signs in by."""
        item = self._table.get(*person_sign_in_key(person))
        return None if item is None else msgspec.json.decode(item.data, type=str | None)

    def sign_in_list(self, id_: str) -> SignInList | None:
        """Return what is asked for of the sign-ins of many, or was."""
        item = self._table.get(f"SIGN-IN#{id_}", "list")
        return None if item is None else _list(item.data)

    def keep_sign_in_list(self, made: SignInList, event: Event) -> None:
        """Record an event with the list that it makes.

        :raises LogConflictError: it is not as it was read.
        """
        data, where = _encode(made), f"SIGN-IN#{made.id}"
        write = put(self._table.name, where, "list", data, version=made.version - 1)
        asked = self._asked(made) if made.state == "approved" else ()
        self._journal.commit([event], [write.request, *asked])

    def _asked(self, made: SignInRequest | SignInList) -> Iterator[Mapping[str, Any]]:
        return asked_write(self._table, made.requested_by, made.requested_at)

    def sign_in_request(self, person: str) -> SignInRequest | None:
        """Return what is asked for of a person's sign-in, or was."""
        item = self._table.get(f"SIGN-IN#{person}", "-")
        return None if item is None else _request(item.data)

    def keep_sign_in_request(self, request: SignInRequest, event: Event) -> None:
        """Record an event with the request that it makes; with an approved one the sign-in as well.

        :raises LogConflictError: something is not as it was read.
        """
        where, version = f"SIGN-IN#{request.person}", request.version - 1
        write = put(self._table.name, where, "-", _encode(request), version=version)
        writes = [write.request]
        if request.state == "approved":
            writes += self._bound(request)
            # Of a list that was approved the rest is let in, whatever became of who asked for it.
            if request.of_list is None:
                writes += self._asked(request)
        self._journal.commit([event], writes)

    def _bound(self, request: SignInRequest) -> Iterator[Mapping[str, Any]]:
        """Yield the writes by which a sign-in is a person's, and the one that they had is not."""
        table, person = self._table.name, person_sign_in_key(request.person)
        theirs = self._table.get(*person)
        had = None if theirs is None else msgspec.json.decode(theirs.data, type=str | None)
        if had == request.mark:
            return
        yield bound_write(table, person, request.mark, theirs)
        if had is not None:
            decided = request.decided_at or request.requested_at
            yield changed_write(self._table, request.person, decided)
            where = former_owners_key(had)
            known = self._table.get(*where)
            owners = {request.person} | (_owners(known.data) if known is not None else set())
            version = 0 if known is None else known.version
            yield put(table, *where, _encode(sorted(owners)), version=version).request
        for mark, owner in ((had, None), (request.mark, request.person)):
            if mark is not None:
                where = subject_key(mark)
                yield bound_write(table, where, owner, self._table.get(*where))
