"""Over what a control runs: the populations of subjects, and how each subject is named.

A population says which items of a snapshot a control is about ("live administrative grants of
active persons"), so that *passed* counts only what was really looked at. Closed accounts, their
grants and their logins are in no population but :data:`CLOSED_ACCOUNTS`; their incidents count.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, NamedTuple, TypeVar

from msgspec import Struct

from rolecall.controls.context import Context
from rolecall.controls.observation_index import AccountKey
from rolecall.keys.platforms import platform_key
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
    SubjectKind,
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
    "WEBSITES",
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
    def named(self) -> AccountKey:
        """What names the account."""
        return self.platform, self.handle


class Population(Struct, Generic[S], frozen=True, kw_only=True):
    """The subjects of a control: which items they are, their names and their entities.

    ``table`` is the registry table whose rows stand behind the subjects; ``None`` for the policy.
    ``source`` returns the items that the population is chosen from, and ``among`` chooses from any
    number of them: populations with one source are gone through together, while the items are in
    the processor's caches.
    """

    name: str
    kind: SubjectKind
    table: str | None
    source: Callable[[Context], Sequence[S]]
    among: Callable[[Sequence[S], Context], Sequence[S]]
    subject: Callable[[S], Subject]
    entity: Callable[[S, Context], str | None]

    def select(self, context: Context) -> Sequence[S]:
        """Return all subjects."""
        return self.among(self.source(context), context)


_Chosen = Callable[[Sequence[S], Context], Sequence[S]]


def _everything(items: Sequence[S], _: Context) -> Sequence[S]:
    return items


def _all_accounts(context: Context) -> Sequence[Account]:
    return context.snapshot.accounts


def _live_grants(context: Context) -> Sequence[Grant]:
    return context.live


def _accounts(name: str, among: _Chosen[Account]) -> Population[Account]:
    return Population(
        name=name,
        kind="account",
        table="accounts",
        source=_all_accounts,
        among=among,
        subject=lambda account: Subject("account", account=account.id),
        entity=lambda account, _: account.entity_id,
    )


def _grants(name: str, among: _Chosen[Grant]) -> Population[Grant]:
    return Population(
        name=name,
        kind="grant",
        table="grants",
        source=_live_grants,
        among=among,
        subject=lambda grant: Subject("grant", account=grant.account_id, person=grant.person_id),
        entity=lambda grant, context: context.accounts[grant.account_id].entity_id,
    )


def _observed_entity(observed: Observed, context: Context) -> str | None:
    """Return the entity of the observed account, or else the one its latest row names."""
    for key in sorted(context.observed_keys.get(observed.named, ())):
        if (entity := context.entity_by_key.get(key)) is not None:
            return entity
    rows = context.observations.get(observed.named, ())
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
    lambda accounts, _: [a for a in accounts if a.status != "closed"],
)
ACTIVE_ACCOUNTS = _accounts(
    "active accounts", lambda accounts, _: [a for a in accounts if a.status == "active"]
)
CLOSED_ACCOUNTS = _accounts(
    "closed accounts", lambda accounts, _: [a for a in accounts if a.status == "closed"]
)
WEBSITES = _accounts(
    "websites that are not closed",
    lambda accounts, _: [
        a for a in accounts if a.status != "closed" and platform_key(a.platform) == "website"
    ],
)
ENTITIES: Population[Entity] = Population(
    name="entities",
    kind="entity",
    table="entities",
    source=lambda context: context.snapshot.entities,
    among=_everything,
    subject=lambda entity: Subject("entity", entity=entity.id),
    entity=lambda entity, _: entity.id,
)
LIVE_GRANTS = _grants("live grants", _everything)
OWNER_GRANTS = _grants(
    "live owner grants", lambda grants, _: [g for g in grants if g.role == "owner"]
)
ADMINISTRATIVE_GRANTS = _grants(
    "live administrative grants",
    lambda grants, _: [g for g in grants if g.role in ADMINISTRATIVE_ROLES],
)
MANAGERS = _grants(
    "live administrative grants of active persons",
    lambda grants, context: [
        g for g in grants if g.role in ADMINISTRATIVE_ROLES and g.person_id in context.active
    ],
)
LOGINS: Population[Login] = Population(
    name="logins of accounts that are not closed",
    kind="login",
    table="logins",
    source=lambda context: context.snapshot.logins,
    among=lambda logins, context: [
        login for login in logins if login.account_id not in context.closed
    ],
    subject=lambda login: Subject("login", account=login.account_id, login=login.id),
    entity=lambda login, context: context.accounts[login.account_id].entity_id,
)
OBSERVED_ACCOUNTS: Population[Observed] = Population(
    name="observed accounts",
    kind="observation",
    table="observations",
    source=lambda context: [Observed(*key) for key in context.observations],
    among=_everything,
    subject=_observed_subject,
    entity=_observed_entity,
)
OBSERVED_ADMINISTRATORS: Population[Observed] = Population(
    name="administrators on the latest observation of accounts that are not closed",
    kind="observation",
    table="observations",
    source=lambda context: [
        Observed(*seen, email)
        for seen, people in context.seen_people.items()
        for email, person in people.items()
        if person.may_administer
    ],
    among=_everything,
    subject=_observed_subject,
    entity=_observed_entity,
)
INCIDENTS: Population[Incident] = Population(
    name="incidents",
    kind="incident",
    table="incidents",
    source=lambda context: context.snapshot.incidents,
    among=_everything,
    subject=lambda incident: Subject("incident", incident=incident.id),
    entity=lambda incident, context: context.accounts[incident.account_id].entity_id,
)
LEAVERS: Population[Person] = Population(
    name="persons who left",
    kind="person",
    table="people",
    source=lambda context: context.snapshot.people,
    among=lambda people, _: [p for p in people if p.status == "left"],
    subject=lambda person: Subject("person", person=person.id),
    entity=lambda person, _: person.entity_id,
)
POLICY: Population[Policy] = Population(
    name="the policy",
    kind="policy",
    table=None,
    source=lambda context: [context.policy],
    among=_everything,
    subject=lambda _: Subject("policy"),
    entity=lambda *_: None,
)
