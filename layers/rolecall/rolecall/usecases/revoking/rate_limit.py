"""Lets somebody go on whom the brake stopped: another head or IT delegate must."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol

from rolecall.errors import NotFoundError
from rolecall.finding import identity
from rolecall.ledger.event import Event
from rolecall.model import Subject
from rolecall.usecases.identity.permissions import Caller, is_steward
from rolecall.usecases.identity.stewardship import EntityStore
from rolecall.usecases.retry import retried

__all__ = ["LIFTED", "RateLimiter", "lift_brake"]

LIFTED = timedelta(hours=1)


class RateLimiter(Protocol):
    """What counts revocations."""

    def count(self, person: str, at: datetime) -> None:
        """Count one act of a caller.

        :raises BrakeError: there were too many within an hour.
        :raises LogConflictError: another act was counted meanwhile; look again.
        """
        ...

    def lift(self, person: str, until: datetime, event: Event) -> None:
        """Let somebody go on until an instant."""
        ...


@retried
def lift_brake(
    limiter: RateLimiter, store: EntityStore, caller: Caller, at: datetime, person: str
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
    limiter.lift(person, until, event)
    return until
