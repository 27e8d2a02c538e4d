"""Who was seen in which office, and on which day: all that is known here of who holds one.

Offices are groups of the issuer, and nobody tells the registry who is in them. But each request of
an officer says it, in a token that was verified; so it is noted, once a day. That does not say who
could act in an office, for nobody who never came is known. It says who did, and so whether an edit
stops the last of them. Somebody who was not seen for long does not count as left: they may have
lost the office since.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Protocol

from msgspec import Struct

from rolecall.usecases.identity.permissions import Caller, CallerRole

__all__ = ["KNOWN_FOR", "SeenOfficer", "SeenOfficerStore", "holders_seen", "note_offices"]

KNOWN_FOR = timedelta(days=90)
"""How long somebody counts as who holds an office after they were last seen in it."""


class SeenOfficer(Struct, frozen=True, kw_only=True):
    """The offices that somebody had by their last token.

    :ivar days: the last day on which they were seen in each.
    :ivar version: rises with every note.
    """

    person: str
    days: Mapping[CallerRole, date]
    version: int = 1


class SeenOfficerStore(Protocol):
    """Where it is noted."""

    def seen_officer(self, person: str) -> SeenOfficer | None:
        """Return in which offices somebody was seen last."""
        ...

    def note_officer(self, seen: SeenOfficer) -> None:
        """Note it, unless somebody noted the same person meanwhile."""
        ...


def note_offices(store: SeenOfficerStore, caller: Caller, today: date) -> None:
    """Note in which offices somebody is seen. Of whoever has none nothing is read or written."""
    if not caller.groups:
        return
    known = store.seen_officer(caller.person)
    # An office that the token does not give any more is not kept.
    days = dict.fromkeys(sorted(caller.groups), today)
    if known is None or known.days != days:
        version = 1 if known is None else known.version + 1
        store.note_officer(SeenOfficer(person=caller.person, days=days, version=version))


def holders_seen(seen: Iterable[SeenOfficer], today: date) -> dict[CallerRole, set[str]]:
    """Return who was seen in each office of late."""
    found: dict[CallerRole, set[str]] = {}
    for one in seen:
        for office, day in one.days.items():
            if today - day <= KNOWN_FOR:
                found.setdefault(office, set()).add(one.person)
    return found
