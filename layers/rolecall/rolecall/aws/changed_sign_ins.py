"""When the sign-in of somebody was last let go, or given to another: an item beside their request.

| partition | key | document |
|---|---|---|
| ``SIGN-IN#<person>`` | ``changed`` | the instant |

What somebody asked for ends with the sign-in by which they asked. It is written in the transaction
that changes the sign-in, and looked at in the one that carries out what was asked for: that writes
the person's sign-in once more as it is, so that of two at once one is refused, and decides anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec

from rolecall.aws.sign_ins import bound_write, person_sign_in_key
from rolecall.aws.table import DocumentTable, put
from rolecall.errors import LogConflictError

__all__ = ["asked_write", "changed_write", "sign_in_changed"]


def _place(person: str) -> tuple[str, str]:
    return f"SIGN-IN#{person}", "changed"


def sign_in_changed(table: DocumentTable, person: str) -> datetime | None:
    """Return when a person's sign-in was last taken from them, if it ever was."""
    item = table.get(*_place(person))
    return None if item is None else msgspec.json.decode(item.data, type=datetime)


def changed_write(table: DocumentTable, person: str, at: datetime) -> Mapping[str, Any]:
    """Return the write that says when a sign-in was changed."""
    item = table.get(*_place(person))
    version = 0 if item is None else item.version
    return put(table.name, *_place(person), msgspec.json.encode(at), version=version).request


def asked_write(table: DocumentTable, person: str, at: datetime) -> Iterator[Mapping[str, Any]]:
    """Yield the write that holds somebody to the sign-in by which they asked for something.

    :param at: when they asked.
    :raises LogConflictError: it is not theirs any more; look again.
    """
    theirs = table.get(*person_sign_in_key(person))
    # Looked at after the sign-in: what is of its version is so at the commit, or that is refused.
    changed = sign_in_changed(table, person)
    if changed is not None and at <= changed:
        raise LogConflictError(f"{person} has another sign-in by now")
    if theirs is not None:
        mark = msgspec.json.decode(theirs.data, type=str | None)
        yield bound_write(table.name, person_sign_in_key(person), mark, theirs)
