"""Who is told of incidents, read from the text of a policy and nothing else of it.

Who serves a request has the text that was imported, and no need of the rest. What does not say in
so many words that heads are told does not have them told: not a policy that cannot be read either.
"""

from __future__ import annotations

import tomllib
from typing import Any

from rolecall.vocabulary import Confidants

__all__ = ["incident_audience"]


def incident_audience(policy: str | None) -> Confidants:
    """Return who is told of incidents.

    :param policy: the text of a policy.toml; ``None`` for the defaults.
    """
    try:
        document: dict[str, Any] = tomllib.loads(policy or "")
    except (tomllib.TOMLDecodeError, RecursionError):
        return "officers"
    head = document.get("policy")
    told = head.get("incidents_to") if isinstance(head, dict) else None
    return "heads" if isinstance(told, str) and told.casefold() == "heads" else "officers"
