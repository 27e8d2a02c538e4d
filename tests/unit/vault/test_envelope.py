"""An envelope opens at its place with its key, and in no other way."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from rolecall.errors import KeyFormatError, SecretFormatError, SecretUnreadableError
from rolecall.vault.envelope import EnvelopeContext, open_envelope, rewrap, seal_envelope
from rolecall.vault.local_key import LocalWrapper
from rolecall.vault.secret import MOST_BYTES, Secret, pack, unpack

PLACE = EnvelopeContext("diocese", "acc-1", "log-1", 3)
KEY = bytes(range(32))
WRAPPER = LocalWrapper(KEY)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
PLACES = st.builds(EnvelopeContext, TEXTS, TEXTS, TEXTS, st.integers(0, 2**40))


def flips(data: bytes) -> Iterator[bytes]:
    for bit in range(8 * len(data)):
        changed = bytearray(data)
        changed[bit // 8] ^= 1 << bit % 8
        yield bytes(changed)


def refused(
    envelope: bytes, place: EnvelopeContext = PLACE, wrapper: LocalWrapper = WRAPPER
) -> None:
    with pytest.raises(SecretUnreadableError) as caught:
        open_envelope(envelope, place, wrapper)
    # One message, and no cause or context that would say more.
    assert str(caught.value) == str(SecretUnreadableError())
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


@given(st.binary(max_size=300), PLACES)
def test_what_goes_in_comes_out(data: bytes, place: EnvelopeContext) -> None:
    assert open_envelope(seal_envelope(data, place, WRAPPER), place, WRAPPER) == data


def test_no_two_envelopes_are_alike() -> None:
    envelopes = [seal_envelope(b"same", PLACE, WRAPPER) for _ in range(100)]
    # Salt, wrapped key, commitment and ciphertext: nothing of one is found in another.
    for start, length in ((8, 32), (40, 48), (88, 32), (120, 20)):
        assert len({envelope[start : start + length] for envelope in envelopes}) == 100


def test_every_flipped_bit_is_refused() -> None:
    envelope = seal_envelope(b"the secret", PLACE, WRAPPER)
    for changed in flips(envelope):
        refused(changed)


def test_every_length_is_refused_but_its_own() -> None:
    envelope = seal_envelope(b"the secret", PLACE, WRAPPER)
    for length in range(len(envelope)):
        refused(envelope[:length])
    refused(envelope + b"\0")


@pytest.mark.parametrize(
    "other",
    [
        replace(PLACE, organisation="other"),
        replace(PLACE, account="acc-2"),
        replace(PLACE, login="log-2"),
        replace(PLACE, version=4),
        # What is written one after the other must not run together.
        EnvelopeContext("diocesea", "cc-1", "log-1", 3),
        EnvelopeContext("diocese", "acc-1log-1", "", 3),
    ],
)
def test_an_envelope_cannot_be_moved(other: EnvelopeContext) -> None:
    refused(seal_envelope(b"the secret", PLACE, WRAPPER), other)


@given(PLACES, PLACES)
def test_no_two_places_have_one_text(one: EnvelopeContext, other: EnvelopeContext) -> None:
    assert (one.text() == other.text()) == (one == other)


def test_another_key_opens_nothing() -> None:
    refused(seal_envelope(b"the secret", PLACE, WRAPPER), wrapper=LocalWrapper(bytes(32)))


def test_parts_of_two_envelopes_make_no_third() -> None:
    one, other = (seal_envelope(b"same size", PLACE, WRAPPER) for _ in range(2))
    for cut in (40, 88, 120, len(one) - 16):
        refused(one[:cut] + other[cut:])


def test_a_key_that_was_not_committed_to_opens_nothing() -> None:
    # Whoever holds the wrapping key makes an envelope whose commitment is of another key.
    key, wrapped = WRAPPER.new_key(PLACE)
    envelope = seal_envelope(b"the secret", PLACE, WRAPPER)
    refused(rewrap(envelope, wrapped, WRAPPER.kind))
    assert len(key) == 32


def test_a_data_key_is_wrapped_anew_and_the_rest_stays() -> None:
    envelope = seal_envelope(b"the secret", PLACE, WRAPPER)
    key = WRAPPER.unwrap(envelope[8:88], PLACE)
    new = LocalWrapper(bytes(reversed(range(32))))
    moved = rewrap(envelope, new.wrap(key, PLACE), new.kind)
    assert moved[88:] == envelope[88:]
    assert open_envelope(moved, PLACE, new) == b"the secret"
    refused(moved)


def hkdf(key: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    """Derive as RFC 5869 says, with nothing but HMAC."""
    pseudorandom = hmac.digest(salt or bytes(32), key, hashlib.sha256)
    made, block = b"", b""
    for number in range(1, -(-length // 32) + 1):
        block = hmac.digest(pseudorandom, block + info + bytes([number]), hashlib.sha256)
        made += block
    return made[:length]


def test_the_format_is_what_its_description_says() -> None:
    envelope = seal_envelope(b"the secret", PLACE, WRAPPER)
    place = b"RCLV\x01"
    for part in (b"diocese", b"acc-1", b"log-1", b"3"):
        place += len(part).to_bytes(4, "big") + part
    assert envelope[:8] == b"RCLV\x01\x01\x00\x50"
    made = hkdf(KEY, envelope[8:40], b"rolecall wrap 1" + place, 44)
    key = AESGCM(made[:32]).decrypt(made[32:], envelope[40:88], place)
    made = hkdf(key, b"", b"rolecall vault 1" + place, 76)
    assert envelope[88:120] == made[32:64]
    assert AESGCM(made[:32]).decrypt(made[64:], envelope[120:], place) == b"the secret"


def test_a_wrapping_key_has_32_bytes() -> None:
    for length in (0, 16, 31, 33):
        with pytest.raises(KeyFormatError, match="32 bytes"):
            LocalWrapper(bytes(length))
    assert repr(WRAPPER) == "LocalWrapper([secure])"


# -- secrets ---------------------------------------------------------------------------------------


@given(
    st.builds(
        Secret,
        username=TEXTS,
        password=TEXTS,
        totp=TEXTS,
        recovery_codes=st.lists(TEXTS).map(tuple),
        notes=TEXTS,
    ).filter(lambda secret: secret != Secret())
)
def test_secrets_come_back_as_they_were(secret: Secret) -> None:
    assert unpack(pack(secret)) == secret


def test_a_secret_does_not_show_itself() -> None:
    secret = Secret("someone", "hunter2-canary", "SEEDCANARY", ("code-canary",), "notes-canary")
    for shown in (repr(secret), str(secret), f"{secret}", f"{[secret]!r}", f"{secret!r:>30}"):
        assert "canary" not in shown.casefold()
        assert "someone" not in shown
    assert list(secret.__rich_repr__()) == ["[secure]"]


def test_what_cannot_be_kept_is_said_without_showing_it() -> None:
    for secret, why in (
        (Secret(), "empty"),
        (Secret(notes="x" * MOST_BYTES), "at most 65,536"),
        (Secret(notes="canary\ud800"), "half of a character"),
    ):
        with pytest.raises(SecretFormatError, match=why) as caught:
            pack(secret)
        assert "canary" not in str(caught.value)
        assert caught.value.__suppress_context__ or caught.value.__context__ is None
    for data in (b"", b"canary", b'{"password": 1}', b"\xff"):
        with pytest.raises(SecretFormatError) as caught:
            unpack(data)
        assert "canary" not in str(caught.value)


def test_the_largest_secret_is_kept() -> None:
    room = MOST_BYTES - len(pack(Secret(notes="x"))) + 1
    assert len(pack(Secret(notes="x" * room))) == MOST_BYTES
