"""A whole number in a sentence: written as the language writes it, with what it counts."""

from __future__ import annotations

from rolecall.texts.forms import Forms

__all__ = ["Number"]


class Number(int):
    """A number that a template gives its words: ``{days:day|days}``, ``{n:is|are}``, ``{count}``.

    A word alone is the singular of a plural with an s: ``{days:day}``.
    """

    forms: Forms

    @classmethod
    def of(cls, value: int, forms: Forms) -> Number:
        """Return a number that is written as a language does."""
        made = cls(value)
        made.forms = forms
        return made

    def __format__(self, words: str) -> str:
        """Return it with the word that fits, or alone."""
        told = self.forms.number(int(self))
        if not words:
            return told
        one, _, many = words.partition("|")
        word = one if self == 1 else many or f"{one}s"
        between = self.forms.millions if self and self % 1_000_000 == 0 else ""
        return f"{told} {between}{word}"
