"""The envelope of a secret, version 1: AES-256-GCM under a key of its own, committed and in place.

Byte by byte; numbers are big-endian:

| bytes | what |
|---|---|
| 4 | ``RCLV`` |
| 1 | the version of the format, 1 |
| 1 | the kind of the key that wraps (:attr:`KeyWrapper.kind`) |
| 2 | W, the length of the wrapped data key |
| W | the wrapped data key |
| 32 | the key commitment |
| n + 16 | the ciphertext and its tag |

The *place* of a secret is its organisation, account, login and version. Its text form, which
nobody else has, is ``RCLV``, the version byte, and each of the four as length (4 bytes) and UTF-8.

A data key of 32 random bytes is made for each version of each secret and never used again.
``HKDF-SHA256(key, no salt, info = "rolecall vault 1" || place)`` gives 76 bytes: the encryption key
(32), the commitment (32), the nonce (12). So:

- **No nonce repeats under a key**: an encryption key encrypts one text, ever.
- **A ciphertext opens under one key**: AES-GCM alone would let somebody make one that opens under
  two; the commitment, compared in constant time before anything is decrypted, does not.
- **No ciphertext can be moved**: the place goes into the derivation and is the associated data.
- **The data key can be wrapped anew** without touching the rest: its wrapping is in neither.

Whatever is wrong, there is one error, and it does not say what.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from msgspec import Struct

from rolecall.errors import SecretUnreadableError

__all__ = [
    "EnvelopeContext",
    "KeyWrapper",
    "content_digest",
    "open_envelope",
    "rewrap",
    "seal_envelope",
    "wrapped_key",
]

_MAGIC = b"RCLV"
_VERSION = 1
_INFO = b"rolecall vault 1"
_HEADER = 8
_COMMITMENT = 32
_TAG = 16


class EnvelopeContext(Struct, frozen=True):
    """Where a secret belongs. ``version`` counts the secrets of a login, from 1."""

    organisation: str
    account: str
    login: str
    version: int

    def text(self) -> bytes:
        """Return the text form, which no other place has."""
        parts = (self.organisation, self.account, self.login, str(self.version))
        encoded = [part.encode() for part in parts]
        return (
            _MAGIC
            + bytes([_VERSION])
            + b"".join(len(part).to_bytes(4, "big") + part for part in encoded)
        )

    def context(self) -> dict[str, str]:
        """Return the encryption context, as a key service wants it."""
        return {
            "organisation": self.organisation,
            "account": self.account,
            "login": self.login,
            "version": str(self.version),
        }


class KeyWrapper(Protocol):
    """What wraps data keys: a key service, or a key at hand."""

    @property
    def kind(self) -> int:
        """One byte that says which kind of wrapping this is: 1 a key at hand, 2 KMS."""
        ...

    def new_key(self, place: EnvelopeContext) -> tuple[bytes, bytes]:
        """Return a new data key of 32 random bytes, and the same wrapped for a place."""
        ...

    def unwrap(self, wrapped: bytes, place: EnvelopeContext) -> bytes:
        """Return a data key.

        :raises SecretUnreadableError: it was not wrapped by this, for this place.
        """
        ...


class _Parts(Struct, frozen=True):
    kind: int
    wrapped: bytes
    commitment: bytes
    ciphertext: bytes


def seal_envelope(data: bytes, place: EnvelopeContext, wrapper: KeyWrapper) -> bytes:
    """Return data in an envelope that opens at this place only."""
    key, wrapped = wrapper.new_key(place)
    encryption, commitment, nonce = _derive(key, place)
    ciphertext = AESGCM(encryption).encrypt(nonce, data, place.text())
    return _header(wrapper.kind, wrapped) + commitment + ciphertext


def open_envelope(envelope: bytes, place: EnvelopeContext, wrapper: KeyWrapper) -> bytes:
    """Return what is in an envelope.

    :raises SecretUnreadableError: it was changed, belongs elsewhere, or another key wraps it.
    """
    parts = _parse(envelope)
    if parts.kind != wrapper.kind:
        raise SecretUnreadableError
    encryption, commitment, nonce = _derive(wrapper.unwrap(parts.wrapped, place), place)
    if not hmac.compare_digest(commitment, parts.commitment):
        raise SecretUnreadableError
    try:
        return AESGCM(encryption).decrypt(nonce, parts.ciphertext, place.text())
    except InvalidTag:
        raise SecretUnreadableError from None


def rewrap(envelope: bytes, wrapped: bytes, kind: int) -> bytes:
    """Return an envelope with its data key wrapped anew; its content is not touched."""
    return _header(kind, wrapped) + _content(envelope)


def wrapped_key(envelope: bytes) -> tuple[int, bytes]:
    """Return the kind of an envelope's key, and its data key as it is wrapped."""
    parts = _parse(envelope)
    return parts.kind, parts.wrapped


def content_digest(envelope: bytes) -> str:
    """Return what identifies an envelope whatever key wraps it: SHA-256 (hex) of its content."""
    return hashlib.sha256(_content(envelope)).hexdigest()


def _content(envelope: bytes) -> bytes:
    _parse(envelope)
    return envelope[_HEADER + int.from_bytes(envelope[6:8], "big") :]


def _derive(key: bytes, place: EnvelopeContext) -> tuple[bytes, bytes, bytes]:
    made = HKDF(SHA256(), 76, salt=None, info=_INFO + place.text()).derive(key)
    return made[:32], made[32:64], made[64:]


def _header(kind: int, wrapped: bytes) -> bytes:
    return _MAGIC + bytes([_VERSION, kind]) + len(wrapped).to_bytes(2, "big") + wrapped


def _parse(envelope: bytes) -> _Parts:
    if envelope[:5] != _MAGIC + bytes([_VERSION]) or len(envelope) < _HEADER:
        raise SecretUnreadableError
    start = _HEADER + int.from_bytes(envelope[6:8], "big")
    end = start + _COMMITMENT
    if len(envelope) < end + _TAG:
        raise SecretUnreadableError
    return _Parts(envelope[5], envelope[_HEADER:start], envelope[start:end], envelope[end:])
