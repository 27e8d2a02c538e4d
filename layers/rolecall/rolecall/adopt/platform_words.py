"""Platforms in what people write: in a column of their own, in a heading, beside an account's name.

A name that is not known is a typing mistake for the one platform that is nearest to it, and only
where it is near and no other is as near; that it was taken so is an assumption, and is said.
"""

# Apostrophes, dashes and arrows are written here as people type them.
# ruff: noqa: RUF001

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from rolecall.adopt.word_sets import word_set
from rolecall.keys.platforms import PLATFORMS, platform_key

__all__ = ["PlatformName", "near_platform", "platform_named", "platform_within", "platforms_named"]


class PlatformName(NamedTuple):
    """A platform that a text names.

    :ivar rest: what the text says beside it.
    :ivar mistyped: the platform as it was written, where that is near and wrong.
    """

    platform: str
    rest: str = ""
    mistyped: str = ""


_MOST_WORDS = 4
_SHORTEST_MISTYPED = 5
_LONGEST_MISTYPED = 16
_LONG = 7
_LONGEST = 200
_WORD = re.compile(r"[^\W_]+(?:\.[^\W_]+)*")
# Words of the table that say something else as well: alone they are the platform, in a text not.
_OTHER_WORDS = word_set("site medium snap web threads discord li x google meetup twitch")
_TARGETS = (
    *(name for name in PLATFORMS if len(name) >= _SHORTEST_MISTYPED and " " not in name),
    "twitter",
)
# What is said of a platform and changes nothing of which it is.
_BETWEEN = word_set("and und et y e en i oraz both also")
_SAID = word_set(
    """
    page account profile channel official app our business site seite konto profil kanal cuenta
    pagina compte chaine perfil canal conta profilo strona kanaal social media
    """
)


@lru_cache(maxsize=1 << 14)
def platform_named(text: str) -> PlatformName | None:
    """Return the platform that a text names, if it names nothing else."""
    if (name := platform_key(text)) in PLATFORMS:
        return PlatformName(name)
    found = platform_within(text, alone=True)
    if found is not None and not set(found.rest.casefold().split()) - _SAID:
        return PlatformName(found.platform, "", found.mistyped)
    return near_platform(text)


@lru_cache(maxsize=1 << 14)
def near_platform(text: str) -> PlatformName | None:
    """Return the one platform that a mistyped name is near to."""
    word = re.sub(r"[\W_]+", "", text.casefold())
    if (name := platform_key(word)) in PLATFORMS and len(word) > 1:
        return PlatformName(name)
    if not _SHORTEST_MISTYPED <= len(word) <= _LONGEST_MISTYPED:
        return None
    most = 1 if len(word) < _LONG else 2
    candidates = [one for one in _TARGETS if abs(len(one) - len(word)) <= most]
    near = sorted((_distance(word, target), target) for target in candidates)
    if not near or near[0][0] > most or (len(near) > 1 and near[1][0] == near[0][0]):
        return None
    return PlatformName(platform_key(near[0][1]), "", text.strip())


@lru_cache(maxsize=1 << 14)
def platform_within(text: str, *, alone: bool = False) -> PlatformName | None:
    """Return the one platform that a text names beside other things, and the other things.

    :param alone: words that say something else too count as well.
    """
    found = _found(text, alone=alone)
    if len({name for name, _, _ in found}) != 1:
        return None
    return PlatformName(found[0][0], _rest(text, found))


@lru_cache(maxsize=1 << 14)
def platforms_named(text: str) -> tuple[PlatformName, ...]:
    """Return the platforms that a text names, if it names nothing else: "FB and Instagram"."""
    if (one := platform_named(text)) is not None:
        return (one,)
    found = _found(text, alone=True)
    rest = set(_WORD.findall(_rest(text, found).casefold()))
    if not found or rest - _SAID - _BETWEEN:
        return ()
    return tuple(PlatformName(name) for name in dict.fromkeys(name for name, _, _ in found))


def _found(text: str, *, alone: bool) -> list[tuple[str, int, int]]:
    """Return each platform that a text names, and where."""
    words = list(_WORD.finditer(text[:_LONGEST]))
    found: list[tuple[str, int, int]] = []
    at = 0
    while at < len(words):
        for length in range(min(_MOST_WORDS, len(words) - at), 0, -1):
            start, end = words[at].start(), words[at + length - 1].end()
            name = platform_key(text[start:end])
            is_other = length == 1 and text[start:end].casefold() in _OTHER_WORDS
            if name in PLATFORMS and (alone or not is_other):
                found.append((name, start, end))
                at += length - 1
                break
        at += 1
    return found


def _rest(text: str, found: list[tuple[str, int, int]]) -> str:
    for _, start, end in reversed(found):
        text = f"{text[:start]} {text[end:]}"
    return _trimmed(text)


def _trimmed(rest: str) -> str:
    """Return what is left of a text without the signs that joined the platform to it."""
    bare = re.sub(r"\(\s*\)|\[\s*\]", " ", rest)
    return " ".join(bare.split()).strip(" -–—:|/,;()·•")


def _distance(one: str, other: str) -> int:
    """Return how many letters are wrong, missing, too many, or stand the other way round."""
    rows = [list(range(len(other) + 1))]
    for at, left in enumerate(one, 1):
        row = [at]
        for to, right in enumerate(other, 1):
            cost = min(rows[-1][to] + 1, row[-1] + 1, rows[-1][to - 1] + (left != right))
            if at > 1 and to > 1 and left == other[to - 2] and one[at - 2] == right:
                cost = min(cost, rows[-2][to - 2] + 1)
            row.append(cost)
        rows.append(row)
    return rows[-1][-1]
