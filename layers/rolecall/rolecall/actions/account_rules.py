"""What ends each other finding of an account: of its locks, its people and its papers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from rolecall.actions.account_case import AccountCase
from rolecall.actions.action import ActionKey, ActionKind
from rolecall.actions.deed import Deed, DeedKind
from rolecall.actions.departures import facts_of, may_be_due
from rolecall.actions.drafts import Standing
from rolecall.controls.catalogue import catalogue
from rolecall.keys.platforms import platform_key

__all__ = ["RULES", "Rule"]

Rule = Callable[[AccountCase, Standing], ActionKey]
"""Adds the deeds that end a finding, and returns the action that it is counted under."""


def _plain(kind: ActionKind, deed: DeedKind) -> Rule:
    """Return the rule that one deed on the account ends it."""

    def rule(case: AccountCase, _: Standing) -> ActionKey:
        key = case.key(kind)
        case.do(key, case.deed(deed))
        return key

    return rule


def _of_grant(kind: ActionKind, deed: DeedKind) -> Rule:
    """Return the rule that one deed on somebody's access ends it."""

    def rule(case: AccountCase, standing: Standing) -> ActionKey:
        key = case.key(kind)
        case.do(key, case.deed(deed, standing.finding.subject.person))
        return key

    return rule


def _of_login(*deeds: DeedKind) -> Rule:
    """Return the rule that deeds on a login end it."""

    def rule(case: AccountCase, standing: Standing) -> ActionKey:
        key, login = case.key("lock"), standing.finding.subject.login
        case.do(key, *[case.deed(deed, login=login) for deed in deeds])
        return key

    return rule


def _of_person(deed: DeedKind) -> Rule:
    """Return the rule that something about a person ends it, on all accounts."""

    def rule(case: AccountCase, standing: Standing) -> ActionKey:
        person = standing.finding.subject.person
        key: ActionKey = ("person", person, "")
        case.do(key, Deed(deed, person=person))
        return key

    return rule


def _of_entity(kind: ActionKind, deed: DeedKind) -> Rule:
    """Return the rule that one office ends it for all accounts of an entity."""

    def rule(case: AccountCase, _: Standing) -> ActionKey:
        key: ActionKey = (kind, case.account.entity_id, "")
        case.do(key, case.deed(deed))
        return key

    return rule


def _shared(case: AccountCase, standing: Standing) -> ActionKey:
    """Leave one who serves with a login, whoever can do most."""
    key, id_ = case.key("lock"), standing.finding.subject.login
    [login] = [one for one in case.context.logins[case.account.id] if one.id == id_]
    stewards = case.context.line_stewards[case.account.entity_id]
    staying = set(login.holder_ids) & case.context.active - case.gone.keys()
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
    serving = set(named) & case.context.active
    missing = max(facts["minimum"], 1) - len(serving)
    chosen = case.fitness.candidates(case.account, serving | case.gone.keys())[:missing]
    case.do(key, *[case.deed(deed, one.id) for one in chosen])
    case.do(key, *[case.deed(deed, role=str(n + 1)) for n in range(missing - len(chosen))])


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


def _off_platform(case: AccountCase, _: Standing) -> ActionKey:
    platform = platform_key(case.account.platform)
    key: ActionKey = ("platform", platform, "")
    case.do(key, Deed("decide-platform", platform=platform))
    return key


def _closed(case: AccountCase, _: Standing) -> ActionKey:
    grants = case.context.live_grants.get(case.account.id, ())
    follow = [one for grant in grants for one in may_be_due(case, grant.person_id)]
    case.do(key := case.key("closing"), case.deed("finish-closing"), announces=follow)
    return key


def _content(case: AccountCase, standing: Standing) -> ActionKey:
    id_ = standing.finding.subject.content
    deed = Deed("take-down", case.account.id, content=id_, entity=case.account.entity_id)
    case.do(key := case.key("content"), deed)
    return key


RULES: dict[str, Rule] = {
    "login-without-mfa": _of_login("turn-on-two-factor"),
    "unsecured-login": _of_login("keep-safe", "change-password"),
    "shared-login": _shared,
    "leaver-knows-password": _of_login("change-password"),
    "weak-password": _of_login("change-password"),
    "login-rotation-overdue": _of_login("change-password"),
    "emergency-reveal-not-rotated": _of_login("change-password"),
    "account-without-login": _plain("lock", "record-login"),
    "recovery-contact-leaver": _unreached,
    "personal-email-login": _plain("lock", "change-login-address"),
    "login-email-of-leaver": _plain("lock", "change-login-address"),
    "unapproved-app": _plain("lock", "disconnect-apps"),
    # Changed with the others, which therefore come first.
    "reused-password": _reused,
    "role-drift": _of_grant("control", "match-role"),
    "not-in-our-portfolio": _plain("control", "move-to-portfolio"),
    "access-not-recertified": _of_grant("review", "confirm-access"),
    "expired-grant": _of_grant("review", "confirm-access"),
    "mover-with-access": _of_grant("review", "confirm-access"),
    "self-approved-access": _of_grant("review", "confirm-access"),
    "unused-access": _of_grant("review", "confirm-access"),
    "ghost-grant": _of_grant("review", "settle-absence"),
    "ineligible-manager": _of_person("clear-person"),
    "clearance-expired": _of_person("clear-person"),
    "untrained-manager": _of_person("train-person"),
    "training-refresher-overdue": _of_person("train-person"),
    "policy-unacknowledged": _of_person("sign-policy"),
    "third-party-without-contract": _of_person("record-contract"),
    "unsupervised-volunteer": _of_person("name-supervisor"),
    "account-review-overdue": _plain("review", "review-account"),
    "account-unapproved": _unapproved,
    "account-without-owner": _ownerless,
    "removal-path-untested": _plain("review", "test-removal"),
    "observation-stale": _plain("review", "look-up-people"),
    "no-second-approver": _unapproving,
    "crisis-contacts-thin": _thin,
    "dormant-account": _plain("review", "decide-dormant"),
    "domain-expiring": _plain("domain", "renew-domain"),
    "money-to-unknown-payee": _unpaid,
    "archive-off": _of_entity("archive", "archive-posts"),
    "privacy-record-missing": _of_entity("privacy", "record-privacy"),
    "duplicate-account": _twice,
    "unapproved-platform": _off_platform,
    "closed-account-live-access": _closed,
    "minor-shown-without-consent": _content,
}
"""What ends a finding that nothing else ended by the way, in the order in which it is asked."""
