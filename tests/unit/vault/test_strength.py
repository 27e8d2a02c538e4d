"""What is said of a password, and what is not."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rolecall.vault.fingerprint import LocalMac, fingerprint
from rolecall.vault.strength import assess, words_of

KEY = LocalMac(bytes(range(32)))


@pytest.mark.parametrize(
    ("password", "score"),
    [("password", 0), ("stbrigid2024", 1), ("purple-monkey", 3), ("7hJ!kd0-zQwv-33x", 4), ("", 0)],
)
def test_scores(password: str, score: int) -> None:
    words = words_of("stbrigid", "https://facebook.example/stbrigid", "St Brigid Parish")
    assert assess(password, words).score == score


def test_the_words_of_the_account_count_as_known() -> None:
    words = words_of("ellerwick-herald", "https://herald.example/ellerwick", "Ellerwick Herald")
    assert {"ellerwickherald", "herald", "ellerwick", "Ellerwick Herald"} <= set(words)
    assert not {"https", "http", "www"} & set(words)
    alone = assess("ellerwickherald", []).score
    assert assess("ellerwickherald", words).score < alone
    # What one call was told is forgotten in the next.
    assert assess("ellerwickherald", []).score == alone


@given(st.text(max_size=200))
def test_advice_never_quotes(password: str) -> None:
    said = assess(password, ["word"])
    assert 0 <= said.score <= 4
    known = {
        *("Use a few words, avoid common phrases.",),
        *("No need for symbols, digits, or uppercase letters.",),
        *("Add another word or two. Uncommon words are better.",),
    }
    for line in said.advice:
        assert line in known or len(password) < 6 or password not in line


def test_a_long_password_takes_no_time() -> None:
    began = time.process_time()
    assert assess("correct horse battery staple " * 2_000, []).score == 4
    assert time.process_time() - began < 1


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=100))
def test_fingerprints_are_equal_for_equal_passwords_alone(password: str) -> None:
    made = fingerprint(password, KEY)
    assert made is not None
    assert made == fingerprint(password, KEY)
    assert made != fingerprint(password + "x", KEY)
    assert made != fingerprint(password, LocalMac(bytes(32)))
    assert len(made) == 32


def test_no_password_has_no_fingerprint() -> None:
    assert fingerprint("", KEY) is None


def test_the_mac_does_not_show_its_key() -> None:
    assert repr(LocalMac(b"k" * 32)) == "LocalMac([secure])"


class Longest:
    """Notes the longest message."""

    most = 0

    def mac(self, message: bytes) -> bytes:
        """Note its length."""
        self.most = max(self.most, len(message))
        return bytes(32)


def test_a_key_service_gets_a_short_message() -> None:
    key = Longest()
    fingerprint("x" * 60_000, key)
    assert 0 < key.most < 4_096
