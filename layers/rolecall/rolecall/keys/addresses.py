"""Keys of e-mail addresses: who signs in, and whom a platform means.

``address_key`` is strict, for it decides who somebody is: the case of ASCII letters does not
matter, a domain is one whether written in its own letters or as ``xn--``, and an address that could
be read as two is none. ``mailbox_key`` is for what platforms and people write of an administrator:
a name before the address, a tag behind a plus sign, Google's two domains and its dots. It only
tells that a person who is on record is the one who is seen.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from rolecall.keys.texts import uncovered, visible

__all__ = [
    "address_key",
    "bare_address",
    "domain_key",
    "is_unread",
    "mailbox_key",
    "registered_key",
]

_NAMED = re.compile(r"[^<>]*<([^<>]+)>")
_GOOGLE = ("gmail.com", "googlemail.com")
# Platforms show a part of an address alone: a***@example.org, j...n@example.org, xxxx@example.org.
_MASKS = re.compile(r"[*\u2022\u25cf\u00b7\u2026]|\.{2,}|(?i:\bx{3,}\b)|#{2,}|_{3,}")
# What most addresses are, of which no rule here changes more than the case: looked at a hundred
# thousand times an audit.
_PLAIN = re.compile(
    r"[A-Za-z0-9]+(?:[._-][A-Za-z0-9]+)*@(?:[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*\.)+[A-Za-z0-9]+"
)
_MOST = 320
_UNREAD = "?"


def bare_address(text: str) -> str:
    """Return the address that a text has: behind ``mailto:``, or in ``Name <address>``."""
    if _PLAIN.fullmatch(text):
        return text
    # Not composed: a Kelvin sign would be a K, and whoever has it in their address another.
    bare = " ".join(uncovered(text).split())
    if found := _NAMED.fullmatch(bare):
        bare = found[1].strip()
    if bare[:7].lower() == "mailto:":
        bare = bare[7:].partition("?")[0].strip()
    return bare.strip("<>\"',; ")


def address_key(address: str) -> str | None:
    """Return the key of an address, or ``None`` where it is not surely one address."""
    if len(address) > _MOST or address != address.strip():
        return None
    if _PLAIN.fullmatch(address):
        return address.lower()
    composed = unicodedata.normalize("NFC", address)
    local, at, domain = composed.rpartition("@")
    is_plain = local and at and "@" not in local and not re.search(r"[\s<>,;\"]", composed)
    host = _host(domain)
    if not is_plain or host is None or not _is_unambiguous(address):
        return None
    return f"{_lower(local)}@{host}"


def registered_key(text: str | None) -> str | None:
    """Return by which key the person signs in whose address stands in a registry as a text."""
    return None if text is None else address_key(bare_address(text))


@lru_cache(maxsize=1 << 17)
def mailbox_key(text: str) -> str | None:
    """Return by what a mailbox is found, or ``None`` where a platform hides a part of it.

    What is no address, or an ambiguous one, is found by nothing but itself.
    """
    lower = text.lower()
    if _PLAIN.fullmatch(text) and not lower.endswith(_GOOGLE) and "xxx" not in lower:
        return lower
    address = bare_address(text)
    if _is_masked(address):
        return None
    key = address_key(address)
    if key is None:
        return f"{_UNREAD}{address}"
    local, _, domain = key.partition("@")
    local = local.partition("+")[0] or local
    if domain in _GOOGLE:
        local, domain = local.replace(".", ""), _GOOGLE[0]
    return f"{local}@{domain}"


def is_unread(mailbox: str) -> bool:
    """Tell whether the key of a mailbox is of what is not surely one address: two, or a number."""
    return mailbox.startswith(_UNREAD)


def _is_masked(address: str) -> bool:
    """Tell whether a part of an address is hidden: it is an unknown one, and not a stranger's."""
    return _MASKS.search(address) is not None


@lru_cache(maxsize=1 << 12)
def domain_key(domain: str) -> str:
    """Return by what domains are compared: as they are registered, or else as they are written."""
    text = visible(domain).strip("@ .").lower()
    return _host(text) or text


def _host(domain: str) -> str | None:
    labels = domain.removesuffix(".").split(".")
    read = [_label(label) for label in labels]
    if not all(read) or domain.startswith("[") or not _is_unambiguous(domain):
        return None
    return ".".join(label for label in read if label)


def _label(label: str) -> str | None:
    """Return a label of a domain in ASCII, the form in which it is registered."""
    if label.isascii():
        lower = label.lower()
        if not lower.startswith("xn--"):
            return lower if re.fullmatch(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?", lower) else None
        try:
            label = lower[4:].encode().decode("punycode")
        except (UnicodeError, ValueError):
            return None
        if label.isascii() or not _is_unambiguous(label):
            return None
    lower = unicodedata.normalize("NFC", label.lower())
    if not all(char.isalnum() or char == "-" or unicodedata.combining(char) for char in lower):
        return None
    return "xn--" + lower.encode("punycode").decode("ascii")


def _is_unambiguous(text: str) -> bool:
    """Tell whether no sign is folded into other ones by some programs: a long s, a ligature."""
    if text.isascii():
        return text.isprintable()
    for char in text:
        folded = unicodedata.normalize("NFKC", char.lower())
        is_folded = not char.isascii() and any(map(str.isascii, folded))
        if is_folded or unicodedata.category(char) in ("Cf", "Cc", "Cn", "Zs"):
            return False
    return True


def _lower(text: str) -> str:
    """Return a text with its ASCII letters in lower case, and no other ones."""
    return "".join(char.lower() if char.isascii() else char for char in text)
