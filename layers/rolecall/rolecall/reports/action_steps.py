"""Where to press: the steps of a deed on its platform, and what is written down afterwards.

The table ``steps`` of a language has them by deed and platform, and of each deed for all others.
A removal of access that people carry out for a deployed registry has the same ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rolecall.actions.deed import DeedKind
from rolecall.keys.platforms import platform_key
from rolecall.texts import Texts

__all__ = ["record_of", "steps_of"]


def steps_of(kind: DeedKind, platform: str, texts: Texts) -> tuple[str, ...]:
    """Return the steps of a deed on a platform, in order; none where the deed says it all."""
    words = texts.words("steps")
    own = tuple(_numbered(f"{kind}.{platform_key(platform)}", words))
    return own or tuple(_numbered(f"{kind}.other", words))


def record_of(kind: DeedKind, texts: Texts) -> str:
    """Return what whoever keeps the registry writes down after a deed."""
    return texts.words("steps")[f"record.{kind}"]


def _numbered(key: str, words: Mapping[str, str]) -> Iterator[str]:
    number = 1
    while (name := f"{key}.{number}") in words:
        yield words[name]
        number += 1
