"""Somebody's conduct that one person, or one office, or they themselves look into.

An incident that is about nobody's conduct is none of this: an account that was broken into needs
somebody who mends it. The evidence goes into a log that is kept for years, so it names nobody: not
whose conduct it is, nor who looks into it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rolecall.controls.context import Context
from rolecall.controls.control import Fail, Params, References, concerns_all, control
from rolecall.controls.populations import INCIDENTS
from rolecall.model import Incident


@control(
    title="Two persons in two roles, and never its subject, look into anybody's conduct",
    severity="high",
    rationale=(
        "One investigator can be mistaken, partial or pressed, and nobody would notice. Nobody "
        "can judge their own conduct."
    ),
    remediation=(
        "If a child or a vulnerable adult may be at risk, or a crime is suspected, call the civil "
        "authorities and the safe environment office first, and do not question anybody "
        "yourselves. Matters of clergy go to the chancery. Otherwise name a second investigator "
        "from another office, such as human resources, and let nobody look into their own conduct."
    ),
    record=(
        "Enter both investigators, with their offices, in incidents.investigators, and take out "
        "the person whose conduct is looked into."
    ),
    detail={
        "empty": "Somebody's conduct is looked into, and no investigators are on record.",
        "few": (
            "Two persons in two roles must look into it; on record: {persons:person|persons} in "
            "{roles:role}."
        ),
        "subject": "The person whose conduct is looked into is among the investigators.",
    },
    references=References(nist=("AC-5", "PS-8"), iso=("A.5.3", "A.6.4")),
    subjects=INCIDENTS,
    needs=("incidents.investigators",),
    partly={
        "incidents.subject_id": concerns_all,
        "incidents.sanction": lambda incident, _context, _: not _are_two(incident),
    },
    without=(
        "Where there is a sanction or a subject, fewer than two persons in two roles are too few. "
        "Without the investigators nothing is known of them."
    ),
)
def single_investigator(incidents: Sequence[Incident], _: Context, __: Params) -> Iterator[Fail]:
    """Fail an incident about somebody that fewer than two in two roles look into, or they too."""
    for incident in incidents:
        investigators = incident.investigators
        persons = {investigator.person_id for investigator in investigators}
        if incident.subject_id in persons:
            yield Fail(incident, {"because": "subject"})
        elif _are_two(incident) or (incident.subject_id is None and incident.sanction is None):
            continue
        elif not investigators:
            yield Fail(incident, {"because": "empty", "investigators": None})
        else:
            number = {"persons": len(persons), "roles": len(_roles(incident))}
            yield Fail(incident, {"because": "few", **number})


def _roles(incident: Incident) -> set[str]:
    return {investigator.role.casefold() for investigator in incident.investigators}


def _are_two(incident: Incident) -> bool:
    """Tell whether two persons and two roles are there: then two of them can be paired off."""
    persons = {investigator.person_id for investigator in incident.investigators}
    return len(persons) >= 2 and len(_roles(incident)) >= 2
