"""The vault's key in a file, and envelopes in a directory."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rolecall.errors import KeyFormatError, SecretUnreadableError, StorageError
from rolecall.vault.envelope import (
    EnvelopeContext,
    content_digest,
    open_envelope,
    rewrap,
    seal_envelope,
)
from rolecall.vault.envelope_files import EnvelopeFiles
from rolecall.vault.key_file import VaultKey, new_vault_key, read_vault_key, write_vault_key
from rolecall.vault.local_key import LocalWrapper

PLACE = EnvelopeContext("o", "a", "l", 1)


def test_a_key_is_written_and_read(tmp_path: Path) -> None:
    path = tmp_path / "new" / "vault-key"
    assert read_vault_key(path) is None
    key = new_vault_key()
    write_vault_key(path, key, new=True)
    assert read_vault_key(path) == key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert list(path.parent.iterdir()) == [path]
    with pytest.raises(KeyFormatError, match="never overwritten"):
        write_vault_key(path, new_vault_key(), new=True)
    assert read_vault_key(path) == key
    write_vault_key(path, key.with_new(), new=False)
    again = read_vault_key(path)
    assert again is not None
    assert again.wrapping[1:] == key.wrapping
    assert again.without_old().wrapping == again.wrapping[:1]


def test_no_two_keys_are_alike_and_none_shows_itself() -> None:
    first, second = new_vault_key(), new_vault_key()
    assert first.organisation != second.organisation
    assert first.fingerprint != second.fingerprint != second.wrapping[0]
    assert repr(first) == f"VaultKey({first.organisation!r}, [secure])"


def test_a_key_that_others_may_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "vault-key"
    write_vault_key(path, new_vault_key(), new=True)
    for mode in (0o640, 0o604, 0o620):
        path.chmod(mode)
        with pytest.raises(KeyFormatError, match="others may read"):
            read_vault_key(path)


GOOD = ["rolecall-vault-key-1", "organisation o", f"fingerprint {'A' * 43}=", f"wrap {'B' * 43}="]


@pytest.mark.parametrize(
    "lines",
    [
        [],
        GOOD[:3],
        GOOD[:2],
        ["rolecall-vault-key-2", *GOOD[1:]],
        [*GOOD[:3], "wrap canary"],
        [*GOOD[:3], "wrap AAAA"],
        [*GOOD, "canary"],
        [GOOD[0], GOOD[2], GOOD[1], GOOD[3]],
        ["é" * 10],
    ],
)
def test_other_files_are_refused_and_not_shown(tmp_path: Path, lines: list[str]) -> None:
    path = tmp_path / "vault-key"
    path.touch(mode=0o600)
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(KeyFormatError, match="not a vault key") as caught:
        read_vault_key(path)
    assert "canary" not in f"{caught.value}{caught.value.__cause__}"
    path.write_text("\n".join(GOOD) + "\n", encoding="utf-8")
    assert read_vault_key(path) is not None


@given(st.binary(max_size=300))
def test_any_bytes_are_a_key_or_an_error(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "vault-key"
    path.touch(mode=0o600)
    path.write_bytes(data)
    with pytest.raises(KeyFormatError):
        read_vault_key(path)


def test_a_key_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(KeyFormatError, match="cannot read"):
        read_vault_key(tmp_path)
    (tmp_path / "file").touch()
    with pytest.raises(KeyFormatError, match="cannot write"):
        write_vault_key(tmp_path / "file" / "key", new_vault_key(), new=True)


def test_what_any_of_the_keys_wrapped_opens() -> None:
    old = new_vault_key()
    envelope = seal_envelope(b"secret", PLACE, old)
    both = old.with_new()
    assert open_envelope(envelope, PLACE, both) == b"secret"
    newest = both.without_old()
    with pytest.raises(SecretUnreadableError):
        open_envelope(envelope, PLACE, newest)
    fresh = seal_envelope(b"secret", PLACE, both)
    assert open_envelope(fresh, PLACE, newest) == b"secret"


def test_envelopes_in_files(tmp_path: Path) -> None:
    files = EnvelopeFiles(tmp_path / "vault")
    assert files.is_empty()
    key = new_vault_key()
    envelope = seal_envelope(b"secret", PLACE, key)
    digest = content_digest(envelope)
    assert files.get(digest) is None
    files.put(envelope)
    assert not files.is_empty()
    assert files.get(digest) == envelope
    (path,) = files.directory.iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(files.directory.stat().st_mode) == 0o700
    # Under another key it is the same envelope, in the same file.
    other = VaultKey("o", bytes(32), (bytes(range(32)),))
    wrapper = LocalWrapper(other.wrapping[0])
    length = int.from_bytes(envelope[6:8], "big")
    data_key = key.unwrap(envelope[8 : 8 + length], PLACE)
    moved = rewrap(envelope, wrapper.wrap(data_key, PLACE), wrapper.kind)
    files.put(moved)
    assert files.get(digest) == moved != envelope
    assert open_envelope(moved, PLACE, other) == b"secret"
    files.remove(digest)
    files.remove(digest)
    assert files.is_empty()


def test_a_directory_that_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    files = EnvelopeFiles(tmp_path / "file")
    envelope = seal_envelope(b"secret", PLACE, new_vault_key())
    with pytest.raises(StorageError, match="cannot write"):
        files.put(envelope)
    with pytest.raises(StorageError, match="cannot read"):
        files.get(content_digest(envelope))
