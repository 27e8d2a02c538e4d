"""Everything that a log adds up to at one of its leaves, and the seal that would end it there.

One state machine serves all who read leaves in order: who seals, who opens a log, who verifies.

Invariants:

- Leaves are added in order, each once. The records of a shard are numbered from 0 without a gap
  and each carries the hash of the one before it.
- A seal is built from the epoch and the range alone: who adds one holds it, byte for byte, against
  the one that this state would make. Its ``at`` is that of the last record of its range: time is
  data, never order.
- The payload of a seal: ``first`` and ``count`` of the leaves of its segment, itself left out;
  ``shards``, the next number of each shard; ``entities``, how many have records and the root of
  their tallies (:mod:`rolecall.ledger.entities`); ``runs``, which audits ended in the segment, if
  any did (:mod:`rolecall.ledger.sealed_runs`). An earlier release left them out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

import msgspec
from msgspec import Struct

from rolecall.errors import LogCorruptError
from rolecall.ledger.entities import EntityTallies, Tally
from rolecall.ledger.event import SEAL, Event
from rolecall.ledger.head import Head, Mark, TreeHead
from rolecall.ledger.reading import WholeLeaf, decode, unknown_parts
from rolecall.ledger.record import encode
from rolecall.ledger.sealed_runs import MOST_RUNS, completed_runs
from rolecall.ledger.tree import CompactRange, leaf_hashes

__all__ = ["LedgerState"]


class _Leaf(Struct, gc=False):
    """What the state needs of a leaf; the rest of the JSON is only held to be JSON."""

    seq: int
    shard: int | None
    entity: str | None
    prev: str | None
    # Of any type: whether it is an action is for a verifier.
    action: Any = None


_DECODERS: dict[bool, msgspec.json.Decoder[Any]] = {
    False: msgspec.json.Decoder(_Leaf),
    True: msgspec.json.Decoder(WholeLeaf),
}


class LedgerState:
    """What a log adds up to, leaf by leaf.

    :ivar range: the right edge of its tree.
    :ivar marks: how far each shard goes.
    :ivar entities: what each entity has.
    :ivar log: the id of the log, from its first leaf.
    :ivar head: the head at the last seal.
    :ivar unknown: records with something that this release does not know; ``parts`` says of what,
        and in how many. Only a verifier looks.
    """

    def __init__(self, *, strict: bool = False) -> None:
        """Start with an empty log.

        :param strict: hold every field of every leaf to its type, as a verifier must.
        """
        self.range = CompactRange()
        self.marks: dict[int, Mark] = {}
        self.entities = EntityTallies()
        self.log: str | None = None
        self.head = Head()
        self.unknown = 0
        self.parts: Counter[str] = Counter()
        self._size = 0
        self._last: bytes | None = None
        self._runs: dict[str, str] = {}
        self._decode = _DECODERS[strict].decode

    @classmethod
    def resume(cls, head: Head, tallies: Iterable[Tally]) -> LedgerState:
        """Return the state at a seal.

        :param tallies: the entities as they stood then.
        """
        state = cls()
        state.range = CompactRange.of(head.tree.size, head.edge)
        state.marks = dict(head.marks)
        state.entities = EntityTallies(tallies)
        state.log, state.head = head.log, head
        state._size = head.tree.size
        return state

    def copy(self) -> LedgerState:
        """Return a state that goes on by itself."""
        state = LedgerState()
        state.range, state.marks = self.range.copy(), dict(self.marks)
        state.entities = self.entities.copy()
        state.log, state.head = self.log, self.head
        state.unknown, state.parts = self.unknown, self.parts.copy()
        state._size, state._last, state._decode = self._size, self._last, self._decode
        state._runs = dict(self._runs)
        return state

    @property
    def size(self) -> int:
        """The number of leaves, seals among them."""
        return self._size

    @property
    def is_sealed(self) -> bool:
        """Whether nothing was added since the last seal."""
        return self._size == self.head.tree.size

    def add(self, leaves: Sequence[bytes]) -> None:
        """Add leaves in order.

        :raises LogCorruptError: one cannot be parsed or does not follow; the message says which.
            The state is not fit for use after that.
        """
        hashes = leaf_hashes(leaves)
        if hashes and self.log is None:
            self.log = hashes[0].hex()[:16]
        parsed = self._parsed(leaves)
        shards = [leaf.shard for leaf in parsed]
        start = 0
        while start < len(leaves):
            # Only a seal is in no shard.
            end = shards.index(None, start) if None in shards[start:] else len(leaves)
            self._add_records(parsed[start:end], hashes[start:end])
            if start < end:
                self._last = leaves[end - 1]
                self._runs |= completed_runs(
                    leaf
                    for leaf, one in zip(leaves[start:end], parsed[start:end], strict=True)
                    if one.action == "run.completed"
                )
            if end < len(leaves):
                self._check_seal(leaves[end])
                self._close(hashes[end : end + 1])
            start = end + 1

    def seal(self) -> bytes:
        """Return the seal that would end the log here.

        :raises ValueError: nothing was added since the last one.
        """
        latest = list(self._runs.items())[-MOST_RUNS:]
        return self._seal({"runs": dict(latest)} if latest else {})

    def _seal(self, more: Mapping[str, Any]) -> bytes:
        if self.is_sealed or self._last is None:
            raise ValueError("nothing was added since the last seal")
        epoch = self.head.epoch + 1
        event = Event(
            id=f"seal/{epoch}",
            at=decode(self._last).at,
            actor="seal",
            action=SEAL,
            entity=None,
            subject=None,
            payload={
                "first": self.head.tree.size,
                "count": self._size - self.head.tree.size,
                "shards": {str(shard): self.marks[shard].next for shard in sorted(self.marks)},
                "entities": {"count": len(self.entities), "root": self.entities.root().hex()},
                **more,
            },
        )
        return encode(event, seq=epoch, shard=None, prev=None)

    def _parsed(self, leaves: Sequence[bytes]) -> list[Any]:
        parsed: list[Any] = []
        rest = iter(leaves)
        while len(parsed) < len(leaves):
            try:
                # One call a leaf and nothing else: a million of them pass here every night.
                parsed.extend(map(self._decode, rest))
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                where = self._size + len(parsed)
                parsed.append(self._opened(leaves[len(parsed)], error, where))
        return parsed

    def _opened(self, leaf: bytes, why: Exception, where: int) -> _Leaf:
        """Return a leaf with something in it that this release does not know, and count it."""
        try:
            self.parts.update(unknown_parts(leaf))
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise LogCorruptError(f"not a record: {why}", leaf=where) from why
        self.unknown += 1
        found: _Leaf = _DECODERS[False].decode(leaf)
        return found

    def _add_records(self, parsed: Sequence[Any], hashes: Sequence[bytes]) -> None:
        at = 0
        for shard, run in groupby([leaf.shard for leaf in parsed]):
            end = at + len(list(run))
            self._follow(shard, parsed[at:end], hashes[at:end], at)
            at = end
        self.entities.add([leaf.entity for leaf in parsed], hashes)
        self.range.extend(hashes)
        self._size += len(hashes)

    def _follow(self, shard: int, parsed: Sequence[Any], hashes: Sequence[bytes], at: int) -> None:
        """Move the mark of a shard over records that follow each other in the log, too."""
        mark = self.marks.get(shard, _START)
        seqs = range(mark.next, mark.next + len(parsed))
        texts = [hash_.hex() for hash_ in hashes]
        prevs = [mark.prev, *texts[:-1]]
        # Whole lists are compared, as nearly all of them are right.
        if [leaf.prev for leaf in parsed] != prevs or [leaf.seq for leaf in parsed] != [*seqs]:
            for leaf, seq, prev in zip(parsed, seqs, prevs, strict=True):
                where = self._size + at + seq - mark.next
                if leaf.seq != seq:
                    raise LogCorruptError(f"has number {leaf.seq}, expected {seq}", leaf=where)
                if leaf.prev != prev:
                    raise LogCorruptError("does not follow from the record before it", leaf=where)
        self.marks[shard] = Mark(seqs.stop, texts[-1])

    def _check_seal(self, leaf: bytes) -> None:
        # The root of the entities takes long: the second form is made where the first is not it.
        if self.is_sealed or (leaf != self.seal() and leaf != self._seal({})):
            raise LogCorruptError("not the seal of what stands before it", leaf=self._size)

    def _close(self, hashes: Sequence[bytes]) -> None:
        self.entities.close()
        self.range.extend(hashes)
        self._size += 1
        self._last = None
        self._runs = {}
        self.head = Head(
            epoch=self.head.epoch + 1,
            log=self.log,
            tree=TreeHead(self._size, self.range.root()),
            previous=self.head.tree,
            edge=tuple(self.range.edge()),
            marks=dict(self.marks),
        )


_START = Mark()
