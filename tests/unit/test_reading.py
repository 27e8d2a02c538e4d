"""What a later release writes is proven and counted, and is never taken for what it is not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import pytest

from rolecall.errors import LogConflictError, LogCorruptError, ProofError
from rolecall.finding_state import fold
from rolecall.ledger.event import ACTIONS, Event
from rolecall.ledger.file_log import FileLog
from rolecall.ledger.log import append, records
from rolecall.ledger.memory_log import MemoryLog
from rolecall.ledger.reading import LeafCounter, UnknownRecord, decode, unknown_parts
from rolecall.ledger.record import Record, encode, record_hash
from rolecall.ledger.sealing import seal
from rolecall.ledger.verify import verify_log
from rolecall.ledger.verify_bundle import verify_bundle
from rolecall.vault.life import lives
from tests.later import LATER, later, logged
from tests.proofs.logs import AT, SIGNER, bundle, events

ONE = encode(events(0, 1, 0)[0], seq=0, shard=0, prev=None)


@pytest.mark.parametrize("name", LATER)
def test_a_record_of_a_later_release_is_named(name: str) -> None:
    change, parts = LATER[name]
    data = later(ONE, change)
    assert unknown_parts(data) == parts
    record = decode(data)
    is_wider = all(part.startswith("field ") for part in parts)
    # Fields that are not known are left out; what is of another kind is no record of a known one.
    assert isinstance(record, Record if is_wider else UnknownRecord)
    assert (record.id, record.at, record.entity) == (events(0, 1, 0)[0].id, AT, "north")
    if isinstance(record, UnknownRecord):
        assert record.unknown == parts
        assert record.payload == {"n": 0}


def test_what_is_known_has_no_unknown_parts() -> None:
    assert unknown_parts(ONE) == ()
    for action in ACTIONS:
        assert unknown_parts(ONE.replace(b"finding.opened", action.encode())) == ()


ILL_FORMED: dict[str, dict[str, Any]] = {
    "an action that is none": {"action": "Finding Opened!"},
    "an action without a family": {"action": "opened"},
    "a kind that is none": {"subject": {"kind": "a page"}},
    "a subject without a kind": {"subject": {"page": "x"}},
    "another version": {"v": 2, "action": "page.moved"},
    "a number as text": {"seq": "0", "action": "page.moved"},
    "no date": {"at": "yesterday", "action": "page.moved"},
    "a payload that is none": {"payload": [], "action": "page.moved"},
}


@pytest.mark.parametrize("name", ILL_FORMED)
def test_what_is_ill_formed_is_no_record_of_any_release(name: str) -> None:
    data = later(ONE, ILL_FORMED[name])
    with pytest.raises(LogCorruptError, match="not a record"):
        decode(data)
    with pytest.raises(msgspec.DecodeError):
        unknown_parts(data)
    with pytest.raises(LogCorruptError):
        LeafCounter().add(data)


def test_who_writes_is_held_to_the_list() -> None:
    event = Event(
        id="x",
        at=AT,
        actor="audit",
        action="page.moved",  # type: ignore[arg-type]
        entity=None,
        subject=None,
        payload={},
    )
    with pytest.raises(ValueError, match=r"there is no action page\.moved"):
        append(MemoryLog(), [event])


# -- a log with such records ---------------------------------------------------------------------


def log_of(names: Sequence[str]) -> MemoryLog:
    """Return a sealed log of records of this release and of a later one, by turns."""
    return logged([later(ONE, LATER[name][0]) for name in names])


@pytest.mark.parametrize("name", LATER)
def test_a_log_with_one_is_valid_and_says_so(name: str) -> None:
    log = log_of([name])
    leaves = list(log.leaves())
    verified = verify_log([leaves], log.checkpoints, [SIGNER.key])
    assert (verified.records, verified.unknown) == (3, 1)
    assert dict(verified.parts) == dict.fromkeys(LATER[name][1], 1)
    # Alone, in a bundle, and of its entity.
    for made in (bundle(log), bundle(log, "north")):
        found = verify_bundle(made, [SIGNER.key])
        assert (found.unknown, dict(found.parts)) == (1, dict(verified.parts))


def test_a_part_of_a_log_counts_its_own() -> None:
    log = log_of([*LATER])
    append(log, events(50, 3, 2))
    seal(log, SIGNER)
    made = bundle(log, None, AT.replace(day=4))
    assert made.before is not None
    assert verify_bundle(made, [SIGNER.key]).unknown == 0
    assert verify_bundle(bundle(log), [SIGNER.key]).unknown == len(LATER)


def test_one_that_was_changed_is_found_out() -> None:
    log = log_of(["an action"])
    leaves = [leaf.replace(b"page.moved", b"page.mover") for leaf in log.leaves()]
    assert leaves != list(log.leaves())
    with pytest.raises(ProofError, match="does not follow"):
        verify_log([leaves], log.checkpoints, [SIGNER.key])


def test_a_seal_after_one_is_as_any() -> None:
    log = logged([later(ONE, LATER["an action"][0])], last=True)
    (sealed,) = [one for one in records(log) if one.action == "log.sealed"]
    assert sealed.at == AT
    assert verify_log([list(log.leaves())], log.checkpoints, [SIGNER.key]).unknown == 1


def test_the_same_id_with_another_content_is_a_conflict(tmp_path: Any) -> None:
    with FileLog.open(tmp_path / "log") as log:
        append(log, events(0, 1, 0))
    path = tmp_path / "log" / "records.jsonl"
    data = later(ONE, LATER["an action"][0])
    path.write_bytes(data + b"\n")
    with FileLog.open(tmp_path / "log") as log:
        with pytest.raises(LogConflictError):
            append(log, events(0, 1, 0))
        append(log, events(1, 1, 0))
        assert [record.id for record in records(log)] == [one.id for one in events(0, 2, 0)]
    second = path.read_bytes().splitlines()[1]
    assert msgspec.json.decode(second)["prev"] == record_hash(data)


def test_folds_pass_it_over_and_count_what_may_concern_them() -> None:
    told = {
        "page.moved": 0,
        "notice.sent": 0,
        "finding.merged": 1,
        "waiver.renewed": 1,
        "run.cancelled": 1,
        "secret.lent": 1,
    }
    for action, count in told.items():
        log = logged([later(ONE, {"action": action})], known=False)
        history = fold(records(log))
        assert (history.findings, history.unknown) == ({}, count), action
        assert lives(records(log)) == {}
    # Whatever it is called: what names a finding may say something of it.
    named = later(ONE, {"action": "page.moved", "payload": {"finding": "0" * 32}})
    assert fold(records(logged([named], known=False))).unknown == 1
