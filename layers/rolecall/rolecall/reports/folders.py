"""Where the reports of a night lie: of all in the folder of the run, of one entity below it."""

from __future__ import annotations

import re

from rolecall.finding import identity

__all__ = ["folder_of"]

_OTHERS = re.compile(rb"[^0-9a-zA-Z.-]")
_MOST = 100


def folder_of(entity: str) -> str:
    """Return the folder of an entity: its id, with other signs than letters and digits in hex.

    Very long ids are stood in for by what identifies them.
    """
    safe = _OTHERS.sub(lambda found: b"~%02x" % found[0][0], entity.encode()).decode()
    return f"entities/{safe if len(safe) <= _MOST else identity('entity', entity)}"
