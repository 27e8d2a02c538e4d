"""Users of the pool and the roster: who is whose, and what does not fit together.

A user is what somebody signs in by; a person is who they are. A person who has signed in is the
one whom that sign-in is bound to, and whoever has not is found by their verified address, as
:mod:`rolecall.usecases.identity.sign_in` finds them. What is said here of a user is what that would
say of them, and what nobody would notice before they try.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from msgspec import Struct

from rolecall.keys.addresses import address_key, registered_key
from rolecall.model import Person
from rolecall.quantity import counted
from rolecall.usecases.identity.offices import OfficeName

__all__ = ["StackUser", "UserView", "remarks"]

_INVITED = "FORCE_CHANGE_PASSWORD"


class StackUser(Struct, frozen=True, kw_only=True):
    """A user, as the pool has them.

    :ivar name: in the pool; people know them by the address.
    :ivar subject: of their tokens.
    :ivar is_verified: whether the pool says that the address is theirs.
    :ivar is_enabled: whether they may sign in at all.
    :ivar status: in the words of the pool.
    :ivar factors: beside the password; ``None`` where nobody has asked for them.
    :ivar seen: when they signed in last, where the pool keeps that.
    """

    name: str
    subject: str
    email: str
    is_verified: bool
    is_enabled: bool
    status: str
    factors: tuple[str, ...] | None = None
    seen: datetime | None = None

    @property
    def state(self) -> str:
        """How far they are, in a word."""
        if not self.is_enabled:
            return "disabled"
        words = {_INVITED: "invited", "CONFIRMED": "active"}
        return words.get(self.status, self.status.lower())

    @property
    def is_invited(self) -> bool:
        """Whether they have an invitation and no password of their own yet."""
        return self.status == _INVITED


class UserView(Struct, frozen=True, kw_only=True):
    """A user, and whom the roster knows in them.

    :ivar person: who they are; ``None`` where nobody is known by their sign-in or their address.
    :ivar is_bound: whether they have signed in as that person.
    :ivar has_other_sign_in: whether that person signs in as another subject.
    :ivar namesakes: how many people on the roster have their address.
    :ivar twins: how many users of the same person may sign in, this one among them.
    :ivar offices: that the groups of the pool give them.
    :ivar unrecorded: those of them that nobody gave through Rolecall.
    """

    user: StackUser
    person: Person | None
    is_bound: bool = False
    has_other_sign_in: bool = False
    namesakes: int = 1
    twins: int = 1
    offices: tuple[OfficeName, ...] = ()
    unrecorded: tuple[OfficeName, ...] = ()

    def serves(self, today: date) -> bool:
        """Tell whether they could act as an officer of the roster today."""
        return (
            self.user.is_enabled
            and self.person is not None
            and self.person.is_active(today)
            and not self.has_other_sign_in
        )


def remarks(view: UserView, today: date) -> Iterator[str]:
    """Yield what does not fit together, with what to do."""
    user, person = view.user, view.person
    if user.is_enabled:
        yield from _of_person(view, today)
        if not user.is_verified:
            yield "the pool does not say that the address is verified: remove the user, add anew"
        if person is not None and view.has_other_sign_in:
            yield "signs in as another subject than this one: rolecall sign-in (docs/runbooks.md)"
        if person is not None and view.twins > 1:
            yield f"is one of {counted(view.twins, 'user')} of {person.id}: remove those that "
            "are too many"
        if user.factors == () and not user.is_invited:
            yield "has no second factor"
    elif view.offices:
        yield "is disabled and has an office still: rolecall users groups --take"
    for office in view.unrecorded:
        yield f"has the office {office}, and nobody gave it through Rolecall: give it, or take it"


def _of_person(view: UserView, today: date) -> Iterator[str]:
    person = view.person
    if person is None and view.namesakes > 1:
        yield "several people of the roster have the address: nobody signs in by it"
    elif person is None:
        yield "nobody on the roster has the address: remove the user, or put the roster right"
    elif not person.is_active(today):
        since = "" if person.left_on is None else f" since {person.left_on}"
        yield f"{person.id} does not serve{since} ({person.status}) and has a user still: remove it"
    elif registered_key(person.email) != address_key(view.user.email):
        yield f"{person.id} has another address on the roster by now"
