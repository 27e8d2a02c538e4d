"""Sequences of requests. All of one follows from its seed; a shorter one has steps left out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from random import Random
from typing import NamedTuple

from tests.simulation.organisation import Organisation
from tests.simulation.requests import REQUESTS, WEIGHTS

__all__ = ["STEPS", "Broken", "broken", "performed", "sequence"]

STEPS = 20
"""Steps of a sequence."""
_RIVALS = 0.2
"""Of the steps, the part between whose reading and commit another one gets."""


class Step(NamedTuple):
    """A step: what is asked, a number that decides all else of it, and what gets in between."""

    kind: str
    seed: int
    rival: tuple[str, int] | None = None


class Broken(NamedTuple):
    """A sequence that broke what must hold, and as few of its steps as still do."""

    seed: int
    wrong: tuple[str, ...]
    told: tuple[str, ...]

    def __str__(self) -> str:
        return "\n  ".join((f"sequence {self.seed}: {'; '.join(self.wrong)}", *self.told))


def sequence(seed: int, kinds: Collection[str] = REQUESTS) -> tuple[Step, ...]:
    """Return the steps of a sequence.

    :param kinds: what is asked.
    """
    random = Random(seed)  # noqa: S311 - a sequence, not a secret.
    names = sorted(kinds)
    weights = [WEIGHTS[name] for name in names]

    def steps() -> Iterator[Step]:
        for kind in random.choices(names, weights, k=STEPS):
            other = (random.choices(names, weights)[0], random.getrandbits(32))
            yield Step(kind, random.getrandbits(32), other if random.random() < _RIVALS else None)

    return tuple(steps())


def performed(steps: Iterable[Step]) -> Organisation:
    """Return an organisation after steps, or after the first that broke something."""
    org = Organisation()
    for step in steps:
        if step.rival is not None:
            kind, seed = step.rival
            org.rival = lambda kind=kind, seed=seed: _ask(org, kind, seed)
        _ask(org, step.kind, step.seed)
        org.rival = None
        if org.wrong:
            break
    return org


def _ask(org: Organisation, kind: str, seed: int) -> None:
    REQUESTS[kind](org, Random(seed))  # noqa: S311


def broken(seeds: Iterable[int], kinds: Collection[str] = REQUESTS) -> Broken | None:
    """Return the first of some sequences that breaks something, made short."""
    for seed in seeds:
        steps = sequence(seed, kinds)
        if performed(steps).wrong:
            org = performed(_shrunk(steps))
            return Broken(seed, tuple(org.wrong), tuple(org.told))
    return None


def _shrunk(steps: Sequence[Step]) -> Sequence[Step]:
    """Return as few steps as still break something."""
    left = list(steps)
    place = len(left) - 1
    while place >= 0:
        fewer = left[:place] + left[place + 1 :]
        if performed(fewer).wrong:
            left, place = fewer, len(fewer)
        place -= 1
    return left
