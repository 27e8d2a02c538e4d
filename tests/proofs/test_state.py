"""The state of a log leaf by leaf: places, seals, and what each entity has."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from rolecall.errors import LogCorruptError, ProofError
from rolecall.ledger.entities import NOTHING, EntityTallies, Tally
from rolecall.ledger.head import Head
from rolecall.ledger.log import append
from rolecall.ledger.memory_log import MemoryLog
from rolecall.ledger.proofs import prove_entity, verify_entity
from rolecall.ledger.sealing import seal
from rolecall.ledger.state import LedgerState
from rolecall.ledger.tree import Tree, leaf_hash, leaf_hashes
from tests.proofs.logs import SIGNER, events, sealed_log
from tests.tiers import examples


def shards_log() -> MemoryLog:
    """Return a log of two shards over three seals."""
    log = MemoryLog()
    for night in range(3):
        for shard in (0, 1):
            append(log, events(night * 20 + shard * 10, 4 + night + shard, night), shard=shard)
        seal(log, SIGNER)
    append(log, events(900, 3, 4), shard=1)
    return log


LOG = shards_log()
LEAVES = list(LOG.leaves())
SEALS = [at for at, leaf in enumerate(LEAVES) if b'"log.sealed"' in leaf]


def state_of(leaves: list[bytes], *, strict: bool = True) -> LedgerState:
    """Return the state after some leaves."""
    state = LedgerState(strict=strict)
    state.add(leaves)
    return state


def same(one: LedgerState, two: LedgerState) -> bool:
    """Return whether two states are alike."""
    return (
        (one.size, one.head, one.marks, one.log) == (two.size, two.head, two.marks, two.log)
        and one.range.root() == two.range.root()
        and one.entities.ordered() == two.entities.ordered()
        and one.entities.root() == two.entities.root()
    )


# -- leaf by leaf ----------------------------------------------------------------------------------


@settings(max_examples=examples(60))
@given(st.lists(st.integers(0, len(LEAVES)), max_size=8), st.booleans())
def test_leaves_may_come_in_any_pieces(cuts: list[int], strict: bool) -> None:
    state = LedgerState(strict=strict)
    ends = sorted(cuts)
    for start, end in zip([0, *ends], [*ends, len(LEAVES)], strict=True):
        before = state.copy()
        state.add(LEAVES[start:end])
        # A copy stays behind, and can follow.
        assert before.size == start
        before.add(LEAVES[start:end])
        assert same(before, state)
    assert same(state, state_of(LEAVES))


@pytest.mark.parametrize("at", SEALS)
def test_a_state_goes_on_from_a_head(at: int) -> None:
    until = state_of(LEAVES[: at + 1])
    resumed = LedgerState.resume(until.head, until.entities.ordered())
    resumed.add(LEAVES[at + 1 :])
    assert same(resumed, state_of(LEAVES))


def test_an_empty_state() -> None:
    state = LedgerState()
    state.add([])
    assert (state.size, state.is_sealed, state.log, state.head) == (0, True, None, Head())
    with pytest.raises(ValueError, match="nothing was added"):
        state.seal()


def test_a_seal_says_what_stands_before_it() -> None:
    state = state_of(LEAVES[: SEALS[1]])
    document = json.loads(state.seal())
    assert state.seal() == LEAVES[SEALS[1]]
    assert document["payload"] == {
        "first": SEALS[0] + 1,
        "count": SEALS[1] - SEALS[0] - 1,
        "shards": {"0": 9, "1": 11},
        "entities": {
            "count": len(state.entities),
            "root": state.entities.root().hex(),
        },
    }
    assert (document["id"], document["seq"], document["shard"]) == ("seal/2", 2, None)
    assert document["at"] == json.loads(LEAVES[SEALS[1] - 1])["at"]
    state.add([state.seal()])
    assert state.is_sealed
    assert state.log == leaf_hash(LEAVES[0]).hex()[:16]
    with pytest.raises(ValueError, match="nothing was added"):
        state.seal()


def add_singly(state: LedgerState, leaves: list[bytes]) -> None:
    """Add leaves one by one."""
    for leaf in leaves:
        state.add([leaf])


def edited(at: int, old: bytes, new: bytes) -> list[bytes]:
    """Return the leaves with one of them edited."""
    assert LEAVES[at].count(old) == 1
    return [*LEAVES[:at], LEAVES[at].replace(old, new), *LEAVES[at + 1 :]]


WRONG: dict[str, tuple[Callable[[], list[bytes]], int, str]] = {
    "dropped": (lambda: [*LEAVES[:2], *LEAVES[3:]], 2, "has number 3, expected 2"),
    "doubled": (lambda: [*LEAVES[:3], *LEAVES[2:]], 3, "has number 2, expected 3"),
    "swapped": (lambda: [*LEAVES[:1], LEAVES[2], LEAVES[1], *LEAVES[3:]], 1, "number 2"),
    "first dropped": (lambda: LEAVES[1:], 0, "has number 1, expected 0"),
    "changed": (lambda: edited(1, b'"n":1', b'"n":7'), 2, "does not follow"),
    "shards swapped": (lambda: [*LEAVES[4:9], *LEAVES[:4], *LEAVES[9:]], 9, "not the seal"),
    "seal dropped": (lambda: [*LEAVES[: SEALS[0]], *LEAVES[SEALS[0] + 1 :]], SEALS[1] - 1, "seal"),
    "seal twice": (lambda: [*LEAVES[: SEALS[0] + 1], *LEAVES[SEALS[0] :]], SEALS[0] + 1, "seal"),
    "seal of another epoch": (lambda: edited(SEALS[0], b"seal/1", b"seal/2"), SEALS[0], "seal"),
    "seal of a shard": (
        lambda: edited(SEALS[0], b'"shard":null', b'"shard":0'),
        SEALS[0],
        "has number 1, expected 4",
    ),
    "a record in no shard": (lambda: edited(1, b'"shard":0', b'"shard":null'), 1, "not the seal"),
    "a seal first": (lambda: LEAVES[SEALS[0] :], 0, "not the seal"),
    "not JSON": (lambda: [*LEAVES[:5], b"{", *LEAVES[6:]], 5, "not a record"),
    "empty": (lambda: [*LEAVES[:5], b"", *LEAVES[6:]], 5, "not a record"),
}


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("name", WRONG)
def test_leaves_that_do_not_follow(name: str, strict: bool) -> None:
    make, leaf, why = WRONG[name]
    with pytest.raises(LogCorruptError, match=why) as caught:
        state_of(make(), strict=strict)
    assert caught.value.leaf == leaf
    # One at a time it is the same one.
    state = LedgerState(strict=strict)
    with pytest.raises(LogCorruptError, match=why) as caught:
        add_singly(state, make())
    assert caught.value.leaf == leaf


ILL_TYPED = {
    "version": (b'"v":1', b'"v":2'),
    "id": (b'"id":"', b'"id":["'),
    "at": (b"2026-11-02T00:00:00Z", b"2026-13-02T00:00:00Z"),
    "actor": (b'"actor":"audit"', b'"actor":12'),
    "text": (b'"actor":"audit"', b'"actor":"aud\xfft"'),
    "action": (b'"finding.opened"', b'"finding opened"'),
    "entity": (b'"entity":"south"', b'"entity":{}'),
    "subject": (b'"subject":null', b'"subject":1'),
    "payload": (b'"payload":{', b'"payload":[{'),
    "missing": (b'"actor":"audit",', b""),
}


@pytest.mark.parametrize("name", ILL_TYPED)
def test_a_verifier_holds_every_field_to_its_type(name: str) -> None:
    old, new = ILL_TYPED[name]
    with pytest.raises(LogCorruptError, match="not a record") as caught:
        state_of(edited(1, old, new))
    assert caught.value.leaf == 1


def test_any_byte_of_a_seal() -> None:
    before = state_of(LEAVES[: SEALS[0]])
    for at in range(len(LEAVES[SEALS[0]])):
        changed = bytearray(LEAVES[SEALS[0]])
        changed[at] ^= 1
        with pytest.raises(LogCorruptError):
            before.copy().add([bytes(changed)])


# -- entities --------------------------------------------------------------------------------------

SEGMENTS = st.lists(
    st.lists(st.sampled_from(["a", "b", "c", "ü", 'q"\\', "zz", None]), max_size=12), max_size=8
)


@settings(max_examples=examples(150))
@given(SEGMENTS, st.data())
def test_the_tally_of_each_entity(segments: list[list[str | None]], data: st.DataObject) -> None:
    """Held against the definition, however often the root was asked for on the way."""
    tallies = EntityTallies()
    rolling: dict[str, bytes] = {}
    counts: dict[str, int] = {}
    number = 0
    for segment in segments:
        hashes = [hashlib.sha256(b"%d" % (number + n)).digest() for n in range(len(segment))]
        number += len(segment)
        cut = data.draw(st.integers(0, len(segment)))
        tallies.add(segment[:cut], hashes[:cut])
        if data.draw(st.booleans()):
            tallies.root()
        tallies.add(segment[cut:], hashes[cut:])
        for entity in {entity for entity in segment if entity is not None}:
            own = [h for e, h in zip(segment, hashes, strict=True) if e == entity]
            rolling[entity] = hashlib.sha256(rolling.get(entity, NOTHING) + b"".join(own)).digest()
            counts[entity] = counts.get(entity, 0) + len(own)
        expected = [Tally(e, counts[e], rolling[e].hex()) for e in sorted(counts)]
        root = Tree(leaf_hash(tally.leaf()) for tally in expected).root()
        assert tallies.ordered() == expected
        assert tallies.root() == tallies.copy().root() == EntityTallies(expected).root() == root
        tallies.close()
        assert tallies.root() == root
        if data.draw(st.booleans()):
            tallies = EntityTallies(tallies.ordered())
    assert tallies.get("nobody") == Tally("nobody", 0, NOTHING.hex())
    assert len(tallies) == len(counts)


def test_a_leaf_of_the_tree_of_tallies() -> None:
    tally = Tally('a "b" ü', 3, "00" * 32)
    assert json.loads(tally.leaf()) == ['a "b" ü', 3, "00" * 32]
    assert tally.leaf() == f'["a \\"b\\" ü",3,"{"00" * 32}"]'.encode()


def few(count: int) -> list[Tally]:
    """Return tallies of the entities b, d, f ..."""
    names = "bdfhjlnpr"[:count]
    return [Tally(name, at + 1, f"{at:064x}") for at, name in enumerate(names)]


def root_of(tallies: list[Tally]) -> bytes:
    """Return the root over tallies."""
    return Tree(leaf_hashes(tally.leaf() for tally in tallies)).root()


@pytest.mark.parametrize("count", range(9))
def test_what_an_entity_has_is_proven(count: int) -> None:
    tallies = few(count)
    root = root_of(tallies)
    for entity in "abcdefghijklmnopqrs":
        proof = prove_entity(tallies, entity)
        known = {tally.entity: tally for tally in tallies}.get(entity)
        shown = verify_entity(proof, entity, count, root)
        assert shown == (known or Tally(entity, 0, NOTHING.hex()))
        assert (proof.tally is None) == (known is None)


@pytest.mark.parametrize("count", [1, 2, 5, 8])
def test_what_an_entity_does_not_have_cannot_be_proven(count: int) -> None:
    tallies = few(count)
    root = root_of(tallies)
    proofs = {entity: prove_entity(tallies, entity) for entity in "abcdefghijklmnopqrs"}
    for entity in "abcdefghij":
        right = verify_entity(proofs[entity], entity, count, root)
        for proof in proofs.values():
            forged = [
                proof,
                replace(proof, left=None),
                replace(proof, right=None),
                replace(proof, tally=None),
                replace(proof, left=proof.right, right=proof.left),
                replace(proof, right=proofs["s"].left),
                replace(proof, left=proofs["a"].right),
            ]
            for one in forged:
                try:
                    shown = verify_entity(one, entity, count, root)
                except ProofError:
                    continue
                # Whatever passes says what is true.
                assert shown == right


def test_a_tally_that_was_changed() -> None:
    tallies = few(5)
    proof = prove_entity(tallies, "d")
    assert proof.tally is not None
    for change in ({"count": 3}, {"rolling": "ff" * 32}, {"position": 2}, {"entity": "e"}):
        with pytest.raises(ProofError):
            verify_entity(
                replace(proof, tally=replace(proof.tally, **change)), "d", 5, root_of(tallies)
            )


def test_the_log_of_the_tests_is_what_it_seems() -> None:
    state = state_of(list(sealed_log(100, 4).leaves()))
    assert (state.head.epoch, state.size, state.entities.get("rare").count) == (4, 104, 2)
