"""Commas between names, and within one: "Maureen, Jim" are two, and "Kelly, Maureen" is one."""

# Apostrophes are written here as people write them.
# ruff: noqa: RUF001

from __future__ import annotations

import re
from collections.abc import Sequence

from rolecall.adopt.agencies import is_legal_form
from rolecall.adopt.given_names import is_given_name
from rolecall.adopt.name_keys import name_words, word_key
from rolecall.adopt.name_titles import without_titles
from rolecall.adopt.people_masking import ADDRESS, Masked, PeopleText, has_sign
from rolecall.adopt.people_words import SUFFIXES
from rolecall.adopt.person_text import is_said_of

__all__ = ["comma_texts"]

_PARTICLE = re.compile(
    r"(?:O|D)['’‘`´]\w|M(?:a)?c[A-ZÀ-Þ]|(?:Ní|Ni|Ó|Ui|Uí|Nic|van|von|de|del|della|di|da|dos|ten|ter)\b\s?\w",
    re.I,
)


def comma_texts(text: Masked, *, is_listed: bool, is_enumerated: bool) -> list[PeopleText]:
    """Return the people of a text in which commas stand.

    :param is_listed: the cell has a list without commas, of which each item has one: they stand
        within names.
    :param is_enumerated: a word joins the last of them to the others: the commas stand between.
    """
    items = _joined([item.strip() for item in text.text.split(",") if item.strip()], text)
    if len(items) == 2:
        return _two(items[0], items[1], is_listed=is_listed, is_enumerated=is_enumerated)
    pairs = list(zip(items[::2], items[1::2], strict=False))
    if len(items) % 2 == 0 and all(_is_reversed(*pair) for pair in pairs):
        return [_reversed(first, second) for first, second in pairs]
    return [PeopleText(item) for item in items]


def _joined(items: Sequence[str], text: Masked) -> list[str]:
    """Return the items with what is said of somebody behind their name."""
    found: list[str] = []
    for item in items:
        whole = text.whole(item).strip()
        if not found:
            found.append(item)
        elif is_legal_form(whole):
            found[-1] += f" {item}"
        elif word_key(whole) in SUFFIXES:
            continue
        elif ADDRESS.fullmatch(whole.strip("<>")):
            is_theirs = ADDRESS.search(text.whole(found[-1])) is None and _is_of(whole, found[-1])
            if is_theirs:
                found[-1] += f" {item}"
            else:
                found.append(item)
        elif is_said_of(whole):
            found[-1] += f" ({whole.strip('()[] ')})"
        else:
            found.append(item)
    return found


def _is_of(address: str, name: str) -> bool:
    """Tell whether an address may be that of the name before it, by what stands in it."""
    local = word_key(address.strip("<>").rpartition("@")[0]).replace(" ", "")
    words = [word for word in name_words(without_titles(name)) if len(word) > 2]
    return any(word in local or local in word for word in words)


def _two(first: str, second: str, *, is_listed: bool, is_enumerated: bool) -> list[PeopleText]:
    verdict = _is_reversed(first, second)
    if verdict is None:
        verdict = is_listed or not is_enumerated
        if len(name_words(without_titles(second))) > 1 and not is_listed:
            verdict = False
    if verdict:
        return [_reversed(first, second)]
    is_marked = has_sign(first) or has_sign(second)
    if is_marked or (len(name_words(second)) > 1 and len(name_words(first)) > 1):
        return [PeopleText(first), PeopleText(second)]
    return [PeopleText(_reversed(first, second).text, (first, second), is_several=True)]


def _reversed(surname: str, first: str) -> PeopleText:
    return PeopleText(f"{first} {surname}", (surname, first))


def _is_reversed(first: str, second: str) -> bool | None:
    """Tell whether two texts are a surname and a first name; ``None`` where nobody can."""
    surname, given = without_titles(first), without_titles(second)
    ours, theirs = name_words(surname), name_words(given)
    if not ours or not theirs or surname != first.strip() or len(ours) > 3 or len(theirs) > 3:
        return False
    if given != second.strip():
        # "Kelly, Mrs Maureen", but "Maureen Kelly, Fr Tom".
        return len(ours) == 1 and is_given_name(given) and not is_given_name(surname, surely=True)
    known, is_first = is_given_name(surname, surely=True), is_given_name(given)
    if _PARTICLE.match(surname) and len(theirs) <= 2:
        return is_first or None
    if len(ours) > 1:
        # "García López, María José", but "Sacristan Ann Smith, Hans Huber".
        named = any(is_given_name(word, surely=True) for word in surname.split())
        if len(theirs) > 1:
            return not named and is_first and is_given_name(given.split()[1], surely=True)
        return False if known else is_first or None
    if len(theirs) > 1:
        whole = is_first and (is_given_name(given.split()[1], surely=True) or len(theirs[1]) == 1)
        return False if known else (True if whole else None)
    if is_first and not known:
        return True
    return False if known else None
