"""An action: what somebody does in one go, and the findings that are gone afterwards.

Every standing finding is ended by one action and no other. Where several together end it, such as
several departures of one account that had too many administrators, it is counted under the last of
them; what ends by the way is counted where it ends.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Literal, TypeAlias

from msgspec import Struct

from rolecall.actions.deed import Deed
from rolecall.actions.harm import Harm, harm_rank
from rolecall.finding import identity
from rolecall.model import SEVERITIES, Severity

__all__ = ["Action", "ActionKey", "ActionKind", "Doer", "EndedFinding", "action_id", "urgency"]

ActionKind: TypeAlias = Literal[
    "departure",
    "suspension",
    "removal",
    "stranger",
    "content",
    "control",
    "closing",
    "lock",
    "domain",
    "head",
    "person",
    "money",
    "reuse",
    "review",
    "unknown-account",
    "duplicate",
    "platform",
    "archive",
    "privacy",
    "incident",
    "policy",
    "record",
]
"""What an action is about: a person's departure, an account's locks, an entity's papers..."""

ActionKey: TypeAlias = tuple[ActionKind, str, str]
"""What makes an action one: its kind, and the ids of what it is about."""


class EndedFinding(Struct, frozen=True, gc=False, omit_defaults=True):
    """A finding that an action ends; ``entity`` is whose it is, ``None`` where officers' alone."""

    finding: str
    severity: Severity
    entity: str | None = None
    harm: Harm = "upkeep"


class Doer(Struct, frozen=True, gc=False, order=True):
    """Somebody who can do it for an entity: its head, or who of IT may act for the head."""

    entity: str
    office: Literal["head", "it"]
    person: str


class Action(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is done in one go.

    :ivar harm: the worst that it stops, by name (:mod:`rolecall.actions.harm`).
    :ivar person: whom it is about, if it is about one person.
    :ivar entity: whose findings it ends, where they are of one entity.
    :ivar doers: people who can do it; none where that is the officers' business.
    :ivar deeds: what is done, in order: what must come first stands first.
    :ivar ended: the findings that are gone afterwards, sorted by id.
    :ivar since: since when the oldest of them stands.
    :ivar announces: controls that may find something new afterwards, which cannot be known yet.
    :ivar for_officers: whether nobody else is told of it, because it is about somebody's conduct.
    """

    id: str
    kind: ActionKind
    about: tuple[str, str]
    harm: Harm
    person: str | None = None
    entity: str | None = None
    doers: tuple[Doer, ...] = ()
    deeds: tuple[Deed, ...]
    ended: tuple[EndedFinding, ...]
    since: datetime
    announces: tuple[str, ...] = ()
    for_officers: bool = False

    @property
    def key(self) -> ActionKey:
        """What makes it one, and joins its parts."""
        return (self.kind, *self.about)

    @property
    def findings(self) -> tuple[str, ...]:
        """The ids of the findings that it ends, sorted."""
        return tuple([one.finding for one in self.ended])

    @property
    def severities(self) -> Mapping[Severity, int]:
        """How many findings of each severity it ends, the worst first; none without any."""
        counts = Counter([one.severity for one in self.ended])
        return {severity: counts[severity] for severity in SEVERITIES if counts[severity]}


def action_id(key: ActionKey) -> str:
    """Return the id of an action: it stays while there is something to do."""
    return identity("action", *key)


def urgency(action: Action) -> tuple[object, ...]:
    """Return by what actions are sorted, the most urgent first.

    The harm that is stopped; how many critical findings end, how many high ones and so on; since
    when the oldest stands; then what it is about, by id, so that the order is always the same.
    """
    counts = Counter([one.severity for one in action.ended])
    many = [-counts[severity] for severity in SEVERITIES]
    return harm_rank(action.harm), *many, action.since, action.entity or "", action.key
