"""What the rows of sheets say of accounts, people and entities, before anybody is known."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal, TypeAlias

from msgspec import Struct

from rolecall.vocabulary import PersonStatus, PersonType

__all__ = [
    "AccountMention",
    "EntityMention",
    "PersonMention",
    "PersonPart",
    "RosterEntry",
]

PersonPart: TypeAlias = Literal["administrator", "holder", "owner", "head", "approver", "contact"]
"""What a sheet says somebody is to an account or an entity.

``administrator`` has access, ``holder`` knows a password, ``contact`` is neither: a person or a
mailbox to write to.
"""


class PersonMention(Struct, frozen=True):
    """Somebody who stands in a cell.

    :ivar name: the name as it is written, without titles; empty where only an address stands there.
    :ivar kind: what kind of somebody it is; a mailbox is several people or nobody, and ``nobody``
        is what names no one person: "everyone", "IT dept", "don't know".
    :ivar role: the role on the account, where the cell says one.
    :ivar remark: what else the cell says of them: a job, "left", a question mark.
    :ivar parts: those whom the same words name where they are several people: "Kelly, Maureen" may
        be one person or two. Who is known decides, and else its shape.
    :ivar is_several: by their shape the words are those of several people.
    """

    name: str
    email: str
    part: PersonPart
    place: str
    kind: Literal["person", "agency", "mailbox", "nobody"] = "person"
    role: str = ""
    remark: str = ""
    parts: tuple[PersonMention, ...] = ()
    is_several: bool = False


class EntityMention(Struct, frozen=True):
    """A unit that stands in a row, with those above it, the nearest first."""

    name: str
    place: str
    above: tuple[str, ...] = ()
    people: tuple[PersonMention, ...] = ()
    domains: tuple[str, ...] = ()


class AccountMention(Struct, frozen=True):
    """One account that a row names.

    :ivar entity: the unit that it belongs to, empty where the row names none.
    :ivar above: the units above that one, the nearest first: two units may have one name.
    :ivar values: what else it says, by columns of the registry's table of accounts, as cells.
    :ivar login: what it says about the login, by columns of the table of logins, as cells.
    """

    platform: str
    handle: str
    url: str
    label: str
    entity: str
    place: str
    people: tuple[PersonMention, ...] = ()
    values: Mapping[str, str] = {}
    login: Mapping[str, str] = {}
    above: tuple[str, ...] = ()


class RosterEntry(Struct, frozen=True):
    """One person of a roster, as the system that keeps it says.

    :ivar number: the person's number there, by which the next export names the same person;
        ``other_numbers`` are what other columns have for one.
    :ivar status_word: the word that the system has for the status, where it is none of ours.
    :ivar started_on: the day since when the person serves; of a rehire the later one.
    :ivar values: what else it says, by columns of the registry's table of people, as cells; and by
        ``job`` what the person does.
    """

    name: str
    email: str
    place: str
    number: str = ""
    other_numbers: tuple[str, ...] = ()
    status: PersonStatus | None = None
    status_word: str = ""
    left_on: date | None = None
    started_on: date | None = None
    type: PersonType | None = None
    entity: str = ""
    supervisor: str = ""
    aliases: tuple[str, ...] = ()
    values: Mapping[str, str] = {}
