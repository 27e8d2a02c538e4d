"""What a reader has on the desk: the registry, the policy, and the day in UTC.

Everything is looked for from the first row to the last, each time it is asked: slow, and nothing
can be out of step.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from rolecall.keys.accounts import match_key
from rolecall.keys.addresses import mailbox_key
from rolecall.model import (
    Account,
    Entity,
    Grant,
    Login,
    Observation,
    Person,
    Policy,
    Snapshot,
)

__all__ = ["ADMINISTRATIVE", "FULL_CONTROL", "Book"]

FULL_CONTROL = ("owner", "admin")
ADMINISTRATIVE = ("owner", "admin", "manager")


class Book:
    """One registry under one policy at one instant."""

    def __init__(self, registry: Snapshot, policy: Policy, as_of: datetime) -> None:
        """Open the book; days are those of UTC."""
        self.registry = registry
        self.policy = policy
        self.as_of = as_of
        self.today: date = as_of.astimezone(UTC).date()

    # ------------------------------------------------------------------------------ what is kept

    def tracks(self, column: str) -> bool:
        """Tell whether a column is tracked, if for some rows only."""
        return column in self.registry.tracked or bool(self.registry.filled.get(column))

    def knows(self, column: str, *row: str) -> bool:
        """Tell whether a column is tracked for one row."""
        return column in self.registry.tracked or row in self.registry.filled.get(column, ())

    # ------------------------------------------------------------------------------------- people

    def person(self, id_: str | None) -> Person | None:
        """Return somebody on the roster."""
        return next((one for one in self.registry.people if one.id == id_), None)

    def is_active(self, id_: str | None) -> bool:
        """Tell whether an id names an active person."""
        person = self.person(id_)
        if person is None or person.status != "active":
            return False
        return person.left_on is None or person.left_on > self.today

    def count_active(self, ids: tuple[str, ...]) -> int:
        """Count the active persons in a list; who is named twice is one."""
        return sum(self.is_active(id_) for id_ in set(ids))

    def has_clearance(self, person: Person, level: str) -> bool:
        """Tell whether somebody has at least a level, of those that the policy knows."""
        levels = [one.casefold() for one in self.policy.clearance_levels]
        theirs = (person.clearance_level or "").casefold()
        return theirs in levels and levels.index(theirs) >= levels.index(level.casefold())

    # ------------------------------------------------------------------------- entities, accounts

    def entity(self, id_: str | None) -> Entity | None:
        """Return an entity."""
        return next((one for one in self.registry.entities if one.id == id_), None)

    def line(self, id_: str | None) -> list[Entity]:
        """Return an entity and its ancestors, the nearest first."""
        entity = self.entity(id_)
        return [] if entity is None else [entity, *self.line(entity.parent_id)]

    def head(self, account: Account) -> str | None:
        """Return who heads the account's entity, active or not."""
        entity = self.entity(account.entity_id)
        return entity.head_id if entity else None

    def account(self, id_: str) -> Account:
        """Return an account."""
        return next(one for one in self.registry.accounts if one.id == id_)

    def is_open(self, account_id: str) -> bool:
        """Tell whether an account is not closed."""
        return self.account(account_id).status != "closed"

    def open_accounts(self) -> Iterator[Account]:
        """Return the accounts that are not closed."""
        return (one for one in self.registry.accounts if one.status != "closed")

    # ----------------------------------------------------------------------------- grants, logins

    def grants(self, account_id: str, person_id: str | None = None) -> list[Grant]:
        """Return the grants on an account, live or not, of one person if one is named."""
        return [
            one
            for one in self.registry.grants
            if one.account_id == account_id and person_id in (None, one.person_id)
        ]

    def live(self, account_id: str, *roles: str) -> list[Grant]:
        """Return the live grants on an account, of some roles if any are named."""
        return [
            one
            for one in self.grants(account_id)
            if one.revoked_on is None and (not roles or one.role in roles)
        ]

    def controllers(self, account_id: str) -> set[str]:
        """Return the active persons with live full control of an account."""
        return {
            one.person_id
            for one in self.live(account_id, *FULL_CONTROL)
            if self.is_active(one.person_id)
        }

    def logins(self, account_id: str) -> list[Login]:
        """Return the logins of an account."""
        return [one for one in self.registry.logins if one.account_id == account_id]

    def serves_in_line(self, person_id: str, account: Account) -> bool:
        """Tell whether somebody is the head or an IT delegate of an entity in line."""
        return any(
            person_id == one.head_id or person_id in one.it_delegate_ids
            for one in self.line(account.entity_id)
        )

    # -------------------------------------------------------------------- what platforms have said

    def seen(self, platform: str, handle: str) -> list[Observation]:
        """Return all that was ever observed of an account, whatever it was called."""
        key = match_key(platform, handle)
        return [
            one for one in self.registry.observations if match_key(one.platform, one.handle) == key
        ]

    def listing(self, platform: str, handle: str) -> list[Observation]:
        """Return what was observed of an account on the latest day."""
        end = self.today + timedelta(days=1)
        rows = [one for one in self.seen(platform, handle) if one.observed_on <= end]
        return [one for one in rows if one.observed_on == max(row.observed_on for row in rows)]

    def mailbox(self, person_id: str) -> str | None:
        """Return the mailbox of somebody on the roster, if it is known."""
        person = self.person(person_id)
        return mailbox_key(person.email) if person and person.email else None

    # --------------------------------------------------------------------------------------- days

    def is_older(self, day: date, days: int) -> bool:
        """Tell whether a day is more than so many days before the day of the audit."""
        return (self.today - day).days > days

    def is_past(self, day: date) -> bool:
        """Tell whether a last day is over."""
        return day < self.today

    def is_later(self, instant: datetime | None, hours: int, since: datetime) -> bool:
        """Tell whether an instant, or now where there is none, is so many hours after another."""
        return (self.by_now(instant) or self.as_of) - since > timedelta(hours=hours)

    def by_now(self, instant: datetime | None) -> datetime | None:
        """Return the instant of what was done: none that is yet to come."""
        return instant if instant is not None and instant <= self.as_of else None
