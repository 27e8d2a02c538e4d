"""Who is who, as far as it was found out: the people of sheets and rosters under their ids."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from msgspec import Struct

from rolecall.adopt.memory import KnownPerson
from rolecall.adopt.mentions import PersonMention
from rolecall.adopt.questions import Question
from rolecall.vocabulary import PersonStatus, PersonType

__all__ = ["AdoptedPerson", "Party", "People"]


class Party(Struct, frozen=True):
    """Who stands in one row: beside one account, or at one unit.

    :ivar entity: the name of the unit that the row is about, which tells two Marys apart.
    """

    entity: str
    people: tuple[PersonMention, ...]


class AdoptedPerson(Struct, frozen=True):
    """One person of the registry to be.

    :ivar entity: the name of the unit where the person serves, as a roster has it.
    :ivar values: what else a roster says, by columns of the registry's table of people.
    :ivar on_roster: a roster has the person: what it does not say of them is none on record.
    :ivar places: where the person stands.
    """

    id: str
    name: str
    status: PersonStatus = "active"
    email: str = ""
    left_on: date | None = None
    type: PersonType | None = None
    entity: str = ""
    supervisor_id: str = ""
    values: Mapping[str, str] = {}
    on_roster: bool = False
    places: tuple[str, ...] = ()


class People(Struct, frozen=True):
    """Everybody who stands in sheets and rosters.

    :ivar ids: the people whom a mention names, by the entity of its party and by the mention; of
        nobody, and of a mailbox, none.
    :ivar known: by what each is known from now on, by id: what memory keeps of them.
    """

    people: tuple[AdoptedPerson, ...] = ()
    ids: Mapping[tuple[str, PersonMention], tuple[str, ...]] = {}
    known: Mapping[str, KnownPerson] = {}
    questions: tuple[Question, ...] = ()
    assumptions: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    def of(self, mention: PersonMention, entity: str) -> tuple[str, ...]:
        """Return the ids of those whom a mention names beside an account of an entity."""
        return self.ids.get((entity, mention), ())
