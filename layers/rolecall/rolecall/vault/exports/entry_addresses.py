"""Addresses in exports as they are compared: by host and path, without what stands before them.

Which platform a host is of says the one table of platforms (:mod:`rolecall.keys.platforms`).
"""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

from rolecall.keys.platforms import HOSTS_OF_TODAY

__all__ = ["host_key", "url_key"]

_SUBDOMAINS = ("www.", "m.", "mobile.", "login.", "accounts.", "business.", "studio.")


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
    return HOSTS_OF_TODAY.get(host, host)


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
