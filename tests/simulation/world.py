"""A world in which processes append to one audit log and seal it, and a scheduler that is unkind.

Each process is a greenlet. It stops before and after every effect on the storage and every read
of it; the scheduler then picks at random who goes on, and now and then lets one die on the spot:
before its effect, or after it and before it knows. A process that died is started again with the
same work, as a queue would deliver it again.

What must hold, whatever happened (:func:`violations`):

- an event that was acknowledged is in the log, and no event is in it twice;
- every checkpoint that was ever signed, published or not, is a prefix of the one history;
- a published checkpoint never goes away, the highest never falls, and its leaves can be read;
- once everybody is done, one more seal covers everything, and the whole log verifies.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from greenlet import GreenletExit, greenlet

from rolecall.errors import RolecallError
from rolecall.ledger.checkpoint import read_checkpoint
from rolecall.ledger.event import Event
from rolecall.ledger.head import Mark
from rolecall.ledger.log import AuditLog, Segment, append
from rolecall.ledger.memory_log import MemoryLog
from rolecall.ledger.note import Signer, VerifierKey
from rolecall.ledger.sealing import seal
from rolecall.ledger.state import LedgerState

__all__ = ["InterruptedLog", "RecordingSigner", "World", "simulate"]

Seal = Callable[[AuditLog, Signer], object]

SHARDS = 2
START = datetime(2026, 11, 2, tzinfo=UTC)


class Died(BaseException):
    """A process was killed; nothing in it may catch this."""


class RecordingSigner:
    """Signs without cost and remembers everything that it ever signed.

    Who signs what and when is the question here; signatures themselves are tested elsewhere.
    """

    def __init__(self) -> None:
        self.key = VerifierKey("simulation", bytes(32))
        self.signed: list[bytes] = []

    def sign(self, message: bytes) -> bytes:
        """Return 64 bytes that depend on the message."""
        self.signed.append(message)
        return hashlib.sha512(message).digest()


class InterruptedLog:
    """A log in memory whose user is interrupted around every effect and read."""

    def __init__(self, log: MemoryLog, pause: Callable[[], None]) -> None:
        self.log = log
        self.most = log.most
        self._pause = pause

    def _do(self, act: Callable[..., Any], *arguments: object) -> Any:
        self._pause()
        result = act(*arguments)
        self._pause()
        return result

    def leaves(self) -> Iterator[bytes]:
        """Yield every leaf."""
        return iter(self._do(lambda: list(self.log.leaves())))

    def tail(self, shard: int) -> Mark:
        """Return how far a shard goes."""
        tail: Mark = self._do(self.log.tail, shard)
        return tail

    def find(self, event_id: str) -> str | None:
        """Look an event up."""
        found: str | None = self._do(self.log.find, event_id)
        return found

    def put(self, shard: int, seq: int, batch: Sequence[tuple[Event, bytes]]) -> bool:
        """Store records in one transaction."""
        return bool(self._do(self.log.put, shard, seq, batch))

    def state(self) -> LedgerState:
        """Read the head and what its segment has of the entities."""
        state: LedgerState = self._do(self.log.state)
        return state

    def after(self, marks: Mapping[int, Mark]) -> Iterator[bytes]:
        """Read shard by shard; others append in between."""
        for shard in range(SHARDS):
            others = {other: Mark(10**6) for other in range(SHARDS) if other != shard}
            mine = {shard: marks[shard]} if shard in marks else {}
            yield from self._do(lambda marks: list(self.log.after(marks)), {**others, **mine})

    def put_segment(self, segment: Segment) -> None:
        """Store a segment."""
        self._do(self.log.put_segment, segment)

    def swap_head(self, epoch: int, segment: Segment) -> bool:
        """Swap the head."""
        return bool(self._do(self.log.swap_head, epoch, segment))

    def highest(self) -> bytes | None:
        """Read the highest checkpoint."""
        note: bytes | None = self._do(self.log.highest)
        return note

    def checkpoint(self, size: int) -> bytes | None:
        """Read a checkpoint."""
        note: bytes | None = self._do(self.log.checkpoint, size)
        return note

    def put_checkpoint(self, size: int, note: bytes, key: VerifierKey) -> bool:
        """Publish a checkpoint."""
        return bool(self._do(self.log.put_checkpoint, size, note, key))


class World:
    """One log, its processes and what they were told; all of it follows from a seed."""

    def __init__(self, seed: int, log: MemoryLog | None = None, seal: Seal = seal) -> None:
        self.random = random.Random(seed)  # noqa: S311 - a schedule, not a secret.
        self.log = log or MemoryLog(most=2)
        self.signer = RecordingSigner()
        self.told: set[str] = set()
        self.seen: list[int] = []
        self.wrong: list[str] = []
        self.now = 0
        self._seal = seal
        self._main = greenlet.getcurrent()

    def run(self) -> list[str]:
        """Run all processes to their end and return what was violated."""
        works = [*self._appenders(), *(self._sealer for _ in range(2)), self._observer]
        lives = [self._start(work) for work in works]
        deaths = self.random.choice((0, 0, 1, 2, 4))
        while lives:
            self.now += 1
            at = self.random.randrange(len(lives))
            work, process = lives[at]
            if deaths and process and self.random.random() < 0.03:
                deaths -= 1
                process.throw(Died)
                lives[at] = self._start(work)
            else:
                process.switch()
                if process.dead:
                    lives.pop(at)
        return self.wrong or self._end()

    def _start(self, work: Callable[[], None]) -> tuple[Callable[[], None], greenlet]:
        def live() -> None:
            try:
                work()
            except (Died, GreenletExit):
                pass
            except (RolecallError, KeyError) as error:
                # Among honest processes nothing is corrupt, forked, or missing.
                self.wrong.append(f"{type(error).__name__}: {error}")

        return work, greenlet(live)

    def pause(self) -> None:
        """Give the scheduler its turn; an exception that it throws comes up here."""
        self._main.switch()

    def _appenders(self) -> Iterator[Callable[[], None]]:
        """Yield processes that append; two of them the same events, as after a redelivery."""
        number = 0
        jobs = []
        for _ in range(2):
            events = [self.event(number + n) for n in range(self.random.randint(1, 4))]
            number += len(events)
            jobs.append((events, self.random.randrange(SHARDS)))
        for events, shard in [*jobs, jobs[0]]:
            yield lambda events=events, shard=shard: self._append(events, shard)  # type: ignore[misc]

    def event(self, number: int) -> Event:
        """Return an event; its instant is anything but in order."""
        return Event(
            id=f"event-{number}",
            at=START + timedelta(days=self.random.randint(-400, 400)),
            actor="test",
            action="finding.opened",
            entity=f"e{number % 3}",
            subject=None,
            payload={},
        )

    def _append(self, events: Sequence[Event], shard: int) -> None:
        append(InterruptedLog(self.log, self.pause), events, shard=shard)
        self.told.update(event.id for event in events)

    def _sealer(self) -> None:
        for _ in range(2):
            self._seal(InterruptedLog(self.log, self.pause), self.signer)

    def _observer(self) -> None:
        """Look at the highest checkpoint again and again, as whoever keeps one would."""
        for _ in range(6):
            self.pause()
            note = self.log.highest()
            size = 0 if note is None else read_checkpoint(note).size
            if self.seen and size < self.seen[-1]:
                self.wrong.append(f"the highest checkpoint fell from {self.seen[-1]} to {size}")
            if len(list(self.log.leaves())) < size:
                self.wrong.append(f"the leaves of checkpoint {size} cannot be read")
            self.seen.append(size)

    def _end(self) -> list[str]:
        seal(self.log, self.signer)
        wrong: list[str] = []
        leaves = list(self.log.leaves())
        ids = [_id.decode(leaf).id for leaf in leaves]
        wrong += [f"{id_} was acknowledged and is lost" for id_ in self.told - set(ids)]
        wrong += [f"{id_} is there twice" for id_ in {i for i in ids if ids.count(i) > 1}]
        gone = set(self.seen) - {0, *self.log.checkpoints}
        wrong += [f"checkpoint {size} is gone" for size in gone]
        notes = {read_checkpoint(message + b"\n") for message in self.signer.signed}
        notes |= {read_checkpoint(note) for note in self.log.checkpoints.values()}
        state, at = LedgerState(strict=True), 0
        for size, root in sorted((note.size, note.root) for note in notes):
            state.add(leaves[at:size])
            at = size
            if state.size != size or state.range.root() != root:
                wrong.append(f"a checkpoint of {size} was signed that is not of this history")
        state.add(leaves[at:])
        if not state.is_sealed:
            wrong.append("not everything is sealed")
        return wrong


class _Id(msgspec.Struct):
    id: str


_id = msgspec.json.Decoder(_Id)


def simulate(
    seeds: range, make: Callable[[], MemoryLog] | None = None, seal: Seal = seal
) -> dict[int, list[str]]:
    """Run one world a seed and return what was violated, by seed."""
    found = {}
    for seed in seeds:
        try:
            wrong = World(seed, make() if make else None, seal).run()
        except (RolecallError, KeyError) as error:
            wrong = [f"{type(error).__name__}: {error}"]
        if wrong:
            found[seed] = wrong
    return found
