"""What controls look up about accounts: by id, by what they are found by, and who may use them.

It is part of :class:`rolecall.controls.context.Context`, whose invariants hold here too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cached_property
from operator import attrgetter

from rolecall.controls.people_index import PeopleIndex
from rolecall.keys.accounts import match_key
from rolecall.keys.addresses import mailbox_key
from rolecall.model import Account, Alike, Grant

__all__ = ["MOST_ALIKE", "AccountIndex", "MatchKey", "alike"]

MOST_ALIKE = 21
"""Ids that are kept of a group: evidence names twenty others of it."""

MatchKey = tuple[str, str]
"""Platform and handle by which an account is found (:mod:`rolecall.keys.accounts`)."""


class AccountIndex(PeopleIndex):
    """The accounts and live grants of one snapshot on one day."""

    @cached_property
    def accounts(self) -> Mapping[str, Account]:
        """The accounts by id."""
        return {account.id: account for account in self.snapshot.accounts}

    @cached_property
    def closed(self) -> frozenset[str]:
        """Ids of closed accounts."""
        return frozenset(a.id for a in self.snapshot.accounts if a.status == "closed")

    @cached_property
    def keys(self) -> Mapping[str, MatchKey]:
        """The key of each account, by its id."""
        return {a.id: match_key(a.platform, a.handle) for a in self.snapshot.accounts}

    @cached_property
    def login_mailboxes(self) -> Mapping[str, str | None]:
        """The mailbox with which each account is registered, by its id; ``None`` for a hidden one.

        Accounts without a login address have no entry.
        """
        return {
            a.id: mailbox_key(a.login_email)
            for a in self.snapshot.accounts
            if a.login_email is not None
        }

    @cached_property
    def logins_of_leavers(self) -> Mapping[str, Sequence[str]]:
        """Whose those mailboxes are that somebody inactive has, and nobody active: first ids."""
        active, mailboxes = self.active, self.mailboxes
        registered = set(self.login_mailboxes.values()) - {None}
        found: defaultdict[str, list[str]] = defaultdict(list)
        for person in self.snapshot.people:
            if person.id not in active and (key := mailboxes[person.id]) in registered:
                found[key or ""].append(person.id)
        # There are few as a rule, and then nobody looks at all the others.
        for id_ in active if found else ():
            found.pop(mailboxes[id_] or "", None)
        return {key: sorted(ids)[: MOST_ALIKE - 1] for key, ids in found.items()}

    @cached_property
    def open_by_key(self) -> Mapping[MatchKey, Sequence[Account]]:
        """The accounts that are not closed, sorted by id, by key."""
        found: defaultdict[MatchKey, list[Account]] = defaultdict(list)
        keys = self.keys
        for account in self.snapshot.accounts:
            if account.status != "closed":
                found[keys[account.id]].append(account)
        for accounts in found.values():
            if len(accounts) > 1:
                accounts.sort(key=attrgetter("id"))
        return found

    @cached_property
    def duplicates(self) -> Mapping[MatchKey, Alike]:
        """The accounts that are not closed, by those keys that more than one of them has."""
        groups = {
            key: alike([account.id for account in accounts])
            for key, accounts in self.open_by_key.items()
            if len(accounts) > 1
        }
        return groups | dict(self.snapshot.rest.accounts) if self.snapshot.rest else groups

    @cached_property
    def entity_by_key(self) -> Mapping[MatchKey, str]:
        """The entity to which a key belongs: an open account's before a closed one's."""
        found = {
            self.keys[a.id]: a.entity_id
            for a in sorted(map(self.accounts.__getitem__, self.closed), key=attrgetter("id"))[::-1]
        }
        for key, accounts in self.open_by_key.items():
            found[key] = accounts[0].entity_id
        return found

    @cached_property
    def _live(self) -> Sequence[Grant]:
        return [g for g in self.snapshot.grants if g.is_live]

    @cached_property
    def live(self) -> Sequence[Grant]:
        """The live grants of accounts that are not closed."""
        closed = self.closed
        return [g for g in self._live if g.account_id not in closed]

    @cached_property
    def live_grants(self) -> Mapping[str, Sequence[Grant]]:
        """The live grants, by account."""
        found: defaultdict[str, list[Grant]] = defaultdict(list)
        for grant in self._live:
            found[grant.account_id].append(grant)
        return found


def alike(ids: Sequence[str]) -> Alike:
    """Return what is kept of a sorted group of ids."""
    return Alike(tuple(ids[:MOST_ALIKE]), len(ids))
