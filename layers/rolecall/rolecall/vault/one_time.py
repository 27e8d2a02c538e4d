"""One-time codes by time (RFC 6238), from the seed that a platform shows as a QR code or as text.

A seed is base32, with or without spaces, as platforms print it (SHA-1, 6 digits, 30 seconds: what
every platform assumes), or the ``otpauth://totp/...`` address that is in the QR code, which may
name another algorithm, 6 to 8 digits and another period.
"""

from __future__ import annotations

import base64
import binascii
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

from cryptography.hazmat.primitives.hashes import SHA1, SHA256, SHA512
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from msgspec import Struct

from rolecall.errors import SecretFormatError

__all__ = ["Code", "check_seed", "one_time_code"]

_ALGORITHMS: dict[str, type[SHA1 | SHA256 | SHA512]] = {
    "SHA1": SHA1,
    "SHA256": SHA256,
    "SHA512": SHA512,
}


class Code(Struct, frozen=True):
    """A one-time code, and for how many seconds more it is good."""

    digits: str
    seconds: int

    def __repr__(self) -> str:
        return "Code([secure])"


class _Generator(Struct, frozen=True):
    totp: TOTP
    period: int


def check_seed(seed: str) -> None:
    """Check that a seed can make codes.

    :raises SecretFormatError: it cannot; the message does not show it.
    """
    _generator(seed)


def one_time_code(seed: str, at: datetime) -> Code:
    """Return the code of an instant.

    :raises SecretFormatError: the seed is none.
    """
    made = _generator(seed)
    now = int(at.timestamp())
    return Code(made.totp.generate(now).decode(), made.period - now % made.period)


def _generator(seed: str) -> _Generator:
    text, algorithm, digits, period = seed.strip(), "SHA1", 6, 30
    if text.lower().startswith("otpauth:"):
        text, algorithm, digits, period = _of_address(text)
    try:
        key = base64.b32decode(_padded(text), casefold=True)
    except (binascii.Error, ValueError):
        # The cause could quote the seed.
        raise SecretFormatError(
            "the seed of one-time codes is not base32 (letters and the digits 2 to 7), nor an "
            "otpauth://totp/ address"
        ) from None
    if len(key) < 10:
        raise SecretFormatError("the seed of one-time codes is too short: 16 letters at least")
    # RFC 4226 wants 16 bytes; platforms give 10, so the length is not enforced.
    totp = TOTP(key, digits, _ALGORITHMS[algorithm](), period, enforce_key_length=False)
    return _Generator(totp, period)


def _padded(text: str) -> str:
    plain = "".join(text.split()).replace("-", "").rstrip("=")
    return plain + "=" * (-len(plain) % 8)


def _of_address(text: str) -> tuple[str, str, int, int]:
    try:
        address = urlsplit(text)
        given = {name: values[-1] for name, values in parse_qs(address.query).items()}
        digits, period = int(given.get("digits", "6")), int(given.get("period", "30"))
    except ValueError:
        raise SecretFormatError("the otpauth address of one-time codes cannot be read") from None
    algorithm = given.get("algorithm", "SHA1").upper().replace("-", "")
    if address.netloc.lower() != "totp":
        raise SecretFormatError(
            "the otpauth address is not of codes by time (otpauth://totp/); others cannot be kept"
        )
    if algorithm not in _ALGORITHMS or not 6 <= digits <= 8 or not 1 <= period <= 3_600:
        raise SecretFormatError(
            "the otpauth address asks for what is not known: the algorithms are SHA1, SHA256 and "
            "SHA512, the digits 6 to 8, the period at most 3600 seconds"
        )
    return given.get("secret", ""), algorithm, digits, period
