"""What the deeds of officers do to a world: incidents, the policy and its waivers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from msgspec.structs import replace

from rolecall.actions.deed import Deed, DeedKind
from rolecall.actions.effects_on_access import Effect
from rolecall.actions.world import World
from rolecall.finding import finding_id
from rolecall.model import Investigator, Subject, Waiver

__all__ = ["EFFECTS_FOR_OFFICERS"]

EFFECTS_FOR_OFFICERS: dict[DeedKind, Effect] = {}
_LATE = "report-to-authorities-undecided"


def _effect(kind: DeedKind) -> Callable[[Effect], Effect]:
    def enter(effect: Effect) -> Effect:
        EFFECTS_FOR_OFFICERS[kind] = effect
        return effect

    return enter


@_effect("settle-incident")
def _(world: World, deed: Deed) -> None:
    """What was late stays late, with the reason; then it is closed."""
    incident = world.incidents[deed.incident]
    decided = min(incident.notified_decision_at or world.as_of, world.as_of)
    told = min(incident.subjects_told_at or world.as_of, world.as_of)
    world.set_incident(
        deed.incident,
        closed_on=incident.closed_on or world.today,
        notified_decision_at=decided,
        delay_reason=incident.delay_reason or "to be told",
        subjects_told_at=told if incident.high_risk else incident.subjects_told_at,
    )


@_effect("decide-report")
def _(world: World, deed: Deed) -> None:
    """It is decided; that it came late nothing mends but that it is accepted, with the reason."""
    incident = world.incidents[deed.incident]
    decided = min(incident.authority_decided_at or world.as_of, world.as_of)
    world.set_incident(deed.incident, authority_decided_at=decided)
    subject = Subject("incident", incident=deed.incident)
    accepted = Waiver(
        id=finding_id(_LATE, subject),
        control=_LATE,
        subject=subject,
        reason="to be told",
        approved_by=(world.somebody(), world.somebody(world.somebody())),
        accepted_on=world.today,
        expires=world.today,
    )
    others = (one for one in world.policy.waivers if (one.control, one.subject) != (_LATE, subject))
    world.policy = replace(world.policy, waivers=(*others, accepted))


@_effect("give-sanction-reason")
def _(world: World, deed: Deed) -> None:
    world.set_incident(deed.incident, skip_reason="to be told")


@_effect("name-investigators")
def _(world: World, deed: Deed) -> None:
    about = world.incidents[deed.incident].subject_id
    first = world.somebody(about)
    second = world.somebody(about, first)
    named = Investigator(first, "communications"), Investigator(second, "human resources")
    world.set_incident(deed.incident, investigators=named)


@_effect("review-policy")
def _(world: World, _: Deed) -> None:
    world.policy = replace(world.policy, next_review=world.next_year)


@_effect("end-waivers")
def _(world: World, _: Deed) -> None:
    """What is accepted for too long, or too often, is accepted no more."""
    earlier = world.today - timedelta(days=1)
    waivers = tuple(replace(one, expires=min(one.expires, earlier)) for one in world.policy.waivers)
    world.policy = replace(world.policy, waivers=waivers)
