"""How a policy adjusts a control: the parameters, their kinds, and which set an entity gets.

An override of an entity holds for its descendants, and the nearest wins, parameter by parameter.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from rolecall.controls.control import Control, Params
from rolecall.model import Policy

if TYPE_CHECKING:
    from rolecall.controls.context import Context

__all__ = ["is_turned_off", "resolve"]


def resolve(
    control: Control[Any], policy: Policy, context: Context
) -> tuple[Params, Mapping[str, Params]]:
    """Return a control's parameters, and those of the entities that differ.

    Entities with equal parameters share one object, so that subjects can be grouped by identity.
    """
    own = {**control.parameters, **policy.controls.get(control.id, {})}
    base = _params(control, policy, own)
    overriding = {
        entity: overrides[control.id]
        for entity, overrides in policy.entities.items()
        if control.id in overrides
    }
    if not overriding:
        return base, {}
    shared: dict[Params, Params] = {base: base}
    differing = {}
    for entity, line in context.lines.items():
        settings = dict(own)
        for ancestor in reversed(line):
            settings |= overriding.get(ancestor.id, {})
        params = _params(control, policy, settings)
        if params != base:
            differing[entity] = shared.setdefault(params, params)
    return base, differing


def is_turned_off(control: str, policy: Policy, context: Context, entity: str | None) -> bool:
    """Tell whether the policy itself turns a control off for an entity, and not its definition."""
    said = policy.controls.get(control, {}).get("enabled", True)
    for ancestor in reversed(context.lines.get(entity or "", ())):
        said = policy.entities.get(ancestor.id, {}).get(control, {}).get("enabled", said)
    return said is False


def _params(control: Control[Any], policy: Policy, settings: Mapping[str, Any]) -> Params:
    """Return the parameters that settings are; the control is off without what it cannot guess."""
    known = {name: value for name, value in settings.items() if value is not None}
    setting = control.off_without
    if len(known) < len(settings) or (setting and getattr(policy, setting) is None):
        known["enabled"] = False
    return Params(**known)
