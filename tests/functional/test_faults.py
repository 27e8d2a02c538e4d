"""Every call of every function fails once, in every way; nothing is lost and nothing is double.

The calls are found by running the function and counting, so a new one is covered when it is made.
``make test`` disturbs one call of each line that reads, in one way of five by turns, and each write
in two ways.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import cache, partial
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError
from msgspec.structs import replace

from rolecall.errors import StorageError
from rolecall.model import Snapshot
from rolecall.registry.documents import documents
from tests.cloud import Beginning, Cloud, Invocation, cloud
from tests.cloud_nights import bring_in, finish, items, night, plan, verify
from tests.faults import Call, Sabotage, sabotaged, survive
from tests.registries import AS_OF, parish
from tests.tiers import cases

# Over and over the same code: other tests say whether it is covered.
pytestmark = pytest.mark.no_cover

FAULTS = ("refused", "reply lost", "sent twice", "throttled", "timeout")
"""Where a write fails the first three leave something else behind each, the last two what the first
leaves. A read leaves nothing behind, whatever becomes of it."""


@cache
def broken() -> Snapshot:
    """Return a small registry with some findings."""
    files = parish()
    for index in range(len(files.tables["accounts"])):
        files.row("accounts", index, removal_path="none", owner_id="")
    return files.read()[0]


# -- where a step begins ---------------------------------------------------------------------------


def few_shards(sky: Cloud, patch: pytest.MonkeyPatch) -> None:
    """Have a log of two shards."""
    sky.outputs["LedgerShards"] = "2"
    patch.setenv("LEDGER_SHARDS", "2")


def before_plan(sky: Cloud) -> dict[str, Any]:
    """Begin with the registry."""
    with pytest.MonkeyPatch.context() as patch:
        few_shards(sky, patch)
        bring_in(sky, broken(), None)
    return {}


def before_audit(sky: Cloud) -> dict[str, Any]:
    """Begin when it was planned."""
    with pytest.MonkeyPatch.context() as patch:
        few_shards(sky, patch)
        bring_in(sky, broken(), None)
        return plan(sky)


def before_seal(sky: Cloud) -> dict[str, Any]:
    """Begin when it was audited."""
    planned = before_audit(sky)
    with pytest.MonkeyPatch.context() as patch:
        few_shards(sky, patch)
        audit_all(sky, planned)
    return planned


def before_report(sky: Cloud) -> dict[str, Any]:
    """Begin when it was sealed."""
    planned = before_seal(sky)
    with pytest.MonkeyPatch.context() as patch:
        few_shards(sky, patch)
        sky.function("seal").handler({"prefix": planned["prefix"]}, Invocation())
    return planned


BEFORE: dict[str, Beginning] = {
    "plan": before_plan,
    "audit": before_audit,
    "seal": before_seal,
    "report": before_report,
}


@contextmanager
def before(name: str) -> Iterator[tuple[Cloud, dict[str, Any]]]:
    """Give a stack of few shards in which a step is the next one, and what was planned."""
    with cloud(BEFORE[name]) as sky, pytest.MonkeyPatch.context() as patch:
        few_shards(sky, patch)
        yield sky, sky.begun


@cache
def baseline() -> tuple[set[str], list[dict[str, Any]]]:
    """Return the events and the findings of an undisturbed night."""
    with before("plan") as (sky, _):
        report = night(sky)
        return set(verify(sky)), report["findings"]


# -- the steps -------------------------------------------------------------------------------------


def audit_all(sky: Cloud, planned: dict[str, Any]) -> None:
    audit = sky.function("audit")
    for item in items(sky, planned):
        audit.handler(item, Invocation())


def take(sky: Cloud, name: str, planned: dict[str, Any]) -> Any:
    """Take one step as a cold start does."""
    if name == "plan":
        return plan(sky)
    event = items(sky, planned)[0] if name == "audit" else {"prefix": planned["prefix"]}
    return sky.function(name).handler(event, Invocation())


@cache
def calls(name: str) -> list[Call]:
    """Return the calls that a function makes."""
    with before(name) as (sky, planned):
        with sabotaged(Sabotage()) as counted:
            take(sky, name, planned)
        return counted.calls


def chosen(made: list[Call], fault: str) -> tuple[list[int], list[int]]:
    """Return the places of the reads and of the writes to disturb."""
    most = cases("reads of a line") or len(made)
    way = FAULTS.index(fault)
    seen = Counter[tuple[str, ...]]()
    reads = []
    for place, call in enumerate(made):
        seen[call.site] += 1
        its_turn = (place + way) % len(FAULTS) < cases("faults of a read")
        if not call.writes and seen[call.site] <= most and its_turn:
            reads.append(place)
    several = way < cases("faults of a write")
    return reads, [place for place, call in enumerate(made) if call.writes and several]


def test_the_faults_are_real() -> None:
    with before("plan") as (sky, _):
        for fault in FAULTS:
            with sabotaged(Sabotage(0, fault)):
                if fault == "sent twice":
                    plan(sky)
                else:
                    with pytest.raises((StorageError, ReadTimeoutError)):
                        plan(sky)


def test_calls_of_one_site_are_one() -> None:
    """Most reads of a plan are one line that runs for each entity."""
    made = calls("plan")
    sites = {call.site for call in made}
    assert 5 < len(sites) < len(made) / 2
    assert {call.site[0] for call in made} == {call.name for call in made}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("name", BEFORE)
def test_a_fault_at_any_call_and_the_step_again(name: str, fault: str) -> None:
    made = calls(name)
    assert len(made) > 3
    reads, writes = chosen(made, fault)
    # A read leaves nothing behind, nor does a write that the next attempt of a plan or a report
    # does not look for: one stack serves them all. Every other write has a stack of its own.
    together = name in ("plan", "report")
    groups = [sorted(reads + writes)] if together else [reads, *([place] for place in writes)]
    for places in filter(None, groups):
        disturb(name, fault, places)


def disturb(name: str, fault: str, places: list[int]) -> None:
    """Take a step with a fault at each of some places, and hold the night to an undisturbed one."""
    expected, findings = baseline()
    with before(name) as (sky, planned):
        step: Callable[[], Any] = partial(take, sky, name, planned)
        again = [survive(step, Sabotage(place, fault)) for place in places]
        if name == "plan":
            planned = again[-1]
        audit_all(sky, planned)
        assert finish(sky, planned)["findings"] == findings
        assert set(verify(sky)) == expected


@pytest.mark.parametrize("fault", ["refused", "reply lost"])
@pytest.mark.parametrize("name", ["audit", "seal"])
def test_a_fault_at_any_write_and_the_next_run(name: str, fault: str) -> None:
    expected, _ = baseline()
    for place, call in enumerate(calls(name)):
        if not call.writes:
            continue
        with before(name) as (sky, planned):
            with sabotaged(Sabotage(place, fault)), pytest.raises((StorageError, ReadTimeoutError)):
                take(sky, name, planned)
            night(sky, AS_OF + timedelta(hours=1))
            counts = set(verify(sky))
            ours = {id_ for id_ in expected if not id_.startswith("seal/")}
            # The first run may not have been counted; every finding was opened once.
            assert len(ours - counts) <= 1


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_at_any_write_of_an_import(fault: str) -> None:
    changed = replace(broken(), people=broken().people[:-1])
    with before("plan") as (sky, _):
        with sabotaged(Sabotage()) as counted:
            bring_in(sky, changed, "")
        reads = [place for place, call in enumerate(counted.calls) if not call.writes]
        writes = [place for place, call in enumerate(counted.calls) if call.writes]
        assert writes
        # A read that fails changes nothing, whichever it is.
        for number, place in enumerate([*reads[:2], *writes, reads[-1]]):
            wanted, policy = (broken(), None) if number % 2 == 0 else (changed, "")
            survive(partial(bring_in, sky, wanted, policy), Sabotage(place, fault))
            assert not sky.stack().registry.compare(documents(wanted, policy))
