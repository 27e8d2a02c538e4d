"""Adds the leaves of a log to a state, and holds it against checkpoints on the way.

What a whole log and a bundle of one are verified by. Everything that is wrong raises
:class:`~rolecall.errors.ProofError` with where it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rolecall.errors import LogCorruptError, ProofError
from rolecall.ledger.checkpoint import Checkpoint, open_checkpoint, origin_of
from rolecall.ledger.note import VerifierKey
from rolecall.ledger.state import LedgerState
from rolecall.quantity import counted

__all__ = ["LeafSource", "check_origin", "kept_checkpoint", "rebuild"]


def check_origin(checkpoint: Checkpoint, key: VerifierKey, state: LedgerState) -> None:
    """Hold the origin against the log's id, which follows from its first leaf."""
    if state.log is None or checkpoint.origin != origin_of(key, state.log):
        raise ProofError(f"the checkpoint is of {checkpoint.origin}, the records of {state.log}")


def kept_checkpoint(
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
            f"your checkpoint has {counted(kept.size, 'record')}, the log's latest "
            f"{latest.size:,}: records that were sealed are withheld"
        )
    return kept


def rebuild(
    state: LedgerState,
    source: LeafSource,
    checkpoints: Sequence[Checkpoint],
    sealed: Sequence[Checkpoint],
) -> None:
    """Add all leaves, holding the root against each checkpoint as its size is reached."""
    for checkpoint in sorted(checkpoints, key=lambda c: c.size):
        _advance(state, source, checkpoint.size)
        if state.size < checkpoint.size:
            raise ProofError(
                f"the log has {counted(state.size, 'record')}, its checkpoint {checkpoint.size:,}: "
                "records are missing"
            )
        if state.range.root() != checkpoint.root:
            raise ProofError(
                f"the first {counted(checkpoint.size, 'record is', 'records are')} not what was "
                "sealed: something among them was changed, added, dropped or moved"
            )
        if checkpoint in sealed and not state.is_sealed:
            raise ProofError(
                f"the checkpoint of {counted(checkpoint.size, 'record')} is not at a seal"
            )
    _advance(state, source, None)


class LeafSource:
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


def _advance(state: LedgerState, source: LeafSource, size: int | None) -> None:
    try:
        while size is None or state.size < size:
            leaves = source.take(None if size is None else size - state.size)
            if not leaves:
                return
            state.add(leaves)
    except LogCorruptError as error:
        raise ProofError(str(error)) from error
