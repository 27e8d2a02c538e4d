"""The users of a stack beside its roster: who is who, and who could act as an officer.

The roster says who somebody is; what does not fit is named and not guessed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

import msgspec
from msgspec.structs import replace

from rolecall.aws.stack import Stack
from rolecall.aws.user_pool import pool_of
from rolecall.errors import ConflictError, UsageError
from rolecall.finding import identity
from rolecall.keys.addresses import address_key, registered_key
from rolecall.ledger.event import Event, EventAction
from rolecall.model import Person, Subject
from rolecall.usecases.identity.offices import OfficeName
from rolecall.usecases.identity.pool_users import StackUser, UserView

__all__ = ["OFFICES", "UserDirectory"]

OFFICES: tuple[OfficeName, ...] = ("compliance", "registrar")
_person = msgspec.json.Decoder(Person).decode


class UserDirectory:
    """The users of a stack, for one operator, at one instant.

    :ivar pool: in which they are.
    :ivar roster: the registry.
    :ivar kept: what was decided about their offices.
    :ivar at: this instant.
    :ivar via: who looks after them, as AWS says.
    """

    def __init__(self, stack: Stack, at: datetime, via: str) -> None:
        """Look at the users of a stack.

        :raises UsageError: people sign in elsewhere.
        """
        self.stack = stack
        self.pool = pool_of(stack)
        self.roster = stack.registry
        self.kept = stack.registrar.offices
        self.at = at
        self.via = via

    def views(self, *, details: bool = False) -> list[UserView]:
        """Return every user, with whom the roster knows in them.

        :param details: with their factors, and when they signed in where the pool keeps that.
        """
        members = {office: self.pool.members(office) for office in OFFICES}
        keeps_events = details and self.pool.keeps_events()
        found = []
        for known in self.pool.users():
            user = (self.pool.user(known.name) or known) if details else known
            if keeps_events:
                user = self.pool.seen(user)
            offices = tuple(one for one in OFFICES if user.name in members[one])
            found.append(self.view(user, offices))
        counts = Counter(one.person.id for one in found if one.person and one.user.is_enabled)
        return [
            replace(one, twins=counts[one.person.id]) if one.person else one
            for one in sorted(found, key=lambda one: one.user.email)
        ]

    def person(self, named: str) -> Person:
        """Return a person by their id, their address, or a name that nobody else has.

        :raises UsageError: there is none, or there are several.
        """
        known = self.roster.person(named)
        if known is not None:
            return known
        found = self.roster.by_email(named) if "@" in named else [*self._called(named)]
        if len(found) == 1:
            return found[0]
        if not found:
            raise UsageError(f"nobody on the roster has the id, the name or the address {named}")
        ids = ", ".join(sorted(one.id for one in found)[:10])
        raise UsageError(f"several people are called {named}; name one by the id: {ids}")

    def users_of(self, named: str) -> list[UserView]:
        """Return the users of a person, or the one that has an address or a name.

        :raises UsageError: there is none.
        """
        every = self.views()
        key = address_key(named)
        theirs = [
            one
            for one in every
            if one.user.name == named or (key is not None and address_key(one.user.email) == key)
        ]
        if not theirs:
            person = self.person(named).id
            theirs = [one for one in every if one.person is not None and one.person.id == person]
        if not theirs:
            raise UsageError(f"{named} has no user; rolecall users list has those there are")
        return theirs

    def view(self, user: StackUser, offices: tuple[OfficeName, ...]) -> UserView:
        """Return a user with whom they would sign in as."""
        issuer, today = self.pool.issuer, self.at.date()
        bound = self.kept.person_of(issuer, user.subject)
        people = [] if bound else self.roster.by_email(user.email)
        serving = [one for one in people if one.is_active(today)] or people
        person = self.roster.person(bound) if bound else None
        if person is None and len(serving) == 1:
            person = serving[0]
        held = None if person is None or not offices else self.kept.held(person.id)
        signs_in = person and self.kept.signs_in_as(person.id, issuer, user.subject)
        return UserView(
            user=user,
            person=person,
            is_bound=bound is not None,
            has_other_sign_in=signs_in is False,
            namesakes=len(serving),
            offices=offices,
            unrecorded=tuple(one for one in offices if held is None or not held.has(one)),
        )

    def officers(self, *without: str) -> list[UserView]:
        """Return who could act as an officer now."""
        return [
            one
            for one in self.views()
            if one.offices and one.serves(self.at.date()) and one.user.name not in without
        ]

    def check_left(self, *names: str) -> None:
        """Hold that an officer is left without some users.

        :raises ConflictError: there is none.
        """
        if not self.officers(*names):
            raise ConflictError(
                "last-officer",
                "no officer would be left, and you alone could name the next one: give somebody "
                "else an office first, or say --leave-nobody",
            )

    def address(self, person: Person) -> str:
        """Return the address by which a person is found who signs in for the first time.

        :raises ConflictError: they do not serve, or are nobody by it.
        """
        key = registered_key(person.email)
        if not person.is_active(self.at.date()):
            raise ConflictError("serves", f"{person.id} does not serve: they could not sign in")
        if key is None:
            raise ConflictError(
                "address", f"{person.id} has no address that is surely one; put the roster right"
            )
        others = [one for one in self.roster.by_email(key) if one.is_active(self.at.date())]
        if [one.id for one in others] != [person.id]:
            raise ConflictError("address", f"{key} is not the address of {person.id} alone")
        return key

    def _called(self, name: str) -> Iterator[Person]:
        """Yield who has a name."""
        sought = " ".join(name.casefold().split())
        for data in self.roster.people():
            one = _person(data)
            if " ".join(one.name.casefold().split()) == sought:
                yield one

    def record(
        self, action: EventAction, person: Person | None, user: str, **facts: object
    ) -> None:
        """Record what is done with a user.

        :param person: whose user it is, where anybody knows.
        """
        # A name in the user pool may be an address, and the log holds none.
        mark = identity("user", self.pool.id, user)
        # Somebody may be removed twice in a second, and then be gone.
        said = [f"{name}={value}" for name, value in sorted(facts.items())]
        self.kept.record(
            Event(
                id=f"user/{identity(action, mark, self.at.isoformat(), *said)}",
                at=self.at,
                actor="operator",
                action=action,
                entity=None if person is None else person.entity_id,
                subject=None if person is None else Subject("person", person=person.id),
                payload={"user": mark, "via": self.via, **facts},
            )
        )
