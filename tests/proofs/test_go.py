"""An independent verifier, in Go, agrees with ours: on what is valid, and on what is not.

It is built from ``tests/vectors/go``.
"""

from __future__ import annotations

import base64
import json
import os
import random
import shutil
import subprocess
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from rolecall.errors import ProofError
from rolecall.ledger.checkpoint import open_checkpoint
from rolecall.ledger.log import append
from rolecall.ledger.memory_log import MemoryLog
from rolecall.ledger.note import LocalSigner, encode_base64
from rolecall.ledger.record import encode
from rolecall.ledger.sealing import seal
from rolecall.ledger.tree import Tree, leaf_hash, verify_consistency, verify_inclusion
from rolecall.ledger.verify import verify_log
from tests.functional.command import EXAMPLE, audit, rolecall
from tests.later import LATER, later, logged
from tests.proofs.logs import (
    AT,
    SIGNER,
    STRANGER,
    cosigned,
    events,
    sealed_log,
    write_directory,
    write_zip,
)

SOURCE = Path(__file__).parents[1] / "vectors" / "go" / "verify.go"
KEYS = [SIGNER.key]

pytestmark = pytest.mark.needs("go")


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the verifier."""
    path = tmp_path_factory.mktemp("go") / "verify"
    environment = {
        **os.environ,
        "GOPATH": "/usr/share/gocode",
        "GO111MODULE": "off",
        "GOFLAGS": "",
        "GOCACHE": str(path.with_name("cache")),
    }
    subprocess.run(["go", "build", "-o", path, SOURCE], check=True, env=environment)
    return path


def verdicts(program: Path, *arguments: object) -> list[str]:
    """Return what the verifier says, a line each."""
    done = subprocess.run(
        [program, *map(str, arguments)], capture_output=True, text=True, check=False
    )
    assert done.returncode in (0, 1), done.stderr
    return done.stdout.splitlines()


def judged(program: Path, cases: Sequence[dict[str, Any]]) -> list[bool]:
    """Return whether the verifier accepts each case."""
    done = subprocess.run(
        [program, "cases"],
        input="".join(json.dumps(case) + "\n" for case in cases),
        capture_output=True,
        text=True,
        check=True,
    )
    said = [line.split()[0] == "ok" for line in done.stdout.splitlines()]
    assert len(said) == len(cases)
    return said


def accepts(check: Callable[..., object], *arguments: object) -> bool:
    """Return whether ours accepts."""
    try:
        check(*arguments)
    except ProofError:
        return False
    return True


# -- what an audit wrote ---------------------------------------------------------------------------


def test_go_accepts_what_the_audit_of_the_demo_wrote_and_no_edit_of_it(
    program: Path, tmp_path: Path
) -> None:
    key_file, log = tmp_path / "key", tmp_path / "log"
    key = rolecall("key", "new", "--signing-key", key_file).text.strip()
    for as_of in ("2026-11-02", "2027-02-01"):
        ended = audit(EXAMPLE, "--log", log, "--signing-key", key_file, as_of=as_of)
        assert ended.status == 0
    assert verdicts(program, "log", key, log)[0].startswith("ok ")
    [said] = verdicts(program, "flip", key, log)
    assert said.startswith("ok flipped ")
    assert said.endswith(" accepted 0")
    # Whole files, edited here and there, by both programs as a person runs them.
    chance = random.Random(3)  # noqa: S311
    copies = []
    for number in range(60):
        copy = Path(shutil.copytree(log, tmp_path / f"copy{number}"))
        sizes = sorted((copy / "checkpoints").iterdir(), key=lambda path: int(path.name))
        path = chance.choice([copy / "records.jsonl"] * 4 + sizes)
        data = bytearray(path.read_bytes())
        data[chance.randrange(len(data))] ^= chance.randrange(1, 256)
        path.write_bytes(data)
        copies.append(copy)
    said_by_go = [line.split()[0] for line in verdicts(program, "log", key, *copies)]
    assert said_by_go == ["bad"] * len(copies)
    assert [rolecall("verify", copy, "--key", key).status for copy in copies] == [1] * len(copies)


def test_go_accepts_every_bundle(program: Path, tmp_path: Path) -> None:
    log = sealed_log(200, 8)
    paths = []
    for number, (entity, since) in enumerate(
        (entity, since)
        for entity in (None, "rare", "north", "nobody")
        for since in (None, AT + timedelta(days=1), AT + timedelta(days=7), AT + timedelta(days=99))
    ):
        paths.append(tmp_path / f"{number}.zip")
        write_zip(paths[-1], log, entity, since)
    said = verdicts(program, "bundle", SIGNER.key, *paths)
    assert [line.split()[0] for line in said] == ["ok"] * 16, said
    assert {line.split()[0] for line in verdicts(program, "bundle", STRANGER.key, *paths)} == {
        "bad"
    }


def test_go_accepts_the_vectors(program: Path) -> None:
    folder = SOURCE.parents[1] / "log"
    key = (folder / "key.pub").read_text().strip()
    assert verdicts(program, "log", key, folder) == ["ok 124 124"]
    said = verdicts(program, "bundle", key, *sorted(folder.glob("*.zip")))
    assert [line.split()[:2] for line in said] == [["ok", "124"]] * 5


# -- the log of a thousand records -----------------------------------------------------------------


@pytest.fixture(scope="module")
def log() -> MemoryLog:
    """Return a log of a thousand records."""
    return sealed_log(1_000, 10)


def test_no_byte_of_a_thousand_records_can_be_changed(
    program: Path, log: MemoryLog, tmp_path: Path
) -> None:
    write_directory(tmp_path / "log", list(log.leaves()), log.checkpoints)
    [said] = verdicts(program, "flip", SIGNER.key, tmp_path / "log")
    _, _, flipped, _, accepted = said.split()
    assert int(flipped) > 500_000
    assert accepted == "0"


def test_both_see_what_was_dropped_doubled_swapped_or_cut(
    program: Path, log: MemoryLog, tmp_path: Path
) -> None:
    leaves = list(log.leaves())
    changed = []
    for at in (0, 1, 99, 100, 101, 500, 1_007, 1_008):
        changed += [
            [*leaves[:at], *leaves[at + 1 :]],
            [*leaves[: at + 1], *leaves[at:]],
            [*leaves[:at], leaves[at + 1], leaves[at], *leaves[at + 2 :]],
            leaves[:at],
        ]
    copies = []
    for number, lines in enumerate([leaves, *changed]):
        copies.append(tmp_path / str(number))
        write_directory(copies[-1], lines, log.checkpoints)
    go = [line.split()[0] == "ok" for line in verdicts(program, "log", SIGNER.key, *copies)]
    ours = [accepts(verify_log, [lines], log.checkpoints, KEYS) for lines in [leaves, *changed]]
    assert go == ours == [True, *[False] * len(changed)]


def test_old_keys_verify_after_a_change(program: Path, tmp_path: Path) -> None:
    log = sealed_log(10, 2)
    after = LocalSigner(SIGNER.key.name, bytes(range(7, 39)))
    append(log, events(10, 5, 3))
    seal(log, after)
    write_directory(tmp_path / "all", list(log.leaves()), log.checkpoints)
    old = {size: note for size, note in log.checkpoints.items() if size < 14}
    write_directory(tmp_path / "old", list(log.leaves()), old)
    assert verdicts(program, "log", after.key, tmp_path / "all")[0].startswith("ok")
    assert verdicts(program, "log", SIGNER.key, tmp_path / "old")[0].startswith("ok")
    assert verdicts(program, "log", SIGNER.key, tmp_path / "all")[0].startswith("bad")


# -- notes -----------------------------------------------------------------------------------------


def test_both_judge_every_changed_note_alike(program: Path, log: MemoryLog) -> None:
    """They differ in one thing: base64 of our own signature that is not canonical."""
    note = cosigned(log.checkpoints[max(log.checkpoints)])
    notes = [note]
    for index in range(len(note)):
        for mask in (*(1 << bit for bit in range(8)), 0xFF, 0x55):
            changed = bytearray(note)
            changed[index] ^= mask
            notes.append(bytes(changed))
        notes += [note[:index], note[:index] + note[index + 1 :], note[:index] + note[index:] * 2]
        notes.append(note[:index] + b"\n" + note[index:])
    key = str(SIGNER.key)
    encoded = [base64.b64encode(one).decode() for one in notes]
    go = judged(program, [{"kind": "note", "vkey": key, "note": one} for one in encoded])
    ours = [accepts(open_checkpoint, one, KEYS) for one in notes]
    assert ours[0]
    assert ours.count(True) > 100
    assert ours.count(False) > 2_000
    differing = [one for one, a, b in zip(notes, go, ours, strict=True) if a != b]
    for one in differing:
        # Go takes it, and its text and the bytes that its base64 stands for are untouched.
        lines, original = one.split(b"\n"), note.split(b"\n")
        assert lines[:4] == original[:4]
        assert lines[4] != original[4]
        assert _signature(lines[4]) == _signature(original[4])
    assert 0 < len(differing) < 20


def _signature(line: bytes) -> bytes:
    return base64.b64decode(line.rpartition(b" ")[2])


# -- single proofs ---------------------------------------------------------------------------------


def test_both_judge_inclusion_alike(program: Path) -> None:
    chance = random.Random(5)  # noqa: S311
    cases, ours = [], []
    for size in (*range(1, 34), 63, 64, 65, 127, 128, 129, 1_000):
        tree = Tree(leaf_hash(b"%d" % n) for n in range(size))
        for index in {*range(min(size, 34)), size - 1, size // 2}:
            proof = tree.inclusion_proof(index)
            for changed, at, of in _changes(chance, proof, index, size):
                leaf = leaf_hash(b"%d" % index)
                cases.append(
                    {
                        "kind": "inclusion",
                        "index": at,
                        "size": of,
                        "leaf": encode_base64(leaf),
                        "root": encode_base64(tree.root()),
                        "proof": [encode_base64(one) for one in changed],
                    }
                )
                ours.append(accepts(verify_inclusion, leaf, at, of, changed, tree.root()))
    assert judged(program, cases) == ours
    assert ours.count(True) > 500
    assert ours.count(False) > 3_000


def test_both_judge_consistency_alike(program: Path) -> None:
    chance = random.Random(6)  # noqa: S311
    tree = Tree(leaf_hash(b"%d" % n) for n in range(140))
    cases, ours = [], []
    for new in (*range(1, 20), 31, 32, 33, 64, 65, 127, 128, 129, 140):
        for old in {*range(min(new, 18) + 1), new - 1, new // 2, new}:
            proof = tree.consistency_proof(old, new)
            for changed, before, after in _changes(chance, proof, old, new):
                roots = tree.root(old), tree.root(new)
                cases.append(
                    {
                        "kind": "consistency",
                        "size1": before,
                        "size2": after,
                        "root1": encode_base64(roots[0]),
                        "root2": encode_base64(roots[1]),
                        "proof": [encode_base64(one) for one in changed],
                    }
                )
                ours.append(accepts(verify_consistency, before, after, changed, *roots))
    assert judged(program, cases) == ours
    assert ours.count(True) > 200
    assert ours.count(False) > 1_000


def _changes(
    chance: random.Random, proof: list[bytes], first: int, second: int
) -> list[tuple[list[bytes], int, int]]:
    """Return a proof and what an attacker might make of it."""
    other = chance.randbytes(32)
    made = [(proof, first, second), ([*proof, other], first, second)]
    made += [(proof, first + 1, second), (proof, first, second + 1), (proof, first - 1, second)]
    if proof:
        at = chance.randrange(len(proof))
        made += [
            ([*proof[:at], other, *proof[at + 1 :]], first, second),
            ([*proof[:at], *proof[at + 1 :]], first, second),
            (proof[::-1], first, second),
        ]
    return made


def test_go_accepts_what_a_later_release_wrote(program: Path, tmp_path: Path) -> None:
    first = encode(events(0, 1, 0)[0], seq=0, shard=0, prev=None)
    log = logged([later(first, change) for change, _ in LATER.values()])
    write_directory(tmp_path / "log", [*log.leaves()], log.checkpoints)
    key = str(SIGNER.key)
    said = verdicts(program, "log", key, tmp_path / "log")
    assert said == [f"ok {len([*log.leaves()])} {len([*log.leaves()])}"]
    assert verdicts(program, "flip", key, tmp_path / "log")[0].endswith(" accepted 0")
    for name, entity in (("whole", None), ("entity", "north")):
        write_zip(tmp_path / f"{name}.zip", log, entity, None)
        assert verdicts(program, "bundle", key, tmp_path / f"{name}.zip")[0].startswith("ok ")
