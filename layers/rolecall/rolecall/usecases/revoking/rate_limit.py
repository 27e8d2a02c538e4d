"""Lets somebody go on whom the brake stopped: another head or IT delegate must."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from rolecall.errors import NotFoundError
from rolecall.finding import identity
from rolecall.ledger.record import Event
from rolecall.model import Entity, Subject
from rolecall.usecases.identity.permissions import Caller, is_steward
from rolecall.usecases.queries.read_store import Stewardship

__all__ = ["EntityStore", "RateLimiter", "lift_brake"]

LIFTED = timedelta(hours=1)


class RateLimiter(Protocol):
    """What counts revocations."""

    def lift(self, person: str, until: datetime, event: Event) -> None:
        """Let somebody go on until an instant."""
        ...


class EntityStore(Protocol):
    """What tells whom an entity has as a steward."""

    def stewardship(self, person: str, most: int) -> Stewardship:
        """Return the entities that a person heads or helps, and at most so many below."""
        ...

    def lineage(self, entity: str) -> Sequence[Entity]:
        """Return an entity and those above it, nearest first."""
        ...


def lift_brake(
    brake: RateLimiter, store: EntityStore, caller: Caller, at: datetime, person: str
) -> datetime:
    """Let somebody revoke more than the brake allows, for an hour; return until when.

    The caller must head or help an entity that the person heads or helps, or one above it; nobody
    lifts their own.

    :raises NotFoundError: the caller is not such a one.
    """
    theirs = store.stewardship(person, 0).own
    ours = any(
        is_steward(caller.person, above) for one in theirs for above in store.lineage(one.id)
    )
    if caller.person == person or not ours:
        raise NotFoundError(f"there is no brake of {person} that you could lift")
    until = at + LIFTED
    event = Event(
        id=f"brake/{identity(person, caller.person, at.isoformat())}",
        at=at,
        actor=caller.person,
        action="revocation.brake_lifted",
        entity=theirs[0].id,
        subject=Subject("person", person=person),
        payload={"until": until.isoformat(), "via": caller.via},
    )
    brake.lift(person, until, event)
    return until
