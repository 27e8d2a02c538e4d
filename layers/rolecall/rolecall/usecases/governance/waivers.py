"""Accepting a finding for a while: each step with its event in one commit.

::

    proposed -> approved -> withdrawn
        |-------------------->

A critical finding takes two approvers, any other one; whoever the finding is about is neither.
What is accepted is the evidence as it is now: when it changes, or gets worse, the finding stands
again. The next run applies an approved waiver beside those of the policy; one that is withdrawn
does not hold any more, wherever it came from.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Literal, Protocol, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from rolecall.errors import ConflictError, DeniedError, NotFoundError, UsageError
from rolecall.finding import identity, waiver_id
from rolecall.finding_state import FindingState
from rolecall.ledger.event import Action, Event
from rolecall.model import Severity, Subject, Waiver
from rolecall.usecases.identity.permissions import Caller, Permission, may
from rolecall.usecases.reasons import reason_of
from rolecall.usecases.retry import retried
from rolecall.waivers import approvers_required

__all__ = [
    "MOST_DAYS",
    "AcceptedWaivers",
    "WaiverDecision",
    "WaiverState",
    "WaiverStore",
    "accepted_waivers",
    "approve",
    "propose",
    "waiver_decision_of",
    "waiver_decisions",
    "withdraw",
]

MOST_DAYS = 366
"""For how long a finding may be accepted: once a year somebody looks again."""
WaiverState: TypeAlias = Literal["proposed", "approved", "withdrawn"]


class WaiverDecision(Struct, frozen=True, kw_only=True):
    """What was decided of one finding.

    :ivar finding: its id; there is one acceptance of a finding at a time.
    :ivar evidence: the SHA-256 (hex) of the evidence that is accepted.
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
        )


class AcceptedWaivers(Struct, frozen=True):
    """What all acceptances come to.

    :ivar waivers: those that are approved.
    :ivar withdrawn: ids of waivers that do not hold any more.
    """

    waivers: tuple[Waiver, ...] = ()
    withdrawn: tuple[str, ...] = ()


class WaiverStore(Protocol):
    """Where acceptances are kept, with the findings and the log that go with them."""

    def finding(self, where: int, id_: str) -> FindingState | None:
        """Return a finding by its place and id."""
        ...

    def waiver_decision(self, finding: str) -> WaiverDecision | None:
        """Return what was decided of a finding."""
        ...

    def waiver_decisions(self) -> Sequence[WaiverDecision]:
        """Return every acceptance."""
        ...

    def keep_waiver_decision(self, waiver_decision: WaiverDecision, event: Event) -> None:
        """Record an event with the acceptance that it makes, or nothing at all.

        :raises LogConflictError: the acceptance is not as it was read; look again.
        """
        ...


def accepted_waivers(waiver_decisions: Sequence[WaiverDecision]) -> AcceptedWaivers:
    """Return what acceptances come to, in an order that depends on them alone."""
    ordered = sorted(waiver_decisions, key=lambda one: one.finding)
    return AcceptedWaivers(
        tuple(one.waiver() for one in ordered if one.state == "approved"),
        tuple(id_ for one in ordered for id_ in one.past),
    )


def waiver_decision_of(
    register: WaiverStore, caller: Caller, where: int, id_: str
) -> WaiverDecision:
    """Return what was decided of a finding.

    :raises NotFoundError: nothing, or it is not for this caller.
    """
    _, known = _look(register, caller, where, id_, "read waivers")
    if known is None:
        raise NotFoundError(f"there is no waiver of {where:04x}-{id_}")
    return known


def waiver_decisions(register: WaiverStore, caller: Caller) -> Sequence[WaiverDecision]:
    """Return what was decided of findings, the latest first.

    :raises NotFoundError: it is not for this caller.
    """
    if not may("read waivers", caller.groups):
        raise NotFoundError("there are no waivers")
    found = register.waiver_decisions()
    return sorted(found, key=lambda one: (one.proposed_at, one.finding), reverse=True)


@retried
def propose(
    register: WaiverStore,
    caller: Caller,
    at: datetime,
    where: int,
    id_: str,
    reason: str,
    expires: date,
) -> WaiverDecision:
    """Accept a finding until a day; of a critical one a second officer must approve it.

    :param where: the place of the finding.
    :raises NotFoundError: there is no such finding, or not for this caller.
    :raises ConflictError: it is resolved, or somebody accepted it before.
    :raises DeniedError: it is about the caller.
    :raises UsageError: the reason or the day cannot be.
    """
    finding, known = _look(register, caller, where, id_, "waive")
    said = reason_of(reason)
    today = at.date()
    if not today < expires <= today + timedelta(MOST_DAYS):
        raise UsageError(f"expires: a day after {today}, at most {MOST_DAYS} days from it")
    if finding.status == "resolved":
        raise ConflictError("finding-resolved", "the finding is resolved: nothing is to be waived")
    if known is not None and known.state != "withdrawn" and known.expires >= today:
        raise ConflictError("waiver-exists", f"it is {known.state} already; withdraw that first")
    _not_about(finding, caller)
    facts = finding.finding
    is_enough = approvers_required(facts.severity) == 1
    made = WaiverDecision(
        finding=facts.id,
        control=facts.control,
        subject=facts.subject,
        entity=facts.entity,
        severity=facts.severity,
        evidence=facts.evidence_digest,
        reason=said,
        expires=expires,
        state="approved" if is_enough else "proposed",
        approved_by=(caller.person,),
        proposed_at=at,
        past=() if known is None else known.past,
        version=1 if known is None else known.version + 1,
    )
    action: Action = "acceptance.approved" if is_enough else "acceptance.proposed"
    register.keep_waiver_decision(made, _event(made, caller, at, action, _terms(made)))
    return made


@retried
def approve(
    register: WaiverStore, caller: Caller, at: datetime, where: int, id_: str
) -> WaiverDecision:
    """Approve what another officer proposed.

    :raises NotFoundError: nothing is proposed, or not for this caller.
    :raises ConflictError: the caller proposed it, or the evidence changed since.
    :raises DeniedError: the finding is about the caller.
    """
    finding, known = _look(register, caller, where, id_, "waive")
    if known is None or known.state == "withdrawn":
        raise NotFoundError(f"there is no waiver of {where:04x}-{id_}")
    if known.state == "approved":
        return known
    if caller.person in known.approved_by:
        raise ConflictError("self-approval", "a critical finding takes a second officer")
    if finding.status == "resolved" or finding.finding.evidence_digest != known.evidence:
        raise ConflictError(
            "evidence-changed", "the evidence is not what was proposed; withdraw and propose anew"
        )
    _not_about(finding, caller)
    made = replace(
        known,
        state="approved",
        approved_by=(*known.approved_by, caller.person),
        version=known.version + 1,
    )
    event = _event(made, caller, at, "acceptance.approved", _terms(made))
    register.keep_waiver_decision(made, event)
    return made


@retried
def withdraw(
    register: WaiverStore, caller: Caller, at: datetime, where: int, id_: str, reason: str
) -> WaiverDecision:
    """Take a waiver, or the proposal of one, back: the next run does not apply it.

    :raises NotFoundError: there is none, or not for this caller.
    """
    said = reason_of(reason)
    _, known = _look(register, caller, where, id_, "waive")
    if known is None:
        raise NotFoundError(f"there is no waiver of {where:04x}-{id_}")
    if known.state == "withdrawn":
        return known
    made = replace(
        known,
        state="withdrawn",
        withdrawn_by=caller.person,
        withdrawn_at=at,
        past=(*known.past, known.waiver().id),
        version=known.version + 1,
    )
    event = _event(made, caller, at, "acceptance.withdrawn", {"reason": said})
    register.keep_waiver_decision(made, event)
    return made


def _look(
    register: WaiverStore, caller: Caller, where: int, id_: str, action: Permission
) -> tuple[FindingState, WaiverDecision | None]:
    known = register.finding(where, id_)
    if known is None or not may(action, caller.groups):
        raise NotFoundError(f"there is no finding {where:04x}-{id_}")
    return known, register.waiver_decision(known.finding.id)


def _not_about(known: FindingState, caller: Caller) -> None:
    if known.finding.subject.person == caller.person:
        raise DeniedError("the finding is about you; another officer must decide")


def _terms(made: WaiverDecision) -> dict[str, Any]:
    return {
        "waiver": made.waiver().id,
        "reason": made.reason,
        "expires": made.expires,
        "evidence_digest": made.evidence,
        "severity": made.severity,
        "approved_by": made.approved_by,
    }


def _event(
    made: WaiverDecision, caller: Caller, at: datetime, action: Action, facts: dict[str, Any]
) -> Event:
    return Event(
        id=f"acceptance/{identity(made.finding, str(made.version), str(at))}",
        at=at,
        actor=caller.person,
        action=action,
        entity=made.entity,
        subject=made.subject,
        payload={"finding": made.finding, "via": caller.via, **facts},
    )
