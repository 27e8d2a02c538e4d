"""What a caller may see: theirs, and nothing that tells of the rest.

Each function looks first and decides then; what may not be seen is not there
(:class:`~rolecall.errors.NotFoundError`), whether it exists or not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Protocol

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from rolecall.errors import NotFoundError
from rolecall.lifecycle import FindingState
from rolecall.model import Account, Entity, Grant, Login, Person, Severity
from rolecall.registry.documents import AccountDocument
from rolecall.ring import slot_of
from rolecall.usecases.identity.permissions import (
    Caller,
    Permission,
    is_steward,
    lineage_of,
    may,
    roles_of,
)
from rolecall.usecases.queries.paging import Cursor, Page, Part, cursor_text, paged, read_cursor
from rolecall.usecases.revoking.revocations import Revocation

__all__ = ["FindingView", "Me", "Queries", "ReadStore", "place_of"]

MOST = 200
"""Rows of one page."""
_HREF = re.compile(r"[0-9a-f]{4}-[0-9a-f]{32}")


class ReadStore(Protocol):
    """What is kept, to read."""

    def entities(self) -> Mapping[str, Entity]:
        """Return every entity by id."""
        ...

    def lineage(self, entity: str) -> Sequence[Entity]:
        """Return an entity and those above it; nothing where there is none."""
        ...

    def account(self, account: str) -> AccountDocument | None:
        """Return an account."""
        ...

    def accounts(
        self, entity: str, after: str | None, most: int
    ) -> tuple[list[AccountDocument], str | None]:
        """Return accounts of an entity by id, and where more are."""
        ...

    def person(self, person: str) -> Person | None:
        """Return a person."""
        ...

    def held(self, person: str) -> Sequence[str]:
        """Return the ids of the accounts on which a person has a grant, live or not."""
        ...

    def findings(
        self, entity: str, first: str, after: str | None, most: int
    ) -> tuple[list[FindingState], str | None]:
        """Return findings of an entity whose order begins with something, and where more are."""
        ...

    def finding(self, where: int, id_: str) -> FindingState | None:
        """Return a finding by its place and id."""
        ...

    def records(self, entity: str | None, first: str, most: int) -> tuple[list[bytes], str | None]:
        """Return records of the log about an entity, or about none, and where more are.

        :param first: an instant (ISO 8601) from which on, or where more are.
        """
        ...

    def revocation(self, id_: str) -> Revocation | None:
        """Return a revocation."""
        ...

    def revocations(
        self, entity: str, after: str | None, most: int
    ) -> tuple[list[Revocation], str | None]:
        """Return revocations of an entity, the latest first, and where more are."""
        ...


class Me(Struct, frozen=True):
    """Who calls: what they are to which entities and accounts."""

    person: Person
    groups: tuple[str, ...]
    entities: tuple[str, ...]
    grants: tuple[Grant, ...]


class FindingView(Struct, frozen=True):
    """A finding, as it is listed. ``href`` is where it is."""

    id: str
    href: str
    control: str
    severity: Severity
    status: str
    entity: str | None
    subject: dict[str, str]
    evidence: msgspec.Raw
    first_seen: str


_encode = msgspec.json.Encoder().encode


class Queries:
    """What one caller may see."""

    def __init__(self, books: ReadStore, caller: Caller) -> None:
        self._reader = books
        self._caller = caller

    def me(self) -> Me:
        """Return who calls."""
        person = self._reader.person(self._caller.person)
        if person is None:
            raise NotFoundError("you are not on the roster")
        grants = [
            grant
            for account in self._reader.held(person.id)
            if (document := self._reader.account(account)) is not None
            for grant in document.grants
            if grant.person_id == person.id
        ]
        return Me(person, tuple(sorted(self._caller.groups)), self._stewarded(), tuple(grants))

    # -- the registry -----------------------------------------------------------------------

    def entity(self, id_: str) -> Entity:
        """Return an entity."""
        lineage = self._reader.lineage(id_)
        if not lineage or not self._may("read entity", lineage=lineage):
            raise NotFoundError(f"there is no entity {id_}")
        return lineage[0]

    def entities(self, cursor: str | None, most: int) -> Page:
        """Return the entities that the caller may see, by id."""
        known = self._reader.entities()
        start = read_cursor(cursor)
        reach = [
            id_ for id_ in self._reach("read entity", known) if not start or id_ > start.entity
        ]
        rows = [msgspec.Raw(_encode(known[id_])) for id_ in reach[:most]]
        return Page(rows, cursor_text(Cursor(reach[most - 1], None)) if len(reach) > most else None)

    def account(self, id_: str) -> AccountDocument:
        """Return an account with its grants and logins."""
        return self._account(id_, "read account")

    def grants(self, id_: str) -> Sequence[Grant]:
        """Return the grants of an account."""
        return self._account(id_, "read grants").grants

    def grant(self, id_: str, person: str) -> Grant:
        """Return the live grant of a person on an account."""
        for grant in self.grants(id_):
            if grant.person_id == person and grant.revoked_on is None:
                return grant
        raise NotFoundError(f"{person} has no role on {id_}")

    def logins(self, id_: str) -> Sequence[Login]:
        """Return the logins of an account: what is known of them, never a secret.

        The fingerprint stays out: it would link what is shown to passwords.
        """
        document = self._account(id_, "read logins")
        return [replace(login, fingerprint=None) for login in document.logins]

    def _account(self, id_: str, action: Permission) -> AccountDocument:
        document = self._reader.account(id_)
        if document is not None:
            lineage = self._reader.lineage(document.account.entity_id)
            if self._may(action, lineage=lineage, grants=document.grants):
                return document
        raise NotFoundError(f"there is no account {id_}")

    def accounts(self, entity: str | None, cursor: str | None, most: int) -> Page:
        """Return accounts: of an entity, or of all that the caller may see.

        Those that they manage in entities that are not theirs come last.
        """
        units: list[str | None] = [*self._entities("read account", entity, read_cursor(cursor))]
        if entity is None:
            units.append(None)

        def read(unit: str | None, after: str | None, count: int) -> Part:
            if unit is None:
                own = [one for one in self._own() if after is None or one.id > after]
                more = own[count - 1].id if len(own) > count else None
                return [msgspec.Raw(_encode(one)) for one in own[:count]], more, len(own)
            found, more = self._reader.accounts(unit, after, count)
            return [msgspec.Raw(_encode(one.account)) for one in found], more, len(found)

        return paged(units, read_cursor(cursor), most, read)

    def _own(self) -> list[Account]:
        """Return the accounts that the caller manages elsewhere, by id."""
        reach = set(self._reach("read account", self._reader.entities()))
        found = []
        for id_ in sorted(self._reader.held(self._caller.person)):
            document = self._reader.account(id_)
            if (
                document
                and document.account.entity_id not in reach
                and self._may("read account", grants=document.grants)
            ):
                found.append(document.account)
        return found

    def person(self, id_: str) -> Person:
        """Return a person: of the caller's reach by where they serve or by what they hold."""
        person = self._reader.person(id_)
        if person is not None:
            lineage = self._reader.lineage(person.entity_id) if person.entity_id else ()
            if self._may("read person", lineage=lineage, person=id_):
                return person
            for account in self._reader.held(id_):
                document = self._reader.account(account)
                if document and self._may(
                    "read person", lineage=self._reader.lineage(document.account.entity_id)
                ):
                    return person
        raise NotFoundError(f"there is no person {id_}")

    # -- findings ---------------------------------------------------------------------------

    def findings(
        self,
        entity: str | None,
        first: str,
        control: str | None,
        since: datetime | None,
        cursor: str | None,
        most: int,
    ) -> Page:
        """Return findings, by entity and then the worst first.

        :param first: what their order begins with: standing, waived or resolved, and a severity.
        :param since: when they were first seen, or later.
        """
        start = read_cursor(cursor)

        def read(unit: str | None, after: str | None, count: int) -> Part:
            found, more = self._reader.findings(unit or "", first, after, count)
            rows = [
                msgspec.Raw(_encode(_shown(known)))
                for known in found
                if (control is None or known.finding.control == control)
                and (since is None or known.first_seen >= since)
            ]
            return rows, more, len(found)

        return paged(self._entities("read findings", entity, start), start, most, read)

    def finding(self, where: int, id_: str) -> FindingView:
        """Return a finding."""
        known = self._reader.finding(where, id_)
        if known is not None:
            entity = known.finding.entity
            lineage = self._reader.lineage(entity) if entity else ()
            account = known.finding.subject.account
            document = self._reader.account(account) if account else None
            grants = document.grants if document else ()
            if self._may("read findings", lineage=lineage, grants=grants):
                return _shown(known)
        raise NotFoundError(f"there is no finding {where:04x}-{id_}")

    # -- revocations ------------------------------------------------------------------------

    def revocation(self, id_: str) -> Revocation:
        """Return a revocation."""
        known = self._reader.revocation(id_)
        if known is not None:
            lineage = self._reader.lineage(known.entity)
            if self._may("read revocation", lineage=lineage, person=known.person):
                return known
        raise NotFoundError(f"there is no revocation {id_}")

    def revocations(self, entity: str | None, cursor: str | None, most: int) -> Page:
        """Return the revocations that the caller may see: by entity, the latest first."""
        start = read_cursor(cursor)

        def read(unit: str | None, after: str | None, count: int) -> Part:
            found, more = self._reader.revocations(unit or "", after, count)
            return [msgspec.Raw(_encode(one)) for one in found], more, len(found)

        return paged(self._entities("read revocation", entity, start), start, most, read)

    # -- the log ----------------------------------------------------------------------------

    def log(
        self, entity: str | None, since: datetime | None, cursor: str | None, most: int
    ) -> Page:
        """Return records of the log, by entity and then by their instants.

        Of what is about no entity officers alone read; it comes last.
        """
        start = read_cursor(cursor)
        first = "" if since is None else since.astimezone(UTC).isoformat()
        units: list[str | None] = [*self._entities("read log", entity, start)]
        if entity is None and may("read log", self._caller.groups):
            units.append(None)

        def read(unit: str | None, after: str | None, count: int) -> Part:
            found, more = self._reader.records(unit, after or first, count)
            return [*map(msgspec.Raw, found)], more, len(found)

        return paged(units, start, most, read)

    # -- reach ------------------------------------------------------------------------------

    def _may(
        self,
        action: Permission,
        *,
        lineage: Sequence[Entity] = (),
        grants: Sequence[Grant] = (),
        person: str | None = None,
    ) -> bool:
        return may(action, roles_of(self._caller, lineage=lineage, grants=grants, person=person))

    def _entities(self, action: Permission, entity: str | None, start: Cursor | None) -> list[str]:
        """Return the ids of the entities to list, from a cursor on."""
        if entity is not None:
            lineage = self._reader.lineage(entity)
            if not lineage or not self._may(action, lineage=lineage):
                raise NotFoundError(f"there is no entity {entity}")
            return [entity]
        reach = self._reach(action, self._reader.entities())
        return [id_ for id_ in reach if start is None or id_ >= start.entity]

    def _reach(self, action: Permission, known: Mapping[str, Entity]) -> list[str]:
        if may(action, self._caller.groups):
            return sorted(known)
        own = {id_ for id_, entity in known.items() if is_steward(self._caller.person, entity)}
        reach = {id_ for id_ in known if any(above.id in own for above in lineage_of(id_, known))}
        return sorted(reach) if may(action, {"steward"}) else []

    def _stewarded(self) -> tuple[str, ...]:
        own = Caller(self._caller.person, frozenset(), self._caller.via)
        known = self._reader.entities()
        return tuple(Queries(self._reader, own)._reach("read entity", known))


def _shown(known: FindingState) -> FindingView:
    finding = known.finding
    where = slot_of(finding.subject)
    status = known.status if known.waiver is None else "waived"
    return FindingView(
        finding.id,
        f"/v1/findings/{where:04x}-{finding.id}",
        finding.control,
        finding.severity,
        status,
        finding.entity,
        {"kind": finding.subject.kind, **finding.subject.keys()},
        msgspec.Raw(finding.evidence),
        known.first_seen.isoformat().replace("+00:00", "Z"),
    )


def place_of(href: str) -> tuple[int, str]:
    """Return the place and the id of a finding, of what its href ends with.

    :raises NotFoundError: nothing ends so.
    """
    if not _HREF.fullmatch(href):
        raise NotFoundError(f"there is no finding {href}")
    where, _, id_ = href.partition("-")
    return int(where, 16), id_
