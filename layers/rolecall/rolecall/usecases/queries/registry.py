"""What a caller may see of the registry: entities, accounts and people.

Each function looks first and decides then; what may not be seen is not there
(:class:`~rolecall.errors.NotFoundError`), whether it exists or not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from rolecall.errors import NotFoundError
from rolecall.model import Account, Entity, Grant, Login, Person
from rolecall.registry.documents import AccountDocument
from rolecall.usecases.cursors import Cursor, Listing
from rolecall.usecases.identity.permissions import Caller, Permission
from rolecall.usecases.queries.paging import (
    MOST_READ,
    Page,
    Part,
    Unit,
    paged,
)
from rolecall.usecases.queries.reach import Passed, Reach, behind
from rolecall.usecases.queries.read_store import ReadStore

__all__ = ["Me", "RegistryQueries"]

_encode = msgspec.json.Encoder().encode


class Me(Struct, frozen=True):
    """Who calls: what they are to which entities and accounts.

    :ivar entities: those that they head or help and all below, by id; a page of them.
    :ivar next: the cursor of the next page.
    """

    person: Person
    groups: tuple[str, ...]
    entities: tuple[str, ...]
    grants: tuple[Grant, ...]
    next: str | None = None


class RegistryQueries:
    """What one caller may see of the registry."""

    def __init__(self, store: ReadStore, caller: Caller) -> None:
        self._store = store
        self._caller = caller
        self._reach = Reach(store, caller)

    def me(self, cursor: str | None, most: int) -> Me:
        """Return who calls, with a page of the entities of which they are a steward."""
        listing = Listing("me")
        start = listing.read_cursor(cursor)
        person = self._store.person(self._caller.person)
        if person is None:
            raise NotFoundError("you are not on the roster")
        grants = [
            grant
            for account in self._store.held(person.id)
            if (document := self._store.account(account)) is not None
            for grant in document.grants
            if grant.person_id == person.id
        ]
        passed = self._reach.stewarded(_first(start), most + 1)
        found, following = _listed(listing, passed, most)
        groups = tuple(sorted(self._caller.groups))
        ids = tuple(one.id for one in found)
        return Me(person, groups, ids, tuple(grants), following)

    def entity(self, id_: str) -> Entity:
        """Return an entity."""
        lineage = self._store.lineage(id_)
        if not lineage or not self._reach.may("read entity", lineage=lineage):
            raise NotFoundError(f"there is no entity {id_}")
        return lineage[0]

    def entities(self, cursor: str | None, most: int) -> Page:
        """Return the entities that the caller may see, by id."""
        listing = Listing("entities")
        start = listing.read_cursor(cursor)
        passed = self._reach.passed("read entity", _first(start), most + 1)
        found, following = _listed(listing, passed, most)
        return Page([msgspec.Raw(_encode(one)) for one in found], following)

    def account(self, id_: str) -> AccountDocument:
        """Return an account with its grants and logins."""
        return self._account(id_, "read account")

    def grants(self, id_: str) -> Sequence[Grant]:
        """Return the grants of an account."""
        return self._account(id_, "read grants").grants

    def grant(self, id_: str, person: str) -> Grant:
        """Return the live grant of a person on an account."""
        for grant in self.grants(id_):
            if grant.person_id == person and grant.is_live:
                return grant
        raise NotFoundError(f"{person} has no role on {id_}")

    def logins(self, id_: str) -> Sequence[Login]:
        """Return the logins of an account: what is known of them, never a secret.

        The fingerprint stays out: it would link what is shown to passwords.
        """
        document = self._account(id_, "read logins")
        return [replace(login, fingerprint=None) for login in document.logins]

    def _account(self, id_: str, action: Permission) -> AccountDocument:
        document = self._store.account(id_)
        if document is not None:
            lineage = self._store.lineage(document.account.entity_id)
            if self._reach.may(action, lineage=lineage, grants=document.grants):
                return document
        raise NotFoundError(f"there is no account {id_}")

    def accounts(self, entity: str | None, cursor: str | None, most: int) -> Page:
        """Return accounts: of an entity, or of all that the caller may see.

        Those that they manage in entities that are not theirs come last.
        """
        listing = Listing("accounts", entity)
        start = listing.read_cursor(cursor)
        units = self._reach.units("read account", entity, start, most)
        if entity is None:
            units = chain(units, [Unit(None)])

        def read(unit: str | None, after: str | None, count: int) -> Part:
            if unit is None:
                own = [one for one in self._own() if after is None or one.id > after]
                more = own[count - 1].id if len(own) > count else None
                return [msgspec.Raw(_encode(one)) for one in own[:count]], more, len(own)
            found, more = self._store.accounts(unit, after, count)
            return [msgspec.Raw(_encode(one.account)) for one in found], more, len(found)

        return paged(listing, units, start, most, read)

    def _own(self) -> list[Account]:
        """Return the accounts that the caller manages elsewhere, by id."""
        found = []
        for id_ in sorted(self._store.held(self._caller.person)):
            document = self._store.account(id_)
            if document is None or not self._reach.may("read account", grants=document.grants):
                continue
            lineage = self._store.lineage(document.account.entity_id)
            # What is in their reach was listed with its entity.
            if not self._reach.may("read account", lineage=lineage):
                found.append(document.account)
        return found

    def person(self, id_: str) -> Person:
        """Return a person: of the caller's reach by where they serve or by what they hold."""
        person = self._store.person(id_)
        if person is not None and self._reach.sees(person):
            return person
        raise NotFoundError(f"there is no person {id_}")


def _first(start: Cursor | None) -> str:
    """Return where a list of entities goes on: the cursor names the last that it came by."""
    return "" if start is None else behind(start.entity)


def _listed(
    listing: Listing, passed: Iterator[Passed], most: int
) -> tuple[list[Entity], str | None]:
    """Return entities that are the caller's, and where more are."""
    found: list[Entity] = []
    last = ""
    for looked, one in enumerate(passed):
        if len(found) == most or looked == MOST_READ:
            return found, listing.cursor_text(last)
        if one.is_theirs:
            found.append(one.entity)
        last = one.entity.id
    return found, None
