"""The way back that nobody can lock: an operator undoes an edit that stopped somebody.

Edits of the registry take two officers where they give power, and that somebody serves again does.
Where no two are left who could, whoever works with the stack itself may have somebody serve again
whom an edit stopped: nothing else, on record, with a reason. What files say of a person is not
undone here; whoever may do this may import.
"""

from __future__ import annotations

from datetime import datetime

import msgspec
from msgspec.structs import replace

from rolecall.aws.stack import Stack
from rolecall.errors import ConflictError, NotFoundError
from rolecall.finding import identity
from rolecall.ledger.event import Event
from rolecall.model import Person, Subject
from rolecall.provenance import fill_key
from rolecall.registry.documents import PersonDocument, person_key
from rolecall.usecases.reasons import reason_of
from rolecall.usecases.retry import retried

__all__ = ["break_glass", "stopped_by_edit"]

_STOPPING = ("status", "left_on")


def stopped_by_edit(stack: Stack, person: str, at: datetime) -> Person:
    """Return how somebody would serve again whom an edit stopped.

    :raises NotFoundError: there is no such person.
    :raises ConflictError: they serve, or it is files that say they do not.
    """
    row = stack.registry.table.get(*person_key(person))
    if row is None:
        raise NotFoundError(f"there is no person {person}")
    document = msgspec.json.decode(row.data, type=PersonDocument)
    edited = [
        name
        for name in _STOPPING
        if (fill := document.filled.get(fill_key("people", person, name))) and fill.by == "edit"
    ]
    known = stack.registry.person(person)
    if known is None or known.is_active(at.date()):
        raise ConflictError("serves", f"{person} serves")
    again = replace(
        known,
        status="active" if "status" in edited else known.status,
        left_on=None if "left_on" in edited else known.left_on,
    )
    if not again.is_active(at.date()):
        raise ConflictError(
            "said-by-files", f"it is files that say that {person} does not serve: import others"
        )
    return again


@retried
def break_glass(stack: Stack, person: str, reason: str, at: datetime, via: str) -> Person:
    """Have somebody serve again whom an edit stopped.

    :param reason: why it takes this; it goes into the log.
    :param via: who does it, as AWS says.
    :raises NotFoundError: there is no such person.
    :raises ConflictError: it was not an edit that stopped them.
    :raises UsageError: the reason is none.
    """
    said = reason_of(reason)
    again = stopped_by_edit(stack, person, at)
    held = stack.registrar.held("people", (person,))
    event = Event(
        id=f"break-glass/{identity(person, at.isoformat(), via)}",
        at=at,
        actor="operator",
        action="registry.glass_broken",
        entity=again.entity_id,
        subject=Subject("person", person=person),
        payload={"now": {"status": again.status, "left_on": None}, "reason": said, "via": via},
    )
    stack.registrar.keep([event], held=held, record=again)
    return again
