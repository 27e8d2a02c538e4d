"""Records that nobody could tell from one that there is: by hand each is a slip.

An import warns of two ids or names that differ by what no person sees, for it has to take what an
organisation has. Somebody who edits one record wants the one that there is, so a new twin of it is
refused, and the message names it. Whoever does mean two brings the second by an import.

Names of accounts are held against those of the whole registry, however they are spelled: a page
that another entity has is theirs. What only looks alike is held against the account's entity and
those above it. An account that is closed is nobody's twin until it is open again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Protocol

from rolecall.keys.accounts import match_key
from rolecall.keys.texts import identifier_key, look
from rolecall.model import Account, Entity, Grant, Person, RegistryRecord
from rolecall.usecases.identity.registry_view import RegistryView

__all__ = ["TwinLookup", "nearest_id", "twin_of"]

_AT_ONCE = 200
_NUMBER = re.compile(r"\d+")
_WIDTHS = (2, 3, 4, 5)


class TwinLookup(Protocol):
    """What there is already."""

    @property
    def view(self) -> RegistryView:
        """The registry, with the accounts of an entity."""
        ...

    def entity(self, id_: str) -> Entity | None:
        """Return an entity."""
        ...

    def person(self, person: str) -> Person | None:
        """Return a person."""
        ...


def twin_of(
    known: TwinLookup, before: RegistryRecord | None, record: RegistryRecord
) -> Iterator[tuple[str, str]]:
    """Yield the field in which a record is a twin of another, and the message that names it."""
    if before is None and not isinstance(record, Grant):
        id_: str = getattr(record, "id", "")
        if (near := nearest_id(known, type(record), id_)) is not None:
            yield "id", f"can hardly be told from {near}, which there is"
    if isinstance(record, Account) and record.status != "closed":
        named = (record.platform, record.handle)
        was = before if isinstance(before, Account) and before.status != "closed" else None
        if was is None or named != (was.platform, was.handle):
            yield from _same_account(known, record)


def nearest_id(known: TwinLookup, kind: type[RegistryRecord], id_: str) -> str | None:
    """Return the id that there is and that differs from one by case or zeros alone, if any."""
    for other in _written_otherwise(id_):
        found: Any = None
        if kind is Entity:
            found = known.entity(other)
        elif kind is Person:
            found = known.person(other)
        elif kind is Account:
            found = known.view.account(other)
        if found is not None:
            return other
    return None


def _written_otherwise(id_: str) -> Iterator[str]:
    """Yield how people write an id otherwise: in other letters, with more zeros or none."""
    key = identifier_key(id_)
    plain = [id_.lower(), id_.upper(), id_.capitalize(), key, key.upper()]
    wide = [_widened(one, width) for width in _WIDTHS for one in (key, key.upper())]
    for other in dict.fromkeys([*plain, *wide]):
        if other != id_ and identifier_key(other) == key:
            yield other


def _same_account(known: TwinLookup, record: Account) -> Iterator[tuple[str, str]]:
    key, seen = match_key(record.platform, record.handle), _seen(record)
    for entity in known.view.lineage(record.entity_id):
        for other in _accounts_of(known.view, entity.id):
            if other.id == record.id or other.status == "closed":
                continue
            if match_key(other.platform, other.handle) == key:
                yield "handle", f"is the account {other.id} already, of {other.entity_id}"
                return
            if _seen(other) == seen:
                yield "handle", f"only looks like the account {other.id}, {other.handle}"
                return
    for id_ in known.view.accounts_named(record.platform, record.handle):
        there = known.view.account(id_)
        if there is None or id_ == record.id or there.account.status == "closed":
            continue
        # It may have gone by that name once: the account decides.
        if match_key(there.account.platform, there.account.handle) == key:
            yield "handle", f"is the account {id_} already, of {there.account.entity_id}"
            return


def _seen(account: Account) -> tuple[str, str]:
    return look(account.platform), look(account.handle).removeprefix("@")


def _accounts_of(view: RegistryView, entity: str) -> Iterator[Account]:
    after: str | None = None
    while True:
        page, after = view.accounts(entity, after, _AT_ONCE)
        yield from (one.account for one in page)
        if after is None:
            return


def _widened(id_: str, width: int) -> str:
    """Return an id with its numbers filled up with zeros."""
    return _NUMBER.sub(lambda number: number[0].zfill(width), id_)
