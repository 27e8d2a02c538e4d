"""What a caller may see of the findings."""

from __future__ import annotations

import re
from datetime import datetime
from itertools import chain

import msgspec
from msgspec import Struct

from rolecall.errors import NotFoundError
from rolecall.finding_state import FindingState
from rolecall.model import Severity
from rolecall.ring import slot_of
from rolecall.status import FindingStanding
from rolecall.usecases.cursors import Listing
from rolecall.usecases.identity.discretion import Discretion
from rolecall.usecases.identity.permissions import Caller, may
from rolecall.usecases.queries.names import SpokenNames
from rolecall.usecases.queries.paging import Page, Part, Unit, paged
from rolecall.usecases.queries.reach import Reach
from rolecall.usecases.queries.read_store import ReadStore

__all__ = ["FindingQueries", "FindingView", "place_of"]

_HREF = re.compile(r"[0-9a-f]{4}-[0-9a-f]{32}")
_encode = msgspec.json.Encoder().encode


class FindingView(Struct, frozen=True):
    """A finding, as it is listed. ``href`` is where it is.

    :ivar etag: names it as it stands, for whoever accepts what they read.
    :ivar resolution: why it is resolved, where it is.
    :ivar opening: why it came when it last did, where that is known.
    :ivar names: what the people are called of whom it speaks, by id, as far as you may see them.
    :ivar title: what is true where nothing is wrong.
    :ivar detail: what is wrong, with the names of people, accounts and entities as far as you may
        see them, and ids of others.
    """

    id: str
    href: str
    control: str
    severity: Severity
    status: str
    entity: str | None
    subject: dict[str, str]
    evidence: msgspec.Raw
    first_seen: str
    etag: str
    names: dict[str, str]
    resolution: str | None = None
    opening: str | None = None
    title: str = ""
    detail: str = ""


class FindingQueries:
    """What one caller may see of the findings."""

    def __init__(self, store: ReadStore, caller: Caller) -> None:
        self._store = store
        self._caller = caller
        self._reach = Reach(store, caller)
        self._discretion = Discretion(store, caller)
        self._names = SpokenNames(store, self._reach)

    def findings(
        self,
        entity: str | None,
        status: FindingStanding,
        severity: Severity | None,
        control: str | None,
        since: datetime | None,
        cursor: str | None,
        most: int,
    ) -> Page:
        """Return findings, by entity and then the worst first.

        Those that are of no entity officers alone read; they come last.

        :param severity: of this one alone.
        :param since: when they were first seen, or later.
        """
        listing = Listing("findings", entity, status, severity, control, since)
        start = listing.read_cursor(cursor)

        def read(unit: str | None, after: str | None, count: int) -> Part:
            found, more = self._store.findings(unit, status, severity, after, count)
            shown = [
                known
                for known in found
                # An entity might be called what the index calls none.
                if known.finding.entity == unit
                and (control is None or known.finding.control == control)
                and (since is None or known.first_seen >= since)
                and not self._discretion.keeps(known.finding.subject)
            ]
            self._names.look_up([known.finding for known in shown])
            return [msgspec.Raw(_encode(self._shown(one))) for one in shown], more, len(found)

        units = self._reach.units("read findings", entity, start, most)
        if entity is None and may("read findings", self._caller.groups):
            units = chain(units, [Unit(None)])
        return paged(listing, units, start, most, read)

    def finding(self, where: int, id_: str) -> FindingView:
        """Return a finding."""
        known = self._store.finding(where, id_)
        if known is not None and not self._discretion.keeps(known.finding.subject):
            entity = known.finding.entity
            lineage = self._store.lineage(entity) if entity else ()
            account = known.finding.subject.account
            document = self._store.account(account) if account else None
            grants = document.grants if document else ()
            if self._reach.may("read findings", lineage=lineage, grants=grants):
                self._names.look_up([known.finding])
                return self._shown(known)
        raise NotFoundError(f"there is no finding {where:04x}-{id_}")

    def _shown(self, known: FindingState) -> FindingView:
        # It loads the catalogue, which no other request has a use for.
        from rolecall.usecases.queries.finding_words import finding_words

        finding = known.finding
        where = slot_of(finding.subject)
        return FindingView(
            finding.id,
            f"/v1/findings/{where:04x}-{finding.id}",
            finding.control,
            finding.severity,
            known.standing,
            finding.entity,
            {"kind": finding.subject.kind, **finding.subject.keys()},
            msgspec.Raw(finding.evidence),
            known.first_seen.isoformat().replace("+00:00", "Z"),
            finding.tag,
            self._names.people_of(finding),
            known.reason,
            known.opening,
            *finding_words(finding, self._names.of(finding)),
        )


def place_of(href: str) -> tuple[int, str]:
    """Return the place and the id of a finding, of what its href ends with.

    :raises NotFoundError: nothing ends so.
    """
    if not _HREF.fullmatch(href):
        raise NotFoundError(f"there is no finding {href}")
    where, _, id_ = href.partition("-")
    return int(where, 16), id_
