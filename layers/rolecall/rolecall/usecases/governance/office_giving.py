"""Who may be given an office by the operator of a stack, and why.

The groups of the user pool are the operator's, and an office is more than they have: so nobody is
made an officer by the operator alone, but where nobody is one.

- The *first* officer of a stack is made by the operator, with a reason; so is one where none is
  left who could ask, which is the way back.
- Every *further* office is asked for by an officer who serves, whom it is not for
  (:func:`~rolecall.usecases.governance.sign_in_requests.ask_sign_in`), and the operator gives it
  within some days, once. A request that was used, was refused or is old gives nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from rolecall.errors import ConflictError
from rolecall.finding import identity
from rolecall.ledger.event import Event, EventAction
from rolecall.model import Person, Subject
from rolecall.usecases.governance.sign_in_requests import SignInRequest
from rolecall.usecases.identity.offices import OfficeName

__all__ = [
    "GivenOffice",
    "HeldOffices",
    "check_asked_for",
    "given_office",
    "office_event",
    "taken_office",
]

_GOOD_FOR = timedelta(days=7)


class GivenOffice(Struct, frozen=True, kw_only=True):
    """That somebody was given an office.

    :ivar asked_by: the officer who asked for it; ``None`` where there was none who could.
    :ivar request: the version of their request, which is good once.
    :ivar via: the operator, as AWS says.
    :ivar taken_at: since when they have it no more.
    """

    asked_by: str | None
    request: int
    at: datetime
    via: str
    taken_at: datetime | None = None


class HeldOffices(Struct, frozen=True, kw_only=True):
    """The offices of somebody, as they are on record.

    :ivar version: rises with every step.
    """

    person: str
    offices: Mapping[OfficeName, GivenOffice]
    version: int = 0

    def has(self, office: OfficeName) -> bool:
        """Tell whether an office was given, and not taken since."""
        found = self.offices.get(office)
        return found is not None and found.taken_at is None

    @property
    def used(self) -> int:
        """The latest request that gave something."""
        return max((one.request for one in self.offices.values()), default=0)


def check_asked_for(
    person: Person,
    office: OfficeName,
    request: SignInRequest | None,
    officers: Iterable[Person | None],
    held: HeldOffices,
    at: datetime,
) -> None:
    """Hold an office to what an officer asked for.

    :param request: what is asked for of the person.
    :param officers: who is one now; whoever asked must be among them still.
    :param held: what the person was given before.
    :raises ConflictError: nobody asked for it, or it does not count any more.
    """
    ask = f"rolecall sign-in {person.id} --office {office} --reason ..."
    if request is None or request.office != office or request.version <= held.used:
        raise ConflictError(
            "office",
            f"there are officers, and none of them asked that {person.id} be one: "
            f"an officer does so with {ask}, and you give it then",
        )
    is_over = request.state != "waiting" or at - request.requested_at > _GOOD_FOR
    serving = {one.id for one in officers if one is not None}
    if is_over or request.requested_by not in serving:
        raise ConflictError(
            "office",
            f"what {request.requested_by} asked for was refused, is older than {_GOOD_FOR.days} "
            f"days, or they are no officer any more: an officer asks once more with {ask}",
        )
    if request.requested_by == person.id:
        raise ConflictError("self-approval", "they asked for it themselves; another officer must")


def given_office(
    held: HeldOffices, office: OfficeName, request: SignInRequest | None, at: datetime, via: str
) -> HeldOffices:
    """Return what somebody has once an office is given."""
    made = GivenOffice(
        asked_by=None if request is None else request.requested_by,
        # What was asked for and not used is over as well, where nobody had to ask.
        request=held.used if request is None else request.version,
        at=at,
        via=via,
    )
    offices = {**held.offices, office: made}
    return replace(held, offices=offices, version=held.version + 1)


def taken_office(held: HeldOffices, office: OfficeName, at: datetime, used: int) -> HeldOffices:
    """Return what somebody has once an office is taken.

    :param used: the version of the latest request, which gives nothing any more.
    """
    known = held.offices.get(office)
    begun = GivenOffice(asked_by=None, request=used, at=at, via="") if known is None else known
    ended = replace(begun, taken_at=at, request=max(begun.request, used))
    return replace(held, offices={**held.offices, office: ended}, version=held.version + 1)


def office_event(
    action: EventAction, held: HeldOffices, office: OfficeName, at: datetime, **facts: str | None
) -> Event:
    """Return what goes on record; the same step is one record, however often it is tried."""
    return Event(
        id=f"office/{identity(action, held.person, office, str(held.version))}",
        at=at,
        actor="operator",
        action=action,
        entity=None,
        subject=Subject("person", person=held.person),
        payload={"office": office, **facts},
    )
