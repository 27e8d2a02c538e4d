"""The RFC 6962 tree: published vectors, and a slow reading of the RFC that it must agree with."""

from __future__ import annotations

import hashlib
import itertools
import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rolecall.errors import ProofError
from rolecall.ledger.tree import (
    CompactRange,
    Tree,
    leaf_hash,
    leaf_hashes,
    node_hashes,
    verify_consistency,
    verify_inclusion,
)
from tests.tiers import examples

VECTORS: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "vectors" / "merkle" / "rfc6962.json").read_text()
)
LEAVES = [leaf_hash(bytes.fromhex(text)) for text in VECTORS["leaves"]]
ROOTS = [bytes.fromhex(text) for text in VECTORS["roots"]]
SOME = bytes.fromhex(VECTORS["some_hash"])
SIZES = [*range(1, 40), 63, 64, 65, 127, 128, 129, 255, 256, 257, 1_023, 1_024, 1_025]


def hashes(count: int) -> list[bytes]:
    """Return the hashes of some leaves."""
    return leaf_hashes(b"%d" % number for number in range(count))


def refuses(verify: Callable[..., None], *arguments: object) -> bool:
    """Return whether a verification fails."""
    try:
        verify(*arguments)
    except ProofError:
        return True
    return False


def from_hex(texts: list[str]) -> list[bytes]:
    """Return hashes from hex."""
    return [bytes.fromhex(text) for text in texts]


# -- published vectors -----------------------------------------------------------------------------


def test_published_nodes() -> None:
    level = LEAVES
    for published in VECTORS["nodes"]:
        assert level == from_hex(published)
        level = node_hashes(level)


@pytest.mark.parametrize("size", range(9))
def test_published_roots(size: int) -> None:
    range_ = CompactRange()
    range_.extend(LEAVES[:size])
    assert range_.root() == Tree(LEAVES[:size]).root() == Tree(LEAVES).root(size) == ROOTS[size]


@pytest.mark.parametrize("vector", VECTORS["inclusion"], ids=str)
def test_published_inclusion_proofs(vector: dict[str, Any]) -> None:
    index, size, proof = vector["index"], vector["size"], from_hex(vector["proof"])
    assert Tree(LEAVES).inclusion_proof(index, size) == proof
    verify_inclusion(LEAVES[index], index, size, proof, ROOTS[size])
    for name, arguments in inclusion_corruptions(index, size, proof).items():
        assert refuses(verify_inclusion, *arguments), name


def inclusion_corruptions(index: int, size: int, proof: list[bytes]) -> dict[str, Any]:
    """Return the corruptions that the published vectors have of each proof."""
    leaf, root = LEAVES[index], ROOTS[size]
    made: dict[str, Any] = {
        "index - 1": (leaf, index - 1, size, proof, root),
        "index + 1": (leaf, index + 1, size, proof, root),
        "index ^ 2": (leaf, index ^ 2, size, proof, root),
        "size * 2": (leaf, index, size * 2, proof, root),
        "size // 2": (leaf, index, size // 2, proof, root),
        "wrong leaf": (b"WrongLeaf", index, size, proof, root),
        "empty root": (leaf, index, size, proof, ROOTS[0]),
        "random root": (leaf, index, size, proof, SOME),
        "trailing garbage": (leaf, index, size, [*proof, b""], root),
        "trailing root": (leaf, index, size, [*proof, root], root),
        "preceding garbage": (leaf, index, size, [b"", *proof], root),
        "preceding root": (leaf, index, size, [root, *proof], root),
    }
    for at, one in enumerate(proof):
        flipped = bytes([one[0] ^ 8]) + one[1:]
        changed = [*proof[:at], flipped, *proof[at + 1 :]]
        made[f"modified proof {at}"] = (leaf, index, size, changed, root)
    if proof:
        made["removed component"] = (leaf, index, size, proof[:-1], root)
    if len(proof) > 1:
        inserted = [proof[0], SOME, *proof[1:]]
        made["inserted component"] = (leaf, index, size, inserted, root)
    return made


@pytest.mark.parametrize("vector", VECTORS["consistency"], ids=str)
def test_published_consistency_proofs(vector: dict[str, Any]) -> None:
    old, new, proof = vector["old"], vector["new"], from_hex(vector["proof"])
    assert Tree(LEAVES).consistency_proof(old, new) == proof
    verify_consistency(old, new, proof, ROOTS[old], ROOTS[new])
    for name, arguments in consistency_corruptions(old, new, proof).items():
        assert refuses(verify_consistency, *arguments), name


def consistency_corruptions(old: int, new: int, proof: list[bytes]) -> dict[str, Any]:
    """Return the corruptions that the published vectors have of each proof."""
    if not proof:
        return {}
    one, two = ROOTS[old], ROOTS[new]
    made: dict[str, Any] = {
        "old - 1": (old - 1, new, proof, one, two),
        "old + 1": (old + 1, new, proof, one, two),
        "old ^ 2": (old ^ 2, new, proof, one, two),
        "new * 2": (old, new * 2, proof, one, two),
        "new // 2": (old, new // 2, proof, one, two),
        "wrong root 1": (old, new, proof, b"WrongRoot", two),
        "wrong root 2": (old, new, proof, one, b"WrongRoot"),
        "swapped roots": (old, new, proof, two, one),
        "empty proof": (old, new, [], one, two),
    }
    for name, extra in (("garbage", b""), ("root 1", one), ("root 2", two), ("own", proof[0])):
        made[f"preceding {name}"] = (old, new, [extra, *proof], one, two)
        made[f"trailing {name}"] = (old, new, [*proof, extra], one, two)
    made["truncated"] = (old, new, proof[:-1], one, two)
    for at, hash_ in enumerate(proof):
        flipped = bytes([hash_[0] ^ 16]) + hash_[1:]
        changed = [*proof[:at], flipped, *proof[at + 1 :]]
        made[f"modified proof {at}"] = (old, new, changed, one, two)
    return made


ODD = b"no hash"
TRIVIAL: list[tuple[int, int, bytes, bytes, list[bytes], bool]] = [
    (0, 0, ODD, SOME, [], False),
    (1, 1, ODD, SOME, [], False),
    (0, 0, ODD, ODD, [], True),
    (0, 1, ODD, SOME, [], True),
    (1, 1, SOME, SOME, [], True),
    (1, 0, ODD, SOME, [], False),
    (2, 1, ODD, SOME, [], False),
    (1, 2, ODD, SOME, [], False),
    (0, 0, ROOTS[0], ROOTS[0], [ROOTS[0]], False),
    (0, 1, ROOTS[0], ROOTS[0], [ROOTS[0]], False),
    (1, 1, ROOTS[0], ROOTS[0], [ROOTS[0]], False),
]


@pytest.mark.parametrize(("old", "new", "one", "two", "proof", "is_valid"), TRIVIAL)
def test_published_sizes_that_prove_little(
    old: int, new: int, one: bytes, two: bytes, proof: list[bytes], is_valid: bool
) -> None:
    if is_valid:
        verify_consistency(old, new, proof, one, two)
    else:
        with pytest.raises(ProofError):
            verify_consistency(old, new, proof, one, two)


# -- the RFC, read slowly --------------------------------------------------------------------------


def split(count: int) -> int:
    """Return k of section 2.1: the largest power of two smaller than the count."""
    return max(1 << n for n in range(20) if 1 << n < count)


def mth(leaves: list[bytes]) -> bytes:
    """Return the Merkle tree hash of section 2.1, over leaf hashes."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = split(len(leaves))
    return hashlib.sha256(b"\x01" + mth(leaves[:k]) + mth(leaves[k:])).digest()


def path(m: int, leaves: list[bytes]) -> list[bytes]:
    """Return PATH of section 2.1.1."""
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if m < k:
        return [*path(m, leaves[:k]), mth(leaves[k:])]
    return [*path(m - k, leaves[k:]), mth(leaves[:k])]


def subproof(m: int, leaves: list[bytes], known: bool) -> list[bytes]:
    """Return SUBPROOF of section 2.1.2."""
    if m == len(leaves):
        return [] if known else [mth(leaves)]
    k = split(len(leaves))
    if m <= k:
        return [*subproof(m, leaves[:k], known), mth(leaves[k:])]
    return [*subproof(m - k, leaves[k:], False), mth(leaves[:k])]


@pytest.mark.parametrize("size", SIZES)
def test_roots_and_proofs_are_those_of_the_rfc(size: int) -> None:
    leaves = hashes(size)
    tree, root = Tree(leaves), mth(leaves)
    assert tree.size == size
    assert tree.root() == root
    assert Tree([*leaves, *hashes(3)]).root(size) == root
    range_ = CompactRange()
    range_.extend(leaves)
    assert (range_.size, range_.root(), range_.edge()) == (size, root, tree.edge(size))
    for index in {*range(min(size, 20)), size // 2, size - 1}:
        proof = tree.inclusion_proof(index)
        assert proof == path(index, leaves)
        assert len(proof) <= math.ceil(math.log2(size))
        verify_inclusion(leaves[index], index, size, proof, root)
    for old in {*range(1, min(size, 20) + 1), size // 2 or 1, size}:
        proof = tree.consistency_proof(old)
        assert proof == subproof(old, leaves, True)
        verify_consistency(old, size, proof, mth(leaves[:old]), root)


@settings(max_examples=examples(60))
@given(st.lists(st.integers(0, 70), max_size=12))
def test_a_range_grows_by_any_steps(steps: list[int]) -> None:
    leaves = hashes(sum(steps))
    whole, stepwise, at = CompactRange(), CompactRange(), 0
    whole.extend(leaves)
    for step in steps:
        before = stepwise.copy()
        stepwise.extend(leaves[at : at + step])
        at += step
        again = CompactRange.of(before.size, before.edge())
        again.extend(leaves[at - step : at])
        assert again.root() == stepwise.root() == Tree(leaves).root(at)
    assert (whole.size, whole.root(), whole.edge()) == (at, stepwise.root(), stepwise.edge())


@settings(max_examples=examples(200))
@given(st.data())
def test_any_change_of_an_inclusion_proof_is_seen(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 200))
    index = data.draw(st.integers(0, size - 1))
    tree = Tree(hashes(size))
    leaf, proof, root = hashes(size)[index], tree.inclusion_proof(index), tree.root()
    parts = [leaf, *proof, root]
    at, bit = data.draw(st.integers(0, len(parts) - 1)), data.draw(st.integers(0, 255))
    changed = bytearray(parts[at])
    changed[bit // 8] ^= 1 << bit % 8
    parts[at] = bytes(changed)
    with pytest.raises(ProofError):
        verify_inclusion(parts[0], index, size, parts[1:-1], parts[-1])
    other = (index + 1) % size
    assert (other == index) != refuses(verify_inclusion, leaf, other, size, proof, root)


@settings(max_examples=examples(200))
@given(st.data())
def test_any_change_of_a_consistency_proof_is_seen(data: st.DataObject) -> None:
    new = data.draw(st.integers(2, 200))
    old = data.draw(st.integers(1, new - 1))
    tree = Tree(hashes(new))
    parts = [tree.root(old), *tree.consistency_proof(old), tree.root()]
    at, bit = data.draw(st.integers(0, len(parts) - 1)), data.draw(st.integers(0, 255))
    changed = bytearray(parts[at])
    changed[bit // 8] ^= 1 << bit % 8
    parts[at] = bytes(changed)
    with pytest.raises(ProofError):
        verify_consistency(old, new, parts[1:-1], parts[0], parts[-1])


@settings(max_examples=examples(60))
@given(st.integers(1, 60), st.integers(1, 60), st.integers(0, 59))
def test_a_tree_that_is_no_continuation_has_no_proof(one: int, more: int, changed: int) -> None:
    """Change one leaf of the earlier tree: no honest proof of either history helps."""
    leaves = hashes(one + more)
    forged = [*leaves]
    forged[changed % one] = SOME
    for proof in (Tree(leaves).consistency_proof(one), Tree(forged).consistency_proof(one)):
        with pytest.raises(ProofError):
            verify_consistency(
                one, one + more, proof, Tree(leaves[:one]).root(), Tree(forged).root()
            )


IMPOSSIBLE: list[Callable[[Tree], object]] = [
    lambda tree: tree.inclusion_proof(5),
    lambda tree: tree.inclusion_proof(-1),
    lambda tree: tree.inclusion_proof(2, 2),
    lambda tree: tree.inclusion_proof(0, 6),
    lambda tree: tree.consistency_proof(6),
    lambda tree: tree.consistency_proof(-1),
    lambda tree: tree.consistency_proof(3, 2),
    lambda tree: tree.root(6),
    lambda tree: tree.edge(6),
]


@pytest.mark.parametrize("ask", IMPOSSIBLE)
def test_proofs_that_cannot_be(ask: Callable[[Tree], object]) -> None:
    with pytest.raises(ValueError, match=r"\d"):
        ask(Tree(hashes(5)))


@pytest.mark.parametrize(
    ("size", "edge"), [(1, []), (3, [SOME]), (2, [SOME, SOME]), (1, [b"short"]), (-1, [SOME])]
)
def test_an_edge_that_is_none(size: int, edge: list[bytes]) -> None:
    with pytest.raises(ProofError, match="edge"):
        CompactRange.of(size, edge)


def test_a_leaf_cannot_pass_for_a_node() -> None:
    for one, two in itertools.pairwise(hashes(4)):
        assert leaf_hash(one + two) != node_hashes([one, two])[0]
