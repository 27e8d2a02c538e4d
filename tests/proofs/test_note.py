"""Keys, signed notes, checkpoints, the key file: published vectors, and all ways to be wrong."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rolecall.errors import KeyFormatError, ProofError, UnknownSignerError
from rolecall.ledger.checkpoint import (
    Checkpoint,
    open_checkpoint,
    origin_of,
    read_checkpoint,
    sign_checkpoint,
)
from rolecall.ledger.key_file import read_key_file, write_key_file
from rolecall.ledger.note import (
    LocalSigner,
    VerifierKey,
    decode_base64,
    encode_base64,
    open_note,
    sign_note,
)
from tests.tiers import examples

GO: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "vectors" / "note" / "go.json").read_text(encoding="utf-8")
)
SIGNER = LocalSigner("example.org/log", bytes(range(32)))
OTHER = LocalSigner("example.org/log", bytes(range(1, 33)))
STRANGER = LocalSigner("witness.example/w1", bytes(range(2, 34)))
TEXT = "one\ntwo\n"


# -- published -------------------------------------------------------------------------------------


def test_the_published_keys() -> None:
    signer = LocalSigner.parse(GO["signer"])
    assert signer.secret() == GO["signer"]
    assert str(signer.key) == GO["verifier"]
    assert VerifierKey.parse(GO["verifier"]) == signer.key
    golang = VerifierKey.parse(GO["go_checksum_database"])
    assert (golang.name, golang.id.hex()) == ("sum.golang.org", "033de0ae")
    assert str(golang) == GO["go_checksum_database"]


def test_the_published_note() -> None:
    signer = LocalSigner.parse(GO["signer"])
    note = f"{GO['text']}\n{GO['signature']}".encode()
    assert sign_note(GO["text"], signer) == note
    assert open_note(note, [signer.key]) == (GO["text"], [signer.key])
    assert open_note(note + GO["stranger"].encode(), [signer.key])[0] == GO["text"]
    with pytest.raises(UnknownSignerError, match="PeterNeumann"):
        open_note(note, [SIGNER.key])


@pytest.mark.parametrize("text", GO["not_verifiers"])
def test_published_keys_that_are_none(text: str) -> None:
    with pytest.raises(KeyFormatError):
        VerifierKey.parse(text)


# -- keys ------------------------------------------------------------------------------------------

KEY = str(SIGNER.key)
NO_KEYS = {
    "empty": "",
    "no parts": "name",
    "two parts": KEY.rpartition("+")[0],
    "no name": KEY.removeprefix("example.org/log"),
    "a space": KEY.replace("example", "exa mple"),
    "another name": KEY.replace("example", "exbmple"),
    "another hash": KEY.replace(f"+{SIGNER.key.id.hex()}+", "+00000000+"),
    "a short hash": KEY.replace(f"+{SIGNER.key.id.hex()}+", f"+{SIGNER.key.id.hex()[:7]}+"),
    "no base64": KEY[:-1] + "!",
    "cut": KEY[:-4],
    "one letter changed": KEY[:-2] + ("A" if KEY[-2] != "A" else "B") + KEY[-1],
    "a signing key": SIGNER.secret(),
}


@pytest.mark.parametrize("name", NO_KEYS)
def test_what_is_no_verifier_key(name: str) -> None:
    with pytest.raises(KeyFormatError, match="key"):
        VerifierKey.parse(NO_KEYS[name])


SECRET = SIGNER.secret()
NO_SECRETS = {
    "empty": "",
    "a verifier key": KEY,
    "cut": SECRET[:-4],
    "another name": SECRET.replace("example", "exbmple"),
    "another seed": SECRET[:-2] + ("A" if SECRET[-2] != "A" else "B") + SECRET[-1],
    "another kind": SECRET.replace("PRIVATE", "PUBLIC"),
    "another algorithm": "PRIVATE+KEY+n+00000000+" + encode_base64(b"\2" + bytes(32)),
    "a space": SECRET.replace("example", "exa mple"),
}


@pytest.mark.parametrize("name", NO_SECRETS)
def test_what_is_no_signing_key_is_not_shown(name: str) -> None:
    with pytest.raises(KeyFormatError) as caught:
        LocalSigner.parse(NO_SECRETS[name])
    seed = NO_SECRETS[name].rpartition("+")[2]
    assert not seed or seed not in str(caught.value)


def test_a_private_key_shows_nowhere() -> None:
    seed = SECRET.rpartition("+")[2]
    for shown in (repr(SIGNER), str(SIGNER), f"{SIGNER!r}", str(SIGNER.key), repr(SIGNER.key)):
        assert seed not in shown
        assert bytes(range(32)).hex() not in shown
    assert repr(SIGNER) == "LocalSigner('example.org/log', [private])"


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\tb", "a\u2003b", "x" * 201])
def test_what_is_no_name(name: str) -> None:
    with pytest.raises(KeyFormatError, match="cannot be the name"):
        LocalSigner(name, bytes(32))


# -- notes -----------------------------------------------------------------------------------------


def lines(signer: LocalSigner, text: str = TEXT) -> str:
    """Return the signature line of a text."""
    return sign_note(text, signer).decode()[len(text) + 1 :]


def test_who_signed() -> None:
    note = f"{TEXT}\n{lines(STRANGER)}{lines(SIGNER)}{lines(OTHER)}".encode()
    assert open_note(note, [SIGNER.key]) == (TEXT, [SIGNER.key])
    assert open_note(note, [OTHER.key, SIGNER.key]) == (TEXT, [SIGNER.key, OTHER.key])
    assert open_note(note, [STRANGER.key]) == (TEXT, [STRANGER.key])


def test_a_text_may_have_empty_lines() -> None:
    assert open_note(sign_note("a\n\nb\n", SIGNER), [SIGNER.key])[0] == "a\n\nb\n"


GOOD = lines(SIGNER)
BAD_BYTES = encode_base64(SIGNER.key.id + bytes(64))
NO_NOTES: dict[str, str] = {
    "empty": "",
    "no signature": TEXT,
    "no signature line": f"{TEXT}\n",
    "no blank line": f"{TEXT}{GOOD}",
    "no end": f"{TEXT}\n{GOOD[:-1]}",
    "another text": f"one\ntwi\n\n{GOOD}",
    "another signature": f"{TEXT}\n— example.org/log {BAD_BYTES}\n",
    "a good and a bad one": f"{TEXT}\n{GOOD}— example.org/log {BAD_BYTES}A\n",
    "a bad and a good one": f"{TEXT}\n— example.org/log {BAD_BYTES}\n{GOOD}",
    "a hyphen": f"{TEXT}\n{GOOD.replace('—', '-')}",
    "no space": f"{TEXT}\n{GOOD.replace('— ', '—')}",
    "two spaces": f"{TEXT}\n{GOOD.replace('log ', 'log  ')}",
    "no name": f"{TEXT}\n—  {BAD_BYTES}\n{GOOD}",
    "a plus in a name": f"{TEXT}\n— a+b {BAD_BYTES}\n{GOOD}",
    "no base64": f"{TEXT}\n— stranger !!!!\n{GOOD}",
    "too short": f"{TEXT}\n— stranger AAAAAA==\n{GOOD}",
    "padding to spare": f"{TEXT}\n— stranger {BAD_BYTES}====\n{GOOD}",
    "a control character": f"o\x07ne\n\n{lines(SIGNER, chr(111) + 'ne' + chr(10))}",
    "a carriage return": f"{TEXT}\r\n{GOOD}",
    "something after it": f"{TEXT}\n{GOOD}more\n",
    "101 signatures": f"{TEXT}\n" + f"— stranger {BAD_BYTES}\n" * 100 + GOOD,
}


@pytest.mark.parametrize("name", NO_NOTES)
def test_what_is_no_note(name: str) -> None:
    with pytest.raises(ProofError):
        open_note(NO_NOTES[name].encode(), [SIGNER.key])


def test_a_note_that_is_no_text() -> None:
    with pytest.raises(ProofError, match="UTF-8"):
        open_note(sign_note(TEXT, SIGNER).replace(b"one", b"o\xffe"), [SIGNER.key])


def test_a_hundred_signatures_are_read() -> None:
    note = f"{TEXT}\n" + f"— stranger {BAD_BYTES}\n" * 99 + GOOD
    assert open_note(note.encode(), [SIGNER.key])[1] == [SIGNER.key]


def test_one_signature_has_one_form_if_it_is_ours() -> None:
    encoded = GOOD.split()[-1]
    assert encoded.endswith("=")
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    other = encoded[:-2] + alphabet[alphabet.index(encoded[-2]) + 1] + "="
    assert decode_base64(other) is None
    assert decode_base64(other, canonical=False) == decode_base64(encoded)
    note = f"{TEXT}\n{GOOD.replace(encoded, other)}".encode()
    with pytest.raises(ProofError, match="canonical"):
        open_note(note, [SIGNER.key])
    # Of a stranger nothing is checked but the form.
    assert open_note(note + lines(STRANGER).encode(), [STRANGER.key])[1] == [STRANGER.key]


@settings(max_examples=examples(300))
@given(st.binary(max_size=300) | st.text(max_size=100).map(str.encode))
def test_no_bytes_do_harm(data: bytes) -> None:
    for read in (lambda: open_note(data, [SIGNER.key]), lambda: read_checkpoint(data)):
        with pytest.raises(ProofError):
            read()


@settings(max_examples=examples(100))
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60))
def test_any_text_comes_back(text: str) -> None:
    assert open_note(sign_note(f"{text}\n", SIGNER), [SIGNER.key])[0] == f"{text}\n"


# -- checkpoints -----------------------------------------------------------------------------------

CHECKPOINT = Checkpoint("example.org/log/00ff", 132, bytes(range(32)))


def test_a_checkpoint_comes_back() -> None:
    note = sign_checkpoint(CHECKPOINT, SIGNER)
    assert note.decode().split("\n")[:3] == [
        "example.org/log/00ff",
        "132",
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
    ]
    assert open_checkpoint(note, [SIGNER.key]) == (CHECKPOINT, [SIGNER.key])
    assert read_checkpoint(note) == CHECKPOINT
    assert origin_of(SIGNER.key, "00ff") == CHECKPOINT.origin


ROOT = encode_base64(CHECKPOINT.root)
NO_CHECKPOINTS = {
    "an extension line": f"example.org/log\n1\n{ROOT}\nmore\n",
    "two lines": f"example.org/log\n{ROOT}\n",
    "no origin": f"\n1\n{ROOT}\n",
    "a leading zero": f"example.org/log\n01\n{ROOT}\n",
    "a sign": f"example.org/log\n+1\n{ROOT}\n",
    "a negative size": f"example.org/log\n-1\n{ROOT}\n",
    "other digits": f"example.org/log\n\u0661\n{ROOT}\n",
    "a huge size": f"example.org/log\n{'9' * 17}\n{ROOT}\n",
    "no size": f"example.org/log\n\n{ROOT}\n",
    "a space": f"example.org/log\n1 \n{ROOT}\n",
    "a short root": f"example.org/log\n1\n{encode_base64(bytes(31))}\n",
    "a root in another form": f"example.org/log\n1\n{ROOT[:-2]}9=\n",
    "the log of another key": f"example.com/log\n1\n{ROOT}\n",
    "a longer name": f"example.org/logs\n1\n{ROOT}\n",
}


@pytest.mark.parametrize("name", NO_CHECKPOINTS)
def test_what_is_no_checkpoint_even_if_it_is_signed(name: str) -> None:
    with pytest.raises(ProofError):
        open_checkpoint(sign_note(NO_CHECKPOINTS[name], SIGNER), [SIGNER.key])


@pytest.mark.parametrize("origin", ["example.org/log", "example.org/log/x", "example.org/log/x/y"])
def test_origins_of_a_key(origin: str) -> None:
    note = sign_note(f"{origin}\n0\n{ROOT}\n", SIGNER)
    assert open_checkpoint(note, [SIGNER.key])[0].origin == origin


# -- the key file ----------------------------------------------------------------------------------


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_a_key_file_is_its_owners_alone(tmp_path: Path, umask: int) -> None:
    path = tmp_path / "new" / "key"
    before = os.umask(umask)
    try:
        write_key_file(path, SIGNER)
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    read = read_key_file(path)
    assert read is not None
    assert read.key == SIGNER.key


def test_a_key_file_is_never_replaced(tmp_path: Path) -> None:
    path, elsewhere = tmp_path / "key", tmp_path / "elsewhere"
    write_key_file(path, SIGNER)
    with pytest.raises(KeyFormatError, match="never overwritten"):
        write_key_file(path, OTHER)
    # Nor is one written through a link to nowhere.
    path.unlink()
    path.symlink_to(elsewhere)
    with pytest.raises(KeyFormatError, match="never overwritten"):
        write_key_file(path, OTHER)
    assert not elsewhere.exists()


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o601])
def test_a_key_file_that_others_may_use_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "key"
    write_key_file(path, SIGNER)
    path.chmod(mode)
    with pytest.raises(KeyFormatError, match="chmod 600"):
        read_key_file(path)


BROKEN: dict[str, Callable[[Path], object]] = {
    "empty": lambda path: path.write_bytes(b""),
    "garbage": lambda path: path.write_bytes(b"hunter2"),
    "not text": lambda path: path.write_bytes(b"\xff\xfehunter2"),
    "cut": lambda path: path.write_bytes(SECRET.encode()[:-5]),
    "endless": lambda path: path.write_bytes(b"hunter2" * 100_000),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_key_file_that_is_none_is_not_shown(tmp_path: Path, name: str) -> None:
    path = tmp_path / "key"
    BROKEN[name](path)
    path.chmod(0o600)
    with pytest.raises(KeyFormatError, match="signing key") as caught:
        read_key_file(path)
    assert "hunter2" not in str(caught.value)
    assert SECRET[-20:-5] not in str(caught.value)


def test_no_key_file(tmp_path: Path) -> None:
    assert read_key_file(tmp_path / "none") is None
    with pytest.raises(KeyFormatError, match="cannot read"):
        read_key_file(tmp_path)
    (tmp_path / "file").write_text("")
    with pytest.raises(KeyFormatError, match="cannot write"):
        write_key_file(tmp_path / "file" / "key", SIGNER)
