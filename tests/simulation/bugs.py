"""Five bugs that a log like this has been built with, each seeded into an otherwise honest world.

A simulation that finds nothing proves something only if it would have found these.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import msgspec

from rolecall.ledger.checkpoint import Checkpoint, origin_of, sign_checkpoint
from rolecall.ledger.event import Event
from rolecall.ledger.head import Mark
from rolecall.ledger.log import AuditLog, Segment
from rolecall.ledger.memory_log import MemoryLog
from rolecall.ledger.note import Signer, VerifierKey
from rolecall.ledger.sealing import seal
from tests.simulation.world import Seal

__all__ = ["BUGS"]


class NoIdempotence(MemoryLog):
    """Nobody remembers which events are on record: a redelivery appends them again."""

    def find(self, event_id: str) -> str | None:  # noqa: ARG002
        """Know nothing."""
        return None

    def put(self, shard: int, seq: int, batch: Sequence[tuple[Event, bytes]]) -> bool:
        """Store whatever comes."""
        self.ids.clear()
        return super().put(shard, seq, batch)


class ByTimeWindow(MemoryLog):
    """A seal takes the records of the time since the last one, instead of the next by number."""

    def after(self, marks: Mapping[int, Mark]) -> Iterator[bytes]:
        """Yield what is younger than anything sealed."""
        sealed = [_at(record) for root in self.chain for record in self.segments[root].records]
        newest = max(sealed, default="")
        return (record for record in super().after(marks) if _at(record) > newest)


class OverwritableLatest(MemoryLog):
    """One object holds the latest checkpoint, and whoever comes last has it."""

    def checkpoint(self, size: int) -> bytes | None:
        """Return the latest, if it is of that size."""
        return self.checkpoints.get(size)

    def put_checkpoint(self, size: int, note: bytes, key: VerifierKey) -> bool:
        """Overwrite the latest."""
        self.checkpoints.clear()
        return super().put_checkpoint(size, note, key)


def signing_before_the_swap(log: AuditLog, signer: Signer) -> None:
    """Sign the tree that one would like to be the next, then try to make it the next."""
    made = _next(log)
    if made is not None:
        epoch, segment = made
        log.put_segment(segment)
        note = _sign(segment, signer)
        if log.swap_head(epoch, segment):
            log.put_checkpoint(segment.head.tree.size, note, signer.key)


def checkpoint_before_the_segment(log: AuditLog, signer: Signer) -> None:
    """Publish first, store what was published afterwards."""
    made = _next(log)
    if made is not None:
        epoch, segment = made
        if log.swap_head(epoch, segment):
            log.put_checkpoint(segment.head.tree.size, _sign(segment, signer), signer.key)
            log.put_segment(segment)


def _next(log: AuditLog) -> tuple[int, Segment] | None:
    state = log.state()
    epoch = state.head.epoch
    records = list(log.after(state.marks))
    state.add(records)
    if state.is_sealed:
        return None
    leaf = state.seal()
    state.add([leaf])
    tallies = state.entities.ordered()
    return epoch, Segment(records=records, seal=leaf, head=state.head, tallies=tallies)


def _sign(segment: Segment, signer: Signer) -> bytes:
    head = segment.head
    origin = origin_of(signer.key, head.log or "")
    return sign_checkpoint(Checkpoint(origin, head.tree.size, head.tree.root), signer)


class _At(msgspec.Struct):
    at: str


def _at(record: bytes) -> str:
    return msgspec.json.decode(record, type=_At).at


BUGS: dict[str, tuple[Callable[[], MemoryLog], Seal]] = {
    "no idempotence": (lambda: NoIdempotence(most=2), seal),
    "sealing by time window": (lambda: ByTimeWindow(most=2), seal),
    "signing before the swap": (lambda: MemoryLog(most=2), signing_before_the_swap),
    "an overwritable latest": (lambda: OverwritableLatest(most=2), seal),
    "checkpoint before segment": (lambda: MemoryLog(most=2), checkpoint_before_the_segment),
}
"""By name: the storage and the seal of a world with that bug."""
