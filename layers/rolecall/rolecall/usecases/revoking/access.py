"""Who has access to an account, as it was read, and what it does when one of them loses it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from msgspec import Struct

from rolecall.entitlement import entitles
from rolecall.errors import NotFoundError
from rolecall.model import FULL_CONTROL_ROLES, Entity, Grant, Login, Person
from rolecall.registry.documents import AccountDocument

__all__ = ["AccountState", "Effects", "effects_of", "live_grant"]


class AccountState(Struct, frozen=True):
    """An account with what belongs to it, as it was read.

    :ivar lineage: its entity, and those above, nearest first.
    :ivar people: those of the roster who hold a grant here, head or help its entity, by id.
    :ivar token: the storage's own.
    """

    document: AccountDocument
    lineage: Sequence[Entity]
    people: Mapping[str, Person]
    token: Any = None


class Effects(Struct, frozen=True):
    """What a revocation does, or would do.

    :ivar logins: ids of logins that the person knows, which must be rotated.
    :ivar administrators: who has full control when it is done.
    """

    account: str
    person: str
    role: str
    logins: tuple[str, ...]
    administrators: tuple[str, ...]


def live_grant(state: AccountState, person: str) -> Grant:
    """Return the live grant of a person.

    :raises NotFoundError: there is none.
    """
    for grant in state.document.grants:
        if grant.person_id == person and grant.is_live:
            return grant
    account = state.document.account.id
    raise NotFoundError(f"there is no access of {person} to {account}")


def effects_of(state: AccountState, grant: Grant, today: date) -> Effects:
    """Return what it does when a grant ends."""
    active = {person.id for person in state.people.values() if person.is_active(today)}
    left = [
        one.person_id
        for one in state.document.grants
        if entitles(one, today)
        and one.role in FULL_CONTROL_ROLES
        and one.person_id != grant.person_id
        and one.person_id in active
    ]
    known: Iterable[Login] = state.document.logins
    logins = tuple(login.id for login in known if grant.person_id in login.holder_ids)
    account = state.document.account.id
    return Effects(account, grant.person_id, grant.role, logins, tuple(sorted(set(left))))
