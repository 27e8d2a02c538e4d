"""What the policy of a key, a bucket or a role says: statements, and what they let whom do."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

from msgspec import Struct

__all__ = ["PolicyStatement", "policy_statements"]


class PolicyStatement(Struct, frozen=True):
    """One statement. ``principals`` are ARNs, services, ids of what was deleted, or ``*``."""

    sid: str
    allows: bool
    principals: tuple[str, ...]
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    condition: Mapping[str, Any]
    inverted: bool

    def covers(self, action: str) -> bool:
        """Return whether it speaks of an action; what is said by exception speaks of all."""
        wanted = action.lower()
        return self.inverted or any(fnmatchcase(wanted, one.lower()) for one in self.actions)


def policy_statements(text: str) -> tuple[PolicyStatement, ...]:
    """Read a policy.

    :raises ValueError: it is none.
    """
    found = json.loads(text)
    if not isinstance(found, dict):
        raise ValueError("not a policy")
    return tuple(_statement(one) for one in _listed(found.get("Statement", [])))


def _statement(data: Mapping[str, Any]) -> PolicyStatement:
    principal = data.get("Principal", data.get("NotPrincipal", ()))
    groups = principal.values() if isinstance(principal, dict) else [principal]
    return PolicyStatement(
        sid=data.get("Sid", ""),
        allows=data.get("Effect") == "Allow",
        principals=tuple(name for group in groups for name in _listed(group)),
        actions=tuple(_listed(data.get("Action", ()))),
        resources=tuple(_listed(data.get("Resource", ()))),
        condition=data.get("Condition", {}),
        inverted="NotAction" in data or "NotPrincipal" in data,
    )


def _listed(value: Any) -> Sequence[Any]:
    return value if isinstance(value, (list, tuple)) else [value]
