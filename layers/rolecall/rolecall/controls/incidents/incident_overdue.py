"""An incident that waits too long: to be closed, to be decided upon, or for people to be told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import product

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


_UNTOLD = (
    "The people whose data it is are at high risk, and more than {hours:hour} after {%s} it is not "
    "on record that they were told."
)
_TOLD_LATE = (
    "The people whose data it is are at high risk, and were told at {subjects_told_at}, more than "
    "{hours:hour} after {%s}; why so late is not on record."
)
_DECISIONS = {
    "": ("", ""),
    "open": (_OPEN, ""),
    "undecided": ("", _UNDECIDED),
    "both": (_OPEN, _UNDECIDED),
    "late": ("", _LATE),
    "open-late": (_OPEN, _LATE),
}
"""How it may wait to be closed and to be decided upon, and what is said of it."""
_TELLING = {"": "", "untold": _UNTOLD, "told-late": _TOLD_LATE}
_CLOCKS = {"": "opened_at", "aware": "aware_at"}


def _details() -> Mapping[str, str]:
    """Return what is said of each way to fail: by itself, and of others at the same time."""
    found = {"open": _OPEN}
    for (waits, texts), (telling, told), (suffix, clock) in product(
        _DECISIONS.items(), _TELLING.items(), _CLOCKS.items()
    ):
        said = [text % clock if "%s" in text else text for text in (*texts, told) if text]
        if texts[1] or told:
            found["-".join(filter(None, (waits, telling, suffix)))] = " ".join(said)
    return found


def _tracks(incident: Incident, context: Context, column: str) -> bool:
    """Tell whether a column is tracked for an incident."""
    return context.tracks(f"incidents.{column}", incident.account_id, incident.id)


def _is_due(incident: Incident, today: date) -> bool:
    return incident.due_on is not None and incident.due_on < today


def _clock(incident: Incident, context: Context) -> str:
    """Return the column of the instant from which the hours run.

    That is when the organisation knew of it. An awareness that is yet to come is none: whoever
    writes one down knows already.
    """
    aware = incident.aware_at
    return "opened_at" if aware is None or aware > context.as_of else "aware_at"


def _is_done(done: datetime | None, context: Context) -> bool:
    """Tell whether something was done: what is yet to come was not."""
    return done is not None and done <= context.as_of


def _is_late(done: datetime | None, incident: Incident, context: Context, params: Params) -> bool:
    """Tell whether something is not done or came after the hours, without a reason for that.

    A reason explains what came late; it does not stand in for it.
    """
    since = getattr(incident, _clock(incident, context))
    is_done = _is_done(done, context)
    until = done if done is not None and is_done else context.as_of
    return until - since > timedelta(hours=params.hours) and (
        not is_done or incident.delay_reason is None
    )


def _may_be_a_breach(incident: Incident, context: Context, params: Params) -> bool:
    """Tell whether an incident would fail if personal data were affected, or might."""
    if context.policy.privacy_law == "none":
        return False
    decided, told = incident.notified_decision_at, incident.subjects_told_at
    if not _tracks(incident, context, "notified_decision_at"):
        return True
    if _is_late(decided, incident, context, params):
        return True
    is_told = _tracks(incident, context, "subjects_told_at")
    return bool(incident.high_risk) and (not is_told or _is_late(told, incident, context, params))


@control(
    title="Every incident is closed, and every breach decided upon and told of, in time",
    severity="high",
    rationale=(
        "An incident left open may go on doing harm. Where the GDPR or a church law like it "
        "applies, the authority must be told within 72 hours of knowing, unless a risk to people "
        "is unlikely; later needs a reason, and not to notify must be a decision. People who are "
        "at high risk by it are told as soon as can be, for they alone can protect themselves. "
        "Elsewhere other periods run: ask your counsel."
    ),
    remediation=(
        "Where personal data are affected, ask the data protection officer today whether the "
        "authority is to be told, and keep when it was decided, as it was. Where the risk for the "
        "people is high, tell them plainly what happened and what they can do. What was late stays "
        "late: keep the reason why. Then finish the handling."
    ),
    record=(
        "Enter when it was decided, as it was, in incidents.notified_decision_at, and when the "
        "people were told in incidents.subjects_told_at. What was late stays late: enter in "
        "incidents.delay_reason why. Once the handling is finished, enter the day in "
        "incidents.closed_on."
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
        "incidents.subjects_told_at": lambda incident, context, _: (
            bool(incident.personal_data and incident.high_risk)
            and context.policy.privacy_law != "none"
        ),
    },
    without=(
        "That it was due and is not closed, that nobody decided in time whether to notify, and "
        "that people at high risk were not told, are three things: each is proven without the "
        "columns of the others. The day it was due proves nothing where nobody records when "
        "incidents are closed, nor that personal data are affected where nobody records decisions. "
        "An awareness, a high risk or a reason that nobody records is none."
    ),
    hours=72,
)
def incident_overdue(
    incidents: Sequence[Incident], context: Context, params: Params
) -> Iterator[Fail]:
    """Fail an open incident past its day, and a breach not decided upon, or told, in ``hours``."""
    # Where no privacy law applies there is no authority to notify, and nobody who must be told.
    has_law = context.policy.privacy_law != "none"
    for incident in incidents:
        evidence: Evidence = {}
        is_open = _tracks(incident, context, "closed_on") and incident.closed_on is None
        if is_open and _is_due(incident, context.today):
            evidence = {"because": "open", "due_on": incident.due_on, "closed_on": None}
        if has_law and incident.personal_data:
            evidence |= _breach(incident, context, params, is_open=bool(evidence))
        if evidence:
            yield Fail(incident, evidence)


def _breach(incident: Incident, context: Context, params: Params, *, is_open: bool) -> Evidence:
    """Return the evidence that a breach was not decided upon in time, or people not told."""
    decided, told = incident.notified_decision_at, incident.subjects_told_at
    waits, telling = "open" if is_open else "", ""
    facts: Evidence = {"personal_data": True}
    is_decided = _tracks(incident, context, "notified_decision_at")
    if is_decided and _is_late(decided, incident, context, params):
        missing, late = ("both", "open-late") if is_open else ("undecided", "late")
        waits = late if _is_done(decided, context) else missing
        facts |= {"notified_decision_at": decided}
    is_told = incident.high_risk and _tracks(incident, context, "subjects_told_at")
    if is_told and _is_late(told, incident, context, params):
        telling = "told-late" if _is_done(told, context) else "untold"
        facts |= {"high_risk": True, "subjects_told_at": told}
    if len(facts) == 1:
        return {}
    clock = _clock(incident, context)
    suffix = "aware" if clock == "aware_at" else ""
    because = "-".join(filter(None, (waits, telling, suffix)))
    since = {clock: getattr(incident, clock), "hours": params.hours}
    return {"because": because, **facts, **since}
