"""An incident that waits too long: to be closed, or to be decided upon."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

from rolecall.controls.context import Context
from rolecall.controls.control import Evidence, Fail, Params, References, control
from rolecall.controls.populations import INCIDENTS
from rolecall.model import Incident

_OPEN = "The incident was due on {due_on} and is not closed."
_UNDECIDED = (
    "Personal data are affected, and more than {hours:hour} after {%s} no decision is on record "
    "whether to notify the authority."
)
_LATE = (
    "Personal data are affected, and whether to notify the authority was decided at "
    "{notified_decision_at}, more than {hours:hour} after {%s}; why so late is not on record."
)


def _details() -> Mapping[str, str]:
    """Return what is said of each way to fail: by itself, and of an incident that is open too."""
    found = {"open": _OPEN}
    for clock, known in (("opened_at", ""), ("aware_at", "-aware")):
        undecided, late = _UNDECIDED % clock, _LATE % clock
        found |= {f"undecided{known}": undecided, f"both{known}": f"{_OPEN} {undecided}"}
        found |= {f"late{known}": late, f"open-late{known}": f"{_OPEN} {late}"}
    return found


def _is_due(incident: Incident, today: date) -> bool:
    return incident.due_on is not None and incident.due_on < today


def _is_late(incident: Incident, context: Context, params: Params) -> bool:
    """Tell whether a decision is missing or came after the hours, without a reason for that.

    The clock runs from when the organisation knew of it. A reason explains a late decision; it does
    not stand in for one.
    """
    decided = incident.notified_decision_at
    waited = (decided or context.as_of) - _since(incident)
    return waited > timedelta(hours=params.hours) and (
        decided is None or incident.delay_reason is None
    )


def _since(incident: Incident) -> datetime:
    return incident.aware_at or incident.opened_at


def _may_be_a_breach(incident: Incident, context: Context, params: Params) -> bool:
    if context.policy.privacy_law == "none":
        return False
    is_decided = context.tracks("incidents.notified_decision_at")
    return not is_decided or _is_late(incident, context, params)


@control(
    title="Every incident is closed in time, and a breach is decided upon in time",
    severity="high",
    rationale=(
        "An incident left open goes on doing harm. Where the GDPR or a church law like it applies, "
        "the authority must be told within 72 hours of knowing, unless there is no risk; later "
        "needs a reason, and not to notify must be a decision. Elsewhere other periods run: ask "
        "your counsel."
    ),
    remediation=(
        "Finish the handling and enter the day in closed_on. Where personal data are affected, ask "
        "the data protection officer today, and enter the instant in notified_decision_at as it "
        "was; where that was late, enter in delay_reason why."
    ),
    detail=_details(),
    references=References(
        nist=("IR-4",), iso=("A.5.26",), soc2=("CC7.4",), gdpr=("Art. 33", "Art. 33(5)", "Art. 34")
    ),
    subjects=INCIDENTS,
    needs=("incidents.opened_at",),
    partly={
        "incidents.due_on": lambda incident, _context, _: incident.closed_on is None,
        "incidents.closed_on": lambda incident, context, _: _is_due(incident, context.today),
        "incidents.personal_data": _may_be_a_breach,
        "incidents.notified_decision_at": lambda incident, context, _: (
            bool(incident.personal_data) and context.policy.privacy_law != "none"
        ),
    },
    without=(
        "That it was due and is not closed, and that nobody decided in time whether to notify, are "
        "two things: the one is proven without the columns of the other. The day it was due proves "
        "nothing where nobody records when incidents are closed, nor that personal data are "
        "affected where nobody records decisions. An awareness or a reason that nobody records is "
        "none."
    ),
    hours=72,
)
def incident_overdue(
    incidents: Sequence[Incident], context: Context, params: Params
) -> Iterator[Fail]:
    """Fail an open incident past its day, and a breach not decided upon within ``hours``."""
    are_closed = context.tracks("incidents.closed_on")
    # Where no privacy law applies there is no authority to notify.
    has_authority = context.policy.privacy_law != "none"
    are_decided = has_authority and context.tracks("incidents.notified_decision_at")
    for incident in incidents:
        evidence: Evidence = {}
        if are_closed and incident.closed_on is None and _is_due(incident, context.today):
            evidence = {"because": "open", "due_on": incident.due_on, "closed_on": None}
        if are_decided and incident.personal_data and _is_late(incident, context, params):
            evidence |= _breach(incident, is_open=bool(evidence)) | {"hours": params.hours}
        if evidence:
            yield Fail(incident, evidence)


def _breach(incident: Incident, *, is_open: bool) -> Evidence:
    """Return the evidence that a breach was not decided upon in time."""
    decided = incident.notified_decision_at
    if decided is None:
        because = "both" if is_open else "undecided"
    else:
        because = "open-late" if is_open else "late"
    clock = {"opened_at": incident.opened_at}
    if incident.aware_at is not None:
        because, clock = f"{because}-aware", {"aware_at": incident.aware_at}
    facts = {"personal_data": True, "notified_decision_at": decided}
    return {"because": because, **clock, **facts}
