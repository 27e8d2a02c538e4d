"""What controls look up about observations: the latest look at each account, by any of its names.

It is part of :class:`rolecall.controls.context.Context`, whose invariants hold here too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from datetime import date, timedelta
from functools import cached_property, lru_cache
from typing import NamedTuple

from rolecall.controls.account_index import AccountIndex, MatchKey
from rolecall.controls.seen_roles import SeenRole, seen_role
from rolecall.keys.accounts import match_key
from rolecall.keys.addresses import mailbox_key
from rolecall.keys.subjects import account_key, email_key
from rolecall.model import ADMINISTRATIVE_ROLES, Observation, Snapshot

__all__ = ["AccountKey", "ObservationIndex", "SeenPerson", "is_reported", "listed_administrator"]

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


class _Look(NamedTuple):
    """Observations that write the name of their account in one way, and what it means."""

    name: AccountKey
    key: MatchKey
    rows: Sequence[Observation]


_REPORT_HOLDS = timedelta(days=90)
_REPORT_ENDS = timedelta(days=365)
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


def is_reported(row: Observation, today: date) -> bool:
    """Tell whether an account was reported as not ours, and the answer still holds.

    It holds until the day that was given, which is at most a year on: an impostor comes back.
    """
    if (day := row.reported_on) is None or day > today:
        return False
    if row.reported_until is None:
        return today - day <= _REPORT_HOLDS
    return today <= row.reported_until and today - day <= _REPORT_ENDS


class ObservationIndex(AccountIndex):
    """The observations of one snapshot, the latest of each account before all.

    An account is observed under any of its names, and its latest observation is that of the latest
    date of all of them. A subject has one name: what it is about is looked up row by row.
    """

    def __init__(self, snapshot: Snapshot, today: date) -> None:
        super().__init__(snapshot, today)
        self._known_listings: dict[MatchKey, Mapping[str, date]] = {}

    @cached_property
    def _looks(self) -> Sequence[_Look]:
        """Every observation, with those beside it that write the name of its account as it does."""
        # An account has a row for each of its people each time: what its name means is asked once.
        found: defaultdict[tuple[str, str], list[Observation]] = defaultdict(list)
        for row in self.snapshot.observations:
            found[row.platform, row.handle].append(row)
        return [_Look(account_key(*raw), match_key(*raw), rows) for raw, rows in found.items()]

    @cached_property
    def observations(self) -> Mapping[AccountKey, Sequence[Observation]]:
        """Every observation, by what names its account."""
        found: defaultdict[AccountKey, list[Observation]] = defaultdict(list)
        for look in self._looks:
            found[look.name] += look.rows
        return found

    @cached_property
    def observed_keys(self) -> Mapping[AccountKey, Set[MatchKey]]:
        """By what the accounts of each name are found: some platforms tell apart what it folds."""
        found: defaultdict[AccountKey, set[MatchKey]] = defaultdict(set)
        for look in self._looks:
            found[look.name].add(look.key)
        return found

    @cached_property
    def _rows(self) -> Mapping[MatchKey, Sequence[Observation]]:
        """Every observation, by the key of its account."""
        found: defaultdict[MatchKey, list[Observation]] = defaultdict(list)
        for look in self._looks:
            found[look.key] += look.rows
        return found

    @cached_property
    def last_seen(self) -> Mapping[MatchKey, date]:
        """The latest observation date of each key, and none to come: it would hide real ones."""
        # It is tomorrow already where days begin first; after the last day there is none.
        end = min(self.today, date.max - timedelta(days=1)) + timedelta(days=1)
        days = {
            key: [row.observed_on for row in rows if row.observed_on <= end]
            for key, rows in self._rows.items()
        }
        return {key: max(seen) for key, seen in days.items() if seen}

    @cached_property
    def reported(self) -> frozenset[MatchKey]:
        """The observed keys that were reported as not ours, where that answer holds today."""
        if "observations.reported_on" not in self.snapshot.tracked:
            return frozenset()
        return frozenset(
            look.key
            for look in self._looks
            if any(is_reported(row, self.today) for row in look.rows)
        )

    def last_listed(self, account: str, person: str) -> date | None:
        """Return the last day on which an account was seen with somebody of the roster."""
        mailbox = self.mailboxes[person]
        if mailbox is None or account not in self.keys:
            return None
        return self._listings(self.keys[account]).get(mailbox)

    def _listings(self, key: MatchKey) -> Mapping[str, date]:
        """Return the last day on which an account was seen with each who may administer it."""
        # Asked of the few accounts whose password somebody knew who went: only their rows are read.
        if key not in self._known_listings:
            found: dict[str, date] = {}
            for row in self._rows.get(key, ()):
                if (mailbox := listed_administrator(row, self.today)) is not None:
                    found[mailbox] = max(row.observed_on, found.get(mailbox, row.observed_on))
            self._known_listings[key] = found
        return self._known_listings[key]

    @cached_property
    def seen_people(self) -> Mapping[AccountKey, Mapping[str | None, SeenPerson]]:
        """Whom the latest observations of open accounts show, by the two names of a subject.

        ``None`` stands for rows that name no address, or hide a part of it.
        """
        found: defaultdict[AccountKey, dict[str | None, SeenPerson]] = defaultdict(dict)
        for look in self._latest:
            people, key = found[look.name], look.key
            for row in look.rows:
                mailbox = mailbox_key(row.person_email) if row.person_email else None
                email = email_key(row.person_email) if row.person_email and mailbox else None
                shown = frozenset(((key, mailbox),)) if mailbox else _NOBODY
                person = SeenPerson(shown, _in_role(row.platform, row.role).roles)
                _join(people, email, person)
        return found

    @cached_property
    def seen_on_account(self) -> Mapping[str, Mapping[str | None, SeenPerson]]:
        """The same by mailbox, of those accounts that are not closed and were observed, by id."""
        merged: defaultdict[MatchKey, dict[str | None, SeenPerson]] = defaultdict(dict)
        for look in self._latest:
            boxes = merged[look.key]
            for row in look.rows:
                mailbox = mailbox_key(row.person_email) if row.person_email else None
                _join(boxes, mailbox, _in_role(row.platform, row.role))
        return {a.id: boxes for key, boxes in merged.items() for a in self.open_by_key[key]}

    @cached_property
    def _latest(self) -> Sequence[_Look]:
        """The observations of the latest date of each account that is not closed."""
        open_ = self.open_by_key
        days = {key: day for key, day in self.last_seen.items() if key in open_}
        found = []
        for look in self._looks:
            if (day := days.get(look.key)) is not None:
                shown = [row for row in look.rows if row.observed_on == day]
                if shown:
                    found.append(_Look(look.name, look.key, shown))
        return found

    @cached_property
    def unaddressed_keys(self) -> frozenset[MatchKey]:
        """The observed keys of which a holder may have any address: nobody keeps track of theirs.

        That is somebody of the roster with a live grant on an open account; without one, anybody.
        """
        live = self.live_grants
        if "people.email" in self.tracked:
            return frozenset()
        return frozenset(
            key
            for key in self._rows
            for account in self.open_by_key.get(key, ())
            if any(self._is_unaddressed(g.person_id) for g in live.get(account.id, ()))
        )

    def _is_unaddressed(self, person: str) -> bool:
        is_there = person in self.people or not self.has_roster
        return is_there and not self.tracks("people.email", person)

    @cached_property
    def holder_mailboxes(self) -> Mapping[MatchKey, frozenset[str]]:
        """Mailboxes of the holders of live grants on the open accounts of each observed key."""
        found: dict[MatchKey, frozenset[str]] = {}
        mailboxes, live = self.mailboxes, self.live_grants
        for key in self._rows:
            if accounts := self.open_by_key.get(key):
                boxes = [mailboxes[g.person_id] for a in accounts for g in live.get(a.id, ())]
                found[key] = frozenset(filter(None, boxes))
        return found
