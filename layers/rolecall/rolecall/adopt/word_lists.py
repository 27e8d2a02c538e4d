"""Lists of words as they are written in the modules that have them."""

from __future__ import annotations

__all__ = ["phrases", "single_words"]


def phrases(text: str) -> frozenset[str]:
    """Return the words and phrases of a list, which semicolons separate."""
    return frozenset(" ".join(phrase.split()) for phrase in text.split(";")) - {""}


def single_words(text: str) -> frozenset[str]:
    """Return the words of a list, which blanks separate."""
    return frozenset(text.split())
