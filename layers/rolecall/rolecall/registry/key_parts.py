"""Texts as parts of a key, which are told apart by a sign."""

from __future__ import annotations

__all__ = ["quoted", "unquoted"]


def quoted(text: str) -> str:
    """Return a text as a part of a key: without the sign between the parts."""
    return text.replace("%", "%25").replace("#", "%23")


def unquoted(text: str) -> str:
    """Return the text of which a part of a key was made."""
    return text.replace("%23", "#").replace("%25", "%")
