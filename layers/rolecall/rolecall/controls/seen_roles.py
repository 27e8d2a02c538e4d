"""Roles as platforms call them, in our five words.

A platform has its own words for who may do what, and lists people who may do nothing among its
administrators: subscribers, customers, followers. Each word is read as the least of our roles that
may do what it may. A word that is not here is no guess: its role is unknown, and whoever has it
counts as an administrator until somebody says otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Literal, TypeAlias

from rolecall.keys.platforms import platform_key
from rolecall.keys.texts import visible
from rolecall.vocabulary import Role

__all__ = ["ROLE_RANKS", "SeenRole", "seen_role"]

SeenRole: TypeAlias = Role | Literal["member"]
"""One of our roles, or ``member``: somebody who may do less than any of them."""

ROLE_RANKS: Mapping[SeenRole, int] = {
    "member": 0,
    "analyst": 1,
    "editor": 2,
    "manager": 3,
    "admin": 4,
    "owner": 5,
}
"""The roles by what they may: a higher one may all that a lower one may."""

_ANYWHERE: Mapping[SeenRole, str] = {
    "owner": (
        "owner|primary owner|account owner|page owner|channel owner|workspace owner|creator"
        "|founder|super admin|superadmin|super administrator|superadministrator|super user"
        "|superuser|root|besitzer|inhaber|eigentümer|hauptinhaber|propriétaire|proprietario"
        "|propietario|proprietário|dono|eigenaar|właściciel|titulaire"
    ),
    "admin": (
        "admin|administrator|admins|administrators|page admin|site admin|site administrator"
        "|full access|full control|full admin|co-owner|account admin|business admin"
        "|system administrator|administratorin|administrateur|administratrice|administrador"
        "|administradora|amministratore|amministratrice|beheerder"
    ),
    "manager": (
        "manager|page manager|channel manager|account manager|site manager|shop manager"
        "|community manager|content manager|social media manager|communications manager"
        "|location manager|maintainer|supervisor|partial access|partial control|gestionnaire"
        "|gestor|gestore|verwalter"
    ),
    "editor": (
        "editor|editors|author|writer|publisher|contributor|moderator|content creator|poster"
        "|content editor|editor (limited)|editor limited|subtitle editor|advertiser|operator|co-"
        "|author|live contributor|paid media admin|sponsored content poster"
        "|lead gen forms manager|collaborator|redakteur|redakteurin|autor|autorin|moderatorin"
        "|rédacteur|rédactrice|éditeur|auteur|contributeur|redactor|colaborador|redattore|autore"
        "|redacteur|redaktor"
    ),
    "analyst": (
        "analyst|viewer|viewer (limited)|viewer limited|reader|read only|readonly|read-only"
        "|reporter|observer|auditor|insights|analytics|curator|analyste|analista|betrachter"
        "|lecteur|lector|lettore|leser"
    ),
    "member": (
        "member|subscriber|follower|customer|guest|user|visitor|fan|participant|parishioner"
        "|student|newsletter subscriber|no role|no roles|no access|abonnent|abonnentin|abonné"
        "|suscriptor|abbonato|assinante|kunde|cliente|mitglied|membre|miembro|membro|gast|invité"
        "|teilnehmer"
    ),
}
_PLATFORMS: Mapping[str, Mapping[str, SeenRole]] = {
    "facebook": {"task access": "editor", "employee": "editor", "employee access": "editor"},
    "linkedin": {"content admin": "editor", "recruiting poster": "editor"},
    "website": {"seo editor": "editor", "seo manager": "manager"},
    "x": {"delegate": "editor"},
}
"""What a word is on one platform alone, beside or instead of what it is anywhere."""

_WORDS: Mapping[str, SeenRole] = {
    word: role for role, words in _ANYWHERE.items() for word in words.split("|")
}
_SEVERAL = re.compile(r"[,;|+&]|\band\b|/")


@lru_cache(maxsize=10_000)
def seen_role(platform: str, text: str | None) -> SeenRole | None:
    """Return the role that a platform's word is, or ``None`` for one that is not known.

    Of several in one cell the highest counts; if one of them is unknown, so may be what is allowed.
    """
    if text is None:
        return None
    own = _PLATFORMS.get(platform_key(platform), {})
    parts = [_word(part) for part in (text, *_SEVERAL.split(text))]
    whole = own.get(parts[0]) or _WORDS.get(parts[0])
    if whole is not None:
        return whole
    roles = [own.get(part) or _WORDS.get(part) for part in parts[1:] if part]
    known = [role for role in roles if role is not None]
    if not known:
        return None
    highest = max(known, key=ROLE_RANKS.__getitem__)
    is_sure = len(known) == len(roles) or ROLE_RANKS[highest] >= ROLE_RANKS["manager"]
    return highest if is_sure else None


def _word(text: str) -> str:
    word = re.sub(r"[\s_]+", " ", visible(text).casefold()).strip(" .\"'[]")
    for prefix in ("facebook access with ", "people with ", "role: ", "wp:"):
        word = word.removeprefix(prefix)
    return word
