"""The rules about what platforms say: their own lists of administrators.

A row counts as one of an administrator where its role is administrative or unknown: a word that
nobody knows may mean anything, and so may none.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from rolecall.keys.accounts import match_key
from rolecall.keys.addresses import mailbox_key
from rolecall.keys.subjects import account_key, email_key
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
    "super admin": "owner",
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


class Shown(NamedTuple):
    """Whom the latest listing of an account shows, and by whose registry it is that account."""

    accounts: list[Account]
    row: Observation


def _administrators(book: Book) -> Iterable[Shown]:
    """Return whom the latest listings show as an administrator, once by each name and address."""
    found: dict[Name, Shown] = {}
    for account in book.open_accounts():
        key = match_key(account.platform, account.handle)
        accounts = [
            one for one in book.open_accounts() if match_key(one.platform, one.handle) == key
        ]
        for row in filter(is_administrator, book.listing(account.platform, account.handle)):
            found.setdefault(_name(Shown(accounts, row)), Shown(accounts, row))
    return found.values()


def _name(shown: Shown) -> Name:
    """Return how somebody is named whom a platform shows: by an address, if it is one."""
    row = shown.row
    address = [email_key(row.person_email)] if row.person_email and mailbox_of(row) else []
    return ("observation", *account_key(row.platform, row.handle), *address)


ADMINISTRATORS = Population(_administrators, _name, lambda _, shown: shown.accounts[0].entity_id)


@rule(
    "unregistered-admin",
    "critical",
    ADMINISTRATORS,
    "observations.platform",
    "observations.person_email",
)
def unregistered_admin(book: Book, shown: Shown, _: Limits) -> Answer:
    mailbox = mailbox_of(shown.row)
    if mailbox is None:
        return None
    holders = {grant.person_id for one in shown.accounts for grant in book.live(one.id)}
    if mailbox in map(book.mailbox, holders):
        return False
    # It may be the address of a holder on the roster of whom none is kept.
    may_be = [one for one in holders if book.person(one) and not book.knows("people.email", one)]
    return None if may_be else True


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
    is_unclear = None in shown if shown else any(mailbox_of(row) is None for row in rows)
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
