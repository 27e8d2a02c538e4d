"""Who may do what through the API. One table decides, and what it does not allow is denied.

What somebody is comes from two places: the token says which offices they hold (*compliance*,
*registrar*: :mod:`rolecall.usecases.identity.offices`), the registry says the rest, at this moment:

- *steward*: the head or an IT delegate of the entity, or of one above it ("heads must be able,
  alone or through IT, to terminate any manager's access").
- *manager*: an active person whom a grant entitles, on that day, to administer the account.
- *self*: the person that it is about.

Whoever is not an active person of the roster is nothing at all. What somebody may not see does not
exist for them: the answer is the same as for an id that there is not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Literal, TypeAlias

from msgspec import Struct

from rolecall.entitlement import administers
from rolecall.errors import NotFoundError
from rolecall.model import Entity, Grant

__all__ = [
    "ALLOWED",
    "Caller",
    "CallerRole",
    "Permission",
    "is_steward",
    "may",
    "need",
    "need_reach",
    "roles_of",
]

CallerRole: TypeAlias = Literal["compliance", "registrar", "steward", "manager", "self"]
Permission: TypeAlias = Literal[
    "read entity",
    "read account",
    "read grants",
    "read person",
    "read logins",
    "read findings",
    "read revocation",
    "read waivers",
    "read changes",
    "read runs",
    "read reports",
    "read log",
    "revoke",
    "waive",
    "edit",
    "audit",
    "sign",
]

ALLOWED: dict[Permission, frozenset[CallerRole]] = {
    "read entity": frozenset({"compliance", "registrar", "steward"}),
    "read account": frozenset({"compliance", "registrar", "steward", "manager"}),
    "read grants": frozenset({"compliance", "registrar", "steward", "manager"}),
    "read person": frozenset({"compliance", "registrar", "steward", "self"}),
    # What may be done with a secret, the vault decides; here it is who learns that there is one.
    "read logins": frozenset({"compliance", "steward", "manager"}),
    "read findings": frozenset({"compliance", "steward", "manager"}),
    "read revocation": frozenset({"compliance", "steward", "self"}),
    "read waivers": frozenset({"compliance"}),
    # Either office may be the second pair of eyes.
    "read changes": frozenset({"compliance", "registrar"}),
    "read runs": frozenset({"compliance"}),
    "read reports": frozenset({"compliance"}),
    "read log": frozenset({"compliance", "steward"}),
    "revoke": frozenset({"steward"}),
    "waive": frozenset({"compliance"}),
    "edit": frozenset({"registrar"}),
    "audit": frozenset({"compliance", "steward"}),
    "sign": frozenset({"compliance"}),
}
"""The table. A role that is not named is denied."""


class Caller(Struct, frozen=True):
    """Whoever calls, matched to the roster.

    :ivar groups: the offices that the groups of the token give.
    :ivar via: the issuer and the subject of the token.
    :ivar today: the day on which they call; without one, access that ends some day counts as over.
    """

    person: str
    groups: frozenset[CallerRole]
    via: str
    today: date = date.max


def is_steward(person: str, entity: Entity) -> bool:
    """Tell whether somebody heads an entity, or helps its head as IT."""
    return person == entity.head_id or person in entity.it_delegate_ids


def roles_of(
    caller: Caller,
    *,
    lineage: Iterable[Entity] = (),
    grants: Sequence[Grant] = (),
    person: str | None = None,
) -> frozenset[CallerRole]:
    """Return what a caller is to something.

    :param lineage: the entity that it belongs to, and those above.
    :param grants: of the account that it belongs to.
    :param person: whom it is about.
    """
    found: set[CallerRole] = set(caller.groups)
    if any(is_steward(caller.person, entity) for entity in lineage):
        found.add("steward")
    if any(
        grant.person_id == caller.person and administers(grant, caller.today) for grant in grants
    ):
        found.add("manager")
    if person == caller.person:
        found.add("self")
    return frozenset(found)


def may(action: Permission, roles: Iterable[CallerRole]) -> bool:
    """Tell whether one of the roles is allowed an action."""
    return not ALLOWED[action].isdisjoint(roles)


def need(caller: Caller, permission: Permission, absent: str) -> None:
    """Refuse what the caller's offices do not allow.

    :param absent: what to say: that there is no such thing.
    :raises NotFoundError: they do not.
    """
    if not may(permission, caller.groups):
        raise NotFoundError(absent)


def need_reach(
    caller: Caller,
    permission: Permission,
    entity: str | None,
    lineage: Callable[[str], Sequence[Entity]],
    *,
    absent: str,
) -> None:
    """Refuse what the caller may not do to an entity, or to all there is.

    :param entity: ``None`` for all there is.
    :param lineage: returns an entity and those above it; nothing where there is none.
    :param absent: what to say of all there is.
    :raises NotFoundError: they may not, or there is no such entity.
    """
    if entity is None:
        need(caller, permission, absent)
        return
    line = lineage(entity)
    if not line or not may(permission, roles_of(caller, lineage=line)):
        raise NotFoundError(f"there is no entity {entity}")
