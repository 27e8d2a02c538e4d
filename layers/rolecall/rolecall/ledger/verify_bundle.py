"""Verify a proof bundle offline: pinned keys in, a verdict out.

The checks are those of a log, in the order that :mod:`rolecall.ledger.verify` lists and with its
numbers. Everything that is wrong raises :class:`~rolecall.errors.ProofError` with where it is; a
key that stands in the bundle is never used.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import Any

from rolecall.errors import LogCorruptError, ProofError
from rolecall.ledger.checkpoint import Checkpoint, open_checkpoint
from rolecall.ledger.entities import NOTHING, Tally
from rolecall.ledger.event import SEAL
from rolecall.ledger.note import VerifierKey
from rolecall.ledger.proofs import (
    Bundle,
    EntityProof,
    EntityProofs,
    Proofs,
    decode_hashes,
    verify_entity,
)
from rolecall.ledger.reading import AnyRecord, LeafCounter
from rolecall.ledger.rebuilding import LeafSource, check_origin, kept_checkpoint, rebuild
from rolecall.ledger.state import LedgerState
from rolecall.ledger.tree import (
    CompactRange,
    leaf_hash,
    leaf_hashes,
    verify_consistency,
    verify_inclusion,
)
from rolecall.ledger.verify import Verified
from rolecall.quantity import counted

__all__ = ["verify_bundle"]


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
    kept = kept_checkpoint(since, keys, latest)
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
        first = counted(checkpoint.size, "record is", "records are")
        raise ProofError(f"{name}: the first {first} not what was sealed")


def _start(
    previous: bytes | None, proofs: Proofs, keys: Sequence[VerifierKey], latest: Checkpoint
) -> Checkpoint | None:
    if latest.size != proofs.size:
        raise ProofError(f"checkpoint: of size {latest.size:,}, the proofs of {proofs.size:,}")
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
    rebuild(state, LeafSource(bundle.chunks()), [latest, *([kept] if kept else [])], [latest])
    if state.size != latest.size:
        raise ProofError(f"records.jsonl: of size {state.size:,}, the checkpoint {latest.size:,}")
    check_origin(latest, key, state)
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
