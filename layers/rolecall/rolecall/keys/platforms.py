"""The platforms: what people call each of them, where its pages are, and where people sign in.

One table for all who ask: registries and observations name a platform (:func:`platform_key`), a
handle may be the address of a page (:mod:`rolecall.keys.accounts`), and an export of passwords has
the address where somebody signs in (:func:`platform_of_host`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from rolecall.keys.texts import visible

__all__ = ["HOSTS_OF_TODAY", "PLATFORMS", "Platform", "platform_key", "platform_of_host"]


class Platform(NamedTuple):
    """One platform.

    :ivar names: what it is called beside its name of today, with ``|`` between.
    :ivar pages: hosts on which the first part of a path names an account; ``*`` for any country.
    :ivar others: hosts that are its own, but where pages are not.
    """

    names: str = ""
    pages: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


PLATFORMS: Mapping[str, Platform] = {
    "facebook": Platform(
        "fb|facebook page|facebook pages|facebook group|face book|fanpage|fan page",
        ("facebook.com", "fb.com", "fb.me"),
        ("meta.com",),
    ),
    "instagram": Platform("ig|insta", ("instagram.com", "instagr.am")),
    "x": Platform(
        "twitter|twitter/x|x/twitter|x (twitter)|twitter (x)|formerly twitter|x (formerly twitter)|"
        "x formerly twitter|twitter (now x)|twitter now x",
        ("x.com", "twitter.com"),
    ),
    "youtube": Platform("yt|you tube|youtube channel", ("youtube.com", "youtu.be")),
    "linkedin": Platform("li|linked in|linkedin page", ("linkedin.com",)),
    "tiktok": Platform("tik tok", ("tiktok.com",)),
    "threads": Platform("threads by instagram", ("threads.net", "threads.com")),
    "bluesky": Platform("bsky|blue sky", ("bsky.app",), ("bsky.social",)),
    # Every server of the fediverse is a place of its own: a handle names it.
    "mastodon": Platform("fediverse|mastodon.social"),
    "pinterest": Platform("", ("pinterest.*",), ("pinterest.com",)),
    "snapchat": Platform("snap", ("snapchat.com",)),
    "telegram": Platform("", ("t.me", "telegram.me"), ("telegram.org",)),
    "whatsapp": Platform(
        "whats app|whatsapp business|whatsapp channel",
        ("wa.me", "whatsapp.com"),
    ),
    "vimeo": Platform("", ("vimeo.com",)),
    "flickr": Platform("", ("flickr.com",)),
    "google": Platform("", (), ("google.com",)),
    "google business": Platform(
        "google business profile|google my business|gmb|google maps|google profile|google listing",
        ("g.page",),
        ("maps.app.goo.gl", "maps.google.com"),
    ),
    "mailchimp": Platform("", (), ("mailchimp.com",)),
    "soundcloud": Platform("", ("soundcloud.com",)),
    "spotify": Platform("spotify podcast", ("open.spotify.com",), ("spotify.com",)),
    "apple podcasts": Platform(
        "apple podcast|itunes podcast|itunes", ("podcasts.apple.com", "itunes.apple.com")
    ),
    "reddit": Platform("subreddit", ("reddit.com",)),
    "tumblr": Platform("", ("tumblr.com",)),
    "medium": Platform("", ("medium.com",)),
    "nextdoor": Platform("next door", ("nextdoor.com",)),
    "discord": Platform("discord server", ("discord.gg",), ("discord.com", "discordapp.com")),
    "twitch": Platform("", ("twitch.tv",)),
    "github": Platform("git hub", ("github.com",)),
    "linktree": Platform("link tree", ("linktr.ee",), ("linktree.com",)),
    "xing": Platform("", ("xing.com",)),
    "vk": Platform("vkontakte", ("vk.com",)),
    "weibo": Platform("sina weibo", ("weibo.com",)),
    "wechat": Platform("we chat|weixin"),
    "meetup": Platform("", ("meetup.com",)),
    "slideshare": Platform("slide share", ("slideshare.net",)),
    "issuu": Platform("", ("issuu.com",)),
    "eventbrite": Platform("", (), ("eventbrite.com",)),
    "website": Platform(
        "web|site|web site|www|homepage|home page|webpage|web page|wordpress site|website url"
        "|webseite|internetseite|internetauftritt|webauftritt|site web|site internet|sitio web"
        "|sitio|página web|pagina web|página de internet|sito web|sito|sito internet|sítio web"
        "|sítio|strona www|strona internetowa|webpagina|webstek"
    ),
}

HOSTS_OF_TODAY: Mapping[str, str] = {
    "twitter.com": "x.com",
    "fb.com": "facebook.com",
    "threads.net": "threads.com",
    "instagr.am": "instagram.com",
    "telegram.me": "t.me",
    "discordapp.com": "discord.com",
}
"""Hosts that have another name by now, and serve the same under both."""


def _names() -> Iterator[tuple[str, str]]:
    for name, platform in PLATFORMS.items():
        for other in (*platform.names.split("|"), *platform.pages, *platform.others):
            if other and "*" not in other:
                yield other, name


_NAMES = dict(_names())
_HOSTS = {
    host: name
    for name, platform in PLATFORMS.items()
    for host in (*platform.pages, *platform.others)
}


@lru_cache(maxsize=1 << 12)
def platform_key(platform: str) -> str:
    """Return the platform that is meant, by the name that it has today."""
    folded = platform.casefold()
    if folded.isascii() and folded.isalnum():
        return _NAMES.get(folded, folded)
    seen = re.sub(r"[\s_-]+", " ", visible(folded))
    return _NAMES.get(seen) or _NAMES.get(seen.replace(" ", "")) or _own_name(seen)


def _own_name(seen: str) -> str:
    """Return the name of a platform that is written with spaces in it."""
    joined = seen.replace(" ", "")
    return joined if joined in PLATFORMS else seen


def platform_of_host(host: str) -> str | None:
    """Return the platform that a host is of, by the name or that of a domain above it."""
    parts = host.split(".")
    names = (".".join(parts[at:]) for at in range(len(parts) - 1))
    return next((_HOSTS[name] for name in names if name in _HOSTS), None)
