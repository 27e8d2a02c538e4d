"""The signing key in a file: outside of the log, readable by its owner alone, never replaced."""

from __future__ import annotations

import os
from pathlib import Path

from rolecall.durable import create, make_directory
from rolecall.errors import KeyFormatError
from rolecall.ledger.log_files import reason
from rolecall.ledger.note import LocalSigner
from rolecall.system import is_private

__all__ = ["read_key_file", "write_key_file"]


def write_key_file(path: Path, signer: LocalSigner) -> None:
    """Write a signing key to a new file of mode 0600, whole and durable; its folder is made too.

    :raises KeyFormatError: there is a file already, or it cannot be written.
    """
    try:
        make_directory(path.parent)
        written = create(path, f"{signer.secret()}\n".encode())
    except FileExistsError as error:
        raise KeyFormatError(f"{path}: cannot write a signing key: no folder") from error
    except OSError as error:
        raise KeyFormatError(f"{path}: cannot write a signing key: {reason(error)}") from error
    if not written:
        raise KeyFormatError(
            f"{path}: exists already, and a signing key is never overwritten: what it signed could "
            "not be continued; give another place"
        )


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
    if not is_private(mode):
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
