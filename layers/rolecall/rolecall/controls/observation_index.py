"""What controls look up about observations: the latest look at each account, by any of its names.

It is part of :class:`rolecall.controls.context.Context`, whose invariants hold here too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property, lru_cache
from typing import NamedTuple

from rolecall.controls.account_index import AccountIndex, MatchKey
from rolecall.controls.seen_roles import SeenRole, seen_role
from rolecall.keys.accounts import match_key
from rolecall.keys.addresses import mailbox_key
from rolecall.keys.subjects import account_key, email_key
from rolecall.model import ADMINISTRATIVE_ROLES, Observation

__all__ = ["AccountKey", "ObservationIndex", "SeenPerson", "listed_administrator"]

AccountKey = tuple[str, str]
"""Platform and handle of an account as a subject names them (:mod:`rolecall.keys.subjects`)."""


class SeenPerson(NamedTuple):
    """An address on the latest observation of an account, as a subject names the two.

    ``shown`` are the mailboxes that it stands for, each with the account on which it was seen;
    ``roles`` those that it has there, in our words, and ``None`` for one that we do not know.
    """

    shown: frozenset[tuple[MatchKey, str]]
    roles: frozenset[SeenRole | None]

    @property
    def may_administer(self) -> bool:
        """Whether one of the roles is administrative, or unknown."""
        return None in self.roles or not ADMINISTRATIVE_ROLES.isdisjoint(self.roles)

    def joined(self, other: SeenPerson) -> SeenPerson:
        """Return what two rows show together."""
        return SeenPerson(self.shown | other.shown, self.roles | other.roles)


_NOBODY: frozenset[tuple[MatchKey, str]] = frozenset()


@lru_cache(maxsize=1 << 12)
def _in_role(platform: str, role: str | None) -> SeenPerson:
    """Return somebody with a role, without an account: there are a few platforms and roles."""
    return SeenPerson(frozenset(), frozenset([seen_role(platform, role)]))


def _join(people: dict[str | None, SeenPerson], who: str | None, person: SeenPerson) -> None:
    """Add what a row shows of somebody to what others show."""
    old = people.get(who)
    people[who] = person if old is None else old.joined(person)


def listed_administrator(row: Observation, today: date) -> str | None:
    """Return the mailbox of whom an observation shows as somebody who may administer the account.

    A day that is still to come is no listing.
    """
    if not row.person_email or row.observed_on > today:
        return None
    if not _in_role(row.platform, row.role).may_administer:
        return None
    return mailbox_key(row.person_email)


class ObservationIndex(AccountIndex):
    """The observations of one snapshot, the latest of each account before all.

    An account is observed under any of its names, and its latest observation is that of the latest
    date of all of them. A subject has one name: what it is about is looked up row by row.
    """

    @cached_property
    def observations(self) -> Mapping[AccountKey, Sequence[Observation]]:
        """Every observation, by what names its account."""
        found: defaultdict[AccountKey, list[Observation]] = defaultdict(list)
        for seen in self.snapshot.observations:
            found[account_key(seen.platform, seen.handle)].append(seen)
        return found

    @cached_property
    def observed_keys(self) -> Mapping[AccountKey, frozenset[MatchKey]]:
        """By what the accounts of each name are found: some platforms tell apart what it folds."""
        return {
            name: frozenset(match_key(*raw) for raw in {(row.platform, row.handle) for row in rows})
            for name, rows in self.observations.items()
        }

    @cached_property
    def latest_rows(self) -> Mapping[MatchKey, Sequence[Observation]]:
        """The observations of the latest date of each account."""
        found: defaultdict[MatchKey, list[Observation]] = defaultdict(list)
        for name, keys in self.observed_keys.items():
            rows = self.observations[name]
            if len(keys) == 1:
                found[min(keys)] += rows
                continue
            for row in rows:
                found[match_key(row.platform, row.handle)].append(row)
        for key, rows in found.items():
            day = max(row.observed_on for row in rows)
            found[key] = [row for row in rows if row.observed_on == day]
        return found

    @cached_property
    def last_listings(self) -> Mapping[tuple[MatchKey, str], date]:
        """The last day on which each account was seen with somebody who may administer it.

        By the key of the account and a mailbox; a day that is still to come is not one.
        """
        found: dict[tuple[MatchKey, str], date] = {}
        for row in self.snapshot.observations:
            if (mailbox := listed_administrator(row, self.today)) is not None:
                where = match_key(row.platform, row.handle), mailbox
                found[where] = max(row.observed_on, found.get(where, row.observed_on))
        return found

    def last_listed(self, account: str, person: str) -> date | None:
        """Return the last day on which an account was seen with somebody of the roster."""
        known = self.people.get(person)
        mailbox = mailbox_key(known.email) if known and known.email else None
        if mailbox is None or account not in self.keys:
            return None
        return self.last_listings.get((self.keys[account], mailbox))

    @cached_property
    def seen_people(self) -> Mapping[AccountKey, Mapping[str | None, SeenPerson]]:
        """Whom the latest observations of open accounts show, by the two names of a subject.

        ``None`` stands for rows that name no address, or hide a part of it.
        """
        found: defaultdict[AccountKey, dict[str | None, SeenPerson]] = defaultdict(dict)
        for key, row, mailbox in self._rows_of_open_accounts:
            email = email_key(row.person_email) if row.person_email and mailbox else None
            shown = frozenset(((key, mailbox),)) if mailbox else _NOBODY
            person = SeenPerson(shown, _in_role(row.platform, row.role).roles)
            _join(found[account_key(row.platform, row.handle)], email, person)
        return found

    @cached_property
    def seen_on_account(self) -> Mapping[str, Mapping[str | None, SeenPerson]]:
        """The same by mailbox, of those accounts that are not closed and were observed, by id."""
        merged: defaultdict[MatchKey, dict[str | None, SeenPerson]] = defaultdict(dict)
        for key, row, mailbox in self._rows_of_open_accounts:
            _join(merged[key], mailbox, _in_role(row.platform, row.role))
        return {a.id: boxes for key, boxes in merged.items() for a in self.open_by_key[key]}

    @cached_property
    def _rows_of_open_accounts(self) -> Sequence[tuple[MatchKey, Observation, str | None]]:
        """The latest rows of accounts that are not closed, each with the mailbox in it."""
        open_, latest = self.open_by_key, self.latest_rows
        return [
            (key, row, mailbox_key(row.person_email) if row.person_email else None)
            for key, rows in latest.items()
            if key in open_
            for row in rows
        ]

    @cached_property
    def held_keys(self) -> frozenset[MatchKey]:
        """The observed keys on whose open accounts somebody of the roster holds a live grant."""
        people, live = self.people, self.live_grants
        return frozenset(
            key
            for key in self.latest_rows
            for account in self.open_by_key.get(key, ())
            if any(grant.person_id in people for grant in live.get(account.id, ()))
        )

    @cached_property
    def holder_mailboxes(self) -> Mapping[MatchKey, frozenset[str]]:
        """Mailboxes of the holders of live grants on the open accounts of each observed key."""
        found: dict[MatchKey, frozenset[str]] = {}
        people, live = self.people, self.live_grants
        for key in self.latest_rows:
            if accounts := self.open_by_key.get(key):
                holders = [g.person_id for a in accounts for g in live.get(a.id, ())]
                known = [person.email for id_ in holders if (person := people.get(id_))]
                boxes = map(mailbox_key, filter(None, known))
                found[key] = frozenset(box for box in boxes if box is not None)
        return found
