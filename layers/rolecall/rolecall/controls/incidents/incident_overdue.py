"""An incident that waits too long: to be closed, or to be decided upon."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from rolecall.controls.context import Context
from rolecall.controls.control import Evidence, Fail, Params, References, control
from rolecall.controls.populations import INCIDENTS
from rolecall.model import Incident

_UNDECIDED = (
    "Personal data are affected, and more than {hours} hours after {opened_at} no decision is on "
    "record whether to notify the authority."
)


@control(
    title="Every incident is closed in time, and a breach is decided upon in time",
    severity="high",
    rationale=(
        "An incident left open goes on doing harm. Where personal data are affected, the law gives "
        "72 hours to notify the authority, and not to notify must be a decision."
    ),
    remediation=(
        "Finish the handling and enter the day in closed_on. Where personal data are affected, ask "
        "the data protection officer today and enter the instant in notified_decision_at."
    ),
    detail={
        "open": "The incident was due on {due_on} and is not closed.",
        "undecided": _UNDECIDED,
        "both": "The incident was due on {due_on} and is not closed. " + _UNDECIDED,
    },
    references=References(nist=("IR-4",), gdpr=("Art. 33",)),
    subjects=INCIDENTS,
    needs=(
        "incidents.due_on",
        "incidents.closed_on",
        "incidents.personal_data",
        "incidents.notified_decision_at",
    ),
    hours=72,
)
def incident_overdue(
    incidents: Sequence[Incident], context: Context, params: Params
) -> Iterator[Fail]:
    """Fail an open incident past its day, and a breach without a decision after ``hours``."""
    today, as_of, limit = context.today, context.as_of, timedelta(hours=params.hours)
    for incident in incidents:
        evidence: Evidence = {}
        if incident.closed_on is None and (due := incident.due_on) and due < today:
            evidence = {"because": "open", "due_on": due, "closed_on": None}
        breach = incident.personal_data and incident.notified_decision_at is None
        if breach and as_of - (opened := incident.opened_at) > limit:
            evidence |= {"because": "both" if evidence else "undecided", "opened_at": opened}
            evidence |= {"personal_data": True, "notified_decision_at": None, "hours": params.hours}
        if evidence:
            yield Fail(incident, evidence)
