"""How hard a password is to guess, by zxcvbn. What it says is kept; the password never is."""

from __future__ import annotations

import re
from collections.abc import Iterable

from msgspec import Struct

__all__ = ["PasswordStrength", "assess", "words_of"]

_MOST = 72
"""Characters that are looked at: zxcvbn's time grows with the square. More only add strength."""


class PasswordStrength(Struct, frozen=True):
    """What zxcvbn says of a password.

    :ivar score: 0 (guessed at once) to 4.
    :ivar advice: sentences for people, from a fixed list: they never quote the password.
    """

    score: int
    advice: tuple[str, ...] = ()


def assess(password: str, words: Iterable[str]) -> PasswordStrength:
    """Return how strong a password is.

    :param words: what somebody who knows the account would try first.
    """
    from zxcvbn import zxcvbn

    if not password:
        return PasswordStrength(0)
    said = zxcvbn(password[:_MOST], [word for word in words if word], max_length=_MOST)
    feedback = said["feedback"]
    advice = (feedback["warning"], *feedback["suggestions"])
    return PasswordStrength(int(said["score"]), tuple(text for text in advice if text))


def words_of(*texts: str | None) -> list[str]:
    """Return texts and the words in them, without what is in every address."""
    found: dict[str, None] = {}
    for text in texts:
        if text:
            parts = re.split(r"[\W_]+", text)
            joined = "".join(parts)
            for word in (text, joined, *parts):
                if len(word) > 2 and word not in ("https", "http", "www"):
                    found[word] = None
    return list(found)
