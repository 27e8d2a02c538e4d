"""Accepting a finding for a while: each step with its event in one commit.

::

    proposed -> approved -> withdrawn
        |-------------------->

A critical finding takes two approvers, any other one; whoever the finding is about is neither
(:mod:`rolecall.usecases.identity.involvement`). Who proposes says which finding they saw, and who
approves which proposal; a proposal ends with its last day, and with the service of whoever proposed
it. What is accepted is the evidence as it is now: when it changes, or gets worse, the finding
stands again. The next run applies an approved waiver beside those of the policy; one that is
withdrawn does not hold any more, wherever it came from.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Protocol

from msgspec.structs import replace

from rolecall.errors import ConflictError, DeniedError, NotFoundError, UsageError
from rolecall.finding_state import FindingState
from rolecall.ledger.event import Event, EventAction
from rolecall.usecases.governance.decisions import (
    WaiverDecision,
    waiver_event,
    waiver_terms,
)
from rolecall.usecases.governance.preconditions import asker_stands, check_seen, etag
from rolecall.usecases.governance.stored_decisions import StoredDecisions
from rolecall.usecases.identity.discretion import Discretion
from rolecall.usecases.identity.involvement import involvement
from rolecall.usecases.identity.permissions import Caller, Permission, may
from rolecall.usecases.identity.registry_view import RegistryView
from rolecall.usecases.reasons import reason_of
from rolecall.usecases.retry import retried
from rolecall.waivers import approvers_required

__all__ = [
    "MOST_DAYS",
    "WaiverStore",
    "approve",
    "propose",
    "waiver_decision_of",
    "waiver_decisions",
    "withdraw",
]

MOST_DAYS = 365
"""For how long a finding may be accepted: once a year somebody looks again."""


class WaiverStore(Protocol):
    """Where acceptances are kept, with the findings and the log that go with them."""

    @property
    def view(self) -> RegistryView:
        """The registry, as far as it tells whom a finding is about."""
        ...

    def finding(self, where: int, id_: str) -> FindingState | None:
        """Return a finding by its place and id."""
        ...

    def waiver_decision(self, finding: str) -> WaiverDecision | None:
        """Return what was decided of a finding; ConflictError where it cannot be read."""
        ...

    def waiver_decisions(self) -> StoredDecisions[WaiverDecision]:
        """Return every acceptance, and of which findings one cannot be read."""
        ...

    def keep_waiver_decision(self, waiver_decision: WaiverDecision, event: Event) -> None:
        """Record an event with the acceptance that it makes, or nothing at all.

        :raises LogConflictError: the acceptance is not as it was read; look again.
        """
        ...


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


def waiver_decisions(register: WaiverStore, caller: Caller) -> StoredDecisions[WaiverDecision]:
    """Return what was decided of findings, the latest first.

    :raises NotFoundError: it is not for this caller.
    """
    if not may("read waivers", caller.groups):
        raise NotFoundError("there are no waivers")
    discretion = Discretion(register.view, caller)
    found = register.waiver_decisions().without(lambda one: discretion.keeps(one.subject))
    return found.ordered(lambda one: (one.proposed_at, one.finding), latest_first=True)


@retried
def propose(
    register: WaiverStore,
    caller: Caller,
    at: datetime,
    where: int,
    id_: str,
    reason: str,
    expires: date,
    match: str | None,
) -> WaiverDecision:
    """Accept a finding until a day; of a critical one a second officer must approve it.

    :param where: the place of the finding.
    :param match: the ``If-Match`` of the request, with the tag of the finding that was read.
    :raises NotFoundError: there is no such finding, or not for this caller.
    :raises PreconditionError: the finding is not as the caller saw it.
    :raises ConflictError: it is resolved, or somebody accepted it before.
    :raises DeniedError: it is about the caller.
    :raises UsageError: the reason or the day cannot be.
    """
    finding, known = _look(register, caller, where, id_, "waive")
    said = reason_of(reason)
    check_seen(match, finding.finding.tag)
    today = at.date()
    if not today < expires <= today + timedelta(MOST_DAYS):
        raise UsageError(f"expires: a day after {today}, at most {MOST_DAYS} days from it")
    if finding.status == "resolved":
        raise ConflictError("finding-resolved", "the finding is resolved: nothing is to be waived")
    if known is not None and known.state != "withdrawn" and _ended(register, known, at) is None:
        raise ConflictError("waiver-exists", f"it is {known.state} already; withdraw that first")
    _check_not_about(register, finding, caller.person, today)
    made = _proposed(finding, known, caller, at, said, expires)
    action: EventAction = f"acceptance.{made.state}"  # type: ignore[assignment]
    register.keep_waiver_decision(made, waiver_event(made, caller, at, action, waiver_terms(made)))
    return made


def _proposed(
    finding: FindingState,
    known: WaiverDecision | None,
    caller: Caller,
    at: datetime,
    reason: str,
    expires: date,
) -> WaiverDecision:
    facts = finding.finding
    is_enough = approvers_required(facts.severity) == 1
    return WaiverDecision(
        finding=facts.id,
        control=facts.control,
        subject=facts.subject,
        entity=facts.entity,
        severity=facts.severity,
        evidence=facts.evidence_digest,
        reason=reason,
        expires=expires,
        state="approved" if is_enough else "proposed",
        approved_by=(caller.person,),
        proposed_at=at,
        approved_at=at if is_enough else None,
        past=() if known is None else known.past,
        version=1 if known is None else known.version + 1,
    )


@retried
def approve(
    register: WaiverStore,
    caller: Caller,
    at: datetime,
    where: int,
    id_: str,
    match: str | None,
) -> WaiverDecision:
    """Approve what another officer proposed.

    :param match: the ``If-Match`` of the request, with the tag of the proposal that was read.
    :raises NotFoundError: nothing is proposed, or not for this caller.
    :raises PreconditionError: the proposal is not the one that the caller saw.
    :raises ConflictError: the caller proposed it, it is over, or the evidence changed since.
    :raises DeniedError: the finding is about the caller, or about who proposed it.
    """
    finding, known = _look(register, caller, where, id_, "waive")
    if known is None or known.state == "withdrawn":
        raise NotFoundError(f"there is no waiver of {where:04x}-{id_}")
    if known.state == "approved" and caller.person in known.approved_by:
        return known
    check_seen(match, etag(known))
    if known.state == "approved":
        return known
    _check_approvable(register, caller, at, finding, known)
    both, version = (*known.approved_by, caller.person), known.version + 1
    made = replace(known, state="approved", approved_by=both, approved_at=at, version=version)
    event = waiver_event(made, caller, at, "acceptance.approved", waiver_terms(made))
    register.keep_waiver_decision(made, event)
    return made


def _check_approvable(
    register: WaiverStore,
    caller: Caller,
    at: datetime,
    finding: FindingState,
    known: WaiverDecision,
) -> None:
    if caller.person in known.approved_by:
        raise ConflictError("self-approval", "a critical finding takes a second officer")
    if (why := _ended(register, known, at)) is not None:
        raise ConflictError("waiver-over", f"{why}; propose it anew")
    if finding.status == "resolved" or finding.finding.evidence_digest != known.evidence:
        raise ConflictError(
            "evidence-changed", "the evidence is not what was proposed; withdraw and propose anew"
        )
    for person in (caller.person, *known.approved_by):
        _check_not_about(register, finding, person, at.date())


def _ended(register: WaiverStore, known: WaiverDecision, at: datetime) -> str | None:
    """Return why a decision is over without anybody having withdrawn it, if it is."""
    if known.expires < at.date():
        return f"its last day was {known.expires}"
    for id_ in known.approved_by if known.state == "proposed" else ():
        if not asker_stands(register.view, id_, known.proposed_at, at):
            return f"{id_}, who proposed it, does not serve any more, or as another sign-in"
    return None


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
    event = waiver_event(made, caller, at, "acceptance.withdrawn", {"reason": said})
    register.keep_waiver_decision(made, event)
    return made


def _look(
    register: WaiverStore, caller: Caller, where: int, id_: str, action: Permission
) -> tuple[FindingState, WaiverDecision | None]:
    known = register.finding(where, id_) if may(action, caller.groups) else None
    if known is None or Discretion(register.view, caller).keeps(known.finding.subject):
        raise NotFoundError(f"there is no finding {where:04x}-{id_}")
    return known, register.waiver_decision(known.finding.id)


def _check_not_about(register: WaiverStore, known: FindingState, person: str, today: date) -> None:
    """Hold a finding to be about others than somebody who decides."""
    found = register.view.person(person)
    about = involvement(known.finding, register.view, today)
    if found is None or about.concerns(found):
        raise DeniedError(f"the finding is about {person}; another officer must decide")
