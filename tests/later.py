"""Records as a release that there is not yet could write them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rolecall.ledger.log import append
from rolecall.ledger.memory_log import MemoryLog
from rolecall.ledger.reading import decode
from rolecall.ledger.record import record_hash
from rolecall.ledger.sealing import seal
from tests.proofs.logs import SIGNER, events

__all__ = ["LATER", "later", "logged", "write_later"]

LATER: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "an action": ({"action": "page.moved"}, ("action page.moved",)),
    "an action of a family that is known": (
        {"action": "finding.merged"},
        ("action finding.merged",),
    ),
    "a kind of subject": (
        {"subject": {"kind": "page", "page": "p-1"}},
        ("field subject.page", "kind page"),
    ),
    "a field": ({"tenant": "north-1"}, ("field tenant",)),
    "a field of a subject": (
        {"subject": {"kind": "account", "account": "a-1", "tenant": "t"}},
        ("field subject.tenant",),
    ),
    "all of it": (
        {"action": "page.moved", "subject": {"kind": "page"}, "tenant": "t", "b": [1, {"c": None}]},
        ("field b", "field tenant", "action page.moved", "kind page"),
    ),
}
"""What is other about each, and what this release does not know of it."""


def later(record: bytes, change: Mapping[str, Any]) -> bytes:
    """Return a record with a change, in the form of records."""
    return json.dumps({**json.loads(record), **change}, separators=(",", ":")).encode()


class _Stored(MemoryLog):
    """A log into which a record can be put as it is."""

    def add(self, record: bytes) -> None:
        """Put a record at the end of the first shard."""
        mark = self.tail(0)
        data = later(record, {"seq": mark.next, "prev": mark.prev, "shard": 0})
        self.shards.setdefault(0, []).append(data)
        assert self.tail(0).prev == record_hash(data)
        assert decode(data).seq == mark.next


def logged(records: Sequence[bytes], *, known: bool = True, last: bool = False) -> MemoryLog:
    """Return a sealed log of these records, with some that are known around each.

    :param known: whether there are others.
    :param last: whether these come last.
    """
    log = _Stored()
    for number, record in enumerate(records):
        if known:
            append(log, events(20 + 2 * number, 1, 0))
        log.add(record)
        if known and not last:
            append(log, events(21 + 2 * number, 1, 0))
    seal(log, SIGNER)
    return log


def write_later(log: Path, change: Mapping[str, Any]) -> None:
    """Write a record to a log in files as a later release might: that of the last run, changed."""
    path = log / "records.jsonl"
    leaves = path.read_bytes().splitlines()
    last = next(one for one in reversed(leaves) if json.loads(one)["shard"] is not None)
    place = {"seq": json.loads(last)["seq"] + 1, "prev": record_hash(last)}
    record = later(last, {"id": f"later-{len(leaves)}", "payload": {}, **change, **place})
    with path.open("ab") as file:
        file.write(record + b"\n")
