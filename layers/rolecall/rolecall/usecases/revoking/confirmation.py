"""Saying that an access is removed: by whom, when, and how that is known."""

from __future__ import annotations

from datetime import date, datetime

from rolecall.errors import ConflictError, UsageError
from rolecall.usecases.identity.permissions import Caller, is_steward
from rolecall.usecases.reasons import remark_of
from rolecall.usecases.retry import retried
from rolecall.usecases.revoking.access import AccountState
from rolecall.usecases.revoking.removal_day import check_removal_day, last_listing
from rolecall.usecases.revoking.revocations import (
    Revocation,
    RevocationStore,
    ended,
    marked_anew,
    open_revocation,
    step_event,
)

__all__ = ["confirm"]


@retried
def confirm(
    store: RevocationStore,
    caller: Caller,
    at: datetime,
    id_: str,
    *,
    removed_by: str,
    removed_on: date,
    note: str,
) -> Revocation:
    """Say that the access is removed: by whom, when, and how that is known.

    :raises NotFoundError: there is no such revocation, or not for this caller.
    :raises ConflictError: it is over, or the caller is the one whose access it is.
    :raises UsageError: the note, the day or the person cannot be. A person whom the caller has
        nothing to do with is answered like one who is not there.
    """
    said = remark_of(note)
    if removed_on > at.date():
        raise UsageError("removed_on: a day that is still to come")
    known, state = open_revocation(store, caller, id_)
    if known.person in (caller.person, removed_by):
        raise ConflictError(
            "self-confirmation", "whose access it was cannot say that it is gone; ask another"
        )
    if known.state == "confirmed":
        return known
    if known.state == "cancelled":
        raise ConflictError("revocation-over", "the revocation was cancelled")
    _check_day(store, state, known, removed_on, at.date())
    if not _is_within_reach(store, state, caller, removed_by):
        raise UsageError(f"removed_by: there is no person {removed_by}; it takes an id")
    made = ended(
        known, caller, at, "confirmed", removed_by=removed_by, removed_on=removed_on, note=said
    )
    told = {"removed_by": removed_by, "removed_on": removed_on.isoformat()}
    document = marked_anew(state, known, revoked_on=removed_on)
    event = step_event(made, caller, at, "revocation.confirmed", **told)
    store.commit(state, document, made, [event])
    return made


def _check_day(
    store: RevocationStore, state: AccountState, known: Revocation, removed_on: date, today: date
) -> None:
    """Hold the day to what is on record of the access, and to what the platform showed of it."""
    person, document = store.person(known.person), state.document
    email = None if person is None else person.email
    rows = () if email is None else store.listings(document.account)
    listed = last_listing(rows, email, today)
    check_removal_day(document.grants, known.person, removed_on, known.requested_at, listed)


def _is_within_reach(store: RevocationStore, state: AccountState, caller: Caller, id_: str) -> bool:
    """Tell whether somebody is on the roster and the caller has to do with them.

    That is who holds the account, heads or helps its entity or one above it, or serves where the
    caller does: of others a caller cannot learn whether they are there.
    """
    person = store.person(id_)
    if person is None:
        return False
    if id_ == caller.person or id_ in state.people:
        return True
    if any(is_steward(id_, one) for one in state.lineage):
        return True
    line = () if person.entity_id is None else store.lineage(person.entity_id)
    return any(is_steward(caller.person, one) for one in line)
