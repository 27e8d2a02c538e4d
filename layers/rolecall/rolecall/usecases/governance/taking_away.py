"""What an edit takes away: who can do less by it, and what would be left without anybody.

Taking power away does not wait, so that somebody can be stopped at once. Two things have a brake,
for whoever may take away could otherwise take everything: what leaves an entity, an account or an
office without anybody who could act for it, and more than a handful within an hour. Both wait for a
second officer, as what gives power does; the approval is the override, on record. Of an office it
is known here who was seen in it (:mod:`rolecall.usecases.identity.seen_offices`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Protocol

from rolecall.entitlement import entitles
from rolecall.errors import BrakeError
from rolecall.ledger.event import Event
from rolecall.model import FULL_CONTROL_ROLES, Grant, Person, RegistryRecord
from rolecall.registry.documents import AccountDocument
from rolecall.usecases.governance.recorded_changes import StoredRecord
from rolecall.usecases.identity.involvement import RecordChange
from rolecall.usecases.identity.power import Surroundings, gained, stewards_of, turning_days
from rolecall.usecases.identity.registry_view import RegistryView
from rolecall.usecases.identity.seen_offices import SeenOfficer, holders_seen
from rolecall.usecases.identity.stewardship import Stewardship

__all__ = ["MOST_TAKEN", "BrakedStore", "HoldingView", "kept_at_once", "left_without", "losers"]

MOST_TAKEN = 5
"""Edits of one registrar within an hour that take something away and do not wait."""


class HoldingView(RegistryView, Protocol):
    """What has to be known of the registry to tell what is left."""

    def stewardship(self, person: str, most: int) -> Stewardship:
        """Return the entities that a person heads or helps, and at most so many below."""
        ...

    def seen_officers(self) -> Sequence[SeenOfficer]:
        """Return who was seen in an office, and when."""
        ...


class BrakedStore(Protocol):
    """Where records are kept, with a brake."""

    @property
    def view(self) -> HoldingView:
        """The registry, as far as it tells what is left."""
        ...

    def keep(
        self,
        events: Sequence[Event],
        *,
        held: StoredRecord,
        record: RegistryRecord,
        brake: str | None = None,
    ) -> None:
        """Record events with the record that they make, or nothing at all.

        :param brake: of whose edits it counts as one that takes something away.
        :raises BrakeError: there were too many within an hour.
        """
        ...


def kept_at_once(
    store: BrakedStore, event: Event, held: StoredRecord, record: RegistryRecord
) -> bool:
    """Keep an edit that gives nobody anything, unless it takes away what has a brake.

    :param event: of the edit, by whoever makes it.
    :returns: whether it is kept; otherwise it waits for a second officer.
    """
    edit, today = RecordChange(held.record, record), event.at.date()
    if any(left_without(edit, store.view, today)):
        return False
    brake = event.actor if losers(edit, today) else None
    try:
        store.keep([event], held=held, record=record, brake=brake)
    except BrakeError:
        return False
    return True


def losers(edit: RecordChange, today: date) -> frozenset[str]:
    """Return who could do something, on a day from today on, that they cannot after an edit."""
    if edit.before is None:
        return frozenset()
    around = Surroundings()
    return frozenset(one.person for one in gained(edit.after, edit.before, around, around, today))


def left_without(edit: RecordChange, known: HoldingView, today: date) -> Iterator[str]:
    """Yield the ids of entities and accounts, and offices, for which nobody could act any more."""
    before, after = edit.before, edit.after
    for day in turning_days(before, after, today=today):
        match before, after:
            case Person(), Person() if before.is_active(day) and not after.is_active(day):
                yield from _headless(before.id, known, day)
                yield from _unoccupied(before.id, known, day, today)
                for account in known.held(before.id):
                    if (document := known.account(account)) is not None:
                        yield from _unheld(document, before.id, known, day)
            case Grant(), Grant() if _controls(before, day) and not _controls(after, day):
                if (document := known.account(before.account_id)) is not None:
                    yield from _unheld(document, before.person_id, known, day)


def _headless(person: str, known: HoldingView, day: date) -> Iterator[str]:
    for entity in known.stewardship(person, 0).own:
        others = stewards_of(known.lineage(entity.id)) - {person}
        if not any(_serves(other, known, day) for other in others):
            yield entity.id


def _unoccupied(person: str, known: HoldingView, day: date, today: date) -> Iterator[str]:
    for office, holders in holders_seen(known.seen_officers(), today).items():
        others = holders - {person}
        if person in holders and not any(_serves(other, known, day) for other in others):
            yield f"the office {office}"


def _unheld(document: AccountDocument, person: str, known: HoldingView, day: date) -> Iterator[str]:
    holders = {one.person_id for one in document.grants if _controls(one, day)}
    others = holders - {person}
    if person in holders and not any(_serves(other, known, day) for other in others):
        yield document.account.id


def _controls(grant: Grant, day: date) -> bool:
    return grant.role in FULL_CONTROL_ROLES and entitles(grant, day)


def _serves(person: str, known: HoldingView, day: date) -> bool:
    found = known.person(person)
    return found is not None and found.is_active(day)
