"""Who is who: mentions in sheets, rows of rosters and people of a registry are one and the same.

Matching does not depend on what sheets alone said before: the same sheets ask the same questions,
until somebody answers them. What memory keeps gives everybody the id that they had.

Whoever stands in a sheet and not on the roster that there is is a person of the registry who
serves, with a question whether they do: that they left is for somebody to say, and no sheet.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from msgspec.structs import replace

from rolecall.adopt.individuals import Individual, Individuals
from rolecall.adopt.memory import KnownPerson
from rolecall.adopt.mentions import RosterEntry
from rolecall.adopt.name_keys import word_key
from rolecall.adopt.people_found import AdoptedPerson, Party, People
from rolecall.adopt.people_words import PAST
from rolecall.adopt.person_ids import KnownIds
from rolecall.adopt.person_matching import PersonMatcher
from rolecall.adopt.person_questions import PersonQuestions
from rolecall.adopt.questions import Answers
from rolecall.adopt.roster_people import people_of_roster
from rolecall.model import Person

__all__ = ["who_is_who"]

_WITHOUT_PART = frozenset({"contact"})


def who_is_who(
    parties: Sequence[Party],
    entries: Sequence[RosterEntry],
    known: Sequence[Person],
    memory: Mapping[str, KnownPerson],
    answers: Answers,
    random_bytes: Callable[[int], bytes],
) -> People:
    """Return the people whom sheets and rosters name, and whom each mention means.

    :param entries: the rows of rosters; none where there is no roster.
    :param known: the people of the registry that is there.
    :param memory: what is kept of people, by their ids.
    :param random_bytes: gives so many bytes at random, for new ids.
    """
    roster = people_of_roster(entries, answers)
    everybody, questions = roster.people, PersonQuestions(answers)
    ids = KnownIds(known, memory)
    ids.recognise(everybody)
    matcher = PersonMatcher(everybody, questions)
    matcher.match(parties)
    meant = [one for one in everybody if _belongs(one)]
    ids.complete(meant, random_bytes)
    makers = _Maker(everybody, questions, has_roster=bool(entries))
    people = tuple(makers.person(one) for one in meant)
    return People(
        people=people,
        ids={
            spot: tuple(one.id for one in found if _belongs(one))
            for spot, found in matcher.found.items()
        },
        known={one.id: _known(one, memory.get(one.id, KnownPerson())) for one in meant},
        questions=(*roster.questions, *questions.open()),
        assumptions=(*roster.assumptions, *matcher.assumptions),
        warnings=tuple(makers.warnings),
    )


def _belongs(one: Individual) -> bool:
    """Tell whether somebody is one of the registry's people: on a roster, or with some part.

    A contact is neither an administrator nor anybody who serves.
    """
    return one.entry is not None or any(m.part not in _WITHOUT_PART for m in one.mentions)


def _known(one: Individual, kept: KnownPerson) -> KnownPerson:
    """Return what memory keeps of somebody: what it had, and what is new."""
    return KnownPerson(
        names=tuple(dict.fromkeys((*kept.names, *one.names))),
        emails=tuple(dict.fromkeys((*kept.emails, *one.emails.values()))),
        numbers=tuple(dict.fromkeys((*kept.numbers, *one.numbers))),
        on_roster=kept.on_roster or one.entry is not None,
    )


class _Maker:
    """Makes the people of a registry out of what was found of them."""

    def __init__(
        self, everybody: Individuals, questions: PersonQuestions, *, has_roster: bool
    ) -> None:
        self._everybody = everybody
        self._questions = questions
        self._has_roster = has_roster
        self.warnings: list[str] = []

    def person(self, one: Individual) -> AdoptedPerson:
        """Return a person as the registry is to have them."""
        places = tuple(dict.fromkeys(mention.place for mention in one.mentions))
        if one.entry is None:
            return self._off_roster(one, places)
        entry = one.entry
        return AdoptedPerson(
            id=one.id,
            name=one.name,
            status=entry.status or "active",
            email=entry.email or next(iter(one.emails.values()), ""),
            left_on=entry.left_on,
            type=entry.type,
            entity=entry.entity,
            supervisor_id=self._supervisor(one, entry),
            values=entry.values,
            on_roster=True,
            places=(entry.place, *places),
        )

    def _off_roster(self, one: Individual, places: tuple[str, ...]) -> AdoptedPerson:
        person = one.person
        made = AdoptedPerson(
            id=one.id,
            name=one.name,
            email=next(iter(one.emails.values()), ""),
            type="agency" if one.kind == "agency" else None,
            places=places,
        )
        if one.kind == "agency":
            return made
        remarks = [m.remark for m in one.mentions if _says_past(m.remark)]
        answer = "active"
        if (self._has_roster or remarks) and (person is None or person.status == "active"):
            answer = self._questions.serves(one, remarks, places, has_roster=self._has_roster)
        if answer == "contractor":
            return replace(made, type="contractor")
        if answer == "left":
            return replace(made, status="left")
        if person is None or one.is_sheets:
            return made
        return replace(
            made, name=person.name, status=person.status, left_on=person.left_on, type=person.type
        )

    def _supervisor(self, one: Individual, entry: RosterEntry) -> str:
        text = entry.supervisor
        if not text:
            return ""
        for find in (self._everybody.by_number, self._everybody.by_email, self._everybody.by_name):
            found = [other for other in find(text) if other.entry is not None]
            if len(found) == 1:
                return found[0].id
        self.warnings.append(
            f"{entry.place}: the supervisor of {one.name} is nobody on the roster: {text}"
        )
        return ""


def _says_past(remark: str) -> bool:
    return any(
        word_key(piece) in PAST or (set(word_key(piece).split()) & PAST)
        for piece in remark.split(";")
    )
