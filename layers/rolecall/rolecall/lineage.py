"""Walks over the tree of entities: up to what is above one, and down to what is below.

One definition for everybody who walks: controls, authority, the vault, the plan and the stores.
Registries that are read from files have no circle, and those that are edited or imported get none;
a walk does not rely on it. It comes by an entity once and goes :data:`MOST_LEVELS` levels, so it
ends whatever the records say, and takes time and memory by what it comes by. Whatever walks up from
an entity comes by the one from which a walk down comes by it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain

from rolecall.model import Entity

__all__ = [
    "MOST_LEVELS",
    "TreeFlaws",
    "children_of",
    "descendants",
    "flaws_of",
    "height_of",
    "lineage",
    "lineage_of",
]

MOST_LEVELS = 64
"""Levels of a tree, the top among them. An organisation has five; whoever needs more has erred."""


def lineage(start: str | None, find: Callable[[str], Entity | None]) -> Iterator[Entity]:
    """Yield an entity and those above it, nearest first; nothing where there is none.

    :param find: returns an entity by its id; it is asked once for each, as the walk comes to it.
    """
    seen: set[str] = set()
    current = start
    while current is not None and current not in seen and len(seen) < MOST_LEVELS:
        found = find(current)
        if found is None:
            return
        seen.add(current)
        yield found
        current = found.parent_id


def lineage_of(start: str | None, entities: Mapping[str, Entity]) -> Iterator[Entity]:
    """Yield the same of entities that are at hand, by id."""
    return lineage(start, entities.get)


def descendants(
    starts: Iterable[str], children: Callable[[Collection[str]], Iterable[str]]
) -> Iterator[Collection[str]]:
    """Yield ids level by level: where a walk starts, what is directly below that, and so on.

    :param children: returns the ids directly below some.
    """
    level: Collection[str] = dict.fromkeys(starts)
    seen: set[str] = set()
    for _ in range(MOST_LEVELS):
        if not level:
            return
        yield level
        seen.update(level)
        level = dict.fromkeys(id_ for id_ in children(level) if id_ not in seen)


def height_of(start: str, children: Callable[[Collection[str]], Iterable[str]]) -> int:
    """Return how many levels there are from an entity down, its own among them."""
    return sum(1 for _ in descendants([start], children))


def children_of(entities: Iterable[Entity]) -> Callable[[Collection[str]], Iterable[str]]:
    """Return what returns the ids directly below some of entities that are at hand."""
    below: defaultdict[str, list[str]] = defaultdict(list)
    for one in entities:
        if one.parent_id is not None:
            below[one.parent_id].append(one.id)
    return lambda ids: chain.from_iterable(below.get(id_, ()) for id_ in ids)


class TreeFlaws:
    """What keeps parents from being a tree: circles, and entities that lie too deep.

    :ivar circles: the ids of each circle, in the order of its parents, from the one that comes
        first among the entities.
    :ivar deep: ids of the entities that are the first beyond :data:`MOST_LEVELS` in their line.
    """

    def __init__(self, circles: Sequence[Sequence[str]], deep: Sequence[str]) -> None:
        self.circles = circles
        self.deep = deep

    def __bool__(self) -> bool:
        return bool(self.circles or self.deep)


def flaws_of(parents: Mapping[str, str | None]) -> TreeFlaws:
    """Return what keeps parents from being a tree, each entity looked at once.

    :param parents: the id above each entity.
    """
    circles: list[Sequence[str]] = []
    levels: dict[str, int] = {}
    for start in parents:
        path: dict[str, None] = {}
        current: str | None = start
        while (
            current is not None
            and current in parents
            and current not in levels
            and current not in path
        ):
            path[current] = None
            current = parents[current]
        steps = list(path)
        if current in path:
            circles.append(steps[steps.index(current) :])
            # Who is in a circle is at no level; levels below it are counted from there.
            levels.update(dict.fromkeys(steps, 0))
            continue
        above = levels.get(current, 0) if current is not None else 0
        for number, id_ in enumerate(reversed(steps), 1):
            levels[id_] = above + number
    return TreeFlaws(circles, [id_ for id_, level in levels.items() if level == MOST_LEVELS + 1])
