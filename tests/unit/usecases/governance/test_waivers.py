"""Accepting findings: who decides about whom, for how long, and about what exactly."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from rolecall.errors import (
    ConflictError,
    DeniedError,
    NotFoundError,
    PreconditionError,
    UsageError,
)
from rolecall.finding import Finding
from rolecall.finding_state import FindingState
from rolecall.model import (
    Account,
    Grant,
    Incident,
    Investigator,
    Login,
    Severity,
    Subject,
)
from rolecall.usecases.governance import waivers
from rolecall.usecases.governance.decisions import WaiverDecision, accepted_waivers
from rolecall.usecases.governance.preconditions import etag
from rolecall.usecases.governance.waivers import (
    MOST_DAYS,
    waiver_decision_of,
    waiver_decisions,
    withdraw,
)
from rolecall.usecases.identity.permissions import Caller
from tests.api import person, registry
from tests.stores.memory import Kept, MemoryHouse, MemoryWaivers
from tests.unit.usecases.revoking.test_revocations import caller

AT = datetime(2026, 11, 3, 9, tzinfo=UTC)
UNTIL = date(2026, 12, 1)
WHY = "until the new head is named"
HERE = (7, "f" * 12)


def state(severity: Severity = "high", status: str = "open", **facts: Any) -> FindingState:
    subject = facts.pop("subject", Subject("grant", account="page-mid", person="boss-mid"))
    finding = Finding(
        id=HERE[1],
        control="orphaned-admin",
        subject=subject,
        entity=facts.pop("entity", "mid"),
        severity=severity,
        evidence=facts.pop("evidence", b"{}"),
        evidence_digest=facts.pop("digest", "0" * 64),
    )
    return FindingState(finding, AT, 1, status, "opened", 0)  # type: ignore[arg-type]


def store(known: FindingState | None = None) -> tuple[MemoryHouse, MemoryWaivers]:
    house = MemoryHouse(registry())
    return house, MemoryWaivers(house, {HERE: known or state()})


def propose(
    kept: MemoryWaivers,
    by: Caller,
    at: datetime,
    where: int,
    id_: str,
    why: str,
    until: date,
) -> WaiverDecision:
    """Propose what is there to be seen."""
    tag = kept.findings[where, id_].finding.tag
    return waivers.propose(kept, by, at, where, id_, why, until, tag)


def approve(kept: MemoryWaivers, by: Caller, at: datetime, where: int, id_: str) -> WaiverDecision:
    """Approve what is there to be seen."""
    return waivers.approve(kept, by, at, where, id_, etag(kept.waiver_decision(id_)))


def proposed(kept: MemoryWaivers, by: str = "officer", at: datetime = AT) -> WaiverDecision:
    return propose(kept, caller(by, "compliance"), at, *HERE, WHY, UNTIL)


@pytest.mark.parametrize("severity", ["high", "medium", "low"])
def test_one_officer_accepts_what_is_not_critical(severity: Severity) -> None:
    house, kept = store(state(severity))
    made = proposed(kept)
    assert (made.state, made.approved_by) == ("approved", ("officer",))
    assert [event.action for event in house.events] == ["acceptance.approved"]
    assert accepted_waivers(kept.waiver_decisions().readable).waivers == (made.waiver(),)


def test_a_critical_finding_takes_two() -> None:
    house, kept = store(state("critical"))
    assert proposed(kept).state == "proposed"
    assert accepted_waivers(kept.waiver_decisions().readable).waivers == ()
    with pytest.raises(ConflictError) as refused:
        approve(kept, caller("officer", "compliance"), AT, *HERE)
    assert refused.value.kind == "self-approval"
    made = approve(kept, caller("clerk", "compliance"), AT, *HERE)
    assert (made.state, made.approved_by) == ("approved", ("officer", "clerk"))
    assert approve(kept, caller("clerk", "compliance"), AT, *HERE) == made
    assert [event.action for event in house.events] == [
        "acceptance.proposed",
        "acceptance.approved",
    ]


def test_a_waiver_knows_the_day_on_which_all_had_accepted_it() -> None:
    _, kept = store(state("high"))
    assert proposed(kept).waiver().accepted_on == AT.date()
    _, kept = store(state("critical"))
    waits = proposed(kept)
    made = approve(kept, caller("clerk", "compliance"), AT + timedelta(3), *HERE)
    [waiver] = accepted_waivers(kept.waiver_decisions().readable).waivers
    assert waiver.accepted_on == AT.date() + timedelta(3)
    # Of what an earlier release kept only the day of the proposal is on record; its id stays.
    earlier = replace(made, approved_at=None).waiver()
    assert (earlier.id, earlier.accepted_on) == (waiver.id, waits.proposed_at.date())


@pytest.mark.parametrize("groups", [(), ("registrar",)])
def test_who_is_no_officer_learns_nothing(groups: tuple[str, ...]) -> None:
    house, kept = store()
    by = caller("head-mid", *groups)
    for act in (
        lambda: propose(kept, by, AT, *HERE, WHY, UNTIL),
        lambda: approve(kept, by, AT, *HERE),
        lambda: withdraw(kept, by, AT, *HERE, WHY),
        lambda: waiver_decision_of(kept, by, *HERE),
        lambda: waiver_decisions(kept, by),
    ):
        with pytest.raises(NotFoundError):
            act()
    assert house.events == []


def test_nobody_decides_about_themselves() -> None:
    _, kept = store(state("critical"))
    with pytest.raises(DeniedError):
        proposed(kept, by="boss-mid")
    proposed(kept)
    with pytest.raises(DeniedError):
        approve(kept, caller("boss-mid", "compliance"), AT, *HERE)


INCIDENT = Incident(
    "inc", "page-mid", AT, subject_id="culprit", investigators=(Investigator("prober", "hr"),)
)
PEOPLE = ("culprit", "prober", "owner", "rescuer", "knows", "former", "sees", "pays", "reads")


def crowded() -> MemoryHouse:
    """Return the registry with a page that many have to do with, each in another way."""
    made = registry()
    page = Account("page-mid", "mid", "facebook", "mid", "active")
    accounts = tuple(one for one in made.accounts if one.id != page.id)
    page = replace(page, owner_id="owner", recovery_person_id="rescuer", approved_by=("sees",))
    page = replace(page, payment_holder_id="pays", login_email="Page <READS@example.org>")
    return MemoryHouse(
        replace(
            made,
            people=(*made.people, *(person(one, None) for one in PEOPLE)),
            accounts=(*accounts, page),
            grants=(*made.grants, Grant("page-mid", "former", "owner", revoked_on=AT.date())),
            logins=(Login("login-mid", "page-mid", holder_ids=("knows",)),),
            incidents=(INCIDENT,),
        )
    )


OF_PAGE = {"owner", "rescuer", "knows", "head-mid", "it-mid", "head-top", "it-top"}
OF_PAGE |= {"boss-mid", "person-mid", "pays", "reads"}
ABOUT: list[tuple[Subject, dict[str, Any], set[str]]] = [
    (Subject("account", account="page-mid"), {}, OF_PAGE),
    (Subject("grant", account="page-mid", person="gone"), {}, OF_PAGE | {"gone"}),
    (Subject("login", account="page-mid", login="login-mid"), {}, OF_PAGE),
    (Subject("observation", platform="Facebook", handle="@MID"), {}, OF_PAGE),
    (Subject("incident", incident="inc"), {}, OF_PAGE | {"culprit", "prober"}),
    (Subject("content", account="page-mid", content="post"), {}, OF_PAGE),
    (Subject("account", account="page-mid"), {"head_id": "boss-sib"}, OF_PAGE | {"boss-sib"}),
    (Subject("entity", entity="mid"), {}, {"head-mid", "it-mid", "head-top", "it-top"}),
    (
        Subject("person", person="boss-sib"),
        {"investigators": ["former:dean", "x:y"], "of": {"sees": [{"by": "culprit"}]}},
        {"boss-sib", "former", "sees", "culprit", "head-mid", "it-mid", "head-top", "it-top"},
    ),
    (
        Subject("observation", platform="x", handle="y", email="FORMER@example.org"),
        {"emails": ["Sees@Example.org"]},
        {"former", "sees", "head-mid", "it-mid", "head-top", "it-top"},
    ),
]


@pytest.mark.parametrize(("subject", "evidence", "about"), ABOUT)
def test_nobody_accepts_what_is_about_them_in_whatever_way(
    subject: Subject, evidence: dict[str, Any], about: set[str]
) -> None:
    house = crowded()
    found = state("critical", subject=subject, evidence=msgspec.json.encode(evidence))
    kept = MemoryWaivers(house, {HERE: found})
    everybody = {one.id for one in house.under("person") if one.is_active(AT.date())}
    # Whoever hears of an incident through a refusal would have heard of it.
    refusals = dict.fromkeys(about, DeniedError) | {
        one.subject_id: NotFoundError for one in (INCIDENT,) if subject.incident == one.id
    }
    for one in sorted(about):
        with pytest.raises(refusals[one]):
            proposed(kept, by=one)
    others = sorted(everybody - about)
    assert len(others) > 5
    for first, second in pairwise(others):
        waits = proposed(kept, by=first)
        for one in sorted(about):
            with pytest.raises(refusals[one]):
                approve(kept, caller(one, "compliance"), AT, *HERE)
        assert approve(kept, caller(second, "compliance"), AT, *HERE).state == "approved"
        withdraw(kept, caller(second, "compliance"), AT, *HERE, WHY)
        assert waits.approved_by == (first,)


def test_who_proposed_what_is_about_them_by_now_is_not_one_of_the_two() -> None:
    house, kept = store(state("critical"))
    proposed(kept)
    mid = house.get("entity", "mid")
    house.items["entity", "mid"] = mid._replace(value=replace(mid.value, head_id="officer"))
    with pytest.raises(DeniedError, match="about officer"):
        approve(kept, caller("clerk", "compliance"), AT, *HERE)


def test_a_year_is_not_approved_by_whoever_read_two_days() -> None:
    house, kept = store(state("critical"))
    officer, clerk = caller("officer", "compliance"), caller("clerk", "compliance")
    short = propose(kept, officer, AT, *HERE, WHY, AT.date() + timedelta(2))
    read = etag(kept.waiver_decision(HERE[1]))
    withdraw(kept, officer, AT, *HERE, "proposed by mistake")
    again = AT + timedelta(minutes=1)
    propose(kept, officer, again, *HERE, WHY, AT.date() + timedelta(MOST_DAYS))
    for match, kind in ((read, "precondition-failed"), (None, "precondition-required")):
        with pytest.raises(PreconditionError) as refused:
            waivers.approve(kept, clerk, again, *HERE, match)
        assert refused.value.kind == kind
    assert [event.action for event in house.events][-1] == "acceptance.proposed"
    known = kept.waiver_decision(HERE[1])
    assert known is not None
    assert (known.state, known.expires > short.expires) == ("proposed", True)


@pytest.mark.parametrize("facts", [{"digest": "1" * 64}, {"severity": "critical"}])
def test_a_finding_that_changed_since_it_was_read_is_not_accepted(facts: dict[str, Any]) -> None:
    house, kept = store(state("medium"))
    tag = kept.findings[HERE].finding.tag
    kept.findings[HERE] = state(**{"severity": "medium", **facts})
    officer = caller("officer", "compliance")
    for match, kind in ((tag, "precondition-failed"), (None, "precondition-required")):
        with pytest.raises(PreconditionError) as refused:
            waivers.propose(kept, officer, AT, *HERE, WHY, UNTIL, match)
        assert refused.value.kind == kind
    assert house.events == []


def test_what_expired_is_not_approved() -> None:
    _, kept = store(state("critical"))
    proposed(kept)
    clerk = caller("clerk", "compliance")
    day_after = datetime(2026, 12, 2, tzinfo=UTC)
    with pytest.raises(ConflictError) as refused:
        approve(kept, clerk, day_after, *HERE)
    assert refused.value.kind == "waiver-over"
    last_day = datetime(2026, 12, 1, 23, tzinfo=UTC)
    assert approve(kept, clerk, last_day, *HERE).state == "approved"


@pytest.mark.parametrize("facts", [{"status": "suspended"}, {"left_on": AT.date()}, None])
def test_a_proposal_ends_when_whoever_made_it_does_not_serve(facts: dict[str, Any] | None) -> None:
    house, kept = store(state("critical"))
    proposed(kept)
    known = house.get("person", "officer")
    if facts is None:
        del house.items["person", "officer"]
    else:
        house.items["person", "officer"] = known._replace(value=replace(known.value, **facts))
    with pytest.raises(ConflictError, match="officer, who proposed it") as refused:
        approve(kept, caller("clerk", "compliance"), AT, *HERE)
    assert refused.value.kind == "waiver-over"
    # It does not stand in the way of a new one.
    assert proposed(kept, by="clerk", at=AT + timedelta(minutes=1)).approved_by == ("clerk",)


@pytest.mark.parametrize("is_meanwhile", [False, True])
def test_a_proposal_ends_with_the_sign_in_by_which_it_was_made(is_meanwhile: bool) -> None:
    house, kept = store(state("critical"))
    proposed(kept)
    house.items["bound", "officer"] = Kept("mark", 1)

    def let_go() -> None:
        house.items["bound", "officer"] = Kept(None, 2)
        house.items["sign-in changed", "officer"] = Kept(AT, 1)

    if is_meanwhile:
        house.meanwhile = let_go
    else:
        let_go()
    with pytest.raises(ConflictError, match="officer, who proposed it") as refused:
        approve(kept, caller("clerk", "compliance"), AT, *HERE)
    assert refused.value.kind == "waiver-over"
    later = AT + timedelta(minutes=1)
    assert proposed(kept, at=later).state == "proposed"
    assert approve(kept, caller("clerk", "compliance"), later, *HERE).state == "approved"


@pytest.mark.parametrize("days", [0, -1, MOST_DAYS + 1])
def test_a_waiver_ends_within_a_year(days: int) -> None:
    _, kept = store()
    until = AT.date() + timedelta(days)
    with pytest.raises(UsageError, match="expires"):
        propose(kept, caller("officer", "compliance"), AT, *HERE, WHY, until)


@pytest.mark.parametrize("days", [1, MOST_DAYS])
def test_the_longest_and_the_shortest(days: int) -> None:
    _, kept = store()
    until = AT.date() + timedelta(days)
    made = propose(kept, caller("officer", "compliance"), AT, *HERE, WHY, until)
    assert made.expires == until


def test_what_is_resolved_is_not_waived() -> None:
    _, kept = store(state(status="resolved"))
    with pytest.raises(ConflictError) as refused:
        proposed(kept)
    assert refused.value.kind == "finding-resolved"


def test_what_is_accepted_is_the_evidence_as_it_was_proposed() -> None:
    _, kept = store(state("critical"))
    proposed(kept)
    kept.findings[HERE] = state("critical", digest="1" * 64)
    with pytest.raises(ConflictError) as refused:
        approve(kept, caller("clerk", "compliance"), AT, *HERE)
    assert refused.value.kind == "evidence-changed"


def test_one_decision_at_a_time_until_it_expires() -> None:
    _, kept = store()
    first = proposed(kept)
    with pytest.raises(ConflictError) as refused:
        proposed(kept)
    assert refused.value.kind == "waiver-exists"
    later = datetime(2026, 12, 2, tzinfo=UTC)
    again = propose(kept, caller("officer", "compliance"), later, *HERE, WHY, date(2026, 12, 31))
    assert again.version == first.version + 1


def test_what_is_withdrawn_holds_no_more_and_may_be_proposed_anew() -> None:
    house, kept = store()
    first = proposed(kept)
    made = withdraw(kept, caller("clerk", "compliance"), AT, *HERE, "the head was named today")
    assert (made.state, made.withdrawn_by) == ("withdrawn", "clerk")
    assert withdraw(kept, caller("clerk", "compliance"), AT, *HERE, WHY) == made
    came = accepted_waivers(kept.waiver_decisions().readable)
    assert (came.waivers, came.withdrawn) == ((), (first.waiver().id,))
    with pytest.raises(NotFoundError):
        approve(kept, caller("clerk", "compliance"), AT, *HERE)
    again = proposed(kept, at=AT + timedelta(hours=1))
    assert again.past == (first.waiver().id,)
    assert len(house.events) == 3


def test_a_proposal_that_another_changes_meanwhile_is_looked_at_anew() -> None:
    house, kept = store(state("critical"))
    proposed(kept)
    house.meanwhile = lambda: withdraw(
        kept, caller("officer", "compliance"), AT, *HERE, "proposed by mistake"
    )
    with pytest.raises(NotFoundError):
        approve(kept, caller("clerk", "compliance"), AT, *HERE)
    known = kept.waiver_decision(HERE[1])
    assert known is not None
    assert known.state == "withdrawn"


def test_decisions_are_listed_the_latest_first() -> None:
    _, kept = store()
    first = proposed(kept)
    other = replace(first, finding="e" * 12, proposed_at=AT + timedelta(1), version=1)
    kept.keep_waiver_decision(other, replace_event())
    listed = waiver_decisions(kept, caller("officer", "compliance")).readable
    assert [one.finding for one in listed] == ["e" * 12, "f" * 12]
    assert waiver_decision_of(kept, caller("officer", "compliance"), *HERE) == first


def replace_event() -> Any:
    house, kept = store()
    proposed(kept, at=AT + timedelta(days=1))
    return house.events[0]


def test_an_incident_is_not_there_for_whose_conduct_it_is() -> None:
    house = crowded()
    found = state(subject=Subject("incident", incident="inc"), entity=None)
    kept = MemoryWaivers(house, {HERE: found})
    made = proposed(kept)
    culprit, prober = caller("culprit", "compliance"), caller("prober", "compliance")
    with pytest.raises(NotFoundError, match="no finding"):
        waiver_decision_of(kept, culprit, *HERE)
    with pytest.raises(NotFoundError, match="no finding"):
        withdraw(kept, culprit, AT, *HERE, WHY)
    with pytest.raises(NotFoundError, match="no finding"):
        approve(kept, culprit, AT, *HERE)
    assert waiver_decisions(kept, culprit).readable == ()
    # Who looks into it knows of it, and decides nothing about it.
    assert waiver_decisions(kept, prober).readable == (made,)
    withdraw(kept, caller("officer", "compliance"), AT, *HERE, WHY)
    with pytest.raises(DeniedError):
        proposed(kept, by="prober")
    with pytest.raises(NotFoundError):
        proposed(kept, by="culprit")


def test_nobody_accepts_an_incident_of_which_nothing_is_known() -> None:
    house = crowded()
    found = state(subject=Subject("incident", incident="other"), entity=None)
    with pytest.raises(ConflictError, match="whose incident other is") as refused:
        proposed(MemoryWaivers(house, {HERE: found}))
    assert refused.value.kind == "incident-unknown"
