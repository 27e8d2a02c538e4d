"""Small sealed logs and bundles in memory, to be attacked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from msgspec import Struct

from rolecall.ledger.bundle import Contents, write_bundle
from rolecall.ledger.event import Event
from rolecall.ledger.export import export, find_span
from rolecall.ledger.log import append
from rolecall.ledger.memory_log import MemoryLog
from rolecall.ledger.note import LocalSigner, Signer, sign_note
from rolecall.ledger.proofs import Proofs, read_proofs, write_proofs
from rolecall.ledger.sealing import seal

__all__ = [
    "AT",
    "SIGNER",
    "STRANGER",
    "MemoryBundle",
    "bundle",
    "cosigned",
    "events",
    "sealed_log",
    "write_directory",
    "write_zip",
]

AT = datetime(2026, 11, 2, tzinfo=UTC)
SIGNER = LocalSigner("test/log", bytes(range(32)))
STRANGER = LocalSigner("witness.example/w1", bytes(range(100, 132)))
ENTITIES = ["north", "south", "east", "west", None]


def events(first: int, count: int, day: int) -> list[Event]:
    """Return events of one day; one in fifty is of the entity ``rare``."""
    return [
        Event(
            id=f"{number:032x}",
            at=AT + timedelta(days=day),
            actor="audit",
            action="finding.opened",
            entity="rare" if number % 50 == 7 else ENTITIES[number % len(ENTITIES)],
            subject=None,
            payload={"n": number},
        )
        for number in range(first, first + count)
    ]


def sealed_log(records: int, nights: int, signer: Signer = SIGNER) -> MemoryLog:
    """Return a log of so many records over so many nights, a seal each."""
    log = MemoryLog()
    for night in range(nights):
        first, last = records * night // nights, records * (night + 1) // nights
        append(log, events(first, last - first, night))
        seal(log, signer)
    return log


def cosigned(note: bytes) -> bytes:
    """Return a checkpoint with one more signature line, of a key that nobody was given."""
    text = note.rpartition(b"\n\n")[0] + b"\n"
    return note + sign_note(text.decode(), STRANGER)[len(text) + 1 :]


class MemoryBundle(Struct):
    """A bundle in memory; each part can be replaced."""

    lines: list[bytes]
    note: bytes
    before: bytes | None
    document: bytes

    def chunks(self) -> Iterator[list[bytes]]:
        """Yield the leaves, three at a time."""
        return (self.lines[at : at + 3] for at in range(0, len(self.lines), 3))

    def checkpoint(self) -> bytes:
        """Return the checkpoint."""
        return self.note

    def previous(self) -> bytes | None:
        """Return the previous checkpoint."""
        return self.before

    def proofs(self) -> Proofs:
        """Return the proofs."""
        return read_proofs(self.document)


def contents(
    log: MemoryLog,
    entity: str | None = None,
    since: datetime | None = None,
    at: datetime | None = None,
) -> Contents:
    """Export a log."""
    return export(log, find_span(log, since, at), f"{SIGNER.key}\n".encode(), entity)


def bundle(
    log: MemoryLog,
    entity: str | None = None,
    since: datetime | None = None,
    at: datetime | None = None,
) -> MemoryBundle:
    """Export a log and return the bundle."""
    made = contents(log, entity, since, at)
    return MemoryBundle(
        list(made.records), made.checkpoint, made.previous, write_proofs(made.proofs)
    )


def write_zip(path: Path, log: MemoryLog, entity: str | None, since: datetime | None) -> None:
    """Export a log to a file."""
    with path.open("wb") as file:
        write_bundle(file, contents(log, entity, since))


def write_directory(
    directory: Path, leaves: Sequence[bytes], checkpoints: dict[int, bytes]
) -> None:
    """Write a log as its files."""
    (directory / "checkpoints").mkdir(parents=True)
    (directory / "records.jsonl").write_bytes(b"".join(leaf + b"\n" for leaf in leaves))
    for size, note in checkpoints.items():
        (directory / "checkpoints" / str(size)).write_bytes(note)
