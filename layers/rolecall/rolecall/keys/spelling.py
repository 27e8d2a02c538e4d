"""How people write a platform, and an account on it.

A registry has the name of a platform in lower case and a handle as somebody typed it, with an @ or
as the address of a page. Whoever reads of it reads what the platform itself writes: Instagram
@stbrigidyouth, Facebook StBrigidParish, website stbrigid.example.
"""

from __future__ import annotations

import re
from functools import lru_cache

from rolecall.keys.accounts import page_name
from rolecall.keys.platforms import PLATFORMS, platform_key
from rolecall.keys.texts import visible

__all__ = ["account_name", "platform_name"]

_SPELLED = {
    "youtube": "YouTube",
    "linkedin": "LinkedIn",
    "tiktok": "TikTok",
    "github": "GitHub",
    "whatsapp": "WhatsApp",
    "wechat": "WeChat",
    "soundcloud": "SoundCloud",
    "slideshare": "SlideShare",
    "vk": "VK",
    "xing": "XING",
    "google business": "Google Business Profile",
    "apple podcasts": "Apple Podcasts",
}
_WITH_AT = frozenset(
    ("instagram", "x", "youtube", "tiktok", "threads", "bluesky", "mastodon", "telegram", "medium")
)
# What stands behind an @: no channel's number, no invitation, no text with spaces.
_HANDLE = re.compile(r"[\w.-]+(?:@[\w.-]+)?")
_NO_HANDLE = re.compile(r"UC[\w-]{22}|\+.*", re.ASCII)
_SHORT = re.compile(r"[\w.-]{1,23}", re.ASCII)
"""A handle as most are, too short for a channel's number."""


@lru_cache(maxsize=1 << 12)
def platform_name(platform: str, website: str = "website") -> str:
    """Return a platform as it writes itself; of one that is not known what the registry has.

    :param website: what a website is called, which is a platform of nobody.
    """
    key = platform_key(platform)
    if key == "website":
        return website
    if key in _SPELLED:
        return _SPELLED[key]
    return key.title() if key in PLATFORMS else visible(platform)


def account_name(platform: str, handle: str, website: str = "website") -> str:
    """Return an account as people call it: the platform, and its name there.

    :param website: see :func:`platform_name`.
    """
    before, key = _before(platform, website)
    if _SHORT.fullmatch(bare := handle.removeprefix("@")):
        return f"{before}{bare}"
    if key == "website":
        return f"{before}{handle}"
    name = page_name(key, handle) or handle
    if key in _WITH_AT and (not _HANDLE.fullmatch(name) or _NO_HANDLE.fullmatch(name)):
        return f"{platform_name(platform, website)} {name}"
    return f"{before}{name}"


@lru_cache(maxsize=1 << 12)
def _before(platform: str, website: str) -> tuple[str, str]:
    """Return what stands before the name of an account as most have one, and the platform's key."""
    key = platform_key(platform)
    return f"{platform_name(platform, website)} {'@' if key in _WITH_AT else ''}", key
