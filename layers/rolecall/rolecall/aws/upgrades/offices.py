"""Carries the officers of a stack along when the groups that give an office are called otherwise.

Release 0.1.0 made an officer of whoever was in a group in whose name the word stood. The members of
the groups that it had for that, ``compliance`` and ``registrar``, move to those that the stack's
parameters name. Who was in another one has no office any more: they are told, and nobody else
decides for whoever administers the user pool. What an issuer of one's own says is not to be had
from here: there it is told what must be in its tokens.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

from rolecall.aws.clients import client, storage
from rolecall.aws.stack import Stack
from rolecall.finding import identity
from rolecall.ledger.event import Event
from rolecall.ledger.log import append
from rolecall.usecases.identity.offices import POOL_CLAIM, OfficeName

__all__ = ["CarriedOffice", "carry_offices", "offices_left"]

_NAMED: dict[OfficeName, str] = {
    "compliance": "ComplianceGroupName",
    "registrar": "RegistrarGroupName",
}


class CarriedOffice(Struct, frozen=True):
    """Somebody who had an office by a group that gives it no more.

    :ivar user: their name in the user pool.
    :ivar email: by which people know them.
    :ivar group: that gave them the office.
    :ivar to: the group that gives it now; ``None`` where they lose it.
    """

    office: OfficeName
    user: str
    email: str
    group: str
    to: str | None


def offices_left(stack: Stack) -> Sequence[CarriedOffice]:
    """Return who had an office by another group than gives it now, and has it by none now.

    :raises StorageError: AWS refused, or could not be reached.
    """
    if stack["GroupsClaim"] != POOL_CLAIM:
        return ()
    pool, pools = stack["UserPoolId"], client("cognito-idp")
    names = {office: stack[output] for office, output in _NAMED.items()}
    found: list[CarriedOffice] = []
    with storage("reading the groups of the user pool"):
        groups = {one["GroupName"] for one in _pages(pools, "list_groups", pool, "Groups")}
        for office, name in names.items():
            known = set(_members(pools, pool, name)) if name in groups else set()
            # The group of 0.1.0 comes first: who is carried along loses nothing.
            for group in sorted(groups - {*names.values()}, key=lambda one: (one != office, one)):
                if office in re.findall(r"[\w.-]+", group):
                    to = name if group == office else None
                    for user, email in sorted(_members(pools, pool, group).items()):
                        if to is not None or user not in known:
                            known.add(user)
                            found.append(CarriedOffice(office, user, email, group, to))
    return found


def carry_offices(stack: Stack, left: Sequence[CarriedOffice], at: datetime, via: str) -> None:
    """Move whoever keeps their office to the group that gives it now; it is on record before.

    One that was interrupted goes on where it was when it is made again.

    :param left: as :func:`offices_left` returned them.
    :raises StorageError: AWS refused, or could not be reached; start again.
    """
    pools = client("cognito-idp")
    for one in left:
        if one.to is None:
            continue
        pool = stack["UserPoolId"]
        append(stack.log, [_event(pool, one, at, via)])
        with storage("carrying an office along"):
            user = {"UserPoolId": pool, "Username": one.user}
            pools.admin_add_user_to_group(**user, GroupName=one.to)
            # Last: as long as they are in it, an upgrade that begins again finds them.
            pools.admin_remove_user_from_group(**user, GroupName=one.group)


def _pages(pools: Any, operation: str, pool: str, of: str, **asked: str) -> Iterator[Any]:
    for page in pools.get_paginator(operation).paginate(UserPoolId=pool, **asked):
        yield from page[of]


def _members(pools: Any, pool: str, group: str) -> dict[str, str]:
    """Return the users of a group with their addresses."""
    found = {}
    for one in _pages(pools, "list_users_in_group", pool, "Users", GroupName=group):
        told = {each["Name"]: each["Value"] for each in one.get("Attributes", ())}
        found[one["Username"]] = told.get("email", one["Username"])
    return found


def _event(pool: str, one: CarriedOffice, at: datetime, via: str) -> Event:
    # A name in the user pool may be an address, and the log holds none.
    user = identity("user", pool, one.user)
    return Event(
        id=f"office/{identity(one.office, user, one.group, at.isoformat())}",
        at=at,
        actor="upgrade",
        action="office.carried",
        entity=None,
        subject=None,
        payload={"office": one.office, "user": user, "via": via},
    )
