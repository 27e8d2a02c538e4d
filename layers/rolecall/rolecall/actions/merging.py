"""Joins the actions of the parts of a registry, and limits them to a part of it."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from rolecall.actions.action import Action, EndedFinding
from rolecall.actions.deed import deed_order
from rolecall.actions.harm import harm_rank

__all__ = ["MOST_ACTIONS", "joined", "narrowed"]

MOST_ACTIONS = 1_000
"""Complete actions that are kept, the most urgent ones; of the others it is said how many."""


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
