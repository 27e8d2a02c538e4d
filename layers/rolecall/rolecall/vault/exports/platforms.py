"""Which platform an address is of: people sign in at other hosts than those of their profiles."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

__all__ = ["host_key", "platform_key", "platform_of_host", "url_key"]

_HOSTS: dict[str, tuple[str, ...]] = {
    "x": ("x.com", "twitter.com"),
    "facebook": ("facebook.com", "fb.com", "meta.com"),
    "instagram": ("instagram.com",),
    "threads": ("threads.net", "threads.com"),
    "youtube": ("youtube.com", "youtu.be"),
    "google": ("google.com",),
    "linkedin": ("linkedin.com",),
    "tiktok": ("tiktok.com",),
    "pinterest": ("pinterest.com",),
    "flickr": ("flickr.com",),
    "vimeo": ("vimeo.com",),
    "bluesky": ("bsky.app", "bsky.social"),
    "whatsapp": ("whatsapp.com",),
    "telegram": ("telegram.org", "t.me"),
    "mailchimp": ("mailchimp.com",),
    "soundcloud": ("soundcloud.com",),
    "spotify": ("spotify.com",),
    "reddit": ("reddit.com",),
    "snapchat": ("snapchat.com",),
    "tumblr": ("tumblr.com",),
    "medium": ("medium.com",),
    "nextdoor": ("nextdoor.com",),
    "discord": ("discord.com", "discordapp.com"),
    "twitch": ("twitch.tv",),
    "github": ("github.com",),
}
_PLATFORMS = {host: platform for platform, hosts in _HOSTS.items() for host in hosts}
_NAMES = {
    "twitter": "x",
    "x/twitter": "x",
    "twitter/x": "x",
    "x (twitter)": "x",
    "fb": "facebook",
    "x.com": "x",
    "twitter.com": "x",
    "bsky": "bluesky",
    "ig": "instagram",
    "yt": "youtube",
}
_SUBDOMAINS = ("www.", "m.", "mobile.", "login.", "accounts.", "business.", "studio.")


def platform_key(name: str) -> str:
    """Return the form in which names of platforms are compared: Twitter is X."""
    plain = " ".join(name.casefold().split())
    return _NAMES.get(plain, plain)


def platform_of_host(host: str) -> str | None:
    """Return the platform that a host is of, by the name or that of a domain above it."""
    parts = host.split(".")
    names = (".".join(parts[at:]) for at in range(len(parts) - 1))
    return next((_PLATFORMS[name] for name in names if name in _PLATFORMS), None)


def host_key(address: str) -> str:
    """Return the host of an address, without what a platform puts before it; empty if none."""
    url = _split(address)
    try:
        host = (url.hostname or "").rstrip(".") if url is not None else ""
    except ValueError:
        return ""
    for prefix in _SUBDOMAINS:
        # m.example is a domain of its own; m.facebook.com is Facebook's.
        if host.startswith(prefix) and "." in host.removeprefix(prefix):
            host = host.removeprefix(prefix)
    return "x.com" if host == "twitter.com" else host


def url_key(address: str) -> str:
    """Return the form in which two addresses are compared: without scheme, www and last slash."""
    url = _split(address)
    if url is None:
        return address.strip().casefold()
    return f"{host_key(address)}{url.path.rstrip('/')}{'?' + url.query if url.query else ''}"


def _split(address: str) -> SplitResult | None:
    plain = address.strip().casefold()
    try:
        url = urlsplit(plain if "://" in plain else f"https://{plain}")
        return url if url.hostname is not None else None
    except ValueError:
        return None
