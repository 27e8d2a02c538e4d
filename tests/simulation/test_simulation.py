"""Thousands of unkind schedules leave one history; and each bug that could break it is found."""

from __future__ import annotations

import pytest

from rolecall.errors import LogConflictError, LogForkError
from rolecall.ledger.head import Head
from rolecall.ledger.log import append, records
from rolecall.ledger.memory_log import MemoryLog
from rolecall.ledger.sealing import seal
from tests.simulation.bugs import BUGS
from tests.simulation.world import Died, InterruptedLog, RecordingSigner, World, simulate
from tests.tiers import cases

SCHEDULES, PARTS = cases("schedules"), 8


# Over and over the same code: other tests say whether it is covered.
pytestmark = pytest.mark.no_cover


@pytest.mark.parametrize("part", range(PARTS))
def test_no_schedule_breaks_the_log(part: int) -> None:
    assert simulate(range(part, SCHEDULES, PARTS)) == {}


@pytest.mark.parametrize("name", BUGS)
def test_each_seeded_bug_is_found(name: str) -> None:
    make, broken = BUGS[name]
    found = simulate(range(200), make, broken)
    assert len(found) >= 10


def test_a_schedule_follows_from_its_seed() -> None:
    one, two = World(7), World(7)
    assert one.run() == two.run() == []
    assert list(one.log.leaves()) == list(two.log.leaves())
    assert (one.now, one.signer.signed) == (two.now, two.signer.signed)


def test_the_schedules_are_unkind() -> None:
    """Appends and seals really lose races, and processes really die."""
    counts = {"put": 0, "swap_head": 0, "put_checkpoint": 0}

    class Counting(MemoryLog):
        def __getattribute__(self, name: str) -> object:
            act = super().__getattribute__(name)
            if name not in counts:
                return act

            def counted(*arguments: object) -> object:
                done = act(*arguments)
                counts[name] += not done
                return done

            return counted

    for seed in range(200):
        World(seed, Counting(most=2)).run()
    assert min(counts.values()) >= 10


# -- one crash, at every effect --------------------------------------------------------------------


class Fuse:
    """Kills whoever passes it for the n-th time."""

    def __init__(self, left: int) -> None:
        self.left = left

    def __call__(self) -> None:
        """Count down, and kill at zero."""
        self.left -= 1
        if self.left == -1:
            raise Died


def night(log: InterruptedLog, signer: RecordingSigner, first: int) -> None:
    """Append and seal, as one audit does."""
    world = World(1)
    append(log, [world.event(number) for number in range(first, first + 3)], shard=0)
    append(log, [world.event(first + 3)], shard=1)
    seal(log, signer)


def test_a_crash_before_and_after_every_effect_is_repaired_by_the_next_run() -> None:
    calm, signer = MemoryLog(most=2), RecordingSigner()
    for first in (0, 4, 8):
        night(InterruptedLog(calm, lambda: None), signer, first)
    crashes = 0
    for fatal in range(1_000):
        log, again = MemoryLog(most=2), RecordingSigner()
        night(InterruptedLog(log, lambda: None), again, 0)
        try:
            night(InterruptedLog(log, Fuse(fatal)), again, 4)
        except Died:
            crashes += 1
        else:
            break
        night(InterruptedLog(log, lambda: None), again, 4)
        night(InterruptedLog(log, lambda: None), again, 8)
        assert [r.id for r in records(log) if r.shard == 0] == [
            r.id for r in records(calm) if r.shard == 0
        ], fatal
        assert log.chain[-1] == log.head.tree.root
        assert sorted(log.checkpoints) == [log.segments[root].head.tree.size for root in log.chain]
        # Nothing was ever signed that is not of the one history.
        published = [note.rpartition(b"\n\n")[0] + b"\n" for note in log.checkpoints.values()]
        assert set(published) == set(again.signed), fatal
    assert crashes > 30


# -- storage that lies -----------------------------------------------------------------------------


@pytest.fixture
def log() -> MemoryLog:
    """Return a log of three sealed nights."""
    log = MemoryLog(most=2)
    for first in (0, 4, 8):
        night(InterruptedLog(log, lambda: None), SIGNER, first)
    return log


SIGNER = RecordingSigner()


@pytest.mark.parametrize("back", [1, 2, 3])
def test_a_head_that_was_rolled_back_is_not_signed_again(log: MemoryLog, back: int) -> None:
    """The table was restored to an earlier time; the bucket of checkpoints cannot be."""
    heads = [Head(), *(log.segments[root].head for root in log.chain)]
    log.head = heads[-1 - back]
    del log.chain[len(log.chain) - back :]
    signed = len(SIGNER.signed)
    with pytest.raises(LogForkError, match="rolled back"):
        seal(log, SIGNER)
    append(log, [World(1).event(99)])
    with pytest.raises(LogForkError, match="rolled back"):
        seal(log, SIGNER)
    assert len(SIGNER.signed) == signed


def test_a_head_that_says_something_else_is_not_signed(log: MemoryLog) -> None:
    other = MemoryLog(most=2)
    for first in (100, 104, 108):
        night(InterruptedLog(other, lambda: None), RecordingSigner(), first)
    log.head, log.chain, log.segments = other.head, other.chain, other.segments
    with pytest.raises(LogForkError):
        seal(log, SIGNER)


def test_checkpoints_that_are_gone_are_missed(log: MemoryLog) -> None:
    last = log.checkpoints.pop(max(log.checkpoints))
    # The last one alone may be missing: a crash before it was published.
    sealed = seal(log, SIGNER)
    assert sealed is not None
    assert sealed.note == last
    log.checkpoints.clear()
    with pytest.raises(LogForkError, match="is gone; restore it"):
        seal(log, SIGNER)


def test_a_checkpoint_that_nobody_made_stops_the_sealer(log: MemoryLog) -> None:
    highest = max(log.checkpoints)
    for size, note in (
        (highest, b"nonsense"),
        (highest, log.checkpoints[highest].replace(b"\n15\n", b"\n14\n")),
        (highest + 1, log.checkpoints[highest].replace(b"\n15\n", b"\n16\n")),
        (highest, log.checkpoints[min(log.checkpoints)]),
    ):
        kept = dict(log.checkpoints)
        log.checkpoints[size] = note
        with pytest.raises(LogForkError):
            seal(log, SIGNER)
        log.checkpoints = kept
    assert seal(log, SIGNER) is not None


def test_a_poisoned_index_of_ids_loses_no_event_in_silence(log: MemoryLog) -> None:
    event = World(1).event(50)
    log.ids[event.id] = "0" * 64
    with pytest.raises(LogConflictError):
        append(log, [event])
