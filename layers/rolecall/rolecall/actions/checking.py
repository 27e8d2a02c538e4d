"""Holds a plan against the engine: the registry as it would be is audited once more."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from datetime import datetime

from msgspec import Struct

from rolecall.actions.action import Action
from rolecall.actions.deed import Deed, DeedKind, deed_order
from rolecall.actions.effects_for_officers import EFFECTS_FOR_OFFICERS
from rolecall.actions.effects_on_access import EFFECTS_ON_ACCESS, Effect
from rolecall.actions.effects_on_accounts import EFFECTS_ON_ACCOUNTS
from rolecall.actions.effects_on_logins import EFFECTS_ON_LOGINS
from rolecall.actions.world import World
from rolecall.controls.catalogue import catalogue
from rolecall.controls.context import Context
from rolecall.engine import Scope, evaluate
from rolecall.finding import Finding, finding_id
from rolecall.model import Policy, Snapshot

__all__ = ["EFFECTS", "Checked", "carried_out", "checked"]

EFFECTS: dict[DeedKind, Effect] = {
    **EFFECTS_ON_ACCESS,
    **EFFECTS_ON_LOGINS,
    **EFFECTS_ON_ACCOUNTS,
    **EFFECTS_FOR_OFFICERS,
}


class Checked(Struct, frozen=True):
    """What the engine says of a plan.

    :ivar ended: ids of the findings that are gone, or accepted where nothing else mends them.
    :ivar left: ids of those that the plan says it ends, and it does not.
    :ivar new: what fails that did not, though no action announces it.
    :ivar announced: what fails that did not, as actions announce.
    """

    ended: Set[str]
    left: Sequence[str]
    new: Sequence[Finding]
    announced: Sequence[Finding]


def carried_out(
    actions: Iterable[Action], snapshot: Snapshot, policy: Policy, as_of: datetime
) -> World:
    """Return the world in which everything is done that actions say.

    Deeds of one kind are done together, and one that several actions have is done once: first
    people get what they need, then some are let in, then others are let go, then passwords are
    changed. In what order people take the actions does not change what comes of all.
    """
    world = World(snapshot, policy, as_of)
    deeds: set[Deed] = {deed for action in actions for deed in action.deeds}
    for deed in sorted(deeds, key=deed_order):
        EFFECTS[deed.kind](world, deed)
    return world


def checked(
    actions: Sequence[Action],
    before: Iterable[Finding],
    snapshot: Snapshot,
    policy: Policy,
    as_of: datetime,
    scope: Scope | None = None,
) -> Checked:
    """Carry actions out, and evaluate again.

    :param before: everything that fails now, accepted findings too.
    """
    world = carried_out(actions, snapshot, policy, as_of)
    context = Context(world.snapshot(), world.policy, as_of)
    after = {one.id: one for one in evaluate(context, catalogue().values(), scope).findings}
    for waiver in world.policy.waivers:
        if waiver.expires >= context.today:
            after.pop(finding_id(waiver.control, waiver.subject), None)
    known = {one.id for one in before}
    said = {control for action in actions for control in action.announces}
    new = [one for id_, one in after.items() if id_ not in known]
    return Checked(
        ended=known - after.keys(),
        left=sorted({id_ for one in actions for id_ in one.findings if id_ in after}),
        new=[one for one in new if one.control not in said],
        announced=[one for one in new if one.control in said],
    )
