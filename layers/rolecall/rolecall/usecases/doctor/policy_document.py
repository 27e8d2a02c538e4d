"""What the policy of a key, a bucket or a role says: statements, and what they let whom do."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

from msgspec import Struct

__all__ = ["PolicyStatement", "policy_statements"]


class PolicyStatement(Struct, frozen=True):
    """One statement.

    :ivar principals: ARNs, services, ids of what was deleted, or ``*`` for everybody. Whom a
        statement names by exception is nobody here, and for what it allows everybody.
    :ivar excepted: the actions that it does not speak of, where it says so by exception.
    """

    sid: str
    allows: bool
    principals: tuple[str, ...]
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    condition: Mapping[str, Any]
    excepted: tuple[str, ...] = ()

    def covers(self, action: str) -> bool:
        """Return whether it speaks of an action."""
        if self.excepted:
            return not _matches(action, self.excepted)
        return _matches(action, self.actions)


def policy_statements(text: str) -> tuple[PolicyStatement, ...]:
    """Read a policy.

    :raises ValueError: it is none.
    """
    found = json.loads(text)
    if not isinstance(found, dict):
        raise ValueError("not a policy")
    return tuple(_statement(one) for one in _listed(found.get("Statement", [])))


def _statement(data: Mapping[str, Any]) -> PolicyStatement:
    allows = data.get("Effect") == "Allow"
    principal = data.get("Principal", "*" if allows and "NotPrincipal" in data else ())
    groups = principal.values() if isinstance(principal, dict) else [principal]
    return PolicyStatement(
        sid=data.get("Sid", ""),
        allows=allows,
        principals=tuple(name for group in groups for name in _listed(group)),
        actions=tuple(_listed(data.get("Action", ()))),
        resources=tuple(_listed(data.get("Resource", ()))),
        condition=data.get("Condition", {}),
        excepted=tuple(_listed(data.get("NotAction", ()))),
    )


def _matches(action: str, patterns: Sequence[str]) -> bool:
    return any(fnmatchcase(action.lower(), one.lower()) for one in patterns)


def _listed(value: Any) -> Sequence[Any]:
    return value if isinstance(value, (list, tuple)) else [value]
