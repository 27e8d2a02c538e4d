"""The vault's key in a file: outside of the log, readable by its owner alone.

The file is text: a line that says what it is, then

- ``organisation``: part of every secret's place; it never changes.
- ``fingerprint``: the key of the fingerprints; it never changes, or equal passwords would differ.
- ``wrap``, once or more: keys that wrap data keys. The first is in use; what the others wrapped is
  being wrapped anew.

Keys are 32 random bytes in base64. Without this file nothing in the vault can be opened again.
"""

from __future__ import annotations

import base64
import binascii
import os
import secrets
from pathlib import Path

from msgspec import Struct, structs

from rolecall.durable import create, make_directory, replace
from rolecall.errors import KeyFormatError, SecretUnreadableError
from rolecall.system import is_private
from rolecall.vault.envelope import EnvelopeContext
from rolecall.vault.fingerprint import LocalMac
from rolecall.vault.local_key import LocalWrapper

__all__ = ["VaultKey", "new_vault_key", "read_vault_key", "write_vault_key"]

_TITLE = "rolecall-vault-key-1"
_MOST = 16_384


class VaultKey(Struct, frozen=True):
    """What a key file holds. It is a :class:`~rolecall.vault.envelope.KeyWrapper`."""

    organisation: str
    fingerprint: bytes
    wrapping: tuple[bytes, ...]

    def __repr__(self) -> str:
        return f"VaultKey({self.organisation!r}, [secure])"

    @property
    def kind(self) -> int:
        """A key at hand."""
        return LocalWrapper.kind

    @property
    def mac(self) -> LocalMac:
        """What makes the fingerprints."""
        return LocalMac(self.fingerprint)

    def new_key(self, place: EnvelopeContext) -> tuple[bytes, bytes]:
        """Return a new data key, and the same wrapped for a place."""
        return LocalWrapper(self.wrapping[0]).new_key(place)

    def unwrap(self, wrapped: bytes, place: EnvelopeContext) -> bytes:
        """Return a data key, whichever of the keys wrapped it.

        :raises SecretUnreadableError: none did, for this place.
        """
        for key in self.wrapping:
            try:
                return LocalWrapper(key).unwrap(wrapped, place)
            except SecretUnreadableError:
                continue
        raise SecretUnreadableError

    def with_new(self) -> VaultKey:
        """Return the same with a new key in use."""
        return structs.replace(self, wrapping=(secrets.token_bytes(32), *self.wrapping))

    def without_old(self) -> VaultKey:
        """Return the same with the key in use alone."""
        return structs.replace(self, wrapping=self.wrapping[:1])


def new_vault_key() -> VaultKey:
    """Return a new key for a new vault."""
    name = f"vault/{secrets.token_hex(8)}"
    return VaultKey(name, secrets.token_bytes(32), (secrets.token_bytes(32),))


def read_vault_key(path: Path) -> VaultKey | None:
    """Read a key, or return ``None`` where there is no file.

    :raises KeyFormatError: others may read it, or it is not a vault key.
    """
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            data = file.read(_MOST)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise KeyFormatError(f"{path}: cannot read the vault key: {error.strerror}") from error
    if not is_private(mode):
        raise KeyFormatError(
            f"{path}: others may read this vault key; chmod 600 it, and if somebody may have, make "
            "a new one with rolecall vault rewrap and change the passwords"
        )
    try:
        return _parsed(data.decode("ascii"))
    except (ValueError, binascii.Error):
        # The cause could quote the key.
        raise KeyFormatError(f"{path}: not a vault key") from None


def _parsed(text: str) -> VaultKey:
    title, *lines = text.splitlines()
    pairs = [line.partition(" ")[::2] for line in lines]
    organisation, fingerprint, *wrapping = (value for _, value in pairs)
    names = [name for name, _ in pairs]
    expected = ["organisation", "fingerprint", *["wrap"] * len(wrapping)]
    keys = [base64.b64decode(value, validate=True) for value in (fingerprint, *wrapping)]
    if title != _TITLE or names != expected or not wrapping or {len(key) for key in keys} != {32}:
        raise ValueError
    return VaultKey(organisation, keys[0], tuple(keys[1:]))


def write_vault_key(path: Path, key: VaultKey, *, new: bool) -> None:
    """Write a key to a file of mode 0600, whole and durable.

    :param new: whether there must be no file; else it takes the place of the one that is there.
    :raises KeyFormatError: there is one, or it cannot be written.
    """
    values = [("fingerprint", key.fingerprint), *(("wrap", one) for one in key.wrapping)]
    lines = [f"{name} {base64.b64encode(value).decode()}" for name, value in values]
    text = "\n".join([_TITLE, f"organisation {key.organisation}", *lines]) + "\n"
    try:
        make_directory(path.parent)
        if not new:
            replace(path, text.encode("ascii"))
        elif not create(path, text.encode("ascii")):
            raise KeyFormatError(
                f"{path}: exists already, and a vault key is never overwritten: nothing that it "
                "protects could be opened again"
            )
    except FileExistsError as error:
        raise KeyFormatError(f"{path}: cannot write the vault key: no folder") from error
    except OSError as error:
        raise KeyFormatError(f"{path}: cannot write the vault key: {error.strerror}") from error
