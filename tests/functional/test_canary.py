"""A unique secret goes through everything, and is found nowhere."""

from __future__ import annotations

import base64
import random
import subprocess
import sys
from pathlib import Path

import pytest

# Over and over the same code: other tests say whether it is covered.
pytestmark = pytest.mark.no_cover

ROOT = Path(__file__).parents[2]
PLACES = (
    *("log", "tables", "objects", "queues", "traces", "errors", "representations"),
    *("stdout", "stderr"),
)
"""What is written down; the last two are the process's own."""
ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"


def token() -> str:
    """Return a text that stands nowhere by chance, and is base32."""
    return "".join(random.choice(ALPHABET) for _ in range(24))  # noqa: S311 - no secret.


def forms(text: str | bytes) -> dict[str, bytes]:
    """Return how something may be written down: as it is, turned round, in hex, in base64."""
    found: dict[str, bytes] = {}
    cases = {"as it is": text if isinstance(text, bytes) else text.encode()}
    if isinstance(text, str):
        cases["upper"] = text.upper().encode()
    for name, data in cases.items():
        found[name] = data
        found[f"{name} backwards"] = data[::-1]
        found[f"{name} in hex"] = data.hex().encode()
        found[f"{name} escaped"] = "".join(f"\\x{byte:02x}" for byte in data).encode()
        for shift in range(3):
            # Whatever stands before it, the middle of it is always written in one of three ways.
            whole = base64.b64encode(b"\0" * shift + data)
            found[f"{name} in base64, {shift}"] = whole[4:-4]
    return found


def leaks(directory: Path, text: str | bytes) -> dict[str, list[str]]:
    """Return the places in which a text stands, and in which forms."""
    return {
        place: [name for name, form in forms(text).items() if form in data]
        for place in PLACES
        if (data := (directory / place).read_bytes()) is not None
    }


def run(directory: Path, text: str, *options: str) -> None:
    directory.mkdir()
    with (directory / "stdout").open("wb") as out, (directory / "stderr").open("wb") as err:
        done = subprocess.run(
            [sys.executable, "-m", "tests.functional.canary_run", str(directory), text, *options],
            cwd=ROOT,
            stdout=out,
            stderr=err,
            timeout=120,
            check=False,
        )
    assert done.returncode == 0, (directory / "stderr").read_text(encoding="utf-8")[-3_000:]


def test_what_is_planted_is_found_and_nothing_else_is(tmp_path: Path) -> None:
    secret = token()
    run(tmp_path / "planted", secret, "plant")
    found = leaks(tmp_path / "planted", secret)
    assert set(found) == set(PLACES)
    assert all(found.values()), found
    run(tmp_path / "clean", secret)
    for place in ("log", "tables", "objects", "traces", "errors", "representations"):
        assert (tmp_path / "clean" / place).stat().st_size > 100, place
    nowhere: dict[str, list[str]] = {place: [] for place in PLACES}
    assert leaks(tmp_path / "clean", secret) == nowhere
    keys = (tmp_path / "clean" / "data-keys").read_text(encoding="utf-8").split()
    assert len(keys) > 20
    for key in set(keys):
        assert leaks(tmp_path / "clean", bytes.fromhex(key)) == nowhere


@pytest.mark.parametrize("shift", range(4))
def test_every_form_is_recognised(tmp_path: Path, shift: int) -> None:
    secret = token()
    written = {
        "log": base64.b64encode(b"x" * shift + secret.encode() + b"yy"),
        "tables": f'{{"k": "{secret}"}}'.encode().hex().encode(),
        "errors": secret.upper().encode(),
    }
    for place in PLACES:
        (tmp_path / place).write_bytes(written.get(place, b"nothing"))
    assert {place for place, how in leaks(tmp_path, secret).items() if how} == set(written)
