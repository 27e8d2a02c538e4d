"""Findings about incidents are told to officers, and to heads only where a policy asks for it."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from rolecall.controls.audience import CONFIDENTIAL
from rolecall.controls.catalogue import catalogue
from rolecall.controls.context import Context
from rolecall.engine import evaluate
from rolecall.finding import canonical, digest
from rolecall.finding_state import fold
from rolecall.ledger.event import Event
from rolecall.ledger.log import append, records
from rolecall.ledger.memory_log import MemoryLog
from rolecall.usecases.reporting.from_log import recount
from rolecall.usecases.runs.history import Runs, findings_of_entity
from tests.functional.command import EXAMPLE
from tests.registries import AS_OF, CLEAN_POLICY, RegistryFiles, moment, parish, read
from tests.unit.test_lifecycle import Nights

TO_HEADS = CLEAN_POLICY.replace("[policy]\n", '[policy]\nincidents_to = "heads"\n', 1)
ACCUSED = "p0"


def incident(policy: str = CLEAN_POLICY, **cells: str) -> RegistryFiles:
    """Return the parish with an incident of which every control of incidents has to complain."""
    files = parish()
    files.policy = policy
    told = {
        "subject_id": ACCUSED,
        "investigators": f"{ACCUSED}:pastor",
        "opened_at": moment(-24 * 30),
        "due_on": "2026-01-01",
        "personal_data": "yes",
        "notified_decision_at": "",
        "sanction": "termination",
        "previous_sanction": "",
    }
    files.row("incidents", 0, **{**told, **cells})
    return files


def ours(found: dict[str, Any]) -> dict[str, Any]:
    """Return the findings about incidents."""
    return {name: one for name, one in found.items() if one.finding.subject.kind in CONFIDENTIAL}


def test_officers_are_told_and_no_entity() -> None:
    nights = Nights()
    found = ours(nights.run(incident()))
    assert len(found) >= 2
    assert {one.finding.entity for one in found.values()} == {None}
    said = [one for one in records(nights.log) if getattr(one.subject, "kind", "") in CONFIDENTIAL]
    assert said
    assert {one.entity for one in said} == {None}


def test_heads_are_told_where_the_policy_asks_for_it() -> None:
    found = ours(Nights().run(incident(TO_HEADS)))
    assert {one.finding.entity for one in found.values()} == {"e0"}


def test_readiness_for_a_crisis_stays_with_the_head() -> None:
    files = parish()
    files.row("accounts", 0, crisis_contact_ids="")
    [finding] = [
        one.finding
        for one in Nights().run(files).values()
        if one.finding.control == "crisis-contacts-thin"
    ]
    assert finding.entity == "e0"


def test_limits_of_the_entity_hold_all_the_same() -> None:
    files = incident(CLEAN_POLICY + "\n[entities.e0.controls.incident-overdue]\nenabled = false\n")
    assert "incident-overdue i0" in ours(Nights().run(incident()))
    assert "incident-overdue i0" not in ours(Nights().run(files))


def test_an_audit_of_an_entity_neither_tells_nor_counts_them() -> None:
    nights = Nights()
    assert ours(nights.run(incident(), entity="e0")) == {}
    [ended] = [one for one in records(nights.log) if one.action == "run.completed"]
    counted = {
        one["control"]: one["passed"] + one["failed"] + one["not_evaluated"]
        for one in ended.payload["coverage"]
    }
    kinds = {id_: control.subjects.kind for id_, control in catalogue().items()}
    assert {counted[id_] for id_ in counted if kinds[id_] in CONFIDENTIAL} == {0}
    # One row more than yesterday would tell of it as well.
    assert "incidents" not in ended.payload["registry"]["rows"]
    assert "incidents" not in ended.payload["summary"]["subjects_checked"]


def test_a_report_of_an_entity_counts_no_incidents() -> None:
    nights = Nights()
    for files in (incident(), parish().drop("incidents")):
        nights.run(files)
    runs = Runs(list(records(nights.log)))
    told = [
        recount(lambda: records(nights.log), runs, run, "e0").heading.run.registry.rows
        for run in runs.ended
    ]
    assert told[0] == told[1]
    whole = [run.run.registry.rows["incidents"] for run in runs.ended]
    assert whole[0] > whole[1]


def test_an_audit_of_an_entity_resolves_none_of_them() -> None:
    nights = Nights()
    before = ours(nights.run(incident(TO_HEADS)))
    assert ours(nights.run(incident(), entity="e0")) == {}
    assert {one.status for one in ours(nights.run(incident())).values()} == {"open"}
    assert before.keys() == ours(nights.run(incident())).keys()


def test_what_moved_away_is_not_resolved_by_an_audit_of_where_it_was() -> None:
    nights = Nights()
    files = parish()
    # Who is above, and who heads what, stays: only whose the account is changes.
    files.tables["entities"][1]["parent_id"] = ""
    files.row("accounts", 1, removal_path="none")
    name = "no-removal-path a1"
    assert nights.statuses(files)[name] == "new"
    files.row("accounts", 1, entity_id="e0")
    assert name not in nights.statuses(files, entity="e1")
    # Both hear of it, and the one that has it now hears since when and why.
    assert nights.last(3) == ["finding.moved", "finding.changed", "run.completed"]
    last = [one for one in records(nights.log) if one.action == "run.completed"][-1]
    run = last.payload["run"]
    assert findings_of_entity(records(nights.log), "e1", run) == []
    [told] = findings_of_entity(records(nights.log), "e0", run)
    assert (told.first_seen, told.finding.evidence) == (AS_OF, b'{"removal_path":"none"}')
    assert nights.statuses(files)[name] == "open"


@pytest.mark.parametrize("unchecked", [False, True])
def test_what_heads_were_told_goes_to_officers_with_the_next_audit(unchecked: bool) -> None:
    nights = Nights()
    known = ours(nights.run(incident(TO_HEADS)))
    files = incident()
    if unchecked:
        for column in ("investigators", "due_on", "personal_data", "sanction"):
            files.drop(f"incidents.{column}")
    found = ours(nights.run(files))
    assert found.keys() >= known.keys()
    assert {one.finding.entity for one in found.values()} == {None}
    assert {one.unevaluated for one in found.values()} == {unchecked}
    state = fold(records(nights.log)).findings
    for one in found.values():
        assert state[one.finding.id].finding == one.finding
        assert state[one.finding.id].first_seen == AS_OF
    # What the entity's own records add up to has none of it any more.
    last = [one for one in records(nights.log) if one.action == "run.completed"][-1]
    theirs = findings_of_entity(records(nights.log), "e0", last.payload["run"])
    assert [one for one in theirs if one.finding.subject.kind in CONFIDENTIAL] == []
    # The night after writes nothing more.
    size = len(nights.actions())
    nights.run(files)
    assert nights.actions()[size:] == ["run.completed"]


def test_heads_who_are_told_again_hear_since_when() -> None:
    nights = Nights()
    nights.run(incident())
    again = ours(nights.run(incident(TO_HEADS)))
    last = [one for one in records(nights.log) if one.action == "run.completed"][-1]
    theirs = findings_of_entity(records(nights.log), "e0", last.payload["run"])
    told = [one for one in theirs if one.finding.subject.kind in CONFIDENTIAL]
    assert {one.finding.id for one in told} == {one.finding.id for one in again.values()}
    assert {one.first_seen for one in told} == {AS_OF}


def test_evidence_of_an_early_release_is_not_said_again() -> None:
    # It named whose conduct it is: that stays where it was said, and goes nowhere else.
    nights = Nights()
    [single] = [
        one.finding
        for one in ours(nights.run(incident(TO_HEADS))).values()
        if one.finding.control == "single-investigator"
    ]
    evidence = canonical({"because": "subject", "subject_id": ACCUSED})
    early = Event(
        id="early",
        at=AS_OF,
        actor="audit",
        action="finding.changed",
        entity="e0",
        subject=single.subject,
        payload={
            "finding": single.id,
            "version": 2,
            "run": "early",
            "control": single.control,
            "severity": single.severity,
            "evidence": msgspec.Raw(evidence),
            "evidence_digest": digest(evidence),
        },
    )
    append(nights.log, [early])
    size = len(list(records(nights.log)))
    files = incident()
    files.drop("incidents.investigators")
    nights.run(files)
    said = [one for one in list(records(nights.log))[size:] if one.subject == single.subject]
    assert said
    assert ACCUSED not in repr(said)


@pytest.mark.parametrize("policy", [CLEAN_POLICY, TO_HEADS])
def test_nothing_on_record_names_whose_conduct_it_is(policy: str) -> None:
    for people in ("p0:pastor", "p0:pastor|accused:hr", "accused:hr", ""):
        nights = Nights(MemoryLog())
        files = incident(policy, subject_id="accused", investigators=people)
        assert ours(nights.run(files)), people
        assert "accused" not in repr(list(records(nights.log)))


def test_evidence_about_incidents_has_no_person_in_the_example() -> None:
    snapshot, policy = read(EXAMPLE)
    found = evaluate(Context(snapshot, policy, AS_OF), list(catalogue().values()))
    people = {one.subject_id for one in snapshot.incidents} | {
        each.person_id for one in snapshot.incidents for each in one.investigators
    }
    told = [one for one in found.findings if one.subject.kind in CONFIDENTIAL]
    assert len({one.control for one in told}) >= 3
    for one in told:
        texts = set(_texts(msgspec.json.decode(one.evidence)))
        assert texts.isdisjoint(people - {None}), one


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for one in value.values() for text in _texts(one)]
    if isinstance(value, list):
        return [text for one in value for text in _texts(one)]
    return [value] if isinstance(value, str) else []


def test_what_reads_incidents_is_about_incidents() -> None:
    """A control of another kind would tell a head of an incident all the same."""
    for id_, control in catalogue().items():
        columns = (*control.needs, *control.partly)
        if any(one.startswith("incidents.") for one in columns):
            assert control.subjects.kind in CONFIDENTIAL, id_
        if control.subjects.kind in CONFIDENTIAL:
            continue
        source = ast.parse(_source(control.check))
        names = {one.attr for one in ast.walk(source) if isinstance(one, ast.Attribute)}
        assert "incidents" not in names, id_


def _source(check: Callable[..., Any]) -> str:
    return inspect.getsource(inspect.getmodule(check))  # type: ignore[arg-type]


def test_controls_of_incidents_may_name_no_person() -> None:
    """Columns of people, as evidence, would say whose conduct it is."""
    for control in catalogue().values():
        if control.subjects.kind in CONFIDENTIAL:
            told = control.detail if isinstance(control.detail, str) else str(control.detail)
            assert "subject_id" not in told, control.id
            assert "{investigators" not in told, control.id


def test_a_subject_of_a_closed_account_is_told_to_officers_too() -> None:
    files = incident()
    files.row("accounts", 0, status="closed")
    found = ours(Nights().run(files))
    assert found
    assert {one.finding.entity for one in found.values()} == {None}


def test_the_kind_is_in_the_vocabulary() -> None:
    kinds = {control.subjects.kind for control in catalogue().values()}
    assert kinds >= CONFIDENTIAL
    assert read(EXAMPLE)[1].incidents_to == "officers"
