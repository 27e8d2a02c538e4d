"""The report of a run, from the records of the log alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from rolecall.errors import UsageError
from rolecall.ledger.event import SEAL, Event
from rolecall.ledger.log import records
from rolecall.ledger.memory_log import MemoryLog
from rolecall.ledger.note import LocalSigner
from rolecall.ledger.record import Record
from rolecall.lifecycle import ReportedFinding
from rolecall.reports.report import Report
from rolecall.run import WaiverOutcome
from rolecall.usecases.runs.completion import completed
from rolecall.usecases.runs.history import Runs, findings_of_entity
from rolecall.usecases.runs.local import Limits, run_audit
from rolecall.usecases.runs.role_holders import held_of
from tests.records import known_records
from tests.registries import AS_OF, ENTITIES, RegistryFiles, parish, registries
from tests.tiers import examples

SIGNER = LocalSigner("example.org/audit", bytes(32))


def audited(
    files: RegistryFiles,
    log: MemoryLog,
    night: int,
    *,
    die: bool = False,
    signer: LocalSigner | None = SIGNER,
    **limits: Any,
) -> Report | None:
    """Audit once; return the report, or nothing where the audit dies as it publishes."""
    as_of = AS_OF + timedelta(night)
    told: list[Report] = []

    def publish(report: Report) -> None:
        told.append(report)
        if die:
            raise InterruptedError

    try:
        run_audit(*files.read(), as_of, publish, log=log, signer=signer, limits=Limits(**limits))
    except InterruptedError:
        return None
    return told[0]


def broken() -> RegistryFiles:
    files = parish()
    files.row("accounts", 0, removal_path="none")
    files.row("accounts", 1, owner_id="")
    return files


def without_checks(
    findings: Iterator[ReportedFinding] | list[ReportedFinding],
) -> list[ReportedFinding]:
    """Leave out whether a finding could be checked: that is not on record."""
    return [replace(one, unevaluated=False) for one in findings]


def recorded(standing: WaiverOutcome) -> WaiverOutcome:
    """Return what the log has of a waiver: not what people wrote."""
    return replace(standing, reason="", approved_by=list(standing.approved_by))


NIGHTS = st.lists(
    st.tuples(
        registries(),
        st.booleans(),
        st.sampled_from([{}, {}, {"entity": ENTITIES[0]}, {"controls": ("no-removal-path",)}]),
    ),
    min_size=1,
    max_size=5,
)


@settings(max_examples=examples(60))
@given(NIGHTS)
def test_every_number_of_every_report_follows_from_the_records(nights: list[Any]) -> None:
    log = MemoryLog()
    reports: list[Report] = []
    for night, (files, die, limits) in enumerate(nights):
        report = audited(files, log, night, die=die, **limits)
        if report is not None:
            reports.append(report)
    runs = Runs(records(log))
    assert [one.run for one in runs.ended] == [report.run for report in reports]
    for ended, report in zip(runs.ended, reports, strict=True):
        told = report.heading()
        assert ended.heading == replace(told, waivers=[recorded(one) for one in told.waivers])
        entities = None
        if (entity := report.run.scope.entity) is not None:
            entities = report.context.below(entity)
        assert ended.entities == entities
        assert ended.accounts == len(list(held_of(report.context, entities)))
        shown = runs.findings(records(log), ended)
        assert without_checks(shown) == without_checks(list(report.findings))
        # What could not be checked at all is told as such.
        assert {one.finding.id for one in shown if one.unevaluated} <= {
            one.finding.id for one in report.findings if one.unevaluated
        }


def by_shard(log: MemoryLog) -> list[Record]:
    """Return the records of a log as one of four shards has them, a segment at a time."""
    found: list[Record] = []
    segment: list[Record] = []
    for record in known_records(log):
        if record.action == SEAL:
            found += [*sorted(segment, key=lambda one: one.shard or 0), record]
            segment = []
            continue
        subject = record.payload.get("finding", "0")
        segment.append(
            replace(record, shard=0 if record.action == "run.completed" else int(subject, 16) % 4)
        )
    return found + sorted(segment, key=lambda one: one.shard or 0)


@settings(max_examples=examples(60))
@given(NIGHTS)
def test_the_order_of_shards_changes_nothing(nights: list[Any]) -> None:
    log = MemoryLog()
    reports = []
    for night, (files, die, limits) in enumerate(nights):
        report = audited(files, log, night, die=die, **limits)
        if report is not None:
            reports.append(report)
    moved = by_shard(log)
    runs = Runs(moved)
    for ended, report in zip(runs.ended, reports, strict=True):
        shown = runs.findings(moved, ended)
        assert without_checks(shown) == without_checks(list(report.findings))


@settings(max_examples=examples(40))
@given(st.lists(registries(), min_size=1, max_size=4), st.sampled_from(ENTITIES))
def test_the_records_of_one_entity_tell_what_stands_there(
    nights: list[RegistryFiles], entity: str
) -> None:
    log = MemoryLog()
    for night, files in enumerate(nights):
        report = audited(files, log, night)
    assert report is not None
    ours = [record for record in records(log) if record.entity == entity]
    shown = findings_of_entity(ours, entity, report.run.id)
    expected = [one for one in report.findings if one.finding.entity == entity]
    assert without_checks(shown) == without_checks(expected)


def of_entity(log: MemoryLog, report: Report | None, entity: str) -> list[tuple[str, str, int]]:
    """Return control, status and nights since it was first seen of each finding of an entity."""
    assert report is not None
    found = findings_of_entity(
        (record for record in records(log) if record.entity == entity), entity, report.run.id
    )
    assert without_checks(found) == without_checks(
        [one for one in report.findings if one.finding.entity == entity]
    )
    return [
        (one.finding.control, one.status, (report.run.as_of - one.first_seen).days) for one in found
    ]


WAIVER = f"""
[[waivers]]
control = "no-removal-path"
account = "a0"
reason = "The platform is asked"
approved_by = ["p4", "p5"]
expires = {(AS_OF + timedelta(30)).date()}
"""


@pytest.mark.parametrize("policy", ["", WAIVER])
def test_a_finding_that_moves_is_told_to_both_entities(policy: str) -> None:
    log = MemoryLog()
    here, there = parish(), parish()
    for files in (here, there):
        files.row("accounts", 0, removal_path="none")
        files.policy += policy
    there.row("accounts", 0, entity_id="e1")
    stays = "waived" if policy else "open"
    first = audited(here, log, 0)
    assert of_entity(log, first, "e0") == [
        ("no-removal-path", "waived" if policy else "new", 0),
    ]
    assert of_entity(log, first, "e1") == []
    moved = audited(there, log, 1)
    assert of_entity(log, moved, "e0") == []
    assert of_entity(log, moved, "e1") == [("no-removal-path", stays, 1)]
    back = audited(here, log, 2)
    assert of_entity(log, back, "e0") == [("no-removal-path", stays, 2)]
    assert of_entity(log, back, "e1") == []


def test_a_finding_that_comes_back_elsewhere_is_told_there() -> None:
    log = MemoryLog()
    elsewhere = broken()
    elsewhere.row("accounts", 0, removal_path="none", entity_id="e1")
    elsewhere.row("accounts", 1, owner_id="p1")
    for night, files in enumerate([broken(), parish(), elsewhere]):
        report = audited(files, log, night)
    assert ("no-removal-path", "regressed", 2) in of_entity(log, report, "e1")
    assert "no-removal-path" not in {name for name, *_ in of_entity(log, report, "e0")}


def test_what_an_interrupted_run_found_is_told_by_the_next_one_sealed_or_not() -> None:
    log = MemoryLog()
    audited(parish(), log, 0, signer=None)
    audited(broken(), log, 1, signer=None, die=True)
    report = audited(broken(), log, 2, signer=None)
    assert report is not None
    runs = Runs(records(log))
    first, second = (
        [one.status for one in runs.findings(records(log), ended)] for ended in runs.ended
    )
    assert (first, second) == ([], ["new"] * len(report.findings))
    assert second


def test_runs_have_names() -> None:
    log = MemoryLog()
    for night in range(3):
        audited(broken(), log, night)
    runs = Runs(records(log))
    second = runs.ended[1]
    assert runs.named(None) is runs.ended[2]
    for name in ("2", second.run.id, second.run.id[:8]):
        assert runs.named(name) is second
    for name in ("4", second.run.id[:5], "no such run", ""):
        with pytest.raises(UsageError, match="no completed run is named"):
            runs.named(name)
    assert [point.number for point in runs.before(second)] == [1]
    with pytest.raises(UsageError, match="has no completed run"):
        Runs([]).named(None)


def test_a_run_of_an_early_release_is_counted_but_not_reported() -> None:
    log = MemoryLog()
    first = audited(broken(), log, 0)
    assert first is not None
    early = [
        replace(record, payload={"run": record.payload["run"], "summary": {}})
        if record.action == "run.completed"
        else record
        for record in records(log)
    ]
    audited(broken(), log, 1)
    stored = [*early, *list(records(log))[len(early) :]]
    runs = Runs(stored)
    assert [one.run.number for one in runs.ended] == [2]
    assert {one.status for one in runs.findings(stored, runs.ended[0])} == {"open"}


def event_of(waivers: int, entities: int) -> Event:
    report = run_audit(*broken().read(), AS_OF, lambda _: None)
    heading = report.heading()
    one = WaiverOutcome(
        "w" * 32, "x", report.findings[0].finding.subject, "", ["p1"], AS_OF.date(), ""
    )
    limited = replace(
        heading,
        run=replace(heading.run, scope=replace(heading.run.scope, entity="e")),
        waivers=[one] * waivers,
    )
    return completed(limited, 3, [f"entity-{number}" for number in range(entities)])


def test_what_a_record_has_no_room_for_is_left_out_and_said() -> None:
    log = MemoryLog()
    from rolecall.ledger.log import append

    append(log, [event_of(100_000, 100_000)])
    [ended] = Runs(records(log)).ended
    assert (ended.heading.waivers, ended.entities) == ([], None)
    with pytest.raises(UsageError, match="too many entities"):
        Runs(records(log)).findings(records(log), ended)
    append(log, [replace(event_of(3, 4), id="another")])
    ended = Runs(records(log)).ended[-1]
    assert (len(ended.heading.waivers), len(ended.entities or ())) == (3, 4)
