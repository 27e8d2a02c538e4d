"""An audit log in memory, laid out as in a table and a bucket of a cloud.

For audits without a log directory, and for tests: the scheduler simulation interrupts it between
any two of its effects. Each method is one effect, or one read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rolecall.ledger.event import Event
from rolecall.ledger.head import Head, Mark
from rolecall.ledger.log import Segment
from rolecall.ledger.note import VerifierKey
from rolecall.ledger.record import digest, record_hash
from rolecall.ledger.state import LedgerState

__all__ = ["MemoryLog"]


class MemoryLog:
    """An audit log that ends with the process.

    :ivar shards: the records of each shard.
    :ivar ids: the digest of each event on record.
    :ivar segments: what was stored under each root.
    :ivar chain: the roots of the segments that heads were swapped to, in order.
    :ivar checkpoints: the published notes by size.
    :ivar keys: the keys that signed them.
    """

    def __init__(self, *, most: int = 5_000) -> None:
        self.most = most
        self.shards: dict[int, list[bytes]] = {}
        self.ids: dict[str, str] = {}
        self.head = Head()
        self.segments: dict[bytes, Segment] = {}
        self.chain: list[bytes] = []
        self.checkpoints: dict[int, bytes] = {}
        self.keys: list[VerifierKey] = []

    def leaves(self) -> Iterator[bytes]:
        """Yield every leaf in order."""
        for root in self.chain:
            yield from self.segments[root].records
            yield self.segments[root].seal
        yield from self.after(self.head.marks)

    def tail(self, shard: int) -> Mark:
        """Return how far a shard goes."""
        stored = self.shards.get(shard)
        return Mark(len(stored), record_hash(stored[-1])) if stored else Mark()

    def find(self, event_id: str) -> str | None:
        """Return the digest of an event on record."""
        return self.ids.get(event_id)

    def put(self, shard: int, seq: int, batch: Sequence[tuple[Event, bytes]]) -> bool:
        """Store records from a number on, all or nothing."""
        stored = self.shards.setdefault(shard, [])
        if len(stored) != seq or any(event.id in self.ids for event, _ in batch):
            return False
        stored.extend(data for _, data in batch)
        self.ids |= {event.id: digest(event) for event, _ in batch}
        return True

    def state(self) -> LedgerState:
        """Return the state at the head."""
        head = self.head
        return LedgerState.resume(head, self.segments[head.tree.root].tallies if head.epoch else ())

    def after(self, marks: Mapping[int, Mark]) -> Iterator[bytes]:
        """Yield the records after some marks."""
        for shard in sorted(self.shards):
            mark = marks.get(shard)
            yield from self.shards[shard][mark.next if mark else 0 :]

    def put_segment(self, segment: Segment) -> None:
        """Store a segment under its root."""
        self.segments.setdefault(segment.head.tree.root, segment)

    def swap_head(self, epoch: int, segment: Segment) -> bool:
        """Make a segment's head the head, if the epoch is still this."""
        if self.head.epoch != epoch:
            return False
        self.head = segment.head
        self.chain.append(segment.head.tree.root)
        return True

    def highest(self) -> bytes | None:
        """Return the published checkpoint of the largest size."""
        return self.checkpoints[max(self.checkpoints)] if self.checkpoints else None

    def checkpoint(self, size: int) -> bytes | None:
        """Return the published checkpoint of a size."""
        return self.checkpoints.get(size)

    def put_checkpoint(self, size: int, note: bytes, key: VerifierKey) -> bool:
        """Publish a checkpoint, unless that size has one."""
        if size in self.checkpoints:
            return False
        self.checkpoints[size] = note
        if key not in self.keys:
            self.keys.append(key)
        return True
