"""Who is told of a finding: the stewards of the entity that it is counted under, or officers alone.

What a finding is *of* and whom it is *told to* are two things. The entity of a subject says which
parameters of the policy hold, and does not change. What concerns somebody's conduct is told to
nobody's head: the head, an IT delegate or a manager may be whose conduct it is, or their friend.
So it is counted under no entity, unless the policy asks for it, and everything that follows from a
finding's entity follows from that: listings, counts, reports and proofs of entities leave it out.

It goes by the kind of the subject, so that a control that comes later is told to the same people by
itself. Whether an account has people to call in a crisis is of the account: heads see to it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rolecall.controls.context import Context
from rolecall.controls.populations import Population
from rolecall.model import Policy, Subject

__all__ = ["CONFIDENTIAL", "audience", "is_for_officers"]

CONFIDENTIAL = frozenset({"incident"})
"""Kinds of subjects that may concern somebody's conduct."""


def audience(population: Population[Any], policy: Policy) -> Callable[[Any, Context], str | None]:
    """Return what gives, of a subject, the entity under which its finding is counted.

    :param population: of the control.
    """
    if population.kind in CONFIDENTIAL and policy.incidents_to == "officers":
        return _nobodys
    return population.entity


def is_for_officers(subject: Subject, policy: Policy) -> bool:
    """Tell whether officers alone are told of findings about a subject."""
    return subject.kind in CONFIDENTIAL and policy.incidents_to == "officers"


def _nobodys(_: Any, __: Context) -> str | None:
    return None
