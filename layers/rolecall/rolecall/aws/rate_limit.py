"""How much one caller revokes within an hour, in DynamoDB.

| pk | sk | document |
|---|---|---|
| ``BRAKE#<person>`` | ``RECENT`` | when they revoked within the last hour |
| ``BRAKE#<person>`` | ``LIFT`` | until when that limit is lifted |
| ``BRAKE#<person>`` | ``TAKEN`` | when they took something away by an edit, within the last hour |
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Literal

import msgspec

from rolecall.aws.journal import Journal
from rolecall.aws.table import DocumentTable, put, transact
from rolecall.errors import BrakeError, LogConflictError, VersionConflictError
from rolecall.ledger.event import Event
from rolecall.quantity import counted

__all__ = ["DynamoRateLimit"]

_HOUR = timedelta(hours=1)
_encode = msgspec.json.Encoder().encode


class DynamoRateLimit:
    """What counts revocations."""

    def __init__(
        self,
        table: DocumentTable,
        journal: Journal,
        *,
        most_an_hour: int = 20,
        counts: Literal["RECENT", "TAKEN"] = "RECENT",
    ) -> None:
        """Use a table.

        :param most_an_hour: acts of one caller.
        :param counts: which acts: revocations, or edits that take something away.
        """
        self._counts = counts
        self._table = table
        self._journal = journal
        self.most = most_an_hour

    def count(self, person: str, at: datetime) -> None:
        """Count one act of a caller that revokes much at once.

        :raises BrakeError: there were too many within an hour.
        :raises LogConflictError: another act was counted meanwhile; look again.
        """
        requests = self.writes(person, at)
        if requests:
            try:
                transact(self._table.client, self._table.name, requests)
            except VersionConflictError as error:
                raise LogConflictError("another act was counted meanwhile") from error

    def writes(self, person: str, at: datetime) -> list[Mapping[str, Any]]:
        """Return the writes that count one act, for the transaction of the act itself.

        :raises BrakeError: there were too many within an hour.
        """
        lifts = self._counts == "RECENT"
        lifted = self._table.get(_partition(person), "LIFT") if lifts else None
        if lifted is not None and datetime.fromisoformat(msgspec.json.decode(lifted.data)) > at:
            return []
        known = self._table.get(_partition(person), self._counts)
        recent = [] if known is None else msgspec.json.decode(known.data, type=list[datetime])
        recent = [instant for instant in recent if instant > at - _HOUR]
        if len(recent) >= self.most:
            raise BrakeError(
                f"{person} asked for {counted(len(recent), 'revocation')} within an hour; another "
                "head or IT delegate can let them go on"
            )
        write = put(
            self._table.name,
            _partition(person),
            self._counts,
            _encode([*recent, at]),
            version=known.version if known else 0,
        )
        return [write.request]

    def lift(self, person: str, until: datetime, event: Event) -> None:
        """Let somebody go on until an instant.

        :raises LogConflictError: it was lifted meanwhile; look again.
        """
        known = self._table.get(_partition(person), "LIFT")
        write = put(
            self._table.name,
            _partition(person),
            "LIFT",
            _encode(until.isoformat()),
            version=known.version if known else 0,
        )
        self._journal.commit([event], [write.request])


def _partition(person: str) -> str:
    return f"BRAKE#{person}"
