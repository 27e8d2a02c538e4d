"""Seal the log: one more segment under a signature that nobody can take back.

The steps, whose order is the safety of it:

1. Read the highest published checkpoint, then the head. A head that is behind the checkpoint, or
   at odds with it, was rolled back or forked: refuse, rather than sign a second history. Publish
   the checkpoint of a head that was committed and not published.
2. Read each shard past the head's mark, by number and never by time.
3. Store the segment under its root.
4. Swap the head, if it is still the one that was read; otherwise start again.
5. Only then sign.
6. Publish the checkpoint, where no checkpoint of that size is yet.

A crash between any two steps leaves what the next seal repairs: records without a seal, a segment
that nothing names, or a head whose checkpoint is not published. Swapping before signing means that
of two sealers one alone ever signs a given epoch's tree; publishing before the next swap means that
the checkpoints have no holes.
"""

from __future__ import annotations

from msgspec import Struct

from rolecall.errors import LogBusyError, LogForkError, ProofError
from rolecall.ledger.checkpoint import Checkpoint, origin_of, read_checkpoint, sign_checkpoint
from rolecall.ledger.head import Head, TreeHead
from rolecall.ledger.log import MOST_ATTEMPTS, AuditLog, Segment
from rolecall.ledger.note import Signer

__all__ = ["Sealed", "seal", "seal_all"]


class Sealed(Struct, frozen=True):
    """What a seal ended with: the checkpoint, its signed note, and how many leaves it added."""

    checkpoint: Checkpoint
    note: bytes
    added: int


def seal(log: AuditLog, signer: Signer) -> Sealed | None:
    """Seal what is not sealed yet and return the latest checkpoint.

    Of a log without records there is none. Where nothing is new, the checkpoint of the last seal
    is returned, and published if it was not.

    :raises LogForkError: the log does not continue what was published, or another key name did.
    :raises LogBusyError: other sealers kept coming first.
    :raises LogCorruptError: a stored record cannot be parsed or does not follow.
    :raises AuditLogError: storage failed; the next seal repairs what was left half done.
    """
    for _ in range(MOST_ATTEMPTS):
        # (1) The checkpoint is read first: heads only move on, so the head that is read after it
        # cannot honestly be behind it.
        highest = log.highest()
        state = log.state()
        head = state.head
        _refuse_fork(log, signer, None if highest is None else _read(highest), head)
        note = _publish(log, signer, head) if head.epoch else None
        # (2)
        records = list(log.after(state.marks))
        state.add(records)
        if state.is_sealed:
            return None if note is None else Sealed(_read(note), note, 0)
        leaf = state.seal()
        state.add([leaf])
        segment = Segment(
            records=records, seal=leaf, head=state.head, tallies=state.entities.ordered()
        )
        # (3)
        log.put_segment(segment)
        # (4)
        if not log.swap_head(head.epoch, segment):
            continue
        # (5) and (6)
        note = _publish(log, signer, segment.head)
        return Sealed(_read(note), note, segment.head.tree.size - head.tree.size)
    raise LogBusyError(f"other sealers came first {MOST_ATTEMPTS} times")


def seal_all(log: AuditLog, signer: Signer) -> Sealed | None:
    """Seal until nothing is left: a storage may bound what one segment takes.

    Raises what :func:`seal` does.
    """
    while (sealed := seal(log, signer)) is not None and sealed.added:
        pass
    return sealed


def _publish(log: AuditLog, signer: Signer, head: Head) -> bytes:
    """Return the published checkpoint of a committed head, signing it if there is none."""
    size = head.tree.size
    note = log.checkpoint(size)
    if note is None:
        checkpoint = _checkpoint(signer, head, head.tree)
        note = sign_checkpoint(checkpoint, signer)
        if log.put_checkpoint(size, note, signer.key):
            return note
        # Another sealer published the same head between our look and our put.
        note = log.checkpoint(size) or b""
    _compare(_read(note), _checkpoint(signer, head, head.tree))
    return note


def _refuse_fork(log: AuditLog, signer: Signer, highest: Checkpoint | None, head: Head) -> None:
    if highest is not None and highest.size > head.tree.size:
        raise LogForkError(
            f"the log was rolled back: a checkpoint of size {highest.size:,} is published, and the "
            f"log is sealed up to {head.tree.size:,}; restore the records"
        )
    if highest is not None and highest.size == head.tree.size:
        _compare(highest, _checkpoint(signer, head, head.tree))
    elif head.previous.size:
        # Whoever swapped the head to its epoch had published the one before. If that is not the
        # highest that was read, others have sealed between the two reads.
        note = log.checkpoint(head.previous.size)
        if note is None:
            raise LogForkError(
                f"the checkpoint of size {head.previous.size:,} was published and is gone; "
                "restore it"
            )
        _compare(_read(note), _checkpoint(signer, head, head.previous))
    elif highest is not None:
        raise LogForkError(
            f"a checkpoint of size {highest.size:,} is published that the log never had"
        )


def _compare(published: Checkpoint, ours: Checkpoint) -> None:
    if published.origin != ours.origin:
        raise LogForkError(
            f"the log's checkpoints are of {published.origin}, the signing key would make them of "
            f"{ours.origin}; a new key for a log must have the name of the old one"
        )
    if published != ours:
        raise LogForkError(
            f"the published checkpoint of size {published.size:,} has another root than the log: "
            "records were changed after they were sealed; restore them"
        )


def _checkpoint(signer: Signer, head: Head, tree: TreeHead) -> Checkpoint:
    return Checkpoint(origin_of(signer.key, head.log or ""), tree.size, tree.root)


def _read(note: bytes) -> Checkpoint:
    try:
        return read_checkpoint(note)
    except ProofError as error:
        raise LogForkError(f"a published checkpoint cannot be read: {error}") from error
