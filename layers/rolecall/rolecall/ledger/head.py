"""How far a log goes, and what the next seal starts from. Pure data, stored as it is."""

from __future__ import annotations

from msgspec import Struct

from rolecall.ledger.tree import CompactRange

__all__ = ["Head", "Mark", "TreeHead"]


class Mark(Struct, frozen=True):
    """How far a shard goes: the number of its next record, the hash (hex) of its last."""

    next: int = 0
    prev: str | None = None


class TreeHead(Struct, frozen=True):
    """A size and the root of the tree at that size, 32 bytes."""

    size: int
    root: bytes


_NOTHING = TreeHead(0, CompactRange().root())


class Head(Struct, frozen=True, kw_only=True):
    """A sealed log: what the next seal starts from.

    ``epoch`` counts the seals; ``log`` is the log's id, ``None`` while nothing is sealed; ``edge``
    holds the right edge of the tree, the largest subtree first; ``tree`` is what the checkpoint of
    this epoch signs and ``previous`` what that of the one before did.
    """

    epoch: int = 0
    log: str | None = None
    tree: TreeHead = _NOTHING
    previous: TreeHead = _NOTHING
    edge: tuple[bytes, ...] = ()
    marks: dict[int, Mark] = {}
