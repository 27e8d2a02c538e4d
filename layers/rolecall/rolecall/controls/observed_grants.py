"""What the controls share that hold grants against what the platforms show: whom nobody can judge.

Most accounts are not observed. Their grants are taken out before anything else is looked up of
them, and the mailbox of a holder is asked for once by all these controls.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rolecall.controls.context import Context
from rolecall.controls.control import Sieve, Undecided
from rolecall.model import Grant

__all__ = ["of_observed", "why_not_found"]


def of_observed(sieve: Sieve[Grant]) -> Sieve[Grant]:
    """Return a sieve for all grants on accounts that nobody has observed, and those of another."""

    def undecided(grants: Sequence[Grant], context: Context) -> Iterator[Undecided]:
        seen = context.seen_on_account
        yield from [(g, "the account was not observed") for g in grants if g.account_id not in seen]
        yield from sieve([g for g in grants if g.account_id in seen], context)

    return undecided


def why_not_found(grant: Grant, context: Context) -> str:
    """Return why the holder of a grant cannot be found by a mailbox."""
    person = context.people.get(grant.person_id)
    if person is None:
        return "the holder is not on the roster"
    if person.email is None:
        return "the holder's email is empty"
    return "the holder's email hides a part of the address"
