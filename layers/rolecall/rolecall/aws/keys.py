"""Keys of KMS: the one that signs checkpoints. The private key never leaves the service."""

from __future__ import annotations

from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from rolecall.aws.clients import storage
from rolecall.errors import KeyFormatError
from rolecall.ledger.note import VerifierKey

__all__ = ["KmsSigner"]


class KmsSigner:
    """Signs with a key of KMS of the spec ``ECC_NIST_EDWARDS25519``.

    The algorithm is ``ED25519_SHA_512`` over the raw message: the prehashed variant would not
    verify as a signed note.
    """

    def __init__(self, client: Any, key_id: str, name: str) -> None:
        """Use a key.

        :param key_id: its id, ARN or alias.
        :param name: of the verifier key; no spaces, no plus sign.
        :raises KeyFormatError: it is not an Ed25519 key, or the name cannot be one.
        """
        self._client = client
        self._key_id = key_id
        with storage("reading the signing key"):
            der = client.get_public_key(KeyId=key_id)["PublicKey"]
        public = load_der_public_key(der)
        if not isinstance(public, Ed25519PublicKey):
            raise KeyFormatError("the signing key of the stack is not an Ed25519 key")
        # Parsing what was written holds the name to the form of names.
        self._key = VerifierKey.parse(str(VerifierKey(name, public.public_bytes_raw())))

    @property
    def key(self) -> VerifierKey:
        """The key that verifies what this signs."""
        return self._key

    def sign(self, message: bytes) -> bytes:
        """Return the pure Ed25519 signature of a message.

        :raises ProofError: what the service gave is not one of this key.
        """
        with storage("signing"):
            signature: bytes = self._client.sign(
                KeyId=self._key_id,
                Message=message,
                MessageType="RAW",
                SigningAlgorithm="ED25519_SHA_512",
            )["Signature"]
        self._key.verify(message, signature)
        return signature
