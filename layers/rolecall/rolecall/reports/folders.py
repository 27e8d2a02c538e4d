"""Where the reports of a night lie: of all in the folder of the run, of one entity below it."""

from __future__ import annotations

import re

from rolecall.finding import identity

__all__ = ["entity_of", "folder_of"]

_OTHERS = re.compile(rb"[^0-9a-zA-Z.-]")
_QUOTED = re.compile(r"~([0-9a-f]{2})")
_MOST = 100


def folder_of(entity: str) -> str:
    """Return the folder of an entity: its id, with other signs than letters and digits in hex.

    Very long ids are stood in for by what identifies them.
    """
    safe = _OTHERS.sub(lambda found: b"~%02x" % found[0][0], entity.encode()).decode()
    return f"entities/{safe if len(safe) <= _MOST else identity('entity', entity)}"


def entity_of(folder: str) -> str:
    """Return the entity whose folder it is, for an id that is not too long to stand in it.

    :param folder: its last part, behind ``entities/``.
    """
    bytes_ = _QUOTED.sub(lambda found: chr(int(found[1], 16)), folder).encode("latin-1", "replace")
    return bytes_.decode("utf-8", "replace")
