"""The four functions of the night, on tables and buckets made from the template."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import boto3
import msgspec
import pytest
from botocore.exceptions import ClientError
from hypothesis import Phase, given, settings
from msgspec.structs import replace

from rolecall.aws import remote
from rolecall.errors import RegistryError, UsageError, VersionConflictError
from rolecall.ledger.log import records
from rolecall.ledger.memory_log import MemoryLog
from rolecall.model import Account, Entity, Grant, Person, Snapshot
from rolecall.registry.documents import OF_ACCOUNTS, documents, snapshot_of
from tests.cloud import Cloud, Invocation, begins, cloud, new_session
from tests.cloud_nights import (
    POLICY,
    after_a_night,
    bring_in,
    finish,
    items,
    night,
    plan,
    verify,
    whole,
    with_diocese,
)
from tests.registries import AS_OF, RegistryFiles, parish, registries
from tests.tiers import examples

pytestmark = begins(with_diocese)


# -- the same as offline ---------------------------------------------------------------------------


@pytest.mark.parametrize("size", ["1500000", "4000"])
def test_the_example_gives_the_findings_of_the_offline_audit(
    sky: Cloud, diocese: Snapshot, size: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BATCH_BYTES", size)
    report = night(sky)
    offline = whole(diocese, POLICY)
    assert report["findings"] == offline["findings"]
    assert report["summary"] == offline["summary"]
    assert report["coverage"] == offline["coverage"]
    assert report["waivers"] == offline["waivers"]
    counts = verify(sky)
    assert len(counts) > 130


@begins(None)
@pytest.mark.parametrize("form", ["no tables", "no rows"])
def test_a_night_that_knows_nobody_says_so_as_offline(form: str, sky: Cloud) -> None:
    files = parish()
    if form == "no rows":
        files.tables["people"].clear()
        files.tables["grants"].clear()
    else:
        files.drop("people", "grants")
    snapshot = files.read()[0]
    bring_in(sky, snapshot, files.policy)
    report, offline = night(sky), whole(snapshot, files.policy)
    assert report["findings"] == offline["findings"]
    assert report["coverage"] == offline["coverage"]
    assert not [one for one in report["findings"] if "is not on the roster" in one["detail"]]
    told = {one["control"]: one["reasons"] for one in report["coverage"]}
    assert set(told["suspended-admin"]) == {
        "no people are on record; fill the table people",
        "no grants are on record; fill the table grants",
    }
    # As soon as somebody is on record, whoever is not is missing.
    known = parish().drop("grants")
    known.row("accounts", 0, owner_id="nobody-known")
    bring_in(sky, known.read()[0], files.policy)
    found = [one["control"] for one in night(sky, AS_OF + timedelta(hours=1))["findings"]]
    assert "account-without-owner" in found


def test_how_far_a_night_is_can_be_seen_while_it_runs(
    sky: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BATCH_BYTES", "3000")
    machines = SimpleNamespace(describe_execution=lambda **_: {"status": "RUNNING"})
    monkeypatch.setattr(remote, "client", lambda _: machines)
    run = remote.Execution(sky.stack(), "arn:aws:states:us-east-1:1:execution:nightly:night")
    assert run.progress() == remote.Progress("RUNNING", 0, 0)
    with pytest.raises(UsageError, match="not planned"):
        _ = run.frozen
    batches = items(sky, plan(sky))
    assert len(batches) > 2
    audit = sky.function("audit")
    for done, batch in enumerate(batches):
        assert run.progress() == remote.Progress("RUNNING", len(batches), done)
        audit.handler(batch, Invocation())
    machines.describe_execution = lambda **_: {"status": "FAILED", "error": "Night.Broken"}
    ended = run.progress()
    assert ended == remote.Progress("FAILED", len(batches), len(batches), "Night.Broken")
    assert ended.has_ended


def lambda_said(message: str) -> str:
    return json.dumps({"errorMessage": message, "errorType": "UsageError", "stackTrace": ["a"]})


@pytest.mark.parametrize(
    ("described", "said"),
    [
        ({"status": "SUCCEEDED"}, ""),
        # As the definition has it: what was caught, as a text.
        (
            {
                "error": "UsageError",
                "cause": json.dumps({"Error": "UsageError", "Cause": lambda_said("no registry")}),
            },
            "UsageError: no registry",
        ),
        # Nothing was caught: the execution ends with what the function said.
        ({"error": "LogForkError", "cause": lambda_said("two logs")}, "LogForkError: two logs"),
        (
            {"error": "States.Timeout", "cause": json.dumps({"Error": "States.Timeout"})},
            'States.Timeout: {"Error": "States.Timeout"}',
        ),
        (
            {"error": "RunFailed", "cause": "A step of the run failed."},
            "RunFailed: A step of the run failed.",
        ),
        ({"error": "E", "cause": json.dumps({"Cause": 1})}, 'E: {"Cause": 1}'),
        ({"error": "E", "cause": lambda_said("\x1b[31m")}, "E: \\x1b[31m"),
    ],
)
def test_why_a_run_ended_is_what_its_step_said(described: dict[str, str], said: str) -> None:
    assert remote.why_ended(described) == said
    longest = remote.why_ended({"error": "E", "cause": lambda_said("x" * 9_000)})
    assert len(longest) < 600


@begins(after_a_night)
def test_the_next_night_opens_nothing_and_writes_next_to_nothing(sky: Cloud) -> None:
    before = verify(sky)
    written = Counter[str]()

    def count(params: dict[str, Any], model: Any, **_: Any) -> None:
        assert model.name in ("Query", "GetItem", "TransactWriteItems")
        for item in params.get("TransactItems", ()):
            (write,) = item.values()
            written[write["TableName"]] += 1

    new_session().register("provide-client-params.dynamodb", count)
    report = night(sky, AS_OF + timedelta(hours=1))
    new_session()
    assert {finding["status"] for finding in report["findings"]} == {"open", "waived"}
    assert sum((verify(sky) - before).values()) == 2  # the run and its seal
    # In the log the run, its idempotency item and the head; beside the findings the run twice, as
    # started and as completed, the count of runs, and the policy that it went by.
    assert written == {"AuditLogTable": 3, "FindingsTable": 4}


@begins(after_a_night)
def test_a_finding_goes_when_it_is_mended_and_comes_back(sky: Cloud, diocese: Snapshot) -> None:
    first = sky.begun
    worst = next(one for one in first["findings"] if one["control"] == "no-removal-path")
    mended = replace(
        diocese,
        accounts=tuple(
            replace(one, removal_path="head") if one.id == worst["subject"]["account"] else one
            for one in diocese.accounts
        ),
    )
    for days, (snapshot, status) in enumerate(
        [(mended, "resolved"), (mended, None), (diocese, "regressed"), (diocese, "open")], 1
    ):
        bring_in(sky, snapshot)
        report = night(sky, AS_OF + timedelta(hours=days))
        found = {one["id"]: one["status"] for one in report["findings"]}
        assert found.get(worst["id"]) == status
    verify(sky)


@begins(after_a_night)
def test_a_waiver_comes_and_goes_and_comes_again(sky: Cloud, diocese: Snapshot) -> None:
    waived = [one for one in sky.begun["findings"] if one["status"] == "waived"]
    assert waived
    without = POLICY.partition("[[waivers]]")[0]
    for hours, (policy, status) in enumerate(
        [(without, "open"), (POLICY, "waived"), (without, "open"), (POLICY, "waived")], 1
    ):
        bring_in(sky, diocese, policy)
        report = night(sky, AS_OF + timedelta(hours=hours))
        found = {one["id"]: one["status"] for one in report["findings"]}
        assert {found[one["id"]] for one in waived} == {status}
    verify(sky)


@pytest.mark.no_cover
@settings(max_examples=examples(6), phases=[Phase.generate])
@given(registries(), registries())
def test_any_registries_night_after_night(first: RegistryFiles, second: RegistryFiles) -> None:
    log = MemoryLog()
    with cloud() as sky:
        for hours, files in enumerate((first, second, first, first)):
            as_of = AS_OF + timedelta(hours=hours)
            bring_in(sky, files.read()[0], files.policy)
            report = night(sky, as_of)
            offline = whole(files.read()[0], files.policy, as_of, log)
            assert [told(one) for one in report["findings"]] == [
                told(one) for one in offline["findings"]
            ]
            assert report["summary"] == offline["summary"]
        verify(sky)


def told(finding: dict[str, Any]) -> dict[str, Any]:
    """Return a finding without its label: a batch has no name for whom nothing names any more."""
    return {name: value for name, value in finding.items() if name != "label"}


# -- what changes meanwhile ------------------------------------------------------------------------


def test_a_run_keeps_the_registry_and_the_policy_that_it_froze(
    sky: Cloud, diocese: Snapshot
) -> None:
    planned = plan(sky)
    of_accounts = dict.fromkeys(OF_ACCOUNTS, ())
    emptied = replace(diocese, accounts=(), observations=(), **of_accounts)
    bring_in(sky, emptied, "[controls.orphaned-admin]\nenabled = false\n")
    audit = sky.function("audit")
    for item in items(sky, planned):
        audit.handler(item, Invocation())
    assert finish(sky, planned)["findings"] == whole(diocese, POLICY)["findings"]


def test_two_runs_at_once_leave_each_finding_once(sky: Cloud, diocese: Snapshot) -> None:
    first, second = plan(sky), plan(sky, AS_OF + timedelta(minutes=5))
    audit = sky.function("audit")
    for planned in (first, second):
        for item in items(sky, planned):
            audit.handler(item, Invocation())
    for planned in (second, first):
        report = finish(sky, planned)
        assert {one["id"] for one in report["findings"]} == {
            one["id"] for one in whole(diocese, POLICY)["findings"]
        }
    verify(sky)


def test_a_step_that_is_called_again_changes_nothing(sky: Cloud) -> None:
    planned = plan(sky)
    audit, seal = sky.function("audit"), sky.function("seal")
    for _ in range(2):
        for item in items(sky, planned):
            audit.handler(item, Invocation())
    for _ in range(2):
        seal.handler({"prefix": planned["prefix"]}, Invocation())
    counts = verify(sky)
    assert finish(sky, planned) == finish(sky, planned)
    assert verify(sky) == counts
    assert sky.stack().findings.runs() == 1


def test_a_run_that_failed_is_sealed_and_tells_nobody(sky: Cloud) -> None:
    planned = plan(sky)
    sky.function("audit").handler(items(sky, planned)[0], Invocation())
    sky.function("seal").handler({}, Invocation())
    before = verify(sky)
    assert not any(record.action == "run.completed" for record in records(sky.stack().log))
    # What nobody was told is new in the run that tells it.
    report = night(sky, AS_OF + timedelta(hours=1))
    assert {one["status"] for one in report["findings"]} == {"new", "waived"}
    assert before.keys() <= verify(sky).keys()


# -- sizes -----------------------------------------------------------------------------------------


@begins(None)
def test_a_large_document_is_kept_whole_and_one_too_large_is_refused(sky: Cloud) -> None:
    def held(count: int) -> Snapshot:
        return Snapshot(
            entities=(Entity("e0", "Entity"),),
            people=(Person("p0", "Somebody", "active"),),
            accounts=(Account("a0", "e0", "website", "site.example", "active"),),
            grants=tuple(
                Grant("a0", f"p{number:0900}", "admin", granted_on=date(2026, 1, 1))
                for number in range(count)
            ),
        )

    large = held(350)
    size = max(map(len, documents(large, "").values()))
    assert 300_000 < size < 380_000
    bring_in(sky, large, "")
    assert len(snapshot_of(sky.stack().registry.documents())[0].grants) == 350
    planned = plan(sky)
    batch = json.loads(sky.stack().files.get(f"{planned['prefix']}/batches/000000.json"))
    assert len(batch["accounts"][0]["grants"]) == 350
    with pytest.raises(RegistryError) as caught:
        documents(held(450), "")
    assert "ACCOUNT#a0: takes 4" in str(caught.value.problems[0])
    with pytest.raises(RegistryError) as caught:
        documents(Snapshot(people=(Person("p" * 1_001, "Somebody", "active"),)), "")
    assert "its name is longer than the 1,000 bytes" in str(caught.value.problems[0])


# -- the registry ----------------------------------------------------------------------------------


def test_what_was_imported_comes_back(sky: Cloud, diocese: Snapshot) -> None:
    snapshot, policy = snapshot_of(sky.stack().registry.documents())
    assert policy == POLICY
    registry = sky.stack().registry
    assert not registry.compare(documents(snapshot, policy))
    for table in ("entities", "people", "accounts", "grants", "logins", "observations"):
        assert set(map(msgspec.json.encode, getattr(snapshot, table))) == set(
            map(msgspec.json.encode, getattr(diocese, table))
        )


@begins(after_a_night)
def test_an_account_that_moves_takes_its_findings_along(sky: Cloud, diocese: Snapshot) -> None:
    first = sky.begun
    finding = next(one for one in first["findings"] if one["control"] == "no-removal-path")
    id_ = finding["subject"]["account"]
    target = next(one.id for one in diocese.entities if one.id != finding["entity"])
    moved = replace(
        diocese,
        accounts=tuple(
            replace(one, entity_id=target) if one.id == id_ else one for one in diocese.accounts
        ),
    )
    changes = sky.stack().registry.compare(documents(moved, POLICY))
    assert [place.key for place in changes.moved] == [f"ACCOUNT#{id_}"]
    assert not changes.added
    assert not changes.removed
    bring_in(sky, moved)
    report = night(sky, AS_OF + timedelta(hours=1))
    again = next(one for one in report["findings"] if one["id"] == finding["id"])
    assert (again["entity"], again["status"]) == (target, "open")
    assert again["first_seen"] == finding["first_seen"]
    verify(sky)


@begins(None)
def test_an_import_that_was_interrupted_goes_on(sky: Cloud, diocese: Snapshot) -> None:
    registry = sky.stack().registry
    changes = registry.compare(documents(diocese, POLICY))
    half = replace(changes, writes=changes.writes[: len(changes.writes) // 2])
    registry.apply(half)
    with pytest.raises(UsageError, match="no registry yet"):
        registry.settings()
    rest = registry.compare(documents(diocese, POLICY))
    assert len(rest.writes) == len(changes.writes) - len(half.writes)
    registry.apply(rest)
    assert not registry.compare(documents(diocese, POLICY))


def test_an_import_does_not_write_over_what_somebody_else_changed(
    sky: Cloud, diocese: Snapshot
) -> None:
    ours, theirs = sky.stack().registry, sky.stack().registry
    renamed = replace(
        diocese, people=(replace(diocese.people[0], name="Renamed"), *diocese.people[1:])
    )
    other = replace(diocese, people=(replace(diocese.people[0], name="Other"), *diocese.people[1:]))
    changes = ours.compare(documents(renamed, POLICY))
    theirs.apply(theirs.compare(documents(other, POLICY)))
    with pytest.raises(VersionConflictError, match="import again"):
        ours.apply(changes)
    assert theirs.table.get(*next(iter(changes.changed))).version == 2  # type: ignore[union-attr]


# -- what is locked --------------------------------------------------------------------------------


@begins(after_a_night)
def test_seals_and_reports_are_locked(sky: Cloud) -> None:
    s3 = boto3.client("s3")
    bucket = sky.outputs["ReportBucket"]
    modes = Counter[str]()
    for entry in s3.list_objects_v2(Bucket=bucket)["Contents"]:
        kind = entry["Key"].split("/")[0]
        lock = s3.head_object(Bucket=bucket, Key=entry["Key"])["ObjectLockMode"]
        assert lock == ("GOVERNANCE" if kind == "reports" else "COMPLIANCE")
        modes[kind] += 1
        version = s3.list_object_versions(Bucket=bucket, Prefix=entry["Key"])["Versions"][0]
        with pytest.raises(ClientError, match="AccessDenied"):
            s3.delete_object(Bucket=bucket, Key=entry["Key"], VersionId=version["VersionId"])
    assert modes == {"checkpoints": 1, "keys": 1, "segments": 1, "tallies": 1, "reports": 2}


@pytest.mark.parametrize("name", ["plan", "audit", "report"])
@pytest.mark.parametrize("event", [{}, {"prefix": 1, "number": "x"}, {"execution": "x"}])
@begins(None)
def test_a_bad_event_is_an_error(sky: Cloud, name: str, event: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError):
        sky.function(name).handler(event, Invocation())
