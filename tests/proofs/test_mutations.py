"""Every byte of a log, its checkpoint and its proofs is changed: each change is seen.

``make test`` changes every eighth, beginning elsewhere in each record and with each mask.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest

from rolecall.errors import LogCorruptError, ProofError, UnreadableError
from rolecall.ledger.bundle import BundleReader
from rolecall.ledger.checkpoint import open_checkpoint
from rolecall.ledger.memory_log import MemoryLog
from rolecall.ledger.state import LedgerState
from rolecall.ledger.tree import Tree, leaf_hash, leaf_hashes, verify_inclusion
from rolecall.ledger.verify import verify_log
from rolecall.ledger.verify_bundle import verify_bundle
from tests.proofs.logs import AT, SIGNER, MemoryBundle, bundle, cosigned, sealed_log, write_zip
from tests.tiers import cases

# Over and over the same code: other tests say whether it is covered.
pytestmark = pytest.mark.no_cover

KEYS = [SIGNER.key]
PARTS = 8
STEP = cases("bytes")
"""Of how many bytes one is changed."""


@cache
def log() -> MemoryLog:
    """Return a log of a thousand records over ten nights."""
    return sealed_log(1_000, 10)


@cache
def leaves() -> list[bytes]:
    """Return its leaves."""
    return list(log().leaves())


def is_valid(changed: list[bytes]) -> bool:
    """Return whether the log verifies with other leaves."""
    try:
        verify_log([changed], log().checkpoints, KEYS)
    except ProofError:
        return False
    return True


def flipped(data: bytes, *masks: int, first: int = 0) -> Iterator[tuple[int, bytes]]:
    """Yield data with bytes changed, each by each mask.

    :param first: which byte to begin with, where not every one is changed.
    """
    for number, mask in enumerate(masks):
        for index in range((first + number) % STEP, len(data), STEP):
            changed = bytearray(data)
            changed[index] ^= mask
            yield index, bytes(changed)


def test_the_log_is_valid_to_begin_with() -> None:
    assert len(leaves()) == 1_010
    assert is_valid(leaves())


@pytest.mark.parametrize("part", range(PARTS))
def test_every_byte_of_every_record(part: int) -> None:
    """A verification goes on from the state before the change, which is what it would have."""
    state, tree = LedgerState(strict=True), Tree(leaf_hashes(leaves()))
    root = tree.root()
    count = 0
    for index, leaf in enumerate(leaves()):
        if index % PARTS == part:
            path = tree.inclusion_proof(index)
            for _, changed in flipped(leaf, 1, first=index):
                count += 1
                # The tree sees it, whatever the other checks do.
                with pytest.raises(ProofError):
                    verify_inclusion(leaf_hash(changed), index, tree.size, path, root)
                assert not _continues(state.copy(), index, changed)
        state.add([leaf])
    assert count > 25_000 / STEP


def _continues(state: LedgerState, index: int, changed: bytes) -> bool:
    try:
        state.add([changed])
        state.add(leaves()[index + 1 :])
    except LogCorruptError:
        return False
    _, note = max(log().checkpoints.items())
    return state.range.root() == open_checkpoint(note, KEYS)[0].root


def test_bytes_here_and_there_through_the_whole_verification() -> None:
    spread = range(0, len(leaves()), 53)
    for index in spread:
        changed = bytearray(leaves()[index])
        changed[index * 7 % len(changed)] ^= 1 << index % 8
        assert not is_valid([*leaves()[:index], bytes(changed), *leaves()[index + 1 :]]), index


MOVES: dict[str, Callable[[list[bytes], int], list[bytes]]] = {
    "dropped": lambda ls, at: [*ls[:at], *ls[at + 1 :]],
    "twice": lambda ls, at: [*ls[: at + 1], *ls[at:]],
    "swapped": lambda ls, at: [*ls[:at], *ls[at : at + 2][::-1], *ls[at + 2 :]],
    "truncated": lambda ls, at: ls[:at],
    "moved to the end": lambda ls, at: [*ls[:at], *ls[at + 1 :], ls[at]],
    "replaced by a neighbour": lambda ls, at: [*ls[:at], ls[at - 1], *ls[at + 1 :]],
}


@pytest.mark.parametrize("name", MOVES)
def test_records_that_are(name: str) -> None:
    last = len(leaves()) - (1 if name in ("swapped", "moved to the end") else 0)
    places = {*range(0, last, 11), *range(95, 110), *range(last - 5, last)}
    for at in sorted(places):
        assert not is_valid(MOVES[name](leaves(), at)), at


# -- the checkpoint --------------------------------------------------------------------------------


def test_every_byte_of_the_checkpoint() -> None:
    _, note = max(log().checkpoints.items())
    for index, changed in flipped(note, *(1 << bit for bit in range(8)), 0xFF):
        with pytest.raises(ProofError):
            assert open_checkpoint(changed, KEYS) is None, index


def test_only_the_signature_of_a_stranger_may_change() -> None:
    size, note = max(log().checkpoints.items())
    both = cosigned(note)
    accepted = set()
    for index, changed in flipped(both, *(1 << bit for bit in range(8))):
        try:
            checkpoint, signed = open_checkpoint(changed, KEYS)
        except ProofError:
            continue
        accepted.add(index)
        assert (checkpoint.size, signed) == (size, KEYS)
    assert accepted
    assert min(accepted) > len(note)


# -- bundles ---------------------------------------------------------------------------------------

BUNDLES = {
    "an entity": {"entity": "rare"},
    "an entity since": {"entity": "rare", "since": AT + timedelta(days=6)},
    "nobody": {"entity": "nobody"},
    "nobody since": {"entity": "nobody", "since": AT + timedelta(days=6)},
    "since": {"since": AT + timedelta(days=9)},
}


@pytest.mark.parametrize("name", BUNDLES)
def test_every_byte_of_a_bundle(name: str) -> None:
    made = bundle(sealed_log(100, 10), **BUNDLES[name])  # type: ignore[arg-type]
    verify_bundle(made, KEYS)
    for part in ("note", "before", "document"):
        data: bytes = getattr(made, part) or b""
        for index, changed in flipped(data, 1, 0x20):
            setattr(made, part, changed)
            assert not _verifies(made), (part, index)
        setattr(made, part, data or None)
    for at, line in enumerate(made.lines):
        for index, changed in flipped(line, 1, first=at):
            made.lines[at] = changed
            assert not _verifies(made), (at, index)
        made.lines[at] = line
    verify_bundle(made, KEYS)


def _verifies(made: MemoryBundle) -> bool:
    try:
        verified = verify_bundle(made, KEYS)
    except ProofError:
        return False
    # The gap in which nobody stands is a gap for other names too: that they have no records is as
    # true, and the verdict names them.
    return not (verified.records == 0 and verified.entity not in (None, "rare", "nobody"))


@pytest.mark.parametrize("name", BUNDLES)
def test_lines_of_a_bundle_that_are_moved(name: str) -> None:
    made = bundle(sealed_log(100, 10), **BUNDLES[name])  # type: ignore[arg-type]
    lines = list(made.lines)
    for move in MOVES.values():
        for at in range(len(lines)):
            made.lines = move(lines, at)
            if made.lines != lines:
                assert not _verifies(made), at


def test_every_byte_of_a_zip(tmp_path: Path) -> None:
    """What a zip says of itself may change (a date, a mode); what is in it may not."""
    path = tmp_path / "proof.zip"
    write_zip(path, sealed_log(20, 2), "rare", None)
    whole, members = path.read_bytes(), _members(path.read_bytes())
    harmless = 0
    for index, changed in flipped(whole, 1):
        path.write_bytes(changed)
        try:
            with BundleReader(path) as reader:
                verify_bundle(reader, KEYS)
        except (ProofError, UnreadableError):
            continue
        assert _members(changed) == members, index
        harmless += 1
    assert harmless < len(whole) / 4


def _members(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        # The keys are there for people to read, and never used.
        return {name: archive.read(name) for name in archive.namelist() if name != "key.pub"}
