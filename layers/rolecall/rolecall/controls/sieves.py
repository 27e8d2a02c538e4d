"""What takes out, before a check is called, the subjects of which nothing could be said."""

from __future__ import annotations

import operator
from collections.abc import Iterator, Sequence
from typing import Any

from rolecall.controls.context import Context
from rolecall.controls.control import Sieve, Undecided
from rolecall.model import Account, Grant

__all__ = ["empty", "person_empty", "without_head"]


def without_head(accounts: Sequence[Account], context: Context) -> Iterator[Undecided]:
    """Yield the accounts whose entity has no head on record who serves.

    That is the business of entity-without-head. Nobody is to ask a head who left for anything, nor
    to give them access.
    """
    heads, active = context.heads, context.active
    for account in accounts:
        if (head := heads[account.entity_id]) is None:
            yield account, "the entity's head_id is empty"
        elif head not in active:
            yield account, "the entity's head is not an active person"


def empty(column: str) -> Sieve[Any]:
    """Return a sieve for subjects with nothing on record in a column of their own."""
    get = operator.attrgetter(column)
    reason = f"{column} is empty"

    def undecided(subjects: Sequence[Any], _: Context) -> Iterator[Undecided]:
        for subject in subjects:
            if get(subject) is None:
                yield subject, reason

    return undecided


def person_empty(column: str) -> Sieve[Grant]:
    """Return a sieve for grants whose holder has nothing on record in a column of the roster."""
    reason = f"the holder's {column} is empty"

    def undecided(grants: Sequence[Grant], context: Context) -> Iterator[Undecided]:
        lacking, strangers = context.people_without(column), context.strangers
        for grant in grants:
            if grant.person_id in lacking:
                yield grant, reason
            elif grant.person_id in strangers:
                yield grant, "the holder is not on the roster"

    return undecided
