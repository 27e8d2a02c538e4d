"""Events, before they have a place in the log, and every action that one can be.

Who writes is held to the list of actions. A log that a later release wrote may have others: they
are proven and counted like all records, and not understood (:mod:`rolecall.ledger.reading`).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, TypeAlias

from msgspec import Struct

from rolecall.model import Subject

__all__ = ["ACTIONS", "SEAL", "Event", "EventAction"]

EventAction: TypeAlias = Literal[
    "finding.opened",
    "finding.changed",
    "finding.moved",
    "finding.regressed",
    "finding.resolved",
    "waiver.applied",
    "waiver.lapsed",
    "acceptance.proposed",
    "acceptance.approved",
    "acceptance.withdrawn",
    "registry.changed",
    "change.requested",
    "change.approved",
    "change.refused",
    "run.requested",
    "run.clock_corrected",
    "report.signed",
    "run.completed",
    "secret.stored",
    "secret.amended",
    "secret.rotated",
    "secret.revealed",
    "secret.code_given",
    "secret.history_shown",
    "secret.destroyed",
    "secret.refused",
    "vault.rewrapped",
    "identity.bound",
    "identity.requested",
    "identity.approved",
    "identity.refused",
    "user.added",
    "user.removed",
    "user.factor_reset",
    "office.requested",
    "office.refused",
    "office.given",
    "office.taken",
    "revocation.requested",
    "revocation.overridden",
    "revocation.handed_over",
    "revocation.confirmed",
    "revocation.failed",
    "revocation.objected",
    "revocation.cancelled",
    "revocation.brake_lifted",
    "report.downloaded",
    "registry.glass_broken",
    "stack.upgraded",
    "stack.restored",
    "office.carried",
    "log.sealed",
]

ACTIONS: dict[EventAction, str] = {
    "finding.opened": "A control fails on a subject for the first time",
    "finding.changed": "An open finding is otherwise than before, or fails by a changed rule too",
    "finding.moved": "An open finding counts under another entity from now on, or under none",
    "finding.regressed": "A resolved finding fails again",
    "finding.resolved": "An open finding is gone; the payload says why",
    "waiver.applied": "A finding is accepted under a waiver, bound to its evidence and severity",
    "waiver.lapsed": "A waiver no longer holds for its finding; the payload says why",
    "acceptance.proposed": "Somebody proposes a waiver that takes a second approver",
    "acceptance.approved": "A waiver is approved; it applies from the next run on",
    "acceptance.withdrawn": "A waiver, or the proposal of one, was taken back",
    "registry.changed": "A record of the registry was edited; the payload says which fields",
    "change.requested": "Somebody asks for an edit that gives power; it waits for a second officer",
    "change.approved": "A second officer approved an edit that gives power",
    "change.refused": "An edit that gives power was refused, or taken back",
    "run.requested": "Somebody asked for an audit now",
    "run.clock_corrected": "An audit goes on from today, after one that a wrong clock dated later",
    "report.signed": "An officer signed off a report, by its digest",
    "run.completed": "An audit ended; the payload says what it covered and counted",
    "secret.stored": "A secret was put into the vault where there was none",
    "secret.amended": "What is beside the password of a secret was changed",
    "secret.rotated": "A login got another password",
    "secret.revealed": "Somebody read a secret; the payload says why, and by what right",
    "secret.code_given": "Somebody got a one-time code, without the seed that makes it",
    "secret.history_shown": "Somebody asked who has known which version of a secret",
    "secret.destroyed": "All that was kept of a login's secret was deleted",
    "secret.refused": "Somebody asked for something of a secret that they may not have",
    "vault.rewrapped": "The keys of the vault's secrets were wrapped anew",
    "identity.bound": "Somebody signed in for the first time; from then on as this subject alone",
    "identity.requested": "Somebody asks for another sign-in of a person; it waits for another",
    "identity.approved": "A second officer approved another sign-in of a person",
    "identity.refused": "Another sign-in of a person was refused, or the request taken back",
    "user.added": "An operator has somebody of the roster invited, or lets them in again",
    "user.removed": "An operator ends what a user signs in by; the payload says why",
    "user.factor_reset": "An operator has somebody set up a second factor anew; says why",
    "office.requested": "An officer asks that somebody have an office; the operator gives it",
    "office.refused": "An office that was asked for was refused, or the request taken back",
    "office.given": "Somebody has an office; the payload says who asked, or that nobody had one",
    "office.taken": "Somebody has an office no more; the payload says why",
    "revocation.requested": "Somebody asked that a person's access to an account be removed",
    "revocation.overridden": "A head removes access although a guard is against it, and says why",
    "revocation.handed_over": "No program can remove the access; people were told how",
    "revocation.confirmed": "The access is removed; the payload says by whom and when",
    "revocation.failed": "The access could not be removed; the payload says why",
    "revocation.objected": "A steward would take back what another asked for; it takes two",
    "revocation.cancelled": "The access stays: the request was taken back before it was done",
    "revocation.brake_lifted": "Somebody let another go on who revoked very much in an hour",
    "report.downloaded": "Somebody got an address from which to download a report",
    "registry.glass_broken": "An operator has somebody serve again whom an edit stopped; says why",
    "stack.upgraded": "A table of the stack is in the next format from here on",
    "stack.restored": "What a table had lost is put back from a copy, so many items of each kind",
    "office.carried": "An officer goes to the group that gives the office after an upgrade",
    "log.sealed": "Everything before it was sealed; the payload says what each entity has by then",
}
"""The closed list of what can stand in the log, with what each means."""

SEAL: EventAction = "log.sealed"


class Event(Struct, frozen=True, kw_only=True):
    """Something that happened, before it has a place in the log.

    ``id`` makes appending idempotent: the same event twice is one record, a different event under
    the same id is an error.
    """

    id: str
    at: datetime
    actor: str
    action: EventAction
    entity: str | None
    subject: Subject | None
    payload: dict[str, Any]
