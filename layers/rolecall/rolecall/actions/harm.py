"""What harm a finding stands for: the written rule by which actions are ordered.

A harm is a name that pages can show. They are ordered by what somebody can do today, to whom, and
whether it can be put right afterwards; docs/adr/0105 gives the reasons. What the policy calls
medium or low is upkeep, whatever it is about.
"""

from __future__ import annotations

from typing import Literal, TypeAlias, get_args

from rolecall.controls.context import Context
from rolecall.finding import Finding
from rolecall.model import FULL_CONTROL_ROLES

__all__ = ["CONTROL_HARMS", "HARMS", "Harm", "harm_of", "harm_rank"]

Harm: TypeAlias = Literal[
    "leaver-in-control",
    "child-exposed",
    "head-locked-out",
    "unknown-administrator",
    "leaver-with-access",
    "open-login",
    "unfit-person",
    "losable-account",
    "late-duty",
    "weak-login",
    "unchecked-access",
    "upkeep",
]
HARMS: tuple[Harm, ...] = get_args(Harm)
"""Worst first."""
_RANKS = {harm: rank for rank, harm in enumerate(HARMS)}

CONTROL_HARMS: dict[str, Harm] = {
    "minor-shown-without-consent": "child-exposed",
    "youth-account-one-adult": "child-exposed",
    "head-without-access": "head-locked-out",
    "no-removal-path": "head-locked-out",
    "unregistered-admin": "unknown-administrator",
    "orphaned-admin": "leaver-with-access",
    "revocation-unconfirmed": "leaver-with-access",
    "suspended-admin": "leaver-with-access",
    "closed-account-live-access": "leaver-with-access",
    "leaver-knows-password": "open-login",
    "unsecured-login": "open-login",
    "recovery-contact-leaver": "open-login",
    "login-email-of-leaver": "open-login",
    "emergency-reveal-not-rotated": "open-login",
    "ineligible-manager": "unfit-person",
    "clearance-expired": "unfit-person",
    "untrained-manager": "unfit-person",
    "unsupervised-volunteer": "unfit-person",
    "third-party-without-contract": "unfit-person",
    "domain-expiring": "losable-account",
    "sole-administrator": "losable-account",
    "external-owner": "losable-account",
    "not-in-our-portfolio": "losable-account",
    "personal-email-login": "losable-account",
    "account-without-login": "losable-account",
    "report-to-authorities-undecided": "late-duty",
    "incident-overdue": "late-duty",
    "single-investigator": "late-duty",
    "sanction-step-skipped": "late-duty",
    "login-without-mfa": "weak-login",
    "weak-password": "weak-login",
    "reused-password": "weak-login",
    "shared-login": "weak-login",
    "login-rotation-overdue": "weak-login",
    "unapproved-app": "weak-login",
}
"""What a finding of a control stands for, where that is more than unchecked access."""


def harm_rank(harm: Harm) -> int:
    """Return the place of a harm, 0 for the worst."""
    return _RANKS[harm]


def harm_of(finding: Finding, context: Context) -> Harm:
    """Return what harm a finding stands for."""
    if finding.severity in ("medium", "low"):
        return "upkeep"
    if finding.control == "orphaned-admin" and _is_in_control(finding, context):
        return "leaver-in-control"
    return CONTROL_HARMS.get(finding.control, "unchecked-access")


def _is_in_control(finding: Finding, context: Context) -> bool:
    """Tell whether somebody has full control, and knows a password of the account as well."""
    account, person = finding.subject.account, finding.subject.person
    if not any(person in login.holder_ids for login in context.logins.get(account, ())):
        return False
    grants = context.live_grants.get(account, ())
    return any(one.person_id == person and one.role in FULL_CONTROL_ROLES for one in grants)
