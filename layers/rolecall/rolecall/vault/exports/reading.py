"""Reads the export of a password manager, whichever of them wrote it."""

from __future__ import annotations

import codecs

from msgspec import Struct

from rolecall.errors import UnreadableError
from rolecall.vault.exports.archives import read_archive
from rolecall.vault.exports.csv_reading import read_csv_export
from rolecall.vault.exports.entry import Entry
from rolecall.vault.exports.json_reading import read_json_export

__all__ = ["MOST_BYTES", "VaultExport", "read_export"]

MOST_BYTES = 50_000_000
"""Bytes that an export may have."""

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class VaultExport(Struct, frozen=True):
    """What a file holds, and the program that wrote it."""

    program: str
    entries: list[Entry]


def read_export(data: bytes, name: str) -> VaultExport:
    """Return the entries of an export.

    :param name: of the file, for messages.
    :raises UnreadableError: it is not an export that is known.
    :raises OverLimitError: it is larger than what is read.
    """
    if data.startswith(b"PK\x03\x04"):
        return VaultExport(*read_archive(data, name))
    text = _decoded(data, name)
    if text.lstrip()[:1] in ("{", "["):
        return VaultExport(*read_json_export(text.encode(), name))
    read = read_csv_export(text, name)
    if read is None:
        raise UnreadableError(
            f"{name}: not an export that is known; give a CSV of Chrome, Edge, Firefox, Safari, "
            "LastPass, Dashlane, NordPass, Proton Pass, Enpass, Keeper, KeePass, KeePassXC, "
            "Bitwarden or 1Password, a JSON of Bitwarden, Proton Pass or Enpass, or a 1PUX"
        )
    return VaultExport(*read)


def _decoded(data: bytes, name: str) -> str:
    try:
        if data.startswith(_UTF16):
            return data.decode("utf-16")
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnreadableError(f"{name}: not text in UTF-8") from None
