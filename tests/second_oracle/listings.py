"""The rules about what platforms say: their own lists of administrators.

A row counts as one of an administrator where its role is administrative or unknown: a word that
nobody knows may mean anything, and so may none.
"""

from __future__ import annotations

from collections.abc import Iterable

from rolecall.keys.accounts import match_key
from rolecall.keys.addresses import mailbox_key
from rolecall.model import Account, Grant, Observation
from tests.second_oracle.book import ADMINISTRATIVE, Book
from tests.second_oracle.rules import (
    GRANTS,
    MANAGERS,
    Answer,
    Limits,
    Name,
    Population,
    rule,
)

__all__ = ["ADMINISTRATORS", "is_administrator"]

ROLES = ("member", "analyst", "editor", "manager", "admin", "owner")
"""From the least power to the most; a member may do less than anybody who has a role here."""

WORDS = {
    **{role: role for role in ROLES},
    "super admin": "admin",
    "administrator": "admin",
    "author": "editor",
    "viewer": "analyst",
    "subscriber": "member",
}
"""What platforms call a role, as far as generated registries have it."""


def role_of(row: Observation) -> str | None:
    """Return the role that a row shows, or ``None`` for none or a word that nobody knows."""
    return WORDS.get((row.role or "").casefold())


def is_administrator(row: Observation) -> bool:
    """Tell whether a row may be one of an administrator."""
    return role_of(row) in (None, *ADMINISTRATIVE)


def mailbox_of(row: Observation) -> str | None:
    """Return the mailbox that a row names; none, or one that is masked, may be anybody's."""
    return mailbox_key(row.person_email) if row.person_email else None


# ------------------------------------------------------------------------------ unregistered-admin


def _administrators(book: Book) -> Iterable[tuple[list[Account], str | None]]:
    """Return whom the latest listings show: the accounts of a key, and a mailbox there or none."""
    done: set[Name] = set()
    for account in book.open_accounts():
        key = match_key(account.platform, account.handle)
        if key in done:
            continue
        done.add(key)
        accounts = [
            one for one in book.open_accounts() if match_key(one.platform, one.handle) == key
        ]
        rows = filter(is_administrator, book.listing(account.platform, account.handle))
        for mailbox in {mailbox_of(row): None for row in rows}:
            yield accounts, mailbox


ADMINISTRATORS = Population(
    _administrators,
    lambda one: (
        "observation",
        *match_key(one[0][0].platform, one[0][0].handle),
        *([one[1]] if one[1] else []),
    ),
    lambda _, one: one[0][0].entity_id,
)


@rule(
    "unregistered-admin",
    "critical",
    ADMINISTRATORS,
    "observations.platform",
    "observations.person_email",
)
def unregistered_admin(book: Book, one: tuple[list[Account], str | None], _: Limits) -> Answer:
    accounts, mailbox = one
    if mailbox is None:
        return None
    holders = {grant.person_id for account in accounts for grant in book.live(account.id)}
    if book.tracks("people.email"):
        return mailbox not in map(book.mailbox, holders)
    # Nobody on the roster has access: so whoever this is has none on record.
    return None if any(map(book.person, holders)) else True


# -------------------------------------------------------------------------- role-drift, ghost-grant


@rule(
    "role-drift",
    "high",
    GRANTS,
    "observations.platform",
    "observations.person_email",
    "observations.role",
    "people.email",
)
def role_drift(book: Book, grant: Grant, _: Limits) -> Answer:
    account, mailbox = book.account(grant.account_id), book.mailbox(grant.person_id)
    rows = book.listing(account.platform, account.handle)
    if mailbox is None or not rows:
        return None
    shown = [role_of(row) for row in rows if mailbox_of(row) == mailbox]
    granted = ROLES.index(grant.role)
    if any(role is not None and ROLES.index(role) > granted for role in shown):
        return True
    is_unclear = None in shown or any(mailbox_of(row) is None for row in rows)
    return None if is_unclear else False


@rule("ghost-grant", "medium", MANAGERS, "observations.platform", "people.email")
def ghost_grant(book: Book, grant: Grant, _: Limits) -> Answer:
    account, mailbox = book.account(grant.account_id), book.mailbox(grant.person_id)
    rows = book.listing(account.platform, account.handle)
    if mailbox is None or not rows:
        return None
    shown = {mailbox_of(row) for row in rows if is_administrator(row)}
    if mailbox in shown:
        return False
    return None if None in shown else True
