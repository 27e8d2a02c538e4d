"""The catalogue read a second time, by somebody who had not seen the engine.

Plain and slow: each rule is written down as a reader of the pages would say it, a subject at a
time. Where the pages are silent, the safer reading was taken:

- A closing of an incident and a change of a password count by the day they bear, also where it is
  still to come. An observation of later than tomorrow, by which it is today somewhere, is none; and
  what was known, decided or told at an instant that is still to come was not. A day on which
  somebody left that is still to come is none, and access that is to end on one goes on until then;
  what shows somebody there after a day on which they went moves it.
- Whoever is on no roster has neither type, mailbox nor entity.
- A mailbox that a platform shows in part may be anybody's, as a row without one.
- What names an observation is how the platform was called and written there: an account that two
  listings write in two ways is two subjects, which are matched as one.
- Whose settings hold for an observation says the account of its key, the first if there are more.
- A breach is undecided too late once the hours are over, and not from the first one; where nobody
  keeps decisions, that is not evaluated from the first hour on.
- A row that shows somebody says of their role; one without an address makes it unknown only where
  no other shows them.
- A domain whose renewal nobody keeps does not renew itself.
- What is accepted from a day on that is still to come is accepted today, as without a day.
- What is tracked row by row is so for the rows that a subject is made of, and for an e-mail domain
  for all in line; what is needed of other rows is tracked for all of them, or not at all.
- A super admin is above an admin, as an owner is.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from rolecall.model import Policy, Severity, Snapshot
from tests.second_oracle import (
    access,
    accounts,
    incidents,
    listings,
    logins,
    ownership,
    policies,
)
from tests.second_oracle.book import Book
from tests.second_oracle.rules import RULES, Limits, Name, Rule, limits

__all__ = ["RULES", "Verdicts", "audit"]

_WRITTEN = (access, accounts, incidents, listings, logins, ownership, policies)


@dataclass
class Verdicts:
    """What one control says: who passes, who fails and how gravely, and who is not evaluated.

    :ivar is_left_out: it is not evaluated for the whole run, for want of what it needs.
    """

    passed: Counter[Name] = field(default_factory=Counter)
    failed: dict[Name, Severity] = field(default_factory=dict)
    not_evaluated: set[Name] = field(default_factory=set)
    is_left_out: bool = False


def audit(registry: Snapshot, policy: Policy, as_of: datetime) -> dict[str, Verdicts]:
    """Say of every control and every subject what the pages say."""
    book = Book(registry, policy, as_of)
    return {one.id: _verdicts(book, one) for one in RULES.values()}


def _verdicts(book: Book, one: Rule) -> Verdicts:
    has_needs = all(_has(book, need, one) for need in one.needs)
    has_one = any(all(_has(book, need, one) for need in group) for group in one.one_of)
    found = Verdicts(is_left_out=not (has_needs and has_one))
    for subject in one.of.subjects(book):
        held = limits(book, one, one.of.entity(book, subject))
        if not held["enabled"] or _is_off(book, one, held):
            continue
        name = one.of.name(subject)
        says = None if _is_unknown(book, one, subject) else one.says(book, subject, held)
        if says is None:
            found.not_evaluated.add(name)
        elif says is False:
            found.passed[name] += 1
        else:
            usual = one.severity if says is True else says
            found.failed[name] = held.get("severity", usual)
    return found


def _has(book: Book, need: str, one: Rule) -> bool:
    """Tell whether a registry tracks a column, or the policy has a setting."""
    table, _, name = need.partition(".")
    if table != "policy":
        return book.tracks(need) if table in one.of.tables else need in book.registry.tracked
    if name == "privacy_law":
        return book.policy.privacy_law != "none"
    return getattr(book.policy, name) is not None


def _is_unknown(book: Book, one: Rule, subject: object) -> bool:
    """Tell whether what a control needs is not tracked, at all or for this subject."""
    rows = one.of.rows(subject)
    for need in one.needs:
        table = need.partition(".")[0]
        if not _has(book, need, one):
            return True
        if table in rows and not book.knows(need, *rows[table]):
            return True
    return False


def _is_off(book: Book, one: Rule, held: Limits) -> bool:
    """Tell whether a control waits for the policy to set what it goes by."""
    if one.id == "sanction-step-skipped":
        return book.policy.sanction_ladder is None
    return None in (held[name] for name in one.defaults)
