"""Offices that an operator gives and takes: the groups of the user pool follow what is on record.

Who may be given one, and why, is decided in :mod:`rolecall.usecases.governance.office_giving`.
"""

from __future__ import annotations

from msgspec.structs import replace

from rolecall.aws.user_directory import UserDirectory
from rolecall.errors import ConflictError
from rolecall.model import Person
from rolecall.usecases.governance.office_giving import (
    GivenOffice,
    check_asked_for,
    given_office,
    office_event,
    taken_office,
)
from rolecall.usecases.identity.offices import OfficeName
from rolecall.usecases.identity.pool_users import UserView
from rolecall.usecases.reasons import reason_of
from rolecall.usecases.retry import retried

__all__ = ["give_office", "take_office"]


@retried
def give_office(
    there: UserDirectory, person: Person, office: OfficeName, reason: str
) -> GivenOffice:
    """Give somebody an office: the first of all, or what an officer asked for.

    :raises ConflictError: nobody asked for it, or they have no user who could be an officer.
    """
    said, kept = reason_of(reason), there.kept
    user = there.pool.user(there.address(person))
    view = None if user is None else there.view(user, ())
    if view is None or not view.serves(there.at.date()) or view.person != person:
        raise ConflictError(
            "user", f"{person.id} has no user who signs in as them: rolecall users add first"
        )
    # Read before who is an officer: whoever becomes one, or is none, from here on is noticed.
    turn, held = kept.turn(), kept.held(person.id)
    if not held.has(office):
        request, officers = None, [one.person for one in there.officers()]
        if officers:
            request = kept.request(person.id)
            check_asked_for(person, office, request, officers, held, there.at)
        held = given_office(held, office, request, there.at, there.via)
        asked_by = held.offices[office].asked_by
        facts = {"reason": said, "asked_by": asked_by, "via": there.via}
        kept.keep(held, office_event("office.given", held, office, there.at, **facts), turn)
    # Where it was on record already, whoever was interrupted goes on.
    there.pool.give(view.user, office)
    return held.offices[office]


@retried
def take_office(
    there: UserDirectory,
    view: UserView,
    office: OfficeName,
    reason: str,
    *,
    leave_nobody: bool = False,
) -> UserView:
    """Take an office from a user, and return what they have then.

    :param leave_nobody: although no officer is left by it.
    :raises ConflictError: they have it not, or no officer would be left.
    """
    said, kept = reason_of(reason), there.kept
    if office not in view.offices:
        raise ConflictError("office", f"{view.user.email} has not the office {office}")
    turn = kept.turn()
    if view.offices == (office,) and not leave_nobody:
        there.check_left(view.user.name)
    if view.person is not None:
        request = kept.request(view.person.id)
        used = 0 if request is None else request.version
        made = taken_office(kept.held(view.person.id), office, there.at, used)
        facts = {"reason": said, "via": there.via}
        kept.keep(made, office_event("office.taken", made, office, there.at, **facts), turn)
    there.pool.take(view.user, office)
    return replace(view, offices=tuple(one for one in view.offices if one != office))
