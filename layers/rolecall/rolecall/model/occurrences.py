"""What was seen of an account on a platform, what happened on it, and what it shows."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, NamedTuple

from msgspec import Meta

from rolecall.model.registry_record import AccountId, EntityId, Notes, PersonId, RegistryRecord
from rolecall.vocabulary import Sanction

__all__ = ["Content", "Incident", "Investigator", "Observation"]


class Investigator(NamedTuple):
    """One ``person_id:role`` entry of an incident's investigators."""

    person_id: PersonId
    role: str


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
    reported_on: Annotated[
        date | None,
        Meta(description="The day when the account was reported to the platform as not ours"),
    ] = None
    reported_until: Annotated[
        date | None, Meta(description="The last day on which that answer holds")
    ] = None
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
        str | None,
        Meta(description="Why that decision, or telling the people, came later than it should"),
    ] = None
    high_risk: Annotated[
        bool | None, Meta(description="Whether the people whose data it is are at high risk")
    ] = None
    subjects_told_at: Annotated[
        datetime | None, Meta(description="The instant when these people were told")
    ] = None
    minor_involved: Annotated[
        bool | None, Meta(description="Whether somebody under age is affected or involved")
    ] = None
    authority_decided_at: Annotated[
        datetime | None,
        Meta(
            description="The instant when it was decided whether to report to the civil authorities"
        ),
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


class Content(RegistryRecord, frozen=True, gc=False):
    """Something that an account shows: a post, a picture, a film."""

    id: Annotated[str, Meta(description="Unique id, such as con-014")]
    account_id: Annotated[AccountId, Meta(description="The account that shows it")]
    published_on: Annotated[date | None, Meta(description="The day when it was published")] = None
    removed_on: Annotated[
        date | None, Meta(description="The day when it was taken down; empty while it is shown")
    ] = None
    url: Annotated[str | None, Meta(description="Address where it is shown")] = None
    shows_minors: Annotated[
        bool | None, Meta(description="Whether somebody under age can be recognised in it")
    ] = None
    consent_ref: Annotated[
        str | None,
        Meta(description="Reference of the consent to show them: where it is kept, no name"),
    ] = None
    consent_ends: Annotated[
        date | None, Meta(description="The last day of that consent; empty where it has no end")
    ] = None
    notes: Notes | None = None

    def is_shown(self, today: date) -> bool:
        """Tell whether it is still there on a day."""
        return self.removed_on is None or self.removed_on > today
