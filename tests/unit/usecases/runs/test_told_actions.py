"""What a run says is to be done: the same at once and at night, and proven by its record."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from rolecall.controls.context import Context
from rolecall.ledger.log import records
from rolecall.ledger.memory_log import MemoryLog
from rolecall.ledger.record import Record
from rolecall.model import Policy, Snapshot
from rolecall.reports.named_action import ToldActions
from rolecall.usecases.runs.completion import ended
from rolecall.usecases.runs.history import Runs
from rolecall.usecases.runs.local import run_audit
from rolecall.usecases.runs.nightly import complete_run
from rolecall.usecases.runs.told_actions import (
    ActionSorter,
    ToldHeading,
    encoded_parts,
    parts_of,
)
from tests.nights import Documents, MemoryFiles, MemoryFindings, night
from tests.registries import AS_OF, RegistryFiles, parish, read, registries
from tests.tiers import examples
from tests.unit.usecases.runs.test_plan import EXAMPLE, text_of


def audited_at_once(snapshot: Snapshot, policy: Policy) -> tuple[ToldActions, str | None]:
    """Return what an audit says is to be done, and the digest in its record."""
    log = MemoryLog()
    report = run_audit(snapshot, policy, AS_OF, lambda _: None, log=log)
    assert report.actions is not None
    return report.actions, Runs(records(log)).named(None).actions


def audited_at_night(
    snapshot: Snapshot, policy: str | None, most: int
) -> tuple[dict[str, Any], str | None]:
    """Return the report of a night, and the digest in its record."""
    findings = MemoryFindings()
    report = night(Documents(snapshot, policy), findings, MemoryFiles(), AS_OF, most=most)
    return report, Runs(records(findings.log)).named(None).actions


@pytest.mark.parametrize("most", [1_000, 1_500_000])
def test_a_night_says_what_an_audit_at_once_does(most: int) -> None:
    snapshot, policy = read(EXAMPLE)
    told, digest = audited_at_once(snapshot, policy)
    report, at_night = audited_at_night(snapshot, text_of(EXAMPLE), most)
    assert len(told.first) > 50
    assert digest == told.digest == at_night
    assert [one["id"] for one in report["actions"]] == [one.action.id for one in told.first]


@settings(max_examples=examples(60), deadline=None)
@given(registries(), st.sampled_from([300, 1_500, 5_000]))
def test_whatever_the_batches(files: RegistryFiles, most: int) -> None:
    snapshot, rules = files.read()
    told, digest = audited_at_once(snapshot, rules)
    assert audited_at_night(snapshot, files.policy, most)[1] == digest == told.digest


def test_a_run_that_an_early_release_audited_in_part_says_nothing() -> None:
    snapshot, _ = read(EXAMPLE)
    files, findings = MemoryFiles(), MemoryFindings()
    night(Documents(snapshot, text_of(EXAMPLE)), findings, files, AS_OF, most=20_000)
    [prefix] = {name.rpartition("/audited/")[0] for name in files.files if "/audited/" in name}
    name = f"{prefix}/audited/000000.json"
    early = msgspec.json.decode(files.files[name])
    assert early.pop("actions") > 0
    files.files[name] = msgspec.json.encode(early)
    del files.files[f"{prefix}/actions/000000.json"]
    fresh = MemoryFindings()
    complete_run(files, fresh, prefix)
    assert Runs(records(fresh.log)).named(None).actions is None
    heading = msgspec.json.decode(files.files[f"{prefix}/heading.json"], type=ToldHeading)
    assert heading.actions is None


def test_what_is_joined_twice_is_the_same() -> None:
    snapshot, _ = read(EXAMPLE)
    files, findings = MemoryFiles(), MemoryFindings()
    night(Documents(snapshot, text_of(EXAMPLE)), findings, files, AS_OF, most=20_000)
    [prefix] = {name.rpartition("/audited/")[0] for name in files.files if "/audited/" in name}
    before = dict(files.files)
    count = len(list(records(findings.log)))
    complete_run(files, findings, prefix)
    assert files.files == before
    assert len(list(records(findings.log))) == count


def test_a_record_of_an_early_release_says_no_digest() -> None:
    log = MemoryLog()
    snapshot, policy = read(EXAMPLE)
    run_audit(snapshot, policy, AS_OF, lambda _: None, log=log)
    [record] = [one for one in records(log) if one.action == "run.completed"]
    assert isinstance(record, Record)
    early = {name: value for name, value in record.payload.items() if name != "actions"}
    assert early != record.payload
    assert ended(replace(record, payload=early)).actions is None


def test_where_nothing_stands_nothing_is_said() -> None:
    told, digest = audited_at_once(*parish().read())
    assert (told.first, told.more, told.digest, digest) == ([], 0, None, None)
    log = MemoryLog()
    run_audit(*parish().read(), AS_OF, lambda _: None, log=log)
    assert "actions" not in next(one for one in records(log) if "run" in one.payload).payload


def test_no_more_is_kept_than_is_shown() -> None:
    snapshot, policy = read(EXAMPLE)
    context = Context(snapshot, policy, AS_OF)
    report = run_audit(snapshot, policy, AS_OF, lambda _: None)
    parts = list(parts_of(report.findings, context))
    whole = ToldActions.of(parts)
    few = ToldActions.of(iter(parts), most=7)
    assert [one.action.id for one in few.first] == [one.action.id for one in whole.first[:7]]
    assert few.more == len(whole.first) - 7
    assert few.digest not in (whole.digest, None)


def test_each_entity_has_its_own_part() -> None:
    snapshot, policy = read(EXAMPLE)
    report = run_audit(snapshot, policy, AS_OF, lambda _: None)
    told = report.actions
    assert told is not None
    parts = parts_of(report.findings, report.context)
    with ActionSorter([encoded_parts(parts)]) as actions:
        found = {entity: actions.of(entity) for entity in actions.entities()}
    standing: dict[str, set[str]] = {}
    for one in report.findings:
        if one.stands and one.finding.entity is not None:
            standing.setdefault(one.finding.entity, set()).add(one.finding.id)
    assert list(found) == sorted(standing)
    for entity, own in found.items():
        ends = {one.finding for named in own.first for one in named.action.ended}
        assert ends == standing[entity]
        assert not any(named.action.for_officers for named in own.first)
        assert own == told.narrowed(entity)
        named = {id_ for one in own.first for ids in one.called.values() for id_ in ids}
        assert not named & (found.keys() - {entity}), "of other entities nothing is said"
