"""One-time codes are those of RFC 6238, whichever way a platform writes the seed."""

from __future__ import annotations

import base64
import traceback
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rolecall.errors import SecretFormatError
from rolecall.vault.one_time import check_seed, one_time_code

# RFC 6238, appendix B: 8 digits, 30 seconds; the seed has the length of the hash.
SEEDS = {
    "SHA1": b"12345678901234567890",
    "SHA256": b"12345678901234567890123456789012",
    "SHA512": b"1234567890123456789012345678901234567890123456789012345678901234",
}
VECTORS = [
    (59, "94287082", "46119246", "90693936"),
    (1111111109, "07081804", "68084774", "25091201"),
    (1111111111, "14050471", "67062674", "99943326"),
    (1234567890, "89005924", "91819424", "93441116"),
    (2000000000, "69279037", "90698825", "38618901"),
    (20000000000, "65353130", "77737706", "47863826"),
]


def encoded(seed: bytes) -> str:
    return base64.b32encode(seed).decode()


def address(seed: bytes, **options: object) -> str:
    query = "".join(f"&{name}={value}" for name, value in options.items())
    return f"otpauth://totp/Example:stbrigid?secret={encoded(seed).rstrip('=')}&issuer=x{query}"


@pytest.mark.parametrize(("seconds", "sha1", "sha256", "sha512"), VECTORS)
def test_the_vectors_of_the_standard(seconds: int, sha1: str, sha256: str, sha512: str) -> None:
    at = datetime.fromtimestamp(seconds, UTC)
    for algorithm, code in (("SHA1", sha1), ("SHA256", sha256), ("SHA512", sha512)):
        seed = address(SEEDS[algorithm], algorithm=algorithm, digits=8)
        assert one_time_code(seed, at).digits == code


def test_a_plain_seed_makes_six_digits() -> None:
    code = one_time_code(encoded(SEEDS["SHA1"]), datetime.fromtimestamp(59, UTC))
    assert (code.digits, code.seconds) == ("287082", 1)
    assert repr(code) == "Code([secure])"


@pytest.mark.parametrize(
    "written",
    ["JBSWY3DPEHPK3PXP", "jbsw y3dp ehpk 3pxp", "JBSW-Y3DP-EHPK-3PXP", " JBSWY3DPEHPK3PXP== "],
)
def test_seeds_as_platforms_write_them(written: str) -> None:
    at = datetime(2026, 11, 2, tzinfo=UTC)
    assert one_time_code(written, at) == one_time_code("JBSWY3DPEHPK3PXP", at)


@pytest.mark.parametrize(
    ("seed", "message"),
    [
        ("canary!canary!canary", "not base32"),
        ("JBSWY3DP1", "not base32"),
        ("JBSWY3DP", "too short"),
        ("", "too short"),
        ("ÄÖÜ", "not base32"),
        ("otpauth://hotp/x?secret=JBSWY3DPEHPK3PXP", "not of codes by time"),
        ("otpauth://totp/x?secret=JBSWY3DPEHPK3PXP&digits=9", "digits 6 to 8"),
        ("otpauth://totp/x?secret=JBSWY3DPEHPK3PXP&digits=x", "cannot be read"),
        ("otpauth://totp/x?secret=JBSWY3DPEHPK3PXP&algorithm=MD5", "algorithms are"),
        ("otpauth://totp/x?secret=JBSWY3DPEHPK3PXP&period=0", "period"),
        ("otpauth://totp/x", "too short"),
        ("otpauth://[totp/x", "cannot be read"),
    ],
)
def test_other_seeds_are_refused_and_not_shown(seed: str, message: str) -> None:
    with pytest.raises(SecretFormatError, match=message) as caught:
        check_seed(seed)
    shown = "".join(traceback.format_exception(caught.value)).replace("check_seed(seed)", "")
    assert "canary" not in shown
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


@given(st.text(max_size=100))
def test_any_text_is_a_seed_or_an_error(text: str) -> None:
    for seed in (text, f"otpauth://{text}", f"otpauth://totp/x?secret=JBSWY3DPEHPK3PXP&{text}"):
        try:
            code = one_time_code(seed, datetime(2026, 11, 2, tzinfo=UTC))
        except SecretFormatError:
            continue
        assert code.digits.isdigit()
