"""The accounts that a cell names: as addresses, as handles, with words around them.

A cell has one account, or several behind each other; each may have its platform before it
("Facebook: @stmary") and a comment behind it ("@stmary (old)"). What a cell says that is neither an
address nor a handle is kept with the reason why it names no account: an answer, the address of a
mailbox, words. Words may be what an account is called; who knows that a row is one account decides.
"""

# Dashes are written here as people type them.
# ruff: noqa: RUF001

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple, TypeAlias

from rolecall.adopt.account_addresses import PageAddress, page_address
from rolecall.adopt.platform_words import platforms_named
from rolecall.adopt.yes_no import yes_or_no
from rolecall.keys.platforms import PLATFORMS, platform_key
from rolecall.keys.texts import visible

__all__ = ["CellFlaw", "NamedAccount", "accounts_in"]

CellFlaw: TypeAlias = Literal["", "yes", "no", "email", "words", "page", "site", "no platform"]
"""Why a cell names no account: it says that there is one, that there is none, it is the address of
a mailbox, words, a page that is no account's, a website's page, or a name without a platform."""


class NamedAccount(NamedTuple):
    """What a part of a cell names.

    :ivar handle: empty where there is a flaw.
    :ivar written: the part of the cell.
    :ivar said: what stands beside it, such as "old".
    :ivar claimed: the platform that column or row say, where the address is of another one.
    """

    platform: str
    handle: str
    url: str
    written: str
    said: str = ""
    flaw: CellFlaw = ""
    claimed: str = ""


_LONGEST_ANSWER = 40
# What stands in the middle of addresses and of names, and of no answer.
_JOINED = re.compile(r"\w[./_@]\w")
_EMAIL = re.compile(r"<?(?:mailto:)?[^\s@<>]+@[^\s@<>]+\.[^\W\d_]{2,}>?", re.IGNORECASE)
_HANDLE = re.compile(r"[@＠]?[\w][\w.+-]{0,99}")
_FEDERATED = re.compile(r"@?[\w.-]+@[\w.-]+\.\w{2,}")
_PHONE = re.compile(r"\+?[\d\s().\-/]{6,}\d")
_PHONED = frozenset(("whatsapp", "signal", "telegram", "sms"))
# Two accounts in one cell; a blank alone separates none, and a slash only between blanks.
_BETWEEN = re.compile(
    r"[\n;|]+|,\s+|,(?=https?:|www\.|@)|\s+(?:and|und|et|y|e|en|i|&|\+|/|oraz|sowie)\s+|\s+(?=https?://)"
)
_PREFIX = re.compile(r"([^:=]{1,40}?)\s*(?:[:=]|\s[-–—])\s*(?=[^\s/\\])(.+)", re.DOTALL)
_COMMENT = re.compile(
    r"(\S+)\s*(?:[(\[]\s*(.*?)\s*[)\]]?|[-–—,:]\s+(.+)|\s((?![A-Z]).+))", re.DOTALL
)
_ADDRESS_BEHIND = re.compile(
    r"(.*?)\s*[(<\[–—-]?\s*(\S*(?:https?://|www\.)\S+?)[)>\]]?\s*", re.DOTALL
)


def accounts_in(cell: str, platforms: Sequence[str] = ()) -> list[NamedAccount]:
    """Return the accounts that a cell names, each with what is wrong with it.

    :param platforms: the platforms that its column, or another cell, says; a name that stands
        below several is an account of each.
    """
    text = visible(cell)
    whole = list(_read(text, platforms))
    if whole and not any(named.flaw == "words" for named in whole):
        return whole
    prefix = _PREFIX.fullmatch(text)
    if prefix and len(_platforms(prefix[1])) > 1:
        return accounts_in(prefix[2], _platforms(prefix[1]))
    pieces = [piece for piece in map(visible, _BETWEEN.split(cell)) if piece]
    found = [named for piece in pieces for named in _piece(piece, platforms)]
    said = "; ".join(one.written.strip(" -–—:,(<[") for one in found if one.flaw == "words")
    # Beside words a single word is one of them, unless it is marked as a name.
    named = [one for one in found if one.flaw != "words" and (not said or _is_marked(one))]
    if named and any(not one.flaw for one in named):
        return [one._replace(said=one.said or said) for one in named]
    alone = list(_piece(text, platforms))
    return alone or [NamedAccount(_first(platforms), "", "", text, "", "words")]


def _piece(text: str, platforms: Sequence[str]) -> Iterator[NamedAccount]:
    """Yield what one part of a cell names, with the platform before it and the comment behind."""
    found = _PREFIX.fullmatch(text) if page_address(text) is None else None
    if found and (own := _platforms(found[1])):
        yield from (one._replace(written=text) for one in _piece(found[2], own))
        return
    whole = list(_read(text, platforms))
    if not any(one.flaw == "words" for one in whole):
        yield from whole
        return
    if found := _ADDRESS_BEHIND.fullmatch(text):
        for one in _read(found[2], platforms):
            yield one._replace(written=text, said=found[1].strip(" -–—:,(<["))
        return
    found = _COMMENT.fullmatch(text)
    said = visible(found[2] or found[3] or found[4] or "") if found else ""
    is_marked = found is not None and (
        found[1].startswith("@") or found[2] is not None or page_address(found[1]) is not None
    )
    if found is None or not is_marked:
        yield from whole
        return
    own = _platforms(said)
    for one in _read(found[1], own or platforms):
        yield one._replace(written=text, said="" if own else said)


def _read(text: str, platforms: Sequence[str]) -> Iterator[NamedAccount]:
    """Yield what a text names that is one address or one handle; of any other text, words."""
    platform = _first(platforms)
    is_short = len(text) <= _LONGEST_ANSWER and not _JOINED.search(text)
    answer = yes_or_no(text) if is_short else None
    if answer is not None or (platform and platform_key(text) == platform):
        yield NamedAccount(platform, "", "", text, "", "no" if answer is False else "yes")
        return
    if _is_mailbox(text, platform):
        yield NamedAccount(platform, "", "", text, "", "email")
        return
    page = page_address(text) if "." in text else None
    if page is not None and not _is_handle_of(text, platform):
        yield _from_page(page, platforms, text)
        return
    if platform in _PHONED and _PHONE.fullmatch(text):
        yield NamedAccount(platform, text, "", text)
    elif platform == "mastodon" and _FEDERATED.fullmatch(text):
        yield NamedAccount(platform, text.removeprefix("@"), "", text)
    elif not _HANDLE.fullmatch(text) or (platform == "website"):
        yield NamedAccount(platform, "", "", text, "", "words")
    elif platform:
        handle = text.lstrip("@＠")
        yield from (NamedAccount(one, handle, "", text) for one in platforms)
    else:
        yield NamedAccount("", text.lstrip("@＠"), "", text, "", "no platform")


def _is_mailbox(text: str, platform: str) -> bool:
    if platform == "mastodon" and not text.lower().startswith("mailto:"):
        return False
    return _EMAIL.fullmatch(text) is not None and not text.startswith("@")


def _is_handle_of(text: str, platform: str) -> bool:
    """Tell whether what looks like a host is a name on a platform, which may have a full stop."""
    is_bare = "/" not in text and not text.lower().startswith("www.")
    return bool(platform) and platform not in ("website", "mastodon") and is_bare


def _from_page(page: PageAddress, platforms: Sequence[str], text: str) -> NamedAccount:
    """Return the account of a page, held against the platforms that are said beside it."""
    platform = _first(platforms)
    is_other = bool(platforms) and page.platform not in platforms
    if page.flaw:
        return NamedAccount(page.platform or platform, "", page.url, text, "", "page")
    if is_other and page.platform in ("website", "mastodon"):
        if platform not in PLATFORMS:
            # A platform that nobody knows here, and an address that is likely its own.
            name = page.handle.partition("@")[0] if page.platform == "mastodon" else page.handle
            return NamedAccount(platform, name.rpartition("/")[2] or name, page.url, text)
        if page.platform == "website":
            return NamedAccount(platform, "", page.url, text, "", "site")
    claimed = platform if is_other else ""
    return NamedAccount(page.platform, page.handle, page.url, text, claimed=claimed)


def _is_marked(named: NamedAccount) -> bool:
    return bool(named.url) or any(mark in named.written for mark in "@＠:=")


def _platforms(text: str) -> tuple[str, ...]:
    return tuple(one.platform for one in platforms_named(text)) if text else ()


def _first(platforms: Sequence[str]) -> str:
    return platforms[0] if platforms else ""
