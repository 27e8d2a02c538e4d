"""The units that sheets name: which spellings are one, what stands above what, and their ids.

Names that differ by case, blanks and signs that nobody sees are one unit. Names that differ by
accents, punctuation, how a word is shortened, or one letter of a long word are proposed as one, and
are two until somebody says so. A unit that one sheet names alone and another below a unit is that
one, where only one is called so.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from rolecall.adopt.entity_ids import EntityIds
from rolecall.adopt.entity_names import entity_path, plain_entity_key
from rolecall.adopt.entity_spellings import merged_spellings, spelling_questions
from rolecall.adopt.mentions import EntityMention, PersonMention
from rolecall.adopt.questions import Answers, Question
from rolecall.keys.texts import visible

__all__ = ["Entities", "NamedUnit", "entities_of"]


class NamedUnit(Struct, frozen=True):
    """One unit.

    :ivar name: the spelling that most rows have.
    :ivar names: every spelling.
    :ivar people: its heads and contacts, as the rows say.
    """

    id: str
    name: str
    parent_id: str = ""
    names: tuple[str, ...] = ()
    people: tuple[PersonMention, ...] = ()
    domains: tuple[str, ...] = ()
    places: tuple[str, ...] = ()


class Entities(Struct, frozen=True):
    """The units of some sheets.

    :ivar ids: their ids by :func:`rolecall.adopt.entity_names.entity_path`, of every spelling.
    """

    units: tuple[NamedUnit, ...]
    ids: Mapping[str, str]
    questions: tuple[Question, ...] = ()
    assumptions: tuple[str, ...] = ()

    @property
    def kept(self) -> Mapping[str, tuple[str, ...]]:
        """What memory keeps: the paths by which each unit is known, by its id."""
        found: dict[str, list[str]] = {unit.id: [] for unit in self.units}
        for path, id_ in self.ids.items():
            found.setdefault(id_, []).append(path)
        return {id_: tuple(paths) for id_, paths in found.items()}

    def id_of(self, name: str, above: tuple[str, ...] = ()) -> str:
        """Return the id of a unit that a row names; empty where it is none of these."""
        return self.ids.get(entity_path(name, above), "")


class _Unit:
    """What is gathered of one unit, by the path of its first spelling."""

    def __init__(self, path: str, name: str, parent: str) -> None:
        self.path, self.parent = path, parent
        self.names: Counter[str] = Counter({visible(name): 0})
        self.people: dict[PersonMention, None] = {}
        self.domains: dict[str, None] = {}
        self.places: dict[str, None] = {}

    @property
    def name(self) -> str:
        return max(self.names, key=lambda name: self.names[name])

    def add(self, mention: EntityMention) -> None:
        self.names[visible(mention.name)] += 1
        self.people.update(dict.fromkeys(mention.people))
        self.domains.update(dict.fromkeys(mention.domains))
        self.places[mention.place] = None

    def take(self, other: _Unit) -> None:
        self.names.update(other.names)
        for mine, its in (
            (self.people, other.people),
            (self.domains, other.domains),
            (self.places, other.places),
        ):
            mine.update(its)  # type: ignore[arg-type]


def entities_of(
    mentions: Iterable[EntityMention],
    known: Mapping[str, Sequence[str]],
    answers: Answers | None = None,
) -> Entities:
    """Return the units that are mentioned.

    :param known: what units were called before, by their ids: names, or paths as
        :func:`rolecall.adopt.entity_names.entity_path` has them, which memory keeps.
    """
    units = _gathered(mentions)
    meant, assumptions = _below(units)
    for path, other in meant.items():
        units[other].take(units.pop(path))
    spellings = {path: (unit.parent, unit.name) for path, unit in units.items()}
    questions = spelling_questions(
        spellings, {path: tuple(unit.places) for path, unit in units.items()}
    )
    merged = merged_spellings(questions, answers or {})
    for path, other in merged.items():
        units[other].take(units.pop(path))
    meant = {path: merged.get(other, other) for path, other in {**meant, **merged}.items()}
    ids = EntityIds(known)
    by_path = {path: ids.id_of(path, unit.name, unit.parent) for path, unit in units.items()}
    every = {**by_path, **{path: by_path[other] for path, other in meant.items()}}
    found = tuple(_named(by_path[path], unit, every) for path, unit in units.items())
    asked = tuple(question for question, _ in questions)
    return Entities(found, every, asked, tuple(assumptions))


def _gathered(mentions: Iterable[EntityMention]) -> dict[str, _Unit]:
    """Return what is said of each unit by its path, those above before those below."""
    units: dict[str, _Unit] = {}
    for mention in mentions:
        chain = (mention.name, *mention.above)
        parent = ""
        for at in range(len(chain) - 1, -1, -1):
            path = entity_path(chain[at], chain[at + 1 :])
            if path not in units:
                units[path] = _Unit(path, chain[at], parent)
            parent = path
        units[parent].add(mention)
    return units


def _below(units: Mapping[str, _Unit]) -> tuple[dict[str, str], list[str]]:
    """Return which units that stand alone are one that stands below another, and say so."""
    has_parts = {unit.parent for unit in units.values()}
    placed: defaultdict[str, list[str]] = defaultdict(list)
    for path, unit in units.items():
        if unit.parent:
            placed[plain_entity_key(unit.name)].append(path)
    found: dict[str, str] = {}
    said = []
    for path, unit in units.items():
        below = placed.get(plain_entity_key(unit.name), [])
        if not unit.parent and path not in has_parts and len(below) == 1:
            found[path] = below[0]
            above = units[units[below[0]].parent].name
            said.append(f"{unit.name} is the one that stands below {above} elsewhere")
    return found, said


def _named(id_: str, unit: _Unit, ids: Mapping[str, str]) -> NamedUnit:
    return NamedUnit(
        id_,
        unit.name,
        ids.get(unit.parent, ""),
        tuple(unit.names),
        tuple(unit.people),
        tuple(unit.domains),
        tuple(unit.places),
    )
