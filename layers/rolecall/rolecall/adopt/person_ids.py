"""Ids of people: those that they had, by a number, an address or a name, and new ones at random.

An id tells nothing of whoever has it. That it is the same person again is known by what memory
keeps beside it and by the people of the registry: numbers decide first, of everybody, then
addresses, then names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from rolecall.adopt.individuals import Individual, Individuals
from rolecall.adopt.memory import KnownPerson, new_person_id
from rolecall.adopt.name_keys import name_keys
from rolecall.keys.addresses import mailbox_key
from rolecall.model import Person

__all__ = ["KnownIds"]


class KnownIds:
    """The ids that people had, each given to one of them."""

    def __init__(self, known: Sequence[Person], memory: Mapping[str, KnownPerson]) -> None:
        """Begin with the people of a registry, and with what memory keeps of them and of others."""
        self._people = {person.id: person for person in known}
        self._memory = memory
        self._given: set[str] = set()
        self._marks: dict[str, list[str]] = {}
        for id_ in {**self._people, **memory}:
            for mark in self._marks_of(id_):
                self._marks.setdefault(mark, []).append(id_)

    def _marks_of(self, id_: str) -> Iterator[str]:
        kept = self._memory.get(id_, KnownPerson())
        person = self._people.get(id_)
        names = (*kept.names, *([person.name] if person else []))
        emails = (*kept.emails, *([person.email] if person and person.email else []))
        yield from _marks(kept.numbers, emails, names)

    def recognise(self, everybody: Individuals) -> None:
        """Give those on rosters the ids that they had, and take in who else the registry has.

        Whom sheets alone named is not taken in: they are found in the sheets again, or are gone.
        """
        self._give(list(everybody))
        for person in self._people.values():
            kept = self._memory.get(person.id)
            if person.id in self._given or (kept is not None and not kept.on_roster):
                continue
            one = Individual(person.name, kind="agency" if person.type == "agency" else "person")
            one.id, one.person, one.is_sheets = person.id, person, False
            for name in kept.names if kept else ():
                one.names.setdefault(name)
            for email in (person.email or "", *(kept.emails if kept else ())):
                one.says_email(email)
            self._given.add(person.id)
            everybody.add(one)

    def complete(
        self, everybody: Iterable[Individual], random_bytes: Callable[[int], bytes]
    ) -> None:
        """Give everybody who has none yet an id: the one that they had, or a new one."""
        several = [one for one in everybody if not one.id]
        self._give(several)
        taken = self._given | self._people.keys() | self._memory.keys()
        for one in several:
            if not one.id:
                one.id = new_person_id(taken.__contains__, random_bytes)
                taken.add(one.id)

    def _give(self, several: Sequence[Individual]) -> None:
        for kind in ("no", "at", "as"):
            for one in several:
                if one.id:
                    continue
                marks = [
                    mark for mark in _marks(one.numbers, one.emails, one.names) if mark[:2] == kind
                ]
                free = (
                    id_
                    for mark in marks
                    for id_ in self._marks.get(mark, ())
                    if id_ not in self._given and not self._is_another(id_, one, kind)
                )
                if (id_ := next(free, None)) is not None:
                    one.id, one.person = id_, self._people.get(id_)
                    self._given.add(id_)

    def _is_another(self, id_: str, one: Individual, kind: str) -> bool:
        """Tell whether an id is that of somebody with another number, or an address says so."""
        kept = self._memory.get(id_, KnownPerson())
        if kind != "no" and kept.numbers and one.numbers:
            ours = {mark for name in one.names for mark in name_keys(name)}
            theirs = {mark for name in kept.names for mark in name_keys(name)}
            return kind == "as" or not ours & theirs
        return False


def _marks(numbers: Iterable[str], emails: Iterable[str], names: Iterable[str]) -> Iterator[str]:
    """Yield by what somebody is known, each with what kind of mark it is."""
    yield from (f"no {number}" for number in numbers)
    yield from (f"at {mailbox_key(email)}" for email in emails)
    yield from (f"as {key}" for name in names for key in sorted(name_keys(name)))
