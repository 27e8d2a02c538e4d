"""A world of a registry, its policy and what platforms show, in which deeds are done.

Whoever is let in or taken out on a platform is so on its next list too. The world is written to,
deed after deed, and read as a snapshot at the end.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from msgspec.structs import replace

from rolecall.actions.fitness import OUTSIDE, STAFF
from rolecall.controls.account_index import MatchKey
from rolecall.controls.context import Context
from rolecall.controls.seen_roles import ROLE_RANKS
from rolecall.keys.accounts import match_key
from rolecall.keys.addresses import mailbox_key
from rolecall.model import Grant, Observation, Person, Policy, Snapshot
from rolecall.vocabulary import Role

__all__ = ["World"]

_HIRED = "to-be-found"
"""Ids of people who are not on the roster yet begin so."""


class World:
    """A registry as it becomes; ``policy`` is written to as well.

    :ivar before: look-ups over the registry as it was.
    """

    def __init__(self, snapshot: Snapshot, policy: Policy, as_of: datetime) -> None:
        self.before = Context(snapshot, policy, as_of)
        self.policy = policy
        self.as_of = self.before.as_of
        self.today = self.before.today
        self.next_year = self.today + timedelta(days=365)
        self.people = dict(self.before.people)
        self.accounts = dict(self.before.accounts)
        self.entities = dict(self.before.entities)
        self.incidents = dict(self.before.incidents)
        self.contents = dict(self.before.contents)
        self.grants = {id_: list(rows) for id_, rows in self.before.grants.items()}
        self.logins = {id_: list(rows) for id_, rows in self.before.logins.items()}

    @cached_property
    def observations(self) -> dict[MatchKey, list[Observation]]:
        """What platforms showed, by the key of the account."""
        found: defaultdict[MatchKey, list[Observation]] = defaultdict(list)
        for row in self.before.snapshot.observations:
            found[match_key(row.platform, row.handle)].append(row)
        return found

    def snapshot(self) -> Snapshot:
        """Return the registry as it is now."""
        old = self.before.snapshot
        seen = self.observations
        return replace(
            old,
            entities=tuple(self.entities.values()),
            people=tuple(self.people.values()),
            accounts=tuple(self.accounts.values()),
            grants=tuple([row for rows in self.grants.values() for row in rows]),
            logins=tuple([row for rows in self.logins.values() for row in rows]),
            observations=tuple([row for rows in seen.values() for row in rows]),
            incidents=tuple(self.incidents.values()),
            contents=tuple(self.contents.values()),
        )

    def set_account(self, id_: str, **cells: Any) -> None:
        """Write cells of an account."""
        self.accounts[id_] = replace(self.accounts[id_], **cells)

    def set_person(self, id_: str, **cells: Any) -> None:
        """Write cells of a person, who may have gone from the roster meanwhile."""
        if id_ in self.people:
            self.people[id_] = replace(self.people[id_], **cells)

    def set_incident(self, id_: str, **cells: Any) -> None:
        """Write cells of an incident."""
        self.incidents[id_] = replace(self.incidents[id_], **cells)

    def set_login(self, account: str, id_: str, **cells: Any) -> None:
        """Write cells of a login."""
        rows = self.logins[account]
        rows[:] = [replace(one, **cells) if one.id == id_ else one for one in rows]

    def set_grant(self, account: str, person: str, **cells: Any) -> None:
        """Write cells of somebody's live grant."""
        rows = self.grants.get(account, [])
        is_it = [one.is_live and one.person_id == person for one in rows]
        rows[:] = [
            replace(one, **cells) if hit else one for one, hit in zip(rows, is_it, strict=True)
        ]

    def live_grant(self, account: str, person: str) -> Grant | None:
        """Return somebody's live grant on an account."""
        rows = self.grants.get(account, ())
        return next((one for one in rows if one.is_live and one.person_id == person), None)

    # -- people -----------------------------------------------------------------------------

    def is_active(self, id_: str) -> bool:
        """Tell whether somebody serves; where there is no roster, anybody may."""
        if not self.before.has_roster:
            return True
        return id_ in self.people and self.people[id_].is_active(self.today)

    @cached_property
    def _staff(self) -> list[str]:
        return sorted(id_ for id_ in self.before.active if self.people[id_].type in STAFF)

    def somebody(self, *but: str | None, entity: str | None = None) -> str:
        """Return one of the staff other than some: the first there is, or somebody to be found."""
        for id_ in self._staff:
            if id_ not in but and self.is_active(id_):
                return id_
        id_ = f"{_HIRED}-{len(self._staff) + 1}"
        self._staff.append(id_)
        if not self.before.has_roster:
            # A roster of one would say of all others that they are nobody.
            return id_
        self.people[id_] = Person(
            id=id_,
            name=id_,
            status="active",
            email=f"{id_}@diocese.example",
            type="employee",
            entity_id=entity,
        )
        self.prepare(id_)
        return id_

    def prepare(self, id_: str) -> None:
        """Give somebody what it takes to manage an account."""
        person = self.people.get(id_)
        if person is not None and person.type in OUTSIDE:
            self.set_person(id_, contract_ref="K", dpa_ref="D", contract_ends=self.next_year)
        self.set_person(
            id_,
            clearance_level=self.policy.clearance_levels[-1],
            clearance_expires=self.next_year,
            trained_on=self.today,
            policy_version=self.policy.version,
        )

    # -- access -----------------------------------------------------------------------------

    def give(self, account: str, person: str, role: Role) -> None:
        """Give somebody a role on the platform, and record it with whoever approved it.

        Where nobody's access is on record, theirs is not either.
        """
        if not self.before.has_grants:
            return
        other = self.somebody(person)
        fresh: dict[str, Any] = {
            "attested_on": self.today,
            "attested_by": other,
            "approved_by": other,
        }
        if self.live_grant(account, person) is not None:
            self.show(account, person, role)
            self.set_grant(
                *(account, person),
                role=role,
                requested_by=None,
                last_used_on=self.today,
                expires_on=None,
                delegation_ref="to-be-delegated",
                **fresh,
            )
            return
        made = Grant(
            account_id=account,
            person_id=person,
            role=role,
            granted_on=self.today,
            delegation_ref="to-be-delegated",
            **fresh,
        )
        self.grants.setdefault(account, []).append(made)
        self.show(account, person, role)

    def take(self, account: str, person: str) -> None:
        """Remove somebody on the platform, and enter the day."""
        self.show(account, person, None)
        self.set_grant(account, person, revoked_on=self.today)
        for other in self._sharing(account, person):
            # Of two with one address the list shows whoever is left.
            self.show(other.account_id, other.person_id, other.role)

    def show(self, account: str, person: str, role: Role | None) -> None:
        """Let the next list of the platform show somebody in a role, or not at all."""
        who = self.people.get(person)
        mailbox = mailbox_key(who.email) if who is not None and who.email else None
        key = self.before.keys[account]
        rows = self.latest(key)
        if not rows or mailbox is None or who is None:
            return
        others = self._sharing(account, person)
        if any(role is None or ROLE_RANKS[one.role] < ROLE_RANKS[role] for one in others):
            return
        kept = [one for one in rows if mailbox_key(one.person_email or "") != mailbox]
        if role is not None:
            shown = {"person_email": who.email, "person_handle": None, "role": role}
            kept.append(replace(rows[0], **shown))
        self.relist(key, kept)

    def _sharing(self, account: str, person: str) -> list[Grant]:
        """Return the other access that a row may stand for: of an address that two people have.

        An account that stands in the registry twice has one list, whose rows are of either entry.
        """
        context, who = self.before, self.people.get(person)
        mailbox = mailbox_key(who.email) if who is not None and who.email else None
        return [
            grant
            for entry in context.open_by_key.get(context.keys[account], ())
            for grant in self.grants.get(entry.id, ())
            if grant.is_live
            and (entry.id, grant.person_id) != (account, person)
            and mailbox is not None
            and (other := self.people.get(grant.person_id)) is not None
            and mailbox_key(other.email or "") == mailbox
        ]

    def latest(self, key: MatchKey) -> list[Observation]:
        """Return the latest list of who is on the account of a key."""
        end = self.today + timedelta(days=1)
        rows = self.observations.get(key, [])
        rows = [one for one in rows if one.observed_on <= end]
        latest = max((one.observed_on for one in rows), default=end)
        return [one for one in rows if one.observed_on == latest]

    def relist(self, key: MatchKey, rows: Iterable[Observation]) -> None:
        """Let a platform list an account once more, as late as a list counts.

        A list of nobody has no rows, so that the one before would count again: that goes then.
        """
        end = self.today + timedelta(days=1)
        new = [replace(one, observed_on=end) for one in rows]
        before = [one for one in self.observations.get(key, ()) if one.observed_on < end]
        self.observations[key] = [*before, *new] if new else []
