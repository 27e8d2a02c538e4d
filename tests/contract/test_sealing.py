"""What sealing does on every storage, and what the one in files does beyond that."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from rolecall.errors import AuditLogError, LogCorruptError, LogForkError, ProofError
from rolecall.ledger.event import SEAL, Event
from rolecall.ledger.file_log import FileLog
from rolecall.ledger.log import AuditLog, append, records
from rolecall.ledger.log_files import LogFiles
from rolecall.ledger.memory_log import MemoryLog
from rolecall.ledger.note import LocalSigner
from rolecall.ledger.sealing import Sealed, seal, seal_all
from rolecall.ledger.verify import Verified, verify_log
from tests.cloud import cloud
from tests.simulation.world import InterruptedLog
from tests.tiers import cases, examples

AT = datetime(2026, 11, 2, tzinfo=UTC)
SIGNER = LocalSigner("test/log", bytes(range(32)))
NEXT = LocalSigner("test/log", bytes(range(1, 33)))
OTHER = LocalSigner("another", bytes(range(32)))


def events(*numbers: int, at: datetime = AT) -> list[Event]:
    """Return events of some numbers; every third has no entity."""
    return [
        Event(
            id=f"event-{number}",
            at=at,
            actor="test",
            action="finding.opened",
            entity=f"e{number % 4}" if number % 3 else None,
            subject=None,
            payload={"n": number},
        )
        for number in numbers
    ]


Opener = Callable[[], AbstractContextManager[AuditLog]]


@pytest.fixture(params=["memory", "file", "simulation", "dynamodb"])
def opener(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Opener]:
    """Return what opens one and the same log again and again."""
    memory = MemoryLog()

    @contextmanager
    def open_memory() -> Iterator[AuditLog]:
        yield memory

    @contextmanager
    def open_simulation() -> Iterator[AuditLog]:
        yield InterruptedLog(memory, lambda: None)

    def open_file() -> AbstractContextManager[AuditLog]:
        return FileLog.open(tmp_path / "log", wait=0)

    if request.param == "dynamodb":
        with cloud() as made:

            @contextmanager
            def open_table() -> Iterator[AuditLog]:
                yield made.stack().log

            yield open_table
    else:
        yield {"memory": open_memory, "file": open_file, "simulation": open_simulation}[
            request.param
        ]


def sealed(log: AuditLog, signer: LocalSigner = SIGNER) -> Sealed:
    """Seal a log that has records."""
    done = seal(log, signer)
    assert done is not None
    return done


def verified(log: AuditLog, *keys: LocalSigner, since: bytes | None = None) -> Verified:
    """Verify a log with all checkpoints that it has."""
    leaves = list(log.leaves())
    notes = {size: note for size in range(len(leaves) + 1) if (note := log.checkpoint(size))}
    return verify_log([leaves], notes, [key.key for key in keys or (SIGNER,)], since)


# -- every storage ---------------------------------------------------------------------------------


def test_an_empty_log_has_nothing_to_seal(opener: Opener) -> None:
    with opener() as log:
        assert seal(log, SIGNER) is None
        assert list(log.leaves()) == []
        assert log.highest() is None
        with pytest.raises(ProofError, match="no checkpoint"):
            verified(log)


def test_a_seal_covers_everything_before_it(opener: Opener) -> None:
    with opener() as log:
        append(log, events(0, 1, 2))
        done = sealed(log)
        assert (done.checkpoint.size, done.added) == (4, 4)
        last = list(records(log))[-1]
        assert (last.id, last.seq, last.shard, last.prev) == ("seal/1", 1, None, None)
        assert (last.action, last.at, last.entity) == (SEAL, AT, None)
        assert last.payload["first"] == 0
        assert last.payload["count"] == 3
        assert last.payload["shards"] == {"0": 3}
        assert last.payload["entities"]["count"] == 2
        assert log.highest() == log.checkpoint(4) == done.note
        assert verified(log).checkpoint == done.checkpoint
        assert verified(log).records == 3


def test_nothing_new_is_sealed_once(opener: Opener) -> None:
    with opener() as log:
        append(log, events(0))
        first = sealed(log)
        for _ in range(3):
            again = sealed(log)
            assert (again.checkpoint, again.note, again.added) == (first.checkpoint, first.note, 0)
    with opener() as log:
        assert sealed(log).note == first.note
        assert len(list(log.leaves())) == 2


def test_night_after_night(opener: Opener) -> None:
    kept = []
    for night in range(12):
        with opener() as log:
            append(log, events(*range(night * 3, night * 3 + night % 4)))
            done = seal(log, SIGNER)
            if done is not None:
                kept.append(done)
    with opener() as log:
        result = verified(log)
        assert result.records == sum(night % 4 for night in range(12))
        assert result.tail == 0
        # Whoever kept any of them can hold it against the log.
        for done in kept:
            assert verified(log, since=done.note).since == done.checkpoint


def test_the_same_events_give_the_same_log_wherever_they_are_stored(opener: Opener) -> None:
    expected = MemoryLog()
    for numbers in ((0, 1), (), (2, 3, 4)):
        append(expected, events(*numbers))
        seal(expected, SIGNER)
        with opener() as log:
            append(log, events(*numbers))
            seal(log, SIGNER)
    with opener() as log:
        assert list(log.leaves()) == list(expected.leaves())
        assert log.highest() == expected.highest()


def test_what_comes_after_the_seal_is_a_tail(opener: Opener) -> None:
    with opener() as log:
        append(log, events(0, 1))
        done = sealed(log)
        append(log, events(2))
        result = verified(log, since=done.note)
        assert (result.checkpoint, result.tail) == (done.checkpoint, 1)
        sealed(log)
        assert verified(log, since=done.note).tail == 0


def test_an_event_is_the_same_before_and_after_a_seal(opener: Opener) -> None:
    with opener() as log:
        append(log, events(0, 1))
        sealed(log)
        assert append(log, events(0, 1, 2)) == 1
        sealed(log)
        assert [r.id for r in records(log)] == [
            "event-0",
            "event-1",
            "seal/1",
            "event-2",
            "seal/2",
        ]
        assert [r.seq for r in records(log) if r.shard is not None] == [0, 1, 2]


def test_a_seal_cannot_be_appended_as_an_event(opener: Opener) -> None:
    with opener() as log:
        [event] = events(0)
        for forged in (replace(event, action=SEAL), replace(event, id="seal/1")):
            with pytest.raises(ValueError, match="a seal is not an event"):
                append(log, [forged])


def test_a_clock_set_back_a_year_changes_nothing(opener: Opener) -> None:
    with opener() as log:
        append(log, events(0, 1))
        first = sealed(log)
        append(log, events(2, 3, at=AT - timedelta(days=365)))
        second = sealed(log)
        assert second.checkpoint.size == 6
        assert [r.id for r in records(log) if r.shard == 0] == [f"event-{n}" for n in range(4)]
        assert verified(log, since=first.note).records == 4


def test_keys_are_changed_and_old_ones_go_on_verifying(opener: Opener) -> None:
    with opener() as log:
        append(log, events(0))
        old = sealed(log)
        append(log, events(1))
        new = sealed(log, NEXT)
        assert verify_log([list(log.leaves())[:2]], {2: old.note}, [SIGNER.key]).records == 1
        assert verified(log, SIGNER, NEXT, since=old.note).checkpoint == new.checkpoint
        alone = verified(log, NEXT)
        assert (alone.strangers, alone.key) == (1, NEXT.key)
        with pytest.raises(ProofError, match="not by a key that was given"):
            verified(log, SIGNER)
        with pytest.raises(ProofError, match="your checkpoint: signed by"):
            verified(log, NEXT, since=old.note)


def test_a_key_of_another_name_does_not_take_a_log_over(opener: Opener) -> None:
    with opener() as log:
        append(log, events(0))
        done = sealed(log)
        append(log, events(1))
        with pytest.raises(LogForkError, match="must have the name of the old one"):
            seal(log, OTHER)
        assert log.highest() == done.note
        assert sealed(log).checkpoint.size == 4


NIGHTS = st.lists(st.tuples(st.lists(st.integers(0, 12), max_size=6), st.booleans()), max_size=6)


@settings(max_examples=examples(30))
@given(NIGHTS)
def test_any_nights_verify_and_continue_each_other(
    tmp_path_factory: pytest.TempPathFactory, nights: list[tuple[list[int], bool]]
) -> None:
    memory, directory = MemoryLog(), tmp_path_factory.mktemp("log")
    kept: list[bytes] = []
    for numbers, seals in nights:
        with FileLog.open(directory, wait=0) as file:
            assert append(file, events(*numbers)) == append(memory, events(*numbers))
            if seals:
                done = seal(memory, SIGNER)
                assert seal(file, SIGNER) == done
                kept += [done.note] if done else []
    with FileLog.open(directory, wait=0) as file:
        assert list(file.leaves()) == list(memory.leaves())
    for note in kept:
        assert verified(memory, since=note).records == len(memory.ids)


# -- files -----------------------------------------------------------------------------------------


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """Return the directory of a log of three sealed nights."""
    for night in range(3):
        with FileLog.open(tmp_path / "log") as log:
            append(log, events(night * 2, night * 2 + 1))
            seal(log, SIGNER)
    return tmp_path / "log"


def test_what_is_in_the_directory(directory: Path) -> None:
    names = sorted(str(path.relative_to(directory)) for path in directory.rglob("*"))
    assert names == [
        "checkpoints",
        "checkpoints/3",
        "checkpoints/6",
        "checkpoints/9",
        "key.pub",
        "records.jsonl",
    ]
    assert (directory / "key.pub").read_text() == f"{SIGNER.key}\n"
    assert stat.S_IMODE((directory / "checkpoints").stat().st_mode) == 0o700
    assert SIGNER.secret().encode() not in b"".join(
        path.read_bytes() for path in directory.rglob("*") if path.is_file()
    )


def test_a_crash_at_every_byte_of_the_seal_is_repaired(directory: Path) -> None:
    """The last line is the seal of the third night; the checkpoint came after it."""
    path = directory / "records.jsonl"
    whole = path.read_bytes()
    checkpoint = directory / "checkpoints" / "9"
    note = checkpoint.read_bytes()
    # The last but one is the line without its end; where every byte takes too long, some of each.
    sizes = range(whole.rindex(b"\n", 0, -1) + 1, len(whole) + 1)
    for size in {*sizes[:: cases("bytes")], *sizes[-3:]}:
        path.write_bytes(whole[:size])
        checkpoint.unlink()
        with FileLog.open(directory, wait=0) as log:
            assert sealed(log).note == note
        assert path.read_bytes() == whole


def test_records_that_were_rolled_back_are_not_signed_again(directory: Path) -> None:
    path = directory / "records.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    for count in (0, 3, 6, 8):
        path.write_bytes(b"".join(lines[:count]))
        with FileLog.open(directory, wait=0) as log:
            append(log, events(70))
            with pytest.raises(LogForkError, match="rolled back"):
                seal(log, SIGNER)


def test_a_history_that_was_written_anew_is_not_signed(directory: Path, tmp_path: Path) -> None:
    with FileLog.open(tmp_path / "new") as log:
        for night in range(3):
            append(log, events(night * 2, 40 + night))
            seal(log, SIGNER)
    (directory / "records.jsonl").write_bytes((tmp_path / "new" / "records.jsonl").read_bytes())
    with FileLog.open(directory, wait=0) as log, pytest.raises(LogForkError, match="another root"):
        seal(log, SIGNER)


def test_an_event_twice_is_corrupt(directory: Path) -> None:
    memory = MemoryLog()
    append(memory, events(0, 1, 2))
    memory.ids.clear()
    append(memory, events(1))
    (directory / "records.jsonl").write_bytes(b"".join(leaf + b"\n" for leaf in memory.leaves()))
    with FileLog.open(directory, wait=0) as log, pytest.raises(LogCorruptError, match="twice"):
        append(log, events(9))


def test_a_checkpoint_is_never_replaced(directory: Path) -> None:
    with FileLog.open(directory, wait=0) as log:
        before = log.checkpoint(9)
        assert not log.put_checkpoint(9, b"other", SIGNER.key)
        assert log.checkpoint(9) == before
    assert [
        path.name for path in (directory / "checkpoints").iterdir() if path.name[0] == "."
    ] == []


def test_a_checkpoint_that_cannot_be_written_is_published_by_the_next_seal(
    directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with FileLog.open(directory, wait=0) as log:
        append(log, events(80))
        with monkeypatch.context() as patch:
            patch.setattr(os, "link", full)
            with pytest.raises(AuditLogError, match="No space left"):
                seal(log, SIGNER)
        assert log.checkpoint(11) is None
    with FileLog.open(directory, wait=0) as log:
        assert sealed(log).checkpoint.size == 11
        assert verified(log).tail == 0


def test_readers_neither_wait_nor_write(directory: Path) -> None:
    with (directory / "records.jsonl").open("ab") as file:
        file.write(b'{"torn')
    before = sorted((path, path.stat().st_mtime_ns) for path in directory.rglob("*"))
    files = LogFiles(directory)
    assert len(list(files.leaves())) == 9
    assert files.sizes() == [3, 6, 9]
    assert sorted((path, path.stat().st_mtime_ns) for path in directory.rglob("*")) == before


def test_two_processes_that_seal_at_once_leave_one_history(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path;"
        "from tests.contract.test_sealing import *;"
        "start = int(sys.argv[2]);\n"
        "for n in range(start, start + 10):\n"
        "    with FileLog.open(Path(sys.argv[1]), wait=60) as log:\n"
        "        append(log, events(n)); seal(log, SIGNER)\n"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "log")]
    root = Path(__file__).parents[2]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    running = [
        subprocess.Popen([*command, str(start)], cwd=root, env=environment)
        for start in (0, 100, 100)
    ]
    assert [process.wait(timeout=120) for process in running] == [0, 0, 0]
    with FileLog.open(tmp_path / "log", wait=0) as log:
        assert verified(log).records == 20
        assert len({r.id for r in records(log) if r.shard == 0}) == 20


def test_a_log_that_bounds_its_segments_is_sealed_to_the_end() -> None:
    with cloud() as made:
        log = made.stack().log
        log.bound = 2
        append(log, events(*range(5)), shard=0)
        append(log, events(*range(5, 8)), shard=1)
        done = seal_all(log, SIGNER)
        assert done is not None
        # Eight records, two to a segment, and a seal for each.
        assert done.checkpoint.size == 12
        assert [record.action for record in records(log)].count(SEAL) == 4
        assert verified(log).records == 8
        assert verified(log).tail == 0


# -- what stands under a name ----------------------------------------------------------------------


Plant = Callable[[str, bytes], object]
HIGH = "9" * 16


@contextmanager
def planted_in_files(tmp_path: Path) -> Iterator[tuple[Callable[[], AuditLog], Plant]]:
    """Give a log in files, and what writes beside its checkpoints."""
    opened: list[FileLog] = []

    def again() -> AuditLog:
        for one in opened:
            one.close()
        opened.append(FileLog.open(tmp_path / "log", wait=0))
        return opened[-1]

    def plant(name: str, note: bytes) -> None:
        (tmp_path / "log" / "checkpoints" / name).write_bytes(note)

    yield again, plant
    opened[-1].close()


@contextmanager
def planted_in_a_bucket(_: Path) -> Iterator[tuple[Callable[[], AuditLog], Plant]]:
    """Give a log on AWS, and what writes below its checkpoints."""
    with cloud() as made:

        def plant(name: str, note: bytes) -> None:
            # Over one that is there it becomes another version, which is what is read.
            bucket = made.stack().log.bucket
            padded = (
                name.zfill(20) if name.isascii() and name.isdigit() and name[0] != "0" else name
            )
            bucket.client.put_object(Bucket=bucket.name, Key=f"checkpoints/{padded}", Body=note)

        yield lambda: made.stack().log, plant


@pytest.mark.parametrize("where", [planted_in_files, planted_in_a_bucket])
@pytest.mark.parametrize(
    ("name", "content"),
    [
        *[(HIGH, what) for what in ("older", "empty", "nonsense", "stranger")],
        *[("000999999", what) for what in ("older", "empty")],
        *[("latest", what) for what in ("older", "empty")],
    ],
)
def test_what_is_planted_beside_the_checkpoints_is_no_checkpoint(
    tmp_path: Path, where: Any, name: str, content: str
) -> None:
    """With an old note under a later name, a rolled-back log would be sealed a second time."""
    with where(tmp_path) as (again, plant):
        log = again()
        append(log, events(0, 1))
        first = sealed(log)
        append(log, events(2, 3))
        latest = sealed(log)
        contents = {
            "older": first.note,
            "empty": b"",
            "nonsense": b"nonsense",
            "stranger": first.note.replace(b"test/log", b"ours/log"),
        }
        size = str(latest.checkpoint.size)
        plant(size if name == "latest" else name, contents[content])
        log = again()
        append(log, events(7))
        with pytest.raises(LogForkError, match="checkpoint"):
            seal(log, SIGNER)
        assert len([one for one in records(log) if one.action == SEAL]) == 2


@pytest.mark.parametrize("where", [planted_in_files, planted_in_a_bucket])
def test_what_is_no_number_is_no_checkpoint(tmp_path: Path, where: Any) -> None:
    """What a crash leaves beside the checkpoints, or a person, hinders nobody."""
    with where(tmp_path) as (again, plant):
        log = again()
        append(log, events(0, 1))
        first = sealed(log)
        for name in (".x1y2z3", "notes", "99x", "\u0663\u0663"):
            plant(name, b"")
        log = again()
        assert log.highest() == first.note
        append(log, events(7))
        assert sealed(log).checkpoint.size == first.checkpoint.size + 2


def test_tallies_that_were_changed_are_not_sealed_on() -> None:
    with cloud() as made:
        log = made.stack().log
        append(log, events(*range(4)))
        sealed(log)
        (name,) = log.bucket.names("tallies/")
        log.bucket.client.put_object(Bucket=log.bucket.name, Key=name, Body=b"[]")
        append(log, events(9))
        with pytest.raises(LogCorruptError, match="was changed"):
            seal(log, SIGNER)
