"""Verify a log or a bundle offline: pinned keys in, a verdict out.

The order of checks, repeated at each block below: (1) the checkpoint's signature, by a key that the
caller gave, and its origin; (2) the leaves against its root, by rebuilding the tree or by a proof
for each; (3) the leaves against each other: places, hashes, seals, types; (4) completeness for an
entity; (5) the caller's earlier checkpoint: the log must continue it.

Everything that is wrong raises :class:`~rolecall.errors.ProofError` with where it is; a key that
stands in the log or in the bundle is never used.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import Any, Protocol

from msgspec import Struct

from rolecall.errors import LogCorruptError, ProofError, UnknownSignerError
from rolecall.ledger.actions import SEAL
from rolecall.ledger.checkpoint import Checkpoint, open_checkpoint, origin_of
from rolecall.ledger.entities import NOTHING, Tally
from rolecall.ledger.note import VerifierKey
from rolecall.ledger.proofs import EntityProof, EntityProofs, Proofs, decode_hashes, verify_entity
from rolecall.ledger.reading import AnyRecord, LeafCounter
from rolecall.ledger.state import LedgerState
from rolecall.ledger.tree import (
    CompactRange,
    leaf_hash,
    leaf_hashes,
    verify_consistency,
    verify_inclusion,
)

__all__ = ["Bundle", "Verified", "verify_bundle", "verify_log"]


class Verified(Struct, frozen=True, kw_only=True):
    """What was proven.

    :ivar checkpoint: the latest one; everything below is under its root.
    :ivar key: what signed it.
    :ivar records: how many were checked, seals left out.
    :ivar start: the size from which on leaves were given; before it, nothing was seen.
    :ivar entity: the entity of which these are all.
    :ivar since: the caller's checkpoint, which the log continues.
    :ivar tail: leaves after the checkpoint: well formed, not proven.
    :ivar strangers: checkpoints that other keys signed; they were not used.
    :ivar unknown: of the records, those with something that this release does not know; they are
        proven like all others. ``parts`` says of what, and in how many.
    """

    checkpoint: Checkpoint
    key: VerifierKey
    records: int
    start: int = 0
    entity: str | None = None
    since: Checkpoint | None = None
    tail: int = 0
    strangers: int = 0
    unknown: int = 0
    parts: Mapping[str, int] = {}


def verify_log(
    chunks: Iterable[Sequence[bytes]],
    checkpoints: Mapping[int, bytes],
    keys: Sequence[VerifierKey],
    since: bytes | None = None,
) -> Verified:
    """Verify a whole log.

    :param chunks: the leaves in order, some at a time, without line breaks.
    :param checkpoints: the published notes by the size that each stands under.
    :param keys: the caller's; old ones too where the key was changed.
    :param since: a checkpoint that the caller kept.
    :raises ProofError: something is wrong, or missing.
    """
    # (1)
    opened, strangers = _open_all(checkpoints, keys)
    latest, key = opened[max(opened)]
    kept = _kept(since, keys, latest)
    # (2), (3) and (5)
    wanted = [checkpoint for checkpoint, _ in opened.values()]
    state = LedgerState(strict=True)
    _rebuild(state, _Source(chunks), [*wanted, *([kept] if kept else [])], wanted)
    _own(latest, key, state)
    return Verified(
        checkpoint=latest,
        key=key,
        records=state.size - state.head.epoch,
        since=kept,
        tail=state.size - latest.size,
        strangers=strangers,
        unknown=state.unknown,
        parts=state.parts,
    )


def _own(checkpoint: Checkpoint, key: VerifierKey, state: LedgerState) -> None:
    """Hold the origin against the log's id, which follows from its first leaf."""
    if state.log is None or checkpoint.origin != origin_of(key, state.log):
        raise ProofError(f"the checkpoint is of {checkpoint.origin}, the records of {state.log}")


def _open_all(
    checkpoints: Mapping[int, bytes], keys: Sequence[VerifierKey]
) -> tuple[dict[int, tuple[Checkpoint, VerifierKey]], int]:
    if not checkpoints:
        raise ProofError("the log has no checkpoint: nothing in it was ever sealed")
    opened: dict[int, tuple[Checkpoint, VerifierKey]] = {}
    strangers = 0
    for size in sorted(checkpoints, reverse=True):
        try:
            checkpoint, signed = open_checkpoint(checkpoints[size], keys)
        except UnknownSignerError as error:
            if not opened:
                raise ProofError(f"checkpoint {size}: {error}") from error
            strangers += 1
            continue
        except ProofError as error:
            raise ProofError(f"checkpoint {size}: {error}") from error
        if checkpoint.size != size:
            raise ProofError(f"checkpoint {size}: says that its size is {checkpoint.size}")
        opened[size] = checkpoint, signed[0]
        first = next(iter(opened.values()))[0]
        if checkpoint.origin != first.origin:
            raise ProofError(f"checkpoint {size}: of {checkpoint.origin}, not {first.origin}")
    return opened, strangers


def _kept(
    since: bytes | None, keys: Sequence[VerifierKey], latest: Checkpoint
) -> Checkpoint | None:
    """Return the caller's checkpoint, if the latest can continue it at all."""
    if since is None:
        return None
    try:
        kept, _ = open_checkpoint(since, keys)
    except ProofError as error:
        raise ProofError(f"your checkpoint: {error}") from error
    if kept.origin != latest.origin:
        raise ProofError(f"your checkpoint is of {kept.origin}, the log is {latest.origin}")
    if kept.size > latest.size:
        raise ProofError(
            f"your checkpoint has {kept.size:,} records, the log's latest {latest.size:,}: "
            "records that were sealed are withheld"
        )
    return kept


def _rebuild(
    state: LedgerState,
    source: _Source,
    checkpoints: Sequence[Checkpoint],
    sealed: Sequence[Checkpoint],
) -> None:
    """Add all leaves, holding the root against each checkpoint as its size is reached."""
    for checkpoint in sorted(checkpoints, key=lambda c: c.size):
        _advance(state, source, checkpoint.size)
        if state.size < checkpoint.size:
            raise ProofError(
                f"the log has {state.size:,} records, its checkpoint {checkpoint.size:,}: "
                "records are missing"
            )
        if state.range.root() != checkpoint.root:
            raise ProofError(
                f"the first {checkpoint.size:,} records are not those of the checkpoint: something "
                "among them was changed, added, dropped or moved"
            )
        if checkpoint in sealed and not state.is_sealed:
            raise ProofError(f"the checkpoint of {checkpoint.size:,} records is not at a seal")
    _advance(state, source, None)


class _Source:
    """Leaves that come in chunks, and go in pieces that end where a checkpoint does."""

    def __init__(self, chunks: Iterable[Sequence[bytes]]) -> None:
        self._chunks = iter(chunks)
        self._rest: Sequence[bytes] = ()

    def take(self, most: int | None) -> Sequence[bytes]:
        """Return some leaves, or none at the end."""
        while not self._rest:
            chunk = next(self._chunks, None)
            if chunk is None:
                return ()
            self._rest = chunk
        taken = self._rest if most is None else self._rest[:most]
        self._rest = self._rest[len(taken) :]
        return taken


def _advance(state: LedgerState, source: _Source, size: int | None) -> None:
    try:
        while size is None or state.size < size:
            leaves = source.take(None if size is None else size - state.size)
            if not leaves:
                return
            state.add(leaves)
    except LogCorruptError as error:
        raise ProofError(str(error)) from error


class Bundle(Protocol):
    """What a bundle holds (:class:`rolecall.ledger.bundle.BundleReader`)."""

    def chunks(self) -> Iterator[Sequence[bytes]]:
        """Yield the leaves in order, some at a time."""
        ...

    def checkpoint(self) -> bytes:
        """Return the checkpoint."""
        ...

    def previous(self) -> bytes | None:
        """Return the checkpoint where the bundle starts."""
        ...

    def proofs(self) -> Proofs:
        """Return the proofs."""
        ...


def verify_bundle(
    bundle: Bundle, keys: Sequence[VerifierKey], since: bytes | None = None
) -> Verified:
    """Verify a proof bundle.

    :raises ProofError: something is wrong, or missing.
    """
    # (1)
    proofs = bundle.proofs()
    latest, signed = open_checkpoint(bundle.checkpoint(), keys)
    start = _start(bundle.previous(), proofs, keys, latest)
    kept = _kept(since, keys, latest)
    earlier = _earlier(proofs, latest)
    # (2), (3) and (4)
    found = LeafCounter()
    if proofs.entity is not None:
        _verify_entity(bundle, proofs, proofs.entity, latest, found)
    elif start is not None:
        _verify_part(bundle, proofs, start, latest, found)
    else:
        _verify_whole(bundle, proofs, latest, signed[0], kept, found)
    # (5) A whole log was rebuilt, and the caller's checkpoint held against it on the way.
    is_whole = proofs.entity is None and start is None
    for name, checkpoint in (("previous-checkpoint", start), ("your checkpoint", kept)):
        if checkpoint is not None and checkpoint != latest and not is_whole:
            _continues(name, checkpoint, earlier)
    return Verified(
        checkpoint=latest,
        key=signed[0],
        records=found.records,
        start=proofs.start,
        entity=proofs.entity.id if proofs.entity else None,
        since=kept,
        unknown=found.unknown,
        parts=found.parts,
    )


def _continues(name: str, checkpoint: Checkpoint, earlier: Mapping[int, bytes]) -> None:
    root = earlier.get(checkpoint.size)
    if root is None:
        raise ProofError(f"{name}: nothing proves that the log continues size {checkpoint.size:,}")
    if root != checkpoint.root:
        raise ProofError(f"{name}: the first {checkpoint.size:,} records are not what they were")


def _start(
    previous: bytes | None, proofs: Proofs, keys: Sequence[VerifierKey], latest: Checkpoint
) -> Checkpoint | None:
    if latest.size != proofs.size:
        raise ProofError(f"checkpoint: of {latest.size:,} records, the proofs of {proofs.size:,}")
    if previous is None:
        if proofs.start:
            raise ProofError("previous-checkpoint is missing")
        return None
    try:
        start, _ = open_checkpoint(previous, keys)
    except ProofError as error:
        raise ProofError(f"previous-checkpoint: {error}") from error
    if start.size != proofs.start or start.origin != latest.origin or not start.size:
        raise ProofError("previous-checkpoint: not the one that the proofs start from")
    return start


def _earlier(proofs: Proofs, latest: Checkpoint) -> dict[int, bytes]:
    """Return the roots of earlier sizes that the latest tree is proven to continue."""
    roots = {}
    for text, given in proofs.consistency.items():
        size = int(text) if text.isascii() and text.isdigit() and len(text) < 17 else -1
        if str(size) != text or not 0 < size < latest.size:
            raise ProofError(f"proofs.json: consistency: {text!r} is not an earlier size")
        root, *path = decode_hashes([given.root, *given.proof])
        try:
            verify_consistency(size, latest.size, path, root, latest.root)
        except ProofError as error:
            raise ProofError(f"proofs.json: consistency: {error}") from error
        roots[size] = root
    return roots


def _verify_whole(
    bundle: Bundle,
    proofs: Proofs,
    latest: Checkpoint,
    key: VerifierKey,
    kept: Checkpoint | None,
    found: LeafCounter,
) -> None:
    if proofs.edge or proofs.records or proofs.consistency:
        raise ProofError("proofs.json: a whole log needs no proofs, and has some")
    state = LedgerState(strict=True)
    _rebuild(state, _Source(bundle.chunks()), [latest, *([kept] if kept else [])], [latest])
    if state.size != latest.size:
        raise ProofError(f"records.jsonl: {state.size:,} records, the checkpoint {latest.size:,}")
    _own(latest, key, state)
    found.records = state.size - state.head.epoch
    found.unknown, found.parts = state.unknown, state.parts


def _verify_part(
    bundle: Bundle, proofs: Proofs, start: Checkpoint, latest: Checkpoint, found: LeafCounter
) -> None:
    if proofs.records:
        raise ProofError("proofs.json: a part of the log needs no proof of each record")
    range_ = CompactRange.of(proofs.start, decode_hashes(proofs.edge))
    if range_.root() != start.root:
        raise ProofError("proofs.json: the edge is not that of the previous checkpoint")
    count = 0
    for chunk in _chunks(bundle):
        for number, leaf in enumerate(chunk, count + 1):
            _record(found, leaf, number)
        range_.extend(leaf_hashes(chunk))
        count += len(chunk)
    if proofs.start + count != latest.size or range_.root() != latest.root:
        raise ProofError(
            "records.jsonl: not the records between the two checkpoints: something was changed, "
            "added, dropped or moved"
        )


def _verify_entity(
    bundle: Bundle, proofs: Proofs, entity: EntityProofs, latest: Checkpoint, found: LeafCounter
) -> None:
    if proofs.edge:
        raise ProofError("proofs.json: the records of an entity have no edge")
    seals: dict[int, AnyRecord] = {}
    hashes = []
    included = _included(bundle, proofs, latest, found)
    for number, (index, record, hash_) in enumerate(included, 1):
        if record.action == SEAL:
            seals[index + 1] = record
        elif record.entity == entity.id and index >= proofs.start:
            hashes.append(hash_)
        else:
            raise ProofError(f"records.jsonl:{number}: not a record of {entity.id}")
    # The seals that the tallies hang on, and no other.
    if set(seals) != {latest.size, *([proofs.start] if proofs.start else [])}:
        raise ProofError("records.jsonl: not the seals where the bundle starts and ends")
    before = Tally(entity.id, 0, NOTHING.hex())
    if (entity.before is None) != (proofs.start == 0):
        raise ProofError("proofs.json: what the entity had before is for a bundle with a start")
    if entity.before is not None:
        before = _tally(entity.before, entity.id, seals[proofs.start])
    after = _tally(entity.after, entity.id, seals[latest.size])
    _complete(before, hashes, entity.segments, after)


def _included(
    bundle: Bundle, proofs: Proofs, latest: Checkpoint, found: LeafCounter
) -> Iterator[tuple[int, AnyRecord, bytes]]:
    """Yield each leaf with its index and hash, once its proof is checked."""
    given, last = iter(proofs.records), -1
    for number, leaf in enumerate(chain.from_iterable(_chunks(bundle)), 1):
        proof = next(given, None)
        if proof is None or proof.index <= last:
            raise ProofError(f"records.jsonl:{number}: has no proof of its own")
        last, hash_ = proof.index, leaf_hash(leaf)
        try:
            verify_inclusion(hash_, last, latest.size, decode_hashes(proof.proof), latest.root)
        except ProofError as error:
            raise ProofError(f"records.jsonl:{number}: {error}") from error
        yield last, _record(found, leaf, number), hash_
    if next(given, None) is not None:
        raise ProofError("records.jsonl: a record is missing")


def _tally(proof: EntityProof, entity: str, seal: AnyRecord) -> Tally:
    entities: Any = seal.payload.get("entities")
    try:
        count, root = int(entities["count"]), bytes.fromhex(entities["root"])
    except (KeyError, TypeError, ValueError) as error:
        raise ProofError(f"{seal.id}: does not say what entities have") from error
    return verify_entity(proof, entity, count, root)


def _complete(
    before: Tally, hashes: Sequence[bytes], segments: Sequence[int], after: Tally
) -> None:
    rolling, rest = bytes.fromhex(before.rolling), iter(hashes)
    for count in segments:
        if count < 1:
            raise ProofError("proofs.json: a segment without records is not one of the entity")
        rolling = hashlib.sha256(rolling + b"".join(islice(rest, count))).digest()
    if before.count + len(hashes) != after.count or sum(segments) != len(hashes):
        raise ProofError(
            f"records.jsonl: not all records of {after.entity}: {len(hashes):,} are here, "
            f"{after.count - before.count:,} are in the log"
        )
    if rolling.hex() != after.rolling:
        raise ProofError(f"records.jsonl: not the records of {after.entity}, or not in order")


def _chunks(bundle: Bundle) -> Iterator[Sequence[bytes]]:
    try:
        yield from bundle.chunks()
    except LogCorruptError as error:
        raise ProofError(f"records.jsonl: {error}") from error


def _record(found: LeafCounter, leaf: bytes, number: int) -> AnyRecord:
    try:
        return found.add(leaf)
    except LogCorruptError as error:
        raise ProofError(f"records.jsonl:{number}: {error}") from error
