"""Keys of accounts: which platform is meant, and which of its accounts, by the platform's rules.

A handle is written as a name, with an @ or as the address of a page, by people who never compare
notes. ``match_key`` finds that they mean one account. Where a platform tells apart what others do
not (the ids of YouTube's channels keep their case), so does the key.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import parse_qs, unquote

from rolecall.keys.addresses import domain_key
from rolecall.keys.platforms import PLATFORMS, platform_key, platform_of_host
from rolecall.keys.texts import visible

__all__ = ["match_key", "page_name", "platform_of_page", "without_first_page"]


def _any_of(hosts: Iterable[str]) -> str:
    """Return a pattern of hosts; a star stands for whatever a country has behind the name."""
    return "|".join(re.escape(host).replace(r"\*", "[a-z.]{2,6}") for host in hosts)


_PAGES = {
    name: re.compile(
        rf"(?:[\w-]+\.)*?(?:{_any_of(platform.pages)})(?::\d+)?/(.*)", re.IGNORECASE | re.ASCII
    )
    for name, platform in PLATFORMS.items()
    if platform.pages
}
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE | re.ASCII)
# Parts of a page's address that say of what kind the account is, before its name.
_KINDS = frozenset(
    (
        "company",
        "in",
        "school",
        "showcase",
        "user",
        "c",
        "people",
        "pages",
        "add",
        "channel",
        "profile",
    )
)
# The same, where only one platform has it.
_KINDS_THERE = {
    "facebook": frozenset(("pg", "p")),
    "instagram": frozenset(("_u",)),
    "telegram": frozenset(("s",)),
    "flickr": frozenset(("photos",)),
    "mastodon": frozenset(("users",)),
    "reddit": frozenset(("r", "u")),
    "spotify": frozenset(("show", "artist")),
    "discord": frozenset(("invite",)),
    "vimeo": frozenset(("channels",)),
    "weibo": frozenset(("u",)),
    "xing": frozenset(("companies",)),
    "tumblr": frozenset(("blog", "view")),
}
_GROUPS = ("facebook", "linkedin", "flickr", "vimeo")
_PODCAST = re.compile(r"id\d+", re.ASCII)
# What a server shows of a site where nothing is named: another name of the site itself.
_FIRST_PAGE = re.compile(
    r"/(?:index|default|home|start|main|welcome)\.(?:html?|php\d?|aspx?|jsp|cgi)\Z", re.IGNORECASE
)
_NUMBERED = re.compile(r".*-(\d{6,})", re.ASCII)
_PHONES = ("whatsapp", "signal", "sms")
_OF_THEIR_OWN = (*_PHONES, "mastodon", "youtube")
_ORDINARY = re.compile(r"[a-z0-9_]+", re.ASCII)
_SIMPLE = re.compile(r"@?[A-Za-z0-9_]+")
_CHANNEL = re.compile(r"UC[\w-]{22}", re.ASCII)


def match_key(platform: str, handle: str) -> tuple[str, str]:
    """Return by what an account is found: the platform, and its account by the platform's rules."""
    name = platform_key(platform)
    if name not in _PHONES and _ORDINARY.fullmatch(handle):
        return name, handle
    if name not in _OF_THEIR_OWN and _SIMPLE.fullmatch(handle):
        return name, handle.removeprefix("@").lower()
    seen = visible(handle).replace("\uff20", "@")
    if name == "website":
        return name, _site(seen)
    if name == "mastodon":
        return name, _federated(seen)
    bare = _bare(name, seen)
    if name == "youtube" and _CHANNEL.fullmatch(bare):
        return name, bare
    return name, _folded(name, bare.removeprefix("@").casefold()) or seen.casefold()


def page_name(platform: str, address: str) -> str:
    """Return what the address of a page names its account by, in the letters in which it does.

    :param platform: the platform by its name of today.
    """
    return _bare(platform, visible(address)).removeprefix("@")


def platform_of_page(host: str) -> str | None:
    """Return the platform that has its pages on a host, in any country."""
    if (platform := platform_of_host(host)) is not None:
        return platform
    return next((name for name, page in _PAGES.items() if page.fullmatch(f"{host}/")), None)


def _folded(platform: str, bare: str) -> str:
    """Return a name without what the platform does not look at."""
    if platform == "facebook" and not bare.isdigit():
        return bare.replace(".", "")
    if platform in _PHONES and re.fullmatch(r"[+\d\s().\-/]{5,}", bare):
        return re.sub(r"\D", "", bare).removeprefix("00")
    if platform == "bluesky":
        return bare.removesuffix(".bsky.social")
    return bare


def _bare(platform: str, handle: str) -> str:
    """Return the name in the address of a page, or a handle as it is."""
    text = _SCHEME.sub("", handle, count=1)
    page = _PAGES.get(platform)
    found = page.fullmatch(text) if page is not None else None
    if found is None:
        return text.strip("/ ") if text != handle else handle.strip("/ ")
    path, _, query = found[1].removeprefix("#!/").partition("#")[0].partition("?")
    if path.strip("/") in ("profile.php", "send", "intent/user") and (ids := parse_qs(query)):
        named = (ids[key] for key in ("id", "phone", "screen_name") if key in ids)
        return next(named, [path])[0].strip()
    parts = [visible(unquote(part)) for part in path.split("/") if part]
    if parts and parts[0] in ("pages", "people") and len(parts) > 2:
        return parts[3] if parts[1] == "category" and len(parts) > 3 else parts[2]
    kinds = _KINDS | _KINDS_THERE.get(platform, frozenset())
    if platform in _GROUPS and parts[:1] == ["groups"] and len(parts) > 1:
        # A group is no page, whatever the two are called.
        return f"groups/{parts[1]}"
    if platform == "apple podcasts":
        parts = [part for part in parts if _PODCAST.fullmatch(part)] or parts
    if platform == "tumblr" and parts[:2] == ["blog", "view"]:
        parts = parts[1:]
    if len(parts) > 1 and parts[0].lower() in kinds:
        parts = parts[1:]
    if platform == "facebook" and parts and (number := _NUMBERED.fullmatch(parts[0])):
        return number[1]
    return parts[0] if parts else text.strip("/ ")


def _site(handle: str) -> str:
    """Return a site by its host, and by its path where it has one."""
    text = _SCHEME.sub("", handle, count=1).partition("#")[0].partition("?")[0].strip("/ ")
    host, slash, path = text.partition("/")
    host = re.sub(r":(?:80|443)\Z", "", host.rpartition("@")[2])
    name, colon, port = host.partition(":")
    key = domain_key(name).removeprefix("www.")
    rest = without_first_page(f"{slash}{path.rstrip('/')}")
    return f"{key}{colon}{port}{rest.casefold()}"


def without_first_page(path: str) -> str:
    """Return the path of a site without the page that is shown where none is named."""
    return _FIRST_PAGE.sub("", path)


def _federated(handle: str) -> str:
    """Return an account of the fediverse as user and server, from either way to write it."""
    text = _SCHEME.sub("", handle, count=1).strip("/ ")
    server, slash, user = text.removeprefix("acct:").partition("/")
    user = user.removeprefix("web/")
    user = f"@{user.removeprefix('users/')}" if user.startswith("users/") else user
    if slash and user.startswith("@"):
        # Behind the name stands the number of a post.
        user, _, other = user[1:].partition("/")[0].partition("@")
        return f"{user.casefold()}@{domain_key(other or server).removeprefix('www.')}"
    user, at, server = text.removeprefix("acct:").removeprefix("@").partition("@")
    return f"{user.casefold()}@{domain_key(server)}" if at else user.casefold()
