"""Wraps data keys under one key at hand: the vault of the embedded use.

A wrapped key is 80 bytes: a random salt (32), the data key encrypted (32), the tag (16). The key
and the nonce of each wrapping come from ``HKDF-SHA256(wrapping key, salt, info = "rolecall wrap 1"
|| place)``, so each wrapping has a key of its own as long as no salt comes twice for one place:
after 2^96 wrappings that has a chance of 2^-65. It is not the 2^32 that random nonces of AES-GCM
under one key would allow.
"""

from __future__ import annotations

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from rolecall.errors import KeyFormatError, SecretUnreadableError
from rolecall.vault.envelope import EnvelopeContext

__all__ = ["LocalWrapper"]

_INFO = b"rolecall wrap 1"
_SALT = 32
_WRAPPED = _SALT + 32 + 16


class LocalWrapper:
    """Wraps with a key of 32 random bytes."""

    kind = 1

    def __init__(self, key: bytes) -> None:
        """Use a key.

        :raises KeyFormatError: it has not 32 bytes.
        """
        if len(key) != 32:
            raise KeyFormatError("a wrapping key has 32 bytes")
        self._key = key

    def __repr__(self) -> str:
        return "LocalWrapper([secure])"

    def new_key(self, place: EnvelopeContext) -> tuple[bytes, bytes]:
        """Return a new data key, and the same wrapped for a place."""
        key = secrets.token_bytes(32)
        return key, self.wrap(key, place)

    def wrap(self, key: bytes, place: EnvelopeContext) -> bytes:
        """Return a data key wrapped for a place."""
        salt = secrets.token_bytes(_SALT)
        wrapping, nonce = self._derive(salt, place)
        return salt + AESGCM(wrapping).encrypt(nonce, key, place.text())

    def unwrap(self, wrapped: bytes, place: EnvelopeContext) -> bytes:
        """Return a data key.

        :raises SecretUnreadableError: it was not wrapped by this key, for this place.
        """
        if len(wrapped) != _WRAPPED:
            raise SecretUnreadableError
        wrapping, nonce = self._derive(wrapped[:_SALT], place)
        try:
            return AESGCM(wrapping).decrypt(nonce, wrapped[_SALT:], place.text())
        except InvalidTag:
            raise SecretUnreadableError from None

    def _derive(self, salt: bytes, place: EnvelopeContext) -> tuple[bytes, bytes]:
        made = HKDF(SHA256(), 44, salt=salt, info=_INFO + place.text()).derive(self._key)
        return made[:32], made[32:]
