"""How a policy adjusts a control: the parameters, their kinds, and which set an entity gets.

An override of an entity holds for its descendants, and the nearest wins, parameter by parameter.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from rolecall.controls.control import Control, Params
from rolecall.model import Policy

if TYPE_CHECKING:
    from rolecall.controls.context import Context

__all__ = ["resolve"]


def resolve(
    control: Control[Any], policy: Policy, context: Context
) -> tuple[Params, Mapping[str, Params]]:
    """Return a control's parameters, and those of the entities that differ.

    Entities with equal parameters share one object, so that subjects can be grouped by identity.
    """
    base = replace(Params(**control.parameters), **policy.controls.get(control.id, {}))
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
        params = base
        for ancestor in reversed(line):
            if ancestor.id in overriding:
                params = replace(params, **overriding[ancestor.id])
        if params != base:
            differing[entity] = shared.setdefault(params, params)
    return base, differing
