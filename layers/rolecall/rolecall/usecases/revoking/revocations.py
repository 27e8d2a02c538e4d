"""Taking access away: a small state machine, each step with its event in one commit.

::

    requested -> executing -> confirmed
        |            |-> needs_human -> confirmed
        |            |        |  |----> failed
        v            v        v
    cancelled      failed   cancelled

*requested* marks the grant (``revoke_requested_at``), *confirmed* ends it (``revoked_on``),
*cancelled* takes the mark away (:mod:`.taking_back`). One grant has one revocation that is not
over: asking again gives the one there is. Guards keep an account from being left without anybody;
a head may override the last one, on record, for a head must be able to terminate any manager's
access.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Literal, Protocol, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from rolecall.errors import NotFoundError
from rolecall.finding import identity
from rolecall.ledger.event import Event, EventAction
from rolecall.model import Account, Entity, Grant, Observation, Person, Subject
from rolecall.registry.documents import AccountDocument
from rolecall.registry.editing import with_marks
from rolecall.usecases.identity.permissions import Caller, may, roles_of
from rolecall.usecases.reasons import reason_of
from rolecall.usecases.retry import retried
from rolecall.usecases.revoking.access import AccountState, Effects, effects_of, live_grant
from rolecall.usecases.revoking.guards import check_guards

__all__ = [
    "OPEN",
    "Revocation",
    "RevocationState",
    "RevocationStore",
    "ended",
    "hand_over",
    "marked_anew",
    "open_revocation",
    "request",
    "step_event",
]

RevocationState: TypeAlias = Literal[
    "requested", "executing", "needs_human", "confirmed", "failed", "cancelled"
]
OPEN: frozenset[RevocationState] = frozenset({"requested", "executing", "needs_human", "failed"})
"""States in which the grant is still marked."""


class Revocation(Struct, frozen=True, kw_only=True):
    """One removal of one person's access to one account.

    :ivar steps: what people must do, where no program can.
    :ivar override: why a head went on although it leaves no administrator.
    :ivar objectors: stewards who would take it back, and did not ask for it.
    :ivar version: rises with every change.
    """

    id: str
    account: str
    person: str
    entity: str
    role: str
    state: RevocationState
    requested_by: str
    requested_at: datetime
    reason: str
    override: str | None = None
    steps: tuple[str, ...] = ()
    ended_by: str | None = None
    ended_at: datetime | None = None
    removed_by: str | None = None
    removed_on: date | None = None
    note: str | None = None
    objectors: tuple[str, ...] = ()
    version: int = 1


class RevocationStore(Protocol):
    """Where revocations are kept, with the registry and the log that go with them."""

    def account(self, account: str) -> AccountState | None:
        """Return an account as it is now."""
        ...

    def listings(self, account: Account) -> Sequence[Observation]:
        """Return what platforms showed of an account, by any of its names, on whatever days."""
        ...

    def revocation(self, id_: str) -> Revocation | None:
        """Return a revocation as it is now."""
        ...

    def person(self, person: str) -> Person | None:
        """Return a person."""
        ...

    def lineage(self, entity: str) -> Sequence[Entity]:
        """Return an entity and those above it; nothing where there is none."""
        ...

    def commit(
        self,
        state: AccountState,
        document: AccountDocument,
        revocation: Revocation,
        events: Sequence[Event],
        *,
        brake: str | None = None,
    ) -> None:
        """Record events with the revocation and the account that they make, or nothing at all.

        :param brake: of whose revocations it counts as one.
        :raises LogConflictError: something is not as it was read; look again.
        :raises BrakeError: there were too many within an hour.
        """
        ...


@retried
def request(
    store: RevocationStore,
    caller: Caller,
    at: datetime,
    account: str,
    person: str,
    reason: str,
    *,
    override: str | None = None,
    dry_run: bool = False,
    counts: bool = True,
) -> tuple[Revocation | None, Effects]:
    """Ask that somebody's access to an account be removed.

    :param override: why to go on although nobody else could administer the account.
    :param dry_run: change nothing; return what would be done.
    :param counts: whether it counts for the brake.
    :raises NotFoundError: there is no such live grant, or not for this caller.
    :raises ConflictError: a guard is against it.
    :raises UsageError: the reason is too short.
    :raises BrakeError: the caller revoked too much within an hour.
    """
    said = reason_of(reason)
    state = _account(store, caller, account, person)
    grant = live_grant(state, person)
    effects = effects_of(state, grant, at.date())
    if grant.revoke_requested_at is not None:
        known = store.revocation(_id(grant))
        if known is not None:
            return known, effects
    overridden = check_guards(state, grant, caller, effects, at.date(), override)
    if dry_run:
        return None, effects
    marked = replace(grant, revoke_requested_at=grant.revoke_requested_at or at)
    made = Revocation(
        id=_id(marked),
        account=account,
        person=person,
        entity=state.document.account.entity_id,
        role=grant.role,
        state="requested",
        requested_by=caller.person,
        requested_at=at,
        reason=said,
        override=overridden,
    )
    events = [step_event(made, caller, at, "revocation.requested", reason=said)]
    if overridden is not None:
        events.append(step_event(made, caller, at, "revocation.overridden", reason=overridden))
    document = with_marks(state.document, grant, marked)
    store.commit(state, document, made, events, brake=caller.person if counts else None)
    return made, effects


def hand_over(
    store: RevocationStore, revocation: Revocation, at: datetime, steps: Sequence[str]
) -> Revocation:
    """Tell people what to do, where no program can remove the access.

    A revocation that is on its way already is returned as it is.
    """
    if revocation.state not in ("requested", "executing"):
        return revocation
    state = store.account(revocation.account)
    if state is None:
        raise NotFoundError(f"there is no account {revocation.account}")
    made = replace(
        revocation,
        state="needs_human",
        steps=tuple(steps),
        version=revocation.version + 1,
    )
    nobody = Caller("rolecall", frozenset(), "rolecall")
    event = step_event(made, nobody, at, "revocation.handed_over", steps=len(steps))
    store.commit(state, state.document, made, [event])
    return made


# -- parts --------------------------------------------------------------------------------------


def _account(store: RevocationStore, caller: Caller, account: str, person: str) -> AccountState:
    state = store.account(account)
    if state is None or not may("revoke", roles_of(caller, lineage=state.lineage)):
        raise NotFoundError(f"there is no access of {person} to {account}")
    return state


def open_revocation(
    store: RevocationStore, caller: Caller, id_: str
) -> tuple[Revocation, AccountState]:
    """Return a revocation as a steward has it, with its account.

    :raises NotFoundError: there is none, or not for this caller.
    """
    known = store.revocation(id_)
    state = None if known is None else store.account(known.account)
    if known is None or state is None or not may("revoke", roles_of(caller, lineage=state.lineage)):
        raise NotFoundError(f"there is no revocation {id_}")
    return known, state


def marked_anew(state: AccountState, revocation: Revocation, **changes: Any) -> AccountDocument:
    """Return the account with other marks on the grant that a revocation is of."""
    try:
        grant = live_grant(state, revocation.person)
    except NotFoundError:
        # An import has ended it already.
        return state.document
    return with_marks(state.document, grant, replace(grant, **changes))


def ended(
    known: Revocation, caller: Caller, at: datetime, state: RevocationState, **facts: Any
) -> Revocation:
    """Return a revocation that somebody ended."""
    return replace(
        known,
        state=state,
        ended_by=caller.person,
        ended_at=at,
        version=known.version + 1,
        **facts,
    )


def _id(grant: Grant) -> str:
    at = grant.revoke_requested_at
    return identity("revocation", grant.account_id, grant.person_id, str(at and at.isoformat()))


def step_event(
    revocation: Revocation, caller: Caller, at: datetime, action: EventAction, **payload: Any
) -> Event:
    """Return what goes on record of a step."""
    return Event(
        # With the instant in it, a table that was restored from a backup goes on from there.
        id=f"revocation/{identity(revocation.id, action, str(revocation.version), str(at))}",
        at=at,
        actor=caller.person,
        action=action,
        entity=revocation.entity,
        subject=Subject("grant", account=revocation.account, person=revocation.person),
        payload={"revocation": revocation.id, "via": caller.via, **payload},
    )
