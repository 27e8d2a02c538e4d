"""What no person sees of a text, and ids that differ by nothing else.

``identifier_key`` is for ids of people, entities and accounts: two ids with one key were meant to
be one. ``look`` is what a text looks like: letters of other alphabets that are drawn as Latin ones
are, are those. Two texts of one look are never taken for each other: whoever has an account, or an
id, that looks like another may want just that. They are pointed out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

__all__ = ["identifier_key", "identifier_keys", "look", "uncovered", "visible"]

_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63", "-"))
_ZEROS = re.compile(r"(?<!\d)0+(?=\d)", re.ASCII)
_UNSEEN = ("Cf", "Cc", "Cn")
# Of Cyrillic, Greek, Armenian and phonetic alphabets, what is drawn as a Latin letter.
_DRAWN = str.maketrans(
    "аеорсухіјѕһԁԛԝвкмнтгпьѵӏαβεηικνορτυχγωϲϳօսհոցıɩɑɡɪʟᴏᴄᴠᴡᴢꜱ",
    "aeopcyxijshdqwbkmhtrnbvlabehikvoptuxywcjoushgiiagilocvwzs",
)


def visible(text: str) -> str:
    """Return a text as it is seen: composed, without invisible signs, with plain spaces."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    seen = uncovered(unicodedata.normalize("NFC", text))
    return unicodedata.normalize("NFC", " ".join(seen.split()))


def uncovered(text: str) -> str:
    """Return a text without the signs in it that nobody sees."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        char
        for char in text
        if char.isspace()
        or (unicodedata.category(char) not in _UNSEEN and not "\ufe00" <= char <= "\ufe0f")
    )


def identifier_key(id_: str) -> str:
    """Return the key of an id: as it is seen, without case, and without zeros before a number."""
    return _ZEROS.sub("", visible(id_).translate(_DASHES).lower())


def identifier_keys(ids: Sequence[str]) -> Sequence[str]:
    """Return the keys of many ids; of ordinary ones at a fraction of the time."""
    joined = "\n".join(ids)
    if joined.isascii() and "  " not in joined and joined.replace("\n", "").isprintable():
        keys = _ZEROS.sub("", joined.lower()).split("\n")
        is_trimmed = joined == joined.strip() and " \n" not in joined and "\n " not in joined
        if len(keys) == len(ids) and is_trimmed:
            return keys
    return list(map(identifier_key, ids))


def look(text: str) -> str:
    """Return what a text looks like to somebody who reads Latin letters."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKC", visible(text)).lower()
    marks = unicodedata.normalize("NFD", plain.translate(_DRAWN))
    return marks.translate(_DASHES)
