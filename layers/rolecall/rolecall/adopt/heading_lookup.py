"""What a heading says: the dictionary of eight languages, and the platform that it names.

A heading is looked for as it is written, then by the stems of its words, then by the part of it
that is a heading itself. One that says two things in two languages says what it does in the
language of the other headings of its sheet.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from rolecall.adopt.columns import PEOPLE_FIELDS
from rolecall.adopt.heading_keys import heading_key, heading_stems, heading_words
from rolecall.adopt.heading_parts import ACCOUNT_WORDS, COUNTED, MAILBOX_WORDS, NAMING
from rolecall.adopt.headings.dutch import DUTCH
from rolecall.adopt.headings.english import ENGLISH
from rolecall.adopt.headings.french import FRENCH
from rolecall.adopt.headings.german import GERMAN
from rolecall.adopt.headings.italian import ITALIAN
from rolecall.adopt.headings.polish import POLISH
from rolecall.adopt.headings.portuguese import PORTUGUESE
from rolecall.adopt.headings.spanish import SPANISH
from rolecall.adopt.platform_words import platform_within
from rolecall.keys.platforms import PLATFORMS, platform_key

__all__ = ["HEADING_TABLES", "HeadingMeaning", "heading_meaning", "languages_of"]

HEADING_TABLES: Mapping[str, Mapping[str, str]] = {
    "English": ENGLISH,
    "German": GERMAN,
    "French": FRENCH,
    "Spanish": SPANISH,
    "Italian": ITALIAN,
    "Portuguese": PORTUGUESE,
    "Dutch": DUTCH,
    "Polish": POLISH,
}
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


_Said: TypeAlias = Mapping[str, str]
"""What something says by the languages in which it says anything."""
_UNKNOWN = HeadingMeaning("", is_whole=False)


def _entries() -> Iterator[tuple[str, str, str]]:
    for language, table in HEADING_TABLES.items():
        for field, headings in table.items():
            for heading in headings.split("|"):
                yield language, heading, field


def _by_words() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for language, heading, field in _entries():
        found.setdefault(heading_key(heading), {}).setdefault(language, field)
    return found


def _by_stems() -> dict[frozenset[str], dict[str, str]]:
    fields: dict[tuple[frozenset[str], str], dict[str, bool]] = {}
    for language, heading, field in _entries():
        stems = heading_stems(heading)
        said = fields.setdefault((stems, language), {})
        said[field] = said.get(field, False) or len(heading_words(heading)) == len(stems)
    found: dict[frozenset[str], dict[str, str]] = {}
    for (stems, language), said in fields.items():
        # Of what stems make one of, that is meant which has no other words: "uso", not "en uso".
        plain = [field for field, is_plain in said.items() if is_plain] or list(said)
        if len(plain) == 1:
            found.setdefault(stems, {})[language] = plain[0]
    return found


_WORDS = _by_words()
_STEMS = _by_stems()
_ACCOUNT_FIELDS = frozenset(("url", "handle", "label", "platform", "address", "name", "kind"))
# Words by which the account of a platform is given, in all languages.
_OF_ACCOUNTS = frozenset(
    stem
    for stems, said in _STEMS.items()
    if {"url", "handle", "label"} & {*said.values()}
    for stem in stems
) | heading_stems("platform name address")


def languages_of(headings: Iterable[str]) -> tuple[str, ...]:
    """Return the languages, those first in which most of some headings are known."""
    known: Counter[str] = Counter(dict.fromkeys(HEADING_TABLES, 0))
    for heading in headings:
        known.update(dict.fromkeys(_said(heading), 1))
    return tuple(language for language, _ in known.most_common())


def _said(heading: str) -> _Said:
    """Return what all of a heading says, by languages."""
    return _WORDS.get(heading_key(heading)) or _STEMS.get(heading_stems(heading)) or {}


@lru_cache(maxsize=1 << 12)
def heading_meaning(heading: str, languages: tuple[str, ...]) -> HeadingMeaning:
    """Return what a heading says.

    :param languages: in which order its languages count.
    """
    if said := _said(heading):
        return _first(said, languages)
    words = " ".join(heading_words(heading))
    if (alone := platform_key(words)) in PLATFORMS:
        return HeadingMeaning("account", alone)
    named = platform_within(words, alone=True)
    if named is None:
        return _beside(words, languages)
    beside = _first(said, languages) if (said := _said(named.rest)) else None
    if beside is not None and beside.field not in _ACCOUNT_FIELDS:
        return beside._replace(platform=named.platform)
    if not named.rest or beside or heading_stems(named.rest) <= _OF_ACCOUNTS | ACCOUNT_WORDS:
        return HeadingMeaning("account", named.platform)
    return _beside(named.rest, languages)._replace(platform=named.platform)


def _beside(words: str, languages: Sequence[str]) -> HeadingMeaning:
    """Return what the words of a heading say that is not in the dictionary as a whole."""
    if said := _said(words):
        return _first(said, languages)
    stems = heading_stems(words)
    if stems & COUNTED:
        return HeadingMeaning("nothing")
    named = frozenset(stem for stem in stems if not stem.isdigit()) - NAMING
    bare = named - MAILBOX_WORDS
    is_mailbox = bare != named
    known = next((part for part in (bare, bare - ACCOUNT_WORDS) if part in _STEMS), None)
    found = _first(_STEMS[known], languages) if known is not None else None
    if found is None:
        return _partly(stems, languages)
    if not is_mailbox:
        return found
    if found.field in PEOPLE_FIELDS:
        return found._replace(field=f"{found.field}_email")
    if found.field in ("entity", "entity_below", "label"):
        return found._replace(field="contact_email")
    return _partly(stems, languages)


def _first(said: _Said, languages: Sequence[str]) -> HeadingMeaning:
    field = next(said[language] for language in languages if language in said)
    name, _, role = field.partition(":")
    return HeadingMeaning(name, "", role)


def _partly(stems: frozenset[str], languages: Sequence[str]) -> HeadingMeaning:
    """Return what the largest part of a heading says that is a heading itself."""
    known = [part for part in _STEMS if part < stems]
    if not known:
        return _UNKNOWN
    best = max(known, key=lambda part: (len(part), sum(map(len, part)), sorted(part)))
    return _first(_STEMS[best], languages)._replace(is_whole=False)
