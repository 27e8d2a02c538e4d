"""An incident that one person, or one office, or its own subject investigates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rolecall.controls.context import Context
from rolecall.controls.control import Evidence, Fail, Params, References, concerns_all, control
from rolecall.controls.populations import INCIDENTS
from rolecall.model import Incident


@control(
    title="Two persons in two roles, and never its subject, investigate every incident",
    severity="high",
    rationale=(
        "One investigator can be mistaken, partial or pressed, and nobody would notice. Nobody "
        "can judge their own conduct."
    ),
    remediation=(
        "If a child or a vulnerable adult may be at risk, or a crime is suspected, call the civil "
        "authorities and the safe environment office first, and do not question anybody "
        "yourselves. Matters of clergy go to the chancery. Otherwise name a second investigator "
        "from another office, such as human resources, in investigators, and take out the person "
        "whose conduct is looked into."
    ),
    detail={
        "empty": "No investigators are on record.",
        "few": "Two persons in two roles must investigate; on record are {investigators}.",
        "subject": (
            "{subject_id}, whose conduct is investigated, is among the investigators: "
            "{investigators}."
        ),
    },
    references=References(
        nist=("AC-5",),
        iso=("A.5.28",),
        policy=("Investigated by the marketing manager and an HR representative",),
    ),
    subjects=INCIDENTS,
    needs=("incidents.investigators",),
    partly={"incidents.subject_id": concerns_all},
    without=(
        "Fewer than two persons in two roles are too few whomever it is about. Without the "
        "investigators nothing is known of them."
    ),
)
def single_investigator(incidents: Sequence[Incident], _: Context, __: Params) -> Iterator[Fail]:
    """Fail an incident without two persons in two roles, or with its subject among them."""
    for incident in incidents:
        investigators = incident.investigators
        if not investigators:
            yield Fail(incident, {"because": "empty", "investigators": None})
            continue
        persons = {investigator.person_id for investigator in investigators}
        roles = {investigator.role.casefold() for investigator in investigators}
        listed = sorted(f"{person}:{role}" for person, role in investigators)
        evidence: Evidence = {"investigators": listed}
        if incident.subject_id in persons:
            named = {"because": "subject", "subject_id": incident.subject_id}
            yield Fail(incident, named | evidence)
        # Two persons and two roles suffice: whoever has which, two of them can be paired off.
        elif len(persons) < 2 or len(roles) < 2:
            yield Fail(incident, {"because": "few"} | evidence)
