"""Exports that are zip archives: 1PUX, and the archives of Proton Pass and Dashlane.

This is the one module of the exports that unpacks. What a member may unpack to is held to a limit
before anything is unpacked, and no member gives more than it declared.
"""

from __future__ import annotations

import io
import lzma
import struct
import zipfile
import zlib

from msgspec.structs import replace

from rolecall.errors import OverLimitError, UnreadableError
from rolecall.vault.exports.csv_reading import read_csv_export
from rolecall.vault.exports.entry import Entry, EntryDraft
from rolecall.vault.exports.json_reading import read_json_export

__all__ = ["read_archive"]

_MOST_BYTES = 20_000_000
_MOST_MEMBERS = 10_000
_DAMAGE = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError),
    *(ValueError, NotImplementedError, RuntimeError, LookupError),
)
_DOCUMENTS = ("export.data", "data.json")
_OWN = ("export.attributes",)
"""What says of an archive that it is one, and holds nothing of anybody."""


def read_archive(data: bytes, name: str) -> tuple[str, list[Entry]]:
    """Return the program that wrote an archive, and its entries.

    :raises UnreadableError: it is damaged, encrypted, or no export that is known.
    :raises OverLimitError: it holds more than what is read.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
            if len(infos) > _MOST_MEMBERS:
                raise OverLimitError(f"{name}: has more than {_MOST_MEMBERS:,} files")
            document = next((one for one in infos if _base(one) in _DOCUMENTS), None)
            if document is None:
                return _tables(archive, infos, name)
            program, entries = read_json_export(_unpacked(archive, document, name), name)
    except _DAMAGE:
        raise UnreadableError(f"{name}: damaged, encrypted, or not an archive of a vault") from None
    others = [one for one in infos if one is not document and _base(one) not in _OWN]
    return program, [*entries, *_files(others, len(entries))]


def _base(info: zipfile.ZipInfo) -> str:
    return info.filename.rsplit("/", 1)[-1].casefold()


def _unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> bytes:
    if info.file_size > _MOST_BYTES:
        raise OverLimitError(f"{name}: {info.filename} unpacks to more than {_MOST_BYTES:,} bytes")
    with archive.open(info) as member:
        return member.read(info.file_size + 1)


def _tables(
    archive: zipfile.ZipFile, infos: list[zipfile.ZipInfo], name: str
) -> tuple[str, list[Entry]]:
    """Return the entries of an archive of CSV files; the files that are no logins are left out."""
    program = None
    entries: list[Entry] = []
    others = []
    for info in infos:
        read = None
        if _base(info).endswith(".csv"):
            where = f"{name}/{info.filename}"
            text = _unpacked(archive, info, name).decode("utf-8-sig")
            read = read_csv_export(text, where)
        if read is None:
            others.append(info)
        else:
            program = program or read[0]
            entries += [replace(one, row=len(entries) + at) for at, one in enumerate(read[1], 1)]
    if program is None:
        raise UnreadableError(f"{name}: an archive without an export that is known")
    return program, [*entries, *_files(others, len(entries))]


def _files(infos: list[zipfile.ZipInfo], before: int) -> list[Entry]:
    """Return what says that other files of an archive are left out."""
    found = []
    for number, info in enumerate(infos, before + 1):
        draft = EntryDraft(number, "file")
        draft.title = info.filename
        draft.leave("file", info.file_size)
        made = draft.whole()
        if made is not None:
            found.append(made)
    return found
