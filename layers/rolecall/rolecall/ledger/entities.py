"""What each entity has in the log: the basis of reports that are complete by proof.

For every entity the log keeps a tally: how many of its leaves name the entity, and a rolling hash,
which each seal moves on: ``SHA-256(rolling before || leaf hashes of the entity in the segment)``,
from 32 zero bytes; a segment without any leaves it as it is. A seal commits to the root of an
RFC 6962 tree over all tallies, sorted by entity, each leaf the JSON text
``["<entity>",<count>,"<rolling, hex>"]``. So a list of one entity's records is complete when its
count and rolling hash are those under the seal, and an entity has none when two adjacent tallies
stand on either side of it.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

import msgspec
from msgspec import Struct

from rolecall.ledger.tree import Tree, leaf_hash, node_hashes

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


class _Open(dict[str, "hashlib._Hash"]):
    """What is being hashed of each entity in the segment that is not sealed yet."""

    def __init__(self, rolling: Mapping[str, bytes]) -> None:
        super().__init__()
        self._before = rolling

    def __missing__(self, entity: str) -> hashlib._Hash:
        hasher = self[entity] = hashlib.sha256(self._before.get(entity, NOTHING))
        return hasher


class EntityTallies:
    """The tallies of a log as it grows, and their root.

    The tree is kept between seals and brought up to date where it changed: a night that touches
    ten entities of ten thousand hashes some hundred nodes, not twenty thousand.
    """

    def __init__(self, tallies: Iterable[Tally] = ()) -> None:
        self._counts: defaultdict[str, int] = defaultdict(int)
        self._rolling: dict[str, bytes] = {}
        for tally in tallies:
            self._counts[tally.entity] = tally.count
            self._rolling[tally.entity] = bytes.fromhex(tally.rolling)
        self._open = _Open(self._rolling)
        # Of these the leaf of the tree is not known yet; the others' changes are in what is open.
        self._unknown = set(self._counts)
        self._names: dict[str, str] = {}
        self._places: dict[str, int] = {}
        self._levels: list[list[bytes]] = [[]]

    def copy(self) -> EntityTallies:
        """Return tallies that go on by themselves."""
        made = EntityTallies()
        made._counts, made._rolling = self._counts.copy(), dict(self._rolling)
        made._open = _Open(made._rolling)
        made._open.update({entity: hasher.copy() for entity, hasher in self._open.items()})
        made._unknown, made._places = set(self._unknown), dict(self._places)
        made._levels = [level.copy() for level in self._levels]
        return made

    def __len__(self) -> int:
        return len(self._counts)

    def add(self, entities: Sequence[str | None], hashes: Iterable[bytes]) -> None:
        """Count leaves: the entity that each names, or none, and its hash."""
        hashers, counts = self._open, self._counts
        for entity, hash_ in zip(entities, hashes, strict=True):
            if entity is not None:
                hashers[entity].update(hash_)
                counts[entity] += 1

    def close(self) -> None:
        """End the segment; its root was asked for."""
        for entity, hasher in self._open.items():
            self._rolling[entity] = hasher.digest()
        self._open.clear()

    def get(self, entity: str) -> Tally:
        """Return an entity's tally if the segment ended here; without records, zero and zeros."""
        hasher = self._open.get(entity)
        rolling = self._rolling.get(entity, NOTHING) if hasher is None else hasher.digest()
        return Tally(entity, self._counts.get(entity, 0), rolling.hex())

    def ordered(self) -> list[Tally]:
        """Return all tallies in the order of the tree."""
        return [self.get(entity) for entity in sorted(self._counts)]

    def root(self) -> bytes:
        """Return the root of the tree of tallies."""
        leaves = self._levels[0]
        if len(self._places) != len(self._counts):
            known = {entity: leaves[place] for entity, place in self._places.items()}
            names = sorted(self._counts)
            self._places = {entity: place for place, entity in enumerate(names)}
            leaves[:] = [known.get(entity, b"") for entity in names]
            del self._levels[1:]
        changed = {*self._unknown, *self._open}
        places = {self._places[entity] for entity in changed}
        for entity in changed:
            leaves[self._places[entity]] = self._leaf_hash(entity)
        # Where much has changed, hashing all of it is less work than finding what has.
        if len(places) * 4 > len(leaves) or len(self._levels) == 1:
            self._rebuild()
        else:
            self._update(places)
        self._unknown.clear()
        return self._levels[-1][0] if leaves else Tree([]).root()

    def _leaf_hash(self, entity: str) -> bytes:
        """Return the hash of a tally's leaf, without making the tally: a night has many."""
        name = self._names.get(entity)
        if name is None:
            name = self._names[entity] = msgspec.json.encode(entity).decode()
        hasher = self._open.get(entity)
        rolling = self._rolling[entity].hex() if hasher is None else hasher.hexdigest()
        return leaf_hash(f'[{name},{self._counts[entity]},"{rolling}"]'.encode())

    def _rebuild(self) -> None:
        level = self._levels[0]
        del self._levels[1:]
        while len(level) > 1:
            above = node_hashes(level)
            # An odd last node moves up as it is.
            level = [*above, level[-1]] if len(level) % 2 else above
            self._levels.append(level)

    def _update(self, places: set[int]) -> None:
        for below, level in pairwise(self._levels):
            places = {place >> 1 for place in places}
            for place in places:
                pair = below[2 * place : 2 * place + 2]
                level[place] = node_hashes(pair)[0] if len(pair) == 2 else pair[0]
