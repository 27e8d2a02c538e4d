"""Taking a revocation back: by whoever asked for it, or by two stewards who did not.

It gives access that somebody took away: for what another took, it takes two.
"""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from rolecall.errors import ConflictError
from rolecall.usecases.identity.permissions import Caller, is_steward
from rolecall.usecases.reasons import reason_of
from rolecall.usecases.retry import retried
from rolecall.usecases.revoking.access import AccountState
from rolecall.usecases.revoking.revocations import (
    Revocation,
    RevocationStore,
    ended,
    marked_anew,
    open_revocation,
    step_event,
)

__all__ = ["cancel"]


@retried
def cancel(
    store: RevocationStore, caller: Caller, at: datetime, id_: str, reason: str
) -> Revocation:
    """Take a revocation back while nothing was removed, or be the first of two who would.

    :returns: the revocation, which stays open while it takes another.
    :raises NotFoundError: there is no such revocation, or not for this caller.
    :raises ConflictError: it is over, or under way.
    """
    said = reason_of(reason)
    known, state = open_revocation(store, caller, id_)
    if known.state == "cancelled":
        return known
    if known.state not in ("requested", "needs_human") or known.person == caller.person:
        raise ConflictError("revocation-over", f"a revocation that is {known.state} goes its way")
    if not _is_enough(store, state, caller, at, known):
        if caller.person in known.objectors:
            return known
        objectors = (*known.objectors, caller.person)
        made = replace(known, objectors=objectors, version=known.version + 1)
        event = step_event(made, caller, at, "revocation.objected", reason=said)
        store.commit(state, state.document, made, [event])
        return made
    made = ended(known, caller, at, "cancelled", note=said)
    document = marked_anew(state, known, revoke_requested_at=None)
    event = step_event(made, caller, at, "revocation.cancelled", reason=said)
    store.commit(state, document, made, [event])
    return made


def _is_enough(
    store: RevocationStore, state: AccountState, caller: Caller, at: datetime, known: Revocation
) -> bool:
    """Tell whether the caller asked for it, or another steward would take it back too."""
    if caller.person == known.requested_by:
        return True
    people = (store.person(id_) for id_ in known.objectors if id_ != caller.person)
    return any(
        one.is_active(at.date()) and any(is_steward(one.id, above) for above in state.lineage)
        for one in people
        if one is not None
    )
