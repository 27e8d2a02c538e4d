"""A secret: what opens an account. It shows itself to whoever asks for a field, and to nobody else.

Invariants: ``repr``, ``str`` and messages never show a value; the fields are the only way to one.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import asdict

from rolecall.errors import SecretFormatError, UsageError

__all__ = ["MOST_BYTES", "Secret", "merged", "pack", "unpack"]

MOST_BYTES = 65_536
"""Bytes of a secret as it is packed."""


class Secret(Struct, frozen=True, omit_defaults=True, repr_omit_defaults=True):
    """What opens an account.

    :ivar username: as the platform knows the account's login.
    :ivar password: the password.
    :ivar totp: the seed of one-time codes (RFC 6238), in base32.
    :ivar recovery_codes: codes that the platform takes in place of a second factor.
    :ivar notes: anything else that must be kept secret.
    """

    username: str = ""
    password: str = ""
    totp: str = ""
    recovery_codes: tuple[str, ...] = ()
    notes: str = ""

    def __repr__(self) -> str:
        return "Secret([secure])"

    def __rich_repr__(self) -> Any:
        yield "[secure]"


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Secret).decode


def pack(secret: Secret) -> bytes:
    """Return a secret as bytes.

    :raises SecretFormatError: nothing is in it, it is larger than :data:`MOST_BYTES`, or it holds
        half of a character.
    """
    if secret == Secret():
        raise SecretFormatError("the secret is empty")
    try:
        data = _encode(secret)
    except UnicodeEncodeError:
        # The cause would quote the text.
        raise SecretFormatError("the secret holds half of a character") from None
    if len(data) > MOST_BYTES:
        raise SecretFormatError(
            f"the secret takes {len(data):,} bytes; at most {MOST_BYTES:,} can be kept"
        )
    return data


def unpack(data: bytes) -> Secret:
    """Return the secret that was packed.

    :raises SecretFormatError: the bytes are not one; the message does not show them.
    """
    try:
        return _decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise SecretFormatError("the content of the envelope is not a secret") from None


def merged(old: Secret, new: Secret, clear: Collection[str] = ()) -> tuple[Secret, tuple[str, ...]]:
    """Return a secret over an older one, and the names of what was taken from that."""
    unknown = set(clear) - set(Secret.__struct_fields__)
    if unknown:
        raise UsageError(
            f"a secret has no {sorted(unknown)[0]}; it has {', '.join(Secret.__struct_fields__)}"
        )
    given = {name: value for name, value in asdict(new).items() if value}
    kept = {
        name: value
        for name, value in asdict(old).items()
        if value and name not in given and name not in clear
    }
    return Secret(**kept, **given), tuple(name for name in Secret.__struct_fields__ if name in kept)
