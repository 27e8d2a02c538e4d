"""Actions while they are put together: drafts by key, to which findings and deeds are added."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from heapq import nsmallest
from typing import NamedTuple

from rolecall.actions.action import Action, ActionKey, Doer, EndedFinding, action_id
from rolecall.actions.deed import Deed, deed_order
from rolecall.actions.harm import HARMS, harm_of, harm_rank
from rolecall.controls.audience import is_for_officers
from rolecall.controls.context import Context
from rolecall.finding import Finding, rank

__all__ = ["Drafts", "Standing"]

_ABOUT_A_PERSON = frozenset({"departure", "suspension", "removal", "person", "record"})
_OF_OFFICERS = frozenset({"policy", "platform"})
"""What no head decides, though heads may read it."""


class Standing(NamedTuple):
    """A finding that stands, and since when.

    ``is_known`` unless it was not looked at this time, and stands because nobody knows better.
    """

    finding: Finding
    since: datetime
    is_known: bool = True


class _Draft:
    """What an action has so far; most have one finding and one deed."""

    __slots__ = ("announces", "deeds", "standing")

    def __init__(self) -> None:
        self.deeds: list[Deed] = []
        self.standing: list[Standing] = []
        self.announces: set[str] | None = None


_Item = tuple[ActionKey, _Draft]


class Drafts:
    """The actions of a part of a registry."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self._drafts: dict[ActionKey, _Draft] = {}
        self._doers: dict[str, tuple[Doer, ...]] = {}

    def do(self, key: ActionKey, *deeds: Deed, announces: Collection[str] = ()) -> None:
        """Add deeds to an action, and what they may bring about."""
        draft = self._drafts.get(key)
        if draft is None:
            draft = self._drafts[key] = _Draft()
        draft.deeds += deeds
        if announces:
            draft.announces = {*(draft.announces or ()), *announces}

    def end(self, key: ActionKey, standing: Standing) -> None:
        """Count a finding under an action that ends it."""
        draft = self._drafts.get(key)
        if draft is None:
            draft = self._drafts[key] = _Draft()
        draft.standing.append(standing)

    def is_begun(self, key: ActionKey) -> bool:
        """Tell whether there is such an action already."""
        return key in self._drafts

    def finished(self) -> list[Action]:
        """Return the actions that end something, in order of key."""
        drafts = sorted(self._drafts.items(), key=_key)
        return [self._finished(key, draft) for key, draft in drafts if draft.standing]

    def first(self, most: int) -> tuple[list[Action], int]:
        """Return the most urgent actions in order, and how many more there are.

        They are the first of all; the others are not even put together.
        """
        standing = [item for item in self._drafts.items() if item[1].standing]
        near = self._nearest(standing, most) if len(standing) > most else standing
        first = nsmallest(most, near, key=self._urgency)
        return [self._finished(*item) for item in first], len(standing) - len(first)

    def _nearest(self, items: list[_Item], most: int) -> list[_Item]:
        """Leave out drafts of less harm than so many others stop: the rest is not looked at."""
        context = self.context
        harms = [
            min([harm_rank(harm_of(one.finding, context)) for one in draft.standing])
            for _, draft in items
        ]
        last = sorted(harms)[most - 1]
        return [item for item, harm in zip(items, harms, strict=True) if harm <= last]

    def _urgency(self, item: _Item) -> tuple[object, ...]:
        """Return by what a draft is sorted, as the action will be that it becomes."""
        key, draft = item
        counts, worst = [0, 0, 0, 0], len(HARMS)
        entities = set()
        for finding, _, _ in draft.standing:
            counts[rank(finding.severity)] -= 1
            worst = min(worst, harm_rank(harm_of(finding, self.context)))
            if finding.entity is not None:
                entities.add(finding.entity)
        since = min([one.since for one in draft.standing])
        entity = next(iter(entities)) if len(entities) == 1 else ""
        return worst, *counts, since, entity, key

    def _finished(self, key: ActionKey, draft: _Draft) -> Action:
        kind, *about = key
        person = about[0] if kind in _ABOUT_A_PERSON else None
        findings = [one.finding for one in draft.standing]
        ended = [
            EndedFinding(one.id, one.severity, one.entity, harm_of(one, self.context))
            for one in findings
        ]
        entities = {one.entity for one in findings if one.entity is not None}
        policy = self.context.policy
        return Action(
            id=action_id(key),
            kind=kind,
            about=(about[0], about[1]),
            harm=min((one.harm for one in ended), key=harm_rank),
            person=person,
            entity=next(iter(entities)) if len(entities) == 1 else None,
            doers=() if kind in _OF_OFFICERS else self._who(entities, person or _confirmed(draft)),
            deeds=tuple(sorted(set(draft.deeds), key=deed_order)),
            ended=tuple(sorted(ended, key=_by_id)),
            since=min([one.since for one in draft.standing]),
            announces=tuple(sorted(draft.announces or ())),
            for_officers=any(is_for_officers(one.subject, policy) for one in findings),
        )

    def _who(self, entities: set[str], person: str | None) -> tuple[Doer, ...]:
        """Return who can do it: nobody does to themselves what must be done to them."""
        if len(entities) == 1 and person is None:
            return self._doers_of(next(iter(entities)))
        found = [doer for entity in sorted(entities) for doer in self._doers_of(entity)]
        return tuple(doer for doer in found if doer.person != person)

    def _doers_of(self, entity: str) -> tuple[Doer, ...]:
        """Return the head of an entity and the nearest of IT above it, as far as they serve."""
        if (known := self._doers.get(entity)) is not None:
            return known
        among, line = self.context.among_active, self.context.lines.get(entity, ())
        head = self.context.heads.get(entity)
        found = [Doer(entity, "head", head)] if head is not None and among([head]) else []
        nearest = (able for one in line if (able := sorted(among(one.it_delegate_ids))))
        found += [Doer(entity, "it", id_) for id_ in next(nearest, []) if id_ != head]
        known = self._doers[entity] = tuple(found)
        return known


def _confirmed(draft: _Draft) -> str | None:
    """Return whose access is all that is to be confirmed, where it is one person's."""
    people = {one.person if one.kind == "confirm-access" else None for one in draft.deeds}
    return people.pop() if len(people) == 1 else None


def _key(item: _Item) -> ActionKey:
    return item[0]


def _by_id(ended: EndedFinding) -> str:
    return ended.finding
