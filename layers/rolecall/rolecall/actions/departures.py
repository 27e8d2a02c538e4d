"""Access that is taken away: of whoever left, is suspended, or was to be removed long ago.

All that one person has on an account ends in one action, which is one for all accounts: the role,
the passwords that they know, and what hangs on them by name.
"""

from __future__ import annotations

from typing import Any

import msgspec

from rolecall.actions.account_case import AccountCase
from rolecall.actions.action import ActionKey
from rolecall.actions.drafts import Standing
from rolecall.model import Login

__all__ = ["OF_DEPARTURES", "RENEWED", "TAKEN", "end_departures", "facts_of", "may_be_due"]

TAKEN = ("orphaned-admin", "suspended-admin", "revocation-unconfirmed")
"""Controls whose findings are ended by taking access away."""
OF_DEPARTURES = frozenset(
    (
        *TAKEN,
        *("recovery-contact-leaver", "login-email-of-leaver", "account-without-owner"),
        "leaver-knows-password",
    )
)
"""Controls whose findings may belong to somebody's departure."""
RENEWED = (
    "weak-password",
    "reused-password",
    "login-rotation-overdue",
    "emergency-reveal-not-rotated",
)
"""What a new password puts right, whatever it was changed for."""
_MAY_BE_DUE = "personal-data-past-retention"


def facts_of(standing: Standing) -> dict[str, Any]:
    """Return what decided a finding."""
    found: dict[str, Any] = msgspec.json.decode(standing.finding.evidence)
    return found


def end_departures(case: AccountCase) -> None:
    """End what people have who should have nothing, and all that ends with it."""
    if not case.any_of(OF_DEPARTURES):
        return
    _choose(case)
    for person, key in sorted(case.gone.items()):
        case.do(key, case.deed("take-access", person), announces=may_be_due(case, person))
        case.end(key, *[one for one in case.left() if one.finding.subject.person == person])
    _end_names(case)
    _end_passwords(case)


def may_be_due(case: AccountCase, person: str) -> tuple[str, ...]:
    """Return what may be found of somebody once they have no access anywhere."""
    found = case.context.people.get(person)
    return (_MAY_BE_DUE,) if found is not None and found.left_on is not None else ()


def _choose(case: AccountCase) -> None:
    """Choose whose access is taken; of those in charge, a removal is taken back instead."""
    stewards = case.context.among_active(case.context.line_stewards[case.account.entity_id])
    for one in case.open(*TAKEN):
        person = one.finding.subject.person
        if person in stewards:
            key = case.key("control")
            case.do(key, case.deed("keep-access", person))
            case.end(key, one)
        else:
            case.gone[person] = case.about(person)


def _end_names(case: AccountCase) -> None:
    """Hand over what hangs on somebody by name who does not serve any more."""
    account = case.account
    for one in case.open("recovery-contact-leaver"):
        if (person := account.recovery_person_id) is not None:
            key = case.about(person)
            case.do(key, case.deed("set-recovery", case.successor()))
            case.end(key, one)
    for one in case.open("login-email-of-leaver"):
        first = facts_of(one)["person_ids"][0]
        key = case.about(first)
        case.do(key, case.deed("change-login-address"))
        case.end(key, one)
        case.end_all(key, "personal-email-login")
    for one in case.open("account-without-owner"):
        if (person := account.owner_id) is not None:
            key = case.about(person)
            case.do(key, case.deed("name-owner", case.successor()))
            case.end(key, one)


def _end_passwords(case: AccountCase) -> None:
    """Change the passwords that people know whose access is taken, each for all reasons."""
    known = {one.finding.subject.login: one for one in case.open("leaver-knows-password")}
    for login in case.context.logins.get(case.account.id, ()):
        knowing = known.get(login.id)
        for key in _whose(case, login, knowing):
            case.do(key, case.deed("change-password", login=login.id))
        if keys := _whose(case, login, knowing):
            case.changed.add(login.id)
            _end_login(case, login, keys[0], knowing)


def _whose(case: AccountCase, login: Login, knowing: Standing | None) -> list[ActionKey]:
    """Return the actions of those for whom a password is changed."""
    holders = set(login.holder_ids)
    keys = {key for person, key in case.gone.items() if person in holders}
    if not keys and knowing is not None:
        known = facts_of(knowing)["holder_ids"]
        gone = sorted(set(known) - case.context.among_active(known))
        keys = {case.about(person) for person in gone[:1]}
    return sorted(keys)


def _end_login(case: AccountCase, login: Login, key: ActionKey, knowing: Standing | None) -> None:
    """Count what a new password ends."""
    if knowing is not None:
        case.end(key, knowing)
    for one in case.open(*RENEWED):
        if one.finding.subject.login == login.id:
            case.end(key, one)
    for one in case.open("unsecured-login"):
        if one.finding.subject.login == login.id:
            # The new one is kept safe from the first day.
            case.do(key, case.deed("keep-safe", login=login.id))
            case.end(key, one)
    staying = case.staying(login.holder_ids)
    for one in case.open("shared-login"):
        if one.finding.subject.login == login.id and len(staying) < 2:
            case.end(key, one)
