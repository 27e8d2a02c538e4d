"""The Merkle tree of RFC 6962: roots in a stream, and proofs that need no trust.

Invariants:

- A leaf hashes as ``SHA-256(0x00 || record)``, an inner node as ``SHA-256(0x01 || left || right)``
  (RFC 6962, section 2.1), so that no record can pass for a node. The empty tree hashes as
  SHA-256 of nothing.
- Hashes are 32 bytes. Indexes and sizes count leaves from 0.
- :func:`verify_inclusion` and :func:`verify_consistency` return nothing, or raise.

Deliberately elsewhere: what a leaf says (:mod:`rolecall.ledger.record`) and who vouches for a root
(:mod:`rolecall.ledger.checkpoint`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Self

from rolecall.errors import ProofError

__all__ = [
    "CompactRange",
    "Tree",
    "leaf_hash",
    "leaf_hashes",
    "node_hashes",
    "verify_consistency",
    "verify_inclusion",
]

_EMPTY = hashlib.sha256().digest()


def leaf_hash(record: bytes) -> bytes:
    """Return the hash of a leaf."""
    return hashlib.sha256(b"\0" + record).digest()


def leaf_hashes(records: Iterable[bytes]) -> list[bytes]:
    """Return the hashes of many leaves."""
    sha256 = hashlib.sha256
    return [sha256(b"\0" + record).digest() for record in records]


def node_hashes(nodes: Sequence[bytes]) -> list[bytes]:
    """Return the nodes above, one a pair; an odd last node has none."""
    sha256 = hashlib.sha256
    pairs = zip(nodes[::2], nodes[1::2], strict=False)
    return [sha256(b"\1" + left + right).digest() for left, right in pairs]


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


class CompactRange:
    """The right edge of a growing tree: all that is needed to add leaves and to know the root.

    It holds one hash for each bit that is set in the size: the roots of the complete subtrees that
    the leaves fill, at most 64 of them however large the tree.
    """

    def __init__(self) -> None:
        self._levels: list[bytes | None] = []

    @classmethod
    def of(cls, size: int, edge: Sequence[bytes]) -> Self:
        """Return the range that :meth:`edge` described.

        :param edge: the roots of the complete subtrees, the largest first.
        :raises ProofError: there is not one hash of 32 bytes for each bit of the size.
        """
        if size < 0 or len(edge) != size.bit_count() or any(len(hash_) != 32 for hash_ in edge):
            raise ProofError(f"the right edge of {size:,} leaves is not complete")
        made = cls()
        rest = list(edge)
        for level in range(size.bit_length()):
            made._levels.append(rest.pop() if size >> level & 1 else None)
        return made

    def copy(self) -> CompactRange:
        """Return a range that grows on its own."""
        made = CompactRange()
        made._levels = self._levels.copy()
        return made

    @property
    def size(self) -> int:
        """The number of leaves."""
        return sum(1 << level for level, node in enumerate(self._levels) if node is not None)

    def edge(self) -> list[bytes]:
        """Return the roots of the complete subtrees, the largest first."""
        return [node for node in reversed(self._levels) if node is not None]

    def extend(self, hashes: Sequence[bytes]) -> None:
        """Add leaves by their hashes."""
        nodes, level = list(hashes), 0
        # A binary counter that carries in bulk: at each level what waited there goes first, an odd
        # one stays behind to wait, and the pairs become the nodes of the level above.
        while nodes:
            if level == len(self._levels):
                self._levels.append(None)
            waiting = self._levels[level]
            if waiting is not None:
                nodes.insert(0, waiting)
            self._levels[level] = nodes.pop() if len(nodes) % 2 else None
            nodes = node_hashes(nodes)
            level += 1

    def root(self) -> bytes:
        """Return the root of the tree."""
        root = None
        for node in self._levels:
            if node is not None:
                root = node if root is None else _node(node, root)
        return _EMPTY if root is None else root


class Tree:
    """A whole tree in memory, 64 bytes a leaf and some, that makes proofs for any size up to it."""

    def __init__(self, hashes: Iterable[bytes]) -> None:
        # Level by level, the complete nodes alone, joined: node i of a level is its i-th 32 bytes.
        sha256 = hashlib.sha256
        level = b"".join(hashes)
        self._levels = [level]
        while len(level) >= 64:
            level = b"".join(
                sha256(b"\1" + level[at : at + 64]).digest() for at in range(0, len(level) - 63, 64)
            )
            self._levels.append(level)

    @property
    def size(self) -> int:
        """The number of leaves."""
        return len(self._levels[0]) // 32

    def root(self, size: int | None = None) -> bytes:
        """Return the root of the whole tree, or as it was at an earlier size."""
        size = self._size(size)
        return self._hash(0, size) if size else _EMPTY

    def edge(self, size: int) -> list[bytes]:
        """Return the roots of the complete subtrees of the first ``size`` leaves."""
        edge, at, rest = [], 0, self._size(size)
        while rest:
            step = 1 << (rest.bit_length() - 1)
            edge.append(self._hash(at, at + step))
            at, rest = at + step, rest - step
        return edge

    def inclusion_proof(self, index: int, size: int | None = None) -> list[bytes]:
        """Return the audit path of a leaf, bottom first (RFC 6962, section 2.1.1).

        :raises ValueError: there is no such leaf in a tree of that size.
        """
        low, high = 0, self._size(size)
        if not 0 <= index < high:
            raise ValueError(f"leaf {index} of {high}")
        path = []
        while high - low > 1:
            middle = low + _split(high - low)
            if index < middle:
                path.append(self._hash(middle, high))
                high = middle
            else:
                path.append(self._hash(low, middle))
                low = middle
        return path[::-1]

    def consistency_proof(self, old: int, new: int | None = None) -> list[bytes]:
        """Return the proof that a tree continues an earlier one (RFC 6962, section 2.1.2).

        :raises ValueError: the earlier size is not between 0 and the later one.
        """
        low, high = 0, self._size(new)
        if not 0 <= old <= high:
            raise ValueError(f"from {old} to {high}")
        if old in (0, high):
            return []
        path, known = [], True
        while old != high:
            middle = low + _split(high - low)
            if old <= middle:
                path.append(self._hash(middle, high))
                high = middle
            else:
                path.append(self._hash(low, middle))
                low, known = middle, False
        # The verifier knows the old root itself, but not a subtree in the middle of the tree.
        if not known:
            path.append(self._hash(low, high))
        return path[::-1]

    def _size(self, size: int | None) -> int:
        if size is None:
            return self.size
        if not 0 <= size <= self.size:
            raise ValueError(f"size {size} of a tree of {self.size}")
        return size

    def _hash(self, low: int, high: int) -> bytes:
        """Return the root of the leaves from ``low`` to ``high``, a subtree of the tree."""
        count = high - low
        if count & (count - 1) == 0:
            level = count.bit_length() - 1
            at = (low >> level) * 32
            return self._levels[level][at : at + 32]
        middle = low + _split(count)
        return _node(self._hash(low, middle), self._hash(middle, high))


def _split(count: int) -> int:
    """Return the largest power of two that is smaller than ``count``, which is at least 2."""
    return 1 << ((count - 1).bit_length() - 1)


def verify_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> None:
    """Check that a leaf stands at an index of the tree (RFC 9162, section 2.1.3.2).

    :param leaf: the hash of the leaf.
    :raises ProofError: it does not, or the proof does not show it.
    """
    if not 0 <= index < size:
        raise ProofError(f"leaf {index:,} is outside of a tree of {size:,}")
    position, last, hash_ = index, size - 1, leaf
    for sibling in proof:
        if last == 0 or len(sibling) != 32:
            raise ProofError(f"the proof of leaf {index:,} is malformed")
        if position & 1 or position == last:
            hash_ = _node(sibling, hash_)
            while position and not position & 1:
                position, last = position >> 1, last >> 1
        else:
            hash_ = _node(hash_, sibling)
        position, last = position >> 1, last >> 1
    if last:
        raise ProofError(f"the proof of leaf {index:,} is too short")
    if hash_ != root:
        raise ProofError(f"leaf {index:,} is not in the tree")


def verify_consistency(
    old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes
) -> None:
    """Check that a tree continues an earlier one (RFC 9162, section 2.1.4.2).

    :raises ProofError: it does not, or the proof does not show it.
    """
    if not 0 <= old <= new:
        raise ProofError(f"a tree of {new:,} leaves does not continue one of {old:,}")
    if old in (0, new):
        if proof:
            raise ProofError(f"the proof from {old:,} to {new:,} should be empty")
        if old == new and old_root != new_root:
            raise ProofError(f"two roots of the same {new:,} leaves")
        return
    # A complete old tree is itself the first node; the proof leaves it out.
    path = list(proof) if old & (old - 1) else [old_root, *proof]
    if not path or any(len(hash_) != 32 for hash_ in path):
        raise ProofError(f"the proof from {old:,} to {new:,} is malformed")
    if _fold_consistency(old, new, path) != (old_root, new_root):
        raise ProofError(f"the first {old:,} leaves are not what they were")


def _fold_consistency(old: int, new: int, path: Sequence[bytes]) -> tuple[bytes, bytes]:
    """Return the two roots that a path leads to (RFC 9162, section 2.1.4.2, steps 3 to 6)."""
    position, last = old - 1, new - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    before = after = path[0]
    for sibling in path[1:]:
        if last == 0:
            raise ProofError(f"the proof from {old:,} to {new:,} is too long")
        if position & 1 or position == last:
            before, after = _node(sibling, before), _node(sibling, after)
            while position and not position & 1:
                position, last = position >> 1, last >> 1
        else:
            after = _node(after, sibling)
        position, last = position >> 1, last >> 1
    if last:
        raise ProofError(f"the proof from {old:,} to {new:,} is too short")
    return before, after
