"""Addresses of pages as people paste them, and which account each of them names.

What stands in a cell is put right first: a scheme that is missing or mistyped, parameters by which
platforms follow a reader, what a browser adds. Which platform a host is of, and which part of a
path names an account, is said by :mod:`rolecall.keys` alone. A server of the fediverse is known by
the path, for each is a host of its own. The address of one post, of a search or of a shortened link
names no account, and the reason is kept.
"""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote, urlencode

from rolecall.adopt.word_sets import word_set
from rolecall.keys.accounts import page_name, platform_of_page, without_first_page
from rolecall.keys.addresses import domain_key
from rolecall.keys.texts import visible

__all__ = ["PageAddress", "is_address", "page_address"]


class PageAddress(NamedTuple):
    """The address of a page, and the account that it names.

    :ivar handle: the account's name in its own letters; empty where none is named.
    :ivar flaw: why the address names no account, in words that follow "is"; empty where it does.
    """

    platform: str
    handle: str
    url: str
    flaw: str = ""


# As it is typed: with letters that are missing, doubled or their neighbours on the keyboard.
_SCHEME = re.compile(
    r"(?:h{1,2}t{1,3}ps?|https?|htpps?|hxxps?|httos|ttps?|ht?ps?)\s*[:;]?\s*[/\\]{1,3}\s*",
    re.IGNORECASE,
)
_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_HOST = re.compile(rf"(?:{_LABEL}\.)+(?:[^\W\d_]{{2,}}|xn--[\w-]+)\.?(?::\d{{1,5}})?")
# Parameters by which platforms and programs follow a reader, or say how a page is shown.
_FOLLOWING = re.compile(
    r"utm_.*|fbclid|gclid|igshid|igsh|mibextid|ref|ref_src|refsrc|ref_url|_rdr|_rdc|si|s|t|hl|lang"
    r"|feature|locale|sk|source|src|trk|trackingid|originalsubdomain|__tn__|__xts__.*|fref|hc_ref"
    r"|pnref|eid|paipv|_ga|mc_[ce]id|sub_confirmation|is_from_webapp|sender_device|lipi|_t|_r"
    r"|view_as|app|ab_channel|tab|viewasmember|xmt|msclkid|yclid|dclid|gbraid|wbraid",
    re.IGNORECASE,
)
_SHORTENERS = word_set(
    """
    bit.ly tinyurl.com goo.gl ow.ly buff.ly t.co lnkd.in is.gd rb.gy cutt.ly shorturl.at tiny.cc
    rebrand.ly bl.ink t.ly dlvr.it fb.watch vm.tiktok.com vt.tiktok.com pin.it spoti.fi
    maps.app.goo.gl
    """
)
# Hosts on which a path begins with an @ and that are no servers of the fediverse.
_NO_SERVERS = word_set("flipboard.com substack.com hive.com about.me lnk.bio beacons.ai ko-fi.com")
_FEDERATED = re.compile(r"/(?:web/)?(?:@|users/)([\w.-]+)(?:@([\w.-]+\.\w+))?(?:/\d+)?", re.ASCII)
# First parts of paths that are the platform's own, and name nobody.
_OWN = word_set(
    """
    home login signup explore search hashtag settings privacy about help watch events sharer
    sharer.php share.php share intent feed results playlist shorts reel reels stories story.php
    photo photo.php permalink.php media marketplace gaming notifications messages i posts pulse
    jobs learning tv live embed clip trending discover foryou tags legal business ads dialog
    plugins status video videos photos joinchat addstickers p tag pin music profile.php
    """
)
# Hosts of platforms on which every path is a website, or a video.
_SITES = word_set("sites.google.com")
_VIDEOS = word_set("youtu.be")


def is_address(text: str) -> bool:
    """Tell whether a text is the address of a page, and nothing else."""
    found = _split(text)
    return found is not None


def page_address(text: str) -> PageAddress | None:
    """Return which account the address of a page names, or ``None`` of what is no address."""
    parts = _split(text)
    if parts is None:
        return None
    host, path, query = parts
    kept = urlencode([(k, v) for k, v in parse_qsl(query) if not _FOLLOWING.fullmatch(k)])
    plain = re.sub(r":(?:80|443)\Z", "", host)
    url = f"https://{plain}{path}" + (f"?{kept}" if kept else "")
    key = domain_key(plain.partition(":")[0])
    bare = key.removeprefix("www.")
    if bare in _SHORTENERS:
        return PageAddress("", "", url, "a shortened link, which names no account")
    platform = None if bare in _SITES else platform_of_page(key)
    if platform is None:
        return _elsewhere(plain, path, url, bare)
    return _there(platform, bare, path, query, url)


def _split(text: str) -> tuple[str, str, str] | None:
    """Return host, path and query of an address; ``None`` of anything else."""
    seen = visible(text).strip("<>\"'“”«»()[],; ")
    bare = _SCHEME.sub("", seen, count=1)
    bare = bare.replace("\\", "/")
    bare = re.sub(r"\Awww[,;]", "www.", bare, flags=re.IGNORECASE)
    address, _, _ = bare.partition("#") if "#!" not in bare else (bare, "", "")
    address, _, query = address.partition("?")
    host, slash, path = address.partition("/")
    if " " in bare or "@" in host or not _HOST.fullmatch(host) or ".." in host:
        return None
    path = f"/{path}" if slash and path.strip("/") else ""
    return host.lower().rstrip("."), path.rstrip("/"), query


def _elsewhere(host: str, path: str, url: str, bare: str) -> PageAddress:
    found = _FEDERATED.fullmatch(path)
    if found and bare not in _NO_SERVERS:
        server = found[2] or host.removeprefix("www.")
        return PageAddress("mastodon", f"{found[1]}@{server}", url)
    return PageAddress("website", host.removeprefix("www.") + without_first_page(path), url)


def _there(platform: str, host: str, path: str, query: str, url: str) -> PageAddress:
    parts = [unquote(part) for part in path.removeprefix("/#!").split("/") if part]
    name = page_name(platform, f"{host}{path}" + (f"?{query}" if query else "")) if parts else ""
    first = parts[0].lower() if parts else ""
    if not parts or name.startswith(host) or host in _VIDEOS:
        return PageAddress(platform, "", url, f"an address of {platform} that names no account")
    if name.lower() == first and first in _OWN:
        return PageAddress(platform, "", url, f"an address of {platform} that names no account")
    return PageAddress(platform, name, url)
