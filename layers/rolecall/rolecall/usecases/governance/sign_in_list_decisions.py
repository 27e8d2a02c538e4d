"""How a list of sign-ins is asked for, approved and refused: one officer asks, another approves.

What a list is, and who is left out, is in :mod:`rolecall.usecases.governance.sign_in_lists`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from rolecall.errors import ConflictError, NotFoundError, UsageError
from rolecall.finding import identity
from rolecall.ledger.event import Event, EventAction
from rolecall.model import Subject
from rolecall.usecases.governance.preconditions import asker_stands, check_seen, etag
from rolecall.usecases.governance.sign_in_lists import (
    ListedSignIn,
    NotListed,
    SignInList,
    SignInListStore,
    deciding,
    sign_in_list_of,
    standings,
    why_not_asked,
    why_not_done,
)
from rolecall.usecases.governance.sign_in_requests import SignInRequest, SignInRequestState
from rolecall.usecases.identity.permissions import Caller, may
from rolecall.usecases.identity.sign_in import is_mark
from rolecall.usecases.reasons import reason_of
from rolecall.usecases.retry import retried

__all__ = [
    "MOST_LISTED",
    "WantedSignIn",
    "approve_sign_in_list",
    "ask_sign_ins",
    "refuse_sign_in_list",
]

MOST_LISTED = 250
"""People of one list: each is read four times when it is asked for, within the API's 29 seconds."""
_MOST_BYTES = 100_000
"""Of the ids of a list, so that it is one item with its marks."""
_AT_ONCE = 50
"""People whom one request of an approval lets in, each with a commit of its own."""
_GOES_ON = timedelta(days=1)
"""For so long an approval that was interrupted is taken up again."""


class WantedSignIn(Struct, frozen=True):
    """Whose sign-in is to be which, as it is asked for.

    :ivar mark: ``None`` to let go of the one that they have: the next with their address is theirs.
    """

    person: str
    mark: str | None = None


@retried
def ask_sign_ins(
    store: SignInListStore,
    caller: Caller,
    at: datetime,
    wanted: Sequence[WantedSignIn],
    reason: str,
) -> SignInList:
    """Ask that many sign in by other sign-ins from now on; who cannot is left out, and named.

    :raises NotFoundError: the caller may not ask for it.
    :raises UsageError: somebody or a mark stands there twice, or a mark or the reason cannot be.
    :raises ConflictError: nobody is left.
    """
    if not may("edit", caller.groups):
        raise NotFoundError("there are no lists of sign-ins")
    _check_wanted(wanted)
    said, officers = reason_of(reason), deciding(store, caller.person)
    people: list[ListedSignIn] = []
    left_out: list[NotListed] = []
    for one in wanted:
        known = store.sign_in_request(one.person)
        made = ListedSignIn(one.person, one.mark, 0 if known is None else known.version)
        if (why := why_not_asked(store, made, known, officers, at)) is None:
            people.append(made)
        else:
            left_out.append(NotListed(one.person, why))
    if not people:
        told = "; ".join(f"{one.person}: {one.why}" for one in left_out[:5])
        raise ConflictError("nobody-listed", f"nobody of it can be let in so: {told}")
    asked = SignInList(
        id=identity(caller.person, at.isoformat(), *_texts(people)),
        people=tuple(people),
        left_out=tuple(left_out),
        reason=said,
        state="waiting",
        requested_by=caller.person,
        requested_at=at,
    )
    store.keep_sign_in_list(asked, _event(asked, caller, at, "identity.requested", reason=said))
    return asked


def approve_sign_in_list(
    store: SignInListStore, caller: Caller, at: datetime, id_: str, match: str | None
) -> SignInList:
    """Approve a list that another officer asked for, and let in a part of its people.

    Whoever approved it asks again until nobody is left; what is done is not done once more.

    :param match: the ``If-Match`` of the request, with the tag of what was read.
    :raises NotFoundError: there is none, or it is not for this caller.
    :raises PreconditionError: it is not what the caller saw.
    :raises ConflictError: the caller asked for it; or it is over.
    """
    approved = _approved(store, caller, at, id_, match)
    open_ = (
        entry
        for entry, told in zip(approved.people, standings(store, approved, at), strict=True)
        if told.standing == "waiting"
    )
    for number, entry in enumerate(open_, 1):
        _let_in(store, approved, entry, caller, at)
        if number == _AT_ONCE:
            break
    return approved


@retried
def refuse_sign_in_list(
    store: SignInListStore, caller: Caller, at: datetime, id_: str, reason: str
) -> SignInList:
    """Refuse a list; whoever asked may take it back so.

    :raises NotFoundError: there is none, or it is not for this caller.
    :raises ConflictError: it was approved.
    :raises UsageError: the reason cannot be.
    """
    known, said = sign_in_list_of(store, caller, id_), reason_of(reason)
    if known.state == "refused":
        return known
    if known.state == "approved":
        raise ConflictError("change-over", "it was approved")
    made = _decided(known, caller, at, "refused")
    store.keep_sign_in_list(made, _event(made, caller, at, "identity.refused", reason=said))
    return made


@retried
def _approved(
    store: SignInListStore, caller: Caller, at: datetime, id_: str, match: str | None
) -> SignInList:
    """Return a list that holds from now on, or since the same officer approved it."""
    known = sign_in_list_of(store, caller, id_)
    check_seen(match, etag(known))
    if known.state == "approved" and known.decided_by == caller.person:
        if known.decided_at is not None and at - known.decided_at <= _GOES_ON:
            return known
        raise ConflictError("change-over", "it was approved over a day ago; ask for who is left")
    approver = store.view.person(caller.person)
    stands = asker_stands(store.view, known.requested_by, known.requested_at, at)
    if known.state != "waiting" or not stands:
        raise ConflictError("change-over", "it was decided, or who asked does not serve any more")
    if approver is None or caller.person == known.requested_by:
        raise ConflictError("self-approval", "it takes another officer")
    made = _decided(known, caller, at, "approved")
    store.keep_sign_in_list(made, _event(made, caller, at, "identity.approved"))
    return made


@retried
def _let_in(
    store: SignInListStore, of: SignInList, entry: ListedSignIn, caller: Caller, at: datetime
) -> None:
    """Do for one of a list what the approval of a single request does, unless it cannot be."""
    known = store.sign_in_request(entry.person)
    officers = deciding(store, of.requested_by, of.decided_by)
    if why_not_done(store, entry, known, officers, at) is not None:
        return
    made = SignInRequest(
        person=entry.person,
        mark=entry.mark,
        reason=of.reason,
        state="approved",
        requested_by=of.requested_by,
        requested_at=of.requested_at,
        decided_by=of.decided_by,
        decided_at=at,
        version=entry.version + 1,
        of_list=of.id,
    )
    event = Event(
        id=f"sign-in/{identity(made.person, str(made.version), of.id)}",
        at=at,
        actor=caller.person,
        action="identity.approved",
        entity=None,
        subject=Subject("person", person=made.person),
        payload={"mark": made.mark, "list": of.id, "via": caller.via},
    )
    store.keep_sign_in_request(made, event)


def _check_wanted(wanted: Sequence[WantedSignIn]) -> None:
    """Hold a list to be one, before anything of it is read."""
    if not 0 < len(wanted) <= MOST_LISTED:
        raise UsageError(f"people: a list has 1 to {MOST_LISTED}; it has {len(wanted)}")
    if sum(len(one.person.encode()) for one in wanted) > _MOST_BYTES:
        raise UsageError("people: their ids are too long for one list; make two of it")
    people: set[str] = set()
    marks: set[str] = set()
    for one in wanted:
        if one.person in people or one.mark in marks:
            raise UsageError(f"people: {one.person} or their mark stands there twice")
        people.add(one.person)
        if one.mark is not None:
            if not is_mark(one.mark):
                raise UsageError(f"people: the mark of {one.person} is none, of 64 signs")
            marks.add(one.mark)


def _texts(people: Iterable[ListedSignIn]) -> Iterator[str]:
    for one in people:
        yield from (one.person, one.mark or "", str(one.version))


def _decided(
    known: SignInList, caller: Caller, at: datetime, state: SignInRequestState
) -> SignInList:
    return replace(
        known, state=state, decided_by=caller.person, decided_at=at, version=known.version + 1
    )


def _event(
    made: SignInList, caller: Caller, at: datetime, action: EventAction, **facts: str
) -> Event:
    listed = {"list": made.id, "people": len(made.people), "digest": identity(*_texts(made.people))}
    return Event(
        id=f"sign-ins/{identity(made.id, str(made.version), at.isoformat())}",
        at=at,
        actor=caller.person,
        action=action,
        entity=None,
        subject=None,
        payload={**listed, "via": caller.via, **facts},
    )
