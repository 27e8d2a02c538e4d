"""A registry cut into batches is audited as the whole of it is."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from rolecall.errors import UsageError
from rolecall.ledger.log import records
from rolecall.ledger.memory_log import MemoryLog
from rolecall.model import (
    TABLES,
    Account,
    Entity,
    Grant,
    Investigator,
    Login,
    Observation,
    Person,
    Policy,
    Snapshot,
    Subject,
)
from rolecall.registry.documents import (
    OF_ACCOUNTS,
    SETTINGS,
    StoredDocument,
    documents,
    snapshot_of,
)
from rolecall.registry.policy_toml import parse_policy
from rolecall.registry.schema import columns, referring
from rolecall.reports.json_report import json_report
from rolecall.reports.report import Report
from rolecall.ring import SLOTS, Slice, shard_of, slices, slot_of
from rolecall.usecases.runs import batch_writer, planned_unit
from rolecall.usecases.runs.batch import Batch
from rolecall.usecases.runs.history import Runs
from rolecall.usecases.runs.local import run_audit
from rolecall.usecases.runs.plan import Plan
from rolecall.vault.life import Life, Reader, Version
from tests.held import AT, HeldRegistry
from tests.nights import Documents, MemoryFiles, MemoryFindings, night
from tests.registries import AS_OF, CLEAN_POLICY, RegistryFiles, read, registries
from tests.tiers import examples

EXAMPLE = Path(__file__).parents[4] / "examples" / "diocese"


def whole(snapshot: Snapshot, policy: Policy, log: MemoryLog, days: int = 0) -> dict[str, Any]:
    """Return the report of an audit of a whole registry."""
    reports: list[Report] = []
    run_audit(snapshot, policy, AS_OF + timedelta(days), reports.append, log=log)
    document = b"".join(json_report(reports[0], reports[0].findings))
    report: dict[str, Any] = msgspec.json.decode(document)
    return report


def text_of(directory: Path) -> str | None:
    path = directory / "policy.toml"
    return path.read_text(encoding="utf-8") if path.exists() else None


def assert_same(one: dict[str, Any], other: dict[str, Any]) -> None:
    """Compare everything but the digest of the registry and what is made of it."""
    for report in (one, other):
        report["run"]["id"] = report["run"]["registry"]["digest"] = ""
    assert one["findings"] == other["findings"]
    assert one == other


@pytest.mark.parametrize("most", [1_000, 8_000, 1_500_000])
def test_the_example_in_batches(most: int) -> None:
    snapshot, policy = read(EXAMPLE)
    log, files, findings = MemoryLog(), MemoryFiles(), MemoryFindings()
    registry = Documents(snapshot, text_of(EXAMPLE))
    for days in range(2):
        report = night(registry, findings, files, AS_OF + timedelta(days), most=most)
        assert_same(report, whole(snapshot, policy, log, days))
    assert len(report["findings"]) > 100


@settings(max_examples=examples(80), deadline=None)
@given(registries(), registries(), st.sampled_from([300, 1_500, 5_000]))
def test_any_registry_in_batches(first: RegistryFiles, second: RegistryFiles, most: int) -> None:
    log, findings = MemoryLog(), MemoryFindings()
    for days, files in enumerate((first, first, second)):
        snapshot, rules = files.read()
        registry = Documents(snapshot, files.policy)
        report = night(registry, findings, MemoryFiles(), AS_OF + timedelta(days), most=most)
        assert_on_record(report, findings)
        assert_same(report, whole(snapshot, rules, log, days))


def assert_on_record(report: dict[str, Any], findings: MemoryFindings) -> None:
    """Hold a report against the records of the log alone, whose shards are in no order of time."""
    stored = list(records(findings.log))
    runs = Runs(stored)
    run = runs.named(None)
    plain = msgspec.to_builtins(run.heading)
    assert [plain["run"], plain["summary"], plain["coverage"]] == [
        *(report["run"], report["summary"], report["coverage"]),
    ]
    shown = [(one.finding.id, one.status, one.waiver) for one in runs.findings(stored, run)]
    assert sorted(map(str, shown)) == sorted(
        str((one["id"], one["status"], one["waiver"])) for one in report["findings"]
    )


def key(record: Any) -> bytes:
    return msgspec.json.encode(record)


@settings(max_examples=examples(50), deadline=None)
@given(registries())
def test_documents_give_the_registry_back(files: RegistryFiles) -> None:
    snapshot, _ = files.read()
    stored = [
        StoredDocument(where, data) for where, data in documents(snapshot, files.policy).items()
    ]
    back, policy = snapshot_of(reversed(stored))
    assert policy == files.policy
    assert back.tracked == snapshot.tracked
    for table in files.tables:
        assert sorted(getattr(back, table), key=key) == sorted(getattr(snapshot, table), key=key)


def test_what_one_account_is_called_by_another_is_kept_beside_it() -> None:
    """The key of ``@@parish`` is ``@parish``, and that of ``@parish`` is ``parish``."""
    handles = ["parish", "@parish", "@@parish", "@@@parish"]
    rows = [Observation("x", handle, AS_OF.date()) for handle in handles]
    stored = documents(Snapshot(observations=tuple(rows)), None)
    back, _ = snapshot_of(StoredDocument(where, data) for where, data in stored.items())
    assert sorted(row.handle for row in back.observations) == sorted(handles)


@given(
    st.dictionaries(st.integers(0, SLOTS - 1), st.integers(1, 400)),
    st.integers(1, 2_000),
)
def test_slices_cover_the_ring_in_nearly_equal_parts(heavy: dict[int, int], most: int) -> None:
    weights = [heavy.get(number, 0) for number in range(SLOTS)]
    parts = slices(weights, most)
    assert parts[0].start == 0
    assert parts[-1].stop == SLOTS
    assert all(one.stop == two.start for one, two in pairwise(parts))
    assert all(part.start < part.stop for part in parts)
    total = sum(weights)
    even = total / max(1, -(-total // most))
    for part in parts:
        weight = sum(weights[part.start : part.stop])
        assert abs(weight - even) <= max(heavy.values(), default=0) or weight == total


def test_every_subject_has_one_place_and_one_shard() -> None:
    grant = Subject("grant", account="a", person="p")
    assert slot_of(grant) == slot_of(Subject("account", account="a"))
    assert slot_of(grant) == slot_of(Subject("login", account="a", login="l"))
    assert slot_of(grant) != slot_of(Subject("person", person="p"))
    assert Slice(slot_of(grant), slot_of(grant) + 1).holds(grant)
    assert [shard_of(number, 16) for number in (0, 4_095, 4_096, SLOTS - 1)] == [0, 0, 1, 15]


def crowd(accounts: int) -> Snapshot:
    """Return an entity with many accounts, all of one person, and one entity without any."""
    return Snapshot(
        entities=(Entity("e0", "Many"), Entity("e1", "None")),
        people=(Person("p0", "Somebody", "active"),),
        accounts=tuple(
            Account(f"a{number}", "e0", "website", f"site{number}.example", "active")
            for number in range(accounts)
        ),
        grants=tuple(Grant(f"a{number}", "p0", "owner") for number in range(accounts)),
        tracked=frozenset({"accounts.owner_id", "grants.person_id", "people.status"}),
    )


def test_an_entity_and_a_person_with_thousands_of_accounts(tmp_path: Path) -> None:
    plan = Plan(Documents(crowd(20_000), ""), tmp_path, most=300_000)
    batches = [msgspec.json.decode(data, type=Batch) for data in plan.documents()]
    plan.close()
    sizes = [len(batch.accounts) for batch in batches]
    assert sum(sizes) == 20_000
    assert len(batches) > 5
    mean = sum(sizes) / len(sizes)
    assert all(0.9 * mean <= size <= 1.1 * mean for size in sizes)
    for batch in batches:
        assert [person.id for person in batch.people] == ["p0"]
        assert "e0" in [entity.id for entity in batch.entities]
    assert {"e0", "e1"} == {entity.id for batch in batches for entity in batch.entities}
    assert plan.rows["grants"] == 20_000


def test_groups_over_the_whole_registry_are_told_in_short(tmp_path: Path) -> None:
    twins = Snapshot(
        entities=(Entity("e0", "Entity"),),
        accounts=tuple(
            Account(f"a{number:03}", "e0", "website", "same.example", "active")
            for number in range(300)
        ),
        logins=tuple(
            Login(f"l{number:03}", f"a{number:03}", fingerprint="same") for number in range(300)
        ),
    )
    plan = Plan(Documents(twins, ""), tmp_path, most=2_000)
    batches = [msgspec.json.decode(data, type=Batch) for data in plan.documents()]
    plan.close()
    assert len(batches) > 5
    for batch in batches:
        (_, accounts), *_ = batch.rest.accounts
        assert accounts.size == batch.rest.logins["same"].size == 300
        assert accounts.ids == tuple(f"a{number:03}" for number in range(21))


# -- whom a batch brings along -----------------------------------------------------------------

NAMING = [
    (table, column)
    for table in ("entities", "accounts", *OF_ACCOUNTS)
    for column in referring(table, "people")
]


def naming(table: str, column: str) -> Snapshot:
    """Return one account of one entity; in one column alone somebody is named."""
    value: dict[str, Any] = {"text": "p", "list": ("p",), "roles": (Investigator("p", "it"),)}
    rows: dict[str, Any] = {
        "entities": {"id": "e", "name": "E"},
        "accounts": {
            "id": "a",
            "entity_id": "e",
            "platform": "website",
            "handle": "h",
            "status": "active",
        },
        "grants": {"account_id": "a", "person_id": "-", "role": "owner"},
        "logins": {"id": "l", "account_id": "a"},
        "incidents": {"id": "i", "account_id": "a", "opened_at": AS_OF},
        "contents": {"id": "c", "account_id": "a"},
    }
    rows[table][column] = value[columns(table)[column].kind]
    made: dict[str, Any] = {name: (TABLES[name](**row),) for name, row in rows.items()}
    return Snapshot(people=(Person("p", "P", "active"),), **made)


def brought(snapshot: Snapshot, scratch: Path) -> set[str]:
    """Return the people in the batch of an account, where those in it by themselves are not."""
    plan = Plan(Documents(snapshot, ""), scratch, most=1)
    plan.batches = [Slice(place := slot_of(Subject("account", account="a")), place + 1)]
    (data,) = plan.documents()
    plan.close()
    return {person.id for person in msgspec.json.decode(data, type=Batch).people}


@pytest.mark.parametrize(("table", "column"), NAMING)
def test_a_batch_brings_along_whom_its_rows_name(
    table: str, column: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert slot_of(Subject("account", account="a")) != slot_of(Subject("person", person="p"))
    snapshot = naming(table, column)
    (tmp_path / "one").mkdir()
    (tmp_path / "other").mkdir()
    assert brought(snapshot, tmp_path / "one") == {"p"}
    # Without the declaration it would not.
    for module in (batch_writer, planned_unit):
        monkeypatch.setitem(module._people, table, lambda _: set())
    assert brought(snapshot, tmp_path / "other") == set()


def test_a_batch_brings_along_whose_mailbox_its_accounts_are_registered_with(
    tmp_path: Path,
) -> None:
    """Of any number who have it the first, and somebody who serves if there is one."""
    mail = "office@parish.example"
    account = Account("a", "e", "website", "h", "active", login_email=f"Page <{mail.title()}>")
    gone = [Person(f"p{n:03}", "P", "left", email=mail) for n in range(100)]
    leaving = Person("q", "Q", "active", email="office+q@parish.example", left_on=AS_OF.date())
    serving = Person("r", "R", "active", email=mail)
    other = Person("s", "S", "left", email="another@parish.example")
    found = {}
    for name, people in {"gone": gone, "serving": [*gone, other, leaving, serving]}.items():
        snapshot = Snapshot(
            entities=(Entity("e", "E"),),
            people=tuple(people),
            accounts=(account,),
            tracked=frozenset({"accounts.login_email", "people.email"}),
        )
        (tmp_path / name).mkdir()
        found[name] = brought(snapshot, tmp_path / name)
    first = {one.id for one in gone[:21]}
    assert found == {"gone": first, "serving": first | {"r"}}


# Of those whom an incident names, no control looks anything up.
@pytest.mark.parametrize("table", ["entities", "accounts", "grants", "logins"])
def test_an_audit_of_batches_differs_where_a_table_names_nobody(
    table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    snapshot, policy = read(EXAMPLE)
    for module in (batch_writer, planned_unit):
        monkeypatch.setitem(module._people, table, lambda _: set())
    registry = Documents(snapshot, text_of(EXAMPLE))
    report = night(registry, MemoryFindings(), MemoryFiles(), AS_OF, most=1_000)
    with pytest.raises(AssertionError):
        assert_same(report, whole(snapshot, policy, MemoryLog()))


# -- what programs filled ---------------------------------------------------------------------


def secret(account: str, login: str, *, kept: bool = True) -> Life:
    """Return the life of a secret of one version."""
    version = Version(
        number=1,
        how="stored",
        at=AT,
        by="p0",
        since=AT,
        fields=("password",),
        envelope="e",
        strength=1,
        fingerprint=f"print-{login[-1]}",
        readers=(Reader("p0", AT), Reader("p3", AT)),
        kept=kept,
    )
    return Life(account, login, (version,))


def act(registry: HeldRegistry, random: Random) -> None:
    """Let a program fill something."""
    snapshot = registry.snapshot()
    grants = [grant for grant in snapshot.grants if grant.is_live]
    account = random.choice(snapshot.accounts)
    match random.randrange(6):
        case 0 if snapshot.people:
            person = random.choice(snapshot.people)
            registry.edit(replace(person, trained_on=AS_OF.date(), status="suspended"))
        case 1:
            registry.edit(replace(account, removal_tested_on=AS_OF.date()))
        case 2 if grants:
            registry.edit(replace(random.choice(grants), attested_on=AS_OF.date()))
        case 3 if grants:
            grant = random.choice(grants)
            at = AS_OF - timedelta(days=random.choice((0, 9)))
            registry.mark(grant.account_id, grant.person_id, revoke_requested_at=at)
        case 4:
            login = f"{account.id}-vault-{random.randrange(2)}"
            registry.keep_secret(secret(account.id, login))
        case _:
            document = registry.account(account.id)
            for login in document.vaulted[:1]:
                registry.keep_secret(secret(account.id, login, kept=False))


@settings(max_examples=examples(60), deadline=None)
@given(registries(), registries(), st.lists(st.integers(1, 2**20), max_size=6))
def test_a_night_over_what_programs_filled(
    first: RegistryFiles, second: RegistryFiles, seeds: list[int]
) -> None:
    held = HeldRegistry(first.read()[0])
    log, findings = MemoryLog(), MemoryFindings()
    rules = parse_policy("policy.toml", CLEAN_POLICY.encode())
    for days, files in enumerate((first, second)):
        with suppress(UsageError):
            # What does not fit together is refused, and nothing is changed.
            held.bring_in(files.read()[0])
        for seed in seeds:
            act(held, Random(seed + days))  # noqa: S311 - for a test.
        snapshot = held.snapshot()
        registry = Documents(snapshot, CLEAN_POLICY)
        registry.documents |= {k: v for k, v in held.held.items() if k != SETTINGS}
        report = night(registry, findings, MemoryFiles(), AS_OF + timedelta(days), most=1_500)
        assert_same(report, whole(snapshot, rules, log, days))
