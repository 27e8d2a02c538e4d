"""The organisation as a tree, and the people who serve in it."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from msgspec import Meta

from rolecall.model.registry_record import EntityId, Ids, Notes, PersonId, PersonIds, RegistryRecord
from rolecall.vocabulary import Language, PersonStatus, PersonType

__all__ = ["Entity", "Person"]


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
    language: Annotated[
        Language | None, Meta(description="The language in which the person is written to")
    ] = None
    notes: Notes | None = None

    def is_active(self, today: date) -> bool:
        """Tell whether the person serves on a day: active, and not gone by then."""
        return self.status == "active" and (self.left_on is None or self.left_on > today)
