"""Another sign-in for somebody who is locked out: one officer asks for it, another approves.

::

    waiting -> approved
       |-----> refused

An *office* for somebody is asked for in the same way, by an officer of either kind, and it is the
operator of the stack who gives it then (:mod:`rolecall.usecases.governance.office_giving`): the
groups of the user pool are theirs, and so it takes two who are not the person either.

A subject of an issuer is a person for good, so a user who was made anew, a new issuer and one that
verifies no addresses lock people out. A request names the *mark* of the sign-in that is to be the
person's, which whoever is refused is told; or none: theirs is let go then, and the next one with
their verified address is theirs. Neither of the two is the person, or was by that sign-in.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal, Protocol, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from rolecall.errors import ConflictError, NotFoundError, UsageError
from rolecall.finding import identity
from rolecall.ledger.event import Event, EventAction
from rolecall.model import Subject
from rolecall.usecases.governance.former_owners import FormerOwners, sign_in_change
from rolecall.usecases.governance.preconditions import asker_stands, check_seen, etag
from rolecall.usecases.identity.involvement import involvement
from rolecall.usecases.identity.offices import OfficeName
from rolecall.usecases.identity.permissions import Caller, Permission, may
from rolecall.usecases.identity.registry_view import RegistryView
from rolecall.usecases.identity.sign_in import is_mark
from rolecall.usecases.reasons import reason_of
from rolecall.usecases.retry import retried

__all__ = [
    "SignInRequest",
    "SignInRequestState",
    "SignInStore",
    "approve_sign_in",
    "ask_sign_in",
    "refuse_sign_in",
    "sign_in_request_of",
]


SignInRequestState: TypeAlias = Literal["waiting", "approved", "refused"]


class SignInRequest(Struct, frozen=True, kw_only=True):
    """What is asked for of a person's sign-in; there is one request of a person at a time.

    :ivar mark: of the sign-in that is to be theirs; ``None`` to let go of the one that they have.
    :ivar version: rises with every step.
    :ivar office: that is to be theirs; ``None`` for another sign-in. The sign-in stays then.
    :ivar of_list: the list by which many were let in at once.
    """

    person: str
    mark: str | None
    reason: str
    state: SignInRequestState
    requested_by: str
    requested_at: datetime
    decided_by: str | None = None
    decided_at: datetime | None = None
    version: int = 1
    office: OfficeName | None = None
    of_list: str | None = None


class SignInStore(FormerOwners, Protocol):
    """Where requests are kept, with the sign-ins and the log that go with them."""

    @property
    def view(self) -> RegistryView:
        """The registry, as far as it tells whom a request is about."""
        ...

    def bound_mark(self, mark: str) -> str | None:
        """Return the person whose sign-in a mark is."""
        ...

    def sign_in_request(self, person: str) -> SignInRequest | None:
        """Return what is asked for of a person's sign-in, or was."""
        ...

    def keep_sign_in_request(self, request: SignInRequest, event: Event) -> None:
        """Record an event with the request that it makes; with an approved one the sign-in as well.

        :raises LogConflictError: something is not as it was read; look again.
        """
        ...


@retried
def ask_sign_in(
    store: SignInStore,
    caller: Caller,
    at: datetime,
    person: str,
    mark: str | None,
    reason: str,
    office: OfficeName | None = None,
) -> SignInRequest:
    """Ask that a sign-in or an office be a person's from now on, or that their sign-in be let go.

    :param office: officers of either kind ask for one, and registrars alone for a sign-in.
    :raises NotFoundError: there is no such person, or the caller may not ask for it.
    :raises ConflictError: it is the caller's own, it is somebody's already, or another waits.
    :raises UsageError: the reason or the mark cannot be.
    """
    _check_asked(store, caller, person, mark, office)
    said, known = reason_of(reason), store.sign_in_request(person)
    # An office that is asked for holds nobody up who is locked out, and is asked for once more.
    if known is not None and known.state == "waiting" and known.office is None:
        stands = asker_stands(store.view, known.requested_by, known.requested_at, at)
        if stands and (known.mark, known.requested_by, office) == (mark, caller.person, None):
            return known
        if stands:
            raise ConflictError("change-waiting", "another request waits; decide that first")
    made = SignInRequest(
        person=person,
        mark=mark,
        reason=said,
        state="waiting",
        requested_by=caller.person,
        requested_at=at,
        version=1 if known is None else known.version + 1,
        office=office,
    )
    action: EventAction = "identity.requested" if office is None else "office.requested"
    store.keep_sign_in_request(made, _event(made, caller, at, action, reason=said))
    return made


def sign_in_request_of(store: SignInStore, caller: Caller, person: str) -> SignInRequest:
    """Return what is asked for of a person's sign-in, or was.

    :raises NotFoundError: nothing, or it is not for this caller.
    """
    found = store.sign_in_request(person) if may("read changes", caller.groups) else None
    if found is None:
        raise NotFoundError(f"there is no request for the sign-in of {person}")
    return found


@retried
def approve_sign_in(
    store: SignInStore, caller: Caller, at: datetime, person: str, match: str | None
) -> SignInRequest:
    """Approve what another officer asked for: it holds from now on.

    :param match: the ``If-Match`` of the request, with the tag of what was read.
    :raises NotFoundError: nothing is asked for, or it is not for this caller.
    :raises PreconditionError: it is not what the caller saw.
    :raises ConflictError: the caller asked for it, or it is theirs; or it is over.
    """
    known = sign_in_request_of(store, caller, person)
    check_seen(match, etag(known))
    if known.office is not None:
        raise ConflictError(
            "office", "an office is given by the operator of the stack: rolecall users groups"
        )
    stands = asker_stands(store.view, known.requested_by, known.requested_at, at)
    if known.state != "waiting" or not stands:
        raise ConflictError("change-over", "it was decided, or who asked does not serve any more")
    approver = store.view.person(caller.person)
    found = involvement(sign_in_change(store, person, known.mark), store.view, at.date())
    if approver is None or caller.person == known.requested_by or found.concerns(approver):
        raise ConflictError("self-approval", "it takes another officer, whose own it is not")
    _check_free(store, person, known.mark)
    made = _decided(known, caller, at, "approved")
    store.keep_sign_in_request(made, _event(made, caller, at, "identity.approved"))
    return made


@retried
def refuse_sign_in(
    store: SignInStore, caller: Caller, at: datetime, person: str, reason: str
) -> SignInRequest:
    """Refuse what is asked for; whoever asked may take it back so.

    :raises NotFoundError: nothing is asked for, or it is not for this caller.
    :raises ConflictError: it was approved.
    :raises UsageError: the reason cannot be.
    """
    known = sign_in_request_of(store, caller, person)
    said = reason_of(reason)
    if known.state == "refused":
        return known
    if known.state == "approved":
        raise ConflictError("change-over", "it was approved")
    made = _decided(known, caller, at, "refused")
    action: EventAction = "identity.refused" if known.office is None else "office.refused"
    store.keep_sign_in_request(made, _event(made, caller, at, action, reason=said))
    return made


def _check_asked(
    store: SignInStore, caller: Caller, person: str, mark: str | None, office: OfficeName | None
) -> None:
    """Hold what is asked for to whoever may ask for it, of somebody else."""
    asking: Permission = "edit" if office is None else "read changes"
    if not may(asking, caller.groups) or store.view.person(person) is None:
        raise NotFoundError(f"there is no person {person}")
    if mark is not None and not is_mark(mark):
        raise UsageError("mark: what whoever was refused was told, of 64 signs")
    if mark is not None and office is not None:
        raise UsageError("mark: an office is a person's, whatever they sign in by; leave it out")
    if caller.person in {person} | sign_in_change(store, person, mark).former:
        raise ConflictError("self-approval", "it is your own, or was; another officer must ask")
    _check_free(store, person, mark)


def _check_free(store: SignInStore, person: str, mark: str | None) -> None:
    """Hold a sign-in to be nobody else's."""
    if mark is not None and store.bound_mark(mark) not in (None, person):
        raise ConflictError("sign-in-taken", "that sign-in is another person's")


def _decided(
    known: SignInRequest, caller: Caller, at: datetime, state: SignInRequestState
) -> SignInRequest:
    return replace(
        known, state=state, decided_by=caller.person, decided_at=at, version=known.version + 1
    )


def _event(
    made: SignInRequest, caller: Caller, at: datetime, action: EventAction, **facts: str
) -> Event:
    about = {"mark": made.mark} if made.office is None else {"office": made.office}
    return Event(
        id=f"sign-in/{identity(made.person, str(made.version), at.isoformat())}",
        at=at,
        actor=caller.person,
        action=action,
        entity=None,
        subject=Subject("person", person=made.person),
        payload={**about, "via": caller.via, **facts},
    )
