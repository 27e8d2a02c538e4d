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
            for mark in dict.fromkeys(self._marks_of(id_)):
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
        for one in everybody:
            # Whoever has another name or address by now is still meant by the one of before.
            kept = self._memory.get(one.id, KnownPerson())
            for name in kept.names if kept.on_roster else ():
                one.names.setdefault(name)
            for email in kept.emails if kept.on_roster else ():
                one.says_email(email)
            everybody.add(one)
        for person in self._people.values():
            known = self._memory.get(person.id)
            if person.id in self._given or (known is not None and not known.on_roster):
                continue
            one = Individual(person.name, kind="agency" if person.type == "agency" else "person")
            one.id, one.person, one.is_sheets = person.id, person, False
            for name in known.names if known else ():
                one.names.setdefault(name)
            for email in (person.email or "", *(known.emails if known else ())):
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
                marks = [m for m in _marks(one.numbers, one.emails, one.names) if m[:2] == kind]
                id_ = self._free(kind, marks, one)
                if id_ is not None:
                    one.id, one.person = id_, self._people.get(id_)
                    self._given.add(id_)

    def _free(self, kind: str, marks: Iterable[str], one: Individual) -> str | None:
        """Return the id of somebody with one of some marks; by a name, only where one has it.

        Whom sheets alone named has one of the ids that such a name had, whichever: of two who were
        kept apart nobody knows more than that they are two.
        """
        found = [
            id_
            for mark in marks
            for id_ in self._marks.get(mark, ())
            if id_ not in self._given and self._may_be(id_, one, kind)
        ]
        several = dict.fromkeys(found)
        if kind == "as" and len(several) > 1 and one.entry is not None:
            return None
        return next(iter(several), None)

    def _may_be(self, id_: str, one: Individual, kind: str) -> bool:
        """Tell whether an id may be somebody's with whom it has a mark in common.

        A number that another list counts by, and an address that goes to whoever comes next, are
        the same mark of somebody else: a name has to have something in common too, or another mark.
        """
        theirs = [mark for mark in self._marks_of(id_) if mark[:2] != kind]
        if any(mark[:2] != kind and mark in theirs for mark in _marks_of(one)):
            return True
        kept = self._memory.get(id_, KnownPerson())
        person = self._people.get(id_)
        names = (*kept.names, *([person.name] if person else []))
        if kind != "as":
            return not names or any(one.may_be_called(name) for name in names)
        # One name and two numbers are two people.
        return not (kept.numbers and one.numbers)


def _marks_of(one: Individual) -> Iterator[str]:
    return _marks(one.numbers, one.emails, one.names)


def _marks(numbers: Iterable[str], emails: Iterable[str], names: Iterable[str]) -> Iterator[str]:
    """Yield by what somebody is known, each with what kind of mark it is."""
    yield from (f"no {number}" for number in numbers)
    yield from (f"at {mailbox_key(email)}" for email in emails)
    yield from (f"as {key}" for name in names for key in sorted(name_keys(name)))
