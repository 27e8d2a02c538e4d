"""What ends a finding of an account for which the rest of the account is weighed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from rolecall.actions.account_case import AccountCase
from rolecall.actions.action import ActionKey
from rolecall.actions.deed import Deed, DeedKind
from rolecall.actions.departures import facts_of, may_be_due
from rolecall.actions.drafts import Standing
from rolecall.controls.catalogue import catalogue

__all__ = ["CASE_RULES", "CaseRule"]

CaseRule = Callable[[AccountCase, Standing], ActionKey]
"""Adds the deeds that end a finding, and returns the action that it is counted under."""


def _unsecured(case: AccountCase, standing: Standing) -> ActionKey:
    key, login = case.key("lock"), standing.finding.subject.login
    case.do(key, case.deed("keep-safe", login=login), case.deed("change-password", login=login))
    return key


def _shared(case: AccountCase, standing: Standing) -> ActionKey:
    """Leave one who serves with a login, whoever can do most."""
    key, id_ = case.key("lock"), standing.finding.subject.login
    [login] = [one for one in case.context.logins[case.account.id] if one.id == id_]
    stewards = case.context.line_stewards[case.account.entity_id]
    staying = case.staying(login.holder_ids)
    keeper = min(staying, key=lambda one: (one not in stewards, one), default="")
    case.do(key, case.deed("end-sharing", keeper, id_))
    if id_ not in case.changed:
        case.do(key, case.deed("change-password", login=id_))
    return key


def _reused(case: AccountCase, standing: Standing) -> ActionKey:
    """Change it with the account's other passwords, or else with those that are the same."""
    subject, context = standing.finding.subject, case.context
    key = case.key("lock")
    if not case.drafts.is_begun(key):
        logins = context.logins[case.account.id]
        [print_] = [one.fingerprint for one in logins if one.id == subject.login]
        same = context.same_password[print_ or ""]
        key = ("reuse", same.ids[0], "")
    case.do(key, case.deed("change-password", login=subject.login))
    return key


def _unapproved(case: AccountCase, _: Standing) -> ActionKey:
    head = case.context.heads[case.account.entity_id] or ""
    case.do(key := case.key("review"), case.deed("approve-account", head))
    return key


def _ownerless(case: AccountCase, _: Standing) -> ActionKey:
    case.do(key := case.key("review"), case.deed("name-owner", case.successor()))
    return key


def _unreached(case: AccountCase, _: Standing) -> ActionKey:
    case.do(key := case.key("lock"), case.deed("set-recovery", case.successor()))
    return key


def _thin(case: AccountCase, standing: Standing) -> ActionKey:
    key, facts = case.key("review"), facts_of(standing)
    if "minimum" in facts:
        _name(case, key, "name-crisis-contact", case.account.crisis_contact_ids, facts)
    case.do(key, case.deed("confirm-crisis-contacts"))
    return key


def _unapproving(case: AccountCase, standing: Standing) -> ActionKey:
    key, facts = case.key("review"), facts_of(standing)
    _name(case, key, "name-approver", case.account.post_approver_ids, facts)
    return key


def _name(
    case: AccountCase,
    key: ActionKey,
    deed: DeedKind,
    named: tuple[str, ...],
    facts: Mapping[str, Any],
) -> None:
    """Propose so many more for a duty as are wanted; an empty list fails whatever is asked."""
    serving = set(case.context.among_active(named))
    missing = max(facts["minimum"], 1) - len(serving)
    chosen = case.fitness.candidates(case.account, serving | case.gone.keys(), missing)
    case.do(key, *[case.deed(deed, one.id) for one in chosen])
    if missing > len(chosen):
        case.do(key, case.deed(deed, role=str(missing - len(chosen))))


def _unpaid(case: AccountCase, standing: Standing) -> ActionKey:
    key, facts = case.key("money"), facts_of(standing)
    if "columns" in facts:
        case.do(key, case.deed("stop-payments"))
    if "payment_holder_id" in facts:
        case.do(key, case.deed("hold-payments", case.successor()))
    return key


def _twice(case: AccountCase, _: Standing) -> ActionKey:
    context = case.context
    platform, handle = context.keys[case.account.id]
    first = context.duplicates[platform, handle].ids[0]
    key: ActionKey = ("duplicate", platform, handle)
    merged = Deed("merge-entries", first, platform=platform, handle=handle)
    case.do(key, merged, announces=catalogue())
    return key


def _closed(case: AccountCase, _: Standing) -> ActionKey:
    grants = case.context.live_grants.get(case.account.id, ())
    follow = [one for grant in grants for one in may_be_due(case, grant.person_id)]
    case.do(key := case.key("closing"), case.deed("finish-closing"), announces=follow)
    return key


CASE_RULES: dict[str, CaseRule] = {
    "unsecured-login": _unsecured,
    "shared-login": _shared,
    "recovery-contact-leaver": _unreached,
    # Changed with the account's other passwords, which therefore come first.
    "reused-password": _reused,
    "account-unapproved": _unapproved,
    "account-without-owner": _ownerless,
    "no-second-approver": _unapproving,
    "crisis-contacts-thin": _thin,
    "money-to-unknown-payee": _unpaid,
    "duplicate-account": _twice,
    "closed-account-live-access": _closed,
}
"""What ends a finding for which more is weighed than itself, in the order in which it is asked."""
