"""Everybody who was found so far, and by what they are found again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import islice

from rolecall.adopt.agencies import agency_stem
from rolecall.adopt.mentions import PersonMention, RosterEntry
from rolecall.adopt.name_keys import are_near, initials_of, name_keys, name_words
from rolecall.adopt.short_names import PARTICLES
from rolecall.keys.addresses import mailbox_key
from rolecall.keys.texts import visible
from rolecall.model import Person

__all__ = ["Individual", "Individuals", "is_part"]

_MOST_COMPARED = 200
_BEGINNING = 3


class Individual:
    """Somebody, with all names, addresses and numbers by which they are known.

    :ivar entry: what a roster says of them.
    :ivar person: what the registry says of them, where it has them already.
    :ivar is_sheets: nobody but sheets ever spoke of them.
    """

    def __init__(self, name: str = "", *, kind: str = "person") -> None:
        """Make somebody of whom a name is known, or nothing yet."""
        self.id = ""
        self.kind = kind
        self.names: dict[str, None] = {name: None} if name else {}
        self.emails: dict[str, str] = {}
        self.numbers: dict[str, None] = {}
        self.entry: RosterEntry | None = None
        self.person: Person | None = None
        self.is_sheets = True
        self.units: set[str] = set()
        self.mentions: list[PersonMention] = []

    @property
    def name(self) -> str:
        """What the person is called: as a roster has it, else as it was first read."""
        return next(iter(self.names), "") or next(iter(self.emails.values()), "")

    @property
    def label(self) -> str:
        """What tells the person from others, for whoever is asked."""
        entry = self.entry
        said = [next(iter(self.emails.values()), ""), entry.entity if entry else ""]
        if entry is not None and entry.status == "left":
            said.append("left")
        return ", ".join(filter(None, [self.name, *said]))

    @property
    def key(self) -> str:
        """What names the person in an answer that is kept: the same each time."""
        marks = [*(f"no {number}" for number in self.numbers), *self.emails, *self.names]
        return visible(marks[0]).casefold() if marks else ""

    def is_called(self, name: str) -> bool:
        """Tell whether a name is one of the person's, however it is written."""
        return any(name_keys(name) & name_keys(own) for own in self.names)

    def may_be_called(self, name: str) -> bool:
        """Tell whether a name may be that of the person: near, or partly the same."""
        words = set(name_words(name)) - PARTICLES
        return (
            not words
            or not self.names
            or any(words & set(name_words(own)) or are_near(name, own) for own in self.names)
        )

    def says_email(self, text: str) -> None:
        """Take an address as the person's."""
        key = mailbox_key(text) if text else None
        if key:
            self.emails.setdefault(key, text)


class _Index:
    """Individuals by one kind of key, each once and in the order in which they came."""

    def __init__(self) -> None:
        self._found: defaultdict[str, dict[int, Individual]] = defaultdict(dict)

    def add(self, key: str, one: Individual) -> None:
        self._found[key][id(one)] = one

    def get(self, key: str, most: int | None = None) -> list[Individual]:
        return list(islice(self._found.get(key, {}).values(), most))


class Individuals:
    """Individuals by addresses, numbers, names and the words of names."""

    def __init__(self) -> None:
        """Begin with nobody."""
        self._all: dict[int, Individual] = {}
        self._emails, self._numbers, self._names = _Index(), _Index(), _Index()
        self._words, self._beginnings, self._stems = _Index(), _Index(), _Index()

    def __iter__(self) -> Iterator[Individual]:
        """Give everybody, in the order in which they came."""
        return iter(list(self._all.values()))

    def add(self, one: Individual) -> Individual:
        """Take somebody in, or take up what more is known of them by now."""
        self._all[id(one)] = one
        for email in one.emails:
            self._emails.add(email, one)
        for number in one.numbers:
            self._numbers.add(number, one)
        for name in one.names:
            self._add_name(name, one)
        return one

    def _add_name(self, name: str, one: Individual) -> None:
        for key in name_keys(name):
            self._names.add(key, one)
        if one.kind == "agency":
            self._stems.add(_squeezed(name), one)
            return
        for word in {*name_words(name), *name_words(name, with_umlauts=True)}:
            self._words.add(word, one)
            self._beginnings.add(word[:_BEGINNING], one)

    def by_email(self, text: str) -> list[Individual]:
        """Return whose address a text is."""
        key = mailbox_key(text) if text else None
        return self._emails.get(key) if key else []

    def by_number(self, number: str) -> list[Individual]:
        """Return whose number on a roster it is."""
        return self._numbers.get(number) if number else []

    def by_name(self, name: str) -> list[Individual]:
        """Return who has a name, however it is written."""
        found = {id(one): one for key in sorted(name_keys(name)) for one in self._names.get(key)}
        return list(found.values())

    def agencies(self, name: str) -> list[Individual]:
        """Return the firm that a name means, whatever its form of law."""
        return self._stems.get(_squeezed(name))

    def near(self, name: str) -> list[Individual]:
        """Return whose names are near to one that nobody has."""
        words = name_words(name)
        found = {id(one): one for word in words for one in self._words.get(word, _MOST_COMPARED)}
        starts: dict[int, int] = {}
        for start in sorted({word[:_BEGINNING] for word in words}):
            for one in self._beginnings.get(start, _MOST_COMPARED):
                starts[id(one)] = starts.get(id(one), 0) + 1
                if starts[id(one)] > 1:
                    found.setdefault(id(one), one)
        return [one for one in found.values() if any(are_near(name, own) for own in one.names)]

    def partly(self, name: str) -> list[Individual]:
        """Return whom a part of a name may mean: a first name alone, a surname, initials."""
        words = [word for word in name_words(name) if len(word) > 1]
        known = self._words.get(words[0]) if words else []
        return [one for one in known if any(is_part(name, own) for own in one.names)]


def is_part(name: str, full: str) -> bool:
    """Tell whether a name is a part of a full one: a word of it, or initials for words of it."""
    words = name_words(name)
    if len(words) == 1:
        return words[0] in {*name_words(full), *name_words(full, with_umlauts=True)}
    return initials_of(name, full)


def _squeezed(name: str) -> str:
    return agency_stem(name).replace(" ", "")
