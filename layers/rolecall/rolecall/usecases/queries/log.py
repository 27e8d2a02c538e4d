"""What a caller may read of the audit log."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import chain

import msgspec

from rolecall.usecases.cursors import Listing
from rolecall.usecases.identity.permissions import Caller, may
from rolecall.usecases.queries.paging import Page, Part, Unit, paged
from rolecall.usecases.queries.reach import Reach
from rolecall.usecases.queries.read_store import ReadStore

__all__ = ["LogQueries"]

_HIDDEN = ("fingerprint", "request")
"""What would link the record of a secret to other passwords: it is in no page of the log."""


class LogQueries:
    """What one caller may read of the log."""

    def __init__(self, store: ReadStore, caller: Caller) -> None:
        self._store = store
        self._caller = caller
        self._reach = Reach(store, caller)

    def log(
        self, entity: str | None, since: datetime | None, cursor: str | None, most: int
    ) -> Page:
        """Return records of the log, by entity and then by their instants.

        Of what is about no entity officers alone read; it comes last.
        """
        listing = Listing("log", entity, since)
        start = listing.read_cursor(cursor)
        first = "" if since is None else since.astimezone(UTC).isoformat()
        units = self._reach.units("read log", entity, start, most)
        if entity is None and may("read log", self._caller.groups):
            units = chain(units, [Unit(None)])

        def read(unit: str | None, after: str | None, count: int) -> Part:
            found, more = self._store.records(unit, after or first, count)
            return [*map(_shown, found)], more, len(found)

        return paged(listing, units, start, most, read)


def _shown(record: bytes) -> msgspec.Raw:
    """Return a record as it is shown; most are as they were written."""
    if b'"secret.' not in record:
        return msgspec.Raw(record)
    told = msgspec.json.decode(record)
    if told["action"].startswith("secret."):
        told["payload"] = {k: v for k, v in told["payload"].items() if k not in _HIDDEN}
    return msgspec.Raw(msgspec.json.encode(told))
