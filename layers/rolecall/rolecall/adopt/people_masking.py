"""A cell in which addresses and brackets are single signs, so that no sign in them separates."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from msgspec import Struct

from rolecall.keys.texts import uncovered

__all__ = ["ADDRESS", "Masked", "PeopleText", "has_sign", "masked"]

_SIGN = r"[^\s<>()\[\],;:/|\"'“”„&]"
ADDRESS = re.compile(rf"(?:mailto:)?{_SIGN}+@{_SIGN}+\.{_SIGN}*[^\W_]", re.I)
"""An address of e-mail that stands in a text."""

_MASKED = re.compile(rf"<[^<>\n]*>|\([^()\n]*\)|\[[^\[\]\n]*\]|{ADDRESS.pattern}", re.I)
_FIRST_MARK, _LAST_MARK = 0xE000, 0xF8FF
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_PHONE = re.compile(
    r"(?:\b(?:tel|mob|mobile|phone|handy|cell|ph)\b\.?:?\s*)?(?<!\w)\+?\d[\d .\-()]{6,}\d", re.I
)
_BREAKS = re.compile(r"\r\n?|[\v\f\x85\u2028\u2029]|<br ?/?>|\t| {3,}", re.I)
_BULLET = re.compile(r"(?m)^\s*(?:[-–—*•·●▪◦‣➢>]+|\(?\d{1,2}[.)])\s+")  # noqa: RUF001 - as written.
# "Kelly, Maureen" <address>, as programs of mail write it.
_QUOTED = re.compile(r"[\"“]([^\"“”,\n]+),\s*([^\"“”,\n]+)[\"”](?=\s*<)")
_ARROW = re.compile(r"\s*(?:=+>|-+>|→|➔|➜)\s*")
_AND_OR = re.compile(r"\b(and|und|et|y|e|en|i)\s?/\s?(or|oder|ou|o|of|lub)\b", re.I)


class Masked(Struct, frozen=True):
    """A text in which addresses and brackets are single signs, and what each stands for."""

    text: str
    spans: tuple[str, ...]

    def whole(self, text: str) -> str:
        """Return a piece of the text with what its signs stand for."""
        return _PRIVATE.sub(lambda found: self.spans[ord(found[0]) - _FIRST_MARK], text)

    def with_text(self, text: str) -> Masked:
        """Return a piece of the text that can be made whole as well."""
        return Masked(text, self.spans)


class PeopleText(NamedTuple):
    """What is left when a cell is cut: the words for one person.

    :ivar others: the pieces of the other reading, where there are two.
    :ivar is_several: the other reading is what the shape says.
    """

    text: str
    others: tuple[str, ...] = ()
    is_several: bool = False

    def said_of(self, remark: str) -> PeopleText:
        """Return the words with what is said of all whom they name."""
        others = tuple(f"{other} ({remark})" for other in self.others)
        return PeopleText(f"{self.text} ({remark})", others, self.is_several)


def masked(cell: str) -> Masked:
    """Return a cell with a sign for each address and each bracket."""
    text = _PRIVATE.sub("", uncovered(unicodedata.normalize("NFC", cell)))
    text = _AND_OR.sub(r"\1", _BREAKS.sub("\n", text))
    text = _ARROW.sub(" (was)\n", _QUOTED.sub(r"\2 \1", text))
    spans: list[str] = []

    def mark(found: re.Match[str]) -> str:
        if len(spans) > _LAST_MARK - _FIRST_MARK:
            return " "
        spans.append(found[0])
        return f" {chr(_FIRST_MARK + len(spans) - 1)} "

    text = _MASKED.sub(mark, text)
    text = re.sub("[^\\S\n]+", " ", _PHONE.sub(" ", _BULLET.sub("\n", text)))
    return Masked(text.strip(), tuple(spans))


def has_sign(text: str) -> bool:
    """Tell whether an address or a bracket stands in a masked text."""
    return _PRIVATE.search(text) is not None
