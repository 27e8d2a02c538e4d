"""What every audit log does, and what the one in files does beyond that."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rolecall.errors import AuditLogError, LogBusyError, LogConflictError, LogCorruptError
from rolecall.ledger.event import Event
from rolecall.ledger.file_log import FileLog
from rolecall.ledger.log import AuditLog, append
from rolecall.ledger.memory_log import MemoryLog
from rolecall.ledger.record import Record, encode, record_hash
from rolecall.model import Subject
from tests.cloud import cloud
from tests.contract import dying_writer
from tests.records import known, known_records
from tests.tiers import examples

AT = datetime(2026, 11, 2, tzinfo=UTC)


def event(number: int, **changes: Any) -> Event:
    """Return an event of a number."""
    made = Event(
        id=f"event-{number}",
        at=AT,
        actor="test",
        action="finding.opened",
        entity="e0",
        subject=Subject("account", account=f"a{number}"),
        payload={"finding": f"f{number}", "text": "zwölf\n", "none": None, "list": [1, True]},
    )
    return msgspec.structs.replace(made, **changes)


def events(*numbers: int) -> list[Event]:
    """Return events of some numbers."""
    return [event(number) for number in numbers]


Opener = Callable[[], AbstractContextManager[AuditLog]]


@pytest.fixture(params=["memory", "file", "dynamodb"])
def opener(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Opener]:
    """Return what opens one and the same log again and again."""
    memory = MemoryLog()

    @contextmanager
    def open_memory() -> Iterator[AuditLog]:
        yield memory

    def open_file() -> AbstractContextManager[AuditLog]:
        return FileLog.open(tmp_path / "log", wait=0)

    if request.param == "dynamodb":
        with cloud() as made:

            @contextmanager
            def open_table() -> Iterator[AuditLog]:
                yield made.stack().log

            yield open_table
    else:
        yield open_memory if request.param == "memory" else open_file


def ids(log: AuditLog) -> list[str]:
    """Return the ids on record in order."""
    return [record.id for record in known_records(log)]


# -- every log -------------------------------------------------------------------------------------


def test_an_empty_log(opener: Opener) -> None:
    with opener() as log:
        assert list(known_records(log)) == []
        assert append(log, []) == 0
        assert list(known_records(log)) == []


def test_events_come_back_whole_and_in_order(opener: Opener) -> None:
    with opener() as log:
        assert append(log, events(3, 1, 2)) == 3
        assert append(log, events(0)) == 1
        assert [record.event() for record in known_records(log)] == events(3, 1, 2, 0)
    with opener() as log:
        assert [record.event() for record in known_records(log)] == events(3, 1, 2, 0)


def test_records_are_numbered_and_chained(opener: Opener) -> None:
    with opener() as log:
        append(log, events(0, 1))
        append(log, events(2))
        prev = None
        for seq, record in enumerate(known_records(log)):
            assert (record.v, record.seq, record.shard, record.prev) == (1, seq, 0, prev)
            prev = record_hash(encode(record.event(), seq=seq, shard=0, prev=prev))


def test_appending_again_adds_nothing(opener: Opener) -> None:
    with opener() as log:
        assert append(log, events(0, 1)) == 2
        assert append(log, events(0, 1)) == 0
        assert append(log, events(1, 2, 2, 0)) == 1
        assert ids(log) == ["event-0", "event-1", "event-2"]
    with opener() as log:
        assert append(log, events(2, 1, 0, 3)) == 1
        assert ids(log) == ["event-0", "event-1", "event-2", "event-3"]


@pytest.mark.parametrize(
    "change",
    [
        {"payload": {}},
        {"actor": "x"},
        {"at": AT.replace(year=2027)},
        {"action": "finding.changed"},
        {"entity": None},
        {"subject": None},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_conflict_writes_nothing(opener: Opener, change: dict[str, Any]) -> None:
    with opener() as log:
        append(log, events(0))
        for batch in ([event(1), event(0, **change)], [event(2), event(2, **change)]):
            with pytest.raises(LogConflictError, match="event-"):
                append(log, batch)
            assert ids(log) == ["event-0"]
        assert append(log, events(0, 1)) == 1
    with opener() as log:
        assert ids(log) == ["event-0", "event-1"]


def test_a_record_that_is_too_large_is_an_error_and_the_log_goes_on(opener: Opener) -> None:
    with opener() as log:
        append(log, events(0))
        with pytest.raises(AuditLogError, match="at most 65,535"):
            append(log, [event(1), event(2, payload={"x": "y" * 66_000}), event(3)])
        # A prefix may be on record; what is too large and what came after it is not.
        assert ids(log) in (["event-0"], ["event-0", "event-1"])
        append(log, events(1))
        assert ids(log) == ["event-0", "event-1"]


def test_an_event_under_construction_cannot_change_what_is_on_record(opener: Opener) -> None:
    payload: dict[str, Any] = {"n": 1}
    with opener() as log:
        append(log, [event(0, payload=payload)])
        payload["n"] = 2
        [record] = known_records(log)
        record.payload["n"] = 3
        assert [one.payload for one in known_records(log)] == [{"n": 1}]


def test_two_readers_at_once(opener: Opener) -> None:
    with opener() as log:
        append(log, events(0, 1, 2))
        one, two = iter(known_records(log)), iter(known_records(log))
        assert [next(one).id, next(two).id, next(one).id] == ["event-0", "event-0", "event-1"]
        # A reader that stopped half way leaves the log as it was.
        assert append(log, events(3)) == 1
        assert ids(log) == ["event-0", "event-1", "event-2", "event-3"]


BATCHES = st.lists(st.lists(st.integers(0, 8), max_size=5), max_size=5)


@settings(max_examples=examples(40))
@given(BATCHES, st.booleans())
def test_any_batches_give_each_event_once_in_the_order_of_first_sight(
    tmp_path_factory: pytest.TempPathFactory, batches: list[list[int]], reopen: bool
) -> None:
    memory = MemoryLog()
    directory = tmp_path_factory.mktemp("log")
    file = FileLog.open(directory)
    for batch in batches:
        added = append(memory, events(*batch))
        assert append(file, events(*batch)) == added
        if reopen:
            file.close()
            file = FileLog.open(directory, wait=0)
    expected = dict.fromkeys(f"event-{number}" for batch in batches for number in batch)
    with file:
        assert ids(memory) == ids(file) == list(expected)
        assert list(known_records(memory)) == list(known_records(file))


# -- the log in files ------------------------------------------------------------------------------


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """Return the directory of a log of four records."""
    with FileLog.open(tmp_path / "log") as log:
        append(log, events(0, 1))
        append(log, events(2, 3))
    return tmp_path / "log"


def stored(directory: Path) -> Path:
    """Return the file of the records."""
    return directory / "records.jsonl"


def read_all(directory: Path) -> list[Record]:
    """Open a log and read it."""
    with FileLog.open(directory, wait=0) as log:
        return list(known_records(log))


def test_the_bytes_on_disk_are_the_records_and_line_breaks(directory: Path) -> None:
    prev, expected = None, b""
    for seq in range(4):
        data = encode(event(seq), seq=seq, shard=0, prev=prev)
        prev, expected = record_hash(data), expected + data + b"\n"
    assert stored(directory).read_bytes() == expected
    assert [path.name for path in directory.iterdir()] == ["records.jsonl"]


def test_only_the_owner_may_enter_the_directory(directory: Path) -> None:
    assert stat.S_IMODE(directory.stat().st_mode) == 0o700


def test_a_log_in_use_is_busy(directory: Path) -> None:
    with FileLog.open(directory) as log:
        with pytest.raises(LogBusyError, match="another process"):
            FileLog.open(directory, wait=0)
        append(log, events(4))
    with FileLog.open(directory, wait=0) as log:
        assert len(ids(log)) == 5


def test_a_log_in_use_is_waited_for(directory: Path) -> None:
    program = (
        "import sys, time; from pathlib import Path;"
        "from rolecall.ledger.file_log import FileLog;"
        "log = FileLog.open(Path(sys.argv[1])); print('held', flush=True);"
        "time.sleep(0.3); log.close()"
    )
    command = [sys.executable, "-c", program, str(directory)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        with pytest.raises(LogBusyError):
            FileLog.open(directory, wait=0)
        with FileLog.open(directory, wait=20) as log:
            assert len(ids(log)) == 4
    assert process.returncode == 0


def test_a_torn_line_is_set_aside_at_every_point_of_truncation(directory: Path) -> None:
    whole = stored(directory).read_bytes()
    ends = [index + 1 for index, byte in enumerate(whole) if byte == ord("\n")]
    for size in range(len(whole)):
        stored(directory).write_bytes(whole[:size])
        kept = max((end for end in ends if end <= size), default=0)
        with FileLog.open(directory, wait=0) as log:
            assert ids(log) == [f"event-{n}" for n in range(sum(end <= size for end in ends))]
            if kept == size:
                assert log.set_aside is None
            else:
                assert log.set_aside is not None
                assert log.set_aside.read_bytes() == whole[kept:size]
                log.set_aside.unlink()
            # Whoever appends the same events again has the same log as ever.
            append(log, events(0, 1, 2, 3))
        assert stored(directory).read_bytes() == whole


def test_what_was_set_aside_is_never_overwritten(directory: Path) -> None:
    for number, torn in enumerate((b"first", b"second", b"third"), 1):
        with stored(directory).open("ab") as file:
            file.write(torn)
        with FileLog.open(directory, wait=0) as log:
            assert log.set_aside == directory / f"records.torn.{number}"
    kept = sorted(path.read_bytes() for path in directory.glob("records.torn.*"))
    assert kept == [b"first", b"second", b"third"]
    assert len(read_all(directory)) == 4


@pytest.mark.parametrize("size", [65_535, 65_536, 65_537, 200_000])
def test_a_torn_line_of_any_length(directory: Path, size: int) -> None:
    whole = stored(directory).read_bytes()
    stored(directory).write_bytes(whole + b"x" * size)
    with FileLog.open(directory, wait=0) as log:
        assert log.set_aside is not None
        assert log.set_aside.read_bytes() == b"x" * size
    assert stored(directory).read_bytes() == whole
    stored(directory).write_bytes(b"x" * size)
    assert read_all(directory) == []


def test_a_torn_line_that_is_a_whole_record_is_not_parsed(directory: Path) -> None:
    """Without its line break nobody acknowledged it."""
    whole = stored(directory).read_bytes()
    stored(directory).write_bytes(whole[:-1])
    assert len(read_all(directory)) == 3


Damage = Callable[[list[bytes]], list[bytes]]
DAMAGES: dict[str, tuple[Damage, int]] = {
    "a line that is no record": (lambda ls: [ls[0], b"nonsense\n", *ls[2:]], 2),
    "an empty line": (lambda ls: [*ls[:2], b"\n", *ls[2:]], 3),
    "an empty line at the end": (lambda ls: [*ls, b"\n"], 5),
    "a line of NUL": (lambda ls: [*ls, b"\0" * 50 + b"\n"], 5),
    "swapped lines": (lambda ls: [ls[0], ls[2], ls[1], ls[3]], 2),
    "a line dropped": (lambda ls: [ls[0], *ls[2:]], 2),
    "the first line dropped": (lambda ls: ls[1:], 1),
    "a line twice": (lambda ls: [*ls[:2], *ls[1:]], 3),
    "a changed byte": (lambda ls: [ls[0], ls[1].replace(b"event-1", b"event-9"), *ls[2:]], 3),
    "a changed number": (lambda ls: [ls[0], ls[1].replace(b'"seq":1', b'"seq":5'), *ls[2:]], 2),
    "another shard": (lambda ls: [ls[0].replace(b'"shard":0', b'"shard":1'), *ls[1:]], 2),
    "a line that follows another": (
        lambda ls: [
            *ls[:3],
            ls[3].replace(b'"prev":"', b'"prev":"0')[:-4] + b'"}\n',
        ],
        4,
    ),
    "a carriage return": (lambda ls: [ls[0].replace(b"\n", b"\r\n"), *ls[1:]], 2),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_damage_is_an_error_that_names_the_line(directory: Path, name: str) -> None:
    damage, line = DAMAGES[name]
    damaged = b"".join(damage(stored(directory).read_bytes().splitlines(keepends=True)))
    stored(directory).write_bytes(damaged)
    for act in (lambda log: list(known_records(log)), lambda log: append(log, events(9))):
        with (
            FileLog.open(directory, wait=0) as log,
            pytest.raises(LogCorruptError, match=rf"records\.jsonl:{line}: "),
        ):
            act(log)
    # Nothing was mended in silence.
    assert stored(directory).read_bytes() == damaged


def test_a_changed_byte_anywhere_but_in_the_last_line_is_found(directory: Path) -> None:
    """The chain finds it; what protects the last line is the seal."""
    whole = stored(directory).read_bytes()
    last = whole.rindex(b"\n", 0, -1) + 1
    for index in range(0, last, 3):
        changed = bytearray(whole)
        changed[index] ^= 1
        stored(directory).write_bytes(changed)
        with FileLog.open(directory, wait=0) as log, pytest.raises(LogCorruptError):
            list(known_records(log))


def test_reading_stops_at_the_damage(directory: Path) -> None:
    lines = stored(directory).read_bytes().splitlines(keepends=True)
    stored(directory).write_bytes(b"".join([*lines[:2], b"{}\n", *lines[3:]]))
    with (
        FileLog.open(directory, wait=0) as log,
        pytest.raises(LogCorruptError, match=r"records\.jsonl:3: "),
    ):
        list(known_records(log))


def test_a_directory_that_is_a_file(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_text("")
    with pytest.raises(AuditLogError, match="cannot open the audit log"):
        FileLog.open(path)
    with pytest.raises(AuditLogError, match="cannot open the audit log"):
        FileLog.open(path / "below")


def test_records_that_are_a_directory(tmp_path: Path) -> None:
    (tmp_path / "records.jsonl").mkdir()
    with pytest.raises(AuditLogError, match="cannot open the audit log"):
        FileLog.open(tmp_path)


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to root")
def test_a_directory_that_may_not_be_written(directory: Path) -> None:
    stored(directory).chmod(0o400)
    with pytest.raises(AuditLogError, match="cannot open the audit log"):
        FileLog.open(directory)


def test_a_system_that_forbids_it(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", forbidden)
    with pytest.raises(AuditLogError, match="Permission denied"):
        FileLog.open(directory)


@pytest.mark.parametrize("call", ["write", "fsync"])
def test_after_a_failed_write_the_log_must_be_opened_again(
    directory: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    with FileLog.open(directory, wait=0) as log:
        list(known_records(log))

        def full(*_: object) -> int:
            raise OSError(28, "No space left on device")

        with monkeypatch.context() as patch:
            patch.setattr(os, call, full)
            with pytest.raises(AuditLogError, match="No space left"):
                append(log, events(4))
        with pytest.raises(AuditLogError, match="open the audit log again"):
            append(log, events(4))
    with FileLog.open(directory, wait=0) as log:
        append(log, events(4))
        assert ids(log) == [f"event-{n}" for n in range(5)]


def test_an_open_that_fails_holds_no_lock(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with stored(directory).open("ab") as file:
        file.write(b"torn")

    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(AuditLogError):
            FileLog.open(directory, wait=0)
    assert len(read_all(directory)) == 4
    assert b"torn" in {path.read_bytes() for path in directory.glob("records.torn.*")}


# -- kill -9 ---------------------------------------------------------------------------------------

COUNT, SIZE = 3, 3
EVERY = [one for batch in dying_writer.batches(COUNT, SIZE) for one in batch]


def run_and_die(directory: Path, fatal: int, portion: int) -> tuple[int, list[str], int]:
    """Run the writer; return how it ended, what it acknowledged and how many calls it made."""
    trace = directory.with_suffix(".trace")
    arguments = [str(number) for number in (fatal, portion, COUNT, SIZE)]
    done = subprocess.run(
        [sys.executable, dying_writer.__file__, str(directory), *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "ROLECALL_TRACE": str(trace)},
    )
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout.split(), len(trace.read_bytes())


def test_a_writer_that_is_killed_at_any_call_loses_nothing_it_acknowledged(tmp_path: Path) -> None:
    code, acknowledged, calls = run_and_die(tmp_path / "calm", -1, 0)
    assert code == 0
    assert acknowledged == [one.id for one in EVERY]
    calm = stored(tmp_path / "calm").read_bytes()
    assert calls > 20
    lost_lines = 0
    for fatal in range(calls):
        directory = tmp_path / f"log{fatal}"
        code, acknowledged, _ = run_and_die(directory, fatal, (0, 50, 100)[fatal % 3])
        assert code == -signal.SIGKILL, fatal
        if not directory.exists():
            assert not acknowledged
            continue
        with FileLog.open(directory, wait=0) as log:
            found = list(known_records(log))
            assert [record.event() for record in found] == EVERY[: len(found)]
            assert acknowledged == [one.id for one in EVERY[: len(acknowledged)]]
            assert len(acknowledged) <= len(found)
            lost_lines += log.set_aside is not None
            # Everybody who was not told that it is done does it again.
            for batch in dying_writer.batches(COUNT, SIZE):
                append(log, batch)
        assert stored(directory).read_bytes() == calm, fatal
    assert lost_lines > 3


def test_a_writer_that_is_killed_while_it_sets_a_torn_line_aside_does_not_lose_it(
    tmp_path: Path,
) -> None:
    """A process that dies while it sets a torn line aside loses neither the line nor the log."""
    directory = tmp_path / "log"
    with FileLog.open(directory) as log:
        append(log, EVERY[:2])
    whole = stored(directory).read_bytes()
    for fatal in range(4):
        stored(directory).write_bytes(whole + b'{"torn')
        run_and_die(directory, fatal, 0)
        with FileLog.open(directory, wait=0) as log:
            assert [record.event() for record in known_records(log)][:2] == EVERY[:2]
        torn = [path.read_bytes() for path in directory.glob("records.torn.*")]
        assert b'{"torn' in torn
        for path in directory.glob("records.torn.*"):
            path.unlink()
    assert known(stored(directory).read_bytes().splitlines()[0]).event() == EVERY[0]
