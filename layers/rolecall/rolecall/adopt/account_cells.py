"""The accounts that a cell names: as addresses, as handles, with words around them."""

# Dashes are written here as people type them.
# ruff: noqa: RUF001

from __future__ import annotations

import re
from typing import Literal, NamedTuple, TypeAlias

from rolecall.adopt.account_addresses import page_address
from rolecall.adopt.word_sets import word_set
from rolecall.keys.texts import visible

__all__ = ["CellFlaw", "NamedAccount", "accounts_in"]

CellFlaw: TypeAlias = Literal["", "yes", "no", "email", "sentence", "no account", "no platform"]
"""Why a cell names no account: it says that there is one, that there is none, it is the address of
a mailbox, a sentence, the address of something else, or a name without a platform."""


class NamedAccount(NamedTuple):
    """What a part of a cell names.

    :ivar handle: empty where there is a flaw.
    :ivar said: what stands beside it in the cell, such as "old".
    """

    platform: str
    handle: str
    url: str
    written: str
    said: str = ""
    flaw: CellFlaw = ""


_YES = word_set("yes y x ✓ ✔ ☑ true 1 ja j oui o si sí sì sim tak t v")
_NO = word_set("no n false 0 nein non não nao nee nie ✗ ✘ ☐")
_EMAIL = re.compile(r"[^\s@<>]+@[^\s@<>]+\.[^\W\d_]{2,}")
_HANDLE = re.compile(r"@?[\w.+-]{2,100}")
_FEDERATED = re.compile(r"@?[\w.-]+@[\w.-]+\.\w{2,}")


def accounts_in(cell: str, platform: str = "") -> list[NamedAccount]:
    """Return the accounts that a cell names, each with what is wrong with it.

    :param platform: the platform that its column, or another cell, says.
    """
    text = visible(cell) if "\n" not in cell else cell
    whole = _named(visible(cell), platform)
    if whole is not None:
        return [whole]
    found = [named for part in _parts(text) if (named := _named(*part[:1], platform, part[1]))]
    return found or [NamedAccount(platform, "", "", visible(cell), "", "sentence")]


def _parts(text: str) -> list[tuple[str, str]]:
    """Return the words of a cell that may name an account, each with what is said behind it."""
    found: list[tuple[str, str]] = []
    for piece in re.split(r"[\n,;|]+|\s+(?:and|und|et|y|e|en|i|&|\+|/)\s+|\s+/\s*|\s*/\s+", text):
        words = piece.split()
        marks = [word for word in words if page_address(word) or word.startswith("@")]
        if not marks and len(words) == 1:
            marks = words
        for word in marks:
            others = " ".join(one for one in words if one not in marks)
            found.append((word, others.strip("() -–—:")))
    return found


def _named(text: str, platform: str, said: str = "") -> NamedAccount | None:
    """Return what a text names that is one address or one handle; ``None`` of any other text."""
    lower = text.casefold().strip(".! ")
    if lower in _YES or lower in _NO:
        return NamedAccount(platform, "", "", text, said, "yes" if lower in _YES else "no")
    if platform != "mastodon" and _EMAIL.fullmatch(text) and not text.startswith("@"):
        return NamedAccount(platform, "", "", text, said, "email")
    page = page_address(text)
    if page is not None and (platform in ("", "website", "mastodon") or page.platform != "website"):
        flaw: CellFlaw = "no account" if page.flaw else ""
        return NamedAccount(page.platform or platform, page.handle, page.url, text, said, flaw)
    if platform == "mastodon" and _FEDERATED.fullmatch(text):
        return NamedAccount(platform, text.removeprefix("@"), "", text, said)
    if _HANDLE.fullmatch(text):
        flaw = "" if platform else "no platform"
        handle = text.removeprefix("@") if platform else ""
        return NamedAccount(platform, handle, "", text, said, flaw)
    return None
