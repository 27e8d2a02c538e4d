"""What takes out, before a check is called, the subjects of which nothing could be said.

Sieves that one column makes are with :mod:`rolecall.controls.control`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rolecall.controls.context import Context
from rolecall.controls.control import Undecided
from rolecall.model import Account

__all__ = ["without_head"]


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
