"""The words of Rolecall as data: what a registry, a policy and a verdict are made of.

Invariants:

- Every object is immutable, and every value was parsed before it got here: dates are dates, closed
  vocabularies hold one of their words, identifiers are trimmed and not empty where required.
- ``None`` and ``()`` mean *none on record* (an empty cell). That a registry does not have the
  column at all, *not tracked*, is a fact about the table: :attr:`Snapshot.tracked`.
- A table's columns are its Struct's fields, in order, with their types and descriptions: the
  readers, ``rolecall init`` and the documentation are derived from them, so there is one truth.

Elsewhere: parsing (:mod:`rolecall.registry`), look-ups (:mod:`rolecall.controls.context`).
"""

from __future__ import annotations

from rolecall.model.accounts import ADMINISTRATIVE_ROLES, FULL_CONTROL_ROLES, Account, Grant, Login
from rolecall.model.occurrences import Content, Incident, Investigator, Observation
from rolecall.model.policy import SEVERITIES, Policy, Severity, Waiver
from rolecall.model.registry_record import (
    AccountId,
    EntityId,
    Ids,
    Notes,
    PersonId,
    PersonIds,
    RegistryRecord,
    RowKey,
)
from rolecall.model.roster import Entity, Person
from rolecall.model.snapshot import TABLES, Alike, Rest, Snapshot
from rolecall.model.subject import Subject, SubjectKind

__all__ = [
    "ADMINISTRATIVE_ROLES",
    "FULL_CONTROL_ROLES",
    "SEVERITIES",
    "TABLES",
    "Account",
    "AccountId",
    "Alike",
    "Content",
    "Entity",
    "EntityId",
    "Grant",
    "Ids",
    "Incident",
    "Investigator",
    "Login",
    "Notes",
    "Observation",
    "Person",
    "PersonId",
    "PersonIds",
    "Policy",
    "RegistryRecord",
    "Rest",
    "RowKey",
    "Severity",
    "Snapshot",
    "Subject",
    "SubjectKind",
    "Waiver",
]
