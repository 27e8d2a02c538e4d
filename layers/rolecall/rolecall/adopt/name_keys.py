"""By what two writings of one name are found to be one, and when two names are only near.

Case, accents, apostrophes, hyphens and the order of first and last name do not matter; a letter
that German writes in two ways is one. What is near is asked about, and never taken for the same.
"""

# Apostrophes are written here as people write them.
# ruff: noqa: RUF001

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher
from functools import lru_cache

from rolecall.adopt.short_names import PARTICLES, SHORT_NAMES
from rolecall.keys.texts import visible

__all__ = ["are_near", "initials_of", "name_key", "name_keys", "name_words", "word_key"]

_PLAIN = str.maketrans(
    {
        **dict.fromkeys("'`´‘’‛ʼ′.", ""),
        "ł": "l",
        "ø": "o",
        "đ": "d",
        "æ": "ae",
        "œ": "oe",
        "ð": "d",
        "þ": "th",
        "ı": "i",
    }
)
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa"})
_WORD = re.compile(r"[^\W_]+")
_IRISH = ("o", "d", "l")
_SHORT = 3
_ALIKE = 0.84
_HAVING_SHORT = frozenset(name for pair in SHORT_NAMES for name in pair)


@lru_cache(maxsize=1 << 15)
def _folded(text: str, *, with_umlauts: bool) -> str:
    lower = visible(text).casefold().translate(_PLAIN)
    if with_umlauts:
        lower = unicodedata.normalize("NFC", lower).translate(_UMLAUTS)
    marks = unicodedata.normalize("NFKD", lower)
    return "".join(char for char in marks if not unicodedata.combining(char))


@lru_cache(maxsize=1 << 15)
def word_key(text: str) -> str:
    """Return a phrase as it is looked up in lists of words: folded, with single blanks."""
    return " ".join(_WORD.findall(_folded(text, with_umlauts=False)))


@lru_cache(maxsize=1 << 15)
def name_words(name: str, *, with_umlauts: bool = False) -> tuple[str, ...]:
    """Return the words of a name, folded, in their order; ``O Brien`` is one, as ``O'Brien`` is."""
    words: list[str] = []
    for word in _WORD.findall(_folded(name, with_umlauts=with_umlauts)):
        if words and words[-1] in _IRISH and len(word) > 1:
            words[-1] += word
        else:
            words.append(word)
    return tuple(words)


@lru_cache(maxsize=1 << 15)
def name_key(name: str) -> str:
    """Return the key of a name, for which the order of its words does not matter."""
    return " ".join(sorted(name_words(name)))


@lru_cache(maxsize=1 << 15)
def name_keys(name: str) -> frozenset[str]:
    """Return the keys of a name: two names that have one in common are written alike."""
    german = " ".join(sorted(name_words(name, with_umlauts=True)))
    return frozenset({name_key(name), german}) - {""}


def initials_of(name: str, full: str) -> bool:
    """Tell whether a name with initials may be a full name: ``M. Kelly`` and ``Maureen Kelly``."""
    words, whole = name_words(name), _whole_words(name)
    if len(whole) == len(words) or not whole or len(words) > len(name_words(full)):
        return False
    others = list(name_words(full))
    for word in whole:
        if word not in others:
            return False
        others.remove(word)
    for initial in (word for word in words if len(word) == 1):
        found = next((other for other in others if other.startswith(initial)), None)
        if found is None:
            return False
        others.remove(found)
    return True


def are_near(name: str, other: str) -> bool:
    """Tell whether two names that are not alike may well be one person's."""
    ours, theirs = _word_set(name), _word_set(other)
    if len(ours) < 2 or len(theirs) < 2:
        return False
    common = (ours & theirs) - PARTICLES
    if len(common) > 1 or initials_of(name, other) or initials_of(other, name):
        # A middle name more or less, a second surname.
        return True
    if common:
        rest = theirs - common
        for one in ours - common:
            for two in rest:
                if _is_short_for(one, two):
                    return True
    return _is_slip(name_key(name), name_key(other))


@lru_cache(maxsize=1 << 15)
def _whole_words(name: str) -> tuple[str, ...]:
    return tuple(word for word in name_words(name) if len(word) > 1)


@lru_cache(maxsize=1 << 15)
def _word_set(name: str) -> frozenset[str]:
    return frozenset(name_words(name))


def _is_short_for(one: str, two: str) -> bool:
    short, long = (one, two) if len(one) <= len(two) else (two, one)
    is_beginning = len(short) >= _SHORT and long.startswith(short)
    may_be_short = one in _HAVING_SHORT and two in _HAVING_SHORT
    is_short = may_be_short and frozenset((one, two)) in SHORT_NAMES
    return is_beginning or is_short or _is_slip(one, two)


def _is_slip(one: str, two: str) -> bool:
    if abs(len(one) - len(two)) > 2 or min(len(one), len(two)) <= _SHORT:
        return False
    # A letter that the other name does not have has no fellow there: most names are told apart by
    # that alone, at a hundredth of the time.
    ours, theirs = _letters(one), _letters(two)
    most = min(len(one) - len(ours - theirs), len(two) - len(theirs - ours))
    if 2 * most < _ALIKE * (len(one) + len(two)):
        return False
    matcher = SequenceMatcher(None, one, two, autojunk=False)
    # The letters alone are compared at a tenth of the time.
    return matcher.quick_ratio() >= _ALIKE and matcher.ratio() >= _ALIKE


@lru_cache(maxsize=1 << 15)
def _letters(word: str) -> frozenset[str]:
    return frozenset(word)
