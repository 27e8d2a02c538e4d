"""Other sign-ins for hundreds of people at once: one officer asks by a list, another approves it.

::

    waiting -> approved
       |-----> refused

A new issuer and a user pool that is made anew lock everybody out. A list says of each person what a
single request says (:mod:`rolecall.usecases.governance.sign_in_requests`), and its approval does of
each what the approval of a single one does, in a commit of its own with a record of its own.

Whom it cannot be done for is left out and named, when it is asked for and again when it is done:
whoever asks and whoever approves among them, who neither let themselves in. What is approved is the
list that was read. Each of its entries knows the version that the person's request had then, so it
is done once, is never done over what was asked for since, and an approval that was interrupted goes
on where it ended.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Literal, Protocol, TypeAlias

from msgspec import Struct

from rolecall.errors import NotFoundError
from rolecall.ledger.event import Event
from rolecall.model import Person
from rolecall.usecases.governance.former_owners import sign_in_change
from rolecall.usecases.governance.sign_in_requests import (
    SignInRequest,
    SignInRequestState,
    SignInStore,
)
from rolecall.usecases.identity.involvement import involvement
from rolecall.usecases.identity.permissions import Caller, may

__all__ = [
    "DescribedSignInList",
    "ListedSignIn",
    "ListedStanding",
    "NotListed",
    "SignInList",
    "SignInListStore",
    "SignInStanding",
    "deciding",
    "described_sign_ins",
    "sign_in_list_of",
    "standings",
    "why_not_asked",
    "why_not_done",
]

ListedStanding: TypeAlias = Literal["waiting", "done", "left out"]
_LONGEST_NAME = 100
"""Signs of a name that are shown."""


class ListedSignIn(Struct, frozen=True):
    """An entry of a list.

    :ivar version: of the person's own request when the list was made; 0 where there was none.
    """

    person: str
    mark: str | None
    version: int


class NotListed(Struct, frozen=True):
    """Who was left out, and why."""

    person: str
    why: str


class SignInList(Struct, frozen=True, kw_only=True):
    """What is asked for of the sign-ins of many.

    :ivar left_out: of those who were asked for, when it was.
    """

    id: str
    people: tuple[ListedSignIn, ...]
    left_out: tuple[NotListed, ...]
    reason: str
    state: SignInRequestState
    requested_by: str
    requested_at: datetime
    decided_by: str | None = None
    decided_at: datetime | None = None
    version: int = 1


class SignInStanding(Struct, frozen=True):
    """How far it is with somebody of a list, whose name is the roster's of now."""

    person: str
    name: str
    standing: ListedStanding
    why: str = ""


class DescribedSignInList(Struct, frozen=True):
    """A list with how far it is.

    :ivar left: for how many an approval is still to be done.
    """

    list: SignInList
    people: tuple[SignInStanding, ...]
    left: int


class SignInListStore(SignInStore, Protocol):
    """Where lists are kept, beside the requests of single people."""

    def mark_of_person(self, person: str) -> str | None:
        """Return the mark that a person signs in by."""
        ...

    def sign_in_list(self, id_: str) -> SignInList | None:
        """Return a list."""
        ...

    def keep_sign_in_list(self, made: SignInList, event: Event) -> None:
        """Record an event with the list that it makes.

        :raises LogConflictError: it is not as it was read; look again.
        """
        ...


def sign_in_list_of(store: SignInListStore, caller: Caller, id_: str) -> SignInList:
    """Return a list.

    :raises NotFoundError: there is none, or it is not for this caller.
    """
    found = store.sign_in_list(id_) if may("read changes", caller.groups) else None
    if found is None:
        raise NotFoundError(f"there is no list of sign-ins {id_}")
    return found


def described_sign_ins(
    store: SignInListStore, known: SignInList, at: datetime
) -> DescribedSignInList:
    """Return a list with how far it is with everybody."""
    people = tuple(standings(store, known, at))
    return DescribedSignInList(known, people, sum(one.standing == "waiting" for one in people))


def standings(store: SignInListStore, of: SignInList, at: datetime) -> Iterator[SignInStanding]:
    """Yield how far it is with everybody of a list, in its order."""
    officers = deciding(store, of.requested_by, of.decided_by)
    for entry in of.people:
        person, known = store.view.person(entry.person), store.sign_in_request(entry.person)
        name = "" if person is None else person.name[:_LONGEST_NAME]
        if known is not None and known.of_list == of.id:
            yield SignInStanding(entry.person, name, "done")
            continue
        why = "it was refused" if of.state == "refused" else None
        why = why or why_not_done(store, entry, known, officers, at)
        yield SignInStanding(
            entry.person, name, "waiting" if why is None else "left out", why or ""
        )


def deciding(store: SignInStore, *ids: str | None) -> tuple[Person, ...]:
    """Return who asks and who approves, as far as there are any."""
    return tuple(filter(None, (store.view.person(one) for one in ids if one is not None)))


def why_not_asked(
    store: SignInListStore,
    entry: ListedSignIn,
    known: SignInRequest | None,
    officers: Sequence[Person],
    at: datetime,
) -> str | None:
    """Return why an entry cannot be asked for.

    :param known: the person's own request.
    :param officers: who decide, and let nobody in who is themselves.
    """
    if known is not None and known.state == "waiting":
        return "a request of their own waits; decide that first"
    if (why := _why_not(store, entry, officers, at)) is not None:
        return why
    had = store.mark_of_person(entry.person)
    if had is None and entry.mark is None:
        return "they have no sign-in; the next one with their address is theirs"
    return "it is theirs" if had == entry.mark else None


def why_not_done(
    store: SignInListStore,
    entry: ListedSignIn,
    known: SignInRequest | None,
    officers: Sequence[Person],
    at: datetime,
) -> str | None:
    """Return why an entry cannot be done any more; see :func:`why_not_asked`."""
    if (0 if known is None else known.version) != entry.version:
        return "another request of their own was made since"
    return _why_not(store, entry, officers, at)


def _why_not(
    store: SignInListStore, entry: ListedSignIn, officers: Sequence[Person], at: datetime
) -> str | None:
    """Return what stands against a sign-in whenever it is looked at."""
    person = store.view.person(entry.person)
    if person is None or not person.is_active(at.date()):
        return "there is no such person who serves"
    change = sign_in_change(store, entry.person, entry.mark)
    found = involvement(change, store.view, at.date())
    if any(found.concerns(officer) for officer in officers):
        return "whoever asks or approves lets nobody in who is themselves; others ask for them"
    owner = None if entry.mark is None else store.bound_mark(entry.mark)
    return "that sign-in is another person's" if owner not in (None, entry.person) else None
