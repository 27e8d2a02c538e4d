"""The signing key in a file: outside of the log, readable by its owner alone, never replaced."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from rolecall.errors import KeyFormatError
from rolecall.ledger.log_files import reason
from rolecall.ledger.note import LocalSigner

__all__ = ["read_key_file", "write_key_file"]


def write_key_file(path: Path, signer: LocalSigner) -> None:
    """Write a signing key to a new file of mode 0600; its folder is made if there is none.

    :raises KeyFormatError: there is a file already, or it cannot be written.
    """
    try:
        if not path.parent.is_dir():
            path.parent.mkdir(parents=True, mode=0o700)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        if not path.parent.is_dir():
            raise KeyFormatError(f"{path}: cannot write a signing key: no folder") from error
        raise KeyFormatError(
            f"{path}: exists already, and a signing key is never overwritten: what it signed could "
            "not be continued; give another place"
        ) from error
    except OSError as error:
        raise KeyFormatError(f"{path}: cannot write a signing key: {reason(error)}") from error
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(f"{signer.secret()}\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        path.unlink(missing_ok=True)
        raise KeyFormatError(f"{path}: cannot write a signing key: {reason(error)}") from error


def read_key_file(path: Path) -> LocalSigner | None:
    """Read a signing key, or return ``None`` where there is no file.

    :raises KeyFormatError: others may read it, or it is not a signing key.
    """
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            data = file.read(4_096)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise KeyFormatError(f"{path}: cannot read the signing key: {reason(error)}") from error
    if stat.S_IMODE(mode) & 0o077:
        raise KeyFormatError(
            f"{path}: others may read this signing key; chmod 600 it, and make a new one if "
            "somebody may have"
        )
    try:
        return LocalSigner.parse(data.decode().strip())
    except UnicodeDecodeError as error:
        raise KeyFormatError(f"{path}: not a signing key") from error
    except KeyFormatError as error:
        raise KeyFormatError(f"{path}: {error}") from error
