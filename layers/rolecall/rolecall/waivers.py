"""Which waivers hold: approvers, expiry, and what exactly was accepted.

Rules: a waiver holds while ``as_of <= expires``; every approver is an active person and none is
the subject; a critical finding takes two approvers, any other one. A waiver that names evidence
accepts that evidence; one that does not is bound to what the audit log saw first, and so needs a
log. Other evidence than was accepted, or a higher severity, is not covered.

A waiver that was edited in any way is a new acceptance, with an id of its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any, Literal, TypeAlias

from msgspec import Struct

from rolecall.controls.context import Context
from rolecall.finding import Finding, finding_id, rank
from rolecall.model import Severity, Waiver
from rolecall.quantity import counted

__all__ = ["Binding", "Ruling", "WaiverStanding", "Waivers", "approvers_required", "terms_of"]

WaiverStanding: TypeAlias = Literal[
    "applied", "expired", "refused", "evidence-changed", "severity-raised", "unused", "withdrawn"
]


def approvers_required(severity: Severity) -> int:
    """Return how many people must accept a finding."""
    return 2 if severity == "critical" else 1


class Binding(Struct, frozen=True, gc=False):
    """What a waiver accepted: the digest of the evidence, and the severity at that time."""

    evidence_digest: str
    severity: Severity


def terms_of(waiver: Waiver, binding: Binding) -> dict[str, Any]:
    """Return what the log says of a waiver that applies."""
    return {
        "waiver": waiver.id,
        "control": waiver.control,
        "evidence_digest": binding.evidence_digest,
        "severity": binding.severity,
        "approved_by": waiver.approved_by,
        "expires": waiver.expires,
    }


class Ruling(Struct, frozen=True):
    """What became of one waiver in a run; ``message`` says why where it was not applied."""

    waiver: Waiver
    standing: WaiverStanding
    message: str = ""


class Waivers:
    """The waivers of a policy, held against findings one at a time."""

    def __init__(self, context: Context, *, remembers: bool) -> None:
        self._today: date = context.today
        self._active = context.active
        self._remembers = remembers
        self._rulings = {
            waiver.id: Ruling(waiver, "unused", "no finding of this run matches it")
            for waiver in context.policy.waivers
        }
        self._by_finding: defaultdict[str, list[Waiver]] = defaultdict(list)
        for waiver in context.policy.waivers:
            self._by_finding[finding_id(waiver.control, waiver.subject)].append(waiver)

    def rulings(self) -> Mapping[str, Ruling]:
        """Return what became of every waiver, by waiver id, in the order of the policy."""
        return self._rulings

    def holding(
        self, finding: Finding, bindings: Mapping[str, Binding]
    ) -> tuple[Waiver | None, WaiverStanding]:
        """Return the waiver that holds for a finding, if one does, or else why none does."""
        standing: WaiverStanding = "withdrawn"
        for waiver in self._by_finding.get(finding.id, ()):
            ruling = self._rule(waiver, finding, bindings.get(waiver.id))
            self._rulings[waiver.id] = ruling
            standing = ruling.standing
            if standing == "applied":
                return waiver, standing
        return None, standing

    def _rule(self, waiver: Waiver, finding: Finding, binding: Binding | None) -> Ruling:
        if self._today > waiver.expires:
            return Ruling(waiver, "expired", f"expired on {waiver.expires}")
        if problem := self._refusal(waiver, finding):
            return Ruling(waiver, "refused", problem)
        accepted = waiver.evidence or (binding and binding.evidence_digest)
        if accepted and not finding.evidence_digest.startswith(accepted):
            return Ruling(waiver, "evidence-changed", "the evidence is not what was accepted")
        if binding and rank(finding.severity) < rank(binding.severity):
            message = f"the severity rose from {binding.severity} to {finding.severity}"
            return Ruling(waiver, "severity-raised", message)
        return Ruling(waiver, "applied")

    def _refusal(self, waiver: Waiver, finding: Finding) -> str | None:
        approvers = set(waiver.approved_by)
        required = approvers_required(finding.severity)
        if len(approvers) < required:
            have = len(approvers)
            return (
                f"a {finding.severity} finding takes {counted(required, 'approver')}; it has {have}"
            )
        if inactive := sorted(approvers - self._active):
            return f"not an active person: {', '.join(inactive)}"
        if finding.subject.person in approvers:
            return f"{finding.subject.person} is the subject and cannot approve"
        if waiver.evidence is None and not self._remembers:
            prefix = finding.evidence_digest[:12]
            return f'without an audit log it needs the evidence, such as evidence = "{prefix}"'
        return None
