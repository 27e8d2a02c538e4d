"""Enough cleared adults read what is written to an account for minors."""

from __future__ import annotations

from collections.abc import Iterable

from rolecall.actions.account_case import AccountCase
from rolecall.actions.administration import Administration

__all__ = ["guard_minors"]


def guard_minors(case: AccountCase, now: Administration) -> None:
    """See that enough cleared adults read what is written to an account for minors."""
    asked = case.fitness.asks("youth-account-one-adult", now.entity)
    is_open = case.has("youth-account-one-adult")
    if not is_open and not (case.gone and case.account.audience == "minors" and asked.enabled):
        return
    adults, cleared = _adults(case, now, asked.level)
    missing = asked.minimum - len(adults | cleared)
    if missing <= 0 and is_open:
        # Whoever's clearance is renewed is one of them: that is their own action.
        last = max(cleared - adults, default="")
        case.end_all(("person", last, "") if last else now.key, "youth-account-one-adult")
        return
    _let_read(case, now, missing, adults | cleared)
    case.end_all(now.key, "youth-account-one-adult")


def _let_read(case: AccountCase, now: Administration, missing: int, adults: Iterable[str]) -> None:
    """Let others read what is written to an account for minors."""
    but = case.gone.keys() | set(adults)
    chosen = case.fitness.candidates(case.account, but, max(missing, 0))
    for person in chosen:
        now.prepare(person.id)
        case.do(now.key, case.deed("give-reading", person.id))
    if missing > len(chosen):
        case.do(now.key, case.deed("give-reading", role=str(missing - len(chosen))))


def _adults(case: AccountCase, now: Administration, level: str) -> tuple[set[str], set[str]]:
    """Return who reads it and is cleared, and whose clearance other actions renew."""
    context = case.context
    reading = [id_ for id_, one in now.live.items() if one.role != "analyst"]
    readers = context.among_active(reading) | {*case.added}
    cleared = {
        one.finding.subject.person for one in case.open("ineligible-manager", "clearance-expired")
    } & readers
    people = context.people
    adults = {
        one for one in readers if one not in people or case.fitness.is_cleared(people[one], level)
    }
    return adults | {*case.added}, cleared
