"""The words of Rolecall as data: what a registry, a policy and a verdict are made of.

Invariants:

- Every object is immutable, and every value was parsed before it got here: dates are dates, closed
  vocabularies hold one of their words, identifiers are trimmed and not empty where required.
- ``None`` and ``()`` mean *none on record* (an empty cell). That a registry does not have the
  column at all, *not tracked*, is a fact about the table: :attr:`Snapshot.tracked`.
- A table's columns are its Struct's fields, in order, with their types and descriptions: the
  readers, ``rolecall init`` and the documentation are derived from them, so there is one truth.

Elsewhere: parsing (:mod:`rolecall.registry`), look-ups (:mod:`rolecall.controls.context`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Literal, NamedTuple, TypeAlias

from msgspec import Meta, Struct

from rolecall.frameworks.citations import Citations
from rolecall.vocabulary import (
    AccountStatus,
    PersonStatus,
    PersonType,
    PrivacyLaw,
    RemovalPath,
    Role,
    Sanction,
    SecondFactor,
    Storage,
    Strength,
)

__all__ = [
    "ADMINISTRATIVE_ROLES",
    "FULL_CONTROL_ROLES",
    "SEVERITIES",
    "TABLES",
    "Account",
    "AccountId",
    "Alike",
    "Entity",
    "EntityId",
    "Grant",
    "Ids",
    "Incident",
    "Investigator",
    "Login",
    "Notes",
    "Observation",
    "Person",
    "PersonId",
    "PersonIds",
    "Policy",
    "RegistryRecord",
    "Rest",
    "RowKey",
    "Severity",
    "Snapshot",
    "Subject",
    "Waiver",
]

Severity: TypeAlias = Literal["critical", "high", "medium", "low"]
SEVERITIES: tuple[Severity, ...] = ("critical", "high", "medium", "low")
"""Worst first."""

Ids: TypeAlias = tuple[str, ...]
Notes: TypeAlias = dict[str, str]
RowKey: TypeAlias = tuple[str, ...]
# What a column of these types holds names rows of another table.
EntityId: TypeAlias = Annotated[str, Meta(extra={"refers": "entities"})]
PersonId: TypeAlias = Annotated[str, Meta(extra={"refers": "people"})]
AccountId: TypeAlias = Annotated[str, Meta(extra={"refers": "accounts"})]
PersonIds: TypeAlias = tuple[PersonId, ...]

FULL_CONTROL_ROLES: frozenset[str] = frozenset({"owner", "admin"})
ADMINISTRATIVE_ROLES: frozenset[str] = frozenset({"owner", "admin", "manager"})


class Investigator(NamedTuple):
    """One ``person_id:role`` entry of an incident's investigators."""

    person_id: PersonId
    role: str


class RegistryRecord(Struct, frozen=True, gc=False, omit_defaults=True):
    """The base of every row of a registry."""


class Entity(RegistryRecord, frozen=True, gc=False):
    """A unit of the organisation: a parish, a school, a department. Entities form a tree."""

    id: Annotated[str, Meta(description="Unique id, such as st-brigid-parish")]
    name: Annotated[str, Meta(description="Name as people say it")]
    parent_id: Annotated[
        EntityId | None, Meta(description="The entity above this one; empty at the top")
    ] = None
    head_id: Annotated[
        PersonId | None,
        Meta(description="The person who heads it: pastor, principal, department head"),
    ] = None
    it_delegate_ids: Annotated[
        PersonIds, Meta(description="People of IT who may act for the head on its accounts")
    ] = ()
    email_domains: Annotated[
        Ids,
        Meta(description="E-mail domains of the organisation used here, such as diocese.example"),
    ] = ()
    notes: Notes | None = None


class Person(RegistryRecord, frozen=True, gc=False):
    """Someone on the roster."""

    id: Annotated[str, Meta(description="Unique id, such as p-014")]
    name: Annotated[str, Meta(description="Full name")]
    status: Annotated[PersonStatus, Meta(description="Whether the person serves today")]
    email: Annotated[
        str | None, Meta(description="E-mail address by which platforms know the person")
    ] = None
    left_on: Annotated[date | None, Meta(description="The day the person left or will leave")] = (
        None
    )
    type: Annotated[PersonType | None, Meta(description="In which capacity the person serves")] = (
        None
    )
    entity_id: Annotated[
        EntityId | None, Meta(description="The entity where the person serves")
    ] = None
    supervisor_id: Annotated[
        PersonId | None, Meta(description="The person who supervises a volunteer or student")
    ] = None
    clearance_level: Annotated[
        str | None,
        Meta(description="Clearance by screening and training, one of the policy's levels"),
    ] = None
    clearance_expires: Annotated[
        date | None, Meta(description="The last day on which the clearance is good")
    ] = None
    trained_on: Annotated[
        date | None, Meta(description="The day of the last social media training")
    ] = None
    policy_version: Annotated[
        str | None, Meta(description="The version of the policy that the person acknowledged")
    ] = None
    policy_acknowledged_on: Annotated[
        date | None, Meta(description="The day of that acknowledgement")
    ] = None
    contract_ref: Annotated[
        str | None, Meta(description="Reference of the contract of an outside person")
    ] = None
    dpa_ref: Annotated[
        str | None, Meta(description="Reference of the data processing agreement")
    ] = None
    contract_ends: Annotated[date | None, Meta(description="The last day of the contract")] = None
    notes: Notes | None = None

    def is_active(self, today: date) -> bool:
        """Tell whether the person serves on a day: active, and not gone by then."""
        return self.status == "active" and (self.left_on is None or self.left_on > today)


class Account(RegistryRecord, frozen=True, gc=False):
    """A social account or website of an entity on a platform."""

    id: Annotated[str, Meta(description="Unique id, such as acc-017")]
    entity_id: Annotated[EntityId, Meta(description="The entity that the account belongs to")]
    platform: Annotated[str, Meta(description="facebook, instagram, website, ...")]
    handle: Annotated[
        str, Meta(description="The account's name on the platform, or the website's host")
    ]
    status: Annotated[AccountStatus, Meta(description="Whether the account is in use")]
    url: Annotated[str | None, Meta(description="Address of the page")] = None
    owner_id: Annotated[
        PersonId | None, Meta(description="The person who answers for the account")
    ] = None
    approved_by: Annotated[PersonIds, Meta(description="People who approved the account")] = ()
    login_email: Annotated[
        str | None, Meta(description="E-mail address that the account is registered with")
    ] = None
    recovery_person_id: Annotated[
        PersonId | None, Meta(description="The person whom the platform's recovery reaches")
    ] = None
    removal_path: Annotated[
        RemovalPath | None, Meta(description="Who can remove any administrator of the account")
    ] = None
    removal_tested_on: Annotated[
        date | None, Meta(description="The day when that removal was last tried")
    ] = None
    last_post_on: Annotated[date | None, Meta(description="The day of the last post")] = None
    reviewed_on: Annotated[
        date | None, Meta(description="The day when the account was last reviewed")
    ] = None
    post_approver_ids: Annotated[
        PersonIds, Meta(description="People who may approve a post before it is published")
    ] = ()
    crisis_contact_ids: Annotated[
        PersonIds, Meta(description="People to call when something goes wrong on the account")
    ] = ()
    crisis_contacts_verified_on: Annotated[
        date | None, Meta(description="The day when those contacts were last confirmed")
    ] = None
    privacy_record_ref: Annotated[
        str | None, Meta(description="Reference of the record of processing")
    ] = None
    lawful_basis: Annotated[
        str | None, Meta(description="Lawful basis of the processing of personal data")
    ] = None
    privacy_notice_url: Annotated[str | None, Meta(description="Address of the privacy notice")] = (
        None
    )
    record_class: Annotated[
        str | None, Meta(description="Records schedule that the account's posts fall under, if any")
    ] = None
    archive: Annotated[bool | None, Meta(description="Whether the posts are archived")] = None
    connected_apps: Annotated[
        Ids, Meta(description="Outside applications connected to the account")
    ] = ()
    notes: Notes | None = None


class Grant(RegistryRecord, frozen=True, gc=False):
    """One person's role on one account; live until its removal is confirmed."""

    account_id: Annotated[AccountId, Meta(description="The account")]
    person_id: Annotated[PersonId, Meta(description="The person who holds the role")]
    role: Annotated[Role, Meta(description="The role on the account")]
    granted_on: Annotated[date | None, Meta(description="The day when access was given")] = None
    requested_by: Annotated[PersonId | None, Meta(description="The person who asked for it")] = None
    approved_by: Annotated[PersonId | None, Meta(description="The person who approved it")] = None
    expires_on: Annotated[date | None, Meta(description="The last day of temporary access")] = None
    last_used_on: Annotated[
        date | None, Meta(description="The day when the access was last used")
    ] = None
    attested_on: Annotated[
        date | None, Meta(description="The day when somebody last confirmed that it is needed")
    ] = None
    attested_by: Annotated[PersonId | None, Meta(description="The person who confirmed it")] = None
    revoke_requested_at: Annotated[
        datetime | None, Meta(description="The instant when its removal was asked for")
    ] = None
    revoked_on: Annotated[
        date | None,
        Meta(description="The day when its removal was confirmed; empty while it is live"),
    ] = None
    delegation_ref: Annotated[
        str | None, Meta(description="Reference of a delegation to a person of another entity")
    ] = None
    notes: Notes | None = None

    @property
    def is_live(self) -> bool:
        """Whether it gives access still: its removal is not confirmed."""
        return self.revoked_on is None


class Login(RegistryRecord, frozen=True, gc=False):
    """A credential of an account: where it is kept and who knows it, never the secret itself."""

    id: Annotated[str, Meta(description="Unique id, such as log-017")]
    account_id: Annotated[AccountId, Meta(description="The account that it opens")]
    storage: Annotated[Storage | None, Meta(description="Where the credential is kept")] = None
    holder_ids: Annotated[PersonIds, Meta(description="People who know it")] = ()
    rotated_on: Annotated[date | None, Meta(description="The day when it was last changed")] = None
    mfa: Annotated[SecondFactor | None, Meta(description="The second factor of the login")] = None
    strength: Annotated[
        Strength | None, Meta(description="Strength as zxcvbn scores it, 0 to 4")
    ] = None
    fingerprint: Annotated[
        str | None, Meta(description="Keyed fingerprint; equal only for the same password")
    ] = None
    emergency_revealed_on: Annotated[
        date | None,
        Meta(description="The day when a head or IT delegate without a role opened it"),
    ] = None
    notes: Notes | None = None


class Observation(RegistryRecord, frozen=True, gc=False):
    """What a platform said was true on a day: one administrator of one account."""

    platform: Annotated[str, Meta(description="facebook, instagram, website, ...")]
    handle: Annotated[str, Meta(description="The account's name on the platform")]
    observed_on: Annotated[date, Meta(description="The day of the observation")]
    entity_id: Annotated[
        EntityId | None, Meta(description="The entity that it seems to belong to")
    ] = None
    person_email: Annotated[
        str | None, Meta(description="E-mail address of the administrator, if the platform tells")
    ] = None
    person_handle: Annotated[
        str | None, Meta(description="The administrator's own name on the platform")
    ] = None
    role: Annotated[str | None, Meta(description="The role as the platform calls it")] = None
    notes: Notes | None = None


class Incident(RegistryRecord, frozen=True, gc=False):
    """Something that went wrong on an account, and how it was handled."""

    id: Annotated[str, Meta(description="Unique id, such as inc-003")]
    account_id: Annotated[AccountId, Meta(description="The account")]
    opened_at: Annotated[datetime, Meta(description="The instant when it was noticed")]
    aware_at: Annotated[
        datetime | None,
        Meta(description="The instant from which the organisation knew of it, where not opened_at"),
    ] = None
    due_on: Annotated[date | None, Meta(description="The day by which it must be closed")] = None
    closed_on: Annotated[date | None, Meta(description="The day when it was closed")] = None
    personal_data: Annotated[
        bool | None, Meta(description="Whether personal data were affected")
    ] = None
    notified_decision_at: Annotated[
        datetime | None,
        Meta(description="The instant when it was decided whether to notify the authority"),
    ] = None
    delay_reason: Annotated[
        str | None, Meta(description="Why that decision came later than the law allows")
    ] = None
    subject_id: Annotated[
        PersonId | None, Meta(description="The person whose conduct is investigated")
    ] = None
    investigators: Annotated[
        tuple[Investigator, ...], Meta(description="Who investigates, as person_id:role")
    ] = ()
    sanction: Annotated[Sanction | None, Meta(description="The sanction imposed")] = None
    previous_sanction: Annotated[
        Sanction | None, Meta(description="The sanction that preceded it")
    ] = None
    skip_reason: Annotated[
        str | None, Meta(description="Why a step of the sanctions was skipped")
    ] = None
    notes: Notes | None = None


TABLES: dict[str, type[RegistryRecord]] = {
    "entities": Entity,
    "people": Person,
    "accounts": Account,
    "grants": Grant,
    "logins": Login,
    "observations": Observation,
    "incidents": Incident,
}
"""Every table of a registry, in reading order; entities and accounts are required."""


class Alike(Struct, frozen=True, gc=False):
    """Ids that have something in common: the first of them, sorted, and how many there are."""

    ids: Ids
    size: int


class Rest(Struct, frozen=True, omit_defaults=True):
    """What a part of a registry must know of the rest of it.

    Accounts that are not closed and share a key (:mod:`rolecall.keys`), logins of one fingerprint,
    people of this part with a live grant somewhere; and whether rows were left out of the whole.
    """

    accounts: tuple[tuple[tuple[str, str], Alike], ...] = ()
    logins: dict[str, Alike] = {}
    holders: frozenset[str] = frozenset()
    is_incomplete: bool = False


class Snapshot(Struct, frozen=True, gc=False, kw_only=True):
    """A registry at one moment, validated: the whole of it, or a part.

    ``tracked`` holds every ``table.column`` that it has, ``filled`` of others the rows that do, and
    ``vaulted`` the logins whose holders the vault knows; ``rest`` is ``None`` for a whole registry.
    """

    entities: tuple[Entity, ...] = ()
    people: tuple[Person, ...] = ()
    accounts: tuple[Account, ...] = ()
    grants: tuple[Grant, ...] = ()
    logins: tuple[Login, ...] = ()
    observations: tuple[Observation, ...] = ()
    incidents: tuple[Incident, ...] = ()
    tracked: frozenset[str] = frozenset()
    filled: Mapping[str, frozenset[RowKey]] = {}
    digest: str = ""
    rest: Rest | None = None
    vaulted: frozenset[RowKey] = frozenset()


class Subject(Struct, frozen=True, gc=False, omit_defaults=True, order=True):
    """What a finding is about: a kind, and the keys that name one of that kind.

    Keys: account {account}; grant {account, person}; login {account, login}; entity {entity};
    observation {platform, handle[, email]}; incident {incident}; person {person}; policy {}.
    """

    kind: Literal[
        "account", "grant", "login", "entity", "observation", "incident", "person", "policy"
    ]
    account: str = ""
    person: str = ""
    login: str = ""
    entity: str = ""
    platform: str = ""
    handle: str = ""
    email: str = ""
    incident: str = ""

    def values(self) -> tuple[str, ...]:
        """Return the values of the keys, in their order."""
        # The kinds that most findings are about go without a dict.
        match self.kind:
            case "grant":
                return self.account, self.person
            case "account":
                return (self.account,)
            case _:
                return tuple(self.keys().values())

    def keys(self) -> dict[str, str]:
        """Return the keys that name a subject of this kind."""
        # Every finding asks: no loop over names here.
        match self.kind:
            case "grant":
                return {"account": self.account, "person": self.person}
            case "account":
                return {"account": self.account}
            case "login":
                return {"account": self.account, "login": self.login}
            case "observation":
                seen = {"platform": self.platform, "handle": self.handle}
                return {**seen, "email": self.email} if self.email else seen
            case "entity":
                return {"entity": self.entity}
            case "incident":
                return {"incident": self.incident}
            case "person":
                return {"person": self.person}
            case "policy":
                return {}


class Waiver(Struct, frozen=True, kw_only=True):
    """A finding that is accepted for a while.

    ``evidence`` is a prefix of the evidence digest (lower-case hex), or ``None`` to bind the
    waiver to what the audit log sees first. The waiver holds while ``as_of <= expires``.
    """

    id: str
    control: str
    subject: Subject
    reason: str
    approved_by: Ids
    expires: date
    evidence: str | None = None


class Policy(Struct, frozen=True, kw_only=True):
    """The organisation's rules as data. ``None`` for a list means that the policy has none.

    ``privacy_law`` is the law of data protection that the organisation is under, and
    ``sanction_ladder`` the order of sanctions that it has bound itself to, mildest first.
    ``controls`` and ``entities`` hold overrides as written; ``words_*`` tell what cells mean.
    """

    name: str = "Default policy"
    version: str | None = None
    next_review: date | None = None
    clearance_levels: Ids = ("A", "B", "C")
    approved_platforms: frozenset[str] | None = None
    approved_apps: frozenset[str] | None = None
    words_for_nothing: Ids = ()
    words_for_something: Ids = ()
    privacy_law: PrivacyLaw = "gdpr"
    sanction_ladder: tuple[Sanction, ...] | None = None
    controls: dict[str, dict[str, object]] = {}
    entities: dict[str, dict[str, dict[str, object]]] = {}
    waivers: tuple[Waiver, ...] = ()
    citations: Citations = Citations()
    digest: str = ""
