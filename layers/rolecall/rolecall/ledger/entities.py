"""What each entity has in the log: the basis of reports that are complete by proof.

For every entity the log keeps a tally: how many of its leaves name the entity, and a rolling hash
over their leaf hashes, ``SHA-256(rolling || leaf hash)`` from 32 zero bytes. A seal commits to the
root of an RFC 6962 tree over all tallies, sorted by entity, each leaf the JSON text
``["<entity>",<count>,"<rolling, hex>"]``. So a list of one entity's records is complete when its
count and rolling hash are those under the seal, and an entity has none when two adjacent tallies
stand on either side of it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

import msgspec
from msgspec import Struct

from rolecall.ledger.tree import Tree, leaf_hash

__all__ = ["NOTHING", "EntityTallies", "Tally"]

NOTHING = bytes(32)
"""The rolling hash of no records."""


class Tally(Struct, frozen=True):
    """One entity's leaf of the tree of tallies. ``rolling`` is 32 bytes in hex."""

    entity: str
    count: int
    rolling: str

    def leaf(self) -> bytes:
        """Return the bytes of the leaf."""
        return msgspec.json.encode([self.entity, self.count, self.rolling])


class EntityTallies:
    """The tallies of a log as it grows, and their root.

    The tree is kept between seals and brought up to date where it changed: a night that touches
    ten entities of ten thousand hashes some hundred nodes, not twenty thousand.
    """

    def __init__(self, tallies: Iterable[Tally] = ()) -> None:
        tallies = list(tallies)
        self._counts = {tally.entity: tally.count for tally in tallies}
        self._rolling = {tally.entity: bytes.fromhex(tally.rolling) for tally in tallies}
        self._changed = set(self._counts)
        self._places: dict[str, int] = {}
        self._levels: list[list[bytes]] = []

    def copy(self) -> EntityTallies:
        """Return tallies that go on by themselves."""
        made = EntityTallies()
        made._counts, made._rolling = dict(self._counts), dict(self._rolling)
        made._changed, made._places = set(self._changed), dict(self._places)
        made._levels = [level.copy() for level in self._levels]
        return made

    def __len__(self) -> int:
        return len(self._counts)

    def add(self, entities: Sequence[str | None], hashes: Iterable[bytes]) -> None:
        """Count leaves: the entity that each names, or none, and its hash."""
        sha256, counts, rolling = hashlib.sha256, self._counts, self._rolling
        for entity, hash_ in zip(entities, hashes, strict=True):
            if entity is not None:
                counts[entity] = counts.get(entity, 0) + 1
                rolling[entity] = sha256(rolling.get(entity, NOTHING) + hash_).digest()
        self._changed.update(entity for entity in set(entities) if entity is not None)

    def get(self, entity: str) -> Tally:
        """Return the tally of an entity; of one without records, zero and 32 zero bytes."""
        rolling = self._rolling.get(entity, NOTHING)
        return Tally(entity, self._counts.get(entity, 0), rolling.hex())

    def ordered(self) -> list[Tally]:
        """Return all tallies in the order of the tree."""
        return [self.get(entity) for entity in sorted(self._counts)]

    def root(self) -> bytes:
        """Return the root of the tree of tallies."""
        if len(self._places) != len(self._counts):
            self._rebuild()
        elif self._changed:
            self._update()
        self._changed = set()
        return self._levels[-1][0] if self._counts else Tree([]).root()

    def _rebuild(self) -> None:
        known = {entity: self._levels[0][place] for entity, place in self._places.items()}
        names = sorted(self._counts)
        self._places = {entity: place for place, entity in enumerate(names)}
        level = [
            known[entity]
            if entity in known and entity not in self._changed
            else leaf_hash(self.get(entity).leaf())
            for entity in names
        ]
        self._levels = [level]
        while len(level) > 1:
            level = [_parent(level, at) for at in range((len(level) + 1) // 2)]
            self._levels.append(level)

    def _update(self) -> None:
        places = set()
        for entity in self._changed:
            place = self._places[entity]
            self._levels[0][place] = leaf_hash(self.get(entity).leaf())
            places.add(place)
        for below, level in zip(self._levels, self._levels[1:], strict=False):
            places = {place >> 1 for place in places}
            for place in places:
                level[place] = _parent(below, place)


def _parent(below: Sequence[bytes], place: int) -> bytes:
    """Return a node of the level above; an odd last node moves up as it is."""
    pair = below[2 * place : 2 * place + 2]
    return hashlib.sha256(b"\1" + pair[0] + pair[1]).digest() if len(pair) == 2 else pair[0]
