"""A proof bundle: one zip that anyone can verify offline, whoever wrote it.

Members: ``records.jsonl`` (one leaf a line, in order), ``checkpoint``, ``previous-checkpoint``
where the bundle does not start with the log, ``proofs.json`` (:mod:`rolecall.ledger.proofs`),
``key.pub`` (the keys that signed, for information: never trusted), and ``reports/``.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from msgspec import Struct

from rolecall.errors import ProofError, UnreadableError
from rolecall.ledger.lines import read_lines
from rolecall.ledger.proofs import Proofs, read_proofs, write_proofs

__all__ = ["MOST_LARGE", "MOST_SMALL", "BundleReader", "Contents", "write_bundle"]

_MEMBERS = {"records.jsonl", "checkpoint", "previous-checkpoint", "proofs.json", "key.pub"}
_DAMAGE = (
    *(zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError),
    *(ValueError, NotImplementedError, RuntimeError),
)
"""What reading a damaged archive raises, all of it."""

_REPORTS = "reports/"
MOST_SMALL = 1 << 20
"""Bytes that a checkpoint, a list of keys or a proof may have."""
MOST_LARGE = 3 << 26
"""Bytes that a report may have: those of as many findings as a proof has, with all their words."""
_MOST_PROOFS = 1 << 27
_MOST_MEMBERS = 1_000
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class Contents(Struct, kw_only=True):
    """What goes into a bundle. ``records`` are leaves without line breaks; ``reports`` are names
    and contents in pieces, each taken before the next one is."""

    records: Iterable[bytes]
    checkpoint: bytes
    previous: bytes | None
    proofs: Proofs
    keys: bytes
    reports: Iterable[tuple[str, Iterable[bytes]]] = ()


def write_bundle(file: IO[bytes], contents: Contents) -> None:
    """Write a bundle; equal contents give equal bytes."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open(_info("records.jsonl"), "w", force_zip64=True) as member:
            for record in contents.records:
                member.write(record + b"\n")
        archive.writestr(_info("checkpoint"), contents.checkpoint)
        if contents.previous is not None:
            archive.writestr(_info("previous-checkpoint"), contents.previous)
        archive.writestr(_info("proofs.json"), write_proofs(contents.proofs))
        archive.writestr(_info("key.pub"), contents.keys)
        for name, pieces in contents.reports:
            with archive.open(_info(f"{_REPORTS}{name}"), "w", force_zip64=True) as member:
                for piece in pieces:
                    member.write(piece)


def _info(name: str) -> zipfile.ZipInfo:
    # The oldest date that a zip can hold, not the clock's: it says nothing, every time the same.
    info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o600 << 16
    return info


class BundleReader:
    """A bundle, opened; use it as a context manager.

    :ivar path: of its file.
    :ivar reports: the names of the reports in it.
    """

    def __init__(self, path: Path) -> None:
        """Open a bundle.

        :raises UnreadableError: the file cannot be read, or is no zip.
        :raises ProofError: it has members that no bundle has, or lacks some.
        """
        try:
            self._archive = zipfile.ZipFile(path)
        except OSError as error:
            raise UnreadableError(f"{path}: cannot read: {error.strerror}") from error
        except _DAMAGE as error:
            raise UnreadableError(f"{path}: not a proof bundle: {error}") from error
        infos = self._archive.infolist()
        if len(infos) > _MOST_MEMBERS:
            self._archive.close()
            raise ProofError(f"{path}: a proof bundle has at most {_MOST_MEMBERS:,} members")
        names = [info.filename for info in infos]
        if any(info.compress_type not in _METHODS or info.flag_bits & 1 for info in infos):
            self._archive.close()
            raise ProofError(f"{path}: a proof bundle is neither encrypted nor packed otherwise")
        reports = [name for name in names if name.startswith(_REPORTS)]
        self.reports = [name.removeprefix(_REPORTS) for name in reports]
        extra = sorted(set(names) - _MEMBERS - set(reports))
        missing = sorted(_MEMBERS - set(names) - {"previous-checkpoint"})
        if extra or missing or len(set(names)) != len(names):
            self._archive.close()
            what = f"lacks {', '.join(missing)}" if missing else f"has {', '.join(extra)} too"
            raise ProofError(f"{path}: a proof bundle {what if extra or missing else 'repeats'}")
        self.path = path

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._archive.close()

    def chunks(self) -> Iterator[list[bytes]]:
        """Yield the leaves in order, many at a time.

        :raises LogCorruptError: a line cannot be a record, or is not finished.
        :raises ProofError: the member is damaged.
        """
        with self._open("records.jsonl") as member:
            yield from read_lines(_careful(member), whole=True)

    def checkpoint(self) -> bytes:
        """Return the checkpoint."""
        return self._small("checkpoint")

    def previous(self) -> bytes | None:
        """Return the checkpoint where the bundle starts, or ``None`` at the log's beginning."""
        name = "previous-checkpoint"
        return self._small(name) if name in self._archive.namelist() else None

    def proofs(self) -> Proofs:
        """Return the proofs."""
        return read_proofs(self._small("proofs.json", _MOST_PROOFS))

    def keys(self) -> bytes:
        """Return the keys that signed, one a line; to show, never to trust."""
        return self._small("key.pub")

    def report(self, name: str) -> bytes:
        """Return a report.

        :raises ProofError: it is damaged, or larger than can be looked at.
        """
        return self._small(f"{_REPORTS}{name}", MOST_LARGE)

    def _small(self, name: str, most: int = MOST_SMALL) -> bytes:
        with self._open(name) as member:
            data = _careful(member)(most + 1)
        if len(data) > most:
            raise ProofError(f"{name}: larger than {most:,} bytes")
        return data

    def _open(self, name: str) -> IO[bytes]:
        try:
            return self._archive.open(name)
        except _DAMAGE as error:
            raise ProofError(f"{name}: damaged: {error}") from error


def _careful(member: IO[bytes]) -> Callable[[int], bytes]:
    """Return what reads a member; that it is damaged is an error of ours."""

    def read(count: int) -> bytes:
        try:
            return member.read(count)
        except _DAMAGE as error:
            raise ProofError(f"the bundle is damaged: {error}") from error

    return read
