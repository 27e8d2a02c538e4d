"""Checkpoints (C2SP tlog-checkpoint): a log's name, size and root in a signed note.

A checkpoint is what an officer keeps: with it, nobody can change what the log held by then without
being seen. Three lines, no extensions::

    rolecall/3f9a1c2e/8d1f0c6a3b5e7792
    132
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

The origin is the name of the signing key, a slash, and the log's own id (the first 16 hexadecimal
digits of the hash of its first leaf): two logs that one key signs are two logs, never a fork.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from msgspec import Struct

from rolecall.errors import LogForkError, ProofError
from rolecall.ledger.note import (
    Signer,
    VerifierKey,
    decode_base64,
    encode_base64,
    open_note,
    sign_note,
)

__all__ = [
    "Checkpoint",
    "open_checkpoint",
    "origin_of",
    "published_checkpoint",
    "read_checkpoint",
    "sign_checkpoint",
]


class Checkpoint(Struct, frozen=True):
    """What a checkpoint says. ``root`` is 32 bytes, ``size`` counts leaves, seals among them."""

    origin: str
    size: int
    root: bytes

    def __str__(self) -> str:
        return f"{self.origin}\n{self.size}\n{encode_base64(self.root)}\n"


def origin_of(key: VerifierKey, log: str) -> str:
    """Return the origin of a log that a key signs."""
    return f"{key.name}/{log}"


def sign_checkpoint(checkpoint: Checkpoint, signer: Signer) -> bytes:
    """Return the signed note of a checkpoint."""
    return sign_note(str(checkpoint), signer)


def open_checkpoint(
    note: bytes, keys: Iterable[VerifierKey]
) -> tuple[Checkpoint, list[VerifierKey]]:
    """Return a checkpoint that one of the keys signed, and the keys that did.

    :raises UnknownSignerError: none of the keys signed it.
    :raises ProofError: it is malformed, forged, or the log of a key with another name.
    """
    text, signed = open_note(note, keys)
    checkpoint = _parse(text)
    for key in signed:
        if checkpoint.origin != key.name and not checkpoint.origin.startswith(f"{key.name}/"):
            raise ProofError(f"{key.name} signed a checkpoint of {checkpoint.origin}, not its own")
    return checkpoint, signed


def read_checkpoint(note: bytes) -> Checkpoint:
    """Return what a checkpoint claims, whoever signed it; to compare with, never to trust.

    :raises ProofError: it is malformed.
    """
    text, blank, _ = note.decode(errors="replace").rpartition("\n\n")
    if not blank:
        raise ProofError("not a checkpoint: it has no signatures")
    return _parse(text + "\n")


def published_checkpoint(name: str, note: bytes | None, size: int) -> bytes:
    """Return the note that stands under a name, which says the size that the name does.

    Whoever can write beside the checkpoints could otherwise have an old one, or none, pass for the
    latest, and a seal continue what was rolled back.

    :param name: where it stands, for the message.
    :raises LogForkError: it says something else, or nothing.
    """
    try:
        told = read_checkpoint(note or b"").size
    except ProofError as error:
        raise LogForkError(f"{name}: a published checkpoint cannot be read: {error}") from error
    if told != size:
        raise LogForkError(
            f"{name}: says that its size is {told:,}; somebody put it there: find out who, and "
            "delete it"
        )
    return note or b""


def _parse(text: str) -> Checkpoint:
    lines = text.split("\n")
    if len(lines) != 4 or lines[3] or not lines[0]:
        raise ProofError("not a checkpoint: three lines, then the signatures")
    origin, size, root = lines[:3]
    hash_ = decode_base64(root)
    if not re.fullmatch("0|[1-9][0-9]{0,15}", size, re.ASCII) or hash_ is None or len(hash_) != 32:
        raise ProofError("not a checkpoint: origin, size and root")
    return Checkpoint(origin, int(size), hash_)
