"""What ends a finding of an account by one look at it: most do, and need nothing to be weighed."""

from __future__ import annotations

from collections.abc import Callable

from rolecall.actions.action import ActionKey, ActionKind
from rolecall.actions.deed import Deed, DeedKind
from rolecall.keys.platforms import platform_key
from rolecall.model import Account, Subject

__all__ = ["PLAIN_RULES", "PlainRule"]

PlainRule = Callable[[Account, Subject], tuple[ActionKey, Deed]]
"""Returns the action that ends a finding, and the deed by which it does."""


def _of_account(kind: ActionKind, deed: DeedKind) -> PlainRule:
    """Return the rule that one deed on the account ends it."""
    return lambda account, _: (
        (kind, account.id, ""),
        Deed(deed, account.id, entity=account.entity_id),
    )


def _of_grant(kind: ActionKind, deed: DeedKind) -> PlainRule:
    """Return the rule that one deed on somebody's access ends it."""
    return lambda account, subject: (
        (kind, account.id, ""),
        Deed(deed, account.id, subject.person, entity=account.entity_id),
    )


def _of_login(deed: DeedKind) -> PlainRule:
    """Return the rule that one deed on a login ends it."""
    return lambda account, subject: (
        ("lock", account.id, ""),
        Deed(deed, account.id, login=subject.login, entity=account.entity_id),
    )


def _of_person(deed: DeedKind) -> PlainRule:
    """Return the rule that something about a person ends it, on all accounts."""
    return lambda _, subject: (
        ("person", subject.person, ""),
        Deed(deed, person=subject.person),
    )


def _of_entity(kind: ActionKind, deed: DeedKind) -> PlainRule:
    """Return the rule that one office ends it for all accounts of an entity."""
    return lambda account, _: (
        (kind, account.entity_id, ""),
        Deed(deed, account.id, entity=account.entity_id),
    )


def _of_platform(account: Account, _: Subject) -> tuple[ActionKey, Deed]:
    platform = platform_key(account.platform)
    return ("platform", platform, ""), Deed("decide-platform", platform=platform)


def _of_content(account: Account, subject: Subject) -> tuple[ActionKey, Deed]:
    id_ = account.id
    deed = Deed("take-down", id_, content=subject.content, entity=account.entity_id)
    return ("content", id_, ""), deed


PLAIN_RULES: dict[str, PlainRule] = {
    "login-without-mfa": _of_login("turn-on-two-factor"),
    "leaver-knows-password": _of_login("change-password"),
    "weak-password": _of_login("change-password"),
    "login-rotation-overdue": _of_login("change-password"),
    "emergency-reveal-not-rotated": _of_login("change-password"),
    "account-without-login": _of_account("lock", "record-login"),
    "personal-email-login": _of_account("lock", "change-login-address"),
    "login-email-of-leaver": _of_account("lock", "change-login-address"),
    "unapproved-app": _of_account("lock", "disconnect-apps"),
    "role-drift": _of_grant("control", "match-role"),
    "not-in-our-portfolio": _of_account("control", "move-to-portfolio"),
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
    "account-review-overdue": _of_account("review", "review-account"),
    "removal-path-untested": _of_account("review", "test-removal"),
    "observation-stale": _of_account("review", "look-up-people"),
    "dormant-account": _of_account("review", "decide-dormant"),
    "domain-expiring": _of_account("domain", "renew-domain"),
    "archive-off": _of_entity("archive", "archive-posts"),
    "privacy-record-missing": _of_entity("privacy", "record-privacy"),
    "unapproved-platform": _of_platform,
    "minor-shown-without-consent": _of_content,
}
"""What ends a finding, unless something else ended it by the way."""
