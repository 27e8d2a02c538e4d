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

from rolecall.controls.account_index import alike
from rolecall.controls.observation_index import ObservationIndex
from rolecall.controls.traces import last_removals
from rolecall.lineage import lineage_of
from rolecall.model import (
    FULL_CONTROL_ROLES,
    Alike,
    Content,
    Entity,
    Grant,
    Incident,
    Login,
    Policy,
    Snapshot,
)
from rolecall.presence import ROWS, lacking

__all__ = ["Context"]


class Context(ObservationIndex):
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
            if need == "policy.privacy_law" and self.policy.privacy_law == "none":
                return "the policy's privacy_law is none"
            return f"the policy has no {name}" if getattr(self.policy, name) is None else None
        if need in self.tracked:
            return None
        if table in ROWS and ROWS[table] not in self.tracked:
            return lacking(table)
        return f"{need} is not tracked"

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

    # -- grants -----------------------------------------------------------------------------

    @cached_property
    def grants(self) -> Mapping[str, Sequence[Grant]]:
        """Every grant, revoked ones included, by account."""
        found: defaultdict[str, list[Grant]] = defaultdict(list)
        for grant in self.snapshot.grants:
            found[grant.account_id].append(grant)
        return found

    @cached_property
    def holders_of_live_grants(self) -> frozenset[str]:
        """Ids of everybody with a live grant anywhere, closed accounts included."""
        here = frozenset([g.person_id for g in self._live])
        return here | self.snapshot.rest.holders if self.snapshot.rest else here

    @cached_property
    def last_revocations(self) -> Mapping[tuple[str, str], date]:
        """The latest revocation on record of each person on each account, if there is one."""
        return last_removals(self.snapshot.grants)

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

    # -- contents ---------------------------------------------------------------------------

    @cached_property
    def contents(self) -> Mapping[tuple[str, str], Content]:
        """What accounts show, by account and id."""
        return {(one.account_id, one.id): one for one in self.snapshot.contents}
