"""The nearest of many words: which of them a word with a slip in it was meant to be.

To hold a word against each of a hundred thousand takes minutes. Words that are near have most of
their pairs of letters in common: by the rarest of these a few are found, and compared in full.
"""

from __future__ import annotations

import difflib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from heapq import nsmallest

__all__ = ["Nearness"]

_FEW = 200
"""Words that are all compared."""
_COMPARED = 40
_LOOKED_THROUGH = 10_000
_LETTERS = 100


class Nearness:
    """Finds among some words the one that another is near to; each is looked for once."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = sorted(set(words))
        self._found: dict[str, str | None] = {}

    def nearest(self, word: str) -> str | None:
        """Return the word that a word was meant to be, or ``None`` where none is near."""
        if word not in self._found:
            sought = word.casefold()[:_LETTERS]
            near = difflib.get_close_matches(sought, self._some(sought), n=1, cutoff=0.7)
            self._found[word] = near[0] if near else None
        return self._found[word]

    def _some(self, word: str) -> Sequence[str]:
        if len(self._words) <= _FEW:
            return self._words
        lists = sorted((self._holding.get(pair, ()) for pair in _pairs(word)), key=len)
        counts: Counter[int] = Counter()
        looked = 0
        for indexes in lists:
            if looked > _LOOKED_THROUGH:
                break
            looked += len(indexes)
            counts.update(indexes)
        least = max(counts.values(), default=0) - 1
        most = [
            (-count, abs(len(self._words[index]) - len(word)), index)
            for index, count in counts.items()
            if count >= least
        ]
        return [self._words[index] for _, _, index in nsmallest(_COMPARED, most)]

    @cached_property
    def _holding(self) -> Mapping[str, Sequence[int]]:
        """By each pair of letters the words that have it."""
        found: defaultdict[str, list[int]] = defaultdict(list)
        for index, word in enumerate(self._words):
            for pair in _pairs(word.casefold()[:_LETTERS]):
                found[pair].append(index)
        return found


def _pairs(word: str) -> set[str]:
    """Return the pairs of letters of a word, its ends among them."""
    word = f"\n{word}\n"
    return {word[at : at + 2] for at in range(len(word) - 1)}
