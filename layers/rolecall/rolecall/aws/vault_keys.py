"""The keys of a stack's vault, in KMS: one wraps data keys, one makes fingerprints.

KMS binds a data key to the place of its secret (the encryption context): it is unwrapped for that
place or not at all, and CloudTrail names the place of each call.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from botocore.exceptions import ClientError

from rolecall.aws.clients import code_of, storage
from rolecall.errors import SecretUnreadableError, StorageError
from rolecall.vault.envelope import EnvelopeContext, rewrap, wrapped_key

__all__ = ["KmsMac", "KmsWrapper"]

_UNREADABLE = {"InvalidCiphertextException", "IncorrectKeyException"}


class KmsWrapper:
    """Wraps data keys under a symmetric key of KMS."""

    kind = 2

    def __init__(self, client: Any, key_id: str) -> None:
        self._client = client
        self._key_id = key_id

    def new_key(self, place: EnvelopeContext) -> tuple[bytes, bytes]:
        """Return a new data key, and the same wrapped for a place.

        :raises StorageError: KMS refused, or could not be reached.
        """
        with storage("asking KMS for a key"):
            made = self._client.generate_data_key(
                KeyId=self._key_id, NumberOfBytes=32, EncryptionContext=place.context()
            )
        return made["Plaintext"], made["CiphertextBlob"]

    def unwrap(self, wrapped: bytes, place: EnvelopeContext) -> bytes:
        """Return a data key.

        :raises SecretUnreadableError: it was not wrapped by this key, for this place.
        :raises StorageError: KMS refused, or could not be reached.
        """
        with _readable("unwrapping a key"):
            answer = self._client.decrypt(
                KeyId=self._key_id, CiphertextBlob=wrapped, EncryptionContext=place.context()
            )
        key: bytes = answer["Plaintext"]
        return key

    def rewrap(self, envelope: bytes, place: EnvelopeContext) -> bytes:
        """Return an envelope whose data key is wrapped under the newest material of the key.

        The data key does not leave KMS.

        :raises SecretUnreadableError: it was not wrapped for this place.
        :raises StorageError: KMS refused, or could not be reached.
        """
        kind, wrapped = wrapped_key(envelope)
        if kind != self.kind:
            raise SecretUnreadableError
        with _readable("rewrapping a key"):
            answer = self._client.re_encrypt(
                CiphertextBlob=wrapped,
                SourceEncryptionContext=place.context(),
                DestinationKeyId=self._key_id,
                DestinationEncryptionContext=place.context(),
            )
        return rewrap(envelope, answer["CiphertextBlob"], self.kind)


class KmsMac:
    """Makes fingerprints with an HMAC key of KMS."""

    def __init__(self, client: Any, key_id: str) -> None:
        self._client = client
        self._key_id = key_id

    def mac(self, message: bytes) -> bytes:
        """Return the HMAC-SHA256 of a message.

        :raises StorageError: KMS refused, or could not be reached.
        """
        with storage("making a fingerprint"):
            answer = self._client.generate_mac(
                KeyId=self._key_id, Message=message, MacAlgorithm="HMAC_SHA_256"
            )
        made: bytes = answer["Mac"]
        return made


@contextmanager
def _readable(what: str) -> Iterator[None]:
    try:
        with storage(what):
            yield
    except StorageError as error:
        cause = error.__cause__
        if isinstance(cause, ClientError) and code_of(cause) in _UNREADABLE:
            raise SecretUnreadableError from None
        raise
