"""What controls look up about people: who is active, who lacks what, who holds anything.

It is part of :class:`rolecall.controls.context.Context`, whose invariants hold here too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property
from operator import attrgetter

from rolecall.keys.addresses import mailbox_key
from rolecall.model import Person, Snapshot
from rolecall.presence import ROWS, present_columns

__all__ = ["PeopleIndex"]


class _Mailboxes(dict[str, str | None]):
    """Makes the key of a mailbox when it is first asked for: those of most people never are."""

    def __init__(self, people: Mapping[str, Person]) -> None:
        super().__init__()
        self._people = people

    def __missing__(self, person_id: str) -> str | None:
        person = self._people.get(person_id)
        found = mailbox_key(person.email) if person is not None and person.email else None
        self[person_id] = found
        return found


class PeopleIndex:
    """The people of one snapshot on one day."""

    def __init__(self, snapshot: Snapshot, today: date) -> None:
        self.snapshot = snapshot
        self.today = today
        self._people_without: dict[str, frozenset[str]] = {}

    @cached_property
    def tracked(self) -> frozenset[str]:
        """The columns that the registry has: people and grants of whom there are none are not."""
        snapshot = self.snapshot
        if snapshot.rest is not None:
            # What a part has none of the rest may have: whoever made the part looked at all of it.
            return snapshot.tracked
        rows = {table: len(getattr(snapshot, table)) for table in ROWS}
        return present_columns(snapshot.tracked, rows, snapshot.filled)

    def tracks(self, column: str, *row: str) -> bool:
        """Tell whether a column is tracked for a row: for all of them, or for this one."""
        return column in self.tracked or row in self.snapshot.filled.get(column, ())

    @cached_property
    def has_roster(self) -> bool:
        """Whether anybody is on record: without a roster nobody can be missing on it."""
        return ROWS["people"] in self.tracked

    @cached_property
    def has_grants(self) -> bool:
        """Whether any access is on record, ended or not."""
        return ROWS["grants"] in self.tracked or ROWS["grants"] in self.snapshot.filled

    @cached_property
    def people(self) -> Mapping[str, Person]:
        """The roster by id."""
        return {person.id: person for person in self.snapshot.people}

    @cached_property
    def active(self) -> frozenset[str]:
        """Ids of active persons: status active, and ``left_on`` empty or after today."""
        today = self.today
        return frozenset([p.id for p in self.snapshot.people if p.is_active(today)])

    def among_active(self, ids: Iterable[str]) -> frozenset[str]:
        """Return those of some people who are active: as far as is known, where nobody is.

        Without a roster each of them may be, so that fewer than these are active in any case.
        """
        return self.active.intersection(ids) if self.has_roster else frozenset(ids)

    @cached_property
    def suspended(self) -> frozenset[str]:
        """Ids of suspended persons."""
        return frozenset([p.id for p in self.snapshot.people if p.status == "suspended"])

    def people_without(self, column: str) -> frozenset[str]:
        """Return the ids of everybody on the roster with nothing on record in a column.

        Controls ask of each grant whether its holder is among them. They are few as a rule, and
        the set stays in the processor's caches; that of all others would not.
        """
        if column not in self._people_without:
            get = attrgetter(column)
            found = frozenset([p.id for p in self.snapshot.people if get(p) is None])
            self._people_without[column] = found
        return self._people_without[column]

    @cached_property
    def mailboxes(self) -> Mapping[str, str | None]:
        """By what the mailbox of each person of the roster is found, where that can be told."""
        return _Mailboxes(self.people)

    @cached_property
    def mailboxes_on_roster(self) -> frozenset[str | None]:
        """The mailboxes of everybody on the roster; asked for where an address is odd."""
        return frozenset(map(self.mailboxes.__getitem__, self.people))

    @cached_property
    def strangers(self) -> frozenset[str]:
        """Ids of everybody who has or had a grant and is not on the roster."""
        holders = frozenset(map(attrgetter("person_id"), self.snapshot.grants))
        return holders.difference(self.people)
