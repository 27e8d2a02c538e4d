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
_SIMPLE = re.compile(r"[\w.-]+", re.ASCII)


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
    return f"{platform_name(platform, website)} {_name_there(platform_key(platform), handle)}"


def _name_there(platform: str, handle: str) -> str:
    if _SIMPLE.fullmatch(handle):
        name = handle
    elif platform == "website":
        return handle
    else:
        name = page_name(platform, handle) or handle
    if platform not in _WITH_AT or not _HANDLE.fullmatch(name) or _NO_HANDLE.fullmatch(name):
        return name
    return f"@{name}"
