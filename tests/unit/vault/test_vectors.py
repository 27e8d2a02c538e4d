"""Envelopes that every later release must open, and an implementation that is not ours opens."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import msgspec
import pytest

from rolecall.errors import SecretUnreadableError
from rolecall.vault.envelope import EnvelopeContext, open_envelope, seal_envelope
from rolecall.vault.local_key import LocalWrapper

VECTORS = Path(__file__).parents[2] / "vectors" / "vault"
ENVELOPES: list[dict[str, Any]] = json.loads((VECTORS / "envelopes.json").read_text("utf-8"))


def open_here(vector: dict[str, Any]) -> str:
    """Return what we find in an envelope, in hex, or ``refused``."""
    place = msgspec.convert(vector["place"], EnvelopeContext)
    wrapper = LocalWrapper(bytes.fromhex(vector["key"]))
    try:
        return open_envelope(bytes.fromhex(vector["envelope"]), place, wrapper).hex()
    except SecretUnreadableError:
        return "refused"


def open_with_node(vectors: list[dict[str, Any]]) -> list[str]:
    """Return what Node finds in envelopes."""
    lines = "".join(f"{json.dumps(vector)}\n" for vector in vectors)
    done = subprocess.run(
        ["node", str(VECTORS / "open.mjs")], input=lines, capture_output=True, text=True, check=True
    )
    return done.stdout.splitlines()


def test_the_vectors_open() -> None:
    assert len(ENVELOPES) >= 20
    assert [open_here(vector) for vector in ENVELOPES] == [one["data"] for one in ENVELOPES]


@pytest.mark.needs("node")
def test_node_opens_the_vectors_and_what_is_sealed_now() -> None:
    fresh = []
    for vector in ENVELOPES:
        place = msgspec.convert(vector["place"], EnvelopeContext)
        wrapper = LocalWrapper(bytes.fromhex(vector["key"]))
        envelope = seal_envelope(bytes.fromhex(vector["data"]), place, wrapper)
        fresh.append({**vector, "envelope": envelope.hex()})
    assert open_with_node(ENVELOPES + fresh) == [one["data"] for one in ENVELOPES] * 2


@pytest.mark.needs("node")
def test_node_refuses_what_we_refuse() -> None:
    changed = []
    for vector in ENVELOPES[:3]:
        envelope = bytes.fromhex(vector["envelope"])
        for bit in range(8 * len(envelope)):
            data = bytearray(envelope)
            data[bit // 8] ^= 1 << bit % 8
            changed.append({**vector, "envelope": data.hex()})
        changed += [
            {**vector, "envelope": envelope[:length].hex()} for length in range(len(envelope))
        ]
        changed.append({**vector, "place": {**vector["place"], "login": "another"}})
        changed.append({**vector, "key": bytes(32).hex()})
    assert open_with_node(changed) == ["refused"] * len(changed)
    assert {open_here(vector) for vector in changed} == {"refused"}
