"""Ways to more power that a house like this has had, each put back into the rules that end it.

Sequences that break nothing prove something only if they would have found these.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple
from unittest import mock

from rolecall.errors import ConflictError, DeniedError
from rolecall.finding_state import FindingState
from rolecall.model import Entity, Person
from rolecall.usecases.governance import (
    registry_changes,
    sign_in_lists,
    sign_in_requests,
    taking_away,
    waivers,
)
from rolecall.usecases.governance.record_validation import takes_two
from rolecall.usecases.identity.involvement import Involvement, RecordChange
from rolecall.usecases.identity.permissions import is_steward
from rolecall.usecases.revoking import taking_back
from tests.simulation.requests import EDITS, LISTS, PEOPLE, REVOCATIONS, SIGN_INS, WAIVERS
from tests.stores.memory import MemoryRegistryView

__all__ = ["ESCALATIONS", "Escalation"]


class Escalation(NamedTuple):
    """A rule as it was, and what is asked to find it.

    :ivar sign: what the property says of it.
    """

    place: Any
    name: str
    rule: Callable[..., Any]
    kinds: frozenset[str]
    sign: str

    @contextmanager
    def put_back(self) -> Iterator[None]:
        """Have the rule be as it was."""
        with mock.patch.object(self.place, self.name, self.rule):
            yield


def _departures_alone(change: RecordChange, found: Involvement) -> bool:
    """Of people alone their address, clearance and return to service waited."""
    before, after = change.before, change.after
    if isinstance(before, Person) and isinstance(after, Person):
        return before.email != after.email or before.status != after.status
    return takes_two(change, found)


def _new_rows_alone(change: RecordChange, found: Involvement) -> bool:
    """A new row was not asked what named it already."""
    return not (change.before is None and isinstance(change.after, Person)) and takes_two(
        change, found
    )


def _approved_by_another(
    registrar: registry_changes.ChangeStore,
    caller: Any,
    at: Any,
    known: Any,
    edit: RecordChange,
) -> None:
    """The second officer was held against the record alone, not against who gains."""
    del registrar, at
    about = isinstance(edit.after, Entity) and is_steward(caller.person, edit.after)
    if about or caller.person in (known.requested_by, known.key[-1]):
        raise ConflictError("self-approval", "it takes another officer")


def _about_the_subject(_: Any, known: FindingState, person: str, *__: Any) -> None:
    """A finding was about its subject alone, whomever its evidence named."""
    if known.finding.subject.person == person:
        raise DeniedError("the finding is about you")


ESCALATIONS = {
    "a departure that is taken back alone": Escalation(
        registry_changes, "takes_two", _departures_alone, PEOPLE, "by one alone"
    ),
    "a new person under a name that has power": Escalation(
        registry_changes, "takes_two", _new_rows_alone, PEOPLE, "by one alone"
    ),
    "a second officer who gains": Escalation(
        registry_changes, "_check_pair", _approved_by_another, EDITS, "by whoever gains"
    ),
    "an officer who asks for what is theirs": Escalation(
        registry_changes, "_check_asker", lambda *_: None, EDITS, "by whoever gains"
    ),
    "what somebody asked who serves no more": Escalation(
        registry_changes, "asker_stands", lambda *_: True, PEOPLE, "by one alone"
    ),
    "nobody is asked what names a row": Escalation(
        MemoryRegistryView, "is_named", lambda *_: False, EDITS, "by one alone"
    ),
    "an approval of what was not read": Escalation(
        waivers, "check_seen", lambda *_: None, WAIVERS, "read until"
    ),
    "about is read off one field": Escalation(
        waivers, "_check_not_about", _about_the_subject, WAIVERS, "which concerns"
    ),
    "a sign-in that is somebody's is given away": Escalation(
        sign_in_requests, "_check_free", lambda *_: None, SIGN_INS, "by whoever gains"
    ),
    "a list gives away a sign-in that is somebody's": Escalation(
        sign_in_lists, "_why_not", lambda *_: None, LISTS, "may be this person of"
    ),
    "whoever takes away leaves nobody": Escalation(
        taking_away, "left_without", lambda *_: iter(()), PEOPLE, "nobody is left"
    ),
    "whoever takes away leaves an office without anybody": Escalation(
        taking_away, "_unoccupied", lambda *_: iter(()), PEOPLE, "nobody is left in office"
    ),
    "what another took is given back by one": Escalation(
        taking_back, "_is_enough", lambda *_: True, REVOCATIONS, "by one alone"
    ),
}
"""By what each lets somebody do."""
