"""Who is called like somebody else, so that the name alone would not say which of the two is meant.

Two names are alike where a reader would take one for the other: case, accents, spaces and
punctuation make no difference, nor do letters that are drawn alike (:func:`.texts.look`), nor an l
for an I or a nought for an O. A name that is the id of another, or that ends with the id of another
in brackets as names do that are told apart by it, is alike to that one's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
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


def alike_ids(ids: Sequence[str], names: Sequence[str], *, exact: bool = False) -> frozenset[str]:
    """Return the ids of those whose names do not say which of them is meant.

    :param ids: each once.
    :param names: of each.
    :param exact: see :func:`claim`.
    """
    keys, wholes, bracketed = _claims(names, exact=exact)
    looks = list(map(id_look, ids)) if _odd(ids) else "\n".join(ids).lower().split("\n")
    found: set[str] = set()
    if len(distinct := set(keys)) < len(keys) or "" in distinct:
        counts = Counter(keys)
        found.update(id_ for id_, key in zip(ids, keys, strict=True) if counts[key] > 1 or not key)
    known = set(looks)
    likely = known.intersection(wholes) | known.intersection(bracketed.values())
    if likely:
        by_look: dict[str, set[str]] = {}
        for id_, seen in zip(ids, looks, strict=True):
            if seen in likely:
                by_look.setdefault(seen, set()).add(id_)
        for number, id_ in enumerate(ids):
            for text in (wholes[number], bracketed.get(number)):
                if text in likely and by_look[text] - {id_}:
                    found.add(id_)
    return frozenset(found)


def _claims(names: Sequence[str], *, exact: bool) -> tuple[list[str], list[str], Mapping[int, str]]:
    """Return what names may be taken for; of ordinary ones at a fraction of the time.

    What a name ends with in brackets is given by its number: few end so.
    """
    odd = {at: one for at, one in enumerate(names) if not _is_plain(one)} if _odd(names) else {}
    plain = ["" if at in odd else one for at, one in enumerate(names)] if odd else names
    seen = [*map(str.strip, "\n".join(plain).lower().split("\n"))] if plain else []
    table = _DRAWN_ALIKE if exact else _LETTERS
    keys = "\n".join(seen).translate(table | {ord("\n"): "\n"}).split("\n") if seen else []
    bracketed = {at: claim(names[at]).bracketed for at, one in enumerate(seen) if one[-1:] == ")"}
    for at, one in odd.items():
        keys[at], seen[at], bracketed[at] = claim(one, exact=exact)
    return keys, seen, bracketed


def _is_plain(text: str) -> bool:
    return text.isascii() and text.isprintable()


def _odd(texts: Sequence[str]) -> bool:
    """Tell whether one of some texts has to be looked at by itself; there may be none at all."""
    joined = "".join(texts)
    return not texts or not (joined.isascii() and joined.isprintable())
