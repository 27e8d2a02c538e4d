"""Verify a log offline: pinned keys in, a verdict out.

The order of checks, repeated at each block below: (1) the checkpoint's signature, by a key that the
caller gave, and its origin; (2) the leaves against its root, by rebuilding the tree or by a proof
for each; (3) the leaves against each other: places, hashes, seals, types; (4) completeness for an
entity; (5) the caller's earlier checkpoint: the log must continue it.

Everything that is wrong raises :class:`~rolecall.errors.ProofError` with where it is; a key that
stands in the log or in the bundle is never used.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from rolecall.errors import ProofError, UnknownSignerError
from rolecall.ledger.checkpoint import Checkpoint, open_checkpoint
from rolecall.ledger.note import VerifierKey
from rolecall.ledger.rebuilding import LeafSource, check_origin, kept_checkpoint, rebuild
from rolecall.ledger.state import LedgerState

__all__ = ["Verified", "verify_log"]


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
    kept = kept_checkpoint(since, keys, latest)
    # (2), (3) and (5)
    wanted = [checkpoint for checkpoint, _ in opened.values()]
    state = LedgerState(strict=True)
    rebuild(state, LeafSource(chunks), [*wanted, *([kept] if kept else [])], wanted)
    check_origin(latest, key, state)
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
