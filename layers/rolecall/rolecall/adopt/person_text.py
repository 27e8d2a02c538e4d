"""The words for one person: a name, an address, a role, and what else is said of them."""

# Apostrophes are written here as people write them.
# ruff: noqa: RUF001

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from msgspec.structs import replace

from rolecall.adopt.agencies import agency_name
from rolecall.adopt.given_names import is_given_name
from rolecall.adopt.mailboxes import is_mailbox, is_mailbox_name
from rolecall.adopt.mentions import PersonMention, PersonPart
from rolecall.adopt.name_keys import word_key
from rolecall.adopt.name_titles import EDGES, without_titles
from rolecall.adopt.people_masking import ADDRESS
from rolecall.adopt.people_words import (
    DOUBTS,
    GROUPS,
    JOBS,
    NOBODY,
    PAST,
    ROLE_FILLERS,
    ROLES,
    SUFFIXES,
    TITLES,
)
from rolecall.adopt.short_names import PARTICLES
from rolecall.keys.addresses import bare_address
from rolecall.registry.words_for_nothing import PLAIN_WORDS

__all__ = ["is_said_of", "mentions_in"]

_MOST_WORDS = 6
_BRACKETS = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]|<([^<>]*)>")
_DASH = re.compile(r"\s+[-–—]+\s+|\s*[—]\s*")
_COLON = re.compile(r"\s*[:=]\s+|:")
_SAID = JOBS | GROUPS | PAST | ROLE_FILLERS | PARTICLES | ROLES.keys() | DOUBTS
_SPAN = re.compile(
    r"\b(?:until|till|up to|bis|jusqu['’]en|hasta|fino al|até|tot|since|from|seit|depuis|desde|dal"
    r"|sinds|od)\b[^,;]*\b(?:19|20)\d\d\b.*|\b(?:19|20)\d\d\s*[-–]\s*(?:(?:19|20)\d\d)?$",
    re.I,
)
_FEW = 4
# What makes of a picture another form of it: a tone of skin, a joint, a choice of its look.
_OF_PICTURES = re.compile("[\U0001f3fb-\U0001f3ff\u200d\ufe0e\ufe0f]")
_CARE_OF = re.compile(r"^(?:c/o|via|att(?:n|ention)?\.?:?|contact:?)\s+", re.I)


def mentions_in(text: str, blank: PersonMention) -> list[PersonMention]:
    """Return whom the words for one person name: one, but where several addresses stand in them.

    :param blank: a mention with its part and its place.
    """
    addresses = list(ADDRESS.finditer(text))
    if len(addresses) < 2:
        found = _mention(text, bare_address(addresses[0][0]) if addresses else "", blank)
        return [found] if found else []
    several, start = [], 0
    for address in addresses:
        before = text[start : address.start()].strip(" <(")
        several.append(_mention(f"{before} {address[0]}", bare_address(address[0]), blank))
        start = address.end()
    return [one for one in several if one is not None]


def _mention(text: str, email: str, blank: PersonMention) -> PersonMention | None:
    made = _meant(text, email, blank.part)
    return made and replace(made, place=blank.place)


@lru_cache(maxsize=1 << 15)
def _meant(text: str, email: str, part: PersonPart) -> PersonMention | None:
    """Return whom words mean, wherever they stand: the same few people stand in many rows."""
    name, remarks = _told(_CARE_OF.sub("", ADDRESS.sub(" ", text).strip()))
    name = without_titles(_without_pictures(name))
    role, rest = _role_of(remarks)
    is_doubtful = text.rstrip(" )").endswith("?")
    told = ["?" if word_key(one) in DOUBTS or one == "?" else one for one in rest]
    remark = "; ".join(dict.fromkeys([*told, *(["?"] if is_doubtful else [])]))
    made = PersonMention(name, email, part, "", role=role, remark=remark)
    if agency_name(name, remark) or (name and any(agency_name(name, one) for one in rest)):
        return replace(made, kind="agency")
    if not name:
        if not email:
            said = text.strip(EDGES)
            return replace(made, name=said, kind="nobody") if said else None
        return replace(made, kind="mailbox" if is_mailbox(email) else "person")
    if _is_nobody(name):
        if email:
            return replace(made, kind="mailbox")
        return replace(made, kind="nobody", name=text.strip(EDGES))
    if email and is_mailbox(email):
        # A person who is reached by way of an office: the address is not theirs.
        return replace(made, email="", remark="; ".join(filter(None, [remark, email])))
    return made


def _without_pictures(name: str) -> str:
    """Return a name without the pictures beside it, which no roster has."""
    kept = "".join(" " if unicodedata.category(sign) == "So" else sign for sign in name)
    return name if kept == name else _OF_PICTURES.sub("", kept).strip(EDGES)


def _told(text: str) -> tuple[str, list[str]]:
    """Return the name that a text has, and what it says beside it."""
    remarks = []
    for found in _BRACKETS.finditer(text):
        inner = next((group for group in found.groups() if group), "").strip()
        if inner:
            remarks.append(inner)
    name = _BRACKETS.sub(" ", text).strip(EDGES)
    if not name and remarks:
        name = remarks.pop(0)
    name, said = _apart(name, _COLON)
    remarks += said
    name, said = _apart(name, _DASH)
    remarks += said
    name, span = _without_span(name)
    name, doubt = _without_doubt(without_titles(name))
    name, rest = _without_rest(name.strip(EDGES))
    remarks += [*span, *doubt, *rest]
    if _is_nobody(name):
        # "Communications Office (Ann Smith)".
        person = next((one for one in remarks if _looks_like_person(one)), "")
        if person:
            return person, [name, *(one for one in remarks if one != person)]
    return name.strip(EDGES), remarks


def _looks_like_person(text: str) -> bool:
    words = without_titles(text).split()
    return 1 < len(words) <= _FEW and is_given_name(words[0]) and not is_said_of(text)


def _without_span(name: str) -> tuple[str, list[str]]:
    """Return a name without since when, or until when: "Jim Doyle until 2023"."""
    found = _SPAN.search(name)
    if found is None or not found.start():
        return name, []
    return name[: found.start()].strip(EDGES), [found[0].strip(EDGES)]


def _without_rest(name: str) -> tuple[str, list[str]]:
    """Return a name without the sentence behind it: "Maureen knows", "Maureen's phone"."""
    words = name.split()
    if not words or not is_given_name(words[0]) or name.islower():
        return name, []
    for at, word in enumerate(words[1:], 1):
        if word[0].islower() and word_key(word) not in PARTICLES:
            kept = re.sub(r"['’]s$", "", " ".join(words[:at]))
            return kept, [" ".join(words[at:])]
    return name, []


def _apart(text: str, sign: re.Pattern[str]) -> tuple[str, list[str]]:
    """Return what is a name of what a sign divides, and what is said of it."""
    pieces = [piece.strip(EDGES) for piece in sign.split(text) if piece.strip(EDGES)]
    if len(pieces) < 2:
        return text, []
    names = [piece for piece in pieces if not is_said_of(piece)]
    name = names[0] if names else pieces[0]
    return name, [piece for piece in pieces if piece != name]


def _without_doubt(name: str) -> tuple[str, list[str]]:
    """Return a name without "maybe" and "former" at its ends, and without a job before it."""
    words = name.replace("ex-", "ex ").replace("Ex-", "Ex ").split()
    for count in (3, 2, 1):
        if len(words) <= count:
            continue
        first, last = word_key(" ".join(words[:count])), word_key(" ".join(words[-count:]))
        # "Former Jim Doyle", but "Una Gone" is called so.
        is_name = words[-1][:1].isupper() and last in PAST
        for key, rest in ((first, words[count:]), (last, words[:-count])):
            if key in DOUBTS | PAST and not (is_name and key == last):
                bare, more = _without_doubt(" ".join(rest))
                return bare, ["?" if key in DOUBTS else key, *more]
    for count in range(len(words) - 1, 0, -1):
        behind = " ".join(words[count:])
        if is_given_name(without_titles(behind)) and _is_job(words[:count]):
            return behind, [" ".join(words[:count])]
    return name, []


def _is_job(words: Sequence[str]) -> bool:
    keys = word_key(" ".join(words)).split()
    return (
        bool(set(keys) & (JOBS | GROUPS))
        and is_said_of(" ".join(words))
        and not (set(keys) <= TITLES)
    )


def is_said_of(text: str) -> bool:
    """Tell whether words say what somebody is, and are no name: "Secretary", "admin", "left"."""
    key = word_key(text)
    if not key:
        return True
    if key in ROLES or key in PAST or key in DOUBTS or key in JOBS or key in SUFFIXES:
        return True
    words = key.split()
    return all(word in _SAID or word.isdigit() for word in words)


def _role_of(remarks: Sequence[str]) -> tuple[str, list[str]]:
    """Return the role that is said of somebody, and what else is."""
    role, rest = "", []
    for remark in remarks:
        for piece in re.split(r"\s*[,;/|&+]\s*|\s+(?:and|und|et)\s+", remark):
            words = [word for word in word_key(piece).split() if word not in ROLE_FILLERS]
            found = ROLES.get(word_key(piece)) or ROLES.get(" ".join(words))
            if found and not role:
                role = found
            elif piece.strip() and not found:
                rest.append(piece.strip())
    return role, rest


def _is_nobody(name: str) -> bool:
    key = word_key(name)
    if key in NOBODY or name.casefold() in PLAIN_WORDS or not key or is_said_of(name):
        return True
    if is_mailbox_name(name) or len(key) == 1 or (key in TITLES and not is_given_name(name)):
        return True
    words = name.split()
    small = [word for word in words if word[:1].islower() and word_key(word) not in PARTICLES]
    keys = key.split()
    if any(word.isdigit() for word in keys) or len(words) > _MOST_WORDS:
        return True
    is_sentence = len(words) > 2 and bool(small) and not name.islower()
    is_group = bool(set(keys) & GROUPS) and (bool(small) or keys[-1] in GROUPS or len(keys) > 2)
    if is_group and not is_given_name(name):
        return True
    has_job = bool(set(keys) & (JOBS - PARTICLES)) and not is_given_name(name)
    return (
        (is_sentence and not is_given_name(name))
        or len(small) > 2
        or (has_job and keys[0] in JOBS | PAST | GROUPS)
    )
