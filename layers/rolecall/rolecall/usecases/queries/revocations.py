"""What a caller may see of the revocations."""

from __future__ import annotations

import msgspec

from rolecall.errors import NotFoundError
from rolecall.usecases.cursors import Listing
from rolecall.usecases.identity.permissions import Caller
from rolecall.usecases.queries.paging import Page, Part, paged
from rolecall.usecases.queries.reach import Reach
from rolecall.usecases.queries.read_store import ReadStore
from rolecall.usecases.revoking.revocations import Revocation

__all__ = ["RevocationQueries"]

_encode = msgspec.json.Encoder().encode


class RevocationQueries:
    """What one caller may see of the revocations."""

    def __init__(self, store: ReadStore, caller: Caller) -> None:
        self._store = store
        self._reach = Reach(store, caller)

    def revocation(self, id_: str) -> Revocation:
        """Return a revocation."""
        known = self._store.revocation(id_)
        if known is not None:
            lineage = self._store.lineage(known.entity)
            if self._reach.may("read revocation", lineage=lineage, person=known.person):
                return known
        raise NotFoundError(f"there is no revocation {id_}")

    def revocations(self, entity: str | None, cursor: str | None, most: int) -> Page:
        """Return the revocations that the caller may see: by entity, the latest first."""
        listing = Listing("revocations", entity)
        start = listing.read_cursor(cursor)

        def read(unit: str | None, after: str | None, count: int) -> Part:
            found, more = self._store.revocations(unit or "", after, count)
            return [msgspec.Raw(_encode(one)) for one in found], more, len(found)

        units = self._reach.units("read revocation", entity, start, most)
        return paged(listing, units, start, most, read)
