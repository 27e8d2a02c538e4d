"""Everything a control may look up beside its own subjects, and the definitions it shares.

The definitions of the catalogue live here, once: *live grant*, *full control*, *active person*,
*in line*, *latest observation*. A context is built for one snapshot, one policy and one instant;
each index is built when a control first asks for it, so that an audit of one control is quick.

Invariants: nothing here is written to after it was built, and the order of the rows of a table
never shows in an answer (lists that could show it are sorted by the control).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from operator import attrgetter

from rolecall.controls.people_index import PeopleIndex
from rolecall.keys.subjects import account_key, email_key
from rolecall.lineage import lineage_of
from rolecall.model import (
    FULL_CONTROL_ROLES,
    Account,
    Alike,
    Entity,
    Grant,
    Incident,
    Login,
    Observation,
    Policy,
    Snapshot,
)

__all__ = ["MOST_ALIKE", "AccountKey", "Context", "alike"]

MOST_ALIKE = 21
"""Ids that are kept of a group: evidence names twenty others of it."""

AccountKey = tuple[str, str]
"""Platform and handle of an account, normalised by :func:`rolecall.keys.subjects.account_key`."""


class Context(PeopleIndex):
    """Look-ups over one snapshot under one policy at one instant.

    :param as_of: the instant of the audit, with a time zone; dates compare with its UTC date.
    """

    def __init__(self, snapshot: Snapshot, policy: Policy, as_of: datetime) -> None:
        self.as_of = as_of.astimezone(UTC)
        super().__init__(snapshot, self.as_of.date())
        self.policy = policy

    def days_ago(self, days: int) -> date:
        """Return the oldest date that is not yet *older than* ``days`` days."""
        # A policy may set any number of days; before year 1 nothing is older.
        return self.today - timedelta(days=min(days, self.today.toordinal() - 1))

    def lacks(self, need: str) -> str | None:
        """Return why a need of a control is not met, or ``None`` where it is."""
        table, _, name = need.partition(".")
        if table == "policy":
            return f"the policy has no {name}" if getattr(self.policy, name) is None else None
        return None if need in self.snapshot.tracked else f"{need} is not tracked"

    # -- entities ---------------------------------------------------------------------------

    @cached_property
    def entities(self) -> Mapping[str, Entity]:
        """The entities by id."""
        return {entity.id: entity for entity in self.snapshot.entities}

    @cached_property
    def lines(self) -> Mapping[str, tuple[Entity, ...]]:
        """For each entity the entities *in line*: itself, then its ancestors, nearest first."""
        return {id_: tuple(lineage_of(id_, self.entities)) for id_ in self.entities}

    @cached_property
    def line_ids(self) -> Mapping[str, frozenset[str]]:
        """For each entity the ids of the entities in line."""
        return {id_: frozenset(e.id for e in line) for id_, line in self.lines.items()}

    @cached_property
    def line_stewards(self) -> Mapping[str, frozenset[str]]:
        """For each entity the heads and IT delegates of every entity in line."""
        return {
            id_: frozenset(
                person for e in line for person in (e.head_id, *e.it_delegate_ids) if person
            )
            for id_, line in self.lines.items()
        }

    @cached_property
    def line_domains(self) -> Mapping[str, frozenset[str]]:
        """For each entity the e-mail domains, case-folded, of every entity in line."""
        return {
            id_: frozenset(domain.casefold() for e in line for domain in e.email_domains)
            for id_, line in self.lines.items()
        }

    @cached_property
    def heads(self) -> Mapping[str, str | None]:
        """The head of each entity."""
        return {entity.id: entity.head_id for entity in self.snapshot.entities}

    def below(self, entity_id: str) -> frozenset[str]:
        """Return the ids of an entity and of everything below it."""
        return frozenset(id_ for id_, line in self.line_ids.items() if entity_id in line)

    # -- accounts ---------------------------------------------------------------------------

    @cached_property
    def accounts(self) -> Mapping[str, Account]:
        """The accounts by id."""
        return {account.id: account for account in self.snapshot.accounts}

    @cached_property
    def closed(self) -> frozenset[str]:
        """Ids of closed accounts."""
        return frozenset(a.id for a in self.snapshot.accounts if a.status == "closed")

    @cached_property
    def open_by_key(self) -> Mapping[AccountKey, Sequence[Account]]:
        """The accounts that are not closed, sorted by id, by key."""
        found: defaultdict[AccountKey, list[Account]] = defaultdict(list)
        for account in self.snapshot.accounts:
            if account.status != "closed":
                found[account_key(account.platform, account.handle)].append(account)
        for accounts in found.values():
            if len(accounts) > 1:
                accounts.sort(key=attrgetter("id"))
        return found

    @cached_property
    def duplicates(self) -> Mapping[AccountKey, Alike]:
        """The accounts that are not closed, by those keys that more than one of them has."""
        groups = {
            key: alike([account.id for account in accounts])
            for key, accounts in self.open_by_key.items()
            if len(accounts) > 1
        }
        return groups | dict(self.snapshot.rest.accounts) if self.snapshot.rest else groups

    @cached_property
    def entity_by_key(self) -> Mapping[AccountKey, str]:
        """The entity to which a key belongs: an open account's before a closed one's."""
        found = {
            account_key(a.platform, a.handle): a.entity_id
            for a in sorted(map(self.accounts.__getitem__, self.closed), key=attrgetter("id"))[::-1]
        }
        for key, accounts in self.open_by_key.items():
            found[key] = accounts[0].entity_id
        return found

    # -- grants -----------------------------------------------------------------------------

    @cached_property
    def grants(self) -> Mapping[str, Sequence[Grant]]:
        """Every grant, revoked ones included, by account."""
        found: defaultdict[str, list[Grant]] = defaultdict(list)
        for grant in self.snapshot.grants:
            found[grant.account_id].append(grant)
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
    def holders_of_live_grants(self) -> frozenset[str]:
        """Ids of everybody with a live grant anywhere, closed accounts included."""
        here = frozenset([g.person_id for g in self._live])
        return here | self.snapshot.rest.holders if self.snapshot.rest else here

    @cached_property
    def live_grants(self) -> Mapping[str, Sequence[Grant]]:
        """The live grants, by account."""
        found: defaultdict[str, list[Grant]] = defaultdict(list)
        for grant in self._live:
            found[grant.account_id].append(grant)
        return found

    @cached_property
    def last_revocations(self) -> Mapping[tuple[str, str], date]:
        """The latest revocation on record of each person on each account, if there is one."""
        found: dict[tuple[str, str], date] = {}
        for grant in self.snapshot.grants:
            if (day := grant.revoked_on) is not None:
                pair = grant.account_id, grant.person_id
                found[pair] = max(day, found.get(pair, day))
        return found

    @cached_property
    def full_control(self) -> Mapping[str, Sequence[str]]:
        """Ids of the holders of live full control (owner or admin), by account."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for grant in self._live:
            if grant.role in FULL_CONTROL_ROLES:
                found[grant.account_id].append(grant.person_id)
        return found

    # -- logins -----------------------------------------------------------------------------

    @cached_property
    def logins(self) -> Mapping[str, Sequence[Login]]:
        """The login records, by account."""
        found: defaultdict[str, list[Login]] = defaultdict(list)
        for login in self.snapshot.logins:
            found[login.account_id].append(login)
        return found

    @cached_property
    def same_password(self) -> Mapping[str, Alike]:
        """Logins of all accounts, closed ones included, by fingerprints that several have."""
        prints = Counter(map(attrgetter("fingerprint"), self.snapshot.logins))
        found: defaultdict[str, list[str]] = defaultdict(list)
        for login in self.snapshot.logins:
            if login.fingerprint is not None and prints[login.fingerprint] > 1:
                found[login.fingerprint].append(login.id)
        groups = {print_: alike(sorted(ids)) for print_, ids in found.items()}
        return groups | self.snapshot.rest.logins if self.snapshot.rest else groups

    @cached_property
    def incidents(self) -> Mapping[str, Incident]:
        """The incidents by id."""
        return {incident.id: incident for incident in self.snapshot.incidents}

    # -- observations -----------------------------------------------------------------------

    @cached_property
    def observations(self) -> Mapping[AccountKey, Sequence[Observation]]:
        """Every observation, by key."""
        found: defaultdict[AccountKey, list[Observation]] = defaultdict(list)
        for seen in self.snapshot.observations:
            found[account_key(seen.platform, seen.handle)].append(seen)
        return found

    @cached_property
    def observed_emails(self) -> Mapping[AccountKey, frozenset[str | None]]:
        """E-mail addresses (case-folded) seen on the latest observation date of each key.

        ``None`` is among them where a row of that date names no address.
        """
        found: dict[AccountKey, frozenset[str | None]] = {}
        for key, rows in self.observations.items():
            latest = max(row.observed_on for row in rows)
            found[key] = frozenset(
                email_key(row.person_email) if row.person_email else None
                for row in rows
                if row.observed_on == latest
            )
        return found

    @cached_property
    def observed_on_account(self) -> Mapping[str, frozenset[str | None]]:
        """The same by account, for those accounts that are not closed and were observed."""
        return {
            account.id: emails
            for key, emails in self.observed_emails.items()
            for account in self.open_by_key.get(key, ())
        }

    @cached_property
    def holder_emails(self) -> Mapping[AccountKey, frozenset[str]]:
        """E-mail addresses of the holders of live grants on the open accounts of each key."""
        found: dict[AccountKey, frozenset[str]] = {}
        people, live = self.people, self.live_grants
        for key in self.observations:
            if accounts := self.open_by_key.get(key):
                holders = [g.person_id for a in accounts for g in live.get(a.id, ())]
                known = [people[id_].email for id_ in holders if id_ in people]
                found[key] = frozenset([email_key(email) for email in known if email])
        return found


def alike(ids: Sequence[str]) -> Alike:
    """Return what is kept of a sorted group of ids."""
    return Alike(tuple(ids[:MOST_ALIKE]), len(ids))
