"""What a record lets people do, day by day; and what a change of it lets somebody do more.

Power is what somebody may do to what is there. It is read here off a record on a day, with the
words that decide about requests (who serves, who is a steward, whose access gives something), and
what a change adds is what holds afterwards, on some day from today on, and did not before. So it
does not matter which field it is that lasts longer or begins: a day of departure that is taken back
and a contract pushed out are both power that would have ended.

These functions are pure: what has to be known beside the record is given to them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import asdict

from rolecall.entitlement import administers
from rolecall.keys.subjects import email_key
from rolecall.model import (
    Entity,
    Grant,
    Person,
    RegistryRecord,
)

__all__ = ["Power", "Surroundings", "gained", "powers_on", "stewards_of", "turning_days"]

_RANKS = ("manager", "admin", "owner")
_THIRD_PARTIES = frozenset({"agency", "partner", "contractor"})


class Power(NamedTuple):
    """That a person may do something, to something."""

    person: str
    what: str
    on: str = ""


class Surroundings(Struct, frozen=True):
    """What is on record around a record, before or after a change of it.

    :ivar line: the entity that the record is, or belongs to, and those above it.
    :ivar readers: who may read the person that it is about.
    :ivar is_named: whether something that is there names it: of a person a grant, an entity or a
        sign-in; of an entity one that is below it, or an account.
    """

    line: Sequence[Entity] = ()
    readers: frozenset[str] = frozenset()
    is_named: bool = True


def stewards_of(line: Iterable[Entity]) -> frozenset[str]:
    """Return who heads an entity or one above it, or helps its head."""
    return frozenset(
        person for one in line for person in (one.head_id, *one.it_delegate_ids) if person
    )


def powers_on(record: RegistryRecord | None, around: Surroundings, day: date) -> frozenset[Power]:
    """Return what a record lets people do on a day."""
    match record:
        case Entity():
            return frozenset(_of_entity(record, around))
        case Person():
            return frozenset(_of_person(record, around, day))
        case Grant():
            return frozenset(_of_grant(record, around, day))
    return frozenset()


def gained(
    before: RegistryRecord | None,
    after: RegistryRecord,
    around_before: Surroundings,
    around_after: Surroundings,
    today: date,
) -> frozenset[Power]:
    """Return what a change lets people do, on any day from today on, that they could not before."""
    found: set[Power] = set()
    for day in turning_days(before, after, today=today):
        found |= powers_on(after, around_after, day) - powers_on(before, around_before, day)
    return frozenset(found)


def turning_days(*records: RegistryRecord | None, today: date) -> list[date]:
    """Return today, and the days from then on before and after which records say other things."""
    days = {today}
    for record in records:
        for value in () if record is None else asdict(record).values():
            # An instant has a day as well, on which it begins or ends something.
            if isinstance(value, date):
                day = date(value.year, value.month, value.day)
                days |= {day, day + timedelta(1)} if day < date.max else {day}
    return sorted(day for day in days if day >= today)


def _of_entity(entity: Entity, around: Surroundings) -> Iterator[Power]:
    # Whoever is above is so of what is there; of an entity that is new, and that nothing names,
    # they have what they had.
    line = around.line if around.is_named else (entity,)
    for person in stewards_of(line):
        yield Power(person, "steward", entity.id)


def _of_person(person: Person, around: Surroundings, day: date) -> Iterator[Power]:
    if person.is_active(day) and around.is_named:
        yield Power(person.id, "serve")
    if person.email is not None:
        yield Power(person.id, "sign in", email_key(person.email))
    # A policy may ask for the level, for the date, or for both.
    if person.clearance_level is not None:
        yield Power(person.id, "clearance", person.clearance_level)
    if person.clearance_expires is not None and person.clearance_expires >= day:
        yield Power(person.id, "cleared")
    ends = person.contract_ends if person.type in _THIRD_PARTIES else None
    if around.is_named and (ends is None or ends >= day):
        yield Power(person.id, "contract")
    for reader in around.readers:
        yield Power(reader, "read person", person.id)


def _of_grant(grant: Grant, around: Surroundings, day: date) -> Iterator[Power]:
    if administers(grant, day):
        for role in _RANKS[: _RANKS.index(grant.role) + 1]:
            yield Power(grant.person_id, role, grant.account_id)
    for reader in around.readers:
        yield Power(reader, "read person", grant.person_id)
