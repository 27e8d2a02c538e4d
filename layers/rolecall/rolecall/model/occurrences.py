"""What was seen of an account on a platform, and what happened on it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, NamedTuple

from msgspec import Meta

from rolecall.model.registry_record import AccountId, EntityId, Notes, PersonId, RegistryRecord
from rolecall.vocabulary import Sanction

__all__ = ["Incident", "Investigator", "Observation"]


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
