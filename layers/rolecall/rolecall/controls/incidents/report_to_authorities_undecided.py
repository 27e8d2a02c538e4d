"""An incident with a minor in it, and no decision in time whether to report it.

The duty to report comes before any inquiry, and that somebody is under age says nothing about
anybody's guilt. The evidence goes into a log that is kept for years, so it names nobody.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from rolecall.controls.context import Context
from rolecall.controls.control import Evidence, Fail, Params, References, control
from rolecall.controls.populations import INCIDENTS
from rolecall.controls.sieves import empty
from rolecall.model import Incident

_UNDECIDED = (
    "Somebody under age is affected or involved, and more than {hours:hour} after {%s} no decision "
    "is on record whether to report to the civil authorities."
)
_LATE = (
    "Somebody under age is affected or involved, and whether to report to the civil authorities "
    "was decided at {authority_decided_at}, more than {hours:hour} after {%s}."
)


def _known(incident: Incident) -> Evidence:
    """Return when it was known: when the organisation was aware, or when it was opened before."""
    if incident.aware_at is not None and incident.aware_at < incident.opened_at:
        return {"aware_at": incident.aware_at}
    return {"opened_at": incident.opened_at}


@control(
    title="Where a minor is involved, reporting to the civil authorities is decided in time",
    severity="critical",
    rationale=(
        "Where a child may have been harmed, or may yet be, the civil authorities are called "
        "before anybody looks into it: an inquiry of one's own can frighten people, warn somebody, "
        "or lose what is needed later. Many laws give hours and ask for no proof. Reporting judges "
        "nobody; it leaves the question to those whose task it is."
    ),
    remediation=(
        "If a child may be in danger, call the civil authorities now, and do not question anybody "
        "yourselves first. Ask the safe environment office, and counsel, which duty to report you "
        "have; matters of clergy go to the chancery as well, not instead. A decision that came "
        "late stays late: let those who answer for it accept the finding with the reason."
    ),
    record=(
        "Enter in incidents.authority_decided_at when it was decided, as it was, whichever way it "
        "went; leave the instant of a late decision alone."
    ),
    detail={
        f"{name}{suffix}": text % clock
        for name, text in (("undecided", _UNDECIDED), ("late", _LATE))
        for clock, suffix in (("opened_at", ""), ("aware_at", "-aware"))
    },
    references=References(
        nist=("IR-6",),
        iso=("A.5.5", "A.5.26"),
        practice=(
            "USCCB, Charter for the Protection of Children and Young People, art. 4: report to "
            "the public authorities",
        ),
    ),
    subjects=INCIDENTS,
    needs=("incidents.minor_involved", "incidents.authority_decided_at"),
    without=(
        "Where nobody records decisions, or whether somebody under age is involved, nothing is "
        "known of either. An awareness that nobody records is none."
    ),
    undecided=empty("minor_involved"),
    hours=24,
)
def report_to_authorities_undecided(
    incidents: Sequence[Incident], context: Context, params: Params
) -> Iterator[Fail]:
    """Fail an incident with a minor in it that was not decided upon within ``hours``."""
    limit = timedelta(hours=params.hours)
    for incident in incidents:
        if not incident.minor_involved:
            continue
        known, decided = _known(incident), incident.authority_decided_at
        [(clock, since)] = known.items()
        # A decision that is yet to come is none.
        is_decided = decided is not None and decided <= context.as_of
        until = decided if decided is not None and is_decided else context.as_of
        if until - since > limit:
            because = "late" if is_decided else "undecided"
            suffix = "" if clock == "opened_at" else "-aware"
            facts = {"minor_involved": True, "authority_decided_at": decided}
            evidence = {"because": because + suffix, **known, **facts, "hours": params.hours}
            yield Fail(incident, evidence)
