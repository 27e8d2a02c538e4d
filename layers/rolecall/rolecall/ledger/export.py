"""Make a proof bundle from a log: whole, from a date on, for one entity, as it was at an instant.

``since`` and ``at`` choose seals. A bundle since a date starts at the last seal before the first
record of that date or later; one at an instant ends at the last seal before the first record of a
later instant. Records need not be in the order of their instants (clocks are set back): both rules
keep every record that the question is about.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import islice

import msgspec
from msgspec import Struct

from rolecall.errors import LogCorruptError, UsageError
from rolecall.ledger.bundle import Contents
from rolecall.ledger.entities import Tally
from rolecall.ledger.log import ReadableLog
from rolecall.ledger.proofs import (
    ConsistencyProof,
    EntityProofs,
    Proofs,
    RecordProof,
    encode_hashes,
    prove_entity,
)
from rolecall.ledger.record import Instant
from rolecall.ledger.state import LedgerState
from rolecall.ledger.tree import Tree, leaf_hashes

__all__ = ["Span", "export", "find_span"]

_CHUNK = 2_048


class Span(Struct, frozen=True):
    """A part of a sealed log: from the size ``start`` to the size ``end``; both are at seals.

    ``seals`` are all sizes at seals up to the end.
    """

    start: int
    end: int
    seals: tuple[int, ...]


class _Leaf(Struct, gc=False):
    id: str
    at: Instant
    shard: int | None
    entity: str | None


_decoder = msgspec.json.Decoder(_Leaf)


def _read(data: bytes, index: int) -> _Leaf:
    try:
        return _decoder.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise LogCorruptError(f"not a record: {error}", leaf=index) from error


def find_span(
    log: ReadableLog,
    since: datetime | None = None,
    at: datetime | None = None,
    *,
    event: str | None = None,
    end: int | None = None,
) -> Span:
    """Find the seals between which to export.

    :param event: the id of one: the span ends at the first seal after it.
    :param end: the size at a seal, at which the span ends.
    :raises UsageError: nothing was sealed, or not by then.
    """
    seals: list[int] = []
    start = 0
    started = since is None
    is_behind = is_sealed = False
    for index, data in enumerate(log.leaves()):
        leaf = _read(data, index)
        if at is not None and leaf.at > at:
            break
        if not started and since is not None and leaf.at >= since:
            start, started = (seals[-1] if seals else 0), True
        is_behind = is_behind or leaf.id == event
        if leaf.shard is None and log.checkpoint(index + 1) is not None:
            seals.append(index + 1)
            if is_behind or index + 1 == end:
                is_sealed = True
                break
    if not (event is None and end is None) and not is_sealed:
        raise UsageError("the run is not sealed yet; the next audit seals it")
    if not seals:
        when = "" if at is None else f" by {at.isoformat()}"
        raise UsageError(f"nothing in the log was sealed{when}; an audit with --log seals it")
    if not started:
        start = seals[-1]
    return Span(min(start, seals[-1]), seals[-1], tuple(seals))


def export(log: ReadableLog, span: Span, keys: bytes, entity: str | None = None) -> Contents:
    """Return the contents of a bundle.

    :param keys: for ``key.pub``.
    :param entity: only its records, complete by proof; ``None`` for all.
    :raises LogCorruptError: the log cannot be read or does not follow.
    """
    consistency: dict[str, ConsistencyProof] = {}
    records: list[RecordProof] = []
    edge: list[str] = []
    proven: EntityProofs | None = None
    lines: Iterator[bytes] = islice(log.leaves(), span.start, span.end)
    if entity is not None or span.start:
        chosen = _Chosen(log, span, entity)
        tree = Tree(chosen.hashes)
        for size in span.seals[:-1]:
            consistency[str(size)] = ConsistencyProof(
                root=encode_hashes([tree.root(size)])[0],
                proof=encode_hashes(tree.consistency_proof(size)),
            )
        if entity is None:
            edge = encode_hashes(tree.edge(span.start))
        else:
            lines = iter(chosen.lines)
            records = [
                RecordProof(index=index, proof=encode_hashes(tree.inclusion_proof(index)))
                for index in chosen.indexes
            ]
            proven = EntityProofs(
                id=entity,
                segments=[count for count in chosen.segments if count],
                before=prove_entity(chosen.before, entity) if span.start else None,
                after=prove_entity(chosen.after, entity),
            )
    checkpoint = log.checkpoint(span.end)
    previous = log.checkpoint(span.start) if span.start else None
    if checkpoint is None or (span.start and previous is None):
        raise LogCorruptError("a checkpoint that was there is gone")
    return Contents(
        records=lines,
        checkpoint=checkpoint,
        previous=previous,
        proofs=Proofs(
            version=1,
            size=span.end,
            start=span.start,
            entity=proven,
            edge=edge,
            consistency=consistency,
            records=records,
        ),
        keys=keys,
    )


class _Chosen:
    """The hashes of all leaves up to the end, and what an entity has of them."""

    def __init__(self, log: ReadableLog, span: Span, entity: str | None) -> None:
        self.hashes: list[bytes] = []
        self.lines: list[bytes] = []
        self.indexes: list[int] = []
        self.segments: list[int] = [0]
        self.before: list[Tally] = []
        self.after: list[Tally] = []
        state = LedgerState()
        leaves = log.leaves()
        for end in (span.start, span.end):
            while state.size < end:
                chunk = list(islice(leaves, min(_CHUNK, end - state.size)))
                if not chunk:
                    raise LogCorruptError("the log is shorter than its checkpoint")
                if entity is not None:
                    self._choose(chunk, state.size, span, entity)
                self.hashes += leaf_hashes(chunk)
                state.add(chunk)
            self.before, self.after = self.after, state.entities.ordered()

    def _choose(self, chunk: list[bytes], first: int, span: Span, entity: str) -> None:
        for index, data in enumerate(chunk, first):
            leaf = _read(data, index)
            is_ours = index >= span.start and leaf.entity == entity
            if is_ours or index + 1 in (span.start, span.end):
                self.lines.append(data)
                self.indexes.append(index)
            if is_ours:
                self.segments[-1] += 1
            elif leaf.shard is None:
                self.segments.append(0)
