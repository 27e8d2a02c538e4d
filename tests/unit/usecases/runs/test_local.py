"""The use case: what is on record when, and what it refuses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from rolecall.errors import AuditLogError, PolicyError, UsageError
from rolecall.ledger.event import Event
from rolecall.ledger.log import records
from rolecall.ledger.memory_log import MemoryLog
from rolecall.reports.report import Report
from rolecall.usecases.runs.local import Limits, check_entities, run_audit
from tests.registries import AS_OF, RegistryFiles, parish


def broken() -> RegistryFiles:
    files = parish()
    files.row("accounts", 0, removal_path="none")
    files.row("accounts", 1, owner_id="")
    return files


def ignore(_: Report) -> None:
    """Publish a report to nobody."""


def statuses(report: Report) -> list[str]:
    return [tracked.status for tracked in report.findings]


def test_a_second_run_that_finds_the_same_appends_one_record() -> None:
    log = MemoryLog()
    registry = broken().read()
    first = run_audit(*registry, AS_OF, ignore, log=log)
    before = [record.action for record in records(log)]
    assert before == ["finding.opened"] * 2 + ["run.completed"]
    for night in (1, 2):
        again = run_audit(*registry, AS_OF + timedelta(night), ignore, log=log)
        assert statuses(again) == ["open", "open"]
    assert [record.action for record in records(log)] == [*before, *["run.completed"] * 2]
    assert (first.run.number, again.run.number) == (1, 3)


def test_a_run_is_on_record_only_after_it_was_published() -> None:
    log = MemoryLog()
    seen: list[list[str]] = []
    run_audit(
        *broken().read(),
        AS_OF,
        lambda _: seen.append([record.action for record in records(log)]),
        log=log,
    )
    assert seen == [["finding.opened"] * 2]
    assert [record.action for record in records(log)][-1] == "run.completed"


def test_what_could_not_be_published_is_new_again() -> None:
    log = MemoryLog()
    registry = broken().read()

    def fails(_: Report) -> None:
        raise OSError("the printer is on fire")

    for _ in range(2):
        with pytest.raises(OSError, match="on fire"):
            run_audit(*registry, AS_OF, fails, log=log)
    assert "run.completed" not in [record.action for record in records(log)]
    told = run_audit(*registry, AS_OF + timedelta(1), ignore, log=log)
    assert statuses(told) == ["new", "new"]
    assert told.run.number == 1
    assert {tracked.first_seen for tracked in told.findings} == {AS_OF}
    assert statuses(run_audit(*registry, AS_OF + timedelta(2), ignore, log=log)) == ["open"] * 2


def test_a_resolution_that_could_not_be_published_is_told_by_the_next_run() -> None:
    log = MemoryLog()

    def fails(_: Report) -> None:
        raise OSError("no")

    run_audit(*broken().read(), AS_OF, ignore, log=log)
    with pytest.raises(OSError, match="no"):
        run_audit(*parish().read(), AS_OF + timedelta(1), fails, log=log)
    told = run_audit(*parish().read(), AS_OF + timedelta(2), ignore, log=log)
    assert statuses(told) == ["resolved", "resolved"]
    assert statuses(run_audit(*parish().read(), AS_OF + timedelta(3), ignore, log=log)) == []


class FailingLog(MemoryLog):
    """Fails at one of its writes, of a record each."""

    def __init__(self, at: int) -> None:
        super().__init__(most=1)
        self.left = at

    def put(self, shard: int, seq: int, batch: Sequence[tuple[Event, bytes]]) -> bool:
        """Store records, or fail."""
        if not self.left:
            raise AuditLogError("the disk failed")
        self.left -= 1
        return super().put(shard, seq, batch)


def test_nothing_is_published_that_is_not_on_record() -> None:
    for at, published in ((0, 0), (1, 0), (2, 1)):
        log = FailingLog(at)
        reports: list[Report] = []
        with pytest.raises(AuditLogError):
            run_audit(*broken().read(), AS_OF, reports.append, log=log)
        assert len(reports) == published
        log.left = 9
        assert statuses(run_audit(*broken().read(), AS_OF, ignore, log=log)) == ["new", "new"]


def test_the_record_of_a_run_says_what_it_counted() -> None:
    log = MemoryLog()
    report = run_audit(
        *broken().read(), AS_OF, ignore, log=log, limits=Limits("e0", ("no-removal-path",))
    )
    last = list(records(log))[-1]
    assert (last.at, last.entity, last.subject) == (AS_OF, None, None)
    assert last.payload["run"] == report.run.id
    limited = {"entity": "e0", "controls": ["no-removal-path"], "below": ["e0", "e1"]}
    assert last.payload["scope"] == limited
    assert last.payload["summary"]["by_status"] == dict(report.summary.by_status)
    [coverage] = last.payload["coverage"]
    assert (coverage["passed"], coverage["failed"], coverage["not_evaluated"]) == (1, 1, 0)


def test_runs_have_ids_of_their_own_and_the_same_ones_again() -> None:
    def ids(*, entity: str | None = None) -> list[str]:
        log = MemoryLog()
        registry = broken().read()
        limits = Limits(entity)
        return [
            run_audit(*registry, AS_OF, ignore, log=log, limits=limits).run.id for _ in range(2)
        ]

    assert ids() == ids()
    assert len({*ids(), *ids(entity="e0"), *ids(entity="e1")}) == 6


def test_a_policy_for_an_unknown_entity_is_refused_with_a_suggestion() -> None:
    files = parish()
    files.row("entities", 1, id="st-brigid-parish")
    for table in ("accounts", "people"):
        for row in files.tables[table]:
            row["entity_id"] = row["entity_id"].replace("e1", "st-brigid-parish")
    files.policy += "[entities.st-brigit-parish.controls.dormant-account]\ndays = 3\n"
    files.policy += "[entities.nowhere.controls.dormant-account]\ndays = 3\n"
    log = MemoryLog()
    with pytest.raises(PolicyError) as caught:
        run_audit(*files.read(), AS_OF, ignore, log=log)
    first, second = caught.value.problems
    assert first.column == "entities.st-brigit-parish"
    assert "did you mean st-brigid-parish?" in first.message
    assert (second.column, "did you mean" in second.message) == ("entities.nowhere", False)
    assert list(records(log)) == []
    snapshot, policy = files.read()
    with pytest.raises(PolicyError):
        check_entities(policy, {entity.id for entity in snapshot.entities})


@pytest.mark.parametrize(
    ("limits", "message"),
    [
        (Limits("e7"), "the registry has no entity e7"),
        (Limits(None, ("orphan-admin",)), "did you mean orphaned-admin"),
        (Limits("e0", ("orphaned-admin", "nonsense")), "there is no control nonsense"),
    ],
)
def test_unknown_limits_are_refused_before_anything_is_written(
    limits: Limits, message: str
) -> None:
    log = MemoryLog()
    with pytest.raises(UsageError, match=message):
        run_audit(*parish().read(), AS_OF, ignore, log=log, limits=limits)
    assert list(records(log)) == []


def test_a_registry_of_required_columns_finds_things_and_says_what_it_could_not() -> None:
    files = parish()
    files.row("people", 0, status="left")
    required = {
        *("id", "name", "status", "entity_id", "platform", "handle"),
        *("account_id", "person_id", "role"),
    }
    files.drop("logins", "observations", "incidents")
    for table, columns in list(files.columns.items()):
        kept = required - ({"entity_id"} if table == "people" else set())
        files.drop(*(f"{table}.{column}" for column in columns if column not in kept))
    report = run_audit(*files.read(), AS_OF, ignore)
    found = {tracked.finding.control for tracked in report.findings}
    assert "orphaned-admin" in found
    coverage = {one.control: one for one in report.coverage}
    assert len(coverage) == len(report.controls)
    unchecked = {id_ for id_, one in coverage.items() if one.reasons and not one.passed}
    assert {"dormant-account", "weak-password", "clearance-expired"} <= unchecked
    assert not found & unchecked
    assert all(reason for id_ in unchecked for reason in coverage[id_].reasons)


def test_progress_is_told() -> None:
    counts: list[int] = []
    report = run_audit(*parish().read(), AS_OF, ignore, advance=counts.append)
    checked = sum(one.passed + one.failed + one.not_evaluated for one in report.coverage)
    assert sum(counts) == checked + sum(one.disabled for one in report.coverage)
