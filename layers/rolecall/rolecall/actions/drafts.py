"""Actions while they are put together: drafts by key, to which findings and deeds are added."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import NamedTuple

from rolecall.actions.action import Action, ActionKey, Doer, EndedFinding, action_id
from rolecall.actions.deed import Deed, deed_order
from rolecall.actions.harm import HARMS, harm_of, harm_rank
from rolecall.controls.audience import is_for_officers
from rolecall.controls.context import Context
from rolecall.finding import Finding

__all__ = ["Drafts", "Standing"]

_ABOUT_A_PERSON = frozenset({"departure", "suspension", "removal", "person", "record"})
_OF_OFFICERS = frozenset({"policy", "platform"})
"""What no head decides, though heads may read it."""

_NEVER = datetime.max.replace(tzinfo=UTC)


class Standing(NamedTuple):
    """A finding that stands, and since when.

    ``is_known`` unless it was not looked at this time, and stands because nobody knows better.
    """

    finding: Finding
    since: datetime
    is_known: bool = True


class _Draft:
    """What an action has so far; most have one finding and one deed."""

    __slots__ = ("announces", "deeds", "ended", "entities", "for_officers", "harm", "since")

    def __init__(self) -> None:
        self.deeds: dict[Deed, None] = {}
        self.ended: list[EndedFinding] = []
        self.entities: set[str] = set()
        self.announces: set[str] = set()
        self.harm = len(HARMS) - 1
        self.since = _NEVER
        self.for_officers = False


class Drafts:
    """The actions of a part of a registry."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self._drafts: dict[ActionKey, _Draft] = {}
        self._doers: dict[str, tuple[Doer, ...]] = {}

    def do(self, key: ActionKey, *deeds: Deed, announces: Iterable[str] = ()) -> None:
        """Add deeds to an action, and what they may bring about."""
        draft = self._of(key)
        draft.deeds |= dict.fromkeys(deeds)
        draft.announces.update(announces)

    def end(self, key: ActionKey, standing: Standing) -> None:
        """Count a finding under an action that ends it."""
        draft, finding, since = self._of(key), standing.finding, standing.since
        harm = harm_of(finding, self.context)
        draft.ended.append(EndedFinding(finding.id, finding.severity, finding.entity, harm))
        if finding.entity is not None:
            draft.entities.add(finding.entity)
        draft.harm = min(draft.harm, harm_rank(harm))
        draft.since = min(draft.since, since)
        draft.for_officers |= is_for_officers(finding.subject, self.context.policy)

    def is_begun(self, key: ActionKey) -> bool:
        """Tell whether there is such an action already."""
        return key in self._drafts

    def finished(self) -> list[Action]:
        """Return the actions that end something, in order of key."""
        drafts = sorted(self._drafts.items())
        return [self._finished(key, draft) for key, draft in drafts if draft.ended]

    def _of(self, key: ActionKey) -> _Draft:
        draft = self._drafts.get(key)
        if draft is None:
            draft = self._drafts[key] = _Draft()
        return draft

    def _finished(self, key: ActionKey, draft: _Draft) -> Action:
        kind, *about = key
        person = about[0] if kind in _ABOUT_A_PERSON else None
        return Action(
            id=action_id(key),
            kind=kind,
            about=(about[0], about[1]),
            harm=HARMS[draft.harm],
            person=person,
            entity=next(iter(draft.entities)) if len(draft.entities) == 1 else None,
            doers=() if kind in _OF_OFFICERS else self._who(draft.entities, person),
            deeds=tuple(sorted(draft.deeds, key=deed_order)),
            ended=tuple(sorted(draft.ended, key=_by_id)),
            since=draft.since,
            announces=tuple(sorted(draft.announces)),
            for_officers=draft.for_officers,
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
        active, line = self.context.active, self.context.lines.get(entity, ())
        head = self.context.heads.get(entity)
        found = [Doer(entity, "head", head)] if head is not None and head in active else []
        nearest = (
            able
            for one in line
            if (able := sorted({id_ for id_ in one.it_delegate_ids if id_ in active}))
        )
        found += [Doer(entity, "it", id_) for id_ in next(nearest, []) if id_ != head]
        known = self._doers[entity] = tuple(found)
        return known


def _by_id(ended: EndedFinding) -> str:
    return ended.finding
