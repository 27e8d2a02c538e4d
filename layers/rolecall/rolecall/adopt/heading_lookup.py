"""What a heading says: the dictionary of eight languages, and the platform that it names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from rolecall.adopt.heading_keys import heading_stems, heading_words
from rolecall.adopt.headings.english import ENGLISH
from rolecall.adopt.platform_words import platform_within
from rolecall.keys.platforms import PLATFORMS, platform_key

__all__ = ["HEADING_TABLES", "HeadingMeaning", "heading_meaning"]

HEADING_TABLES: Mapping[str, Mapping[str, str]] = {"English": ENGLISH}
"""The tables of headings by their languages."""


class HeadingMeaning(NamedTuple):
    """What a heading says.

    :ivar field: a field, or one of the words that only the sheet decides; empty where unknown.
    :ivar is_whole: all that the heading says is understood.
    """

    field: str
    platform: str = ""
    role: str = ""
    is_whole: bool = True


def _entries() -> Iterator[tuple[frozenset[str], str]]:
    for table in HEADING_TABLES.values():
        for field, headings in table.items():
            for heading in headings.split("|"):
                yield heading_stems(heading), field


def _by_stems() -> Mapping[frozenset[str], str]:
    found: dict[frozenset[str], str] = {}
    for stems, field in _entries():
        found.setdefault(stems, field)
    return found


_FIELDS = _by_stems()
# What an account of the platform that a heading names is given by.
_OF_ACCOUNTS = frozenset(("", "url", "handle", "label", "platform", "address", "name", "kind"))


@lru_cache(maxsize=1 << 12)
def heading_meaning(heading: str) -> HeadingMeaning:
    """Return what a heading says."""
    stems = heading_stems(heading)
    if stems in _FIELDS:
        return _meant(_FIELDS[stems])
    words = " ".join(heading_words(heading))
    if (alone := platform_key(words)) in PLATFORMS:
        return HeadingMeaning("account", alone)
    named = platform_within(words, alone=True)
    if named is not None:
        beside = heading_stems(named.rest) if named.rest else frozenset()
        field = _FIELDS.get(beside, "") if beside else ""
        if not beside or (field and field in _OF_ACCOUNTS):
            return HeadingMeaning("account", named.platform)
        partly = _meant(field) if field else _partly(beside)
        return HeadingMeaning(partly.field, named.platform, partly.role, partly.is_whole)
    return _partly(stems)


def _meant(field: str, *, is_whole: bool = True) -> HeadingMeaning:
    name, _, role = field.partition(":")
    return HeadingMeaning(name, "", role, is_whole)


def _partly(stems: frozenset[str]) -> HeadingMeaning:
    """Return what the largest part of a heading says that is a heading itself."""
    best = max(
        (known for known in _FIELDS if known and known < stems),
        key=lambda known: (len(known), sum(map(len, known)), sorted(known)),
        default=frozenset(),
    )
    return _meant(_FIELDS[best], is_whole=False) if best else HeadingMeaning("", is_whole=False)
