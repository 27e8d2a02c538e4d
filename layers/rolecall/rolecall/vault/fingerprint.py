"""Tells whether two logins have one password, without keeping anything that gives it away.

A fingerprint is a MAC under a key that is not where the fingerprints are: whoever has the table
cannot try passwords against it.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Protocol

__all__ = ["LocalMac", "Mac", "fingerprint"]

_DOMAIN = b"rolecall password 1\0"
_HEX = 32


class Mac(Protocol):
    """A key that makes MACs: one of a key service, or one at hand."""

    def mac(self, message: bytes) -> bytes:
        """Return the HMAC-SHA256 of a message of at most 4,096 bytes."""
        ...


class LocalMac:
    """Makes MACs with a key of 32 bytes."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def __repr__(self) -> str:
        return "LocalMac([secure])"

    def mac(self, message: bytes) -> bytes:
        """Return the HMAC-SHA256 of a message."""
        return hmac.digest(self._key, message, "sha256")


def fingerprint(password: str, key: Mac) -> str | None:
    """Return 128 bits in hex, equal only for equal passwords; ``None`` for no password."""
    if not password:
        return None
    # A key service takes short messages only; the digest stays in this process.
    message = _DOMAIN + hashlib.sha256(password.encode()).digest()
    return key.mac(message).hex()[:_HEX]
