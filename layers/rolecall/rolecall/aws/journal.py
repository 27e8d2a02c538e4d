"""One commit: events of the audit log with the writes that they make, or nothing at all.

Every store of the API changes its items through this, so that nothing is changed that is not on
record, and nothing is on record that was not changed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rolecall.aws.ledger import DynamoLog
from rolecall.ledger.event import Event
from rolecall.ledger.log import append
from rolecall.model import Subject
from rolecall.ring import shard_of, slot_of

__all__ = ["Journal"]


class Journal:
    """The audit log as stores use it."""

    def __init__(self, log: DynamoLog) -> None:
        self._log = log

    def commit(self, events: Sequence[Event], writes: Sequence[Mapping[str, Any]] = ()) -> None:
        """Record events with other writes, in one transaction.

        :param writes: requests of the transaction, as :func:`rolecall.aws.table.put` makes them.
        :raises LogConflictError: an item is not as it was read.
        """
        # What another process appended since is read anew: this one has lived for many requests.
        self._log.forget()
        subject = events[0].subject or Subject("policy")
        shard = shard_of(slot_of(subject), self._log.shards)
        append(self._log.carrying({events[-1].id: writes}), events, shard=shard)
