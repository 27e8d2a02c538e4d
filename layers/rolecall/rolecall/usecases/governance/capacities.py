"""As what somebody signs off a report: a closed list, for it stays in the audit log for good."""

from __future__ import annotations

from typing import Literal, TypeAlias, get_args

__all__ = ["CAPACITIES", "Capacity"]

Capacity: TypeAlias = Literal[
    "officer",
    "compliance officer",
    "data protection officer",
    "safeguarding officer",
    "finance officer",
    "chancellor",
    "vicar general",
    "dean",
    "director",
    "counsel",
    "auditor",
    "external auditor",
]
CAPACITIES: tuple[str, ...] = get_args(Capacity)
