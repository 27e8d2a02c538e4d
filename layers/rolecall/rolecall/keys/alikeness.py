"""Who is called like somebody else, so that the name alone would not say which of the two is meant.

Two names are alike where a reader would take one for the other: case, accents, spaces and
punctuation make no difference, nor do letters that are drawn alike (:func:`.texts.look`), nor an l
for an I or a nought for an O. A name that is the id of another, or that ends with the id of another
in brackets as names do that are told apart by it, is alike to that one's.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from rolecall.keys.texts import look

__all__ = ["Claim", "alike_ids", "claim", "id_look"]

_DRAWN_ALIKE = {**dict.fromkeys(map(ord, "l1|"), "i"), ord("0"): "o"}
_SIGNS = {code: None for code in range(128) if not chr(code).isalnum()}
_LETTERS = {**_SIGNS, **_DRAWN_ALIKE}


class Claim(NamedTuple):
    """What a name may be taken for.

    :ivar key: names of one key are alike; empty for one without a letter, which names nobody.
    :ivar id: the id that the name might be.
    :ivar bracketed: the id that it might end with.
    """

    key: str
    id: str
    bracketed: str


def claim(name: str, *, exact: bool = False) -> Claim:
    """Return what a name may be taken for.

    :param exact: of a handle every sign counts, for platforms tell st.brigid and st_brigid apart.
    """
    seen = look(name).strip()
    if exact:
        key = seen.translate(_DRAWN_ALIKE)
    else:
        key = seen.translate(_LETTERS)
        if not key.isascii():
            key = "".join(filter(str.isalnum, key))
    bracketed = seen[:-1].rpartition("(")[2].strip() if seen.endswith(")") else ""
    return Claim(key, seen, bracketed)


def id_look(id_: str) -> str:
    """Return what an id looks like, as claims have it."""
    return look(id_).strip()


def alike_ids(named: Iterable[tuple[str, str]], *, exact: bool = False) -> frozenset[str]:
    """Return the ids of those whose names do not say which of them is meant.

    :param named: ids with names, each id once.
    :param exact: see :func:`claim`.
    """
    by_key: dict[str, list[str]] = {}
    claims: list[tuple[str, str]] = []
    looks: dict[str, list[str]] = {}
    for id_, name in named:
        key, whole, bracketed = claim(name, exact=exact)
        by_key.setdefault(key, []).append(id_)
        claims.append((whole, id_))
        if bracketed:
            claims.append((bracketed, id_))
        looks.setdefault(id_look(id_), []).append(id_)
    found = {id_ for ids in by_key.values() if len(ids) > 1 for id_ in ids}
    found.update(by_key.get("", ()))
    found.update(
        id_ for text, id_ in claims if text in looks and any(one != id_ for one in looks[text])
    )
    return frozenset(found)
