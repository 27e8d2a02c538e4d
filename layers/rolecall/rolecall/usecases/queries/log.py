"""What a caller may read of the audit log."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import chain
from typing import Any

import msgspec

from rolecall.controls.audience import CONFIDENTIAL
from rolecall.usecases.cursors import Listing
from rolecall.usecases.identity.discretion import Discretion
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
        self._discretion = Discretion(store, caller)

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
            told = filter(None, map(self._told, found))
            return [*map(_shown, told)], more, len(found)

        return paged(listing, units, start, most, read)

    def _told(self, record: bytes) -> bytes | None:
        """Return a record without what of it is about an incident that is kept from the caller."""
        if b'"incident"' not in record:
            return record
        told = msgspec.json.decode(record)
        if self._is_kept(told):
            return None
        waivers = told["payload"].get("waivers")
        if told["action"] == "run.completed" and waivers:
            told["payload"]["waivers"] = [one for one in waivers if not self._is_kept(one)]
            return msgspec.json.encode(told)
        return record

    def _is_kept(self, told: dict[str, Any]) -> bool:
        subject = told.get("subject") or {}
        return subject.get("kind") in CONFIDENTIAL and self._discretion.keeps_incident(
            subject.get("incident", "")
        )


def _shown(record: bytes) -> msgspec.Raw:
    """Return a record as it is shown; most are as they were written."""
    if b'"secret.' not in record:
        return msgspec.Raw(record)
    told = msgspec.json.decode(record)
    if told["action"].startswith("secret."):
        told["payload"] = {k: v for k, v in told["payload"].items() if k not in _HIDDEN}
    return msgspec.Raw(msgspec.json.encode(told))
