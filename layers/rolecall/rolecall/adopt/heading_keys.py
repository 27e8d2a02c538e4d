"""Headings as they are compared: without case, accents, punctuation, plurals, units and order.

``heading_key`` is what memory knows a heading by: its words as they follow each other.
``heading_stems`` is what the dictionary is asked with: the stems of the words that say something,
in no order, so that *Name(s) of the administrators* and *Administrator names* are one. Stems are
cut by a few rules that hold for all of the languages at once; what they cut need not be a word,
as long as the same is cut off the dictionary.
"""

# Apostrophes, dashes and arrows are written here as people type them.
# ruff: noqa: RUF001

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from rolecall.adopt.word_sets import word_set

__all__ = ["heading_key", "heading_stems", "heading_words"]

# Letters that are not made of a letter and a sign.
_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe", "’": "'", "ʼ": "'"})
_CAMEL = re.compile(r"(?<=[a-z]{2})(?=[A-Z][a-z])")
# What stands behind a heading and tells how to fill it in, not what it is.
_HINTS = re.compile(
    r"\[[^\]]*\]|\((?:[dmyjagt]{1,4}[./ -]?){2,3}\)|[*†‡]+"
    r"|\((?:required|optional|if (?:any|known|applicable)|mandatory|pflicht(?:feld)?|optional"
    r"|falls vorhanden|obligatoire|facultatif|le cas échéant|obligatorio|opcional|si (?:hay|existe)"
    r"|obbligatorio|facoltativo|se presente|obrigatório|se houver|verplicht|optioneel|indien bekend"
    r"|wymagane|opcjonalnie|jeśli jest|y/n|yes/no|j/n|ja/nein|o/n|oui/non|s/n|s[iíì]/no|sim/não"
    r"|tak/nie|n/t|t/n)\)",
    re.IGNORECASE,
)
_OPTIONAL_ENDING = re.compile(
    r"(?<=\w)[(/*:_](?:s|es|n|en|r|in|innen|e|i|a|as|os|x|ne|nes|rice|trice|y|zy|rzy|ki|ka)\)?(?!\w)",
    re.ASCII,
)
_STOP = word_set(
    """
    the a an of for to on in at is are was it its this that these your our their his her by and or
    der die das des dem den ein eine einer eines von vom zum zur fur im am ist sind und oder
    le la les l d de du un une au aux et ou pour en est sont ce cette
    el los las lo del una uno al o para por es son
    il gli dello della dell nell all sull dei degli delle da nel nella per di lo
    os as do dos uma um no na em ao
    het een van voor op zijn of te lub w z ze dla jest sa
    """
)
_COMPOUND = re.compile(
    r"\b(facebook|instagram|twitter|youtube|linkedin|tiktok|whatsapp|telegram|mastodon|bluesky"
    r"|pinterest|flickr|vimeo|snapchat)(?=[^\W\d_]{4})"
)
# Names of platforms are declined: "na Facebooku", "na Instagramie".
_CASED = re.compile(
    r"\b(facebook|instagram|twitter|youtube|linkedin|tiktok)(?:u|a|ie|em|iem|owi)\b"
)
_SHORT_STEM = 4
_LONGEST = 200


def heading_words(heading: str) -> tuple[str, ...]:
    """Return the words of a heading, folded, in their order."""
    text = _HINTS.sub(" ", _CAMEL.sub(" ", heading[:_LONGEST]))
    text = _OPTIONAL_ENDING.sub("", text).casefold().translate(_LETTERS)
    plain = unicodedata.normalize("NFKD", text)
    bare = "".join(char for char in plain if unicodedata.category(char) not in ("Mn", "Cf"))
    bare = re.sub(r"'s\b", "", bare)
    bare = re.sub(r"\be[\s-]?mails?\b|\bcourriels?\b|\bmails?\b", "email", bare)
    # Of a compound of languages that write it as one word, the platform is a word of its own.
    bare = _COMPOUND.sub(r"\1 ", _CASED.sub(r"\1", bare))
    return tuple(re.findall(r"[^\W_]+", bare))


@lru_cache(maxsize=1 << 12)
def heading_key(heading: str) -> str:
    """Return by what memory knows a heading; of one without letters, the heading itself."""
    return " ".join(heading_words(heading)) or " ".join(heading.split())


@lru_cache(maxsize=1 << 12)
def heading_stems(heading: str) -> frozenset[str]:
    """Return the stems of the words that say something; of all, where none of them does."""
    words = heading_words(heading)
    telling = [word for word in words if word not in _STOP] or words
    return frozenset(map(_stem, telling))


@lru_cache(maxsize=1 << 12)
def _stem(word: str) -> str:
    """Return a word without the endings of plurals and cases, as often as one can be cut off."""
    word = word.replace("ae", "a").replace("oe", "o").replace("ue", "u")
    while True:
        is_long = len(word) > _SHORT_STEM
        is_plural = word.endswith("s") and not word.endswith("ss")
        if is_long and (is_plural or word[-1] in "aeiouy"):
            shorter = word[:-1]
        elif len(word) > _SHORT_STEM + 1 and word.endswith(("en", "er", "em")):
            shorter = word[:-2]
        else:
            return word
        word = shorter
