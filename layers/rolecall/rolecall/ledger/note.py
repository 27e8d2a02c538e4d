"""Signed notes (C2SP signed-note): a text, and who vouches for it.

Invariants:

- The bytes are read as the reference implementation reads them (golang.org/x/mod/sumdb/note), with
  one exception: base64 of a known key's own signature must be canonical, so that one signature has
  one form.
- A signature of an unknown key is ignored; one of a known key that does not verify spoils the
  note. ``open_note`` returns a text that a known key signed, or raises.
- A private key never shows in a ``repr`` or a message.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable, Sequence
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from msgspec import Struct

from rolecall.errors import KeyFormatError, ProofError, UnknownSignerError

__all__ = [
    "LocalSigner",
    "Signer",
    "VerifierKey",
    "decode_base64",
    "encode_base64",
    "open_note",
    "sign_note",
]

_ED25519 = b"\1"
_MOST_SIGNATURES = 100
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
_LINE = "\N{EM DASH} "


class VerifierKey(Struct, frozen=True):
    """A public key with its name: the form is ``name+hash+key``, as in a Go checksum database.

    ``name`` has no spaces and no plus sign; ``public`` is the raw Ed25519 key, 32 bytes.
    """

    name: str
    public: bytes

    @classmethod
    def parse(cls, text: str) -> VerifierKey:
        """Read ``name+hash+key``.

        :raises KeyFormatError: it is not such a key, or its hash is not that of the key.
        """
        name, _, rest = text.partition("+")
        hash_, _, key = rest.partition("+")
        public = decode_base64(key)
        if not _is_name(name) or not re.fullmatch("[0-9a-fA-F]{8}", hash_) or public is None:
            raise KeyFormatError("not a verifier key: it has the form name+hash+key")
        if public[:1] != _ED25519 or len(public) != 33:
            raise KeyFormatError("not an Ed25519 verifier key")
        made = cls(name, public[1:])
        if made.id != bytes.fromhex(hash_):
            raise KeyFormatError(
                f"verifier key {name}: its hash is not that of the key; copy it whole"
            )
        return made

    @property
    def id(self) -> bytes:
        """The key id, 4 bytes: with the name it says which key made a signature."""
        text = self.name.encode() + b"\n" + _ED25519 + self.public
        return hashlib.sha256(text).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{encode_base64(_ED25519 + self.public)}"

    def verify(self, message: bytes, signature: bytes) -> None:
        """Check a signature.

        :raises ProofError: it is not one of this key over this message.
        """
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except (InvalidSignature, ValueError) as error:
            raise ProofError(f"the signature of {self.name} does not verify") from error


class Signer(Protocol):
    """What can sign: a key at hand, or a key service."""

    @property
    def key(self) -> VerifierKey:
        """The key that verifies what this signs."""
        ...

    def sign(self, message: bytes) -> bytes:
        """Return the pure Ed25519 signature of a message (RFC 8032), 64 bytes."""
        ...


class LocalSigner:
    """A private key at hand. Its text form is ``PRIVATE+KEY+name+hash+key``."""

    def __init__(self, name: str, seed: bytes) -> None:
        """Make a signer.

        :param name: of the key; no spaces, no plus sign.
        :param seed: 32 random bytes.
        :raises KeyFormatError: the name cannot be one.
        """
        if not _is_name(name) or len(name) > 200:
            raise KeyFormatError(
                f"{name!r} cannot be the name of a key: 1 to 200 characters, no spaces, no +"
            )
        self._seed = seed
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        self._key = VerifierKey(name, self._private.public_key().public_bytes_raw())

    @classmethod
    def parse(cls, text: str) -> LocalSigner:
        """Read ``PRIVATE+KEY+name+hash+key``.

        :raises KeyFormatError: it is not such a key; the message does not show it.
        """
        parts = text.split("+", 4)
        seed = decode_base64(parts[4]) if len(parts) == 5 else None
        if parts[:2] != ["PRIVATE", "KEY"] or seed is None or seed[:1] != _ED25519:
            raise KeyFormatError("not a signing key")
        if len(seed) != 33 or not _is_name(parts[2]):
            raise KeyFormatError("not a signing key")
        made = cls(parts[2], seed[1:])
        if made.key.id.hex() != parts[3]:
            raise KeyFormatError("the signing key is damaged: its hash is not that of the key")
        return made

    @property
    def key(self) -> VerifierKey:
        """The key that verifies what this signs."""
        return self._key

    def sign(self, message: bytes) -> bytes:
        """Return the Ed25519 signature of a message."""
        return self._private.sign(message)

    def secret(self) -> str:
        """Return the private text form; for the key file alone."""
        seed = encode_base64(_ED25519 + self._seed)
        return f"PRIVATE+KEY+{self._key.name}+{self._key.id.hex()}+{seed}"

    def __repr__(self) -> str:
        return f"LocalSigner({self._key.name!r}, [private])"


def sign_note(text: str, signer: Signer) -> bytes:
    """Return a note with one signature.

    :param text: ends in a line break; no control characters otherwise.
    """
    message = text.encode()
    signature = encode_base64(signer.key.id + signer.sign(message))
    return message + f"\n{_LINE}{signer.key.name} {signature}\n".encode()


def open_note(note: bytes, keys: Iterable[VerifierKey]) -> tuple[str, list[VerifierKey]]:
    """Return the text of a note and the known keys that signed it, at least one.

    :raises UnknownSignerError: the note is well formed, but none of the keys signed it.
    :raises ProofError: the note is malformed, or a signature of a known key does not verify.
    """
    text, lines = _split(note)
    known = {(key.name, key.id): key for key in keys}
    signed: list[VerifierKey] = []
    strangers: list[str] = []
    for name, encoded in _signatures(lines):
        signature = decode_base64(encoded, canonical=False) or b""
        if len(signature) < 5:
            raise ProofError("not a signed note: a signature line is malformed")
        key = known.get((name, signature[:4]))
        if key is None:
            strangers.append(f"{name}+{signature[:4].hex()}")
        elif key not in signed:
            if encode_base64(signature) != encoded:
                raise ProofError(f"the signature of {name} is not in canonical base64")
            key.verify(text.encode(), signature[4:])
            signed.append(key)
    if not signed:
        raise UnknownSignerError(f"signed by {', '.join(strangers)}, not by a key that was given")
    return text, signed


def _split(note: bytes) -> tuple[str, Sequence[str]]:
    try:
        decoded = note.decode()
    except UnicodeDecodeError as error:
        raise ProofError("not a signed note: not UTF-8") from error
    text, blank, signatures = decoded.rpartition("\n\n")
    if _CONTROL.search(decoded) or not blank or not signatures.endswith("\n"):
        raise ProofError("not a signed note: text, a blank line, then signature lines")
    return text + "\n", signatures.removesuffix("\n").split("\n")


def _signatures(lines: Sequence[str]) -> Iterable[tuple[str, str]]:
    if len(lines) > _MOST_SIGNATURES:
        raise ProofError(f"not a signed note: more than {_MOST_SIGNATURES} signatures")
    for line in lines:
        name, _, signature = line.removeprefix(_LINE).partition(" ")
        if not line.startswith(_LINE) or not _is_name(name):
            raise ProofError("not a signed note: a signature line is malformed")
        yield name, signature


def _is_name(name: str) -> bool:
    return bool(name) and "+" not in name and not any(map(str.isspace, name))


def encode_base64(data: bytes) -> str:
    """Return data in standard base64 (RFC 4648, section 4)."""
    return base64.b64encode(data).decode()


def decode_base64(text: str, *, canonical: bool = True) -> bytes | None:
    """Return what standard base64 stands for, or ``None``.

    :param canonical: refuse a form that :func:`encode_base64` would not write.
    """
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    # Python takes superfluous padding, which no other reader does.
    if len(text) % 4 or (canonical and encode_base64(data) != text):
        return None
    return data
