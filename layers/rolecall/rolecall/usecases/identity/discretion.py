"""From whom a matter is kept although they may read others of its kind: incidents.

Two rules, for whatever names an incident: findings, records of the log, and what was decided.

- Officers read it. A head, an IT delegate or a manager does where the policy has heads told of
  incidents, and only then: also of what an earlier release recorded for their entity.
- Nobody reads what is about their own conduct, whatever they are: an officer neither.

What is kept from somebody is not there for them: no listing has it, and to ask for it is answered
as for what there is not. Whoever looks into an incident knows of it, and may read it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Protocol

from rolecall.controls.audience import CONFIDENTIAL
from rolecall.model import Subject
from rolecall.registry.documents import AccountDocument
from rolecall.usecases.identity.permissions import Caller, may
from rolecall.vocabulary import Confidants

__all__ = ["Discretion", "IncidentView"]


class IncidentView(Protocol):
    """What has to be known of incidents to tell from whom they are kept."""

    def incident_accounts(self, incident: str) -> Sequence[AccountDocument]:
        """Return the accounts that have an incident: of a sound registry one."""
        ...

    def incidents_to(self) -> Confidants:
        """Return who is told of incidents, by the policy as it was imported last."""
        ...


class Discretion:
    """What is kept from one caller. An incident is looked up once, and only where it is named."""

    def __init__(self, known: IncidentView, caller: Caller) -> None:
        self._known = known
        self._caller = caller
        self._kept: dict[str, bool] = {}

    def keeps(self, subject: Subject) -> bool:
        """Tell whether something about a subject is kept from the caller."""
        return subject.kind in CONFIDENTIAL and self.keeps_incident(subject.incident)

    def keeps_incident(self, incident: str) -> bool:
        """Tell whether what names an incident is kept from the caller."""
        if incident not in self._kept:
            self._kept[incident] = not self._is_told or self._is_theirs(incident)
        return self._kept[incident]

    @cached_property
    def _is_told(self) -> bool:
        # Who reads findings of everything is an officer; all others read as heads at most.
        is_officer = may("read findings", self._caller.groups)
        return is_officer or self._known.incidents_to() == "heads"

    def _is_theirs(self, incident: str) -> bool:
        return any(
            one.id == incident and one.subject_id == self._caller.person
            for document in self._known.incident_accounts(incident)
            for one in document.incidents
        )
