"""Spellings that may mean one unit: found among the units below one, and asked, never merged."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TypeAlias

from rolecall.adopt.entity_names import folded_entity_key
from rolecall.adopt.questions import Answers, Choice, Question, answer_to
from rolecall.printable import shorten

__all__ = ["SpellingQuestion", "merged_spellings", "spelling_questions"]

SpellingQuestion: TypeAlias = tuple[Question, tuple[str, ...]]
"""A question whether units are one, and their paths, that of the name to be kept first."""

_LONG_WORD = 6
_DIGITS = re.compile(r"\d")


def spelling_questions(
    units: Mapping[str, tuple[str, str]], places: Mapping[str, Sequence[str]]
) -> list[SpellingQuestion]:
    """Return what has to be asked.

    :param units: the path of the unit above and the name, by path.
    """
    groups: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for path, (parent, name) in units.items():
        groups[parent, folded_entity_key(name) or name].append(path)
    found = [tuple(paths) for paths in groups.values() if len(paths) > 1]
    firsts = {key: paths[0] for key, paths in groups.items()}
    found += [(firsts[one], firsts[other]) for one, other in _near(firsts)]
    asked = []
    order = {path: at for at, path in enumerate(units)}
    for paths in found:
        kept = sorted(paths, key=lambda path: (-len(places[path]), order[path]))
        asked.append((_question(kept, units, places), tuple(kept)))
    return asked


def merged_spellings(questions: Sequence[SpellingQuestion], answers: Answers) -> dict[str, str]:
    """Return which units are another one by the answers, each by path."""
    found: dict[str, str] = {}
    for question, paths in questions:
        if answer_to(question, answers) == "one":
            kept = found.get(paths[0], paths[0])
            found |= {path: kept for path in paths[1:] if path not in found and path != kept}
    return found


def _near(firsts: Mapping[tuple[str, str], str]) -> Iterator[tuple[tuple[str, str], ...]]:
    """Yield pairs of names in which one letter of one long word is another, or is missing."""
    buckets: defaultdict[tuple[str, ...], list[tuple[str, str]]] = defaultdict(list)
    for parent, key in firsts:
        words = key.split(" ")
        for at, word in enumerate(words):
            if len(word) < _LONG_WORD or _DIGITS.search(word):
                continue
            rest = (parent, *words[:at], "", *words[at + 1 :])
            for cut in {word} | {word[:i] + word[i + 1 :] for i in range(1, len(word))}:
                buckets[*rest, cut].append((parent, key))
    seen: set[frozenset[tuple[str, str]]] = set()
    for bucket in buckets.values():
        for one, other in pairwise(bucket):
            pair = frozenset((one, other))
            if len(pair) == 2 and pair not in seen:
                seen.add(pair)
                yield one, other


def _question(
    paths: Sequence[str],
    units: Mapping[str, tuple[str, str]],
    places: Mapping[str, Sequence[str]],
) -> Question:
    names = [shorten(units[path][1]) for path in paths]
    said = f"{', '.join(names[:-1])} and {names[-1]}"
    where = [place for path in paths for place in list(places[path])[:3]]
    return Question(
        f"same-entity:{'|'.join(sorted(paths))}",
        f"Are {said} one unit?",
        (Choice("apart", "No, they are different units"), Choice("one", f"Yes: {names[0]}")),
        "apart",
        tuple(where),
    )
