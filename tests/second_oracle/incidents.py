"""The rules about incidents."""

from __future__ import annotations

from rolecall.model import Incident
from tests.second_oracle.book import Book
from tests.second_oracle.rules import INCIDENTS, Answer, Limits, rule

__all__: list[str] = []


def _keeps(book: Book, incident: Incident, column: str) -> bool:
    return book.knows(f"incidents.{column}", incident.account_id, incident.id)


@rule("single-investigator", "high", INCIDENTS, "incidents.investigators")
def single_investigator(book: Book, incident: Incident, _: Limits) -> Answer:
    has_subject = _keeps(book, incident, "subject_id")
    is_conduct = bool(incident.subject_id or incident.sanction)
    may_be = not has_subject or not _keeps(book, incident, "sanction")
    persons = {one.person_id for one in incident.investigators}
    roles = {one.role.casefold() for one in incident.investigators}
    if len(persons) < 2 or len(roles) < 2 or incident.subject_id in persons:
        return True if is_conduct else (None if may_be else False)
    # Enough of them: only the subject could be among them still.
    return False if has_subject else None


@rule(
    "sanction-step-skipped", "low", INCIDENTS, "incidents.sanction", "incidents.previous_sanction"
)
def sanction_step_skipped(book: Book, incident: Incident, _: Limits) -> Answer:
    ladder = book.policy.sanction_ladder or ()
    if incident.sanction not in ladder[1:] or incident.skip_reason:
        return False
    before = ladder[ladder.index(incident.sanction) - 1]
    return incident.previous_sanction != before


@rule("incident-overdue", "high", INCIDENTS, "incidents.opened_at", hours=72)
def incident_overdue(book: Book, incident: Incident, limits: Limits) -> Answer:
    hours = limits["hours"]
    parts = [
        _not_closed(book, incident),
        _undecided(book, incident, hours),
        _untold(book, incident, hours),
    ]
    if True in parts:
        return True
    return None if None in parts else False


def _not_closed(book: Book, incident: Incident) -> bool | None:
    """Tell whether it is due and not closed; ``None`` where what is not kept would decide."""
    has_due = _keeps(book, incident, "due_on")
    has_closed = _keeps(book, incident, "closed_on")
    if has_due and (incident.due_on is None or not book.is_past(incident.due_on)):
        return False
    if has_closed and incident.closed_on is not None:
        return False
    return True if has_due and has_closed else None


def _undecided(book: Book, incident: Incident, hours: int) -> bool | None:
    """Tell whether nobody decided in time whether to notify the authority."""
    if book.policy.privacy_law == "none":
        return False
    decided = book.by_now(incident.notified_decision_at)
    since = book.by_now(incident.aware_at) or incident.opened_at
    has_data = _keeps(book, incident, "personal_data")
    has_decision = _keeps(book, incident, "notified_decision_at")
    if has_data and not incident.personal_data:
        return False
    is_late = book.is_later(decided, hours, since)
    if has_decision and (not is_late or (decided is not None and incident.delay_reason)):
        return False
    return True if has_data and has_decision else None


def _untold(book: Book, incident: Incident, hours: int) -> bool | None:
    """Tell whether those at high risk were not told in time; a risk that nobody keeps is none."""
    told = book.by_now(incident.subjects_told_at)
    since = book.by_now(incident.aware_at) or incident.opened_at
    if book.policy.privacy_law == "none" or not incident.high_risk:
        return False
    has_data = _keeps(book, incident, "personal_data")
    if has_data and not incident.personal_data:
        return False
    if not _keeps(book, incident, "subjects_told_at"):
        return None
    if not book.is_later(told, hours, since) or (told is not None and incident.delay_reason):
        return False
    return True if has_data else None


@rule(
    "report-to-authorities-undecided",
    "critical",
    INCIDENTS,
    "incidents.minor_involved",
    "incidents.authority_decided_at",
    hours=24,
)
def report_to_authorities_undecided(book: Book, incident: Incident, limits: Limits) -> Answer:
    if incident.minor_involved is None:
        return None
    known = min(incident.opened_at, incident.aware_at or incident.opened_at)
    decided = incident.authority_decided_at
    return incident.minor_involved and book.is_later(decided, limits["hours"], known)
