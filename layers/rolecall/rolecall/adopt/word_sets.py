"""Lists of words as they stand in the tables of this package."""

from __future__ import annotations

__all__ = ["word_set"]


def word_set(text: str) -> frozenset[str]:
    """Return the words of a list, which blanks separate; with ``|`` in it, the phrases."""
    parts = text.split("|") if "|" in text else text.split()
    return frozenset(" ".join(part.split()) for part in parts) - {""}
