"""Measures sealing and verifying a log against the hashing that it cannot do without.

The floor is :mod:`hashlib` over the inputs of the same 2n-1 leaves and nodes, made beforehand and
held in memory: nothing but the hashes. The other side is a whole process: start of Python, reading,
parsing, all checks, writing, with modules compiled beforehand as from the second run on. CPU time
(user and system), by turns; the ratios of several rounds and their spread. Two logs: one sealed
once, and one sealed every night for years, with the tallies of 500 entities in each seal. Exits
with 1 when a promise is not kept, which the spread decides (:mod:`bench.spread`).

Usage: python bench/ledger.py [--records 1000000] [--nights 1000] [--rounds 3]
"""

from __future__ import annotations

import argparse
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from bench.bytecode import keeping_bytecode
from bench.spread import paired

__all__: list[str] = []

# Nothing is imported that takes memory: a process that starts another passes its peak on to it.
PROMISED_SEAL = 2.5
PROMISED_VERIFY = 3.0
PROMISED_BYTES = 64 * 2**20

_ROLECALL = str(Path(sys.executable).with_name("rolecall"))
_SEED = bytes(range(32))

_GENERATE = """\
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from rolecall.ledger.event import Event
from rolecall.ledger.note import LocalSigner
from rolecall.ledger.key_file import write_key_file
from rolecall.ledger.record import encode, record_hash
from rolecall.ledger.state import LedgerState
from rolecall.ledger.checkpoint import Checkpoint, origin_of, sign_checkpoint
from rolecall.model import Subject

directory, count, nights, is_sealed = Path(sys.argv[1]), *map(int, sys.argv[2:])
signer = LocalSigner("bench/log", bytes(range(32)))
(directory / "checkpoints").mkdir(parents=True)
(directory / "key.pub").write_text(f"{signer.key}\\n")
print(signer.key)
start, state, prev, seq = datetime(2020, 1, 1, tzinfo=UTC), LedgerState(), None, 0
with (directory / "records.jsonl").open("wb") as file:
    for night in range(nights):
        leaves, last = [], count * (night + 1) // nights
        for seq in range(count * night // nights, last):
            event = Event(
                id=f"{seq * 2654435761 % 2**128:032x}",
                at=start + timedelta(days=night),
                actor="audit",
                action="finding.opened",
                entity=f"entity-{seq * 7919 % 500:04}",
                subject=Subject("grant", account=f"acc-{seq:07}", person=f"p-{seq % 99991:06}"),
                payload={
                    "finding": f"{seq * 40503 % 2**128:032x}",
                    "version": 1,
                    "run": f"{night:032x}",
                    "control": "orphaned-admin",
                    "severity": "critical",
                    "evidence": {
                        "left_on": "2026-04-30", "role": "admin", "status": "left",
                        "person_id": f"p-{seq % 99991:06}",
                    },
                    "evidence_digest": f"{seq:064x}",
                },
            )
            leaf = encode(event, seq=seq, shard=0, prev=prev)
            prev = record_hash(leaf)
            leaves.append(leaf)
        if is_sealed:
            state.add(leaves)
            leaves.append(state.seal())
            state.add(leaves[-1:])
            tree = state.head.tree
            checkpoint = Checkpoint(origin_of(signer.key, state.log), tree.size, tree.root)
            (directory / "checkpoints" / str(tree.size)).write_bytes(
                sign_checkpoint(checkpoint, signer)
            )
        file.writelines(leaf + b"\\n" for leaf in leaves)
"""

_FLOOR = """\
import hashlib, sys, time
with open(sys.argv[1], "rb") as file:
    inputs = [b"\\0" + line[:-1] for line in file]
level = [hashlib.sha256(one).digest() for one in inputs]
while len(level) > 1:
    pairs = [b"\\1" + a + b for a, b in zip(level[::2], level[1::2])]
    inputs += pairs
    odd = level[len(pairs) * 2:]
    level = [hashlib.sha256(one).digest() for one in pairs] + odd
sha256 = hashlib.sha256
start = time.process_time()
for one in inputs:
    sha256(one).digest()
print(time.process_time() - start)
"""

_SEAL = """\
import gc, sys
from pathlib import Path
from rolecall.ledger.file_log import FileLog
from rolecall.ledger.note import LocalSigner
from rolecall.ledger.sealing import seal
gc.disable()  # As the command does.
with FileLog.open(Path(sys.argv[1])) as log:
    assert seal(log, LocalSigner("bench/log", bytes(range(32)))).added
"""

_PROOFS = """\
import sys, time
from rolecall.ledger import tree
count = int(sys.argv[1])
whole = tree.Tree(index.to_bytes(32, "big") for index in range(count))
root, indexes = whole.root(), range(0, count, max(1, count // 10_000))
start = time.process_time()
proofs = [whole.inclusion_proof(index) for index in indexes]
made = time.process_time()
for index, proof in zip(indexes, proofs):
    tree.verify_inclusion(index.to_bytes(32, "big"), index, count, proof, root)
checked = time.process_time()
calls = 0
node = tree._node
def counting(left, right):
    global calls
    calls += 1
    return node(left, right)
tree._node = counting
most = 0
for index, proof in zip(indexes, proofs):
    calls = 0
    tree.verify_inclusion(index.to_bytes(32, "big"), index, count, proof, root)
    most = max(most, calls)
n = len(proofs)
print(max(map(len, proofs)), most, (made - start) / n * 1e6, (checked - made) / n * 1e6)
"""


class _Use(NamedTuple):
    """What a process took: seconds of CPU, bytes of memory at its peak, what it printed."""

    cpu: float
    memory: int
    printed: str


def _run(*command: object, environment: Mapping[str, str] | None = None) -> _Use:
    read, write = os.pipe()
    process = subprocess.Popen([str(part) for part in command], stdout=write, env=environment)
    os.close(write)
    with os.fdopen(read) as output:
        printed = output.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command[0]}: ended with {process.returncode}")
    return _Use(usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024, printed)


def _python(program: str, *arguments: object, environment: Mapping[str, str] | None = None) -> _Use:
    return _run(sys.executable, "-c", program, *arguments, environment=environment)


class _Round(NamedTuple):
    """The floor, and what sealing and verifying took, both logs."""

    floor: float
    seal: _Use
    once: _Use
    nightly: _Use


def _round(base: Path, key: str) -> _Round:
    fresh = base / "fresh"
    records = fresh / "records.jsonl"
    size = records.stat().st_size
    floor = float(_python(_FLOOR, records).printed)
    environment = keeping_bytecode(base)
    seal = _python(_SEAL, fresh, environment=environment)
    once = _run(_ROLECALL, "verify", fresh, "--key", key, environment=environment)
    nightly = _run(_ROLECALL, "verify", base / "nightly", "--key", key, environment=environment)
    # Back to where the seal started.
    with records.open("r+b") as file:
        file.truncate(size)
    for path in (fresh / "checkpoints").iterdir():
        path.unlink()
    return _Round(floor, seal, once, nightly)


def _compile(base: Path) -> None:
    """Seal and verify a small log once: whatever the commands import is compiled then."""
    small = base / "small"
    for name, *arguments in (("fresh", 100, 1, 0), ("nightly", 100, 2, 1)):
        key = _python(_GENERATE, small / name, *arguments).printed
    environment = keeping_bytecode(base)
    _python(_SEAL, small / "fresh", environment=environment)
    _run(_ROLECALL, "verify", small / "nightly", "--key", key.strip(), environment=environment)


def main() -> int:
    """Measure, print, and return the exit status."""
    parser = argparse.ArgumentParser(description="Measure the ledger.")
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--nights", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        base = Path(directory)
        began = time.monotonic()
        _python(_GENERATE, base / "fresh", options.records, 1, 0)
        key = _python(_GENERATE, base / "nightly", options.records, options.nights, 1).printed
        size = (base / "fresh" / "records.jsonl").stat().st_size
        print(
            f"{options.records:,} records of {size // options.records} bytes, made in "
            f"{time.monotonic() - began:.0f} s; {options.rounds} rounds"
        )
        _compile(base)
        rounds = [_round(base, key.strip()) for _ in range(options.rounds)]
    floors = [one.floor for one in rounds]
    seals = paired([one.seal.cpu for one in rounds], floors)
    once = paired([one.once.cpu for one in rounds], floors)
    nightly = paired([one.nightly.cpu for one in rounds], floors)
    memory = max(one.seal.memory for one in rounds)
    print(f"floor     {statistics.median(floors):.2f} s of hashlib")
    print(f"seal      {seals}, peak {memory / 2**20:.0f} MiB")
    peak = max(one.once.memory for one in rounds) / 2**20
    print(f"verify    {once}, peak {peak:.0f} MiB")
    print(f"verify    {nightly} with {options.nights:,} seals and checkpoints")
    hashes, calls, made, checked = _python(_PROOFS, options.records).printed.split()
    wanted = math.ceil(math.log2(options.records))
    print(
        f"inclusion {hashes} hashes (ceil(log2 n) = {wanted}), checked with {calls}; "
        f"{float(made):.0f} us to make, {float(checked):.0f} us to check"
    )
    kept = (
        seals.at_most(PROMISED_SEAL)
        and once.at_most(PROMISED_VERIFY)
        and memory <= PROMISED_BYTES
        and int(hashes) <= wanted
        and int(calls) <= wanted + 1
    )
    print("every promise is kept" if kept else "a promise is NOT kept")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
