"""Measures sealing and opening a secret, against bare AES-GCM and HKDF over the same bytes.

Usage: python bench/vault.py [--rounds 15]

The floor is what the format cannot do without: two derivations and two encryptions (of the secret
and of its key). Exits with 1 when a promise is not kept.
"""

from __future__ import annotations

import argparse
import secrets
import statistics
import sys
import time
from collections.abc import Callable

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from rolecall.vault.envelope import EnvelopeContext, open_envelope, seal_envelope
from rolecall.vault.local_key import LocalWrapper
from rolecall.vault.secret import Secret, pack, unpack

__all__: list[str] = []

PROMISED = 3.0
CALLS = 2_000
PLACE = EnvelopeContext("diocese", "acc-017", "log-017", 3)
TEXT = PLACE.text()
SECRET = Secret("page@diocese.example", "correct horse battery staple", "JBSWY3DPEHPK3PXP")


def derive(key: bytes, salt: bytes | None, length: int) -> bytes:
    """Derive once."""
    return HKDF(SHA256(), length, salt=salt, info=TEXT).derive(key)


def bare_seal(data: bytes, key: bytes) -> tuple[bytes, bytes, bytes]:
    """Wrap a new key and encrypt with it: no format, no checks."""
    inner, salt = secrets.token_bytes(32), secrets.token_bytes(32)
    wrapping, made = derive(key, salt, 44), derive(inner, None, 76)
    wrapped = AESGCM(wrapping[:32]).encrypt(wrapping[32:], inner, TEXT)
    return salt, wrapped, AESGCM(made[:32]).encrypt(made[64:], data, TEXT)


def bare_open(salt: bytes, wrapped: bytes, sealed: bytes, key: bytes) -> bytes:
    """Undo it."""
    wrapping = derive(key, salt, 44)
    made = derive(AESGCM(wrapping[:32]).decrypt(wrapping[32:], wrapped, TEXT), None, 76)
    return AESGCM(made[:32]).decrypt(made[64:], sealed, TEXT)


def cpu(function: Callable[[], object]) -> float:
    """Return the CPU seconds of one call."""
    began = time.process_time()
    for _ in range(CALLS):
        function()
    return (time.process_time() - began) / CALLS


def main() -> int:
    """Print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    key = secrets.token_bytes(32)
    wrapper = LocalWrapper(key)
    data = pack(SECRET)
    bare, envelope = bare_seal(data, key), seal_envelope(data, PLACE, wrapper)
    ways: dict[str, Callable[[], object]] = {
        "bare seal": lambda: bare_seal(data, key),
        "seal": lambda: seal_envelope(pack(SECRET), PLACE, wrapper),
        "bare open": lambda: bare_open(*bare, key),
        "open": lambda: unpack(open_envelope(envelope, PLACE, wrapper)),
    }
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            taken[name].append(cpu(way))
    kept = True
    for name in ("seal", "open"):
        floor = statistics.median(taken[f"bare {name}"])
        pairs = zip(taken[name], taken[f"bare {name}"], strict=True)
        ratios = sorted(ours / theirs for ours, theirs in pairs)
        ratio = statistics.median(ratios)
        print(
            f"{name:<5}{ratio:5.2f}x ({ratios[0]:.2f}-{ratios[-1]:.2f}) of {floor * 1e6:.0f} us "
            f"(promised: {PROMISED}x at most)"
        )
        kept = kept and ratio <= PROMISED
    print("every promise is kept" if kept else "a promise is not kept")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
