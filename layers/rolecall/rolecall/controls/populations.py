"""Over what a control runs: the populations of subjects, and how each subject is named.

A population says which items of a snapshot a control is about ("live administrative grants of
active persons"), so that *passed* counts only what was really looked at. Closed accounts, their
grants and their logins are in no population but :data:`CLOSED_ACCOUNTS`; their incidents count.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, Literal, NamedTuple, TypeVar

from msgspec import Struct

from rolecall.controls.context import AccountKey, Context
from rolecall.model import (
    ADMINISTRATIVE_ROLES,
    Account,
    Entity,
    Grant,
    Incident,
    Login,
    Person,
    Policy,
    Subject,
)

__all__ = [
    "ACTIVE_ACCOUNTS",
    "ADMINISTRATIVE_GRANTS",
    "CLOSED_ACCOUNTS",
    "ENTITIES",
    "INCIDENTS",
    "LEAVERS",
    "LIVE_GRANTS",
    "LOGINS",
    "MANAGERS",
    "OBSERVED_ACCOUNTS",
    "OBSERVED_ADMINISTRATORS",
    "OPEN_ACCOUNTS",
    "OWNER_GRANTS",
    "POLICY",
    "Observed",
    "Population",
]

S = TypeVar("S")


class Observed(NamedTuple):
    """An account, or one administrator of it, as a platform shows it; all parts normalised."""

    platform: str
    handle: str
    email: str | None = None

    @property
    def key(self) -> AccountKey:
        """The key of the account."""
        return self.platform, self.handle


class Population(Struct, Generic[S], frozen=True, kw_only=True):
    """The subjects of a control: which items they are, their names and their entities.

    ``table`` is the registry table whose rows stand behind the subjects; ``None`` for the policy.
    """

    name: str
    kind: Literal[
        "account", "grant", "login", "entity", "observation", "incident", "person", "policy"
    ]
    table: str | None
    select: Callable[[Context], Sequence[S]]
    subject: Callable[[S], Subject]
    entity: Callable[[S, Context], str | None]


def _accounts(name: str, select: Callable[[Context], Sequence[Account]]) -> Population[Account]:
    return Population(
        name=name,
        kind="account",
        table="accounts",
        select=select,
        subject=lambda account: Subject("account", account=account.id),
        entity=lambda account, _: account.entity_id,
    )


def _grants(name: str, select: Callable[[Context], Sequence[Grant]]) -> Population[Grant]:
    return Population(
        name=name,
        kind="grant",
        table="grants",
        select=select,
        subject=lambda grant: Subject("grant", account=grant.account_id, person=grant.person_id),
        entity=lambda grant, context: context.accounts[grant.account_id].entity_id,
    )


def _observed_entity(observed: Observed, context: Context) -> str | None:
    """Return the entity of the observed account, or else the one its latest row names."""
    if (entity := context.entity_by_key.get(observed.key)) is not None:
        return entity
    rows = context.observations.get(observed.key, ())
    named = [(row.observed_on, row.entity_id) for row in rows if row.entity_id is not None]
    return max(named)[1] if named else None


def _observed_subject(observed: Observed) -> Subject:
    return Subject(
        "observation",
        platform=observed.platform,
        handle=observed.handle,
        email=observed.email or "",
    )


OPEN_ACCOUNTS = _accounts(
    "accounts that are not closed",
    lambda context: [a for a in context.snapshot.accounts if a.status != "closed"],
)
ACTIVE_ACCOUNTS = _accounts(
    "active accounts",
    lambda context: [a for a in context.snapshot.accounts if a.status == "active"],
)
CLOSED_ACCOUNTS = _accounts(
    "closed accounts",
    lambda context: [a for a in context.snapshot.accounts if a.status == "closed"],
)
ENTITIES: Population[Entity] = Population(
    name="entities",
    kind="entity",
    table="entities",
    select=lambda context: context.snapshot.entities,
    subject=lambda entity: Subject("entity", entity=entity.id),
    entity=lambda entity, _: entity.id,
)
LIVE_GRANTS = _grants("live grants", lambda context: context.live)
OWNER_GRANTS = _grants(
    "live owner grants",
    lambda context: [g for g in context.live if g.role == "owner"],
)
ADMINISTRATIVE_GRANTS = _grants(
    "live administrative grants",
    lambda context: [g for g in context.live if g.role in ADMINISTRATIVE_ROLES],
)
MANAGERS = _grants(
    "live administrative grants of active persons",
    lambda context: [
        g for g in context.live if g.role in ADMINISTRATIVE_ROLES and g.person_id in context.active
    ],
)
LOGINS: Population[Login] = Population(
    name="logins of accounts that are not closed",
    kind="login",
    table="logins",
    select=lambda context: [
        login for login in context.snapshot.logins if login.account_id not in context.closed
    ],
    subject=lambda login: Subject("login", account=login.account_id, login=login.id),
    entity=lambda login, context: context.accounts[login.account_id].entity_id,
)
OBSERVED_ACCOUNTS: Population[Observed] = Population(
    name="observed accounts",
    kind="observation",
    table="observations",
    select=lambda context: [Observed(*key) for key in context.observations],
    subject=_observed_subject,
    entity=_observed_entity,
)
OBSERVED_ADMINISTRATORS: Population[Observed] = Population(
    name="administrators on the latest observation of accounts that are not closed",
    kind="observation",
    table="observations",
    select=lambda context: [
        Observed(*key, email)
        for key, emails in context.observed_emails.items()
        if key in context.open_by_key
        for email in emails
    ],
    subject=_observed_subject,
    entity=_observed_entity,
)
INCIDENTS: Population[Incident] = Population(
    name="incidents",
    kind="incident",
    table="incidents",
    select=lambda context: context.snapshot.incidents,
    subject=lambda incident: Subject("incident", incident=incident.id),
    entity=lambda incident, context: context.accounts[incident.account_id].entity_id,
)
LEAVERS: Population[Person] = Population(
    name="persons who left",
    kind="person",
    table="people",
    select=lambda context: [p for p in context.snapshot.people if p.status == "left"],
    subject=lambda person: Subject("person", person=person.id),
    entity=lambda person, _: person.entity_id,
)
POLICY: Population[Policy] = Population(
    name="the policy",
    kind="policy",
    table=None,
    select=lambda context: [context.policy],
    subject=lambda _: Subject("policy"),
    entity=lambda *_: None,
)
