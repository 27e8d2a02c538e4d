"""What was decided of a finding, what all decisions come to, and what the log says of one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, Literal, TypeAlias

from msgspec import Struct

from rolecall.finding import identity, waiver_id
from rolecall.ledger.event import Event, EventAction
from rolecall.model import Severity, Subject, Waiver
from rolecall.usecases.identity.permissions import Caller

__all__ = [
    "AcceptedWaivers",
    "WaiverDecision",
    "WaiverState",
    "accepted_waivers",
    "waiver_event",
    "waiver_terms",
]

WaiverState: TypeAlias = Literal["proposed", "approved", "withdrawn"]


class WaiverDecision(Struct, frozen=True, kw_only=True):
    """What was decided of one finding.

    :ivar finding: its id; there is one acceptance of a finding at a time.
    :ivar evidence: the SHA-256 (hex) of the evidence that is accepted.
    :ivar approved_at: when it was accepted by all whom it takes; of a decision of an earlier
        release only when it was proposed is on record.
    :ivar past: ids of waivers of this finding that were withdrawn.
    :ivar version: rises with every change.
    """

    finding: str
    control: str
    subject: Subject
    entity: str | None
    severity: Severity
    evidence: str
    reason: str
    expires: date
    state: WaiverState
    approved_by: tuple[str, ...]
    proposed_at: datetime
    approved_at: datetime | None = None
    withdrawn_by: str | None = None
    withdrawn_at: datetime | None = None
    past: tuple[str, ...] = ()
    version: int = 1

    def waiver(self) -> Waiver:
        """Return the waiver that it is."""
        terms = (self.control, self.subject, self.reason, self.approved_by, self.expires)
        return Waiver(
            id=waiver_id(*terms, self.evidence),
            control=self.control,
            subject=self.subject,
            reason=self.reason,
            approved_by=self.approved_by,
            expires=self.expires,
            evidence=self.evidence,
            accepted_on=(self.approved_at or self.proposed_at).date(),
        )


class AcceptedWaivers(Struct, frozen=True):
    """What all acceptances come to.

    :ivar waivers: those that are approved.
    :ivar withdrawn: ids of waivers that do not hold any more.
    :ivar unreadable: ids of findings of which it cannot be read what was decided.
    """

    waivers: tuple[Waiver, ...] = ()
    withdrawn: tuple[str, ...] = ()
    unreadable: tuple[str, ...] = ()


def accepted_waivers(
    waiver_decisions: Sequence[WaiverDecision], unreadable: Iterable[str] = ()
) -> AcceptedWaivers:
    """Return what acceptances come to, in an order that depends on them alone."""
    ordered = sorted(waiver_decisions, key=lambda one: one.finding)
    return AcceptedWaivers(
        tuple(one.waiver() for one in ordered if one.state == "approved"),
        tuple(id_ for one in ordered for id_ in one.past),
        tuple(sorted(unreadable)),
    )


def waiver_terms(made: WaiverDecision) -> dict[str, Any]:
    """Return all that is accepted, for the log."""
    return {
        "waiver": made.waiver().id,
        "reason": made.reason,
        "expires": made.expires,
        "evidence_digest": made.evidence,
        "severity": made.severity,
        "approved_by": made.approved_by,
    }


def waiver_event(
    made: WaiverDecision, caller: Caller, at: datetime, action: EventAction, facts: dict[str, Any]
) -> Event:
    """Return the event of a decision."""
    return Event(
        id=f"acceptance/{identity(made.finding, str(made.version), str(at))}",
        at=at,
        actor=caller.person,
        action=action,
        entity=made.entity,
        subject=made.subject,
        payload={"finding": made.finding, "via": caller.via, **facts},
    )
