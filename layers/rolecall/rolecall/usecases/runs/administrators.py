"""Who holds what, as reports take it from a registry: no log has it.

The audit of a batch needs this and nothing else of reports, so it stands by itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from msgspec.structs import replace

from rolecall.controls.context import Context
from rolecall.model import ADMINISTRATIVE_ROLES, Account
from rolecall.reports.facts import MOST_HELD, Administrator, HeldAccount, Holders
from rolecall.reports.unit_names import unit_names

__all__ = ["held_of", "holders_of", "is_held"]


def holders_of(context: Context, entities: Collection[str] | None = None) -> Holders:
    """Return what reports take from a registry.

    :param entities: ids of those that are meant; ``None`` for all.
    """
    held = sorted(held_of(context, entities), key=lambda one: (one.entity, one.id))
    return replace(
        unit_names(context, entities),
        accounts=held[:MOST_HELD],
        more=len(held) - len(held[:MOST_HELD]),
    )


def held_of(context: Context, entities: Collection[str] | None = None) -> Iterator[HeldAccount]:
    """Yield the accounts that are not closed, with who administers them.

    :param entities: ids of those whose accounts are meant; ``None`` for all.
    """
    for account in context.accounts.values():
        if not is_held(account, entities):
            continue
        holders = sorted(
            (grant.person_id, _name(context, grant.person_id), grant.role)
            for grant in context.grants.get(account.id, ())
            if grant.is_live and grant.role in ADMINISTRATIVE_ROLES
        )
        yield HeldAccount(
            account.entity_id,
            account.id,
            f"{account.platform} {account.handle}",
            account.status,
            tuple(Administrator(*one) for one in holders),
        )


def is_held(account: Account, entities: Collection[str] | None = None) -> bool:
    """Tell whether reports show who holds an account: it is not closed, and in their scope."""
    return account.status != "closed" and (entities is None or account.entity_id in entities)


def _name(context: Context, person: str) -> str:
    known = context.people.get(person)
    return known.name if known else person
