"""Accounts, who may do what on them, and what opens them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from msgspec import Meta

from rolecall.model.registry_record import (
    AccountId,
    EntityId,
    Ids,
    Notes,
    PersonId,
    PersonIds,
    RegistryRecord,
)
from rolecall.vocabulary import (
    AccountStatus,
    Audience,
    RemovalPath,
    Role,
    SecondFactor,
    Storage,
    Strength,
)

__all__ = ["ADMINISTRATIVE_ROLES", "FULL_CONTROL_ROLES", "Account", "Grant", "Login"]

FULL_CONTROL_ROLES: frozenset[str] = frozenset({"owner", "admin"})
ADMINISTRATIVE_ROLES: frozenset[str] = frozenset({"owner", "admin", "manager"})


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
    domain_expires_on: Annotated[
        date | None, Meta(description="The last day for which a website's domain is paid")
    ] = None
    domain_auto_renew: Annotated[
        bool | None, Meta(description="Whether the domain renews itself")
    ] = None
    domain_registrant: Annotated[
        str | None, Meta(description="In whose name the domain is registered, word for word")
    ] = None
    audience: Annotated[
        Audience | None, Meta(description="For whom the account is: minors, adults or both")
    ] = None
    owned_by: Annotated[
        str | None,
        Meta(description="The business portfolio or manager that owns it on the platform"),
    ] = None
    ads_payer: Annotated[
        str | None, Meta(description="Who pays for its advertisements, if any")
    ] = None
    donations_payee: Annotated[
        str | None, Meta(description="To whom its donations are paid, if any")
    ] = None
    payment_holder_id: Annotated[
        PersonId | None,
        Meta(description="The person who holds the card or bank access that these go through"),
    ] = None
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
