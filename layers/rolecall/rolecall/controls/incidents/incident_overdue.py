"""An incident that waits too long: to be closed, or to be decided upon."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from rolecall.controls.context import Context
from rolecall.controls.control import Evidence, Fail, Params, References, control
from rolecall.controls.populations import INCIDENTS
from rolecall.model import Incident

_UNDECIDED = (
    "Personal data are affected, and more than {hours} hours after {opened_at} no decision is on "
    "record whether to notify the authority."
)


def _is_due(incident: Incident, today: date) -> bool:
    return incident.due_on is not None and incident.due_on < today


@control(
    title="Every incident is closed in time, and a breach is decided upon in time",
    severity="high",
    rationale=(
        "An incident left open goes on doing harm. Where the GDPR or a church law like it "
        "applies, the authority must be told within 72 hours of knowing, unless there is no risk; "
        "later needs a reason. Elsewhere other periods run: ask your counsel."
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
    needs=("incidents.opened_at",),
    partly={
        "incidents.due_on": lambda incident, _: incident.closed_on is None,
        "incidents.closed_on": lambda incident, context: _is_due(incident, context.today),
        "incidents.personal_data": lambda incident, _: incident.notified_decision_at is None,
        "incidents.notified_decision_at": lambda incident, _: bool(incident.personal_data),
    },
    without=(
        "That it was due and is not closed, and that nobody decided whether to notify, are two "
        "things: the one is proven without the columns of the other. The day it was due proves "
        "nothing where nobody records when incidents are closed, nor that personal data are "
        "affected where nobody records decisions."
    ),
    hours=72,
)
def incident_overdue(
    incidents: Sequence[Incident], context: Context, params: Params
) -> Iterator[Fail]:
    """Fail an open incident past its day, and a breach without a decision after ``hours``."""
    as_of, limit = context.as_of, timedelta(hours=params.hours)
    are_closed = context.tracks("incidents.closed_on")
    are_decided = context.tracks("incidents.notified_decision_at")
    for incident in incidents:
        evidence: Evidence = {}
        if are_closed and incident.closed_on is None and _is_due(incident, context.today):
            evidence = {"because": "open", "due_on": incident.due_on, "closed_on": None}
        breach = are_decided and incident.personal_data and incident.notified_decision_at is None
        if breach and as_of - (opened := incident.opened_at) > limit:
            evidence |= {"because": "both" if evidence else "undecided", "opened_at": opened}
            evidence |= {"personal_data": True, "notified_decision_at": None, "hours": params.hours}
        if evidence:
            yield Fail(incident, evidence)
