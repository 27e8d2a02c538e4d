"""Accepting findings: who decides about whom, for how long, and about what exactly."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from rolecall.errors import ConflictError, DeniedError, NotFoundError, UsageError
from rolecall.finding import Finding
from rolecall.finding_state import FindingState
from rolecall.model import Severity, Subject
from rolecall.usecases.governance.waivers import (
    MOST_DAYS,
    WaiverDecision,
    accepted_waivers,
    approve,
    propose,
    waiver_decision_of,
    waiver_decisions,
    withdraw,
)
from tests.api import registry
from tests.stores.memory import MemoryHouse, MemoryWaivers
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
        entity="mid",
        severity=severity,
        evidence=b"{}",
        evidence_digest=facts.pop("digest", "0" * 64),
    )
    return FindingState(finding, AT, 1, status, "opened", 0)  # type: ignore[arg-type]


def store(known: FindingState | None = None) -> tuple[MemoryHouse, MemoryWaivers]:
    house = MemoryHouse(registry())
    return house, MemoryWaivers(house, {HERE: known or state()})


def proposed(kept: MemoryWaivers, by: str = "officer", at: datetime = AT) -> WaiverDecision:
    return propose(kept, caller(by, "compliance"), at, *HERE, WHY, UNTIL)


@pytest.mark.parametrize("severity", ["high", "medium", "low"])
def test_one_officer_accepts_what_is_not_critical(severity: Severity) -> None:
    house, kept = store(state(severity))
    made = proposed(kept)
    assert (made.state, made.approved_by) == ("approved", ("officer",))
    assert [event.action for event in house.events] == ["acceptance.approved"]
    assert accepted_waivers(kept.waiver_decisions()).waivers == (made.waiver(),)


def test_a_critical_finding_takes_two() -> None:
    house, kept = store(state("critical"))
    assert proposed(kept).state == "proposed"
    assert accepted_waivers(kept.waiver_decisions()).waivers == ()
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
    came = accepted_waivers(kept.waiver_decisions())
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
    listed = waiver_decisions(kept, caller("officer", "compliance"))
    assert [one.finding for one in listed] == ["e" * 12, "f" * 12]
    assert waiver_decision_of(kept, caller("officer", "compliance"), *HERE) == first


def replace_event() -> Any:
    house, kept = store()
    proposed(kept, at=AT + timedelta(days=1))
    return house.events[0]
