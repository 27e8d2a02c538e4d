"""The ring: every subject has a place on it, so that a registry and its findings can be cut up.

A place is a number below :data:`SLOTS`, made of what names the subject and of nothing else. So a
finding stays where it is when its account moves to another entity, changes its handle or leaves
the registry, and whoever looks after a slice of the ring looks after every finding there ever was
in it. An account's grants, logins and contents share its place.
"""

from __future__ import annotations

from itertools import pairwise

from msgspec import Struct

from rolecall.finding import identity
from rolecall.model import Subject

__all__ = ["SLOTS", "WHOLE", "Slice", "shard_of", "slices", "slot_of"]

SLOTS = 65_536


class Slice(Struct, frozen=True):
    """The places from ``start`` up to, and without, ``stop``."""

    start: int
    stop: int

    def holds(self, subject: Subject) -> bool:
        """Tell whether a subject has its place in this slice."""
        return self.start <= slot_of(subject) < self.stop


WHOLE = Slice(0, SLOTS)


def slot_of(subject: Subject) -> int:
    """Return the place of a subject on the ring."""
    match subject.kind:
        case "account" | "grant" | "login" | "content":
            return _place("account", subject.account)
        case "observation":
            # All administrators of an observed account are found together with it.
            return _place("observation", subject.platform, subject.handle)
        case _:
            return _place(subject.kind, *subject.values())


def shard_of(place: int, shards: int) -> int:
    """Return in which of the ledger's shards the events of a place stand.

    Neighbours share a shard, so that the workers of different slices seldom meet in one.
    """
    return place * shards // SLOTS


def slices(weights: list[int], most: int) -> list[Slice]:
    """Cut the ring into slices of nearly equal weight.

    :param weights: what each of the :data:`SLOTS` places weighs.
    :param most: what a slice may weigh, as far as places can be divided.
    """
    total = sum(weights)
    count = max(1, -(-total // most))
    cuts: list[int] = []
    passed = 0
    for number, weight in enumerate(weights):
        # A cut goes before the place whose middle lies beyond the next equal part.
        while len(cuts) < count - 1 and passed + weight / 2 >= total * (len(cuts) + 1) / count:
            cuts.append(number)
        passed += weight
    edges = [0, *dict.fromkeys(cut for cut in cuts if cut), SLOTS]
    return [Slice(*edge) for edge in pairwise(edges)]


def _place(*keys: str) -> int:
    return int(identity("place", *keys)[:4], 16)
