"""Joins the actions of the parts of a registry, and sums up all of them in little memory."""

from __future__ import annotations

import hashlib
import heapq
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import attrgetter

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from rolecall.actions.action import Action, EndedFinding, urgency
from rolecall.actions.deed import deed_order
from rolecall.actions.harm import harm_rank

__all__ = ["MOST_ACTIONS", "ActionTotal", "joined", "merged", "narrowed", "total_of"]

MOST_ACTIONS = 1_000
"""Complete actions that are kept, the most urgent ones; of the others it is said how many."""
_encode = msgspec.json.Encoder(order="sorted").encode


class ActionTotal(Struct, frozen=True):
    """All actions of a run: the first of them in order of urgency, how many more, and a digest.

    :ivar digest: SHA-256 (hex) over all actions as lines of canonical JSON, in order of key.
    """

    first: Sequence[Action]
    more: int
    digest: str


def merged(parts: Iterable[Iterable[Action]]) -> Iterator[Action]:
    """Yield the complete actions of parts, each sorted by key, in order of key."""
    together = heapq.merge(*parts, key=attrgetter("key"))
    for _, same in groupby(together, key=attrgetter("key")):
        yield joined(list(same))


def joined(parts: Sequence[Action]) -> Action:
    """Return one action of its parts."""
    if len(parts) == 1:
        return parts[0]
    ended = {one.finding: one for part in parts for one in part.ended}
    entities = {one.entity for one in ended.values() if one.entity is not None}
    deeds = {deed for part in parts for deed in part.deeds}
    return Action(
        id=parts[0].id,
        kind=parts[0].kind,
        about=parts[0].about,
        harm=min((part.harm for part in parts), key=harm_rank),
        person=parts[0].person,
        entity=next(iter(entities)) if len(entities) == 1 else None,
        doers=tuple(sorted({doer for part in parts for doer in part.doers})),
        deeds=tuple(sorted(deeds, key=deed_order)),
        ended=tuple(ended[id_] for id_ in sorted(ended)),
        since=min(part.since for part in parts),
        announces=tuple(sorted({one for part in parts for one in part.announces})),
        for_officers=any(part.for_officers for part in parts),
    )


def narrowed(action: Action, entities: frozenset[str]) -> Action | None:
    """Return what of an action concerns some entities, for those who may read of no others.

    ``None`` where nothing does. What is for officers concerns no entity.
    """
    if action.for_officers:
        return None
    ended = tuple(one for one in action.ended if one.entity in entities)
    if len(ended) == len(action.ended):
        return action
    if not ended:
        return None
    return _part(action, ended, entities)


def _part(action: Action, ended: tuple[EndedFinding, ...], entities: frozenset[str]) -> Action:
    left = {one.entity for one in ended}
    return replace(
        action,
        harm=min((one.harm for one in ended), key=harm_rank),
        ended=ended,
        entity=next(iter(left)) if len(left) == 1 else None,
        doers=tuple(doer for doer in action.doers if doer.entity in entities),
        deeds=tuple(deed for deed in action.deeds if not deed.entity or deed.entity in entities),
    )


def total_of(actions: Iterable[Action], most: int = MOST_ACTIONS) -> ActionTotal:
    """Sum up complete actions that come in order of key."""
    hasher, count = hashlib.sha256(), 0
    kept: list[Action] = []
    for action in actions:
        hasher.update(_encode(action) + b"\n")
        count += 1
        kept.append(action)
        if len(kept) >= 2 * most:
            kept = sorted(kept, key=urgency)[:most]
    first = sorted(kept, key=urgency)[:most]
    return ActionTotal(first, count - len(first), hasher.hexdigest())
