"""Cuts a cell into what names one person each, as far as its signs and words tell.

Line breaks, semicolons, slashes and the like separate whatever stands beside them. Words and commas
stand in names too, and what they separate depends on its shape: then both readings are kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rolecall.adopt.agencies import agency_name
from rolecall.adopt.comma_names import comma_texts
from rolecall.adopt.given_names import is_given_name
from rolecall.adopt.name_keys import name_words, word_key
from rolecall.adopt.people_masking import Masked, PeopleText, has_sign
from rolecall.adopt.people_words import CONJUNCTIONS, ROLES

__all__ = ["people_texts"]

_STRONG = re.compile(
    r"\s*(?:,\s*(?=[^\W\d_]{4,}:\s)|[\n;|•·●▪]|(?<!\bc)(?<!\bw)/(?!o\b)|\s\+\s|\s>\s)\s*"
)
_AMPERSAND = re.compile(r"\s*&(?:amp;)?\s*")
_WORDS = "|".join(
    sorted((word.replace(" ", r"\s") for word in CONJUNCTIONS), key=len, reverse=True)
)
_CONJUNCTION = re.compile(rf"(?:,\s*)?\s(?:{_WORDS}|u\.)\s", re.I)
# Small letters alone: in capitals they are initials.
_IN_NAMES = re.compile(r"(?:,\s*)?\s(?:y|e|i|en)\s")
_LOOSE = ("y", "e")
_BESIDE_NAMES = 2


def people_texts(cell: Masked) -> list[PeopleText]:
    """Return the pieces of a text, each the words for one person."""
    strong = [piece.strip() for piece in _STRONG.split(cell.text) if piece.strip()]
    is_listed = len(strong) > 1 and all("," in piece for piece in strong)
    found = []
    for piece in strong:
        role, text = _headed(piece)
        for one in _by_words(cell.with_text(text), is_listed):
            found.append(one.said_of(role) if role else one)
    return found


def _headed(piece: str) -> tuple[str, str]:
    """Return the role that stands before several people, and the people: "Editors: Ann, Bo"."""
    before, colon, behind = piece.partition(":")
    is_role = bool(colon) and word_key(before) in ROLES
    return (before.strip(), behind.strip()) if is_role and behind.strip() else ("", piece)


def _by_words(cell: Masked, is_listed: bool) -> list[PeopleText]:
    parts = [
        part.strip(" ,")
        for piece in _by_ampersands(cell.text)
        for part in _CONJUNCTION.split(f" {piece} ")
        if part.strip(" ,")
    ]
    # "Kelly, Nolan and Doyle" is a list, and so are "Kelly, Maureen and Nolan, Peter" two people.
    is_enumerated = len(parts) > 1 and "," not in parts[-1]
    found = []
    for part in parts:
        for text in _by_letters(part):
            if text.others or "," not in text.text:
                found.append(text)
            else:
                piece = cell.with_text(text.text)
                found += comma_texts(
                    piece, is_listed=is_listed, is_enumerated=is_enumerated or text.text != part
                )
    return found


def _by_ampersands(text: str) -> list[str]:
    """Return what ampersands separate, but for those in the name of a firm."""
    parts = _AMPERSAND.split(text)
    if len(parts) == _BESIDE_NAMES and agency_name(text) and "," not in text:
        first = parts[0]
        if len(name_words(first)) == 1 and not is_given_name(first, surely=True):
            return [text]
    return parts


def _by_letters(text: str) -> list[PeopleText]:
    """Return what a word of one or two letters separates, which may belong to a surname."""
    padded = f" {text} "
    found = _first_joint(padded)
    if found is None:
        return [PeopleText(text)] if text else []
    left, right = padded[: found.start()].strip(), padded[found.end() :].strip()
    word = found[0].strip(" ,")
    ours, theirs = name_words(left), name_words(right)
    if is_given_name(right) or not ours or not theirs or _is_marked(left) or _is_marked(right):
        return [PeopleText(left), *_by_letters(right)] if left else _by_letters(right)
    pieces = (left, *_pieces(_by_letters(right)))
    is_loose = word in _LOOSE
    if not is_loose or (len(ours) >= _BESIDE_NAMES and len(theirs) >= _BESIDE_NAMES):
        return [PeopleText(text, pieces, is_several=True)]
    return [PeopleText(text, pieces, is_several=is_given_name(left) and len(ours) == 1)]


def _first_joint(text: str) -> re.Match[str] | None:
    """Return where a word of one or two letters first joins people, and not two surnames.

    "Zeferina Costa e Silva e Ilda Reis" are two.
    """
    joints = list(_IN_NAMES.finditer(text))
    for joint in joints[:-1]:
        between = _IN_NAMES.split(text[joint.end() - 1 :])[0]
        is_surname = len(name_words(between)) == 1 and not is_given_name(between)
        is_whole = len(name_words(text[: joint.start()])) >= _BESIDE_NAMES
        if not (is_surname and is_whole and joint[0].strip(" ,") in _LOOSE):
            return joint
    return joints[-1] if joints else None


def _pieces(texts: list[PeopleText]) -> Iterator[str]:
    """Yield the words for each person, of several as their shape says."""
    for text in texts:
        if text.is_several:
            yield from text.others
        else:
            yield text.text


def _is_marked(text: str) -> bool:
    return has_sign(text) or "," in text
